/* burst.c - see burst.h. */
#include "config.h"

#include "sockdeck/ui/burst.h"

#include <stddef.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/event/event.h"

#define PAUSE_NS (2 * NS_PER_S)         /* longer than a SYN that was dropped waits */

enum { PINGS = BURST_KINDS - 1 };       /* the place of their kind */

/* by, how: of a closed one only. */
static const struct {
    enum event_type type;
    enum closed_by by;
    enum closed_how how;
    const char *words;
} kinds[BURST_KINDS] = {
    { .type = EVENT_CONNECTING, .words = "connecting" },
    { .type = EVENT_CONNECTED, .words = "connected" },
    { .type = EVENT_ACCEPTED, .words = "accepted" },
    { .type = EVENT_EOF, .words = "end of file" },
    { EVENT_CLOSED, BY_PEER, HOW_FIN, "closed by peer (FIN)" },
    { EVENT_CLOSED, BY_US, HOW_FIN, "closed by us (FIN)" },
    { EVENT_CLOSED, BY_PEER, HOW_RST, "reset by peer (RST)" },
    { EVENT_CLOSED, BY_US, HOW_RST, "reset by us (RST)" },
    [PINGS] = { .type = EVENT_PING, .words = "pings lost" },
};

/* A close that lost something, or may have, is to be read. */
static bool
is_clean(const struct event_closed *closed, uint32_t data_size)
{
    return closed->unacked == 0 && !closed->uncertain && data_size == 0;
}

static int
kind_of(const struct event *event)
{
    const struct event_closed *closed = &event->u.closed;

    if (event->type == EVENT_CLOSED && !is_clean(closed, event->data_size))
        return -1;
    if (event->type == EVENT_PING && event->u.ping.rtt_ns >= 0)
        return -1;              /* each reply took its own time */
    for (int i = 0; i < BURST_KINDS; i++)
        if (kinds[i].type == event->type &&
            (event->type != EVENT_CLOSED ||
             (kinds[i].by == closed->by && kinds[i].how == closed->how)))
            return i;
    return -1;
}

bool
burst_takes(const struct burst *burst, const struct event *event)
{
    int kind = kind_of(event);

    if (kind < 0)
        return false;
    if (burst->high == 0)
        return true;
    return (kind == PINGS) == (burst->counts[PINGS] > 0) &&
           event->stamp_ns - burst->last_ns <= PAUSE_NS &&
           (event->listener == 0 || burst->listener == 0 || event->listener == burst->listener);
}

void
burst_add(struct burst *burst, const struct event *event)
{
    burst->counts[kind_of(event)]++;
    if (burst->low == 0 || event->conn < burst->low)
        burst->low = event->conn;
    if (event->conn > burst->high)
        burst->high = event->conn;
    if (event->listener != 0)
        burst->listener = event->listener;
    burst->last_ns = event->stamp_ns;
}

bool
burst_is_many(const struct burst *burst)
{
    for (int i = 0; i < BURST_KINDS; i++)
        if (burst->counts[i] > BURST_MANY)
            return true;
    return false;
}

void
burst_write(struct buffer *out, const struct burst *burst)
{
    const char *between = "";

    for (int i = 0; i < BURST_KINDS; i++) {
        if (burst->counts[i] == 0)
            continue;
        buffer_printf(out, "%s%u %s", between, burst->counts[i], kinds[i].words);
        between = ", ";
    }
    buffer_printf(out, ": #%u to #%u", burst->low, burst->high);
}
