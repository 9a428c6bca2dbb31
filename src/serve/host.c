/* host.c - see host.h. */
#include "config.h"

#include "sockdeck/serve/host.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/channel.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/loop.h"
#include "sockdeck/serve/mode.h"

/* A client of a listener with one address arrives at that one. */
static void
learn_local(struct host *host)
{
    if (host->listen_fd == -1 ||
        socket_local(context_lens(&host->ctx, 0), host->listen_fd, &host->local) != 0 ||
        address_is_wildcard(&host->local))
        host->local.length = 0;
}

int
host_init(struct host *host, const struct host_order *order, struct arena *arena,
          struct ring_writer *writer, struct host_flags *flags, int listen_fd, int channel)
{
    *host = (struct host) {
        .mode = order->mode < mode_count ? modes[order->mode] : NULL,
        .arena = arena,
        .listen_fd = listen_fd,
        .channel = channel,
        .max_connections = order->max_connections,
        .settings = order->settings,
        .flags = flags,
        .data = malloc(REQUEST_DATA_MAX),
    };
    if (host->data == NULL)
        return -ENOMEM;
    context_init(&host->ctx, writer, order->listener, order->worker, order->number);
    learn_local(host);
    return 0;
}

void
host_fini(struct host *host)
{
    context_fini(&host->ctx);
    free(host->data);
    if (host->listen_fd != -1)
        socket_close(context_lens(&host->ctx, 0), host->listen_fd);
    if (host->channel != -1)
        close(host->channel);
}

static void
say_retired(struct host *host, uint16_t flags)
{
    struct event event = context_event(EVENT_RETIRED, 0, 0);

    event.flags = flags | EVENT_URGENT;
    context_emit(&host->ctx, &event, NULL, 0, RING_WAIT);
}

bool
host_is_retired(struct host *host)
{
    if (!host->is_quitting && atomic_load(&host->flags->retired) == 0)
        return false;
    if (!host->has_said_retired) {
        host->has_said_retired = true;
        say_retired(host, 0);
    }
    return true;
}

static void
change_settings(struct host *host, const struct request *request)
{
    settings_change(&host->settings, &request->u.settings.values, request->u.settings.bits);
}

void
host_reply_for_all(struct host *host, const struct request *request, uint32_t n)
{
    struct event event = context_event(EVENT_REPLY, 0, 0);

    if (request->id == 0)
        return;
    event.flags = EVENT_URGENT | EVENT_LAST;
    event.u.reply = (struct event_reply) { .request = request->id, .object = n };
    context_emit(&host->ctx, &event, NULL, 0, RING_WAIT);
}

int
host_next_request(struct host *host)
{
    for (;;) {
        int rc = host->is_quitting
            ? 0 : channel_receive_request(host->channel, &host->request, host->data);

        if (rc == -EAGAIN || (rc == 0 && host->is_quitting))
            return 0;
        if (rc <= 0) {
            host->is_quitting = true;
            return 0;
        }
        host->requests_taken++;
        switch (host->request.type) {
        case REQUEST_RETIRE:
            break;              /* the flag is set; host_is_retired will see it */
        case REQUEST_LIMIT:
            host->max_connections = host->request.u.limit.max_connections;
            host_reply_for_all(host, &host->request, 0);
            break;
        case REQUEST_QUIT:
            host->is_quitting = true;
            return 0;
        case REQUEST_SETTINGS:
            if (host->request.conn == 0)
                change_settings(host, &host->request);
            return 1;
        default:
            return 1;
        }
    }
}

bool
host_request_is_for(const struct request *request, uint32_t conn)
{
    return request->conn == conn ||
           (request->conn == 0 && request->type == REQUEST_SETTINGS);
}

void
host_refuse(struct host *host, const struct request *request)
{
    struct error err;

    if (request->conn == 0) {   /* one for all: it needs no more to be done */
        context_reply(&host->ctx, request->id, 0, 0, STATUS_OK, NULL);
        return;
    }
    error_set(&err, -ENOENT, "#%u has closed", request->conn);
    context_reply(&host->ctx, request->id, -ENOENT, request->conn, STATUS_USAGE, err.text);
}

void
host_report_failure(struct host *host, enum call_name call, int code)
{
    struct event event = context_event(EVENT_ERROR, 0, 0);

    event.u.error = (struct event_error) {
        .code = -code,
        .call = call,
        .severity = SEVERITY_ERROR,
    };
    context_emit(&host->ctx, &event, NULL, 0, RING_WAIT);
}

void
host_close(struct host *host, struct conversation *c, int64_t now_ns)
{
    struct request request = { .type = REQUEST_CLOSE, .conn = c->id };

    conversation_request(c, &host->ctx, &request, NULL, now_ns);
}

void
host_serve_requests(struct host *host, struct conversation *c, int64_t now_ns)
{
    while (host_next_request(host)) {
        bool is_open = c != NULL && !conversation_wants(c).ended;

        if (host->request.conn == 0)
            host_reply_for_all(host, &host->request, is_open);
        if (is_open && host_request_is_for(&host->request, c->id))
            conversation_request(c, &host->ctx, &host->request, host->data, now_ns);
        else if (host->request.conn != 0)
            host_refuse(host, &host->request);
    }
    if (host->is_quitting && c != NULL && !conversation_wants(c).ended)
        host_close(host, c, now_ns);
    host_is_retired(host);      /* says so while a connection is served */
}

void
host_serve_posted_requests(struct host *host)
{
    if (atomic_load(&host->flags->posted) != host->requests_taken)
        host_serve_requests(host, NULL, clock_mono_ns());
}

void
host_run(struct host *host)
{
    if (host->mode != NULL)
        host->mode->run(host);
    else
        loop_run(host);
    host_is_retired(host);
    say_retired(host, EVENT_LAST);
}
