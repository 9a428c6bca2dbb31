/* test_size.c - size: byte counts and numbers, as words and back. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/size.h"

static uint64_t
parse(const char *word)
{
    struct error err = { 0 };
    uint64_t size = 0;

    if (size_parse(word, &size, &err) != 0)
        fail_msg("%s", err.text);
    return size;
}

static void
reads_every_form_of_the_grammar(void **state)
{
    (void)state;
    assert_true(parse("64") == 64);
    assert_true(parse("0") == 0);
    assert_true(parse("4k") == 4096);
    assert_true(parse("4K") == 4096);
    assert_true(parse("1M") == 1048576);
    assert_true(parse("1m") == 1048576);
    assert_true(parse("2G") == UINT64_C(2147483648));
    assert_true(parse("2g") == UINT64_C(2147483648));
    assert_true(parse("0k") == 0);
    assert_true(parse("18446744073709551615") == UINT64_MAX);
    assert_true(parse("18014398509481983k") == UINT64_MAX - 1023);
}

static void
refuses_what_is_no_size(void **state)
{
    static const char *const words[] = {
        "", "k", "-1", "+1", "4kk", "4kB", "4 k", " 4", "4 ", "1.5k", "0x10", "1e3", "4t", "k4",
        "\xc2\xb2", "4\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct error err = { 0 };
        uint64_t size = 42;

        assert_int_equal(size_parse(words[i], &size, &err), -EINVAL);
        assert_non_null(strstr(err.text, "is not a size: use 64, 4k, 1M or 2G"));
        assert_true(size == 42);
    }
}

static void
refuses_what_does_not_fit(void **state)
{
    static const char *const words[] = {
        "18446744073709551616", "18014398509481984k", "17179869184G",
        "99999999999999999999999999999999999999",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct error err = { 0 };
        uint64_t size = 42;

        assert_int_equal(size_parse(words[i], &size, &err), -ERANGE);
        assert_non_null(strstr(err.text, words[i]));
        assert_true(size == 42);
    }
}

static void
every_word_reads_back_to_its_value(void **state)
{
    static const struct { uint64_t size; const char *word; } cases[] = {
        { 0, "0" },           { 64, "64" },     { 1000, "1000" },      { 1024, "1k" },
        { 4096, "4k" },       { 1536, "1536" }, { 1048576, "1M" },     { 1049600, "1025k" },
        { 3221225472u, "3G" }, { UINT64_MAX, "18446744073709551615" },
    };
    char buf[32];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(size_word(buf, cases[i].size), cases[i].word);
        assert_true(parse(buf) == cases[i].size);
    }
    for (uint64_t size = 1; size < UINT64_MAX / 3; size *= 3)
        assert_true(parse(size_word(buf, size)) == size);
    for (int shift = 0; shift < 64; shift++)
        assert_true(parse(size_word(buf, UINT64_C(1) << shift)) == UINT64_C(1) << shift);
}

static void
assert_short(uint64_t size, const char *word)
{
    char buf[32];

    assert_string_equal(size_short(buf, size), word);
}

static void
fits_a_narrow_column(void **state)
{
    char buf[32];

    (void)state;
    assert_short(0, "0");
    assert_short(999, "999");
    assert_short(1023, "1023");
    assert_short(1024, "1.0k");
    assert_short(1300, "1.2k");
    assert_short(10239, "9.9k");
    assert_short(12288, "12k");
    assert_short(1048575, "1023k");
    assert_short(3565158, "3.3M");
    assert_short(209715200, "200M");
    assert_short(UINT64_MAX, "15E");
    for (uint64_t size = 1; size < UINT64_MAX / 7; size = size * 7 + 1)
        assert_in_range(strlen(size_short(buf, size)), 1, 5);
}

static void
reads_numbers_within_their_range(void **state)
{
    uint64_t number = 0;

    (void)state;
    assert_int_equal(number_parse("workers", "1", 1, 64, &number, NULL), 0);
    assert_true(number == 1);
    assert_int_equal(number_parse("workers", "64", 1, 64, &number, NULL), 0);
    assert_true(number == 64);
    assert_int_equal(number_parse("n", "18446744073709551615", 0, UINT64_MAX, &number, NULL), 0);
    assert_true(number == UINT64_MAX);
}

static void
the_sentence_names_what_it_is_for_the_word_and_the_range(void **state)
{
    static const struct { const char *word; int code; } cases[] = {
        { "x", -EINVAL },   { "", -EINVAL },    { "-1", -EINVAL },  { "3k", -EINVAL },
        { "3 ", -EINVAL },  { "0", -ERANGE },   { "65", -ERANGE },  { "1.5", -EINVAL },
        { "99999999999999999999999", -ERANGE }, { "0x3", -EINVAL },
    };
    struct error err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint64_t number = 42;

        assert_int_equal(number_parse("workers", cases[i].word, 1, 64, &number, &err),
                         cases[i].code);
        assert_true(number == 42);
        assert_non_null(strstr(err.text, "is not a number from 1 to 64"));
    }
    number_parse("workers", "x", 1, 64, &(uint64_t){ 0 }, &err);
    assert_string_equal(err.text, "workers=x: \"x\" is not a number from 1 to 64");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_the_grammar),
        cmocka_unit_test(refuses_what_is_no_size),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(every_word_reads_back_to_its_value),
        cmocka_unit_test(fits_a_narrow_column),
        cmocka_unit_test(reads_numbers_within_their_range),
        cmocka_unit_test(the_sentence_names_what_it_is_for_the_word_and_the_range),
    };

    return cmocka_run_group_tests_name("size", tests, NULL, NULL);
}
