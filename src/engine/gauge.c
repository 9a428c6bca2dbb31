/* gauge.c - the accept queue of a listener, as the kernel counts it.
 *
 * The engine watches its copy of the listening socket; while the queue is not empty
 * it reads the numbers ten times a second, and when it is empty it sleeps until the
 * next client arrives (EPOLLONESHOT, so that a busy server wakes nobody each time). */
#include "config.h"

#include "engine_private.h"

#include <sys/epoll.h>

#include "sockdeck/base/clock.h"

#define TICK_NS (100 * NS_PER_MS)
#define WAITED_NS (200 * NS_PER_MS)
#define REPORT_PERIOD_NS NS_PER_S

static void
emit(struct engine *engine, const struct listener_control *l, enum event_type type,
     enum queue_state state)
{
    struct event event = collector_event(type, 0);

    event.listener = l->id;
    event.u.queue = (struct event_queue) {
        .state = state,
        .waiting = l->queue.waiting,
        .limit = l->queue.limit,
    };
    collector_emit(engine, &event, NULL, 0);
}

/* The queue is first in, first out: when fewer were accepted since the mark than
 * waited then, one of those waits still. */
static bool
has_somebody_waited(struct listener_control *l, int64_t now_ns)
{
    if (l->queue.waiting == 0) {
        l->mark_ns = 0;
        return false;
    }
    if (l->mark_ns == 0 || l->accepted - l->mark_accepted >= l->mark_waiting) {
        l->mark_ns = now_ns;
        l->mark_accepted = l->accepted;
        l->mark_waiting = l->queue.waiting;
        return false;
    }
    return now_ns - l->mark_ns >= WAITED_NS;
}

static void
report(struct engine *engine, struct listener_control *l, int64_t now_ns)
{
    bool waited = has_somebody_waited(l, now_ns);
    bool is_full = l->queue.waiting > l->queue.limit;

    if (now_ns < l->queue_report_ns)
        return;
    if (is_full && !l->has_reported_full)
        emit(engine, l, EVENT_QUEUE, QUEUE_FULL);
    else if (waited && !l->has_reported_waiting)
        emit(engine, l, EVENT_QUEUE, QUEUE_WAITING);
    else if (l->queue.waiting == 0 && (l->has_reported_waiting || l->has_reported_full))
        emit(engine, l, EVENT_QUEUE, QUEUE_EMPTY);
    else
        return;
    l->has_reported_full = is_full;
    l->has_reported_waiting = l->queue.waiting > 0;
    l->queue_report_ns = now_ns + REPORT_PERIOD_NS;
}

static void
look(struct engine *engine, struct listener_control *l, int64_t now_ns)
{
    struct accept_queue before = l->queue;

    if (insight_accept_queue(l->fd, &l->queue) != 0)
        return;
    if (before.waiting != l->queue.waiting || before.limit != l->queue.limit)
        emit(engine, l, EVENT_GAUGE, QUEUE_WAITING);
    report(engine, l, now_ns);
    if (l->queue.waiting > 0 || l->has_reported_waiting || l->has_reported_full)
        reactor_set_timer(engine, &l->gauge_tick, now_ns + TICK_NS);
    else
        reactor_watch(engine, &l->arrivals, l->fd, EPOLLIN | EPOLLONESHOT);
}

static void
tick(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct listener_control *l = (struct listener_control *)(void *)
        ((char *)timer - offsetof(struct listener_control, gauge_tick));

    look(engine, l, now_ns);
}

static void
arrived(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct listener_control *l = (struct listener_control *)(void *)
        ((char *)watch - offsetof(struct listener_control, arrivals));

    (void)events;
    /* Mostly it is accepted at once: the first look comes a tick later. */
    reactor_set_timer(engine, &l->gauge_tick, clock_mono_ns() + TICK_NS);
}

void
gauge_start(struct engine *engine, struct listener_control *l)
{
    l->arrivals.ready = arrived;
    l->gauge_tick.fire = tick;
    look(engine, l, clock_mono_ns());
}

void
gauge_stop(struct engine *engine, struct listener_control *l)
{
    reactor_unwatch(engine, &l->arrivals);
    reactor_set_timer(engine, &l->gauge_tick, CLOCK_NEVER);
}
