/* conversation_close.c - errors, and the one way in which a conversation ends: what is
 * still open is reported, the descriptor closed, CLOSED said, everyone who waits
 * told, the memory given back. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/context.h"
#include "conversation_private.h"

void
conversation_emit_error(struct conversation *c, struct context *ctx, enum call_name call,
                        int code, enum severity severity, const char *sentence, int64_t stamp_ns)
{
    struct event event = conversation_event(c, EVENT_ERROR, stamp_ns);

    event.u.error = (struct event_error) {
        .code = code < 0 ? -code : code,
        .call = call,
        .severity = severity,
    };
    context_emit(ctx, &event, sentence, (uint32_t)strlen(sentence), RING_WAIT);
}

void
conversation_emit_would_block(struct conversation *c, struct context *ctx, enum call_name call,
                              int code, int64_t stamp_ns)
{
    struct event event = conversation_event(c, EVENT_ERROR, stamp_ns);

    event.u.error = (struct event_error) {
        .code = -code,
        .call = call,
        .severity = SEVERITY_INFO,
        .would_block = 1,
    };
    context_emit(ctx, &event, NULL, 0, RING_WAIT);
}

/* --- the end --------------------------------------------------------------------- */

static void
reply_to_dial(struct conversation *c, struct context *ctx, const struct ending *ending)
{
    if (c->dial == NULL)
        return;
    context_reply(ctx, c->dial->request, ending->code != 0 ? ending->code : -ECANCELED, c->id,
                  ending->fate != STATUS_OK ? ending->fate : STATUS_CONNECT,
                  ending->sentence != NULL ? ending->sentence : "closed before it was connected");
    free(c->dial);
    c->dial = NULL;
}

static void
reply_to_pings(struct conversation *c, struct context *ctx, const struct ending *ending)
{
    conversation_pings_reply(c, ctx, ending->code != 0 ? ending->code : -ECANCELED,
                             ending->fate != STATUS_OK ? ending->fate : STATUS_UNMET,
                             ending->sentence != NULL ? ending->sentence
                                                      : "it closed before the last reply");
}

static uint32_t
bytes_unacked(const struct conversation *c)
{
    int in_kernel = c->state == STATE_OPEN ? insight_unacked(c->fd) : 0;
    size_t sum = buffer_size(&c->queue);

    if (in_kernel > 0 && c->write_is_shut)
        in_kernel--;            /* our FIN, which the kernel counts as a byte */
    if (in_kernel > 0)
        sum += (size_t)in_kernel;
    return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* Whose FIN or RST came first, where one of the two sides ended it. */
static enum closed_by
who_ended(const struct conversation *c, enum closed_by by)
{
    if ((by == BY_US || by == BY_PEER) && c->first_fin != FIN_NOBODY)
        return c->first_fin == FIN_US ? BY_US : BY_PEER;
    return by;
}

/* Received bytes that nobody will read; none are behind the peer's FIN. The kernel
 * answers a close that leaves some with RST. */
static uint32_t
bytes_unread(const struct conversation *c)
{
    int n = c->state == STATE_OPEN && !c->has_eof ? insight_unread(c->fd) : 0;

    return n > 0 ? (uint32_t)n : 0;
}

void
conversation_end(struct conversation *c, struct context *ctx, const struct ending *ending,
                 int64_t now_ns)
{
    struct event event = conversation_event(c, EVENT_CLOSED, 0);
    uint32_t unread = bytes_unread(c);

    conversation_pings_end(c, ctx, now_ns);
    event.u.closed = (struct event_closed) {
        .in = c->in,
        .out = c->out,
        .unacked = bytes_unacked(c),
        .by = (uint8_t)who_ended(c, ending->by),
        .how = (uint8_t)(unread > 0 ? HOW_RST : ending->how),
        .fate = (uint8_t)ending->fate,
    };
    if (c->state == STATE_DIALLING)
        event.flags |= EVENT_NEVER_OPEN;
    event.stamp_ns = conversation_stamp(now_ns);
    if (c->fd != -1 && ending->by == BY_US && ending->how == HOW_RST)
        socket_reset(context_lens(ctx, c->id), c->fd);
    else if (c->fd != -1)
        socket_close(context_lens(ctx, c->id), c->fd);
    c->fd = -1;
    c->state = STATE_ENDED;
    event.stamp_ns = conversation_entered(ctx, event.stamp_ns);
    event.u.closed.open_ns = event.stamp_ns - c->begun_ns;
    context_emit(ctx, &event, &unread, unread > 0 ? sizeof(unread) : 0, RING_WAIT);

    conversation_fail_pending(c, ctx, ending);
    reply_to_pings(c, ctx, ending);
    reply_to_dial(c, ctx, ending);
    buffer_fini(&c->queue);
    free(c->work);
    c->work = NULL;
}

void
conversation_end_clean(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    const struct ending ending = { .by = BY_PEER, .how = HOW_FIN };

    conversation_end(c, ctx, &ending, now_ns);
}

/* --- errors ------------------------------------------------------------------------ */

static const char *
cause_of(int code)
{
    switch (-code) {
    case ECONNRESET: return "the peer aborted the connection (RST)";
    case EPIPE: return "the peer had closed and takes no more bytes";
    case ECONNABORTED: return "this machine aborted the connection";
    case ETIMEDOUT: return "the peer's machine acknowledges nothing any more";
    case EHOSTUNREACH:
    case ENETUNREACH: return "the route to the peer is gone";
    default: return NULL;
    }
}

static enum status
fate_of(enum call_name call, int code)
{
    if (code == -ETIMEDOUT)
        return STATUS_TIMEOUT;
    if (code == -ENOMEM)
        return STATUS_INTERNAL;
    return call == CALL_SEND || code == -EPIPE ? STATUS_SEND : STATUS_RECEIVE;
}

static void
write_failure(struct error *err, enum call_name call, int code)
{
    const char *cause = cause_of(code);

    error_set(err, code, "%s: %s%s%s", event_call_names[call], error_message(code),
              cause != NULL ? ": " : "", cause != NULL ? cause : "");
}

void
conversation_fail(struct conversation *c, struct context *ctx, enum call_name call, int code,
                  int64_t now_ns)
{
    bool is_by_peer = code == -ECONNRESET || code == -EPIPE;
    struct error err;
    const struct ending ending = {
        .by = is_by_peer ? BY_PEER : BY_ERROR,
        .how = HOW_RST,
        .fate = fate_of(call, code),
        .code = code,
        .sentence = err.text,
    };

    write_failure(&err, call, code);
    conversation_emit_error(c, ctx, call, code, SEVERITY_ERROR, err.text,
                            conversation_returned(ctx, now_ns));
    conversation_end(c, ctx, &ending, now_ns);
}

/* Nothing is wrong with the connection itself. */
static void
fail_here(struct conversation *c, struct context *ctx, enum call_name call, int code,
          const char *sentence, int64_t now_ns)
{
    const struct ending ending = {
        .by = BY_ERROR,
        .how = HOW_FIN,
        .fate = STATUS_INTERNAL,
        .code = code,
        .sentence = sentence,
    };

    conversation_emit_error(c, ctx, call, code, SEVERITY_ERROR, sentence,
                            conversation_stamp(now_ns));
    conversation_end(c, ctx, &ending, now_ns);
}

void
conversation_fail_memory(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    fail_here(c, ctx, CALL_NONE, -ENOMEM, "no memory for this connection", now_ns);
}

void
conversation_fail_wait(struct conversation *c, struct context *ctx, int code, int64_t now_ns)
{
    struct error err;

    error_set(&err, code, "poll: this connection cannot be waited for: %s", error_message(code));
    fail_here(c, ctx, CALL_POLL, code, err.text, now_ns);
}

/* The error was met by a send, or is the one that poll saw on a descriptor that is
 * not read; without one, both sides have sent their FIN. */
void
conversation_end_gone(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    int code = c->broken != 0 ? -c->broken : socket_connect_result(context_lens(ctx, c->id), c->fd);

    if (code != 0)
        conversation_fail(c, ctx, c->broken != 0 ? CALL_SEND : CALL_POLL, code, now_ns);
    else
        conversation_end_clean(c, ctx, now_ns);
}
