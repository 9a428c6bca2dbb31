/* conversation_pings.c - a run of pings on a conversation: its bytes are messages as
 * any, its outcomes are records of their own. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/ping.h"
#include "conversation_private.h"

enum {
    OUTCOMES = 32,              /* taken from the run at a time */
    /* Pings that the kernel does not take wait in the queue up to this size, so that they
     * are lost in time as others are; beyond it the run holds. */
    QUEUE_HOLDS_PINGS = 256 * 1024,
};

static bool
can_ping(const struct conversation *c)
{
    return conversation_is_open(c) && !c->is_gone && !c->write_is_shut && !c->write_will_shut &&
           buffer_size(&c->queue) < QUEUE_HOLDS_PINGS;
}

static void
emit_ping(struct conversation *c, struct context *ctx, const struct event_ping *detail,
          bool is_last, int64_t stamp_ns)
{
    struct event event = conversation_event(c, EVENT_PING, stamp_ns);
    struct ping_summary summary;

    event.u.ping = *detail;
    if (is_last) {
        event.flags |= EVENT_LAST;
        ping_run_summary(c->pings, &summary);
    }
    context_emit(ctx, &event, &summary, is_last ? sizeof(summary) : 0, RING_WAIT);
}

/* True when the last of the run is among them. A limit of 0 says that a loss
 * is not for lack of time. */
static bool
emit_outcomes(struct conversation *c, struct context *ctx, const struct ping_outcome *list,
              size_t n, uint32_t limit_ms, int64_t stamp_ns)
{
    bool is_over = ping_run_is_over(c->pings);

    for (size_t i = 0; i < n; i++) {
        const struct event_ping detail = {
            .seq = list[i].seq,
            .bytes = ping_run_order(c->pings)->size,
            .rtt_ns = list[i].rtt_ns,
            .limit_ms = limit_ms,
        };

        emit_ping(c, ctx, &detail, is_over && i == n - 1, stamp_ns);
    }
    return is_over && n > 0;
}

static uint32_t
limit_of(const struct ping_run *run)
{
    int64_t wait_ns = ping_run_order(run)->wait_ns;

    return wait_ns > 0 ? (uint32_t)(wait_ns / NS_PER_MS) : 0;
}

void
conversation_pings_reply(struct conversation *c, struct context *ctx, int code,
                         enum status status, const char *sentence)
{
    if (c->pings == NULL)
        return;
    context_reply(ctx, ping_run_request(c->pings), code, 0, status, sentence);
    ping_run_free(c->pings);
    c->pings = NULL;
}

static void
reply_when_over(struct conversation *c, struct context *ctx)
{
    struct ping_summary summary;

    ping_run_summary(c->pings, &summary);
    if (summary.replied > 0)
        conversation_pings_reply(c, ctx, 0, STATUS_OK, NULL);
    else
        conversation_pings_reply(c, ctx, 0, STATUS_UNMET, "no reply");
}

void
conversation_pings_receive(struct conversation *c, struct context *ctx, const char *data,
                           size_t n, int64_t stamp_ns)
{
    struct ping_outcome list[OUTCOMES];
    bool is_over = false;

    while (c->pings != NULL && n > 0 && !is_over) {
        size_t used, found = ping_run_receive(c->pings, data, n, stamp_ns, list, OUTCOMES, &used);

        is_over = emit_outcomes(c, ctx, list, found, limit_of(c->pings), stamp_ns);
        data += used;
        n -= used;
    }
    if (is_over)
        reply_when_over(c, ctx);
}

static void
send_next(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    const struct request_ping *order = ping_run_order(c->pings);
    const char *eol = eol_bytes[order->eol];
    char *data = context_scratch(ctx, order->size + strlen(eol));
    uint32_t size;

    if (data == NULL) {
        conversation_fail_memory(c, ctx, now_ns);
        return;
    }
    if (!ping_run_next(c->pings, conversation_stamp(now_ns), data, &size))
        return;
    memcpy(data + size, eol, strlen(eol));
    conversation_send(c, ctx, data, size + strlen(eol), now_ns);
}

/* True when the run was over with them. */
static bool
expire(struct conversation *c, struct context *ctx, uint32_t limit_ms, int64_t now_ns)
{
    struct ping_outcome list[OUTCOMES];
    bool is_over = false;
    size_t found;

    do {
        found = ping_run_expire(c->pings, now_ns, list, OUTCOMES);
        is_over |= emit_outcomes(c, ctx, list, found, limit_ms, conversation_stamp(now_ns));
    } while (found == OUTCOMES);
    return is_over;
}

/* One ping a turn, so that interval=0 leaves the loop to others. */
void
conversation_pings_advance(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    if (c->pings == NULL)
        return;
    if (expire(c, ctx, limit_of(c->pings), now_ns))
        reply_when_over(c, ctx);
    else if (can_ping(c) && now_ns >= ping_run_deadline(c->pings, true))
        send_next(c, ctx, now_ns);
}

int64_t
conversation_pings_deadline(const struct conversation *c)
{
    return c->pings != NULL ? ping_run_deadline(c->pings, can_ping(c)) : CLOCK_NEVER;
}

/* A run that ends with nothing unanswered: a record of seq 0 carries the summary. */
static void
emit_summary(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    const struct event_ping nothing = { .seq = 0 };

    emit_ping(c, ctx, &nothing, true, conversation_stamp(now_ns));
}

void
conversation_pings_end(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    if (c->pings == NULL)
        return;
    ping_run_cancel(c->pings);
    if (!expire(c, ctx, 0, now_ns))
        emit_summary(c, ctx, now_ns);
}

void
conversation_pings_stop(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    if (c->pings == NULL)
        return;
    ping_run_stop(c->pings);
    if (!ping_run_is_over(c->pings))
        return;
    emit_summary(c, ctx, now_ns);
    reply_when_over(c, ctx);
}

static bool
refuse(struct conversation *c, struct context *ctx, uint32_t request,
       const struct request_ping *order)
{
    struct error err = { .code = 0 };
    enum status status = STATUS_SEND;

    if (c->pings != NULL) {
        error_set(&err, -EBUSY, "#%u: a ping is still running", c->id);
        status = STATUS_USAGE;
    } else if (!ping_order_is_valid(order)) {
        error_set(&err, -EINVAL, "ping: count is 1 to %d, size %d, or %u to %d, and interval a time",
                  PING_COUNT_MAX, PING_SIZE_MIN, ping_numbered_size(order->count), PING_SIZE_MAX);
        status = STATUS_USAGE;
    } else if (c->write_is_shut || c->write_will_shut) {
        error_set(&err, -EPIPE, "#%u: our sending side is shut", c->id);
    }
    if (err.code != 0)
        context_reply(ctx, request, err.code, 0, status, err.text);
    return err.code != 0;
}

void
conversation_pings_begin(struct conversation *c, struct context *ctx, uint32_t request,
                         const struct request_ping *order, int64_t now_ns)
{
    struct request_ping settled = *order;

    if (refuse(c, ctx, request, order))
        return;
    if (settled.eol < 0 || settled.eol >= EOL_COUNT)
        settled.eol = c->settings.eol < EOL_COUNT ? c->settings.eol : EOL_NONE;
    c->pings = ping_run_new(request, &settled, now_ns);
    if (c->pings == NULL) {
        conversation_fail_memory(c, ctx, now_ns);
        context_reply(ctx, request, -ENOMEM, 0, STATUS_INTERNAL, error_message(ENOMEM));
        return;
    }
    conversation_pings_advance(c, ctx, now_ns);
}
