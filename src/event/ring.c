/* ring.c - the producer's side of a ring; see ring.h. */
#include "config.h"

#include "sockdeck/event/ring.h"

#include <string.h>
#include <unistd.h>

#include "layout.h"

enum outcome { NO_ROOM, APPENDED, PASSED_HALF };

void
ring_writer_init(struct ring_writer *w, struct arena *arena, struct ring *ring)
{
    pthread_mutexattr_t attributes;

    w->arena = arena;
    w->ring = ring;
    w->parent = getpid() == arena->owner ? 0 : getppid();
    atomic_store(&ring->pid, getpid());
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(&w->mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

/* What a record of size bytes takes at head, with the pad before it. */
static uint32_t
space_taken(const struct ring *ring, uint64_t head, uint32_t size)
{
    const uint32_t to_end = ring->size - (uint32_t)(head & (ring->size - 1));

    return size <= to_end ? size : to_end + size;
}

static void
write_record(struct ring *ring, uint64_t head, const struct event *record, const void *data)
{
    const uint32_t at = (uint32_t)(head & (ring->size - 1));
    struct event *to = (struct event *)(ring_data(ring) + at);

    if (record->size > ring->size - at) {
        to->size = ring->size - at;
        to->type = EVENT_PAD;
        to = (struct event *)ring_data(ring);
    }
    memcpy(to, record, sizeof(*record));
    if (record->data_size > 0)
        memcpy(to->data, data, record->data_size);
}

/* The mutex is held, so head is ours. Its store publishes pad and record at once,
 * and is ordered before the look at sleeping (see arena_prepare_sleep). */
static enum outcome
append(struct ring *ring, const struct event *record, const void *data)
{
    const uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    const uint64_t used = head - atomic_load_explicit(&ring->tail, memory_order_acquire);
    const uint32_t taken = space_taken(ring, head, record->size);

    if (used + taken > ring->size)
        return NO_ROOM;
    write_record(ring, head, record, data);
    atomic_store(&ring->head, head + taken);
    return used <= ring->size / 2 && used + taken > ring->size / 2 ? PASSED_HALF : APPENDED;
}

/* Nobody will make room: the console is gone, or it has stopped draining. */
static bool
is_abandoned(const struct ring_writer *w)
{
    return atomic_load(&w->arena->abandoned) != 0 ||
           (w->parent != 0 && getppid() != w->parent);
}

/* The mutex is not held. waiters is set before tail is looked at, and the collector
 * moves tail before it looks at waiters: one of the two sees the other. */
static void
wait_for_room(struct ring_writer *w, uint32_t size)
{
    struct ring *ring = w->ring;
    uint64_t head, used;

    arena_kick(w->arena);
    atomic_store(&ring->waiters, 1);
    head = atomic_load(&ring->head);
    used = head - atomic_load(&ring->tail);
    if (used + space_taken(ring, head, size) > ring->size)
        futex_wait(&ring->waiters, 1);
}

static void
publish_record(struct ring_writer *w, struct event *record, const void *data, uint32_t n)
{
    enum outcome outcome;

    record->data_size = n;
    record->size = EVENT_SIZE(n);
    for (;;) {
        pthread_mutex_lock(&w->mutex);
        outcome = append(w->ring, record, data);
        pthread_mutex_unlock(&w->mutex);
        if (outcome != NO_ROOM)
            break;
        if (is_abandoned(w))
            return;
        wait_for_room(w, record->size);
    }
    if (outcome == PASSED_HALF || (record->flags & EVENT_URGENT) != 0)
        arena_kick(w->arena);
    else
        arena_kick_if_asleep(w->arena);
}

/* From half of the ring on the collector hurries: it has a quarter more to come in time.
 * Long data costs its flow more than all else that is reported of it, and fills a ring
 * before the screen has shown any of it. */
static bool
has_no_room_for(const struct ring *ring, uint32_t n)
{
    /* Before head, which may move meanwhile: used is never less than nothing. */
    const uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    const uint64_t used = atomic_load_explicit(&ring->head, memory_order_relaxed) - tail;

    return used > (n > RING_LONG_DATA ? ring->size / 8 : ring->size / 4 * 3);
}

/* The first record carries the details, the following ones only bytes. */
static void
publish_continued(struct ring_writer *w, const struct event *head, const char *data,
                  uint32_t n, uint32_t most)
{
    struct event part = *head;

    for (part.flags |= EVENT_MORE; n > most; n -= most, data += most) {
        publish_record(w, &part, data, most);
        memset(&part.u, 0, sizeof(part.u));
    }
    part.flags = head->flags;
    publish_record(w, &part, data, n);
}

void
ring_publish(struct ring_writer *w, struct event *head, const void *data, uint32_t n,
             enum ring_policy policy)
{
    const uint32_t most = w->ring->size / RING_SHARE - (uint32_t)sizeof(struct event);

    head->flags &= (uint16_t)~EVENT_LEFT_OUT;
    if (n > 0 && policy == RING_MAY_LEAVE_OUT && !event_infos[head->type].must_arrive &&
        has_no_room_for(w->ring, n)) {
        head->flags |= EVENT_LEFT_OUT;
        n = 0;
    }
    if (n <= most)
        publish_record(w, head, data, n);
    else
        publish_continued(w, head, data, n, most);
}
