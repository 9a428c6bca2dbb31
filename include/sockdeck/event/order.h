/* order.h - what caused comes before what it caused, where both ends of a connection
 * are this console's.
 *
 * DESIGN. A send is published when it has returned; by then the other end may have
 * received its bytes and published that, on the same ring or in a round before. So a
 * record is shown (passed on) only once all that it needs has been: bytes that were
 * received, once the other end has sent as many; an end of file or a reset, once the
 * other end has shut its sending side or closed. Until then it is held, and behind it all
 * that comes of its connection, in its order. What is needed is published already or
 * about to be, unless its process was stopped between the call and the report. So an end
 * of which nothing could be shown for ORDER_HOLD_NS goes on without, as does the oldest
 * when more than ORDER_HELD_MOST bytes are held; it then holds nothing until the other has
 * caught up. Nothing is lost, and what is held is bounded in time and in memory.
 *
 * A host that serves one connection after another (order_follow) is seen to: nothing of
 * the next is shown while something of the one before is held.
 *
 * Stamps need none of this: a call that causes something is stamped before it (event.h).
 * Connections whose other end is elsewhere are shown at once and cost one look.
 *
 * One thread, the collector's. Out of memory aborts. */
#ifndef SOCKDECK_EVENT_ORDER_H
#define SOCKDECK_EVENT_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/pair_map.h"
#include "sockdeck/event/event.h"

#define ORDER_HOLD_NS (200 * NS_PER_MS)

enum { ORDER_HELD_MOST = 4 << 20 };

struct twin;                    /* of a connection of which something may be held */

/* An open connection; whoever keeps it notes what was reported of it. */
struct order_end {
    struct pair_node addresses; /* local and peer */
    struct twin *twin;          /* NULL: the other end is not here, as far as is known */
    uint64_t in, out;           /* bytes */
    bool has_ended;             /* it has shut its sending side */
};

TAILQ_HEAD(twins, twin);

struct order {
    struct pair_map addresses;
    struct twins holding;       /* the one that has waited longest first */
    struct twin *turn;          /* those whose turn has come, linked by next_turn */
    size_t held_bytes;
    void (*show)(void *ctx, const struct event *event);     /* copies what it keeps */
    void *ctx;
};

void order_init(struct order *order, void (*show)(void *ctx, const struct event *event),
                void *ctx);
void order_fini(struct order *order);   /* no end is left, nothing is held */

/* Its addresses are known: ACCEPTED, CONNECTED. */
void order_meet(struct order *order, struct order_end *end, const struct event *event);
/* Its host, which serves one after another, served conn before: nothing of it is shown
 * while something of conn is held. After order_meet, before anything of it is passed. */
void order_follow(struct order *order, struct order_end *end, uint32_t conn);
/* The end goes. Its twin lives on until CLOSED was passed to it. */
void order_leave(struct order *order, struct order_end *end);
/* The end goes without having closed, at the end of all. */
void order_forget(struct order *order, struct order_end *end);

/* Shows a record at once or later, behind what is held of its twin (NULL: at once). After
 * CLOSED the twin is found by order_find_holding only. */
void order_pass(struct order *order, struct twin *twin, const struct event *event);
/* The twin of a connection of which something is held, else NULL. */
struct twin *order_find_holding(const struct order *order, uint32_t conn);

bool order_is_holding(const struct order *order);
/* The same for what is stamped then, or before. */
bool order_is_holding_from(const struct order *order, int64_t stamp_ns);
/* Shows what has waited too long. To be called now and then while something is held. */
void order_expire(struct order *order, int64_t now_ns);
/* Shows all that is held. */
void order_release(struct order *order);

#endif
