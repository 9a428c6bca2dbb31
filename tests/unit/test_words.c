/* test_words.c - words: how a line is split, and what stands as it is. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/words.h"

static int
set_up(void **state)
{
    static struct words words;

    words = (struct words){ 0 };
    *state = &words;
    return 0;
}

static int
tear_down(void **state)
{
    words_fini(*state);
    return 0;
}

static struct words *
split(void **state, const char *line)
{
    struct words *words = *state;

    words_fini(words);
    assert_int_equal(words_split(words, line, strlen(line), NULL), 0);
    return words;
}

static void
assert_word(const struct words *words, size_t i, enum word_kind kind, const char *text)
{
    assert_true(i < words->count);
    assert_int_equal(words->list[i].kind, kind);
    assert_string_equal(words->list[i].text, text);
}

static void
blanks_part_words(void **state)
{
    const struct words *words = split(state, "  listen\t10001   handler=echo ");

    assert_int_equal(words->count, 3);
    assert_word(words, 0, WORD_PLAIN, "listen");
    assert_word(words, 1, WORD_PLAIN, "10001");
    assert_word(words, 2, WORD_PLAIN, "handler=echo");
}

static void
plain_and_double_quoted_words_know_the_escapes(void **state)
{
    const struct words *words = split(state, "a\\n\\r\\t\\x41\\\\\\\"z \"a\\n\\r\\t\\x41\\\\\\\"z\"");

    assert_word(words, 0, WORD_PLAIN, "a\n\r\tA\\\"z");
    assert_word(words, 1, WORD_QUOTED, "a\n\r\tA\\\"z");
}

static void
any_other_backslash_stays(void **state)
{
    const struct words *words = split(state, "\\d\\.\\x4 \"\\q\\xg1\" \\");

    assert_word(words, 0, WORD_PLAIN, "\\d\\.\\x4");
    assert_word(words, 1, WORD_QUOTED, "\\q\\xg1");
    assert_word(words, 2, WORD_PLAIN, "\\");
}

static void
an_escaped_nul_is_a_byte_of_the_word(void **state)
{
    const struct words *words = split(state, "a\\0b");

    assert_int_equal(words->list[0].length, 3);
    assert_memory_equal(words->list[0].text, "a\0b", 4);
}

static void
single_quotes_keep_every_byte(void **state)
{
    assert_word(split(state, "'a\\n;#\"  b'"), 0, WORD_QUOTED, "a\\n;#\"  b");
}

static void
a_quote_inside_a_plain_word_stands_for_itself(void **state)
{
    const struct words *words = split(state, "it's {\"a\":1}");

    assert_word(words, 0, WORD_PLAIN, "it's");
    assert_word(words, 1, WORD_PLAIN, "{\"a\":1}");
}

static void
a_semicolon_ends_a_command_unless_it_is_quoted(void **state)
{
    const struct words *words = split(state, "a;b ; \";\" ';'");

    assert_int_equal(words->count, 6);
    assert_word(words, 0, WORD_PLAIN, "a");
    assert_word(words, 1, WORD_END, "");
    assert_word(words, 2, WORD_PLAIN, "b");
    assert_word(words, 3, WORD_END, "");
    assert_word(words, 4, WORD_QUOTED, ";");
    assert_word(words, 5, WORD_QUOTED, ";");
}

static void
an_empty_quoted_word_is_a_word(void **state)
{
    const struct words *words = split(state, "send \"\" ''");

    assert_int_equal(words->count, 3);
    assert_word(words, 1, WORD_QUOTED, "");
    assert_word(words, 2, WORD_QUOTED, "");
}

static void
a_comment_is_only_the_first_thing_on_a_line(void **state)
{
    assert_int_equal(split(state, "#!/usr/bin/sockdeck -bf")->count, 0);
    assert_int_equal(split(state, "  # listen 1")->count, 0);
    assert_int_equal(split(state, "#")->count, 0);
    assert_int_equal(split(state, "send # x")->count, 3);
    assert_word(split(state, "#3"), 0, WORD_PLAIN, "#3");
}

static void
an_empty_line_has_no_words(void **state)
{
    assert_int_equal(split(state, "")->count, 0);
    assert_int_equal(split(state, " \t\r")->count, 0);
}

static void
an_open_quote_is_an_error_that_names_it(void **state)
{
    struct words *words = *state;
    struct error err = { 0 };

    assert_int_equal(words_split(words, "send 'abc d", 11, &err), -EINVAL);
    assert_string_equal(err.text, "'abc d: the quote is not closed");
    assert_int_equal(words->count, 2);
    assert_word(words, 1, WORD_QUOTED, "abc d");
}

static void
a_word_knows_its_place_in_the_line(void **state)
{
    const struct words *words = split(state, " ab \"c d\"");

    assert_int_equal(words->list[0].start, 1);
    assert_int_equal(words->list[0].end, 3);
    assert_int_equal(words->list[1].start, 4);
    assert_int_equal(words->list[1].end, 9);
}

static void
arguments_of_a_shell_keep_spaces_and_quotes(void **state)
{
    char verb[] = "send", data[] = "a  \"b\"\\n", end[] = ";", last[] = "quit";
    char *const argv[] = { verb, data, end, last };
    struct words *words = *state;

    words_from_arguments(words, 4, argv);
    assert_int_equal(words->count, 4);
    assert_word(words, 1, WORD_PLAIN, "a  \"b\"\n");
    assert_word(words, 2, WORD_END, "");
    assert_word(words, 3, WORD_PLAIN, "quit");
}

static void
words_are_joined_by_one_space(void **state)
{
    const struct words *words = split(state, "a   \"b  c\" d");
    struct buffer out = { 0 };

    words_join(&out, words->list, words->count);
    assert_int_equal(buffer_size(&out), 8);
    assert_memory_equal(buffer_data(&out), "a b  c d", 8);
    buffer_fini(&out);
}

static void
a_command_is_written_so_that_it_can_be_typed_again(void **state)
{
    const struct words *words = split(state, "send \"a\\x1bb;\" c \\\\n");
    static const char expected[] = "send \"a\\x1bb;\" c \"\\\\n\"";
    struct buffer out = { 0 };

    words_quote(&out, words->list, words->count);
    assert_int_equal(buffer_size(&out), sizeof(expected) - 1);
    assert_memory_equal(buffer_data(&out), expected, sizeof(expected) - 1);
    buffer_fini(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blanks_part_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_and_double_quoted_words_know_the_escapes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_other_backslash_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_escaped_nul_is_a_byte_of_the_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(single_quotes_keep_every_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_quote_inside_a_plain_word_stands_for_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_semicolon_ends_a_command_unless_it_is_quoted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_quoted_word_is_a_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_comment_is_only_the_first_thing_on_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_line_has_no_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_open_quote_is_an_error_that_names_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_word_knows_its_place_in_the_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arguments_of_a_shell_keep_spaces_and_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_are_joined_by_one_space, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_command_is_written_so_that_it_can_be_typed_again, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
