/* test_clock.c - clock: deadlines for poll, and times as text. */
#include "config.h"

#include "test.h"

#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>

#include "sockdeck/base/clock.h"

static void
the_monotonic_clock_goes_forward(void **state)
{
    int64_t before = clock_mono_ns();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_mono_ns();

        assert_true(now >= before);
        before = now;
    }
    assert_true(clock_wall_ns() > INT64_C(1500000000) * NS_PER_S);
}

static void
poll_waits_until_the_deadline_has_passed_and_no_longer(void **state)
{
    (void)state;
    assert_int_equal(clock_poll_ms(5 * NS_PER_MS, 0), 5);
    assert_int_equal(clock_poll_ms(5 * NS_PER_MS + 1, 0), 6);
    assert_int_equal(clock_poll_ms(1, 0), 1);
    assert_int_equal(clock_poll_ms(10, 10), 0);
    assert_int_equal(clock_poll_ms(10, 11), 0);
    assert_int_equal(clock_poll_ms(0, NS_PER_S), 0);
}

static void
a_deadline_that_never_comes_waits_for_ever(void **state)
{
    (void)state;
    assert_int_equal(clock_poll_ms(CLOCK_NEVER, 0), -1);
    assert_int_equal(clock_poll_ms(CLOCK_NEVER, CLOCK_NEVER), -1);
    assert_int_equal(clock_poll_ms(CLOCK_NEVER - 1, 0), INT_MAX);
}

static void
after_poll_the_deadline_is_behind(void **state)
{
    int64_t deadline = clock_mono_ns() + 3 * NS_PER_MS + 1;

    (void)state;
    assert_int_equal(poll(NULL, 0, clock_poll_ms(deadline, clock_mono_ns())), 0);
    assert_true(clock_mono_ns() >= deadline);
}

static void
writes_utc_with_microseconds(void **state)
{
    char buf[32];

    (void)state;
    clock_format_rfc3339(buf, INT64_C(1795551272) * NS_PER_S + 123456789);
    assert_string_equal(buf, "2026-11-24T20:14:32.123456Z");
    clock_format_rfc3339(buf, 0);
    assert_string_equal(buf, "1970-01-01T00:00:00.000000Z");
    clock_format_rfc3339(buf, INT64_C(951782399) * NS_PER_S + 999999999);
    assert_string_equal(buf, "2000-02-28T23:59:59.999999Z");
}

static void
writes_times_before_the_epoch_and_at_the_ends(void **state)
{
    char buf[32], small[16];

    (void)state;
    clock_format_rfc3339(buf, -1);
    assert_string_equal(buf, "1969-12-31T23:59:59.999999Z");
    clock_format_rfc3339(buf, INT64_MAX);
    assert_string_equal(buf, "2262-04-11T23:47:16.854775Z");
    clock_format_rfc3339(buf, INT64_MIN);
    assert_string_equal(buf, "1677-09-21T00:12:43.145224Z");
    clock_format_time(small, INT64_MIN);
    assert_string_equal(small, "00:12:43.145");
}

static void
writes_local_time_with_milliseconds(void **state)
{
    char buf[16];

    (void)state;
    clock_format_time(buf, INT64_C(1795551272) * NS_PER_S + 7 * NS_PER_MS);
    assert_string_equal(buf, "20:14:32.007");
    assert_int_equal(setenv("TZ", "XYZ-3", 1), 0);
    tzset();
    clock_format_time(buf, INT64_C(1795551272) * NS_PER_S + 7 * NS_PER_MS);
    assert_string_equal(buf, "23:14:32.007");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_monotonic_clock_goes_forward),
        cmocka_unit_test(poll_waits_until_the_deadline_has_passed_and_no_longer),
        cmocka_unit_test(a_deadline_that_never_comes_waits_for_ever),
        cmocka_unit_test(after_poll_the_deadline_is_behind),
        cmocka_unit_test(writes_utc_with_microseconds),
        cmocka_unit_test(writes_times_before_the_epoch_and_at_the_ends),
        cmocka_unit_test(writes_local_time_with_milliseconds),
    };

    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
