/* routes.c - which host serves a connection, and the books of each: what was
 * reported of it so far, so that a dead process's connections can be closed in its
 * stead, exactly once. */
#include "config.h"

#include "engine_private.h"

#include <stdlib.h>

#include "sockdeck/base/status.h"

struct route *
route_find(struct engine *engine, uint32_t conn)
{
    return id_map_find(&engine->routes, conn);
}

static struct route *
begin(struct engine *engine, struct ring *ring, const struct event *event)
{
    struct route *route = calloc(1, sizeof(*route));

    if (route == NULL || id_map_add(&engine->routes, event->conn, route) != 0)
        abort();
    route->conn = event->conn;
    route->host = host_control_find(engine, event->host);
    route->ring = ring;
    route->listener = event->listener;
    route->worker = event->worker;
    route->dialled = (event->flags & EVENT_DIALLED) != 0;
    route->pid = event->pid;
    route->tid = event->tid;
    route->begun_ns = event->stamp_ns;
    if (route->host != NULL) {
        route->host->open++;
        route->host->accepted++;
    }
    return route;
}

void
route_assembled(struct route *route)
{
    if (route->assembly == NULL)
        return;
    buffer_fini(route->assembly);
    free(route->assembly);
    route->assembly = NULL;
}

static void
end(struct engine *engine, struct route *route)
{
    if (route->host != NULL)
        route->host->open--;
    id_map_remove(&engine->routes, route->conn);
    order_leave(&engine->order, &route->end);
    route_assembled(route);
    free(route);
}

/* With the order of what its host serves one after another. */
static void
meet(struct engine *engine, struct route *route, const struct event *event)
{
    struct host_control *h = route->host;

    order_meet(&engine->order, &route->end, event);
    if (!host_control_serves_one_at_a_time(h))
        return;
    order_follow(&engine->order, &route->end, h->newest);
    h->newest = route->conn;
}

/* For what a listener counts: how many it accepted, and since when it is silent. */
static void
tell_listener(struct engine *engine, const struct event *event)
{
    struct listener_control *l = listener_find(engine, event->listener);

    if (l == NULL)
        return;
    if (event->type == EVENT_ACCEPTED)
        l->accepted++;
    else
        limits_connection_ended(engine, l);
    silence_update(engine, l, event->stamp_ns);
}

struct route *
route_apply(struct engine *engine, struct ring *ring, const struct event *event,
            struct route *route)
{
    switch (event->type) {
    case EVENT_ACCEPTED:
        route = begin(engine, ring, event);
        meet(engine, route, event);
        tell_listener(engine, event);
        break;
    case EVENT_CONNECTING:
        if (route == NULL)
            route = begin(engine, ring, event);
        break;
    case EVENT_CONNECTED:
        if (route != NULL)
            order_meet(&engine->order, &route->end, event);
        break;
    case EVENT_RECEIVED:
        if (route != NULL)
            route->end.in += event->u.message.bytes;
        break;
    case EVENT_SENT:
        if (route != NULL)
            route->end.out += event->u.message.bytes;
        break;
    case EVENT_SHUTDOWN:
        if (route != NULL)
            route->end.has_ended |= event->u.shutdown.which != SHUTDOWN_READ;
        break;
    case EVENT_CLOSED:
        pending_connection_ended(engine, event->conn);
        if (route != NULL)
            end(engine, route);
        route = NULL;
        tell_listener(engine, event);
        break;
    case EVENT_WORKER:
        if (route != NULL)
            host_control_child_changed(engine, event, route);
        break;
    default:
        break;
    }
    return route;
}

static void
close_in_books(struct engine *engine, struct route *route, int64_t now_ns)
{
    struct event event = collector_event(EVENT_CLOSED, now_ns);
    struct twin *twin = route->end.twin;

    event.size = EVENT_SIZE(0);
    event.conn = route->conn;
    event.listener = route->listener;
    event.worker = route->worker;
    event.pid = route->pid;
    event.tid = route->tid;
    event.flags = route->dialled ? EVENT_DIALLED : 0;
    event.u.closed = (struct event_closed) {
        .in = route->end.in,
        .out = route->end.out,
        .open_ns = now_ns - route->begun_ns,
        .by = BY_ERROR,
        .how = HOW_FIN,         /* the kernel closes a dead process's descriptors */
        .uncertain = 1,
        .fate = STATUS_RECEIVE,
    };
    end(engine, route);
    order_pass(&engine->order, twin, &event);
    tell_listener(engine, &event);
}

void
route_close_books(struct engine *engine, const struct ring *ring, int64_t now_ns)
{
    struct route *route;

    for (uint32_t from = 0; (route = id_map_next(&engine->routes, from)) != NULL;) {
        from = route->conn + 1;
        if (route->ring == ring)
            close_in_books(engine, route, now_ns);
    }
}

void
route_forget_host(struct engine *engine, const struct host_control *host)
{
    struct route *route;

    for (uint32_t from = 0; (route = id_map_next(&engine->routes, from)) != NULL;
         from = route->conn + 1)
        if (route->host == host)
            route->host = NULL;
}

void
route_free_all(struct engine *engine)
{
    struct route *route;

    while ((route = id_map_next(&engine->routes, 0)) != NULL) {
        order_forget(&engine->order, &route->end);
        end(engine, route);
    }
    id_map_fini(&engine->routes);
    order_fini(&engine->order);
}
