/* conversation_timeouts.c - the timeouts of a conversation: since when each wait
 * goes on, when the next one ends, what happens then. A limit is looked at anew each
 * time, so a changed one counts from the start of the wait that goes on. */
#include "config.h"

#include <errno.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/serve/context.h"
#include "conversation_private.h"

int64_t
conversation_wait_began(const struct conversation *c, enum timeout_kind kind)
{
    switch (kind) {
    case TIMEOUT_CONNECT:
        return c->dial != NULL ? c->dial->begun_ns : 0;
    case TIMEOUT_READ:
        return c->read_was_reported ? 0 : c->read_since_ns;
    case TIMEOUT_SEND:
        return buffer_size(&c->queue) > 0 ? c->send_since_ns : 0;
    case TIMEOUT_IDLE:
        return conversation_is_open(c) ? c->active_ns : 0;
    default:
        return 0;
    }
}

/* none and 0 have no deadline: 0 returned at once and then waits for readiness. */
static int64_t
deadline_of(const struct conversation *c, enum timeout_kind kind)
{
    int64_t limit = c->settings.timeout_ns[kind], began = conversation_wait_began(c, kind);

    return began != 0 && limit > 0 ? began + limit : CLOCK_NEVER;
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t
conversation_deadline(const struct conversation *c)
{
    int64_t deadline = conversation_pings_deadline(c);

    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        deadline = earlier(deadline, deadline_of(c, (enum timeout_kind)kind));
    if (c->work != NULL)
        deadline = earlier(deadline, c->work->until_ns);
    return deadline;
}

/* The limits that run, a bit each. */
static uint8_t
running_limits(const struct conversation *c)
{
    uint8_t running = 0;

    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        if (deadline_of(c, (enum timeout_kind)kind) != CLOCK_NEVER)
            running |= (uint8_t)(1u << kind);
    return running;
}

void
conversation_report_waits(struct conversation *c, struct context *ctx)
{
    struct event event;
    uint8_t running = running_limits(c);

    if (running == c->said_waits &&
        ((running & 1u << TIMEOUT_SEND) == 0 || c->send_since_ns == c->said_send_ns))
        return;
    event = conversation_event(c, EVENT_WAITS, 0);
    event.u.waits = (struct event_waits) {
        .running = running,
        .read_since_ns = c->read_since_ns,
        .send_since_ns = c->send_since_ns,
        .active_ns = c->active_ns,
    };
    context_emit(ctx, &event, NULL, 0, RING_WAIT);
    c->said_waits = running;
    c->said_send_ns = c->send_since_ns;
}

void
conversation_emit_timeout(struct conversation *c, struct context *ctx, enum timeout_kind kind,
                          int64_t since_ns, bool closes, uint64_t taken, int64_t now_ns)
{
    struct event event = conversation_event(c, EVENT_TIMEOUT, conversation_stamp(now_ns));

    event.u.timeout = (struct event_timeout) {
        .kind = kind,
        .closes = closes,
        .limit_ns = c->settings.timeout_ns[kind],
        .after_ns = event.stamp_ns - since_ns,
        .taken = taken,
    };
    context_emit(ctx, &event, NULL, 0, RING_WAIT);
}

static void
expire_kind(struct conversation *c, struct context *ctx, enum timeout_kind kind, int64_t now_ns)
{
    bool closes = kind != TIMEOUT_READ || conversation_closes(c, c->settings.read_then);
    uint64_t taken = kind == TIMEOUT_SEND ? c->out - c->send_from : 0;
    struct error err;
    char limit[32];
    const struct ending ending = {
        .by = BY_TIMEOUT,
        .how = HOW_FIN,
        .fate = STATUS_TIMEOUT,
        .code = -ETIMEDOUT,
        .sentence = err.text,
    };

    conversation_emit_timeout(c, ctx, kind, conversation_wait_began(c, kind), closes, taken, now_ns);
    if (!closes) {
        c->read_was_reported = true;
        return;
    }
    error_set(&err, -ETIMEDOUT, "%s timeout (limit %s)", event_timeout_names[kind],
              duration_text(limit, c->settings.timeout_ns[kind]));
    conversation_end(c, ctx, &ending, now_ns);
}

void
conversation_expire(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    static const enum timeout_kind kinds[] = { TIMEOUT_SEND, TIMEOUT_READ, TIMEOUT_IDLE };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (conversation_is_open(c) && now_ns >= deadline_of(c, kinds[i]))
            expire_kind(c, ctx, kinds[i], now_ns);
}
