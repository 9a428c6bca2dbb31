/* test_text_cells.c - text within a width: columns stay aligned. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <string.h>

#include "hostile.h"
#include "sockdeck/base/text.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

static int
use_utf8(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL ? 0 : -1;
}

static void
assert_cells(const char *bytes, size_t n, size_t max_cells, size_t size, const char *text)
{
    char buf[256];
    size_t cells;

    memset(buf, 'Z', sizeof(buf));
    cells = text_render_cells(buf, size, bytes, n, max_cells, 0);
    assert_string_equal(buf, text);
    assert_int_equal(cells, text_cells(text));
    assert_true(cells <= max_cells);
    assert_int_equal(buf[size], 'Z');
}

static void
text_that_fits_is_left_alone(void **state)
{
    (void)state;
    assert_cells(BYTES(""), 0, 1, "");
    assert_cells(BYTES(""), 10, 10, "");
    assert_cells(BYTES("hello"), 5, 100, "hello");
    assert_cells(BYTES("hello"), 5, 6, "hello");
    assert_cells(BYTES("日本"), 4, 100, "日本");
    assert_cells(BYTES("a\n"), 3, 100, "a\\n");
}

static void
text_that_is_too_wide_ends_in_dots(void **state)
{
    (void)state;
    assert_cells(BYTES("hello!"), 5, 100, "he...");
    assert_cells(BYTES("hello"), 4, 100, "h...");
    assert_cells(BYTES("hello"), 3, 100, "...");
    assert_cells(BYTES("hello"), 2, 100, "..");
    assert_cells(BYTES("hello"), 1, 100, ".");
    assert_cells(BYTES("hello"), 0, 100, "");
}

static void
a_wide_character_or_escape_is_never_cut_at_the_edge(void **state)
{
    (void)state;
    assert_cells(BYTES("日本語"), 6, 100, "日本語");
    assert_cells(BYTES("日本語"), 5, 100, "日...");
    assert_cells(BYTES("日本語"), 4, 100, "...");
    assert_cells(BYTES("a日本語"), 6, 100, "a日...");
    assert_cells(BYTES("a日本語"), 5, 100, "a...");
    assert_cells(BYTES("日"), 1, 100, ".");
    assert_cells(BYTES("ab\x1b[2J"), 8, 100, "ab...");
    assert_cells(BYTES("ab\x1b[2J"), 9, 100, "ab\\x1b[2J");
    assert_cells(BYTES("e\xcc\x81" "e\xcc\x81" "xyz"), 4, 100, "e\xcc\x81...");
}

static void
the_memory_limits_as_the_width_does(void **state)
{
    (void)state;
    assert_cells(BYTES("hello"), 100, 5, "h...");
    assert_cells(BYTES("hello"), 100, 4, "...");
    assert_cells(BYTES("hello"), 100, 3, "..");
    assert_cells(BYTES("hello"), 100, 1, "");
    assert_cells(BYTES("日本"), 100, 6, "...");
    assert_cells(BYTES("日本"), 100, 7, "日本");
    assert_cells(BYTES("日本語"), 100, 7, "日...");
    assert_cells(BYTES("日本語"), 100, 9, "日...");
}

static void
whatever_the_bytes_they_stay_within_their_columns(void **state)
{
    uint64_t random = 0x2545f4914f6cdd1du;
    char bytes[64], buf[64];

    (void)state;
    for (int round = 0; round < 4000; round++) {
        size_t n = hostile_bytes(bytes, sizeof(bytes), &random);
        size_t max_cells = hostile_random(&random) % 40, size = 1 + hostile_random(&random) % 64;
        size_t cells = text_render_cells(buf, size, bytes, n, max_cells, 0);

        assert_true(cells <= max_cells);
        assert_true(strlen(buf) < size);
        assert_int_equal(text_cells(buf), cells);
        assert_true(text_is_utf8(buf, strlen(buf)));
    }
}

static void
a_word_of_the_user_fits_a_sentence(void **state)
{
    char buf[TEXT_WORD], word[5000];

    (void)state;
    assert_string_equal(text_word(buf, "a\"b\x1b"), "a\\\"b\\x1b");
    memset(word, 'w', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    assert_int_equal(strlen(text_word(buf, word)), 40);
    assert_string_equal(buf + 35, "ww...");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_that_fits_is_left_alone),
        cmocka_unit_test(text_that_is_too_wide_ends_in_dots),
        cmocka_unit_test(a_wide_character_or_escape_is_never_cut_at_the_edge),
        cmocka_unit_test(the_memory_limits_as_the_width_does),
        cmocka_unit_test(whatever_the_bytes_they_stay_within_their_columns),
        cmocka_unit_test(a_word_of_the_user_fits_a_sentence),
    };

    return cmocka_run_group_tests_name("text cells", tests, use_utf8, NULL);
}
