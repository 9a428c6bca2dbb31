/* test_ping.c - ping: what is sent and when, what is lost, and the sum. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdint.h>

#include "ping_probe.h"
#include "sockdeck/base/clock.h"

static void
sends_exactly_ping_when_size_is_4(void **state)
{
    struct probe probe = probe_begin(1, 4, NS_PER_S, NS_PER_S);
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
    struct probe probe = probe_begin(12, 12, 0, NS_PER_S);
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
    struct probe probe = probe_begin(3, 4, 100, NS_PER_S);
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
    struct probe probe = probe_begin(5, 4, 100, DURATION_NONE);

    (void)state;
    probe_send(&probe, 1000);
    assert_int_equal(ping_run_deadline(probe.run, false), CLOCK_NEVER);
    probe_send(&probe, 1790);
    assert_int_equal(ping_run_deadline(probe.run, true), 1890);
    ping_run_free(probe.run);
}

static void
loses_a_ping_when_its_wait_has_passed(void **state)
{
    struct probe probe = probe_begin(1, 4, 0, 500);
    struct ping_summary summary;

    (void)state;
    probe_send(&probe, 1000);
    assert_int_equal(ping_run_deadline(probe.run, true), 1500);
    probe_expire(&probe, 1499);
    assert_int_equal(probe.found, 0);
    probe_expire(&probe, 1500);
    probe_expect(&probe, 1, -1);
    probe_expire(&probe, 1501);
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
waits_for_ever_with_wait_none(void **state)
{
    struct probe probe = probe_begin(1, 4, 0, DURATION_NONE);

    (void)state;
    probe_send(&probe, 1000);
    assert_int_equal(ping_run_deadline(probe.run, true), CLOCK_NEVER);
    probe_expire(&probe, CLOCK_NEVER - 1);
    assert_int_equal(probe.found, 0);
    ping_run_cancel(probe.run);
    assert_true(ping_run_deadline(probe.run, true) <= 1000);
    probe_expire(&probe, 1001);
    probe_expect(&probe, 1, -1);
    ping_run_free(probe.run);
}

static void
waits_on_for_those_sent_when_no_more_can_be(void **state)
{
    struct probe probe = probe_begin(10, 4, 10, 500);

    (void)state;
    probe_send(&probe, 1000);
    ping_run_stop(probe.run);
    assert_int_equal(ping_run_deadline(probe.run, true), 1500);
    assert_false(ping_run_is_over(probe.run));
    probe_receive(&probe, "pong", 1020);
    probe_expect(&probe, 1, 20);
    assert_true(ping_run_is_over(probe.run));
    ping_run_free(probe.run);
}

static void
sends_no_more_after_cancel(void **state)
{
    struct probe probe = probe_begin(10, 4, 10, 500);
    char out[4];
    uint32_t size;

    (void)state;
    probe_send(&probe, 1000);
    probe_send(&probe, 1010);
    probe_receive(&probe, "pong", 1011);
    ping_run_cancel(probe.run);
    assert_false(ping_run_next(probe.run, 1100, out, &size));
    assert_false(ping_run_is_over(probe.run));
    probe_expire(&probe, 1012);
    probe_expect(&probe, 2, -1);
    assert_true(ping_run_is_over(probe.run));
    assert_int_equal(ping_run_deadline(probe.run, true), CLOCK_NEVER);
    ping_run_free(probe.run);
}

static void
sums_up_with_nearest_rank_percentiles(void **state)
{
    struct probe probe = probe_begin(100, 4, 0, NS_PER_S);
    struct ping_summary summary;

    (void)state;
    for (int64_t i = 100; i >= 1; i--) {        /* RTTs 100, 99 ... 1 */
        probe_send(&probe, 1000);
        probe_receive(&probe, "pong", 1000 + i);
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
refuses_an_order_out_of_bounds(void **state)
{
    static const struct request_ping wrong[] = {
        { .count = 0, .size = 4 },
        { .count = PING_COUNT_MAX + 1, .size = 4 },
        { .count = 1, .size = 3 },
        { .count = 1, .size = 6 },      /* no room for "ping 1 " */
        { .count = 10, .size = 7 },
        { .count = 1, .size = PING_SIZE_MAX + 1 },
        { .count = 1, .size = 4, .interval_ns = DURATION_NONE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(ping_order_is_valid(&wrong[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sends_exactly_ping_when_size_is_4),
        cmocka_unit_test(pads_a_larger_ping_with_its_number),
        cmocka_unit_test(sends_at_each_interval_and_not_before),
        cmocka_unit_test(does_not_hurry_after_it_was_held),
        cmocka_unit_test(loses_a_ping_when_its_wait_has_passed),
        cmocka_unit_test(waits_for_ever_with_wait_none),
        cmocka_unit_test(waits_on_for_those_sent_when_no_more_can_be),
        cmocka_unit_test(sends_no_more_after_cancel),
        cmocka_unit_test(sums_up_with_nearest_rank_percentiles),
        cmocka_unit_test(refuses_an_order_out_of_bounds),
    };

    return cmocka_run_group_tests_name("ping", tests, NULL, NULL);
}
