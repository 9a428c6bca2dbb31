/* conversation.c - a conversation's begin, its turn, what it waits for.
 *
 * DESIGN. A turn (conversation_advance) goes through a fixed row of steps, each of
 * which does its part if readiness or the time allow; readiness goes before the
 * time, so that a byte that came in time beats its timer. Then settle looks at
 * what the conversation waits for now and starts or stops the waits. So no step has to
 * know what another one changed. */
#include "config.h"

#include "sockdeck/serve/conversation.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "sockdeck/base/text.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/handler.h"
#include "conversation_private.h"

/* --- records ------------------------------------------------------------------ */

struct event
conversation_event(const struct conversation *c, enum event_type type, int64_t stamp_ns)
{
    struct event event = context_event(type, c->id, stamp_ns);

    if (c->is_dialled)
        event.flags = EVENT_DIALLED;
    return event;
}

void
conversation_emit_peers(struct conversation *c, struct context *ctx, enum event_type type,
                        const struct address *peer, const struct address *local,
                        struct event_peer how, int64_t stamp_ns)
{
    struct event event = conversation_event(c, type, stamp_ns);
    char data[2 * ADDRESS_TEXT], text[ADDRESS_TEXT];
    size_t n = strlen(address_text(peer, text)) + 1;

    memcpy(data, text, n);
    strcpy(data + n, local->length != 0 ? address_text(local, text) : "");
    n += strlen(data + n) + 1;
    event.u.peer = how;
    context_emit(ctx, &event, data, (uint32_t)n, RING_WAIT);
}

void
conversation_emit_settings(struct conversation *c, struct context *ctx)
{
    struct event event = conversation_event(c, EVENT_SETTINGS, 0);

    context_emit(ctx, &event, &c->settings, sizeof(c->settings), RING_WAIT);
}

void
conversation_emit_message(struct conversation *c, struct context *ctx, enum event_type type,
                          const char *data, size_t n, int64_t stamp_ns)
{
    struct event event = conversation_event(c, type, stamp_ns);
    bool is_whole = c->settings.capture == CAPTURE_WHOLE;
    size_t kept = n;

    event.u.message.bytes = n;
    if (!is_whole && n > CAPTURE_PART_BYTES) {
        kept = text_whole(data, CAPTURE_PART_BYTES);
        event.flags |= EVENT_CUT;
    }
    context_emit(ctx, &event, data, (uint32_t)kept, is_whole ? RING_WAIT : RING_MAY_LEAVE_OUT);
}

/* --- what it waits for -------------------------------------------------------- */

bool
conversation_closes(const struct conversation *c, enum then_id then)
{
    return then == THEN_CLOSE || (then == THEN_DEFAULT && !c->is_dialled);
}

/* It waits to receive: poll for POLLIN, and the read timer runs. */
static bool
is_reading(const struct conversation *c)
{
    const struct handler *handler = handler_get(c->settings.handler);

    if (!conversation_is_open(c) || c->has_eof || c->read_is_shut || !handler->reads)
        return false;
    if (c->is_gone)
        return true;
    if (c->settings.paused || c->work != NULL)
        return false;
    return !handler->answers || buffer_size(&c->queue) == 0;
}

/* read-timeout 0: the call is made at the start of each wait, ready or not. And after a
 * send that failed nothing may come that poll would tell of: what is left is read now. */
static bool
must_try_to_read(const struct conversation *c)
{
    if (!is_reading(c))
        return false;
    return c->broken != 0 ||
           (c->settings.timeout_ns[TIMEOUT_READ] == 0 && !c->read_was_tried);
}

/* Likewise send-timeout 0, when it is set while a send waits. */
static bool
must_try_to_send(const struct conversation *c)
{
    return c->settings.timeout_ns[TIMEOUT_SEND] == 0 && !c->send_was_tried &&
           buffer_size(&c->queue) > 0 && !c->is_gone;
}

struct wants
conversation_wants(const struct conversation *c)
{
    struct wants wants = { .deadline_ns = CLOCK_NEVER, .ended = c->state == STATE_ENDED };

    if (wants.ended)
        return wants;
    wants.deadline_ns = conversation_deadline(c);
    if (must_try_to_read(c) || must_try_to_send(c))
        wants.deadline_ns = 0;
    if (is_reading(c)) {
        wants.events |= POLLIN;
        wants.more_is_likely = c->has_filled;
    }
    if (c->state == STATE_DIALLING || (buffer_size(&c->queue) > 0 && !c->is_gone))
        wants.events |= POLLOUT;
    return wants;
}

/* Both sending sides have ended, or the peer's has and that is enough. */
static bool
is_over(const struct conversation *c)
{
    if (c->write_is_shut && (c->has_eof || c->read_is_shut))
        return true;
    return c->has_eof && buffer_size(&c->queue) == 0 && c->work == NULL &&
           conversation_closes(c, c->settings.on_eof);
}

void
conversation_settle(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    if (!conversation_is_open(c))
        return;
    if (is_over(c) && !c->is_gone) {
        conversation_end_clean(c, ctx, now_ns);
        return;
    }
    if (c->is_gone && !is_reading(c)) {
        conversation_end_gone(c, ctx, now_ns);
        return;
    }
    if (!is_reading(c)) {
        c->read_since_ns = 0;
        c->read_was_tried = c->read_was_reported = false;
    } else if (c->read_since_ns == 0) {
        c->read_since_ns = conversation_wait_start(c, TIMEOUT_READ, now_ns);
    }
    if (buffer_size(&c->queue) == 0) {
        buffer_fini(&c->queue);
        c->send_was_tried = false;
    }
    conversation_report_waits(c, ctx);
}

/* --- the turn ------------------------------------------------------------------ */

/* An error or a hang-up, from which nothing returns: neither pause nor an answer on
 * its way holds the reading of what is left any more. */
static void
notice_hang_up(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    (void)ctx;
    (void)now_ns;
    if (revents & (POLLERR | POLLHUP | POLLNVAL))
        c->is_gone = true;
}

static void
send_when_ready(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    if (((revents & POLLOUT) || must_try_to_send(c)) && !c->is_gone)
        conversation_flush(c, ctx, now_ns);
}

static void
answer_when_worked(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    (void)revents;
    if (c->work != NULL && now_ns >= c->work->until_ns)
        conversation_finish_work(c, ctx, now_ns);
}

static void
receive_when_ready(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    if (!is_reading(c))
        return;
    if ((revents & POLLIN) || c->is_gone || must_try_to_read(c))
        conversation_receive(c, ctx, now_ns);
}

static void
ping_when_due(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    (void)revents;
    conversation_pings_advance(c, ctx, now_ns);
}

static void
expire_when_late(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    (void)revents;
    conversation_expire(c, ctx, now_ns);
}

static void (*const steps[])(struct conversation *, struct context *, short, int64_t) = {
    notice_hang_up,
    send_when_ready,
    answer_when_worked,
    receive_when_ready,
    ping_when_due,
    expire_when_late,
};

void
conversation_advance(struct conversation *c, struct context *ctx, short revents, int64_t now_ns)
{
    if (c->state == STATE_DIALLING)
        conversation_dial_advance(c, ctx, revents, now_ns);
    else
        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
            if (conversation_is_open(c))
                steps[i](c, ctx, revents, now_ns);
    conversation_settle(c, ctx, now_ns);
}

/* --- begin and end ------------------------------------------------------------- */

void
conversation_accept(struct conversation *c, struct context *ctx, const struct accepted *client,
                    const struct settings *settings)
{
    const struct event_peer how = { .took_ns = client->start_ns, .start_call = client->start_call };
    struct address local = client->local;

    *c = (struct conversation) {
        .fd = client->fd,
        .id = client->id,
        .state = STATE_OPEN,
        .begun_ns = client->stamp_ns,
        .active_ns = client->stamp_ns,
        .read_since_ns = client->stamp_ns,
        .settings = *settings,
    };
    if (local.length == 0)
        socket_local(context_lens(ctx, client->id), client->fd, &local);
    conversation_emit_peers(c, ctx, EVENT_ACCEPTED, &client->peer, &local, how,
                            client->stamp_ns);
    conversation_emit_settings(c, ctx);
    conversation_settle(c, ctx, client->stamp_ns);
}

void
conversation_fini(struct conversation *c, struct context *ctx)
{
    const struct ending ending = { .by = BY_US, .how = HOW_FIN, .code = -ECANCELED };

    if (c->state != STATE_ENDED)
        conversation_end(c, ctx, &ending, clock_mono_ns());
}
