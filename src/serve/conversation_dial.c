/* conversation_dial.c - connecting: the addresses of a name one after the other, each
 * within the connect limit, until one answers. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/context.h"
#include "conversation_private.h"

static bool
has_more_addresses(const struct dial *dial)
{
    return dial->next < dial->n;
}

static const struct address *
address_tried(const struct dial *dial)
{
    return &dial->list[dial->next - 1];
}

static const char *
cause_of(int code)
{
    switch (-code) {
    case ECONNREFUSED: return "nothing listens there";
    case EHOSTUNREACH:
    case ENETUNREACH: return "there is no route to it";
    case ETIMEDOUT: return "nothing answered any of the kernel's attempts";
    case EADDRNOTAVAIL: return "the address is not of this machine, or no port is free";
    case EADDRINUSE: return "the address to connect from is taken";
    case EAFNOSUPPORT:
    case EINVAL: return "the two addresses do not go together";
    case EACCES:
    case EPERM: return "the system does not allow it";
    case EMFILE:
    case ENFILE: return "no descriptors are left";
    default: return NULL;
    }
}

static void
write_failure(struct error *err, const struct dial *dial, enum call_name call, int code)
{
    const char *cause = cause_of(code);
    char text[ADDRESS_TEXT];

    error_set(err, code, "%s to %s: %s%s%s",
              call == CALL_CONNECT ? "connect" : event_call_names[call],
              address_text(address_tried(dial), text), error_message(code),
              cause != NULL ? ": " : "", cause != NULL ? cause : "");
}

/* This attempt is over; when it was the last one, so is the conversation. A refusal is
 * the peer's RST. */
static void
give_up(struct conversation *c, struct context *ctx, bool is_timeout, const struct error *err,
        int64_t now_ns)
{
    const struct ending ending = {
        .by = is_timeout ? BY_TIMEOUT : BY_ERROR,
        .how = err->code == -ECONNREFUSED || err->code == -ECONNRESET ? HOW_RST : HOW_FIN,
        .fate = is_timeout ? STATUS_TIMEOUT : STATUS_CONNECT,
        .code = err->code,
        .sentence = err->text,
    };

    if (c->fd != -1 && has_more_addresses(c->dial)) {
        socket_close(context_lens(ctx, c->id), c->fd);
        c->fd = -1;
    }
    if (!has_more_addresses(c->dial))
        conversation_end(c, ctx, &ending, now_ns);
}

static void
fail_attempt(struct conversation *c, struct context *ctx, enum call_name call, int code,
             int64_t now_ns)
{
    struct error err;

    write_failure(&err, c->dial, call, code);
    conversation_emit_error(c, ctx, call, code,
                            has_more_addresses(c->dial) ? SEVERITY_WARNING : SEVERITY_ERROR,
                            err.text, conversation_returned(ctx, now_ns));
    give_up(c, ctx, code == -ETIMEDOUT, &err, now_ns);
}

static void
expire_attempt(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    struct error err;
    char address[ADDRESS_TEXT], limit[32];

    error_set(&err, -ETIMEDOUT, "connect to %s: no answer within %s",
              address_text(address_tried(c->dial), address),
              duration_text(limit, c->settings.timeout_ns[TIMEOUT_CONNECT]));
    conversation_emit_timeout(c, ctx, TIMEOUT_CONNECT, c->dial->begun_ns,
                              !has_more_addresses(c->dial), 0, now_ns);
    give_up(c, ctx, true, &err, now_ns);
}

static void
established(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    struct dial *dial = c->dial;
    struct address local = { .length = 0 };
    int64_t stamp = conversation_returned(ctx, now_ns);
    struct event_peer how = { .took_ns = stamp - dial->begun_ns };

    c->state = STATE_OPEN;
    c->dial = NULL;
    c->begun_ns = c->active_ns = stamp;
    socket_local(context_lens(ctx, c->id), c->fd, &local);
    conversation_emit_peers(c, ctx, EVENT_CONNECTED, address_tried(dial), &local, how, stamp);
    context_reply(ctx, dial->request, 0, c->id, STATUS_OK, NULL);
    free(dial);
}

/* One address: connected, still waiting, or failed (then the next may be tried). */
static void
try_address(struct conversation *c, struct context *ctx, const struct address *to,
            int64_t now_ns)
{
    struct dial *dial = c->dial;
    const struct address *from = dial->from.length != 0 ? &dial->from : NULL;
    enum call_name failed = CALL_SOCKET;
    int rc;

    dial->begun_ns = conversation_stamp(now_ns);
    conversation_emit_peers(c, ctx, EVENT_CONNECTING, to, &dial->from,
                            (struct event_peer) { 0 }, dial->begun_ns);
    if (dial->next == 1)
        conversation_emit_settings(c, ctx);
    rc = socket_dial(context_lens(ctx, c->id), to, from, &failed);
    if (rc < 0) {
        fail_attempt(c, ctx, failed, rc, now_ns);
        return;
    }
    c->fd = rc;
    rc = socket_connect(context_lens(ctx, c->id), c->fd, to);
    if (rc == 0)
        established(c, ctx, now_ns);
    else if (rc != -EINPROGRESS && rc != -EINTR)
        fail_attempt(c, ctx, CALL_CONNECT, rc, now_ns);
    else if (c->settings.timeout_ns[TIMEOUT_CONNECT] == 0)
        conversation_emit_would_block(c, ctx, CALL_CONNECT, rc, conversation_returned(ctx, now_ns));
}

static void
try_next(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    while (c->state == STATE_DIALLING && c->fd == -1)
        try_address(c, ctx, &c->dial->list[c->dial->next++], now_ns);
}

void
conversation_dial_advance(struct conversation *c, struct context *ctx, short revents,
                          int64_t now_ns)
{
    if (revents != 0) {
        int rc = socket_connect_result(context_lens(ctx, c->id), c->fd);

        if (rc != 0)
            fail_attempt(c, ctx, CALL_CONNECT, rc, now_ns);
        else if (revents & POLLOUT)
            established(c, ctx, now_ns);
    } else if (now_ns >= conversation_deadline(c)) {
        expire_attempt(c, ctx, now_ns);
    }
    try_next(c, ctx, now_ns);
}

void
conversation_dial(struct conversation *c, struct context *ctx, uint32_t id,
                  const struct address *list, int n, const struct address *from,
                  const struct settings *settings, uint32_t request, int64_t now_ns)
{
    size_t size = (size_t)n * sizeof(*list);

    *c = (struct conversation) {
        .fd = -1,
        .id = id,
        .state = STATE_DIALLING,
        .is_dialled = true,
        .begun_ns = now_ns,
        .active_ns = now_ns,
        .settings = *settings,
        .dial = n > 0 ? malloc(sizeof(*c->dial) + size) : NULL,
    };
    if (c->dial == NULL) {
        conversation_fail_memory(c, ctx, now_ns);
        context_reply(ctx, request, -ENOMEM, id, STATUS_INTERNAL, error_message(ENOMEM));
        return;
    }
    *c->dial = (struct dial) { .request = request, .n = n };
    if (from != NULL)
        c->dial->from = *from;
    memcpy(c->dial->list, list, size);
    try_next(c, ctx, now_ns);
    conversation_settle(c, ctx, now_ns);
}
