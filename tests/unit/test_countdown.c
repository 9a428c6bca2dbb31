/* test_countdown.c - the nearest deadline of a connection, and how it is worded. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/countdown.h"

#define S NS_PER_S

static struct connection
open_connection(void)
{
    struct connection c = { .id = 1, .state = CONN_OPEN, .dialled = true, .begun_ns = 100 * S };

    settings_init(&c.settings);
    return c;
}

static void
nothing_counts_without_limits(void **state)
{
    struct connection c = open_connection();

    (void)state;
    assert_int_equal(countdown_nearest(&c, 0, 100 * S).kind, -1);
    c.settings.timeout_ns[TIMEOUT_READ] = 0;
    assert_int_equal(countdown_nearest(&c, 0, 100 * S).kind, -1);
}

static void
a_connect_limit_runs_from_the_first_syn(void **state)
{
    struct connection c = open_connection();
    struct countdown countdown;

    (void)state;
    c.state = CONN_CONNECTING;
    c.settings.timeout_ns[TIMEOUT_CONNECT] = 5 * S;
    c.settings.timeout_ns[TIMEOUT_READ] = 1 * S;
    c.settings.timeout_ns[TIMEOUT_IDLE] = 1 * S;
    countdown = countdown_nearest(&c, 0, 101 * S);
    assert_int_equal(countdown.kind, TIMEOUT_CONNECT);
    assert_int_equal(countdown.ends_ns, 105 * S);
}

static void
a_read_limit_runs_from_the_last_byte_and_idle_from_any(void **state)
{
    struct connection c = open_connection();
    struct countdown countdown;

    (void)state;
    c.settings.timeout_ns[TIMEOUT_READ] = 5 * S;
    c.settings.timeout_ns[TIMEOUT_IDLE] = 4 * S;
    c.last_in_ns = 110 * S;
    c.last_out_ns = 113 * S;
    countdown = countdown_nearest(&c, 0, 114 * S);
    assert_int_equal(countdown.kind, TIMEOUT_READ);
    assert_int_equal(countdown.ends_ns, 115 * S);
    c.last_in_ns = 113 * S;
    assert_int_equal(countdown_nearest(&c, 0, 114 * S).kind, TIMEOUT_IDLE);
}

static void
what_does_not_read_has_no_read_deadline(void **state)
{
    struct connection c = open_connection();

    (void)state;
    c.settings.timeout_ns[TIMEOUT_READ] = 5 * S;
    assert_int_equal(countdown_nearest(&c, 0, 101 * S).kind, TIMEOUT_READ);
    c.paused = true;
    assert_int_equal(countdown_nearest(&c, 0, 101 * S).kind, -1);
    c.paused = false;
    c.state = CONN_PEER_CLOSED;
    assert_int_equal(countdown_nearest(&c, 0, 101 * S).kind, -1);
    c.state = CONN_OPEN;
    c.dialled = false;
    c.settings.handler = HANDLER_STALL;
    assert_int_equal(countdown_nearest(&c, 0, 101 * S).kind, -1);
    c.settings.handler = HANDLER_ECHO;
    c.settings.work_ns = S;
    c.last_in_ns = 102 * S;             /* it works on the answer */
    assert_int_equal(countdown_nearest(&c, 0, 102 * S).kind, -1);
    c.last_out_ns = 103 * S;
    assert_int_equal(countdown_nearest(&c, 0, 104 * S).ends_ns, 108 * S);
}

static void
a_limit_that_was_reported_and_kept_counts_no_more(void **state)
{
    struct connection c = open_connection();

    (void)state;
    c.settings.timeout_ns[TIMEOUT_READ] = 5 * S;
    assert_int_equal(countdown_nearest(&c, 0, 106 * S).kind, -1);
}

static void
a_send_counts_when_its_owner_tells_that_it_waits(void **state)
{
    struct connection c = open_connection();

    (void)state;
    c.settings.timeout_ns[TIMEOUT_SEND] = 5 * S;
    assert_int_equal(countdown_nearest(&c, 0, 101 * S).kind, -1);
    assert_int_equal(countdown_nearest(&c, 101 * S, 102 * S).ends_ns, 106 * S);
}

static void
it_is_worded_as_fine_as_the_eye_needs(void **state)
{
    struct countdown countdown = { TIMEOUT_READ, 200 * S, 500 * S };
    char text[32];

    (void)state;
    countdown_text(text, &countdown, 196 * S + 750 * NS_PER_MS, true);
    assert_string_equal(text, "3.2 s");
    countdown_text(text, &countdown, 196 * S + 750 * NS_PER_MS, false);
    assert_string_equal(text, "3 s");
    countdown_text(text, &countdown, 170 * S, true);
    assert_string_equal(text, "30 s");
    countdown.ends_ns = 1000 * S;
    countdown_text(text, &countdown, 275 * S, true);
    assert_string_equal(text, "12m05s");
    countdown_text(text, &countdown, 2000 * S, true);
    assert_string_equal(text, "0.0 s");
}

/* At the time that next tells, and not before it, the text is another one. */
static void
the_next_change_is_when_the_text_changes(void **state)
{
    struct countdown countdown = { TIMEOUT_READ, 200 * S, 500 * S };
    char before[32], just_before[32], after[32];

    (void)state;
    for (int motion = 0; motion < 2; motion++)
        for (int64_t now = 150 * S; now < 199 * S; now += 371 * NS_PER_MS) {
            int64_t next = countdown_next_ns(&countdown, now, motion);

            assert_true(next > now);
            countdown_text(before, &countdown, now, motion);
            countdown_text(just_before, &countdown, next - 2, motion);
            countdown_text(after, &countdown, next, motion);
            if (next - 2 >= now)
                assert_string_equal(before, just_before);
            assert_string_not_equal(before, after);
        }
    countdown.kind = -1;
    assert_int_equal(countdown_next_ns(&countdown, S, true), CLOCK_NEVER);
}

static void
ages_are_coarse_and_change_once_a_minute(void **state)
{
    char text[32];

    (void)state;
    countdown_age(text, 59 * S);
    assert_string_equal(text, "<1m");
    countdown_age(text, 61 * S);
    assert_string_equal(text, "1m");
    countdown_age(text, 3 * 3600 * S);
    assert_string_equal(text, "3h");
    countdown_age(text, INT64_C(864000) * S);
    assert_string_equal(text, "10d");
    assert_int_equal(countdown_age_next_ns(10 * S, 20 * S), 70 * S);
    assert_int_equal(countdown_age_next_ns(10 * S, 70 * S), 130 * S);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_counts_without_limits),
        cmocka_unit_test(a_connect_limit_runs_from_the_first_syn),
        cmocka_unit_test(a_read_limit_runs_from_the_last_byte_and_idle_from_any),
        cmocka_unit_test(what_does_not_read_has_no_read_deadline),
        cmocka_unit_test(a_limit_that_was_reported_and_kept_counts_no_more),
        cmocka_unit_test(a_send_counts_when_its_owner_tells_that_it_waits),
        cmocka_unit_test(it_is_worded_as_fine_as_the_eye_needs),
        cmocka_unit_test(the_next_change_is_when_the_text_changes),
        cmocka_unit_test(ages_are_coarse_and_change_once_a_minute),
    };

    return cmocka_run_group_tests_name("countdown", tests, NULL, NULL);
}
