/* test_duration.c - duration: one reader, one writer, and back again. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"

static int64_t
parse(const char *word)
{
    struct error err = { 0 };
    int64_t ns = -77;

    if (duration_parse(word, &ns, &err) != 0)
        fail_msg("%s", err.text);
    return ns;
}

static void
reads_every_form_of_the_grammar(void **state)
{
    static const struct { const char *word; int64_t ns; } cases[] = {
        { "200ms", 200 * NS_PER_MS }, { "2s", 2 * NS_PER_S },      { "1.5", 1500 * NS_PER_MS },
        { "2m", 120 * NS_PER_S },     { "none", DURATION_NONE },   { "0", 0 },
        { "87us", 87 * NS_PER_US },   { "1h", 3600 * NS_PER_S },   { "5", 5 * NS_PER_S },
        { "0.5s", NS_PER_S / 2 },     { ".5", NS_PER_S / 2 },      { "0s", 0 },
        { "0ms", 0 },                 { "0.000", 0 },              { "007", 7 * NS_PER_S },
        { "1.5m", 90 * NS_PER_S },    { "0.25h", 900 * NS_PER_S }, { "1.25us", 1250 },
        { "0.000000001", 1 },         { "8784h", DURATION_MAX },   { "31622400", DURATION_MAX },
        { "0.123456789s", 123456789 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(parse(cases[i].word), cases[i].ns);
}

static void
more_than_zero_never_becomes_zero(void **state)
{
    (void)state;
    assert_int_equal(parse("0.0000000001"), 1);
    assert_int_equal(parse("0.0001us"), 1);
    assert_int_equal(parse("0.00000000000000000000"), 0);
}

static void
digits_below_a_nanosecond_are_dropped(void **state)
{
    (void)state;
    assert_int_equal(parse("1.0000000019"), NS_PER_S + 1);
    assert_int_equal(parse("1.99999999999999999999999999999999"), 2 * NS_PER_S - 1);
}

static void
refuses_what_is_no_duration(void **state)
{
    static const char *const words[] = {
        "", " ", "s", "ms", ".", "5.", "-1", "-0", "+1", "1 s", " 1", "1 ", "1s ", "1e3", "0x10",
        "nan", "NaN", "inf", "infinity", "None", "NONE", "non", "nonee", "1.5.5", "1..5", "1,5",
        "5S", "5sec", "5s5", "5mss", "1_000", "5d", "--1", "1\n", "\xd9\xa1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct error err = { 0 };
        int64_t ns = 42;

        assert_int_equal(duration_parse(words[i], &ns, &err), -EINVAL);
        assert_int_equal(err.code, -EINVAL);
        assert_int_equal(ns, 42);
    }
}

static void
the_sentence_names_the_word_and_the_forms(void **state)
{
    struct error err = { 0 };
    int64_t ns;

    (void)state;
    duration_parse("5 parsecs", &ns, &err);
    assert_string_equal(err.text, "\"5 parsecs\" is not a duration: use 200ms, 2s, 1.5, 2m, none "
                                  "or 0 (a bare number is seconds)");
    duration_parse("\x1b[2J", &ns, &err);
    assert_non_null(strstr(err.text, "\"\\x1b[2J\" is not a duration"));
    assert_int_equal(duration_parse("x", &ns, NULL), -EINVAL);
}

static void
refuses_what_is_too_long(void **state)
{
    static const char *const words[] = {
        "8784.0001h", "31622401", "9223372036854775807", "18446744073709551616",
        "99999999999999999999999999999999999999h", "9999999999999999999999us",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct error err = { 0 };
        int64_t ns = 42;

        assert_int_equal(duration_parse(words[i], &ns, &err), -ERANGE);
        assert_non_null(strstr(err.text, words[i]));
        assert_int_equal(ns, 42);
    }
}

static void
assert_word(int64_t ns, const char *word)
{
    char buf[32];

    assert_string_equal(duration_word(buf, ns), word);
}

static void
writes_words_as_people_do(void **state)
{
    (void)state;
    assert_word(DURATION_NONE, "none");
    assert_word(0, "0");
    assert_word(2 * NS_PER_S, "2s");
    assert_word(200 * NS_PER_MS, "200ms");
    assert_word(1500 * NS_PER_MS, "1.5s");
    assert_word(90 * NS_PER_S, "90s");
    assert_word(120 * NS_PER_S, "2m");
    assert_word(7200 * NS_PER_S, "2h");
    assert_word(5400 * NS_PER_S, "90m");
    assert_word(1, "0.001us");
    assert_word(87120, "87.12us");
    assert_word(DURATION_MAX, "8784h");
    assert_word(DURATION_MAX - 1, "31622399.999999999s");
}

static void
every_word_reads_back_to_its_value(void **state)
{
    uint64_t random = 88172645463325252u;
    char buf[32];

    (void)state;
    for (int64_t ns = 1; ns < DURATION_MAX / 10; ns *= 10)
        for (int64_t digit = 1; digit < 100; digit++)
            if (digit * ns <= DURATION_MAX)
                assert_int_equal(parse(duration_word(buf, digit * ns)), digit * ns);
    for (int i = 0; i < 20000; i++) {
        int64_t ns;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        ns = (int64_t)(random >> (random % 60 + 4)) % DURATION_MAX;
        assert_int_equal(parse(duration_word(buf, ns)), ns);
    }
}

static void
assert_text(int64_t ns, const char *text)
{
    char buf[32];

    assert_string_equal(duration_text(buf, ns), text);
}

static void
writes_limits_for_sentences_as_exact_as_they_were_given(void **state)
{
    (void)state;
    assert_text(5 * NS_PER_S, "5 s");
    assert_text(200 * NS_PER_MS, "200 ms");
    assert_text(1500 * NS_PER_MS, "1.5 s");
    assert_text(120 * NS_PER_S, "120 s");
    assert_text(87 * NS_PER_US, "87 us");
    assert_text(0, "0 s");
    assert_text(DURATION_NONE, "none");
}

static void
assert_measured(int64_t ns, const char *text)
{
    char buf[32];

    assert_string_equal(duration_measured(buf, ns), text);
}

static void
writes_measured_times_with_three_decimals(void **state)
{
    (void)state;
    assert_measured(INT64_C(5003000000), "5.003 s");
    assert_measured(12345000, "12.345 ms");
    assert_measured(87120, "87.120 us");
    assert_measured(0, "0.000 us");
    assert_measured(NS_PER_S, "1.000 s");
    assert_measured(NS_PER_S - 1, "999.999 ms");
    assert_measured(NS_PER_MS - 1, "999.999 us");
    assert_measured(INT64_MAX, "9223372036.854 s");
    assert_measured(-5, "0.000 us");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_of_the_grammar),
        cmocka_unit_test(more_than_zero_never_becomes_zero),
        cmocka_unit_test(digits_below_a_nanosecond_are_dropped),
        cmocka_unit_test(refuses_what_is_no_duration),
        cmocka_unit_test(the_sentence_names_the_word_and_the_forms),
        cmocka_unit_test(refuses_what_is_too_long),
        cmocka_unit_test(writes_words_as_people_do),
        cmocka_unit_test(every_word_reads_back_to_its_value),
        cmocka_unit_test(writes_limits_for_sentences_as_exact_as_they_were_given),
        cmocka_unit_test(writes_measured_times_with_three_decimals),
    };

    return cmocka_run_group_tests_name("duration", tests, NULL, NULL);
}
