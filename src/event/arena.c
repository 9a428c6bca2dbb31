/* arena.c - the shared memory: mapping it, and handing its rings out; see ring.h. */
#include "config.h"

#include "sockdeck/event/ring.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/memory_file.h"

#include "layout.h"

static const struct {
    uint32_t first, count;
} classes[] = {
    [RING_LARGE] = { 0, RING_LARGE_COUNT },
    [RING_SMALL] = { RING_LARGE_COUNT, RING_SMALL_COUNT },
};

static size_t
round_up(size_t n, size_t unit)
{
    return (n + unit - 1) / unit * unit;
}

/* A sparse file that nobody can resize: touching it never raises SIGBUS. */
static int
open_sealed_memory(size_t bytes)
{
    const int fd = memory_file_open("sockdeck-events", bytes);

    if (fd < 0)
        return fd;
    if (ftruncate(fd, (off_t)bytes) == -1 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == -1) {
        const int code = -errno;

        close(fd);
        return code;
    }
    return fd;
}

/* The descriptor is not kept: the mapping alone is inherited. Where the limit on
 * file sizes forbids the file, the same memory is had without one. */
static int
map_memory(void **memory, size_t bytes)
{
    int flags = MAP_SHARED | MAP_NORESERVE;
    int fd = open_sealed_memory(bytes);
    int code = 0;

    if (fd == -EFBIG)
        flags |= MAP_ANONYMOUS;
    else if (fd < 0)
        return fd;
    *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd >= 0 ? fd : -1, 0);
    if (*memory == MAP_FAILED)
        code = -errno;
    if (fd >= 0)
        close(fd);
    return code;
}

static size_t
data_start(size_t page)
{
    return round_up(sizeof(struct arena), page);
}

static size_t
small_start(size_t page, uint32_t large_size)
{
    return data_start(page) + round_up((size_t)RING_LARGE_COUNT * large_size, page);
}

int
arena_open(struct arena **arena, uint32_t large_size, struct error *err)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *memory;
    size_t bytes;
    int fd, code;

    if (large_size == 0)
        large_size = LARGE_SIZE_DEFAULT;
    if (large_size < LARGE_SIZE_MIN || (large_size & (large_size - 1)) != 0)
        return error_set(err, -EINVAL, "a ring of %u bytes: not a power of two", large_size);

    bytes = small_start(page, large_size) + (size_t)RING_SMALL_COUNT * SMALL_SIZE;
    code = map_memory(&memory, bytes);
    if (code < 0)
        return error_set(err, code, "map memory for events: %s", error_message(code));

    fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd == -1) {
        code = -errno;
        munmap(memory, bytes);
        return error_set(err, code, "eventfd: %s", error_message(code));
    }
    *arena = memory;
    (*arena)->bytes = bytes;
    (*arena)->page = page;
    (*arena)->large_size = large_size;
    (*arena)->eventfd = fd;
    (*arena)->owner = getpid();
    return 0;
}

void
arena_close(struct arena *arena)
{
    if (arena == NULL)
        return;
    close(arena->eventfd);
    munmap(arena, arena->bytes);
}

int
arena_eventfd(const struct arena *arena)
{
    return arena->eventfd;
}

uint32_t
arena_next_conn(struct arena *arena)
{
    return atomic_fetch_add_explicit(&arena->last_conn, 1, memory_order_relaxed) + 1;
}

_Atomic uint32_t *
arena_screen_up(struct arena *arena)
{
    return &arena->screen_up;
}

_Atomic uint32_t *
arena_lens_on(struct arena *arena)
{
    return &arena->lens_on;
}

struct host_flags *
arena_host_flags(struct arena *arena, uint32_t index)
{
    assert(index < RING_LARGE_COUNT);
    return &arena->flags[index];
}

struct ring *
arena_ring(struct arena *arena, uint32_t index)
{
    assert(index < RING_COUNT);
    return &arena->rings[index];
}

uint32_t
ring_index(const struct arena *arena, const struct ring *ring)
{
    return (uint32_t)(ring - arena->rings);
}

/* The ring's bit is ours: nobody else looks at it until its state is set. */
static struct ring *
set_up_ring(struct arena *arena, uint32_t index)
{
    struct ring *ring = &arena->rings[index];
    size_t at;

    if (index < RING_LARGE_COUNT) {
        ring->size = arena->large_size;
        at = data_start(arena->page) + (size_t)index * arena->large_size;
    } else {
        ring->size = SMALL_SIZE;
        at = small_start(arena->page, arena->large_size) +
             (size_t)(index - RING_LARGE_COUNT) * SMALL_SIZE;
    }
    ring->data_at = at - (size_t)((char *)ring - (char *)arena);
    atomic_store(&ring->state, RING_LIVE);
    return ring;
}

/* The bits of a word that stand for rings from first up to, not including, end. */
static uint64_t
bits_between(uint32_t word, uint32_t first, uint32_t end)
{
    const uint32_t base = word * TAKEN_BITS;
    uint64_t mask = ~UINT64_C(0);

    if (first > base)
        mask &= ~UINT64_C(0) << (first - base);
    if (end < base + TAKEN_BITS)
        mask &= ~(~UINT64_C(0) << (end - base));
    return mask;
}

struct ring *
arena_take_ring(struct arena *arena, enum ring_class class)
{
    const uint32_t first = classes[class].first;
    const uint32_t end = first + classes[class].count;

    for (uint32_t word = first / TAKEN_BITS; word * TAKEN_BITS < end; word++) {
        const uint64_t mask = bits_between(word, first, end);
        uint64_t taken = atomic_load(&arena->taken[word]);

        while ((~taken & mask) != 0) {
            const uint32_t bit = (uint32_t)__builtin_ctzll(~taken & mask);

            if (atomic_compare_exchange_weak(&arena->taken[word], &taken,
                                             taken | UINT64_C(1) << bit))
                return set_up_ring(arena, word * TAKEN_BITS + bit);
        }
    }
    return NULL;
}

bool
arena_each_taken(struct arena *arena, bool (*visit)(void *ctx, struct ring *ring), void *ctx)
{
    for (uint32_t word = 0; word < TAKEN_WORDS; word++) {
        uint64_t taken = atomic_load(&arena->taken[word]);

        for (; taken != 0; taken &= taken - 1) {
            const uint32_t bit = (uint32_t)__builtin_ctzll(taken);

            if (!visit(ctx, &arena->rings[word * TAKEN_BITS + bit]))
                return false;
        }
    }
    return true;
}

enum ring_state
ring_state(const struct ring *ring)
{
    return (enum ring_state)atomic_load(&ring->state);
}

void
ring_set_dead(struct ring *ring)
{
    uint32_t live = RING_LIVE;

    atomic_compare_exchange_strong(&ring->state, &live, RING_DEAD);
}

static bool
set_dead_if_of(void *ctx, struct ring *ring)
{
    if (atomic_load(&ring->pid) == *(const pid_t *)ctx)
        ring_set_dead(ring);
    return true;
}

void
arena_set_dead_by_pid(struct arena *arena, pid_t pid)
{
    arena_each_taken(arena, set_dead_if_of, &pid);
}

/* The small rings that are taken first keep their pages for the next child, at most
 * 2 MiB: with short connections, giving them back costs more than all they carry. */
enum { KEPT_SMALL = 64 };

/* Only whole pages can be given back. */
static void
give_pages_back(const struct arena *arena, const struct ring *ring)
{
    const uintptr_t data = (uintptr_t)ring_data(ring);
    const uintptr_t from = round_up(data, arena->page);
    const uintptr_t to = (data + ring->size) / arena->page * arena->page;

    if (from < to)
        madvise((void *)from, to - from, MADV_REMOVE);
}

void
ring_release(struct arena *arena, struct ring *ring)
{
    const uint32_t index = ring_index(arena, ring);

    assert(ring_state(ring) == RING_DEAD && ring_is_drained(ring));
    atomic_store(&ring->head, 0);
    atomic_store(&ring->tail, 0);
    atomic_store(&ring->waiters, 0);
    atomic_store(&ring->pid, 0);
    if (index < RING_LARGE_COUNT) {
        atomic_store(&arena->flags[index].retired, 0);
        atomic_store(&arena->flags[index].posted, 0);
    }
    if (index < RING_LARGE_COUNT || index >= RING_LARGE_COUNT + KEPT_SMALL)
        give_pages_back(arena, ring);
    atomic_store(&ring->state, RING_FREE);
    atomic_fetch_and(&arena->taken[index / TAKEN_BITS],
                     ~(UINT64_C(1) << (index % TAKEN_BITS)));
}

static bool
wake_waiters(void *ctx, struct ring *ring)
{
    (void)ctx;
    ring_wake_waiters(ring);
    return true;
}

void
arena_abandon(struct arena *arena)
{
    atomic_store(&arena->abandoned, 1);
    arena_each_taken(arena, wake_waiters, NULL);
}

void
arena_kick(struct arena *arena)
{
    const uint64_t one = 1;
    ssize_t n;

    do
        n = write(arena->eventfd, &one, sizeof(one));
    while (n == -1 && errno == EINTR);      /* EAGAIN: it is readable already */
}

void
arena_kick_if_asleep(struct arena *arena)
{
    if (atomic_load(&arena->sleeping) != 0)
        arena_kick(arena);
}
