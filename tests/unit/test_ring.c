/* test_ring.c - ring: what one process publishes and the collector reads. Threads
 * stand for processes here, so that the thread sanitizer sees both sides. */
#include "config.h"

#include "test.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"

#include "records.h"
#include "ring_fixture.h"

/* What a round visited: copies of the fields that tests look at, and where it was. */
struct seen {
    int64_t stamp_ns;
    uint64_t bytes;
    uint32_t size, data_size, conn;
    uint16_t flags;
    const struct event *at;
};

struct round {
    size_t count;
    struct seen seen[64];
};

static void
note(void *ctx, struct ring *ring, const struct event *event)
{
    struct round *round = ctx;

    (void)ring;
    assert_true(round->count < 64);
    round->seen[round->count++] = (struct seen){
        .stamp_ns = event->stamp_ns,
        .bytes = event->u.message.bytes,
        .size = event->size,
        .data_size = event->data_size,
        .conn = event->conn,
        .flags = event->flags,
        .at = event,
    };
}

static void
reads_each_record_once_and_in_order(void **state)
{
    struct ring_fixture *f = *state;
    struct round round = { 0 };

    for (int i = 0; i < 10; i++)
        ring_fixture_publish(&f->writer, EVENT_RECEIVED, i, (uint32_t)i);
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), note, &round), 10);
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(round.seen[i].stamp_ns, i);
        assert_int_equal(round.seen[i].data_size, i);
        assert_int_equal(round.seen[i].size, EVENT_SIZE(i));
    }
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), note, &round), 0);
    assert_true(ring_is_drained(f->ring));
}

static void
keeps_records_whole_across_the_end_of_the_ring(void **state)
{
    struct ring_fixture *f = *state;
    struct records records = { 0 };

    for (uint64_t number = 0; number < 20000; number++) {
        records_publish(&f->writer, EVENT_SENT, 1, number, RING_WAIT);
        if (number % 11 == 0)
            arena_drain(f->arena, clock_mono_ns(), records_check, &records);
    }
    arena_drain(f->arena, clock_mono_ns(), records_check, &records);
    assert_int_equal(records.next[1], 20000);
    assert_false(records.is_damaged);
}

static void
fills_the_ring_to_its_last_byte(void **state)
{
    struct ring_fixture *f = *state;
    const uint32_t n = 1024 - (uint32_t)sizeof(struct event);
    struct round round = { 0 };

    for (int times = 0; times < 3; times++) {
        for (int i = 0; i < RING_FIXTURE_SIZE / 1024; i++)
            ring_fixture_publish(&f->writer, EVENT_TABLE, i, n);
        assert_int_equal(arena_drain(f->arena, clock_mono_ns(), note, &round),
                         RING_FIXTURE_SIZE / 1024);
    }
}

/* Publishes from inside the round, as other processes do. */
static void
publish_more(void *ctx, struct ring *ring, const struct event *event)
{
    struct ring_fixture *f = ctx;

    (void)ring;
    ring_fixture_publish(&f->writer, EVENT_RECEIVED, event->stamp_ns + 1, 8);
}

static void
a_round_takes_only_what_was_there_when_it_began(void **state)
{
    struct ring_fixture *f = *state;

    ring_fixture_publish(&f->writer, EVENT_RECEIVED, 1, 8);
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), publish_more, f), 1);
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), ring_fixture_ignore, NULL), 1);
}

static void
pointers_stay_valid_until_the_round_ends(void **state)
{
    struct ring_fixture *f = *state;
    struct round round = { 0 };

    ring_fixture_publish(&f->writer, EVENT_RECEIVED, 1, 100);
    ring_fixture_publish(&f->writer, EVENT_RECEIVED, 2, 100);
    arena_drain(f->arena, clock_mono_ns(), note, &round);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(round.seen[i].at->stamp_ns, round.seen[i].stamp_ns);
}

static void
leaves_data_out_only_beyond_three_quarters(void **state)
{
    struct ring_fixture *f = *state;
    const uint32_t n = 1024 - (uint32_t)sizeof(struct event);
    struct round round = { 0 };

    for (int i = 0; i < 15; i++)
        ring_fixture_publish(&f->writer, EVENT_RECEIVED, i, n);
    arena_drain(f->arena, clock_mono_ns(), note, &round);
    assert_int_equal(round.count, 15);
    for (uint32_t i = 0; i < 15; i++) {
        const bool is_beyond = i > RING_FIXTURE_SIZE / 1024 / 4 * 3;

        assert_int_equal(round.seen[i].flags, is_beyond ? EVENT_LEFT_OUT : 0);
        assert_int_equal(round.seen[i].data_size, is_beyond ? 0 : n);
        assert_int_equal(round.seen[i].bytes, n);
    }
}

static void
leaves_long_data_out_beyond_an_eighth(void **state)
{
    struct ring_fixture *f = *state;
    const uint32_t n = RING_LONG_DATA + 8;
    struct round round = { 0 };

    for (int i = 0; i < 5; i++)
        ring_fixture_publish(&f->writer, EVENT_RECEIVED, i, n);
    ring_fixture_publish(&f->writer, EVENT_RECEIVED, 5, RING_LONG_DATA);
    arena_drain(f->arena, clock_mono_ns(), note, &round);
    assert_int_equal(round.count, 6);
    for (uint32_t i = 0; i < 5; i++) {
        const bool is_beyond = i * EVENT_SIZE(n) > RING_FIXTURE_SIZE / 8;

        assert_int_equal(round.seen[i].data_size, is_beyond ? 0 : n);
        assert_int_equal(round.seen[i].bytes, n);
    }
    assert_int_equal(round.seen[5].data_size, RING_LONG_DATA);
}

static void
never_leaves_out_what_must_arrive_or_was_asked_for_whole(void **state)
{
    struct ring_fixture *f = *state;
    static const char data[500];
    struct event event = { .type = EVENT_RECEIVED };
    struct round round = { 0 };

    for (int i = 0; i < 12; i++)
        ring_fixture_publish(&f->writer, EVENT_TABLE, i, 1000);
    ring_fixture_publish(&f->writer, EVENT_ACCEPTED, 12, 500);
    ring_publish(&f->writer, &event, data, sizeof(data), RING_WAIT);
    arena_drain(f->arena, clock_mono_ns(), note, &round);
    assert_int_equal(round.seen[12].data_size, 500);
    assert_int_equal(round.seen[13].data_size, 500);
}

static void
continues_what_is_longer_than_a_record(void **state)
{
    struct ring_fixture *f = *state;
    const uint32_t most = RING_FIXTURE_SIZE / 4 - (uint32_t)sizeof(struct event);
    struct event event = { .type = EVENT_SENT, .flags = EVENT_DIALLED, .conn = 7 };
    struct round round = { 0 };
    char data[2 * (RING_FIXTURE_SIZE / 4)];
    uint32_t got = 0;

    for (uint32_t i = 0; i < sizeof(data); i++)
        data[i] = (char)(i * 131 >> 3);
    event.u.message.bytes = sizeof(data);
    ring_publish(&f->writer, &event, data, sizeof(data), RING_WAIT);
    arena_drain(f->arena, clock_mono_ns(), note, &round);
    assert_int_equal(round.count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct seen *part = &round.seen[i];

        assert_int_equal(part->conn, 7);
        assert_int_equal(part->flags, EVENT_DIALLED | (i < 2 ? EVENT_MORE : 0));
        assert_int_equal(part->bytes, i == 0 ? sizeof(data) : 0);
        assert_int_equal(part->data_size, i < 2 ? most : sizeof(data) - 2 * most);
        assert_memory_equal(part->at->data, data + got, part->data_size);
        got += part->data_size;
    }
    assert_int_equal(event.u.message.bytes, sizeof(data));
}

static void
merges_rings_by_stamp_and_then_by_ring(void **state)
{
    struct ring_fixture *f = *state;
    struct ring_writer writers[9];
    struct round round = { 0 };
    uint32_t seed = 1;

    for (int i = 0; i < 9; i++)
        ring_writer_init(&writers[i], f->arena,
                         arena_take_ring(f->arena, i % 2 ? RING_SMALL : RING_LARGE));
    for (int i = 0; i < 60; i++) {
        struct event event = { .type = EVENT_PING, .stamp_ns = i / 2, .conn = (uint32_t)i };

        seed = seed * 1103515245 + 12345;
        ring_publish(&writers[(seed >> 16) % 9], &event, NULL, 0, RING_WAIT);
    }
    assert_int_equal(arena_drain(f->arena, clock_mono_ns(), note, &round), 60);
    for (size_t i = 0; i < 60; i++)
        assert_int_equal(round.seen[i].stamp_ns, i / 2);
}

struct relay {
    struct ring_writer *writers[2];
    uint32_t count;
};

/* One record after the other, on either ring in turn. */
static void *
publish_in_turn(void *arg)
{
    const struct relay *relay = arg;

    for (uint32_t i = 0; i < relay->count; i++) {
        struct event event = { .type = EVENT_CLOSED, .conn = i, .stamp_ns = clock_mono_ns() };

        ring_publish(relay->writers[i % 2], &event, NULL, 0, RING_WAIT);
    }
    return NULL;
}

struct order {
    uint32_t count, wrong;
};

static void
check_order(void *ctx, struct ring *ring, const struct event *event)
{
    struct order *order = ctx;

    (void)ring;
    order->wrong += event->conn != order->count++;
}

/* The heads of the rings between theirs are read while they publish. */
static void
what_was_published_before_comes_before_on_whatever_ring(void **state)
{
    struct ring_fixture *f = *state;
    struct ring_writer last;
    struct relay relay = { .writers = { &f->writer, &last }, .count = 20000 };
    struct order order = { 0 };
    pthread_t thread;

    for (int i = 0; i < 500; i++)
        assert_non_null(arena_take_ring(f->arena, RING_SMALL));
    ring_writer_init(&last, f->arena, arena_take_ring(f->arena, RING_SMALL));
    assert_int_equal(pthread_create(&thread, NULL, publish_in_turn, &relay), 0);
    while (order.count < relay.count)
        arena_drain(f->arena, clock_mono_ns(), check_order, &order);
    pthread_join(thread, NULL);
    pthread_mutex_destroy(&last.mutex);
    assert_int_equal(order.wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        RING_TEST(reads_each_record_once_and_in_order),
        RING_TEST(keeps_records_whole_across_the_end_of_the_ring),
        RING_TEST(fills_the_ring_to_its_last_byte),
        RING_TEST(a_round_takes_only_what_was_there_when_it_began),
        RING_TEST(pointers_stay_valid_until_the_round_ends),
        RING_TEST(leaves_data_out_only_beyond_three_quarters),
        RING_TEST(leaves_long_data_out_beyond_an_eighth),
        RING_TEST(never_leaves_out_what_must_arrive_or_was_asked_for_whole),
        RING_TEST(continues_what_is_longer_than_a_record),
        RING_TEST(merges_rings_by_stamp_and_then_by_ring),
        RING_TEST(what_was_published_before_comes_before_on_whatever_ring),
    };

    return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
