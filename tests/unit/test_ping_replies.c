/* test_ping_replies.c - ping: which reply pays which ping, whatever the boundaries of recv. */
#include "config.h"

#include "test.h"

#include <stdint.h>
#include <string.h>

#include "ping_probe.h"
#include "sockdeck/base/clock.h"

static void
takes_ping_or_pong_as_the_reply(void **state)
{
    struct probe probe = probe_begin(2, 4, 10, NS_PER_S);

    (void)state;
    probe_send(&probe, 1000);
    probe_receive(&probe, "pong", 1030);
    probe_expect(&probe, 1, 30);
    probe_send(&probe, 1040);
    assert_false(ping_run_is_over(probe.run));
    probe_receive(&probe, "ping", 1045);
    probe_expect(&probe, 2, 5);
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
        struct probe probe = probe_begin(1, 4, 0, NS_PER_S);
        size_t n = i == 6 ? 6 : strlen(streams[i]);

        probe_send(&probe, 1000);
        probe_receive_bytes(&probe, streams[i], n, 1001);
        probe_expect(&probe, 1, 1);
        ping_run_free(probe.run);
    }
}

static void
takes_no_bytes_for_a_reply_that_are_none(void **state)
{
    static const char *const streams[] = { "pon", "pang", "PING", "po ng", "pinG", "p i n g" };

    (void)state;
    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        struct probe probe = probe_begin(1, 4, 0, NS_PER_S);

        probe_send(&probe, 1000);
        probe_receive(&probe, streams[i], 1001);
        assert_int_equal(probe.found, 0);
        ping_run_free(probe.run);
    }
}

static void
joins_a_reply_that_recv_cut(void **state)
{
    struct probe probe = probe_begin(1, 4, 0, NS_PER_S);

    (void)state;
    probe_send(&probe, 1000);
    probe_receive(&probe, "po", 1001);
    assert_int_equal(probe.found, 0);
    probe_receive(&probe, "n", 1002);
    assert_int_equal(probe.found, 0);
    probe_receive(&probe, "g", 1003);
    probe_expect(&probe, 1, 3);
    ping_run_free(probe.run);
}

static void
finds_several_replies_in_one_recv(void **state)
{
    struct probe probe = probe_begin(3, 4, 10, NS_PER_S);

    (void)state;
    probe_send(&probe, 1000);
    probe_send(&probe, 1010);
    probe_send(&probe, 1020);
    probe_receive(&probe, "pongpong\npong", 1025);
    assert_int_equal(probe.found, 3);
    assert_int_equal(probe.list[0].rtt_ns, 25);
    assert_int_equal(probe.list[1].rtt_ns, 15);
    assert_int_equal(probe.list[2].rtt_ns, 5);
    ping_run_free(probe.run);
}

static void
counts_no_bytes_from_before_a_ping_was_sent(void **state)
{
    struct probe probe = probe_begin(1, 4, 0, NS_PER_S);

    (void)state;
    probe_receive(&probe, "pongpo", 1000);
    probe_send(&probe, 1000);
    probe_receive(&probe, "ng", 1001);
    assert_int_equal(probe.found, 0);
    probe_receive(&probe, "pong", 1002);
    probe_expect(&probe, 1, 2);
    ping_run_free(probe.run);
}

static void
pays_a_late_reply_to_its_own_lost_ping(void **state)
{
    struct probe probe = probe_begin(2, 4, 1000, 500);

    (void)state;
    probe_send(&probe, 1000);
    probe_expire(&probe, 1500);
    probe_expect(&probe, 1, -1);
    probe_send(&probe, 2000);
    probe_receive(&probe, "pong", 2001);      /* of the first */
    assert_int_equal(probe.found, 0);
    probe_receive(&probe, "pong", 2040);
    probe_expect(&probe, 2, 40);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
}

static void
wants_a_larger_ping_back_as_it_was(void **state)
{
    struct probe probe = probe_begin(2, 10, 0, NS_PER_S);

    (void)state;
    probe_send(&probe, 1000);
    probe_send(&probe, 1000);
    probe_receive(&probe, "pong ping ping 1 ..", 1001);
    assert_int_equal(probe.found, 0);
    probe_receive(&probe, ".", 1002);
    probe_expect(&probe, 1, 2);
    probe_receive(&probe, "ping 2 ..x" "ping 02 .." "ping 3 ..." "ping 1 ...", 1003);
    assert_int_equal(probe.found, 0);
    probe_receive(&probe, "ping 2 ...", 1004);
    probe_expect(&probe, 2, 4);
    ping_run_free(probe.run);
}

static void
pays_the_ping_that_a_larger_reply_names(void **state)
{
    struct probe probe = probe_begin(3, 10, 0, 500);
    struct ping_summary summary;

    (void)state;
    probe_send(&probe, 1000);
    probe_send(&probe, 1100);
    probe_send(&probe, 1200);
    probe_receive(&probe, "ping 3 ...", 1250);        /* the answers to 1 and 2 were swallowed */
    probe_expect(&probe, 3, 50);
    probe_expire(&probe, 2000);
    assert_int_equal(probe.found, 2);
    assert_int_equal(probe.list[0].seq, 1);
    assert_int_equal(probe.list[1].seq, 2);
    assert_true(ping_run_is_over(probe.run));
    ping_run_summary(probe.run, &summary);
    assert_int_equal(summary.sent, summary.replied + summary.lost);
    ping_run_free(probe.run);
}

static void
hands_out_at_most_what_fits(void **state)
{
    struct probe probe = probe_begin(5, 4, 0, 500);
    size_t used;

    (void)state;
    for (int i = 0; i < 5; i++)
        probe_send(&probe, 1000);
    assert_int_equal(ping_run_receive(probe.run, "pongpongpong", 12, 1001, probe.list, 2, &used),
                     2);
    assert_int_equal(used, 8);
    assert_int_equal(ping_run_expire(probe.run, 1500, probe.list, 2), 2);
    assert_false(ping_run_is_over(probe.run));
    assert_int_equal(ping_run_expire(probe.run, 1500, probe.list, 2), 1);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
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
        struct probe probe = probe_begin(count, size, 0, NS_PER_S);
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
            probe_receive_bytes(&probe, stream + at, piece, 1001);
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
        cmocka_unit_test(takes_ping_or_pong_as_the_reply),
        cmocka_unit_test(finds_the_reply_among_other_bytes),
        cmocka_unit_test(takes_no_bytes_for_a_reply_that_are_none),
        cmocka_unit_test(joins_a_reply_that_recv_cut),
        cmocka_unit_test(finds_several_replies_in_one_recv),
        cmocka_unit_test(counts_no_bytes_from_before_a_ping_was_sent),
        cmocka_unit_test(pays_a_late_reply_to_its_own_lost_ping),
        cmocka_unit_test(wants_a_larger_ping_back_as_it_was),
        cmocka_unit_test(pays_the_ping_that_a_larger_reply_names),
        cmocka_unit_test(hands_out_at_most_what_fits),
        cmocka_unit_test(finds_every_reply_in_random_pieces),
    };

    return cmocka_run_group_tests_name("ping, replies", tests, NULL, NULL);
}
