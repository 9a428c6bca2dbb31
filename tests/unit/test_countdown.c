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
text_of(int64_t left_ns, enum countdown_form form)
{
    static char text[32];
    const struct deadline deadline = { TIMEOUT_READ, 100 * S, 1000000 * S };

    countdown_text(text, &deadline, 1000100 * S - left_ns, form);
    return text;
}

static void
it_is_worded_as_fine_as_the_eye_needs(void **state)
{
    (void)state;
    assert_string_equal(text_of(3 * S + 250 * NS_PER_MS, COUNTDOWN_FINE), "3.2 s");
    assert_string_equal(text_of(3 * S + 250 * NS_PER_MS, COUNTDOWN_CALM), "3 s");
    assert_string_equal(text_of(30 * S, COUNTDOWN_FINE), "30 s");
    assert_string_equal(text_of(725 * S, COUNTDOWN_FINE), "12m05s");
    assert_string_equal(text_of(5999 * S, COUNTDOWN_CALM), "99m59s");
    assert_string_equal(text_of(6059 * S, COUNTDOWN_CALM), "1h40m");
}

static void
the_short_form_takes_three_cells(void **state)
{
    (void)state;
    assert_string_equal(text_of(3 * S + 250 * NS_PER_MS, COUNTDOWN_SHORT), "3s");
    assert_string_equal(text_of(99 * S, COUNTDOWN_SHORT), "99s");
    assert_string_equal(text_of(100 * S, COUNTDOWN_SHORT), "1m");
    assert_string_equal(text_of(5999 * S, COUNTDOWN_SHORT), "99m");
    assert_string_equal(text_of(6000 * S, COUNTDOWN_SHORT), "1h");
}

/* At the time that next tells, and not before it, the text is another one. */
static void
assert_next_is_when_it_changes(int64_t from_ns, int64_t to_ns, int64_t step_ns,
                               enum countdown_form form)
{
    const struct deadline deadline = { TIMEOUT_READ, 100 * S, 1000000 * S };
    char before[32], just_before[32], after[32];

    for (int64_t left = from_ns; left > to_ns; left -= step_ns) {
        int64_t now = 1000100 * S - left;
        int64_t next = countdown_next_ns(&deadline, now, form);

        assert_true(next > now);
        countdown_text(before, &deadline, now, form);
        countdown_text(just_before, &deadline, next - 1, form);
        countdown_text(after, &deadline, next, form);
        assert_string_equal(before, just_before);
        assert_string_not_equal(before, after);
    }
}

static void
the_next_change_is_when_the_text_changes(void **state)
{
    (void)state;
    for (int form = COUNTDOWN_FINE; form <= COUNTDOWN_SHORT; form++) {
        assert_next_is_when_it_changes(130 * S, S, 371 * NS_PER_MS, (enum countdown_form)form);
        assert_next_is_when_it_changes(6200 * S, 5900 * S, 1371 * NS_PER_MS,
                                       (enum countdown_form)form);
        assert_next_is_when_it_changes(90000 * S, 80000 * S, 39 * S, (enum countdown_form)form);
    }
}

/* So that a worker that was stopped does not keep the screen busy. */
static void
what_has_passed_stays_at_0_and_changes_no_more(void **state)
{
    const struct deadline deadline = { TIMEOUT_READ, 100 * S, 5 * S };

    (void)state;
    assert_string_equal(text_of(0, COUNTDOWN_FINE), "0.0 s");
    assert_string_equal(text_of(-7 * S, COUNTDOWN_FINE), "0.0 s");
    assert_string_equal(text_of(-7 * S, COUNTDOWN_CALM), "0 s");
    assert_true(countdown_next_ns(&deadline, 104 * S, COUNTDOWN_FINE) < CLOCK_NEVER);
    assert_int_equal(countdown_next_ns(&deadline, 105 * S - 1, COUNTDOWN_FINE), CLOCK_NEVER);
    assert_int_equal(countdown_next_ns(&deadline, 105 * S, COUNTDOWN_CALM), CLOCK_NEVER);
    assert_int_equal(countdown_next_ns(&deadline, 107 * S, COUNTDOWN_SHORT), CLOCK_NEVER);
}

static void
ages_are_coarse(void **state)
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
}

/* However many there are: one wake-up a minute, and none for what is told in hours. */
static void
ages_change_together_at_whole_minutes_once_they_read_differently(void **state)
{
    (void)state;
    assert_int_equal(countdown_age_next_ns(10 * S, 20 * S), 120 * S);
    assert_int_equal(countdown_age_next_ns(59 * S, 60 * S), 120 * S);
    assert_int_equal(countdown_age_next_ns(60 * S, 60 * S), 120 * S);
    assert_int_equal(countdown_age_next_ns(10 * S, 120 * S), 180 * S);
    assert_int_equal(countdown_age_next_ns(0, 7300 * S), 3 * 3600 * S);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_worded_as_fine_as_the_eye_needs),
        cmocka_unit_test(the_short_form_takes_three_cells),
        cmocka_unit_test(the_next_change_is_when_the_text_changes),
        cmocka_unit_test(what_has_passed_stays_at_0_and_changes_no_more),
        cmocka_unit_test(ages_are_coarse),
        cmocka_unit_test(ages_change_together_at_whole_minutes_once_they_read_differently),
    };

    return cmocka_run_group_tests_name("countdown", tests, NULL, NULL);
}
