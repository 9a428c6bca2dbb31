/* pulse.c - rates, and the kernel's numbers, of connections in sight. */
#include "config.h"

#include "sockdeck/ui/pulse.h"

#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"

/* New rows are looked at sooner, but a flood of them costs no more than this allows. */
#define FRESH_NS (100 * NS_PER_MS)

/* What does not move is looked at half as often each time, down to an eighth. */
enum { CALM_MAX = 3 };

void
pulses_init(struct pulses *pulses)
{
    memset(pulses, 0, sizeof(*pulses));
    pulses->next_ns = CLOCK_NEVER;
}

static struct pulse *
slot_of(struct pulses *pulses, uint32_t id)
{
    return &pulses->slots[id % PULSES];
}

const struct pulse *
pulses_of(const struct pulses *pulses, uint32_t id)
{
    const struct pulse *pulse = &pulses->slots[id % PULSES];

    return pulse->id == id ? pulse : NULL;
}

/* --- one look ------------------------------------------------------------------------ */

static void
ask_kernel(struct pulse *pulse, const struct connection *row)
{
    struct address local, peer;
    struct tcp_numbers tcp;

    pulse->state = row->state;
    pulse->has_tcp = row->state != CONN_CLOSED && tables_read_address(row->local, &local) == 0 &&
                     tables_read_address(row->peer, &peer) == 0 &&
                     insight_of_pair(&local, &peer, &tcp) == 0;
    if (!pulse->has_tcp) {
        pulse->unsent = pulse->unread = 0;
        return;
    }
    pulse->tcp_state = tcp.state;
    pulse->rtt_us = tcp.rtt_us;
    pulse->unsent = tcp.send_queue;
    pulse->unread = tcp.receive_queue;
    pulse->sndbuf = tcp.sndbuf;
    pulse->rcvbuf = tcp.rcvbuf;
}

static void
add_rate(struct pulse *pulse, uint64_t bytes, int64_t span_ns)
{
    uint64_t more = bytes - pulse->bytes;

    memmove(&pulse->past[0], &pulse->past[1], (PULSE_PAST - 1) * sizeof(pulse->past[0]));
    pulse->past[PULSE_PAST - 1] = (double)more * (double)NS_PER_S / (double)span_ns;
    pulse->bytes = bytes;
}

/* Whether a look saw what the one before did. */
static bool
is_same(const struct pulse *a, const struct pulse *b)
{
    for (int i = 0; i < PULSE_PAST; i++)
        if (a->past[i] != b->past[i])
            return false;
    return a->id == b->id && a->tcp_state == b->tcp_state && a->unsent == b->unsent &&
           a->unread == b->unread && a->bytes == b->bytes;
}

static void
look_at(struct pulses *pulses, const struct connection *row, int64_t span_ns)
{
    struct pulse *pulse = slot_of(pulses, row->id);
    const struct pulse before = *pulse;

    if (pulse->id != row->id)
        *pulse = (struct pulse) { .id = row->id, .bytes = row->in + row->out };
    else if (span_ns > 0)
        add_rate(pulse, row->in + row->out, span_ns);
    ask_kernel(pulse, row);
    if (!is_same(pulse, &before))
        pulses->calm = 0;
}

/* --- when ------------------------------------------------------------------------------ */

/* What comes is not read, so that no call of ours tells of it. */
static bool
is_held(const struct connection *row)
{
    return row->paused || (!row->dialled && row->settings.handler == HANDLER_STALL);
}

/* Its kernel state may change without a call of ours, its bars and its past go on. */
static bool
is_lively(const struct pulse *pulse, const struct connection *row)
{
    if (row->state == CONN_CLOSED)
        return false;
    if (is_held(row) || pulse->unsent > 0 || pulse->unread > 0 ||
        row->state == CONN_CONNECTING)
        return true;
    for (int i = 0; i < PULSE_PAST; i++)
        if (pulse->past[i] > 0.0)
            return true;
    return false;
}

static bool
is_fresh(const struct pulses *pulses, const struct connection *row)
{
    const struct pulse *pulse = pulses_of(pulses, row->id);

    return pulse == NULL || pulse->state != row->state;
}

/* The soonest that some row wants to be looked at. */
static int64_t
next_look(const struct pulses *pulses, const struct connection *rows, int count, int64_t period_ns)
{
    int64_t next_ns = CLOCK_NEVER;

    for (int i = 0; i < count; i++) {
        const struct pulse *pulse = pulses_of(pulses, rows[i].id);

        if (is_fresh(pulses, &rows[i]))
            return pulses->asked_ns + FRESH_NS;
        if (rows[i].in + rows[i].out != pulse->bytes)
            return pulses->looked_ns + period_ns;
        if (is_lively(pulse, &rows[i]))
            next_ns = pulses->looked_ns + (period_ns << pulses->calm);
    }
    return next_ns;
}

/* Only what is new is looked at before the period is over, so that each rate is one of a
 * whole period. */
static void
look(struct pulses *pulses, const struct connection *rows, int count, int64_t now_ns,
     int64_t period_ns)
{
    bool is_time = now_ns - pulses->looked_ns >= period_ns;
    int calm = pulses->calm;
    int64_t span_ns = now_ns - pulses->looked_ns;

    if (span_ns > 2 * period_ns)        /* a long silence is no part of a rate */
        span_ns = period_ns;
    pulses->calm = is_time && calm < CALM_MAX ? calm + 1 : calm;
    for (int i = 0; i < count; i++)
        if (is_time || is_fresh(pulses, &rows[i]))
            look_at(pulses, &rows[i], is_time ? span_ns : 0);
    pulses->asked_ns = now_ns;
    if (is_time)
        pulses->looked_ns = now_ns;
}

void
pulses_update(struct pulses *pulses, const struct connection *rows, int count, int64_t now_ns,
              int64_t period_ns)
{
    if (now_ns >= next_look(pulses, rows, count, period_ns))
        look(pulses, rows, count, now_ns, period_ns);
    pulses->next_ns = next_look(pulses, rows, count, period_ns);
}
