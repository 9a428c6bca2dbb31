/* test_ping.c - ping: which reply pays which ping, whatever the boundaries of recv. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/ping.h"

enum { MAX = 64 };

struct probe {
    struct ping_run *run;
    struct ping_outcome list[MAX];
    size_t found;
};

static struct probe
begin(uint32_t count, uint32_t size, int64_t interval_ns, int64_t wait_ns)
{
    const struct request_ping order = {
        .count = count, .size = size, .interval_ns = interval_ns, .wait_ns = wait_ns,
    };
    struct probe probe = { .run = ping_run_new(5, &order, 1000) };

    assert_true(ping_order_is_valid(&order));
    assert_non_null(probe.run);
    return probe;
}

static void
send_one(struct probe *probe, int64_t now_ns)
{
    char *out = malloc(PING_SIZE_MAX);
    uint32_t size;

    assert_true(ping_run_next(probe->run, now_ns, out, &size));
    free(out);
}

/* Gives text to the run, all outcomes go into list. */
static void
receive_bytes(struct probe *probe, const char *data, size_t n, int64_t now_ns)
{
    probe->found = 0;
    while (n > 0) {
        size_t used;

        probe->found += ping_run_receive(probe->run, data, n, now_ns,
                                         probe->list + probe->found, MAX - probe->found, &used);
        assert_true(used > 0 && used <= n);
        data += used;
        n -= used;
    }
}

static void
receive(struct probe *probe, const char *text, int64_t now_ns)
{
    receive_bytes(probe, text, strlen(text), now_ns);
}

static void
expire(struct probe *probe, int64_t now_ns)
{
    probe->found = ping_run_expire(probe->run, now_ns, probe->list, MAX);
}

static void
expect_one(const struct probe *probe, uint32_t seq, int64_t rtt_ns)
{
    assert_int_equal(probe->found, 1);
    assert_int_equal(probe->list[0].seq, seq);
    assert_int_equal(probe->list[0].rtt_ns, rtt_ns);
}

static void
sends_exactly_ping_when_size_is_4(void **state)
{
    struct probe probe = begin(1, 4, NS_PER_S, NS_PER_S);
    char out[8] = "xxxxxxx";
    uint32_t size;

    (void)state;
    assert_true(ping_run_next(probe.run, 1000, out, &size));
    assert_int_equal(size, 4);
    assert_memory_equal(out, "pingx", 5);
    assert_false(ping_run_next(probe.run, CLOCK_NEVER - 1, out, &size));
    ping_run_free(probe.run);
}

static void
pads_a_larger_ping_with_its_number(void **state)
{
    struct probe probe = begin(12, 12, 0, NS_PER_S);
    char out[12];
    uint32_t size;

    (void)state;
    for (int i = 0; i < 12; i++)
        assert_true(ping_run_next(probe.run, 1000, out, &size));
    assert_int_equal(size, 12);
    assert_memory_equal(out, "ping 12 ....", 12);
    ping_run_free(probe.run);
}

static void
sends_at_each_interval_and_not_before(void **state)
{
    struct probe probe = begin(3, 4, 100, NS_PER_S);
    char out[4];
    uint32_t size;

    (void)state;
    assert_int_equal(ping_run_deadline(probe.run, true), 1000);
    assert_false(ping_run_next(probe.run, 999, out, &size));
    assert_true(ping_run_next(probe.run, 1000, out, &size));
    assert_int_equal(ping_run_deadline(probe.run, true), 1100);
    assert_false(ping_run_next(probe.run, 1099, out, &size));
    assert_true(ping_run_next(probe.run, 1130, out, &size));    /* late, but in step */
    assert_int_equal(ping_run_deadline(probe.run, true), 1200);
    ping_run_free(probe.run);
}

static void
does_not_hurry_after_it_was_held(void **state)
{
    struct probe probe = begin(5, 4, 100, DURATION_NONE);

    (void)state;
    send_one(&probe, 1000);
    assert_int_equal(ping_run_deadline(probe.run, false), CLOCK_NEVER);
    send_one(&probe, 1790);
    assert_int_equal(ping_run_deadline(probe.run, true), 1890);
    ping_run_free(probe.run);
}

static void
takes_ping_or_pong_as_the_reply(void **state)
{
    struct probe probe = begin(2, 4, 10, NS_PER_S);

    (void)state;
    send_one(&probe, 1000);
    receive(&probe, "pong", 1030);
    expect_one(&probe, 1, 30);
    send_one(&probe, 1040);
    assert_false(ping_run_is_over(probe.run));
    receive(&probe, "ping", 1045);
    expect_one(&probe, 2, 5);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
}

static void
finds_the_reply_among_other_bytes(void **state)
{
    static const char *const streams[] = {
        "pong", "pppong", "poping", "pinpong", "hello pong\n", "pipopipong", "p\0pong" "x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        struct probe probe = begin(1, 4, 0, NS_PER_S);
        size_t n = i == 6 ? 6 : strlen(streams[i]);

        send_one(&probe, 1000);
        receive_bytes(&probe, streams[i], n, 1001);
        expect_one(&probe, 1, 1);
        ping_run_free(probe.run);
    }
}

static void
takes_no_bytes_for_a_reply_that_are_none(void **state)
{
    static const char *const streams[] = { "pon", "pang", "PING", "po ng", "pinG", "p i n g" };

    (void)state;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        struct probe probe = begin(1, 4, 0, NS_PER_S);

        send_one(&probe, 1000);
        receive(&probe, streams[i], 1001);
        assert_int_equal(probe.found, 0);
        ping_run_free(probe.run);
    }
}

static void
joins_a_reply_that_recv_cut(void **state)
{
    struct probe probe = begin(1, 4, 0, NS_PER_S);

    (void)state;
    send_one(&probe, 1000);
    receive(&probe, "po", 1001);
    assert_int_equal(probe.found, 0);
    receive(&probe, "n", 1002);
    assert_int_equal(probe.found, 0);
    receive(&probe, "g", 1003);
    expect_one(&probe, 1, 3);
    ping_run_free(probe.run);
}

static void
finds_several_replies_in_one_recv(void **state)
{
    struct probe probe = begin(3, 4, 10, NS_PER_S);

    (void)state;
    send_one(&probe, 1000);
    send_one(&probe, 1010);
    send_one(&probe, 1020);
    receive(&probe, "pongpong\npong", 1025);
    assert_int_equal(probe.found, 3);
    assert_int_equal(probe.list[0].rtt_ns, 25);
    assert_int_equal(probe.list[1].rtt_ns, 15);
    assert_int_equal(probe.list[2].rtt_ns, 5);
    ping_run_free(probe.run);
}

static void
counts_no_bytes_from_before_a_ping_was_sent(void **state)
{
    struct probe probe = begin(1, 4, 0, NS_PER_S);

    (void)state;
    receive(&probe, "pongpo", 1000);
    send_one(&probe, 1000);
    receive(&probe, "ng", 1001);
    assert_int_equal(probe.found, 0);
    receive(&probe, "pong", 1002);
    expect_one(&probe, 1, 2);
    ping_run_free(probe.run);
}

static void
loses_a_ping_when_its_wait_has_passed(void **state)
{
    struct probe probe = begin(1, 4, 0, 500);
    struct ping_summary summary;

    (void)state;
    send_one(&probe, 1000);
    assert_int_equal(ping_run_deadline(probe.run, true), 1500);
    expire(&probe, 1499);
    assert_int_equal(probe.found, 0);
    expire(&probe, 1500);
    expect_one(&probe, 1, -1);
    expire(&probe, 1501);
    assert_int_equal(probe.found, 0);
    assert_true(ping_run_is_over(probe.run));
    ping_run_summary(probe.run, &summary);
    assert_int_equal(summary.sent, 1);
    assert_int_equal(summary.replied, 0);
    assert_int_equal(summary.lost, 1);
    assert_int_equal(summary.request, 5);
    assert_int_equal(summary.min_ns, -1);
    assert_int_equal(summary.p99_ns, -1);
    ping_run_free(probe.run);
}

static void
pays_a_late_reply_to_its_own_lost_ping(void **state)
{
    struct probe probe = begin(2, 4, 1000, 500);

    (void)state;
    send_one(&probe, 1000);
    expire(&probe, 1500);
    expect_one(&probe, 1, -1);
    send_one(&probe, 2000);
    receive(&probe, "pong", 2001);      /* of the first */
    assert_int_equal(probe.found, 0);
    receive(&probe, "pong", 2040);
    expect_one(&probe, 2, 40);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
}

static void
waits_for_ever_with_wait_none(void **state)
{
    struct probe probe = begin(1, 4, 0, DURATION_NONE);

    (void)state;
    send_one(&probe, 1000);
    assert_int_equal(ping_run_deadline(probe.run, true), CLOCK_NEVER);
    expire(&probe, CLOCK_NEVER - 1);
    assert_int_equal(probe.found, 0);
    ping_run_cancel(probe.run);
    assert_true(ping_run_deadline(probe.run, true) <= 1000);
    expire(&probe, 1001);
    expect_one(&probe, 1, -1);
    ping_run_free(probe.run);
}

static void
waits_on_for_those_sent_when_no_more_can_be(void **state)
{
    struct probe probe = begin(10, 4, 10, 500);

    (void)state;
    send_one(&probe, 1000);
    ping_run_stop(probe.run);
    assert_int_equal(ping_run_deadline(probe.run, true), 1500);
    assert_false(ping_run_is_over(probe.run));
    receive(&probe, "pong", 1020);
    expect_one(&probe, 1, 20);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
}

static void
sends_no_more_after_cancel(void **state)
{
    struct probe probe = begin(10, 4, 10, 500);
    char out[4];
    uint32_t size;

    (void)state;
    send_one(&probe, 1000);
    send_one(&probe, 1010);
    receive(&probe, "pong", 1011);
    ping_run_cancel(probe.run);
    assert_false(ping_run_next(probe.run, 1100, out, &size));
    assert_false(ping_run_is_over(probe.run));
    expire(&probe, 1012);
    expect_one(&probe, 2, -1);
    assert_true(ping_run_is_over(probe.run));
    assert_int_equal(ping_run_deadline(probe.run, true), CLOCK_NEVER);
    ping_run_free(probe.run);
}

static void
wants_a_larger_ping_back_as_it_was(void **state)
{
    struct probe probe = begin(2, 10, 0, NS_PER_S);

    (void)state;
    send_one(&probe, 1000);
    send_one(&probe, 1000);
    receive(&probe, "pong ping ping 1 ..", 1001);
    assert_int_equal(probe.found, 0);
    receive(&probe, ".", 1002);
    expect_one(&probe, 1, 2);
    receive(&probe, "ping 2 ..x" "ping 02 .." "ping 3 ..." "ping 1 ...", 1003);
    assert_int_equal(probe.found, 0);
    receive(&probe, "ping 2 ...", 1004);
    expect_one(&probe, 2, 4);
    ping_run_free(probe.run);
}

static void
pays_the_ping_that_a_larger_reply_names(void **state)
{
    struct probe probe = begin(3, 10, 0, 500);
    struct ping_summary summary;

    (void)state;
    send_one(&probe, 1000);
    send_one(&probe, 1100);
    send_one(&probe, 1200);
    receive(&probe, "ping 3 ...", 1250);        /* the answers to 1 and 2 were swallowed */
    expect_one(&probe, 3, 50);
    expire(&probe, 2000);
    assert_int_equal(probe.found, 2);
    assert_int_equal(probe.list[0].seq, 1);
    assert_int_equal(probe.list[1].seq, 2);
    assert_true(ping_run_is_over(probe.run));
    ping_run_summary(probe.run, &summary);
    assert_int_equal(summary.sent, summary.replied + summary.lost);
    ping_run_free(probe.run);
}

static void
matches_in_order_where_size_has_no_room_for_the_number(void **state)
{
    (void)state;
    for (uint32_t size = 5; size <= 7; size++) {
        struct probe probe = begin(11, size, 0, NS_PER_S);
        char out[11][8];
        uint32_t n;

        for (int i = 0; i < 11; i++)
            assert_true(ping_run_next(probe.run, 1000, out[i], &n));
        for (uint32_t i = 0; i < 11; i++) {
            receive_bytes(&probe, out[i], size, 1007);
            expect_one(&probe, i + 1, 7);
        }
        ping_run_free(probe.run);
    }
}

static void
sums_up_with_nearest_rank_percentiles(void **state)
{
    struct probe probe = begin(100, 4, 0, NS_PER_S);
    struct ping_summary summary;

    (void)state;
    for (int64_t i = 100; i >= 1; i--) {        /* RTTs 100, 99 ... 1 */
        send_one(&probe, 1000);
        receive(&probe, "pong", 1000 + i);
    }
    ping_run_summary(probe.run, &summary);
    assert_int_equal(summary.sent, 100);
    assert_int_equal(summary.replied, 100);
    assert_int_equal(summary.lost, 0);
    assert_int_equal(summary.min_ns, 1);
    assert_int_equal(summary.avg_ns, 50);
    assert_int_equal(summary.p50_ns, 50);
    assert_int_equal(summary.p99_ns, 99);
    assert_int_equal(summary.max_ns, 100);
    ping_run_free(probe.run);
}

static void
hands_out_at_most_what_fits(void **state)
{
    struct probe probe = begin(5, 4, 0, 500);
    size_t used;

    (void)state;
    for (int i = 0; i < 5; i++)
        send_one(&probe, 1000);
    assert_int_equal(ping_run_receive(probe.run, "pongpongpong", 12, 1001, probe.list, 2, &used),
                     2);
    assert_int_equal(used, 8);
    assert_int_equal(ping_run_expire(probe.run, 1500, probe.list, 2), 2);
    assert_false(ping_run_is_over(probe.run));
    assert_int_equal(ping_run_expire(probe.run, 1500, probe.list, 2), 1);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
}

static void
refuses_an_order_out_of_bounds(void **state)
{
    static const struct request_ping wrong[] = {
        { .count = 0, .size = 4 },
        { .count = PING_COUNT_MAX + 1, .size = 4 },
        { .count = 1, .size = 3 },
        { .count = 1, .size = PING_SIZE_MAX + 1 },
        { .count = 1, .size = 4, .interval_ns = DURATION_NONE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(ping_order_is_valid(&wrong[i]));
}

/* Every ping is answered, between noise; whatever the pieces, each is paid once
 * and in order. */
static void
finds_every_reply_in_random_pieces(void **state)
{
    static const char *const noise[] = { "", "p", "pi", "\n", "po", "x" };
    unsigned seed = 20261124;

    (void)state;
    for (int round = 0; round < 400; round++) {
        uint32_t count = 1 + (uint32_t)rand_r(&seed) % 20;
        uint32_t size = round % 2 == 0 ? 4 : 12 + (uint32_t)rand_r(&seed) % 30;
        struct probe probe = begin(count, size, 0, NS_PER_S);
        char stream[4096], out[64];
        size_t length = 0, at = 0;
        uint32_t paid = 0, n;

        for (uint32_t i = 0; i < count; i++) {
            const char *before = noise[(unsigned)rand_r(&seed) % 6];

            assert_true(ping_run_next(probe.run, 1000, out, &n));
            memcpy(stream + length, before, strlen(before));
            length += strlen(before);
            memcpy(stream + length, out, n);
            length += n;
        }
        while (at < length) {
            size_t piece = 1 + (size_t)rand_r(&seed) % 9;

            if (piece > length - at)
                piece = length - at;
            receive_bytes(&probe, stream + at, piece, 1001);
            for (size_t i = 0; i < probe.found; i++)
                assert_int_equal(probe.list[i].seq, ++paid);
            at += piece;
        }
        assert_int_equal(paid, count);
        assert_true(ping_run_is_over(probe.run));
        ping_run_free(probe.run);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_exactly_ping_when_size_is_4),
        cmocka_unit_test(pads_a_larger_ping_with_its_number),
        cmocka_unit_test(sends_at_each_interval_and_not_before),
        cmocka_unit_test(does_not_hurry_after_it_was_held),
        cmocka_unit_test(takes_ping_or_pong_as_the_reply),
        cmocka_unit_test(finds_the_reply_among_other_bytes),
        cmocka_unit_test(takes_no_bytes_for_a_reply_that_are_none),
        cmocka_unit_test(joins_a_reply_that_recv_cut),
        cmocka_unit_test(finds_several_replies_in_one_recv),
        cmocka_unit_test(counts_no_bytes_from_before_a_ping_was_sent),
        cmocka_unit_test(loses_a_ping_when_its_wait_has_passed),
        cmocka_unit_test(pays_a_late_reply_to_its_own_lost_ping),
        cmocka_unit_test(waits_for_ever_with_wait_none),
        cmocka_unit_test(waits_on_for_those_sent_when_no_more_can_be),
        cmocka_unit_test(sends_no_more_after_cancel),
        cmocka_unit_test(wants_a_larger_ping_back_as_it_was),
        cmocka_unit_test(pays_the_ping_that_a_larger_reply_names),
        cmocka_unit_test(matches_in_order_where_size_has_no_room_for_the_number),
        cmocka_unit_test(sums_up_with_nearest_rank_percentiles),
        cmocka_unit_test(hands_out_at_most_what_fits),
        cmocka_unit_test(refuses_an_order_out_of_bounds),
        cmocka_unit_test(finds_every_reply_in_random_pieces),
    };

    return cmocka_run_group_tests_name("ping", tests, NULL, NULL);
}
