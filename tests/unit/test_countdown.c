/* test_countdown.c - how deadlines and ages are worded, and when the words change. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/countdown.h"

#define S NS_PER_S

/* The text when so much is left. */
static const char *
text_of(int64_t left_ns, bool has_motion)
{
    static char text[32];
    const struct deadline deadline = { TIMEOUT_READ, 100 * S, 100000 * S };

    countdown_text(text, &deadline, 100100 * S - left_ns, has_motion);
    return text;
}

static void
it_is_worded_as_fine_as_the_eye_needs(void **state)
{
    (void)state;
    assert_string_equal(text_of(3 * S + 250 * NS_PER_MS, true), "3.2 s");
    assert_string_equal(text_of(3 * S + 250 * NS_PER_MS, false), "3 s");
    assert_string_equal(text_of(30 * S, true), "30 s");
    assert_string_equal(text_of(725 * S, true), "12m05s");
    assert_string_equal(text_of(5999 * S, true), "99m59s");
    assert_string_equal(text_of(6059 * S, true), "1h40m");
}

/* At the time that next tells, and not before it, the text is another one. */
static void
assert_next_is_when_it_changes(int64_t from_ns, int64_t to_ns, int64_t step_ns, bool has_motion)
{
    const struct deadline deadline = { TIMEOUT_READ, 100 * S, 100000 * S };
    char before[32], just_before[32], after[32];

    for (int64_t left = from_ns; left > to_ns; left -= step_ns) {
        int64_t now = 100100 * S - left;
        int64_t next = countdown_next_ns(&deadline, now, has_motion);

        assert_true(next > now);
        countdown_text(before, &deadline, now, has_motion);
        countdown_text(just_before, &deadline, next - 1, has_motion);
        countdown_text(after, &deadline, next, has_motion);
        assert_string_equal(before, just_before);
        assert_string_not_equal(before, after);
    }
}

static void
the_next_change_is_when_the_text_changes(void **state)
{
    (void)state;
    for (int motion = 0; motion < 2; motion++) {
        assert_next_is_when_it_changes(50 * S, S, 371 * NS_PER_MS, motion);
        assert_next_is_when_it_changes(6200 * S, 5900 * S, 1371 * NS_PER_MS, motion);
        assert_next_is_when_it_changes(90000 * S, 80000 * S, 39 * S, motion);
    }
}

/* So that a worker that was stopped does not keep the screen busy. */
static void
what_has_passed_stays_at_0_and_changes_no_more(void **state)
{
    const struct deadline deadline = { TIMEOUT_READ, 100 * S, 5 * S };

    (void)state;
    assert_string_equal(text_of(0, true), "0.0 s");
    assert_string_equal(text_of(-7 * S, true), "0.0 s");
    assert_string_equal(text_of(-7 * S, false), "0 s");
    assert_true(countdown_next_ns(&deadline, 104 * S, true) < CLOCK_NEVER);
    assert_int_equal(countdown_next_ns(&deadline, 105 * S - 1, true), CLOCK_NEVER);
    assert_int_equal(countdown_next_ns(&deadline, 105 * S, false), CLOCK_NEVER);
    assert_int_equal(countdown_next_ns(&deadline, 107 * S, true), CLOCK_NEVER);
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
        cmocka_unit_test(it_is_worded_as_fine_as_the_eye_needs),
        cmocka_unit_test(the_next_change_is_when_the_text_changes),
        cmocka_unit_test(what_has_passed_stays_at_0_and_changes_no_more),
        cmocka_unit_test(ages_are_coarse_and_change_once_a_minute),
    };

    return cmocka_run_group_tests_name("countdown", tests, NULL, NULL);
}
