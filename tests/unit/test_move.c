/* test_move.c - where a selection goes, and that it never leaves the list. */
#include "config.h"

#include "test.h"

#include "sockdeck/ui/move.h"

static void
goes_a_place_a_page_or_to_an_end(void **state)
{
    (void)state;
    assert_int_equal(move_place(MOVE_UP, 5, 10, 3), 4);
    assert_int_equal(move_place(MOVE_DOWN, 5, 10, 3), 6);
    assert_int_equal(move_place(MOVE_PAGE_UP, 5, 10, 3), 2);
    assert_int_equal(move_place(MOVE_PAGE_DOWN, 5, 10, 3), 8);
    assert_int_equal(move_place(MOVE_FIRST, 5, 10, 3), 0);
    assert_int_equal(move_place(MOVE_LAST, 5, 10, 3), 9);
}

static void
never_leaves_the_list(void **state)
{
    (void)state;
    for (int move = MOVE_UP; move <= MOVE_LAST; move++)
        for (size_t count = 0; count < 5; count++)
            for (size_t at = 0; at < 8; at++) {
                size_t place = move_place((enum move)move, at, count, 3);

                assert_true(place < count || (count == 0 && place == 0));
            }
}

static void
what_is_out_of_sight_comes_to_the_nearest_row_shown(void **state)
{
    (void)state;
    assert_int_equal(move_into_sight(2, 4, 3), 4);
    assert_int_equal(move_into_sight(5, 4, 3), 5);
    assert_int_equal(move_into_sight(7, 4, 3), 6);
    assert_int_equal(move_into_sight(0, 0, 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_a_place_a_page_or_to_an_end),
        cmocka_unit_test(never_leaves_the_list),
        cmocka_unit_test(what_is_out_of_sight_comes_to_the_nearest_row_shown),
    };

    return cmocka_run_group_tests_name("move", tests, NULL, NULL);
}
