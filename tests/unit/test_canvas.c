/* test_canvas.c - cells, pens, clipping: nothing leaves its area, no byte stays raw. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <string.h>

#include "sockdeck/ui/canvas.h"

enum { ROWS = 4, COLS = 12 };

static int
setup(void **state)
{
    static struct canvas canvas;

    canvas_init(&canvas, false);
    canvas_resize(&canvas, ROWS, COLS);
    *state = &canvas;
    return 0;
}

static int
teardown(void **state)
{
    canvas_fini(*state);
    return 0;
}

static const struct canvas_cell *
at(const struct canvas *canvas, int row, int col)
{
    return &canvas->cells[row * canvas->cols + col];
}

/* The ASCII of a row; '?' for other characters, '_' for right halves. */
static const char *
row_text(const struct canvas *canvas, int row)
{
    static char text[COLS + 1];

    for (int col = 0; col < canvas->cols; col++) {
        const struct canvas_cell *cell = at(canvas, row, col);

        text[col] = cell->width == 0 ? '_' : cell->code[0] < 0x80 ? (char)cell->code[0] : '?';
    }
    text[canvas->cols] = '\0';
    return text;
}

static void
a_pen_draws_in_its_area_only(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 1, 2, 2, 5 });

    pen_text(&pen, ROLE_TEXT, "abcdefgh");
    pen_move(&pen, 2, 0);
    pen_text(&pen, ROLE_TEXT, "below");
    pen_move(&pen, 1, -2);
    pen_text(&pen, ROLE_TEXT, "xyz");
    assert_string_equal(row_text(canvas, 0), "            ");
    assert_string_equal(row_text(canvas, 1), "  abcde     ");
    assert_string_equal(row_text(canvas, 2), "  z         ");
    assert_string_equal(row_text(canvas, 3), "            ");
}

static void
an_area_beyond_the_canvas_is_clipped(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { -1, -3, 100, 100 });

    pen_repeat(&pen, ROLE_TEXT, "#", 1000);
    assert_string_equal(row_text(canvas, 0), "############");
    assert_string_equal(row_text(canvas, 1), "            ");
}

static void
a_wide_character_takes_two_cells(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });

    pen_text(&pen, ROLE_TEXT, "a世b");
    assert_string_equal(row_text(canvas, 0), "a?_b        ");
    assert_int_equal(at(canvas, 0, 1)->code[0], 0x4e16);
    assert_int_equal(at(canvas, 0, 1)->width, 2);
}

static void
a_wide_character_cut_by_the_edge_is_a_blank(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, 4 });

    pen_text(&pen, ROLE_TEXT, "abc世");
    assert_string_equal(row_text(canvas, 0), "abc         ");
    assert_int_equal(at(canvas, 0, 3)->width, 1);
}

static void
half_of_a_wide_character_leaves_a_blank_when_overwritten(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });

    pen_text(&pen, ROLE_TEXT, "世界");
    pen_move(&pen, 0, 1);
    pen_text(&pen, ROLE_TEXT, "x");
    assert_string_equal(row_text(canvas, 0), " x?_        ");
    pen_move(&pen, 0, 2);
    pen_text(&pen, ROLE_TEXT, "y");
    assert_string_equal(row_text(canvas, 0), " xy         ");
}

static void
combining_marks_stay_with_their_character(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });

    pen_text(&pen, ROLE_TEXT, "e\xcc\x81" "f");
    assert_int_equal(at(canvas, 0, 0)->code[0], 'e');
    assert_int_equal(at(canvas, 0, 0)->code[1], 0x301);
    assert_int_equal(at(canvas, 0, 1)->code[0], 'f');
}

static void
controls_are_drawn_as_escapes_that_can_be_told_apart(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });

    pen.marks_escapes = true;
    pen_bytes(&pen, ROLE_TEXT, "a\033[\n", 4);
    assert_string_equal(row_text(canvas, 0), "a\\x1b[\\n    ");
    assert_int_equal(at(canvas, 0, 0)->role, ROLE_TEXT);
    assert_int_equal(at(canvas, 0, 1)->role, ROLE_ESCAPE);
    assert_int_equal(at(canvas, 0, 5)->role, ROLE_TEXT);
}

static void
a_field_is_exactly_as_wide_as_asked(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });

    pen_field(&pen, ROLE_TEXT, "ab", 4, false);
    pen_field(&pen, ROLE_TEXT, "cd", 4, true);
    pen_text(&pen, ROLE_TEXT, "|");
    assert_string_equal(row_text(canvas, 0), "ab    cd|   ");
    pen_move(&pen, 0, 0);
    pen_field(&pen, ROLE_TEXT, "abcdef", 4, false);
    assert_string_equal(row_text(canvas, 0), "abc?  cd|   ");
    assert_int_equal(at(canvas, 0, 3)->code[0], 0x2026);
}

static void
ascii_escapes_all_else(void **state)
{
    struct canvas *canvas = *state;
    struct pen pen;

    canvas_fini(canvas);
    canvas_init(canvas, true);
    canvas_resize(canvas, 1, COLS);
    pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });
    pen_text(&pen, ROLE_TEXT, "é");
    assert_string_equal(row_text(canvas, 0), "\\xc3\\xa9    ");
    pen_move(&pen, 0, 0);
    pen_field(&pen, ROLE_TEXT, "abcdefgh", 6, false);
    assert_string_equal(row_text(canvas, 0), "abc...a9    ");
}

static void
rows_that_look_the_same_are_the_same_bytes(void **state)
{
    struct canvas *canvas = *state, other;
    struct pen pen = pen_on(canvas, (struct area) { 0, 0, 1, COLS });
    size_t size = COLS * sizeof(*canvas->cells);

    canvas_init(&other, false);
    canvas_resize(&other, ROWS, COLS);
    pen_text(&pen, ROLE_TEXT, "世x");
    pen_move(&pen, 0, 0);
    pen_rest(&pen, ROLE_TEXT);
    assert_memory_equal(canvas->cells, other.cells, size);
    canvas_fini(&other);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_pen_draws_in_its_area_only),
        TEST(an_area_beyond_the_canvas_is_clipped),
        TEST(a_wide_character_takes_two_cells),
        TEST(a_wide_character_cut_by_the_edge_is_a_blank),
        TEST(half_of_a_wide_character_leaves_a_blank_when_overwritten),
        TEST(combining_marks_stay_with_their_character),
        TEST(controls_are_drawn_as_escapes_that_can_be_told_apart),
        TEST(a_field_is_exactly_as_wide_as_asked),
        TEST(ascii_escapes_all_else),
        TEST(rows_that_look_the_same_are_the_same_bytes),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
