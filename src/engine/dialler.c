/* dialler.c - outgoing connections: a name is resolved first, then the client loop dials. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "resolver.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"

/* A dial that waits for its name. */
struct resolving {
    struct watch watch;         /* first: answered casts back */
    struct timer timer;         /* the end of its patience */
    int64_t limit_ns;
    struct resolving *next;
    struct request request;
    struct endpoint to;
    struct address from;
};

/* One that lacked something when it began has ended: another one may get it. */
static int
start_client_loop(struct engine *engine)
{
    return engine->client != NULL ? 0 : host_control_start(&engine->client, engine, NULL, NULL);
}

static void
dial(struct engine *engine, const struct request *request, const struct address *from,
     const struct address *list, int n)
{
    struct address places[RESOLVER_ADDRESSES + 1];
    struct request order = *request;
    struct settings settings = engine->defaults;
    int used = 0, rc = start_client_loop(engine);

    if (order.u.dial.has_from)
        places[used++] = *from;
    memcpy(places + used, list, (size_t)n * sizeof(*list));
    used += n;
    settings_change(&settings, &order.u.dial.settings, order.u.dial.bits);
    settings.capture = (uint8_t)atomic_load(&engine->capture);
    order.u.dial.settings = settings;
    order.conn = arena_next_conn(engine->arena);
    order.data_size = (uint32_t)((size_t)used * sizeof(*places));
    if (rc != 0) {
        requests_reply(engine, order.id, rc, 0, STATUS_CONNECT,
                       "the thread that connects could not be started: %s", error_message(rc));
        return;
    }
    pending_add(engine, &order, engine->client, NULL);
    host_control_send(engine, engine->client, &order, places);
}

static void
report_failure(struct engine *engine, const struct request *request, const struct error *err)
{
    struct event event = collector_event(EVENT_ERROR, 0);

    event.u.error = (struct event_error) {
        .code = -err->code,
        .call = CALL_GETADDRINFO,
        .severity = SEVERITY_ERROR,
    };
    collector_emit(engine, &event, err->text, (uint32_t)strlen(err->text));
    requests_reply(engine, request->id, err->code, 0, STATUS_RESOLVE, "%s", err->text);
}

static void
forget(struct engine *engine, struct resolving *r)
{
    struct resolving **place = &engine->resolving;

    while (*place != r)
        place = &(*place)->next;
    *place = r->next;
    reactor_set_timer(engine, &r->timer, CLOCK_NEVER);
    free(r);
}

static void
answered(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct resolving *r = (struct resolving *)(void *)watch;
    struct resolver_answer answer;
    int fd = watch->fd;

    (void)events;
    reactor_unwatch(engine, watch);
    resolver_finish(fd, &answer);
    if (answer.count > 0)
        dial(engine, &r->request, &r->from, answer.list, answer.count);
    else
        report_failure(engine, &r->request, &answer.error);
    forget(engine, r);
}

/* getaddrinfo cannot be stopped: its thread is left to itself. */
static void
abandon(struct engine *engine, struct resolving *r)
{
    int fd = r->watch.fd;

    reactor_unwatch(engine, &r->watch);
    close(fd);
    forget(engine, r);
}

static void
expired(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct resolving *r = (struct resolving *)(void *)
        ((char *)timer - offsetof(struct resolving, timer));
    char limit[32];
    struct error err;

    (void)now_ns;
    error_set(&err, -ETIMEDOUT, "%s: no name server answered within %s; set resolve-timeout changes that",
              r->to.host, duration_text(limit, r->limit_ns));
    report_failure(engine, &r->request, &err);
    abandon(engine, r);
}

static void
resolve(struct engine *engine, const struct request *request, const struct endpoint *to,
        const struct address *from)
{
    struct resolving *r = calloc(1, sizeof(*r));
    struct error err;
    int fd;

    if (r == NULL)
        abort();
    *r = (struct resolving) {
        .watch = { .fd = -1, .ready = answered },
        .timer.fire = expired,
        .limit_ns = atomic_load(&engine->resolve_timeout_ns),
        .next = engine->resolving,
        .request = *request,
        .to = *to,
        .from = *from,
    };
    engine->resolving = r;
    fd = resolver_start(to);
    if (fd >= 0 && reactor_watch(engine, &r->watch, fd, EPOLLIN) == 0) {
        if (r->limit_ns != DURATION_NONE)
            reactor_set_timer(engine, &r->timer, clock_mono_ns() + r->limit_ns);
        return;
    }
    if (fd >= 0)
        close(fd);
    error_set(&err, fd < 0 ? fd : -ENOMEM, "%s: no thread to resolve it with: %s", to->host,
              error_message(fd < 0 ? fd : -ENOMEM));
    report_failure(engine, request, &err);
    forget(engine, r);
}

void
dialler_dial(struct engine *engine, const struct posted *posted)
{
    const struct request *request = &posted->request;
    struct endpoint places[2];
    struct address to, from = { 0 };

    memcpy(places, posted->data, request->data_size < sizeof(places)
           ? request->data_size : sizeof(places));
    if (request->u.dial.has_from)
        endpoint_address(&places[1], &from);    /* numeric: the command has seen to that */
    if (endpoint_address(&places[0], &to) == 0)
        dial(engine, request, &from, &to, 1);
    else
        resolve(engine, request, &places[0], &from);
}

bool
dialler_cancel(struct engine *engine, uint32_t request)
{
    for (struct resolving *r = engine->resolving; r != NULL; r = r->next) {
        if (request != 0 && r->request.id != request)
            continue;
        requests_reply(engine, r->request.id, -ECANCELED, 0, STATUS_RESOLVE,
                       "%s: resolving it was cancelled", r->to.host);
        abandon(engine, r);
        return true;
    }
    return false;
}
