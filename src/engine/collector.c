/* collector.c - the thread that drains the rings, keeps the books and feeds the sink.
 *
 * DESIGN. It sleeps until a producer, a request, a signal or a timer wakes it; once
 * awake it drains at DRAIN_PERIOD until a round finds nothing, so that producers need
 * not wake it for each record; under load at THICK_PERIOD, since each turn takes a
 * processor from those who serve. Records are copied into a batch, the engine's own
 * (listening, worker, lost ...) behind them, and the sink gets the batch at the end
 * of the turn. While the sink has no room nothing is drained: the rings fill and
 * whole-capture connections wait. */
#include "config.h"

#include "engine_private.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"

#define DRAIN_PERIOD_NS (NS_PER_S / 60)
#define THICK_PERIOD_NS (NS_PER_S / 10)

enum { SINK_BATCH = 512, THICK_ROUND = 1024, BATCH_KEEP = 64 * 1024 };

/* --- the batch --------------------------------------------------------------------- */

static void
append(struct engine *engine, const struct event *event, uint32_t size)
{
    if (buffer_add(&engine->batch, event, size) != 0)
        abort();
}

void
collector_emit(struct engine *engine, struct event *event, const void *data, uint32_t n)
{
    static const char zeros[8];

    event->data_size = n;
    event->size = EVENT_SIZE(n);
    append(engine, event, sizeof(*event));
    if (buffer_add(&engine->batch, data, n) != 0 ||
        buffer_add(&engine->batch, zeros, event->size - sizeof(*event) - n) != 0)
        abort();
}

struct event
collector_event(enum event_type type, int64_t stamp_ns)
{
    return (struct event) {
        .type = (uint16_t)type,
        .stamp_ns = stamp_ns != 0 ? stamp_ns : clock_mono_ns(),
    };
}

static void
report_left_out(struct engine *engine)
{
    struct event event = collector_event(EVENT_LOST, 0);

    if (engine->left_out == 0)
        return;
    event.u.lost.count = engine->left_out;
    engine->left_out = 0;
    collector_emit(engine, &event, NULL, 0);
}

static void
flush(struct engine *engine)
{
    const struct event *list[SINK_BATCH];
    const char *at = buffer_data(&engine->batch);
    const char *end = at + buffer_size(&engine->batch);
    size_t n = 0;

    while (at < end) {
        list[n++] = (const struct event *)(const void *)at;
        at += list[n - 1]->size;
        if (n == SINK_BATCH || at >= end) {
            engine->sink.apply(engine->sink.ctx, list, n);
            n = 0;
        }
    }
    buffer_clear(&engine->batch);
}

/* --- records ------------------------------------------------------------------------- */

/* A reply goes on only while it is awaited: a stopped worker may answer after the
 * engine has answered for it, and those of a round are counted. */
static bool
is_not_for_the_user(struct engine *engine, const struct event *event)
{
    if (event->type != EVENT_REPLY)
        return false;
    return rounds_apply(engine, event) ||
           !pending_end(engine, event->u.reply.request);
}

/* Puts the parts of a message together; the last one completes it. */
static void
assemble(struct engine *engine, struct route *route, const struct event *event)
{
    struct buffer *whole = route->assembly;
    struct event head;

    if (whole == NULL) {
        whole = route->assembly = calloc(1, sizeof(*whole));
        if (whole == NULL || buffer_add(whole, event, sizeof(*event)) != 0)
            abort();
    }
    if (buffer_add(whole, event->data, event->data_size) != 0)
        abort();
    if ((event->flags & EVENT_MORE) != 0)
        return;
    memcpy(&head, buffer_data(whole), sizeof(head));
    head.flags &= (uint16_t)~EVENT_MORE;
    collector_emit(engine, &head, buffer_data(whole) + sizeof(head),
                   (uint32_t)(buffer_size(whole) - sizeof(head)));
    route_assembled(route);
}

static void
take(void *ctx, struct ring *ring, const struct event *event)
{
    struct engine *engine = ctx;
    struct route *route = event->conn != 0 ? route_find(engine, event->conn) : NULL;
    bool is_part = route != NULL && ((event->flags & EVENT_MORE) != 0 ||
                                     route->assembly != NULL);

    if (event->type == EVENT_RETIRED) {
        host_control_apply_retired(engine, event);
        return;
    }
    if (is_not_for_the_user(engine, event) || calls_are_late(engine, event) ||
        listener_repeats(engine, event))
        return;
    if ((event->flags & EVENT_LEFT_OUT) != 0)
        engine->left_out++;
    if (event->conn != 0)
        route = route_apply(engine, ring, event, route);
    if (is_part && event->type != EVENT_CLOSED && route != NULL)
        assemble(engine, route, event);
    else
        append(engine, event, event->size);
}

/* What was published before they asked is in the batch, before their replies. */
static void
reply_to_catching_up(struct engine *engine)
{
    uint32_t request;

    while (buffer_size(&engine->catching_up) > 0) {
        memcpy(&request, buffer_data(&engine->catching_up), sizeof(request));
        buffer_take(&engine->catching_up, sizeof(request));
        requests_reply(engine, request, 0, 0, STATUS_OK, "%s", "");
    }
}

void
collector_catch_up(struct engine *engine, uint32_t request)
{
    if (buffer_add(&engine->catching_up, &request, sizeof(request)) != 0)
        abort();
    engine->next_drain_ns = 0;
}

static bool
sink_has_room(const struct engine *engine)
{
    return engine->sink.has_room == NULL || engine->sink.has_room(engine->sink.ctx);
}

size_t
collector_drain_round(struct engine *engine)
{
    size_t n = arena_drain(engine->arena, clock_mono_ns(), take, engine);

    report_left_out(engine);
    host_control_bury(engine);
    reply_to_catching_up(engine);
    return n;
}

/* Until nothing more is found. */
static void
drain_all(struct engine *engine)
{
    while (collector_drain_round(engine) > 0)
        flush(engine);
}

/* A flow has ended: what it took for a time is given back to the system. */
static void
rest(struct engine *engine)
{
    if (buffer_size(&engine->batch) > 0 || engine->batch.capacity < BATCH_KEEP)
        return;
    buffer_fini(&engine->batch);
    malloc_trim(0);
}

/* Drains when it is time, and decides when the next time is. */
static void
drain_or_sleep(struct engine *engine, int64_t now_ns)
{
    size_t n;

    if (now_ns < engine->next_drain_ns)
        return;
    engine->next_drain_ns = CLOCK_NEVER;
    if (!sink_has_room(engine))
        return;                 /* engine_kick comes when there is */
    n = collector_drain_round(engine);
    if (n > 0 || !arena_prepare_sleep(engine->arena))
        engine->next_drain_ns = now_ns + (n > THICK_ROUND ? THICK_PERIOD_NS : DRAIN_PERIOD_NS);
    else
        rest(engine);
}

static void
woken(struct engine *engine, struct watch *watch, uint32_t events)
{
    (void)watch;
    (void)events;
    arena_wake_up(engine->arena);
    engine->next_drain_ns = 0;
}

void *
collector_run(void *arg)
{
    struct engine *engine = arg;

    process_name_thread("collector");
    engine->lens_tid = gettid();
    engine->next_drain_ns = 0;
    engine->wake.ready = woken;
    if (reactor_watch(engine, &engine->wake, arena_eventfd(engine->arena), EPOLLIN) != 0)
        abort();
    while (!engine->is_quitting || (engine->hosts != NULL && !engine->has_given_up)) {
        reactor_turn(engine);
        drain_or_sleep(engine, clock_mono_ns());
        listener_sweep(engine);
        flush(engine);
    }
    drain_all(engine);
    flush(engine);
    arena_abandon(engine->arena);
    return NULL;
}
