/* drain.c - the collector's side of the rings; see ring.h. */
#include "config.h"

#include "sockdeck/event/ring.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "layout.h"

/* More in one round is a flow for which new pages would cost too much. */
enum { THIN_ROUND = 512 * 1024 };

struct round {
    int64_t begun_ns;
    struct cursor *cursors;
    size_t count;
};

/* Puts the cursor on the first record from at on. False: there is none in this round, which
 * ends for the ring where the cursor is. */
static bool
find_record(const struct round *round, struct cursor *cursor)
{
    const struct ring *ring = cursor->ring;
    const char *data = ring_data(ring);

    for (; cursor->at != cursor->end; cursor->at += cursor->event->size) {
        cursor->event = (const struct event *)(data + (cursor->at & (ring->size - 1)));
        if (cursor->event->type == EVENT_PAD)
            continue;
        cursor->stamp_ns = cursor->event->stamp_ns;
        if (cursor->stamp_ns <= round->begun_ns)
            return true;
        cursor->end = cursor->at;
        return false;
    }
    return false;
}

static bool
add_cursor(void *ctx, struct ring *ring)
{
    struct round *round = ctx;
    struct cursor *cursor = &round->cursors[round->count];

    cursor->ring = ring;
    cursor->at = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    cursor->end = atomic_load_explicit(&ring->head, memory_order_acquire);
    if (find_record(round, cursor))
        round->count++;
    return true;
}

/* Records of the same stamp come in the order of the rings. */
static bool
is_before(const struct cursor *a, const struct cursor *b)
{
    return a->stamp_ns != b->stamp_ns ? a->stamp_ns < b->stamp_ns : a->ring < b->ring;
}

static void
swap(struct cursor *a, struct cursor *b)
{
    const struct cursor c = *a;

    *a = *b;
    *b = c;
}

/* Restores a binary heap, the earliest on top, whose element i may be too late. */
static void
sift_down(struct cursor *heap, size_t n, size_t i)
{
    for (;;) {
        size_t first = i;

        for (size_t child = 2 * i + 1; child < n && child <= 2 * i + 2; child++)
            if (is_before(&heap[child], &heap[first]))
                first = child;
        if (first == i)
            return;
        swap(&heap[i], &heap[first]);
        i = first;
    }
}

/* What of [from, to) in the ring's data are whole pages goes back. */
static void
give_back(const struct arena *arena, const struct ring *ring, uint32_t from, uint32_t to)
{
    const uintptr_t data = (uintptr_t)ring_data(ring);
    const uintptr_t first = (data + from + arena->page - 1) / arena->page * arena->page;
    const uintptr_t last = (data + to) / arena->page * arena->page;

    if (first < last)
        madvise((void *)first, last - first, MADV_REMOVE);
}

/* A thin flow through a large ring would in time touch all of it, and keep it. What the
 * round has read is nobody's until tail moves: only then may a producer write there. */
static void
give_round_back(const struct arena *arena, const struct cursor *cursor)
{
    const struct ring *ring = cursor->ring;
    const uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const uint32_t from = (uint32_t)(tail & (ring->size - 1));
    const uint64_t bytes = cursor->end - tail;

    if (ring->size <= SMALL_SIZE || bytes < arena->page || bytes > THIN_ROUND)
        return;
    if (from + bytes <= ring->size) {
        give_back(arena, ring, from, from + (uint32_t)bytes);
        return;
    }
    give_back(arena, ring, from, ring->size);
    give_back(arena, ring, 0, (uint32_t)(from + bytes - ring->size));
}

size_t
arena_drain(struct arena *arena, int64_t now_ns,
            void (*visit)(void *ctx, struct ring *ring, const struct event *event), void *ctx)
{
    struct round round = { .begun_ns = now_ns, .cursors = arena->cursors };
    struct cursor *heap = round.cursors;
    size_t visited = 0;
    size_t n;

    arena_each_taken(arena, add_cursor, &round);
    for (size_t i = round.count / 2; i-- > 0;)
        sift_down(heap, round.count, i);

    for (n = round.count; n > 0; sift_down(heap, n, 0)) {
        visit(ctx, heap->ring, heap->event);
        visited++;
        heap->at += heap->event->size;
        if (!find_record(&round, heap))
            swap(heap, &heap[--n]);         /* behind the heap, for the loop below */
    }

    /* Only now: visit may have kept the pointers. */
    for (size_t i = 0; i < round.count; i++) {
        give_round_back(arena, &heap[i]);
        atomic_store(&heap[i].ring->tail, heap[i].end);
        ring_wake_waiters(heap[i].ring);
    }
    return visited;
}

bool
ring_is_drained(const struct ring *ring)
{
    return atomic_load(&ring->head) == atomic_load(&ring->tail);
}

struct burial {
    void (*visit)(void *ctx, struct ring *ring);
    void *ctx;
};

static bool
bury(void *ctx, struct ring *ring)
{
    const struct burial *burial = ctx;

    /* In this order: a dead ring's head is its last. */
    if (ring_state(ring) == RING_DEAD && ring_is_drained(ring))
        burial->visit(burial->ctx, ring);
    return true;
}

void
arena_each_dead(struct arena *arena, void (*visit)(void *ctx, struct ring *ring), void *ctx)
{
    struct burial burial = { .visit = visit, .ctx = ctx };

    arena_each_taken(arena, bury, &burial);
}

static bool
is_quiet(void *ctx, struct ring *ring)
{
    (void)ctx;
    return ring_is_drained(ring) && ring_state(ring) != RING_DEAD;
}

/* A producer stores head (who reports a death: state) and then loads sleeping; here
 * sleeping is stored and then head and state loaded, all in one total order: one of
 * the two sees the other. */
bool
arena_prepare_sleep(struct arena *arena)
{
    atomic_store(&arena->sleeping, 1);
    if (arena_each_taken(arena, is_quiet, NULL))
        return true;
    atomic_store(&arena->sleeping, 0);
    return false;
}

void
arena_wake_up(struct arena *arena)
{
    uint64_t kicks;
    ssize_t n;

    atomic_store(&arena->sleeping, 0);
    do
        n = read(arena->eventfd, &kicks, sizeof(kicks));
    while (n == -1 && errno == EINTR);
}
