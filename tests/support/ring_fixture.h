/* ring_fixture.h - an arena of small size with one ring that a test publishes on. */
#ifndef SOCKDECK_TESTS_RING_FIXTURE_H
#define SOCKDECK_TESTS_RING_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"

enum { RING_FIXTURE_SIZE = 16384 };     /* bytes of a large ring */

struct ring_fixture {
    struct arena *arena;
    struct ring *ring;
    struct ring_writer writer;
};

/* For cmocka: *state is a struct ring_fixture. */
int ring_fixture_setup(void **state);
int ring_fixture_teardown(void **state);
#define RING_TEST(name) \
    cmocka_unit_test_setup_teardown(name, ring_fixture_setup, ring_fixture_teardown)

/* A record of connection 1 with n bytes, which may be left out. */
void ring_fixture_publish(struct ring_writer *w, enum event_type type, int64_t stamp_ns, uint32_t n);
/* The collector has been woken. */
bool ring_fixture_is_readable(const struct ring_fixture *f);
/* For arena_drain. */
void ring_fixture_ignore(void *ctx, struct ring *ring, const struct event *event);

#endif
