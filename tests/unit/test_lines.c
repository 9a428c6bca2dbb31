/* test_lines.c - text and hex dumps cut into lines of a width. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/ui/lines.h"

static struct lines
lines_of(const char *text, enum look look, int width, int limit)
{
    return (struct lines) {
        .data = text, .size = strlen(text), .look = look, .width = width, .limit = limit,
    };
}

static void
expect_line(struct lines *lines, const char *text, bool is_folded)
{
    struct line line;

    assert_true(lines_next(lines, &line));
    assert_int_equal(line.size, strlen(text));
    assert_memory_equal(lines->data + line.start, text, line.size);
    assert_int_equal(line.is_folded, is_folded);
}

static void
a_line_ends_at_the_width_and_behind_a_newline(void **state)
{
    struct lines lines = lines_of("abcdefgh\nij", LOOK_TEXT, 6, 0);
    struct line line;

    (void)state;
    assert_int_equal(lines_count(&lines), 3);
    expect_line(&lines, "abcdef", false);
    expect_line(&lines, "gh\n", false);
    expect_line(&lines, "ij", false);
    assert_false(lines_next(&lines, &line));
}

static void
there_is_always_a_first_line(void **state)
{
    struct lines lines = lines_of("", LOOK_TEXT, 6, 0);

    (void)state;
    assert_int_equal(lines_count(&lines), 1);
    expect_line(&lines, "", false);
}

static void
a_folded_line_leaves_room_for_its_sign(void **state)
{
    struct lines lines = lines_of("abcdefgh", LOOK_TEXT, 6, 1);

    (void)state;
    expect_line(&lines, "abcde", true);
    assert_int_equal(lines_count(&lines), 1);
    lines = lines_of("abcdef", LOOK_TEXT, 6, 1);
    expect_line(&lines, "abcdef", false);
}

static void
a_fold_may_leave_the_end_in_sight(void **state)
{
    struct lines lines = lines_of("call(0123456789) = 4", LOOK_TEXT, 14, 1);
    struct line line;

    (void)state;
    lines.tail = 4;
    assert_true(lines_next(&lines, &line));
    assert_true(line.is_folded);
    assert_int_equal(line.size, 9);             /* and the sign, and " = 4" */
    assert_int_equal(line.tail, 4);
    lines = lines_of("call(0123456789) = 4", LOOK_TEXT, 20, 1);
    lines.tail = 4;
    assert_true(lines_next(&lines, &line));
    assert_int_equal(line.tail, 0);             /* all of it fits */
    lines = lines_of("call(0123456789) = 4", LOOK_TEXT, 5, 1);
    lines.tail = 4;
    assert_true(lines_next(&lines, &line));
    assert_int_equal(line.size, 4);             /* it would leave too little of the beginning */
    assert_int_equal(line.tail, 0);
}

static void
an_end_that_is_long_is_cut_too(void **state)
{
    struct lines lines = lines_of("connect(0123456789012345) = -1 EINPROGRESS (Operation now)",
                                  LOOK_TEXT, 45, 1);
    struct line line;

    (void)state;
    lines.tail = 32;
    assert_true(lines_next(&lines, &line));
    assert_true(line.is_folded);
    assert_int_equal(line.size, 14);            /* a sign, the end, and a sign again */
    assert_int_equal(line.tail, 32);
    assert_int_equal(line.tail_size, 29);
}

static void
a_folded_line_shows_newlines_in_place(void **state)
{
    struct lines lines = lines_of("a\nb", LOOK_TEXT, 20, 1);

    (void)state;
    expect_line(&lines, "a\nb", false);
}

static void
what_was_not_kept_counts_as_folded(void **state)
{
    struct lines lines = lines_of("ab", LOOK_TEXT, 20, 1);

    (void)state;
    lines.is_cut = true;
    expect_line(&lines, "ab", true);
}

static void
prose_is_broken_at_blanks(void **state)
{
    struct lines lines = lines_of("one two three", LOOK_TEXT, 9, 0);

    (void)state;
    lines.by_words = true;
    expect_line(&lines, "one two ", false);
    expect_line(&lines, "three", false);
    lines = lines_of("incomprehensible", LOOK_TEXT, 9, 0);
    lines.by_words = true;
    expect_line(&lines, "incompreh", false);
}

static void
wide_characters_are_never_cut_in_two(void **state)
{
    struct lines lines = lines_of("世界人", LOOK_TEXT, 5, 0);

    (void)state;
    expect_line(&lines, "世界", false);
    expect_line(&lines, "人", false);
}

static void
hex_rows_take_as_many_bytes_as_fit(void **state)
{
    char data[64];
    struct line line;
    struct lines lines = { .data = data, .size = sizeof(data), .look = LOOK_HEX, .width = 54 };

    (void)state;
    memset(data, 'x', sizeof(data));
    assert_true(lines_next(&lines, &line));
    assert_int_equal(line.size, 16);
    assert_int_equal(lines_count(&lines), 4);
    lines.width = 53;
    assert_int_equal(lines_count(&lines), 8);
    lines.look = LOOK_BOTH;
    lines.width = 74;
    assert_int_equal(lines_count(&lines), 4);
    lines.width = 25;
    assert_int_equal(lines_count(&lines), 16);
    lines.width = 17;           /* no room for the text beside four bytes */
    assert_int_equal(lines_count(&lines), 16);
    lines.width = 11;
    assert_int_equal(lines_count(&lines), 32);
}

static void
a_folded_hex_row_leaves_room_for_its_sign(void **state)
{
    char data[64];
    struct line line;
    struct lines lines = { .data = data, .size = sizeof(data), .look = LOOK_HEX, .width = 54,
                           .limit = 1 };

    (void)state;
    memset(data, 'x', sizeof(data));
    assert_true(lines_next(&lines, &line));
    assert_int_equal(line.size, 8);
    assert_true(line.is_folded);
}

static void
a_dump_has_offsets_bytes_and_text(void **state)
{
    struct buffer out = { 0 };

    (void)state;
    lines_dump(&out, "0123456789abcdef\n", 17);
    buffer_add(&out, "", 1);
    assert_string_equal(buffer_data(&out),
        "0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
        "0010  0a                                                |.|\n");
    buffer_fini(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_ends_at_the_width_and_behind_a_newline),
        cmocka_unit_test(there_is_always_a_first_line),
        cmocka_unit_test(a_folded_line_leaves_room_for_its_sign),
        cmocka_unit_test(a_fold_may_leave_the_end_in_sight),
        cmocka_unit_test(an_end_that_is_long_is_cut_too),
        cmocka_unit_test(a_folded_line_shows_newlines_in_place),
        cmocka_unit_test(what_was_not_kept_counts_as_folded),
        cmocka_unit_test(prose_is_broken_at_blanks),
        cmocka_unit_test(wide_characters_are_never_cut_in_two),
        cmocka_unit_test(hex_rows_take_as_many_bytes_as_fit),
        cmocka_unit_test(a_folded_hex_row_leaves_room_for_its_sign),
        cmocka_unit_test(a_dump_has_offsets_bytes_and_text),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
