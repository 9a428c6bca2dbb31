/* host_ends.c - what becomes of hosts: what they and the spawner report, and the books
 * of those that have ended.
 *
 * A process's death is learnt from the spawner; then its ring is set dead, and once that
 * is drained to its end, what the process left open is closed in the books. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "sockdeck/base/clock.h"

/* The spawner's death kills what it forked, a moment later. */
#define SPAWNER_DEATH_NS (300 * NS_PER_MS)

static struct host_control *
find_by_pid(struct engine *engine, pid_t pid)
{
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->pid == pid)
            return h;
    return NULL;
}

static struct host_control *
find_by_ring(struct engine *engine, uint32_t index)
{
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->ring != NULL && ring_index(engine->arena, h->ring) == index)
            return h;
    return NULL;
}

static void
end(struct engine *engine, struct host_control *h, int64_t restart_ns)
{
    struct listener_control *l = h->listener;
    bool was_expected = h->state >= HOST_RETIRING || engine->is_quitting;

    pending_fail(engine, h, -EPIPE, h == engine->client
                 ? "the thread that connects has ended"
                 : "the process that had the connection has ended");
    route_forget_host(engine, h);
    host_control_has_retired(engine, h);
    if (l != NULL && !was_expected)
        listener_host_ended(engine, l, restart_ns);
    if (h == engine->client)
        engine->client = NULL;
    host_control_free(engine, h);
}

void
host_control_apply_retired(struct engine *engine, const struct event *event)
{
    struct host_control *h = host_control_find(engine, event->host);

    if (h == NULL)
        return;
    if ((event->flags & EVENT_LAST) == 0) {
        host_control_has_retired(engine, h);
    } else if (h->host != NULL) {
        pthread_join(h->thread, NULL);
        end(engine, h, listener_restart_delay(h));
    }
}

static void
report_worker(struct engine *engine, const struct host_control *h,
              const struct event_worker *what)
{
    struct event event = collector_event(EVENT_WORKER, 0);

    /* One that does not stand is told of only when it is hurt. */
    if (h->worker == 0 && (what->state == WORKER_STARTED || what->state == WORKER_EXITED))
        return;
    event.listener = h->listener->id;
    event.worker = h->worker;
    event.pid = event.tid = h->pid;
    event.u.worker = *what;
    collector_emit(engine, &event, NULL, 0);
}

static void
apply_start(struct engine *engine, const struct spawner_report *report)
{
    struct host_control *h = find_by_ring(engine, report->ring);
    struct listener_control *l;

    if (h == NULL)
        return;
    l = h->listener;
    if (report->type == SPAWNER_FAILED) {
        host_control_report_failure(engine, h, report->code);
        listener_host_failed(engine, l);
        host_control_has_retired(engine, h);    /* whoever waits for that goes on */
        host_control_free(engine, h);
        return;
    }
    h->pid = report->pid;
    if (h->state == HOST_STARTING)
        h->state = HOST_RUNNING;
    report_worker(engine, h, &(struct event_worker) { .state = WORKER_STARTED,
                                                      .cost_ns = report->cost_ns });
    listener_host_started(engine, l);
}

/* A worker that is stopped answers nothing until it goes on. */
static void
apply_stop(struct engine *engine, struct host_control *h, bool stopped, int32_t value)
{
    h->is_stopped = stopped;
    report_worker(engine, h, &(struct event_worker) {
        .state = stopped ? WORKER_STOPPED : WORKER_CONTINUED,
        .signal = stopped ? value : 0,
    });
    if (stopped)
        pending_fail(engine, h, -EBUSY, "its process is stopped; the signal CONT lets it go on");
}

/* The child of a forking host that died before it: the spawner has reaped it. */
static void
bury_orphan(struct engine *engine, const struct spawner_report *report)
{
    if (report->type != SPAWNER_EXITED && report->type != SPAWNER_KILLED)
        return;
    arena_set_dead_by_pid(engine->arena, report->pid);
    arena_kick(engine->arena);
}

static void
apply_report(struct engine *engine, const struct spawner_report *report)
{
    struct host_control *h = find_by_pid(engine, report->pid);

    if (report->type == SPAWNER_STARTED || report->type == SPAWNER_FAILED) {
        apply_start(engine, report);
    } else if (h == NULL) {
        bury_orphan(engine, report);
    } else if (report->type == SPAWNER_STOPPED || report->type == SPAWNER_CONTINUED) {
        apply_stop(engine, h, report->type == SPAWNER_STOPPED, report->value);
    } else {
        h->end_signal = report->type == SPAWNER_KILLED ? report->value : 0;
        h->end_status = report->type == SPAWNER_EXITED ? report->value : 0;
        ring_set_dead(h->ring);
        arena_kick(engine->arena);
    }
}

/* What the spawner had forked is dead by now. */
static void
bury_all(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct route *route;

    (void)timer;
    (void)now_ns;
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->ring != NULL) {
            h->end_signal = SIGKILL;
            ring_set_dead(h->ring);
        }
    for (uint32_t from = 0; (route = id_map_next(&engine->routes, from)) != NULL;
         from = route->conn + 1)
        if (route->ring != engine->writer.ring)
            ring_set_dead(route->ring);
    arena_kick(engine->arena);
}

/* Its death ends what it guarded: no process can be started any more, which each
 * attempt then reports. */
static void
mourn_spawner(struct engine *engine)
{
    static const char sentence[] = "the process that starts all others has died: modes with "
                                   "processes end; quit and start again";
    struct event event = collector_event(EVENT_ERROR, 0);

    reactor_unwatch(engine, &engine->reports);
    if (engine->is_quitting)
        return;
    event.u.error = (struct event_error) { .code = EPIPE, .severity = SEVERITY_ERROR };
    collector_emit(engine, &event, sentence, sizeof(sentence) - 1);
    engine->mourning.fire = bury_all;
    reactor_set_timer(engine, &engine->mourning, clock_mono_ns() + SPAWNER_DEATH_NS);
}

void
host_control_take_reports(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct spawner_report report;
    int rc;

    (void)events;
    (void)watch;
    while ((rc = spawner_receive(&engine->spawner, &report)) == 1)
        apply_report(engine, &report);
    if (rc == 0)
        mourn_spawner(engine);
}

/* A process that serves one connection was stopped or goes on: its requests are not
 * left waiting. */
void
host_control_child_changed(struct engine *engine, const struct event *event,
                           struct route *route)
{
    route->is_stopped = event->u.worker.state == WORKER_STOPPED;
    if (route->is_stopped)
        pending_fail_ring(engine, route->ring, -EBUSY,
                          "its process is stopped; the signal CONT lets it go on");
}

static void
report_end(struct engine *engine, const struct host_control *h, int64_t restart_ns)
{
    report_worker(engine, h, &(struct event_worker) {
        .state = h->end_signal != 0 ? WORKER_KILLED : WORKER_EXITED,
        .signal = h->end_signal,
        .status = h->end_status,
        .restart_ns = h->state < HOST_RETIRING && !engine->is_quitting ? restart_ns : 0,
    });
}

static void
bury(void *ctx, struct ring *ring)
{
    struct engine *engine = ctx;
    struct host_control *h = find_by_ring(engine, ring_index(engine->arena, ring));
    int64_t restart_ns = h != NULL ? listener_restart_delay(h) : 0;

    if (h != NULL)
        report_end(engine, h, restart_ns);
    route_close_books(engine, ring, clock_mono_ns());
    pending_fail_ring(engine, ring, -EPIPE, "the process that had the connection has ended");
    if (h != NULL)
        end(engine, h, restart_ns);     /* releases the ring */
    else
        ring_release(engine->arena, ring);
}

void
host_control_bury(struct engine *engine)
{
    arena_each_dead(engine->arena, bury, engine);
}
