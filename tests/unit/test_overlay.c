/* test_overlay.c - the drawer above the prompt: tables, scrolling, menus. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/text.h"
#include "sockdeck/model/table.h"
#include "sockdeck/ui/deck.h"
#include "sockdeck/ui/overlay.h"

enum { ROWS = 8, COLS = 40 };

struct fixture { struct canvas canvas; struct overlay overlay; };

static int
setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof(f));
    canvas_init(&f.canvas, true);
    canvas_resize(&f.canvas, ROWS, COLS);
    *state = &f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    overlay_fini(&f->overlay);
    canvas_fini(&f->canvas);
    return 0;
}

static const char *
row_text(const struct fixture *f, int row)
{
    static char text[4 * COLS + 1];
    size_t at = 0;

    for (int col = 0; col < COLS; col++)
        at += (size_t)text_encode(text + at, f->canvas.cells[row * COLS + col].code[0]);
    while (at > 0 && text[at - 1] == ' ')
        at--;
    text[at] = '\0';
    return text;
}

static void
draw(struct fixture *f)
{
    struct area all = { 0, 0, ROWS, COLS };

    canvas_clear(&f->canvas, all);
    overlay_draw(&f->overlay, &f->canvas, all, true, NULL);
}

static void
a_short_text_takes_the_bottom_rows_only(void **state)
{
    struct fixture *f = *state;

    overlay_open_text(&f->overlay, "Title", "one\ntwo\n");
    draw(f);
    assert_string_equal(row_text(f, 4), "");
    assert_memory_equal(row_text(f, 5), "-[Title]---", 11);
    assert_non_null(strstr(row_text(f, 5), "Esc closes"));
    assert_string_equal(row_text(f, 6), "  one");
    assert_string_equal(row_text(f, 7), "  two");
}

static void
a_long_text_scrolls_and_stops_at_its_ends(void **state)
{
    struct fixture *f = *state;
    char text[512] = "";

    for (int i = 0; i < 20; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "line %d\n", i);
    overlay_open_text(&f->overlay, "Long", text);
    draw(f);
    assert_string_equal(row_text(f, 1), "  line 0");
    overlay_move(&f->overlay, MOVE_UP);
    overlay_move(&f->overlay, MOVE_PAGE_DOWN);
    draw(f);
    assert_string_equal(row_text(f, 1), "  line 6");
    overlay_move(&f->overlay, MOVE_LAST);
    overlay_move(&f->overlay, MOVE_DOWN);
    draw(f);
    assert_string_equal(row_text(f, 7), "  line 19");
}

static void
a_line_that_goes_on_is_marked_and_can_be_shifted(void **state)
{
    struct fixture *f = *state;
    char text[101];

    memset(text, 'a', 100);
    text[60] = 'Z';
    text[100] = '\0';
    overlay_open_text(&f->overlay, "Wide", text);
    draw(f);
    assert_int_equal(row_text(f, 7)[COLS - 1], '>');
    assert_null(strchr(row_text(f, 7), 'Z'));
    for (int i = 0; i < 4; i++)
        overlay_shift(&f->overlay, 8);
    draw(f);
    assert_non_null(strchr(row_text(f, 7), 'Z'));
}

static void
a_table_is_aligned_and_its_headings_stay(void **state)
{
    static const struct column columns[] = {
        { "name", "NAME", false }, { "bytes", "BYTES", true },
    };
    struct fixture *f = *state;
    struct table table;

    table_init(&table, "things", columns, 2);
    for (int i = 0; i < 12; i++) {
        table_row(&table);
        table_text(&table, 0, "thing %d", i);
        table_number(&table, 1, i * 100);
    }
    overlay_open_table(&f->overlay, &table);
    table_fini(&table);
    draw(f);
    assert_string_equal(row_text(f, 1), "  NAME      BYTES");
    assert_string_equal(row_text(f, 2), "  thing 0       0");
    overlay_move(&f->overlay, MOVE_LAST);
    draw(f);
    assert_string_equal(row_text(f, 1), "  NAME      BYTES");
    assert_string_equal(row_text(f, 7), "  thing 11   1100");
}

static void
show_unread(struct fixture *f, int unread, bool is_new)
{
    static const struct column columns[] = {
        { "field", "FIELD", false }, { "value", "VALUE", false },
    };
    struct table table;

    table_init(&table, "info", columns, 2);
    table.subject.conn = 3;
    for (int i = 0; i < 12; i++) {
        table_row(&table);
        table_text(&table, 0, "field %d", i);
        table_number(&table, 1, unread);
    }
    if (is_new)
        overlay_open_table(&f->overlay, &table);
    else
        assert_int_equal(overlay_update_table(&f->overlay, &table), unread != 0);
    table_fini(&table);
}

static void
a_live_table_changes_where_it_was_scrolled_to(void **state)
{
    struct fixture *f = *state;

    show_unread(f, 0, true);
    assert_true(overlay_is_live(&f->overlay));
    assert_string_equal(f->overlay.title, "info #3");
    overlay_move(&f->overlay, MOVE_DOWN);
    draw(f);
    assert_string_equal(row_text(f, 2), "  field 1   0");
    show_unread(f, 0, false);
    show_unread(f, 7, false);
    draw(f);
    assert_string_equal(row_text(f, 2), "  field 1   7");
    overlay_open_text(&f->overlay, "Title", "one\n");
    assert_false(overlay_is_live(&f->overlay));
}

static void
an_empty_table_says_so(void **state)
{
    static const struct column columns[] = { { "name", "NAME", false } };
    struct fixture *f = *state;
    struct table table;

    table_init(&table, "things", columns, 1);
    overlay_open_table(&f->overlay, &table);
    table_fini(&table);
    draw(f);
    assert_string_equal(row_text(f, 7), "  (none)");
}

static void
a_menu_moves_its_choice_and_keeps_it_in_sight(void **state)
{
    struct fixture *f = *state;

    overlay_open_menu(&f->overlay, "Menu", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n", 1);
    draw(f);
    assert_int_equal(f->canvas.cells[2 * COLS + 2].selected, true);
    overlay_move(&f->overlay, MOVE_LAST);
    draw(f);
    assert_int_equal(f->overlay.chosen, 9);
    assert_string_equal(row_text(f, 7), "> j");
    assert_int_equal(f->canvas.cells[7 * COLS + 2].selected, true);
    overlay_move(&f->overlay, MOVE_DOWN);
    assert_int_equal(f->overlay.chosen, 9);
}

static void
what_is_found_comes_in_sight_down_and_to_the_side(void **state)
{
    struct fixture *f = *state;
    struct needle needle;
    char text[1024] = "";

    for (int i = 0; i < 20; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "line %d%*s%s\n", i,
                 i == 12 ? 60 : 0, "", i == 12 ? "needle" : "");
    overlay_open_text(&f->overlay, "Long", text);
    draw(f);
    assert_int_equal(needle_set(&needle, "line 0", 6), 0);
    assert_int_equal(overlay_find(&f->overlay, &needle, 1), 0);
    assert_int_equal(overlay_find(&f->overlay, &needle, 1), 1);
    assert_int_equal(needle_set(&needle, "needle", 6), 0);
    assert_int_equal(overlay_find(&f->overlay, &needle, 1), 0);
    draw(f);
    assert_non_null(strstr(row_text(f, 1), "needle"));
    assert_int_equal(needle_set(&needle, "line 11", 7), 0);
    assert_int_equal(overlay_find(&f->overlay, &needle, -1), 0);
    draw(f);
    assert_string_equal(row_text(f, 1), "  line 11");
    assert_int_equal(needle_set(&needle, "straw", 5), 0);
    assert_int_equal(overlay_find(&f->overlay, &needle, 1), -ENOENT);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_short_text_takes_the_bottom_rows_only),
        TEST(a_long_text_scrolls_and_stops_at_its_ends),
        TEST(a_line_that_goes_on_is_marked_and_can_be_shifted),
        TEST(a_table_is_aligned_and_its_headings_stay),
        TEST(a_live_table_changes_where_it_was_scrolled_to),
        TEST(an_empty_table_says_so),
        TEST(a_menu_moves_its_choice_and_keeps_it_in_sight),
        TEST(what_is_found_comes_in_sight_down_and_to_the_side),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("overlay", tests, NULL, NULL);
}
