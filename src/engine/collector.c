/* collector.c - the thread that drains the rings, keeps the books and feeds the sink.
 *
 * DESIGN. It sleeps until a producer, a request, a signal or a timer wakes it; once
 * awake it drains at DRAIN_PERIOD until a round finds nothing, so that producers need
 * not wake it for each record; under load at THICK_PERIOD, since each turn takes a
 * processor from those who serve, and shortly after a thin round that has to hold
 * something back (event/order.h). Records are copied into a batch, the engine's own
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
#define HELD_PERIOD_NS NS_PER_MS
#define THICK_PERIOD_NS (NS_PER_S / 10)
#define CATCH_UP_NS (100 * NS_PER_MS)

enum { SINK_BATCH = 512, THIN_ROUND = 64, THICK_ROUND = 1024, BATCH_KEEP = 64 * 1024 };

/* A request to be told when the sink has what was published before. */
struct catch_up {
    uint32_t request;
    int64_t asked_ns;
};

/* --- the batch --------------------------------------------------------------------- */

static void
append(struct engine *engine, const void *data, size_t n)
{
    if (buffer_add(&engine->batch, data, n) != 0)
        abort();
}

static void
show(void *ctx, const struct event *event)
{
    append(ctx, event, event->size);
}

void
collector_init(struct engine *engine)
{
    order_init(&engine->order, show, engine);
}

void
collector_emit(struct engine *engine, struct event *event, const void *data, uint32_t n)
{
    static const char zeros[8];

    event->data_size = n;
    event->size = EVENT_SIZE(n);
    append(engine, event, sizeof(*event));
    append(engine, data, n);
    append(engine, zeros, event->size - sizeof(*event) - n);
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

/* Puts the parts of a message together to one record; the last one completes it. */
static void
assemble(struct engine *engine, struct route *route, const struct event *event)
{
    static const char zeros[8];
    struct buffer *whole = route->assembly;
    struct event *record;
    size_t size;

    if (whole == NULL) {
        whole = route->assembly = calloc(1, sizeof(*whole));
        if (whole == NULL || buffer_add(whole, event, sizeof(*event)) != 0)
            abort();
    }
    if (buffer_add(whole, event->data, event->data_size) != 0)
        abort();
    if ((event->flags & EVENT_MORE) != 0)
        return;
    size = buffer_size(whole);
    if (buffer_add(whole, zeros, -size % sizeof(zeros)) != 0)
        abort();
    record = (struct event *)(void *)(whole->base + whole->start);
    record->flags &= (uint16_t)~EVENT_MORE;
    record->data_size = (uint32_t)(size - sizeof(*record));
    record->size = EVENT_SIZE(record->data_size);
    order_pass(&engine->order, route->end.twin, record);
    route_assembled(route);
}

/* What a connection's end is told with comes behind what is held of it: also replies to
 * what was asked of it, and what its process does after it has closed. */
static struct twin *
twin_of(struct engine *engine, const struct route *route, const struct event *event)
{
    const struct pending *asked;
    uint32_t conn = event->conn;

    if (route == NULL && !order_is_holding(&engine->order))
        return NULL;
    if (route == NULL && event->type == EVENT_REPLY) {
        asked = pending_find(engine, event->u.reply.request);
        conn = asked != NULL ? asked->conn : 0;
        route = conn != 0 ? route_find(engine, conn) : NULL;
    }
    if (route != NULL)
        return route->end.twin;
    return conn != 0 ? order_find_holding(&engine->order, conn) : NULL;
}

static void
take(void *ctx, struct ring *ring, const struct event *event)
{
    struct engine *engine = ctx;
    struct route *route = event->conn != 0 ? route_find(engine, event->conn) : NULL;
    struct twin *twin = twin_of(engine, route, event);
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
    if (route != NULL)
        twin = route->end.twin;         /* an accepted one's may wait for its host's last one */
    if (is_part && event->type != EVENT_CLOSED && route != NULL)
        assemble(engine, route, event);
    else
        order_pass(&engine->order, twin, event);
}

/* What was published before they asked is in the batch, before their replies. What is held
 * of it may go its way for a while; what came later is none of theirs. */
static void
reply_to_catching_up(struct engine *engine)
{
    struct catch_up asked;

    while (buffer_size(&engine->catching_up) > 0) {
        memcpy(&asked, buffer_data(&engine->catching_up), sizeof(asked));
        if (order_is_holding_from(&engine->order, asked.asked_ns)) {
            if (clock_mono_ns() < asked.asked_ns + CATCH_UP_NS)
                return;
            order_release(&engine->order);
        }
        buffer_take(&engine->catching_up, sizeof(asked));
        requests_reply(engine, asked.request, 0, 0, STATUS_OK, "%s", "");
    }
}

void
collector_catch_up(struct engine *engine, uint32_t request)
{
    const struct catch_up asked = { .request = request, .asked_ns = clock_mono_ns() };

    if (buffer_add(&engine->catching_up, &asked, sizeof(asked)) != 0)
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
    const int64_t now_ns = clock_mono_ns();
    size_t n = arena_drain(engine->arena, now_ns, take, engine);

    order_expire(&engine->order, now_ns);
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
    order_release(&engine->order);
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

static int64_t
time_to_next_round(const struct engine *engine, size_t n)
{
    if (n > THICK_ROUND)
        return THICK_PERIOD_NS;
    return order_is_holding(&engine->order) && n < THIN_ROUND ? HELD_PERIOD_NS : DRAIN_PERIOD_NS;
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
    if (n > 0 || order_is_holding(&engine->order) || !arena_prepare_sleep(engine->arena))
        engine->next_drain_ns = now_ns + time_to_next_round(engine, n);
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
