/* test_pace.c - when the next frame is due. */
#include "config.h"

#include "test.h"

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/pace.h"

enum { THIRTIETH_NS = NS_PER_S / 30, FIFTH_NS = NS_PER_S / 5 };

static void
the_first_frame_is_due_at_once(void **state)
{
    struct pace pace = { 0 };

    (void)state;
    assert_in_range(pace_for_a_person_ns(&pace), 0, NS_PER_S);
    assert_in_range(pace_for_news_ns(&pace), 0, NS_PER_S);
}

static void
what_can_be_read_is_drawn_as_often_as_what_a_person_does(void **state)
{
    struct pace pace = { 0 };

    (void)state;
    pace_drawn(&pace, NS_PER_S, 10);
    pace_drawn(&pace, NS_PER_S + THIRTIETH_NS, 10 + 300);
    assert_int_equal(pace_for_news_ns(&pace), NS_PER_S + 2 * THIRTIETH_NS);
    assert_int_equal(pace_for_a_person_ns(&pace), NS_PER_S + 2 * THIRTIETH_NS);
}

static void
a_crowd_is_drawn_five_times_a_second_until_it_thins_out(void **state)
{
    struct pace pace = { 0 };

    (void)state;
    pace_drawn(&pace, NS_PER_S, 10);
    pace_drawn(&pace, NS_PER_S + THIRTIETH_NS, 10 + 400);
    assert_int_equal(pace_for_news_ns(&pace), NS_PER_S + THIRTIETH_NS + FIFTH_NS);
    assert_int_equal(pace_for_a_person_ns(&pace), NS_PER_S + 2 * THIRTIETH_NS);
    pace_drawn(&pace, NS_PER_S + THIRTIETH_NS + FIFTH_NS, 410 + 2100);
    assert_int_equal(pace_for_news_ns(&pace), NS_PER_S + THIRTIETH_NS + 2 * FIFTH_NS);
    pace_drawn(&pace, NS_PER_S + THIRTIETH_NS + 2 * FIFTH_NS, 2510 + 1900);
    assert_int_equal(pace_for_news_ns(&pace), NS_PER_S + 2 * THIRTIETH_NS + 2 * FIFTH_NS);
}

static void
a_burst_after_a_silence_is_no_crowd(void **state)
{
    struct pace pace = { 0 };

    (void)state;
    pace_drawn(&pace, NS_PER_S, 0);
    pace_drawn(&pace, 61 * NS_PER_S, 5000);
    assert_int_equal(pace_for_news_ns(&pace), 61 * NS_PER_S + THIRTIETH_NS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_frame_is_due_at_once),
        cmocka_unit_test(what_can_be_read_is_drawn_as_often_as_what_a_person_does),
        cmocka_unit_test(a_crowd_is_drawn_five_times_a_second_until_it_thins_out),
        cmocka_unit_test(a_burst_after_a_silence_is_no_crowd),
    };

    return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
