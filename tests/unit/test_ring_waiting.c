/* test_ring_waiting.c - ring: who waits for room, and who is woken. Threads stand for
 * processes here, so that the thread sanitizer sees both sides. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"

#include "records.h"
#include "ring_fixture.h"

struct producing {
    struct ring_writer *writer;
    enum event_type type;
    uint32_t producer;
    uint64_t count;
};

static void *
produce(void *arg)
{
    const struct producing *p = arg;

    for (uint64_t number = 0; number < p->count; number++)
        records_publish(p->writer, p->type, p->producer, number, RING_MAY_LEAVE_OUT);
    return NULL;
}

static void
waits_for_room_and_loses_nothing_that_must_arrive(void **state)
{
    struct ring_fixture *f = *state;
    struct records records = { 0 };
    struct producing producing[4];
    pthread_t threads[4];

    for (uint32_t i = 0; i < 4; i++) {
        producing[i] = (struct producing){ &f->writer, EVENT_TABLE, i, 5000 };
        assert_int_equal(pthread_create(&threads[i], NULL, produce, &producing[i]), 0);
    }
    for (uint32_t i = 0; i < 4; i++)
        assert_true(records_collect(f->arena, &records, i, 5000));
    for (uint32_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_false(records.is_damaged);
    assert_int_equal(records.left_out, 0);
}

static void
counts_every_message_when_bytes_are_left_out(void **state)
{
    struct ring_fixture *f = *state;
    struct records records = { 0 };
    struct producing producing = { &f->writer, EVENT_RECEIVED, 3, 20000 };
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, produce, &producing), 0);
    assert_true(records_collect(f->arena, &records, 3, 20000));
    pthread_join(thread, NULL);
    assert_false(records.is_damaged);
}

static void *
overfill(void *arg)
{
    for (int i = 0; i < 2 * RING_FIXTURE_SIZE / 1000; i++)
        ring_fixture_publish(arg, EVENT_TABLE, i, 1000);
    return NULL;
}

static void
who_waits_for_room_is_let_go_when_nobody_drains_any_more(void **state)
{
    struct ring_fixture *f = *state;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, overfill, &f->writer), 0);
    arena_abandon(f->arena);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void
sleeps_only_when_nothing_is_there(void **state)
{
    struct ring_fixture *f = *state;

    assert_true(arena_prepare_sleep(f->arena));
    arena_wake_up(f->arena);
    ring_fixture_publish(&f->writer, EVENT_SENT, 1, 0);
    assert_false(arena_prepare_sleep(f->arena));
    arena_drain(f->arena, clock_mono_ns(), ring_fixture_ignore, NULL);
    assert_true(arena_prepare_sleep(f->arena));
    assert_false(ring_fixture_is_readable(f));
}

static void
does_not_sleep_on_a_dead_ring(void **state)
{
    struct ring_fixture *f = *state;
    struct ring *dead = arena_take_ring(f->arena, RING_SMALL);

    ring_set_dead(dead);
    arena_kick_if_asleep(f->arena);
    assert_false(ring_fixture_is_readable(f));
    assert_false(arena_prepare_sleep(f->arena));
    ring_release(f->arena, dead);
    assert_true(arena_prepare_sleep(f->arena));
    arena_kick_if_asleep(f->arena);
    assert_true(ring_fixture_is_readable(f));
}

static void
wakes_a_collector_that_sleeps_and_no_other(void **state)
{
    struct ring_fixture *f = *state;
    struct event urgent = { .type = EVENT_REPLY, .flags = EVENT_URGENT };

    ring_fixture_publish(&f->writer, EVENT_SENT, 1, 0);
    assert_false(ring_fixture_is_readable(f));
    ring_publish(&f->writer, &urgent, NULL, 0, RING_WAIT);
    assert_true(ring_fixture_is_readable(f));
    arena_wake_up(f->arena);
    assert_false(ring_fixture_is_readable(f));

    arena_drain(f->arena, clock_mono_ns(), ring_fixture_ignore, NULL);
    assert_true(arena_prepare_sleep(f->arena));
    ring_fixture_publish(&f->writer, EVENT_SENT, 1, 0);
    assert_true(ring_fixture_is_readable(f));
}

static void
a_ring_that_passes_half_hurries_the_collector(void **state)
{
    struct ring_fixture *f = *state;

    for (int i = 0; i < RING_FIXTURE_SIZE / 2 / 1024; i++)
        ring_fixture_publish(&f->writer, EVENT_SENT, i, 1024 - (uint32_t)sizeof(struct event));
    assert_false(ring_fixture_is_readable(f));
    ring_fixture_publish(&f->writer, EVENT_SENT, 99, 0);
    assert_true(ring_fixture_is_readable(f));
}

struct echo {
    struct ring_fixture *f;
    uint32_t producer;
    int acks[2];
};

enum { ECHOES = 10000 };

/* Publishes one record, then waits until the collector has seen it. */
static void *
publish_and_wait(void *arg)
{
    struct echo *echo = arg;
    char ack;

    for (uint64_t number = 0; number < ECHOES; number++) {
        records_publish(&echo->f->writer, EVENT_PING, echo->producer, number, RING_WAIT);
        if (read(echo->acks[0], &ack, 1) != 1)
            break;
    }
    return NULL;
}

static void
no_wake_up_is_lost_between_threads(void **state)
{
    struct ring_fixture *f = *state;
    struct echo echoes[2];
    struct records records = { 0 };
    pthread_t threads[2];
    bool is_woken = true;

    for (uint32_t i = 0; i < 2; i++) {
        echoes[i] = (struct echo){ .f = f, .producer = i };
        assert_int_equal(pipe(echoes[i].acks), 0);
        assert_int_equal(pthread_create(&threads[i], NULL, publish_and_wait, &echoes[i]), 0);
    }
    for (uint64_t number = 0; number < ECHOES && is_woken; number++)
        for (uint32_t i = 0; i < 2; i++) {
            is_woken = is_woken && records_collect(f->arena, &records, i, number + 1);
            assert_int_equal(write(echoes[i].acks[1], "", 1), 1);
        }
    for (uint32_t i = 0; i < 2; i++) {
        close(echoes[i].acks[1]);
        pthread_join(threads[i], NULL);
        close(echoes[i].acks[0]);
    }
    assert_true(is_woken);
    assert_false(records.is_damaged);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RING_TEST(waits_for_room_and_loses_nothing_that_must_arrive),
        RING_TEST(counts_every_message_when_bytes_are_left_out),
        RING_TEST(who_waits_for_room_is_let_go_when_nobody_drains_any_more),
        RING_TEST(sleeps_only_when_nothing_is_there),
        RING_TEST(does_not_sleep_on_a_dead_ring),
        RING_TEST(wakes_a_collector_that_sleeps_and_no_other),
        RING_TEST(a_ring_that_passes_half_hurries_the_collector),
        RING_TEST(no_wake_up_is_lost_between_threads),
    };

    return cmocka_run_group_tests_name("ring waiting", tests, NULL, NULL);
}
