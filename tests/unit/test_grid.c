/* test_grid.c - columns by the room there is: always inside, the important ones first. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/grid.h"

static void
write_word(const void *row, char buf[static GRID_CELL])
{
    snprintf(buf, GRID_CELL, "%s", (const char *)row);
}

static const struct grid_column columns[] = {
    { "ID", 4, 0, 0, true, ROLE_ID, 0, write_word },
    { "PEER", 10, 20, 0, false, ROLE_TEXT, 0, write_word },
    { "LESS", 6, 0, 2, true, ROLE_TEXT, 0, write_word },
    { "MORE", 8, 0, 1, true, ROLE_TEXT, 0, write_word },
    { "SPARK", 7, 0, 3, false, ROLE_TEXT, GRID_WHEN_MOTION, write_word },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static int
total(const int *widths)
{
    int sum = 0;

    for (int i = 0; i < COLUMNS; i++)
        sum += widths[i] > 0 ? widths[i] + 1 : 0;
    return sum;
}

static void
columns_never_take_more_than_there_is(void **state)
{
    int widths[GRID_COLUMNS];

    (void)state;
    for (int cols = 16; cols < 200; cols++) {
        grid_fit(columns, COLUMNS, cols, GRID_WHEN_MOTION, widths);
        assert_true(total(widths) <= cols);
        for (int i = 0; i < COLUMNS; i++)
            assert_true(widths[i] == 0 || widths[i] >= columns[i].width);
    }
}

static void
the_more_important_column_comes_first(void **state)
{
    int widths[GRID_COLUMNS];

    (void)state;
    grid_fit(columns, COLUMNS, 25, GRID_WHEN_MOTION, widths);
    assert_int_equal(widths[3], 8);
    assert_int_equal(widths[2], 0);
    grid_fit(columns, COLUMNS, 24, GRID_WHEN_MOTION, widths);       /* no room for MORE: LESS still fits */
    assert_int_equal(widths[3], 0);
    assert_int_equal(widths[2], 6);
}

static void
one_column_takes_what_is_left_up_to_its_most(void **state)
{
    int widths[GRID_COLUMNS];

    (void)state;
    grid_fit(columns, COLUMNS, 43, GRID_WHEN_MOTION, widths);
    assert_int_equal(widths[1], 13);
    grid_fit(columns, COLUMNS, 160, GRID_WHEN_MOTION, widths);
    assert_int_equal(widths[1], 20);
}

static void
what_moves_is_left_out_without_motion(void **state)
{
    int widths[GRID_COLUMNS];

    (void)state;
    grid_fit(columns, COLUMNS, 160, 0, widths);
    assert_int_equal(widths[4], 0);
    assert_int_equal(widths[2], 6);
}

static void
a_short_form_stands_in_where_the_long_one_has_no_room(void **state)
{
    static const struct grid_column pair[] = {
        { "ID", 4, 0, 0, true, ROLE_ID, 0, write_word },
        { "LONG", 14, 0, 1, false, ROLE_TEXT, 0, write_word },
        { "SHORT", 7, 0, 1, false, ROLE_TEXT, GRID_WHEN_ASKED | GRID_WHEN_SHORT, write_word },
        { "REST", 7, 0, 2, false, ROLE_TEXT, 0, write_word },
    };
    int widths[GRID_COLUMNS];

    (void)state;
    grid_fit(pair, 4, 20, GRID_WHEN_ASKED, widths);
    assert_int_equal(widths[1], 14);
    assert_int_equal(widths[2], 0);
    grid_fit(pair, 4, 19, GRID_WHEN_ASKED, widths);
    assert_int_equal(widths[1], 0);
    assert_int_equal(widths[2], 7);
    assert_int_equal(widths[3], 0);
    grid_fit(pair, 4, 19, GRID_WHEN_MOTION, widths);    /* it has nothing to show */
    assert_int_equal(widths[2], 0);
    assert_int_equal(widths[3], 7);
}

static void
a_bar_shows_the_smallest_part_and_never_more_than_the_whole(void **state)
{
    char buf[GRID_CELL];

    (void)state;
    grid_bar(buf, &symbols_ascii, 0, 100, 4);
    assert_string_equal(buf, "....");
    grid_bar(buf, &symbols_ascii, 1, 100, 4);
    assert_string_equal(buf, "#...");
    grid_bar(buf, &symbols_ascii, 100, 100, 4);
    assert_string_equal(buf, "####");
    grid_bar(buf, &symbols_ascii, 900, 100, 4);
    assert_string_equal(buf, "####");
    grid_bar(buf, &symbols_ascii, 5, 0, 4);
    assert_string_equal(buf, "....");
}

static void
a_span_takes_at_most_seven_cells(void **state)
{
    char buf[GRID_CELL];

    (void)state;
    for (int64_t ns = 1; ns < 300 * 86400 * NS_PER_S; ns = ns + ns / 50 + 7) {
        grid_span(buf, ns);
        assert_true(strlen(buf) <= 7);
    }
    grid_span(buf, 99999 * NS_PER_US);
    assert_string_equal(buf, "99.9 ms");
    grid_span(buf, 303 * NS_PER_MS + 900 * NS_PER_US);
    assert_string_equal(buf, "303 ms");
    grid_span(buf, 99999 * NS_PER_MS);
    assert_string_equal(buf, "99.99 s");
    grid_span(buf, 100 * 3600 * NS_PER_S);
    assert_string_equal(buf, "4d04h");
    grid_span(buf, 725 * NS_PER_S);
    assert_string_equal(buf, "12m05s");
    grid_span(buf, 115 * NS_PER_US);
    assert_string_equal(buf, "115 us");
}

static enum role
plain_role(const void *row, const struct grid_column *column)
{
    (void)row;
    return column->role;
}

/* What a column of an address shows on width cells. */
static void
shows(const char *address, int width, const char *expected)
{
    const struct grid_column peer = {
        "PEER", width, 0, 0, false, ROLE_TEXT, GRID_KEEPS_PORT, write_word,
    };
    int widths[GRID_COLUMNS] = { width };
    struct canvas canvas;
    struct pen pen;
    char text[GRID_CELL] = "";

    canvas_init(&canvas, true);
    canvas_resize(&canvas, 1, width + 1);
    pen = pen_on(&canvas, (struct area) { 0, 0, 1, width + 1 });
    grid_row(&pen, &peer, 1, widths, address, plain_role);
    for (int i = 0; i < width; i++)
        text[i] = (char)canvas.cells[i + 1].code[0];
    assert_string_equal(text, expected);
    canvas_fini(&canvas);
}

static void
an_address_that_is_too_long_keeps_its_port(void **state)
{
    (void)state;
    shows("127.0.0.1:51254", 16, "127.0.0.1:51254 ");
    shows("192.168.100.200:51254", 16, "192.168...:51254");
    shows("[2001:db8::1:2:3:4]:443", 16, "[2001:db8...:443");
    shows("a.name.with.no.port", 16, "a.name.with.n...");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_that_is_too_long_keeps_its_port),
        cmocka_unit_test(columns_never_take_more_than_there_is),
        cmocka_unit_test(the_more_important_column_comes_first),
        cmocka_unit_test(one_column_takes_what_is_left_up_to_its_most),
        cmocka_unit_test(what_moves_is_left_out_without_motion),
        cmocka_unit_test(a_short_form_stands_in_where_the_long_one_has_no_room),
        cmocka_unit_test(a_bar_shows_the_smallest_part_and_never_more_than_the_whole),
        cmocka_unit_test(a_span_takes_at_most_seven_cells),
    };

    return cmocka_run_group_tests_name("grid", tests, NULL, NULL);
}
