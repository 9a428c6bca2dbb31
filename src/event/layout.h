/* layout.h - how the arena lies in memory; for the event layer's own files.
 *
 *     struct arena | the rings' headers | data of the large rings | data of the small ones
 *
 * Headers are packed and data areas start on a page (a large ring of a test may
 * be smaller than one), so a ring that was never used costs no memory, and one
 * that was released costs its header. All counters only grow; a position is a
 * counter modulo the size. Words that different sides write lie on different
 * cache lines. */
#ifndef SOCKDECK_EVENT_LAYOUT_H
#define SOCKDECK_EVENT_LAYOUT_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"

enum {
    CACHE_LINE = 64,
    LARGE_SIZE_DEFAULT = 4 << 20,
    LARGE_SIZE_MIN = 4096,
    SMALL_SIZE = 32768,         /* a message's first 4 KiB fit in one record */
    RING_SHARE = 4,             /* a record takes at most this part of its ring */
    TAKEN_BITS = 64,
    TAKEN_WORDS = (RING_COUNT + TAKEN_BITS - 1) / TAKEN_BITS,

    /* Fills the end of the data when a record does not fit before it. Only the
     * first 8 bytes of its struct event are there. */
    EVENT_PAD = UINT16_MAX,
};

_Static_assert(sizeof(struct event) % 8 == 0, "records are 8-byte aligned");
_Static_assert(offsetof(struct event, stamp_ns) == 8, "a pad is 8 bytes or more");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "words shared by processes must not hide a lock");

struct ring {
    uint32_t size;              /* of the data, a power of two; set by arena_take_ring */
    uint64_t data_at;           /* where the data is, counted from this header */
    _Atomic uint32_t state;     /* enum ring_state */
    _Atomic int32_t pid;        /* of the process that publishes on it, 0: not set up yet */

    alignas(CACHE_LINE) _Atomic uint64_t head;      /* bytes ever published; the producer's */
    alignas(CACHE_LINE) _Atomic uint64_t tail;      /* bytes ever given back; the collector's */
    alignas(CACHE_LINE) _Atomic uint32_t waiters;   /* 1: someone sleeps on it, for room */
};

/* One ring's place in a round of arena_drain. */
struct cursor {
    int64_t stamp_ns;           /* event's, so that comparing touches no record */
    const struct event *event;
    struct ring *ring;
    uint64_t at, end;           /* of event; of what the round takes */
};

struct arena {
    size_t bytes;               /* of the whole mapping */
    size_t page;
    uint32_t large_size;
    int eventfd;
    pid_t owner;                /* the process that drains */
    _Atomic uint32_t abandoned; /* nobody drains any more */

    alignas(CACHE_LINE) _Atomic uint32_t sleeping;
    alignas(CACHE_LINE) _Atomic uint32_t last_conn;
    alignas(CACHE_LINE) _Atomic uint32_t screen_up;
    _Atomic uint32_t lens_on;
    struct host_flags flags[RING_LARGE_COUNT];

    /* A bit for each ring that is not free: taking one is setting its bit. */
    alignas(CACHE_LINE) _Atomic uint64_t taken[TAKEN_WORDS];

    /* The collector's own; here because it needs as much as there are rings. */
    alignas(CACHE_LINE) struct cursor cursors[RING_COUNT];

    struct ring rings[RING_COUNT];
};

static inline char *
ring_data(const struct ring *ring)
{
    return (char *)(uintptr_t)ring + ring->data_at;
}

/* Calls visit for every ring that is not free, until it returns false; whether
 * it never did. Costs nothing for free rings. */
bool arena_each_taken(struct arena *arena, bool (*visit)(void *ctx, struct ring *ring),
                      void *ctx);

/* Sleeps while *word is value, at most a second. May return early. */
void futex_wait(_Atomic uint32_t *word, uint32_t value);

/* Wakes all who wait for room in the ring. After tail has moved. */
void ring_wake_waiters(struct ring *ring);

#endif
