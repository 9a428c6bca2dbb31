/* reactor.c - descriptors and deadlines of the collector thread. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "sockdeck/base/clock.h"

enum { TURN_EVENTS = 64 };

int
reactor_watch(struct engine *engine, struct watch *watch, int fd, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = watch };
    int operation = watch->fd == fd ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (epoll_ctl(engine->epoll_fd, operation, fd, &event) != 0)
        return -errno;
    watch->fd = fd;
    return 0;
}

void
reactor_unwatch(struct engine *engine, struct watch *watch)
{
    if (watch->fd == -1)
        return;
    epoll_ctl(engine->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    /* What this turn has found for it is not looked at: it may be gone by then. */
    for (int i = 0; i < engine->ready_count; i++)
        if (engine->ready[i].data.ptr == watch)
            engine->ready[i].data.ptr = NULL;
    watch->fd = -1;
}

void
reactor_set_timer(struct engine *engine, struct timer *timer, int64_t deadline_ns)
{
    if (heap_set(&engine->timers, &timer->node, deadline_ns) != 0)
        abort();                /* a few bytes for each listener and host */
}

static int64_t
next_deadline(const struct engine *engine)
{
    const struct heap_node *first = heap_first(&engine->timers);
    int64_t deadline = engine->next_drain_ns;

    if (first != NULL && first->deadline_ns < deadline)
        deadline = first->deadline_ns;
    return deadline;
}

static void
fire_timers(struct engine *engine, int64_t now_ns)
{
    struct heap_node *node;

    while ((node = heap_first(&engine->timers)) != NULL && node->deadline_ns <= now_ns) {
        struct timer *timer = (struct timer *)(void *)node;

        heap_remove(&engine->timers, node);
        timer->fire(engine, timer, now_ns);
    }
}

void
reactor_turn(struct engine *engine)
{
    struct epoll_event events[TURN_EVENTS];
    int n = epoll_wait(engine->epoll_fd, events, TURN_EVENTS,
                       clock_poll_ms(next_deadline(engine), clock_mono_ns()));

    engine->ready = events;
    engine->ready_count = n > 0 ? n : 0;
    for (int i = 0; i < engine->ready_count; i++) {
        struct watch *watch = events[i].data.ptr;

        if (watch != NULL)
            watch->ready(engine, watch, events[i].events);
    }
    engine->ready = NULL;
    engine->ready_count = 0;
    fire_timers(engine, clock_mono_ns());
}
