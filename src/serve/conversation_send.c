/* conversation_send.c - bytes out: at once as far as the kernel takes them, the rest from
 * the queue when it has room; and the requests that wait for that. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "sockdeck/base/error.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/request.h"
#include "conversation_private.h"

/* --- giving bytes to the kernel -------------------------------------------------- */

/* A send that failed for good ends the conversation, but what the peer sent before
 * is read first: is_gone sees to both. */
static void
refused(struct conversation *c, struct context *ctx, int code, int64_t stamp_ns)
{
    if (code == -EINTR)
        return;
    if (code != -EAGAIN) {
        c->broken = (uint16_t)-code;
        c->is_gone = true;
    } else if (c->settings.timeout_ns[TIMEOUT_SEND] == 0 && !c->send_was_tried) {
        c->send_was_tried = true;
        conversation_emit_would_block(c, ctx, CALL_SEND, code, stamp_ns);
    }
}

/* A read timeout that was reported and kept is armed by a byte either way. */
static void
count_sent(struct conversation *c, uint64_t n, int64_t stamp_ns)
{
    c->out += n;
    c->active_ns = stamp_ns;
    if (c->read_was_reported) {
        c->read_was_reported = false;
        c->read_since_ns = stamp_ns;
    }
}

/* Returns how many bytes the kernel took. With send-timeout 0 it is asked until it
 * says that it would block. */
static size_t
give(struct conversation *c, struct context *ctx, const char *data, size_t n, int64_t now_ns)
{
    size_t taken = 0;

    while (taken < n) {
        int64_t begun = conversation_stamp(now_ns);
        ssize_t rc = socket_send(context_lens(ctx, c->id), c->fd, data + taken, n - taken);
        int64_t stamp = conversation_entered(ctx, begun);

        if (rc < 0) {
            refused(c, ctx, (int)rc, stamp);
            break;
        }
        count_sent(c, (uint64_t)rc, stamp);
        conversation_emit_message(c, ctx, EVENT_SENT, data + taken, (size_t)rc, stamp);
        taken += (size_t)rc;
        if (c->settings.timeout_ns[TIMEOUT_SEND] != 0)
            break;
    }
    return taken;
}

static void
begin_send(struct conversation *c, int64_t now_ns)
{
    c->send_since_ns = conversation_wait_start(c, TIMEOUT_SEND, now_ns);
    c->send_from = c->out;
}

/* Behind what is queued; at once where nothing is. */
static void
send_more(struct conversation *c, struct context *ctx, const char *data, size_t n, int64_t now_ns)
{
    size_t taken = 0;

    if (buffer_size(&c->queue) == 0 && !c->is_gone)
        taken = give(c, ctx, data, n, now_ns);
    if (taken < n && buffer_add(&c->queue, data + taken, n - taken) != 0)
        conversation_fail_memory(c, ctx, now_ns);
}

void
conversation_send(struct conversation *c, struct context *ctx, const char *data, size_t n,
                  int64_t now_ns)
{
    if (buffer_size(&c->queue) == 0)
        begin_send(c, now_ns);
    send_more(c, ctx, data, n, now_ns);
}

/* --- requests that wait ------------------------------------------------------------ */

static void
shut_down(struct conversation *c, struct context *ctx, uint32_t request,
          enum shutdown_which which, int64_t now_ns)
{
    struct event event = conversation_event(c, EVENT_SHUTDOWN, conversation_stamp(now_ns));
    struct error err;
    int rc = socket_shutdown(context_lens(ctx, c->id), c->fd, which);

    event.stamp_ns = conversation_entered(ctx, event.stamp_ns);
    if (rc != 0) {
        error_set(&err, rc, "shutdown: %s", error_message(rc));
        conversation_emit_error(c, ctx, CALL_SHUTDOWN, rc, SEVERITY_ERROR, err.text,
                                event.stamp_ns);
        context_reply(ctx, request, rc, 0, STATUS_SEND, err.text);
        return;
    }
    if (which != SHUTDOWN_READ) {
        c->write_is_shut = true;
        if (c->first_fin == FIN_NOBODY)
            c->first_fin = FIN_US;
    }
    if (which != SHUTDOWN_WRITE)
        c->read_is_shut = true;
    event.u.shutdown.which = which;
    context_emit(ctx, &event, NULL, 0, RING_WAIT);
    context_reply(ctx, request, 0, 0, STATUS_OK, NULL);
    if (c->write_is_shut)
        conversation_pings_stop(c, ctx, event.stamp_ns);
}

/* Replies to those whose last byte the kernel has taken; the next one's send begins. */
static void
complete_pending(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    while (c->pending != NULL && c->out >= c->pending->mark) {
        struct pending *done = c->pending;

        c->pending = done->next;
        if (done->shuts)
            shut_down(c, ctx, done->request, done->which, now_ns);
        else
            context_reply(ctx, done->request, 0, 0, STATUS_OK, NULL);
        free(done);
        if (buffer_size(&c->queue) > 0)
            begin_send(c, now_ns);
    }
}

void
conversation_flush(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    size_t taken;

    if (buffer_size(&c->queue) == 0)
        return;
    taken = give(c, ctx, buffer_data(&c->queue), buffer_size(&c->queue), now_ns);
    buffer_take(&c->queue, taken);
    complete_pending(c, ctx, now_ns);
}

/* False when there was no memory; the conversation has ended then. */
static bool
add_pending(struct conversation *c, struct context *ctx, const struct pending *entry,
            int64_t now_ns)
{
    struct pending *copy = malloc(sizeof(*copy)), **tail = &c->pending;

    if (copy == NULL) {
        conversation_fail_memory(c, ctx, now_ns);
        context_reply(ctx, entry->request, -ENOMEM, 0, STATUS_INTERNAL, error_message(ENOMEM));
        return false;
    }
    *copy = *entry;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *tail = copy;
    return true;
}

void
conversation_send_for(struct conversation *c, struct context *ctx, const struct request *asked,
                      const char *data, int64_t now_ns)
{
    uint32_t request = asked->id;
    size_t n = asked->data_size;
    struct pending entry = {
        .mark = c->out + buffer_size(&c->queue) + n,
        .request = request,
    };

    if (c->write_is_shut || c->write_will_shut) {
        struct error err;

        error_set(&err, -EPIPE, "#%u: our sending side is shut", c->id);
        context_reply(ctx, request, err.code, 0, STATUS_SEND, err.text);
        return;
    }
    if (asked->u.send.continues)
        send_more(c, ctx, data, n, now_ns);
    else
        conversation_send(c, ctx, data, n, now_ns);
    if (!conversation_is_open(c))
        context_reply(ctx, request, -ENOMEM, 0, STATUS_INTERNAL, error_message(ENOMEM));
    else if (c->out >= entry.mark)
        context_reply(ctx, request, 0, 0, STATUS_OK, NULL);
    else
        add_pending(c, ctx, &entry, now_ns);
}

void
conversation_shutdown_for(struct conversation *c, struct context *ctx, uint32_t request,
                          enum shutdown_which which, int64_t now_ns)
{
    struct pending entry = {
        .mark = c->out + buffer_size(&c->queue),
        .request = request,
        .shuts = true,
        .which = which,
    };
    bool write_is_done = which == SHUTDOWN_READ || c->write_is_shut || c->write_will_shut;
    bool read_is_done = which == SHUTDOWN_WRITE || c->read_is_shut;

    if (write_is_done && read_is_done)
        context_reply(ctx, request, 0, 0, STATUS_OK, NULL);
    else if (c->out >= entry.mark || write_is_done)
        shut_down(c, ctx, request, write_is_done ? SHUTDOWN_READ : which, now_ns);
    else if (add_pending(c, ctx, &entry, now_ns))
        c->write_will_shut = true;
}

bool
conversation_cancel_send(struct conversation *c, struct context *ctx, uint32_t request)
{
    for (struct pending *entry = c->pending; entry != NULL; entry = entry->next) {
        if (entry->request != request)
            continue;
        context_reply(ctx, request, -ECANCELED, 0, STATUS_SEND,
                      "cancelled; its bytes are still being sent");
        entry->request = 0;
        return true;
    }
    return false;
}

void
conversation_fail_pending(struct conversation *c, struct context *ctx,
                          const struct ending *ending)
{
    int code = ending->code != 0 ? ending->code : -ECANCELED;
    enum status status = ending->fate != STATUS_OK ? ending->fate : STATUS_SEND;

    while (c->pending != NULL) {
        struct pending *entry = c->pending;

        c->pending = entry->next;
        context_reply(ctx, entry->request, code, 0, status,
                      ending->sentence != NULL ? ending->sentence
                                               : "it closed before all was sent");
        free(entry);
    }
}
