/* order.c - see order.h. */
#include "config.h"

#include "sockdeck/event/order.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "sockdeck/base/buffer.h"

/* One end of two; both are one allocation, which goes when both have closed. */
struct twin {
    struct twin *other;
    uint32_t conn;              /* whose records are held */
    bool has_ended;             /* its sending side, as was shown: shut, or closed */
    bool is_over;               /* its CLOSED was shown */
    bool is_late;               /* holds nothing until the other has caught up */
    uint64_t in, out;           /* bytes, as were shown */
    struct buffer held;         /* records, end to end; the first is not ready */
    int64_t since_ns;           /* when it became the first */
    struct twin *before, *after;        /* one waits until the other holds nothing */
    struct twin *next_turn;
    TAILQ_ENTRY(twin) link;     /* of those that hold any, by since_ns */
};

void
order_init(struct order *order, void (*show)(void *ctx, const struct event *event), void *ctx)
{
    *order = (struct order) { .show = show, .ctx = ctx };
    TAILQ_INIT(&order->holding);
}

void
order_fini(struct order *order)
{
    assert(!order_is_holding(order));
    pair_map_fini(&order->addresses);
}

/* --- the two ends ------------------------------------------------------------------- */

static struct order_end *
end_of(struct pair_node *node)
{
    return (struct order_end *)(void *)((char *)node - offsetof(struct order_end, addresses));
}

/* What either has reported before was shown. */
static void
init_twin(struct twin *twin, struct order_end *end)
{
    twin->in = end->in;
    twin->out = end->out;
    twin->has_ended = end->has_ended;
    end->twin = twin;
}

static struct twin *
new_twins(void)
{
    struct twin *twins = calloc(2, sizeof(*twins));

    if (twins == NULL)
        abort();
    twins[0].other = &twins[1];
    twins[1].other = &twins[0];
    return twins;
}

void
order_meet(struct order *order, struct order_end *end, const struct event *event)
{
    struct pair_node *mirror;
    struct twin *twins;

    pair_map_add(&order->addresses, &end->addresses, event_local_text(event),
                 event_peer_text(event));
    mirror = pair_map_mirror(&order->addresses, &end->addresses);
    if (mirror == NULL || end_of(mirror)->twin != NULL)
        return;
    twins = new_twins();
    init_twin(&twins[0], end);
    init_twin(&twins[1], end_of(mirror));
}

/* Whoever is elsewhere is not waited for. */
static void
meet_nobody(struct order_end *end)
{
    struct twin *twins = new_twins();

    init_twin(&twins[0], end);
    twins[1].has_ended = twins[1].is_over = true;
}

void
order_follow(struct order *order, struct order_end *end, uint32_t conn)
{
    struct twin *before = order_find_holding(order, conn);

    if (before == NULL)
        return;
    if (end->twin == NULL)
        meet_nobody(end);
    end->twin->before = before;
    before->after = end->twin;
}

void
order_leave(struct order *order, struct order_end *end)
{
    pair_map_remove(&order->addresses, &end->addresses);
}

static bool
is_holding(const struct twin *twin)
{
    return buffer_size(&twin->held) > 0;
}

static const struct event *
first_held(const struct twin *twin)
{
    return (const struct event *)(const void *)buffer_data(&twin->held);
}

static void
free_if_over(struct twin *twin)
{
    struct twin *other = twin->other;

    if (twin->is_over && other->is_over && !is_holding(twin) && !is_holding(other))
        free(twin < other ? twin : other);
}

void
order_forget(struct order *order, struct order_end *end)
{
    order_leave(order, end);
    if (end->twin == NULL)
        return;
    end->twin->is_over = true;
    free_if_over(end->twin);
}

struct twin *
order_find_holding(const struct order *order, uint32_t conn)
{
    struct twin *twin;

    TAILQ_FOREACH(twin, &order->holding, link)
        if (twin->conn == conn)
            return twin;
    return NULL;
}

/* --- showing ------------------------------------------------------------------------ */

static bool
has_come(const struct twin *twin, uint64_t bytes)
{
    return twin->in + bytes <= twin->other->out;
}

static bool
is_call_ready(const struct twin *twin, const struct event *event)
{
    const struct event_call *call = &event->u.call;

    if (call->call != CALL_RECVFROM || (event->flags & EVENT_BEGUN) != 0)
        return true;
    if (call->result > 0)
        return has_come(twin, (uint64_t)call->result);
    return call->result != 0 && call->result != -ECONNRESET;
}

/* All that the other end has to have reported before this has been shown. */
static bool
is_ready(const struct twin *twin, const struct event *event)
{
    if (twin->before != NULL)
        return false;
    if (twin->is_late || twin->other->has_ended)
        return true;
    switch (event->type) {
    case EVENT_RECEIVED: return has_come(twin, event->u.message.bytes);
    case EVENT_CALL: return is_call_ready(twin, event);
    case EVENT_EOF: return false;
    case EVENT_ERROR: return event->u.error.code != ECONNRESET && event->u.error.code != EPIPE;
    default: return true;
    }
}

static void
count_sent(struct twin *twin, uint64_t bytes)
{
    twin->out += bytes;
    if (has_come(twin->other, 0))
        twin->other->is_late = false;
}

/* True when the other end may have waited for it. */
static bool
show(struct order *order, struct twin *twin, const struct event *event)
{
    order->show(order->ctx, event);
    switch (event->type) {
    case EVENT_RECEIVED:
        twin->in += event->u.message.bytes;
        return false;
    case EVENT_SENT:
        count_sent(twin, event->u.message.bytes);
        return true;
    case EVENT_SHUTDOWN:
        twin->has_ended |= event->u.shutdown.which != SHUTDOWN_READ;
        return twin->has_ended;
    case EVENT_CLOSED:
        twin->has_ended = twin->is_over = true;
        return true;
    default:
        return false;
    }
}

/* --- holding ------------------------------------------------------------------------ */

static void
begin_wait(struct order *order, struct twin *twin)
{
    twin->since_ns = clock_mono_ns();
    TAILQ_INSERT_TAIL(&order->holding, twin, link);
}

static void
hold(struct order *order, struct twin *twin, const struct event *event)
{
    if (!is_holding(twin)) {
        twin->conn = event->conn;
        begin_wait(order, twin);
    }
    if (buffer_add(&twin->held, event, event->size) != 0)
        abort();
    order->held_bytes += event->size;
}

static void
leave_the_line(struct twin *twin)
{
    twin->before->after = NULL;
    twin->before = NULL;
}

/* It holds nothing any more. What waits for that holds something: it stays until its turn. */
static void
end_wait(struct order *order, struct twin *twin)
{
    struct twin *after = twin->after;

    buffer_fini(&twin->held);
    if (after == NULL)
        return;
    leave_the_line(after);
    after->next_turn = order->turn;
    order->turn = after;
}

/* Shows what is ready of what it holds; whether anything was. */
static bool
show_ready(struct order *order, struct twin *twin)
{
    const size_t held = buffer_size(&twin->held);
    const struct event *event;

    while (is_holding(twin)) {
        event = first_held(twin);
        if (!is_ready(twin, event))
            break;
        show(order, twin, event);
        order->held_bytes -= event->size;
        buffer_take(&twin->held, event->size);
    }
    if (buffer_size(&twin->held) == held)
        return false;
    TAILQ_REMOVE(&order->holding, twin, link);
    if (is_holding(twin))
        begin_wait(order, twin);
    else
        end_wait(order, twin);
    return true;
}

/* What one end shows may be what the other has waited for, and so on. */
static void
release(struct order *order, struct twin *twin)
{
    while (show_ready(order, twin))
        twin = twin->other;
}

static void
give_turns(struct order *order)
{
    struct twin *twin;

    while ((twin = order->turn) != NULL) {
        order->turn = twin->next_turn;
        release(order, twin);
        free_if_over(twin);
    }
}

static void
show_all(struct order *order, struct twin *twin)
{
    if (twin->before != NULL)
        leave_the_line(twin);
    twin->is_late = true;
    release(order, twin);
    twin->is_late = !has_come(twin, 0);
    free_if_over(twin);
    give_turns(order);
}

void
order_pass(struct order *order, struct twin *twin, const struct event *event)
{
    if (twin == NULL) {
        order->show(order->ctx, event);
        return;
    }
    if (is_holding(twin) || !is_ready(twin, event))
        hold(order, twin, event);
    else if (show(order, twin, event))
        release(order, twin->other);
    free_if_over(twin);
    give_turns(order);
    while (order->held_bytes > ORDER_HELD_MOST)
        show_all(order, TAILQ_FIRST(&order->holding));
}

bool
order_is_holding(const struct order *order)
{
    return !TAILQ_EMPTY(&order->holding);
}

bool
order_is_holding_from(const struct order *order, int64_t stamp_ns)
{
    const struct twin *twin;

    TAILQ_FOREACH(twin, &order->holding, link)
        if (first_held(twin)->stamp_ns <= stamp_ns)
            return true;
    return false;
}

void
order_expire(struct order *order, int64_t now_ns)
{
    struct twin *oldest;

    while ((oldest = TAILQ_FIRST(&order->holding)) != NULL &&
           now_ns - oldest->since_ns >= ORDER_HOLD_NS)
        show_all(order, oldest);
}

void
order_release(struct order *order)
{
    while (order_is_holding(order))
        show_all(order, TAILQ_FIRST(&order->holding));
}
