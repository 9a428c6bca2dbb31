/* requests.c - what the user wants, handed to whoever owns what it is about; each
 * request gets exactly one reply. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/inspection.h"

/* What has not left by itself by then is killed. */
#define QUIT_WAIT_NS (500 * NS_PER_MS)

void
requests_reply(struct engine *engine, uint32_t request, int code, uint32_t object,
               uint32_t status, const char *format, ...)
{
    struct event event = collector_event(EVENT_REPLY, 0);
    char text[256];
    va_list args;
    int n;

    if (request == 0)
        return;
    va_start(args, format);
    n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof(text))
        n = n < 0 ? 0 : (int)sizeof(text) - 1;
    event.u.reply = (struct event_reply) {
        .request = request,
        .code = code,
        .object = object,
        .status = status,
    };
    collector_emit(engine, &event, text, (uint32_t)n);
}

static void
refuse(struct engine *engine, const struct request *request, const char *what, uint32_t id)
{
    requests_reply(engine, request->id, -ENOENT, 0, STATUS_USAGE, "there is no %s%u", what, id);
}

/* --- of a listener ---------------------------------------------------------------------- */

static void
inspect_listener(struct engine *engine, const struct listener_control *l,
                 const struct request *request)
{
    struct event event = collector_event(EVENT_REPLY, 0);
    struct inspection inspection = { .queued = 0 };
    struct address local;

    if (!l->has_reported_silence)
        inspection.since_ns[TIMEOUT_ACCEPT] = l->silent_since_ns;
    insight_options(l->fd, inspection.options);
    if (socket_local(NULL, l->fd, &local) == 0)
        address_text(&local, inspection.local);
    event.u.reply.request = request->id;
    collector_emit(engine, &event, &inspection, sizeof(inspection));
}

static void
with_listener(struct engine *engine, const struct request *request)
{
    struct listener_control *l = listener_find(engine, request->listener);
    struct hole *hole = l == NULL ? hole_find(engine, request->listener) : NULL;

    if (hole != NULL)
        hole_request(engine, hole, request);
    else if (l == NULL || l->is_closed)
        refuse(engine, request, "L", request->listener);
    else if (request->type == REQUEST_MODE)
        mode_switch_order(engine, l, request);
    else if (request->type == REQUEST_INSPECT)
        inspect_listener(engine, l, request);
    else if (request->type == REQUEST_CLOSE_LISTENER)
        listener_close(engine, l, request->id);
    else
        listener_change(engine, l, request);
}

/* --- of a worker -------------------------------------------------------------------------- */

static void
kill_worker(struct engine *engine, const struct request *request)
{
    const struct request_kill *order = &request->u.kill;

    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next) {
        if (h->worker != order->worker || h->pid <= 0)
            continue;
        spawner_signal(&engine->spawner, h->pid, order->signal);
        requests_reply(engine, request->id, 0, h->worker, STATUS_OK, "%s", "");
        return;
    }
    refuse(engine, request, "W", order->worker);
}

/* --- of a connection ---------------------------------------------------------------------- */

static void
refuse_stopped(struct engine *engine, const struct request *request, const struct route *route)
{
    pid_t pid = route->is_stopped ? route->pid : route->host->pid;

    if (route->worker != 0)
        requests_reply(engine, request->id, -EBUSY, request->conn, STATUS_RECEIVE,
                       "#%u is with W%u, which is stopped; kill W%u CONT lets it go on",
                       request->conn, route->worker, route->worker);
    else
        requests_reply(engine, request->id, -EBUSY, request->conn, STATUS_RECEIVE,
                       "process %d is stopped; in a shell, kill -CONT %d lets it go on",
                       (int)pid, (int)pid);
}

static void
with_connection(struct engine *engine, const struct posted *posted)
{
    const struct request *request = &posted->request;
    struct route *route = route_find(engine, request->conn);

    if (route == NULL || route->host == NULL) {
        requests_reply(engine, request->id, -ENOENT, request->conn, STATUS_USAGE,
                       "#%u has closed, or never was", request->conn);
        return;
    }
    if (route->host->is_stopped || route->is_stopped) {
        refuse_stopped(engine, request, route);
        return;
    }
    pending_add(engine, request, route->host, route->ring);
    host_control_send(engine, route->host, request, posted->data);
}

/* Whoever asked knows the request only; whose connection it is about is known here. */
static void
cancel_pending(struct engine *engine, const struct posted *posted)
{
    struct request order = posted->request;
    const struct pending *p = pending_find(engine, order.u.cancel.request);
    const struct route *route = p != NULL ? route_find(engine, p->conn) : NULL;

    if (p == NULL) {
        requests_reply(engine, order.id, -ENOENT, 0, STATUS_USAGE, "it has ended already");
        return;
    }
    order.conn = p->conn;
    if (p->host->is_stopped || (route != NULL && route->is_stopped)) {
        requests_reply(engine, order.id, -EBUSY, order.conn, STATUS_RECEIVE,
                       "the process of #%u is stopped", order.conn);
        return;
    }
    pending_add(engine, &order, p->host, p->ring);
    host_control_send(engine, p->host, &order, NULL);
}

static void
cancel(struct engine *engine, const struct posted *posted)
{
    const struct request *request = &posted->request;

    if (dialler_cancel(engine, request->u.cancel.request) ||
        hole_cancel(engine, request->u.cancel.request))
        requests_reply(engine, request->id, 0, 0, STATUS_OK, "%s", "");
    else
        cancel_pending(engine, posted);
}

static void
change_defaults(struct engine *engine, const struct request *request)
{
    settings_change(&engine->defaults, &request->u.settings.values, request->u.settings.bits);
    requests_reply(engine, request->id, 0, 0, STATUS_OK, "%s", "");
}

/* --- the end -------------------------------------------------------------------------------- */

static void
kill_rest(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    (void)timer;
    if (engine->has_killed) {
        engine->has_given_up = true;
        return;
    }
    engine->has_killed = true;
    reactor_set_timer(engine, &engine->kill, now_ns + QUIT_WAIT_NS);
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->pid > 0)
            spawner_signal(&engine->spawner, h->pid, SIGKILL);
}

static void
quit(struct engine *engine)
{
    struct listener_control *l, *next_l;
    struct host_control *h, *next_h;

    if (engine->is_quitting)
        return;
    engine->is_quitting = true;
    while (dialler_cancel(engine, 0))
        ;
    hole_close_all(engine);
    HASH_ITER(hh, engine->listeners, l, next_l)
        if (!l->is_closing)
            listener_close(engine, l, 0);
    HASH_ITER(hh, engine->hosts, h, next_h)
        host_control_quit(engine, h);
    engine->kill.fire = kill_rest;
    reactor_set_timer(engine, &engine->kill, clock_mono_ns() + QUIT_WAIT_NS);
}

/* --- dispatch ------------------------------------------------------------------------------ */

static void
carry_out(struct engine *engine, const struct posted *posted)
{
    switch (posted->request.type) {
    case REQUEST_LISTEN:
        listener_open(engine, posted);
        break;
    case REQUEST_HOLE:
        hole_open(engine, posted);
        break;
    case REQUEST_DIAL:
        dialler_dial(engine, posted);
        break;
    case REQUEST_KILL:
        kill_worker(engine, &posted->request);
        break;
    case REQUEST_DEFAULTS:
        change_defaults(engine, &posted->request);
        break;
    case REQUEST_CALLS:
        calls_switch(engine, &posted->request);
        break;
    case REQUEST_CATCH_UP:
        collector_catch_up(engine, posted->request.id);
        break;
    case REQUEST_CANCEL:
        cancel(engine, posted);
        break;
    case REQUEST_LIMIT:
        limits_change(engine, &posted->request);
        break;
    case REQUEST_QUIT:
        quit(engine);
        break;
    default:
        if (posted->request.conn != 0)
            with_connection(engine, posted);
        else
            with_listener(engine, &posted->request);
        break;
    }
}

void
requests_take(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct posted *posted = mailbox_take(&engine->mailbox);

    (void)watch;
    (void)events;
    while (posted != NULL) {
        struct posted *next = posted->next;

        if (engine->is_quitting && posted->request.type != REQUEST_QUIT)
            requests_reply(engine, posted->request.id, -ESHUTDOWN, 0, STATUS_USAGE,
                           "the console is closing");
        else
            carry_out(engine, posted);
        free(posted);
        posted = next;
    }
}
