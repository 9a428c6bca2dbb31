/* test_ring.c - ring: what one process publishes and the collector reads. Threads
 * stand for processes here, so that the thread sanitizer sees both sides. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"

#include "records.h"

enum { LARGE = 16384 };

struct fixture {
    struct arena *arena;
    struct ring *ring;
    struct ring_writer writer;
};

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

static int
open_arena(void **state)
{
    static struct fixture f;

    if (arena_open(&f.arena, LARGE, NULL) != 0)
        return -1;
    f.ring = arena_take_ring(f.arena, RING_LARGE);
    ring_writer_init(&f.writer, f.arena, f.ring);
    *state = &f;
    return 0;
}

static int
close_arena(void **state)
{
    struct fixture *f = *state;

    pthread_mutex_destroy(&f->writer.mutex);
    arena_close(f->arena);
    return 0;
}

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
ignore(void *ctx, struct ring *ring, const struct event *event)
{
    (void)ctx;
    (void)ring;
    (void)event;
}

static void
publish(struct ring_writer *w, enum event_type type, int64_t stamp_ns, uint32_t n)
{
    static const char data[LARGE];
    struct event event = { .type = (uint16_t)type, .conn = 1, .stamp_ns = stamp_ns };

    event.u.message.bytes = n;
    ring_publish(w, &event, data, n, RING_MAY_LEAVE_OUT);
}

static bool
is_readable(const struct arena *arena)
{
    struct pollfd pfd = { .fd = arena_eventfd(arena), .events = POLLIN };

    return poll(&pfd, 1, 0) == 1;
}

static void
reads_each_record_once_and_in_order(void **state)
{
    struct fixture *f = *state;
    struct round round = { 0 };

    for (int i = 0; i < 10; i++)
        publish(&f->writer, EVENT_RECEIVED, i, (uint32_t)i);
    assert_int_equal(arena_drain(f->arena, note, &round), 10);
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(round.seen[i].stamp_ns, i);
        assert_int_equal(round.seen[i].data_size, i);
        assert_int_equal(round.seen[i].size, EVENT_SIZE(i));
    }
    assert_int_equal(arena_drain(f->arena, note, &round), 0);
    assert_true(ring_is_drained(f->ring));
}

static void
keeps_records_whole_across_the_end_of_the_ring(void **state)
{
    struct fixture *f = *state;
    struct records records = { 0 };

    for (uint64_t number = 0; number < 20000; number++) {
        records_publish(&f->writer, EVENT_SENT, 1, number, RING_WAIT);
        if (number % 11 == 0)
            arena_drain(f->arena, records_check, &records);
    }
    arena_drain(f->arena, records_check, &records);
    assert_int_equal(records.next[1], 20000);
    assert_false(records.is_damaged);
}

static void
fills_the_ring_to_its_last_byte(void **state)
{
    struct fixture *f = *state;
    const uint32_t n = 1024 - (uint32_t)sizeof(struct event);
    struct round round = { 0 };

    for (int times = 0; times < 3; times++) {
        for (int i = 0; i < LARGE / 1024; i++)
            publish(&f->writer, EVENT_TABLE, i, n);
        assert_int_equal(arena_drain(f->arena, note, &round), LARGE / 1024);
    }
}

/* Publishes from inside the round, as other processes do. */
static void
publish_more(void *ctx, struct ring *ring, const struct event *event)
{
    struct fixture *f = ctx;

    (void)ring;
    publish(&f->writer, EVENT_RECEIVED, event->stamp_ns + 1, 8);
}

static void
a_round_takes_only_what_was_there_when_it_began(void **state)
{
    struct fixture *f = *state;

    publish(&f->writer, EVENT_RECEIVED, 1, 8);
    assert_int_equal(arena_drain(f->arena, publish_more, f), 1);
    assert_int_equal(arena_drain(f->arena, ignore, NULL), 1);
}

static void
pointers_stay_valid_until_the_round_ends(void **state)
{
    struct fixture *f = *state;
    struct round round = { 0 };

    publish(&f->writer, EVENT_RECEIVED, 1, 100);
    publish(&f->writer, EVENT_RECEIVED, 2, 100);
    arena_drain(f->arena, note, &round);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(round.seen[i].at->stamp_ns, round.seen[i].stamp_ns);
}

static void
leaves_data_out_only_beyond_half_full(void **state)
{
    struct fixture *f = *state;
    const uint32_t n = 1024 - (uint32_t)sizeof(struct event);
    struct round round = { 0 };

    for (int i = 0; i < 12; i++)
        publish(&f->writer, EVENT_RECEIVED, i, n);
    arena_drain(f->arena, note, &round);
    assert_int_equal(round.count, 12);
    for (uint32_t i = 0; i < 12; i++) {
        const bool is_beyond_half = i > LARGE / 1024 / 2;

        assert_int_equal(round.seen[i].flags, is_beyond_half ? EVENT_LEFT_OUT : 0);
        assert_int_equal(round.seen[i].data_size, is_beyond_half ? 0 : n);
        assert_int_equal(round.seen[i].bytes, n);
    }
}

static void
leaves_long_data_out_beyond_an_eighth(void **state)
{
    struct fixture *f = *state;
    const uint32_t n = RING_LONG_DATA + 8;
    struct round round = { 0 };

    for (int i = 0; i < 5; i++)
        publish(&f->writer, EVENT_RECEIVED, i, n);
    publish(&f->writer, EVENT_RECEIVED, 5, RING_LONG_DATA);
    arena_drain(f->arena, note, &round);
    assert_int_equal(round.count, 6);
    for (uint32_t i = 0; i < 5; i++) {
        const bool is_beyond = i * EVENT_SIZE(n) > LARGE / 8;

        assert_int_equal(round.seen[i].data_size, is_beyond ? 0 : n);
        assert_int_equal(round.seen[i].bytes, n);
    }
    assert_int_equal(round.seen[5].data_size, RING_LONG_DATA);
}

static void
never_leaves_out_what_must_arrive_or_was_asked_for_whole(void **state)
{
    struct fixture *f = *state;
    static const char data[500];
    struct event event = { .type = EVENT_RECEIVED };
    struct round round = { 0 };

    for (int i = 0; i < 12; i++)
        publish(&f->writer, EVENT_TABLE, i, 1000);
    publish(&f->writer, EVENT_ACCEPTED, 12, 500);
    ring_publish(&f->writer, &event, data, sizeof(data), RING_WAIT);
    arena_drain(f->arena, note, &round);
    assert_int_equal(round.seen[12].data_size, 500);
    assert_int_equal(round.seen[13].data_size, 500);
}

static void
continues_what_is_longer_than_a_record(void **state)
{
    struct fixture *f = *state;
    const uint32_t most = LARGE / 4 - (uint32_t)sizeof(struct event);
    struct event event = { .type = EVENT_SENT, .flags = EVENT_DIALLED, .conn = 7 };
    struct round round = { 0 };
    char data[2 * (LARGE / 4)];
    uint32_t got = 0;

    for (uint32_t i = 0; i < sizeof(data); i++)
        data[i] = (char)(i * 131 >> 3);
    event.u.message.bytes = sizeof(data);
    ring_publish(&f->writer, &event, data, sizeof(data), RING_WAIT);
    arena_drain(f->arena, note, &round);
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
    struct fixture *f = *state;
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
    assert_int_equal(arena_drain(f->arena, note, &round), 60);
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
    struct fixture *f = *state;
    struct ring_writer last;
    struct relay relay = { .writers = { &f->writer, &last }, .count = 20000 };
    struct order order = { 0 };
    pthread_t thread;

    for (int i = 0; i < 500; i++)
        assert_non_null(arena_take_ring(f->arena, RING_SMALL));
    ring_writer_init(&last, f->arena, arena_take_ring(f->arena, RING_SMALL));
    assert_int_equal(pthread_create(&thread, NULL, publish_in_turn, &relay), 0);
    while (order.count < relay.count)
        arena_drain(f->arena, check_order, &order);
    pthread_join(thread, NULL);
    pthread_mutex_destroy(&last.mutex);
    assert_int_equal(order.wrong, 0);
}

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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
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
    for (int i = 0; i < 2 * LARGE / 1000; i++)
        publish(arg, EVENT_TABLE, i, 1000);
    return NULL;
}

static void
who_waits_for_room_is_let_go_when_nobody_drains_any_more(void **state)
{
    struct fixture *f = *state;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, overfill, &f->writer), 0);
    arena_abandon(f->arena);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void
sleeps_only_when_nothing_is_there(void **state)
{
    struct fixture *f = *state;

    assert_true(arena_prepare_sleep(f->arena));
    arena_wake_up(f->arena);
    publish(&f->writer, EVENT_SENT, 1, 0);
    assert_false(arena_prepare_sleep(f->arena));
    arena_drain(f->arena, ignore, NULL);
    assert_true(arena_prepare_sleep(f->arena));
    assert_false(is_readable(f->arena));
}

static void
does_not_sleep_on_a_dead_ring(void **state)
{
    struct fixture *f = *state;
    struct ring *dead = arena_take_ring(f->arena, RING_SMALL);

    ring_set_dead(dead);
    arena_kick_if_asleep(f->arena);
    assert_false(is_readable(f->arena));
    assert_false(arena_prepare_sleep(f->arena));
    ring_release(f->arena, dead);
    assert_true(arena_prepare_sleep(f->arena));
    arena_kick_if_asleep(f->arena);
    assert_true(is_readable(f->arena));
}

static void
wakes_a_collector_that_sleeps_and_no_other(void **state)
{
    struct fixture *f = *state;
    struct event urgent = { .type = EVENT_REPLY, .flags = EVENT_URGENT };

    publish(&f->writer, EVENT_SENT, 1, 0);
    assert_false(is_readable(f->arena));
    ring_publish(&f->writer, &urgent, NULL, 0, RING_WAIT);
    assert_true(is_readable(f->arena));
    arena_wake_up(f->arena);
    assert_false(is_readable(f->arena));

    arena_drain(f->arena, ignore, NULL);
    assert_true(arena_prepare_sleep(f->arena));
    publish(&f->writer, EVENT_SENT, 1, 0);
    assert_true(is_readable(f->arena));
}

static void
a_ring_that_passes_half_hurries_the_collector(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < LARGE / 2 / 1024; i++)
        publish(&f->writer, EVENT_SENT, i, 1024 - (uint32_t)sizeof(struct event));
    assert_false(is_readable(f->arena));
    publish(&f->writer, EVENT_SENT, 99, 0);
    assert_true(is_readable(f->arena));
}

struct echo {
    struct fixture *f;
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
    struct fixture *f = *state;
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
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(reads_each_record_once_and_in_order),
        WITH_ARENA(keeps_records_whole_across_the_end_of_the_ring),
        WITH_ARENA(fills_the_ring_to_its_last_byte),
        WITH_ARENA(a_round_takes_only_what_was_there_when_it_began),
        WITH_ARENA(pointers_stay_valid_until_the_round_ends),
        WITH_ARENA(leaves_data_out_only_beyond_half_full),
        WITH_ARENA(leaves_long_data_out_beyond_an_eighth),
        WITH_ARENA(never_leaves_out_what_must_arrive_or_was_asked_for_whole),
        WITH_ARENA(continues_what_is_longer_than_a_record),
        WITH_ARENA(merges_rings_by_stamp_and_then_by_ring),
        WITH_ARENA(what_was_published_before_comes_before_on_whatever_ring),
        WITH_ARENA(waits_for_room_and_loses_nothing_that_must_arrive),
        WITH_ARENA(counts_every_message_when_bytes_are_left_out),
        WITH_ARENA(who_waits_for_room_is_let_go_when_nobody_drains_any_more),
        WITH_ARENA(sleeps_only_when_nothing_is_there),
        WITH_ARENA(does_not_sleep_on_a_dead_ring),
        WITH_ARENA(wakes_a_collector_that_sleeps_and_no_other),
        WITH_ARENA(a_ring_that_passes_half_hurries_the_collector),
        WITH_ARENA(no_wake_up_is_lost_between_threads),
    };

    return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
