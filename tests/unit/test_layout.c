/* test_layout.c - rectangles: everything inside, nothing over another, at every size. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/ui/layout.h"

static const struct layout_wish plain = { .zoomed = -1, .listeners = 1 };

static void
mark(char *cells, int rows, int cols, struct area area)
{
    assert_true(area.row >= 0 && area.col >= 0);
    assert_true(area.row + area.rows <= rows && area.col + area.cols <= cols);
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int col = area.col; col < area.col + area.cols; col++)
            assert_int_equal(cells[row * cols + col]++, 0);
}

static void
check(int rows, int cols, const struct layout_wish *wish)
{
    static char cells[120 * 260];
    struct layout layout = layout_compute(rows, cols, wish);

    memset(cells, 0, sizeof(cells));
    assert_false(layout.too_small);
    mark(cells, rows, cols, layout.header);
    for (int i = 0; i < UI_PANES; i++)
        mark(cells, rows, cols, layout.panes[i]);
    mark(cells, rows, cols, layout.prompt);
    mark(cells, rows, cols, layout.message);
    mark(cells, rows, cols, layout.hints);
}

static void
areas_never_overlap_and_never_leave_the_screen(void **state)
{
    struct layout_wish wish = plain;

    (void)state;
    for (int rows = LAYOUT_MIN_ROWS; rows < 120; rows++)
        for (int cols = LAYOUT_MIN_COLS; cols < 260; cols += 7)
            for (wish.listeners = 0; wish.listeners < 9; wish.listeners += 4)
                check(rows, cols, &wish);
}

static void
the_same_holds_with_panes_hidden_and_grown(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 1u << UI_PANES; bits++) {
        struct layout_wish wish = plain;

        for (int i = 0; i < UI_PANES; i++) {
            wish.hidden[i] = bits >> i & 1;
            wish.grow[i] = (int)(bits % 8 * 5) - 15;
            wish.shift = (int)bits * 9 - 140;
        }
        for (int rows = LAYOUT_MIN_ROWS; rows < 70; rows += 3)
            check(rows, rows * 3 + 20, &wish);
    }
}

static void
below_the_smallest_size_nothing_is_laid_out(void **state)
{
    (void)state;
    assert_true(layout_compute(15, 80, &plain).too_small);
    assert_true(layout_compute(24, 59, &plain).too_small);
    assert_true(layout_compute(1, 1, &plain).too_small);
    assert_false(layout_compute(16, 60, &plain).too_small);
}

static void
the_first_screen_fits_at_the_smallest_size(void **state)
{
    const struct layout_wish wish = {
        .zoomed = -1, .hidden = { [UI_CALLS] = true, [UI_WORKERS] = true },
    };
    struct layout layout = layout_compute(16, 60, &wish);

    (void)state;
    assert_true(layout.panes[UI_MESSAGES].rows >= 1 + 5);
    assert_true(layout.panes[UI_CONNECTIONS].rows >= 3);
    assert_true(layout.panes[UI_EVENTS].rows >= 3);
}

static void
four_panes_fit_at_the_smallest_size(void **state)
{
    struct layout_wish wish = plain;
    struct layout layout;

    (void)state;
    wish.hidden[UI_WORKERS] = true;
    layout = layout_compute(16, 60, &wish);
    for (int i = 0; i < UI_PANES; i++)
        assert_true(i == UI_WORKERS || layout.panes[i].rows >= 3);
}

static void
each_of_five_panes_has_a_row_below_its_title_at_the_smallest_size(void **state)
{
    struct layout layout = layout_compute(16, 60, &plain);

    (void)state;
    for (int i = 0; i < UI_PANES; i++)
        assert_true(layout.panes[i].rows >= 2);
}

static void
a_row_moves_from_a_pane_to_its_neighbour(void **state)
{
    struct layout_wish wish = { .zoomed = -1, .hidden = { [UI_CALLS] = true } };
    struct layout before = layout_compute(40, 100, &wish), after;

    (void)state;
    wish.grow[UI_MESSAGES] = -1;
    wish.grow[UI_EVENTS] = 1;
    after = layout_compute(40, 100, &wish);
    assert_int_equal(after.panes[UI_MESSAGES].rows, before.panes[UI_MESSAGES].rows - 1);
    assert_int_equal(after.panes[UI_EVENTS].rows, before.panes[UI_EVENTS].rows + 1);
    assert_int_equal(after.panes[UI_CONNECTIONS].rows, before.panes[UI_CONNECTIONS].rows);
}

static void
a_wide_screen_puts_messages_beside_the_others(void **state)
{
    struct layout layout = layout_compute(60, 200, &plain);

    (void)state;
    assert_int_equal(layout.panes[UI_MESSAGES].row, layout.panes[UI_CONNECTIONS].row);
    assert_true(layout.panes[UI_MESSAGES].col > layout.panes[UI_CONNECTIONS].cols);
    assert_int_equal(layout.wall_col, layout.panes[UI_MESSAGES].col - 1);
    assert_int_equal(layout_compute(24, 80, &plain).wall_col, -1);
}

static void
a_zoomed_pane_has_all_the_room(void **state)
{
    struct layout_wish wish = plain;
    struct layout layout;

    (void)state;
    wish.zoomed = UI_EVENTS;
    layout = layout_compute(24, 80, &wish);
    assert_memory_equal(&layout.panes[UI_EVENTS], &layout.body, sizeof(layout.body));
    assert_int_equal(layout.panes[UI_MESSAGES].rows, 0);
}

static void
more_listeners_get_more_rows_where_there_is_room(void **state)
{
    struct layout_wish wish = plain;

    (void)state;
    wish.listeners = 5;
    assert_int_equal(layout_compute(16, 60, &wish).header.rows, 1);
    assert_int_equal(layout_compute(24, 80, &wish).header.rows, 4);
    assert_int_equal(layout_compute(60, 200, &wish).header.rows, 6);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_never_overlap_and_never_leave_the_screen),
        cmocka_unit_test(the_same_holds_with_panes_hidden_and_grown),
        cmocka_unit_test(below_the_smallest_size_nothing_is_laid_out),
        cmocka_unit_test(the_first_screen_fits_at_the_smallest_size),
        cmocka_unit_test(four_panes_fit_at_the_smallest_size),
        cmocka_unit_test(each_of_five_panes_has_a_row_below_its_title_at_the_smallest_size),
        cmocka_unit_test(a_row_moves_from_a_pane_to_its_neighbour),
        cmocka_unit_test(a_wide_screen_puts_messages_beside_the_others),
        cmocka_unit_test(a_zoomed_pane_has_all_the_room),
        cmocka_unit_test(more_listeners_get_more_rows_where_there_is_room),
    };

    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
