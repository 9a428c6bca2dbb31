/* ring_fixture.c - see ring_fixture.h. */
#include "config.h"

#include "test.h"

#include "ring_fixture.h"

#include <poll.h>

int
ring_fixture_setup(void **state)
{
    static struct ring_fixture f;

    if (arena_open(&f.arena, RING_FIXTURE_SIZE, NULL) != 0)
        return -1;
    f.ring = arena_take_ring(f.arena, RING_LARGE);
    ring_writer_init(&f.writer, f.arena, f.ring);
    *state = &f;
    return 0;
}

int
ring_fixture_teardown(void **state)
{
    struct ring_fixture *f = *state;

    pthread_mutex_destroy(&f->writer.mutex);
    arena_close(f->arena);
    return 0;
}

void
ring_fixture_publish(struct ring_writer *w, enum event_type type, int64_t stamp_ns, uint32_t n)
{
    static const char data[RING_FIXTURE_SIZE];
    struct event event = { .type = (uint16_t)type, .conn = 1, .stamp_ns = stamp_ns };

    event.u.message.bytes = n;
    ring_publish(w, &event, data, n, RING_MAY_LEAVE_OUT);
}

bool
ring_fixture_is_readable(const struct ring_fixture *f)
{
    struct pollfd pfd = { .fd = arena_eventfd(f->arena), .events = POLLIN };

    return poll(&pfd, 1, 0) == 1;
}

void
ring_fixture_ignore(void *ctx, struct ring *ring, const struct event *event)
{
    (void)ctx;
    (void)ring;
    (void)event;
}
