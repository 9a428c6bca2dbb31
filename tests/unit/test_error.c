/* test_error.c - error: a number for code, a sentence for a person. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"

static void
fills_number_and_sentence_and_returns_the_number(void **state)
{
    struct error err = { 0 };

    (void)state;
    assert_int_equal(error_set(&err, -ENOENT, "no connection #%d", 3), -ENOENT);
    assert_int_equal(err.code, -ENOENT);
    assert_string_equal(err.text, "no connection #3");
}

static void
needs_nobody_to_read_the_sentence(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, -EINVAL, "%s", "unread"), -EINVAL);
}

static void
a_sentence_may_quote_the_one_it_replaces(void **state)
{
    struct error err = { 0 };

    (void)state;
    error_set(&err, -EINVAL, "inner");
    error_set(&err, -EINVAL, "outer: %s", err.text);
    assert_string_equal(err.text, "outer: inner");
}

static void
a_long_sentence_ends_at_a_character_boundary(void **state)
{
    struct error err = { 0 };
    char letters[600] = "x";

    (void)state;
    for (size_t i = 0; i < 299; i++)
        memcpy(letters + 1 + 2 * i, "\xd0\x96", 3);     /* 1 + 2 * 127 = 255 */
    error_set(&err, -EINVAL, "%s", letters);
    assert_int_equal(strlen(err.text), 255);
    assert_true(text_is_utf8(err.text, strlen(err.text)));

    error_set(&err, -EINVAL, "%s", letters + 1);
    assert_int_equal(strlen(err.text), 254);
    assert_true(text_is_utf8(err.text, strlen(err.text)));
}

static void
a_sentence_is_one_line_whatever_went_into_it(void **state)
{
    struct error err = { 0 };

    (void)state;
    error_set(&err, -EINVAL, "one%stwo", "\n\r\x1b[2J\t\x7f");
    assert_string_equal(err.text, "one???[2J??two");
}

static void
names_numbers_of_either_sign(void **state)
{
    char buf[16];

    (void)state;
    assert_string_equal(error_name(111, buf), "ECONNREFUSED");
    assert_string_equal(error_name(-111, buf), "ECONNREFUSED");
    assert_string_equal(error_name(EAGAIN, buf), "EAGAIN");
    assert_string_equal(error_name(EPERM, buf), "EPERM");
    assert_string_equal(error_name(EHWPOISON, buf), "EHWPOISON");
    assert_string_equal(error_name(EOPNOTSUPP, buf), "EOPNOTSUPP");
}

static void
writes_unknown_numbers_as_numbers(void **state)
{
    char buf[16];

    (void)state;
    assert_string_equal(error_name(0, buf), "E0");
    assert_string_equal(error_name(-9999, buf), "E9999");
    assert_string_equal(error_name(INT_MIN, buf), "E2147483648");
    assert_string_equal(error_name(INT_MAX, buf), "E2147483647");
}

static void
agrees_with_libc_about_every_name(void **state)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
    char buf[16];

    (void)state;
    for (int number = 1; number < 200; number++) {
        const char *name = strerrorname_np(number);

        if (name != NULL && number != EOPNOTSUPP)       /* ENOTSUP for libc */
            assert_string_equal(error_name(number, buf), name);
    }
#else
    (void)state;
    skip();
#endif
}

static void
gives_the_sentence_of_either_sign(void **state)
{
    (void)state;
    assert_string_equal(error_message(ECONNREFUSED), "Connection refused");
    assert_string_equal(error_message(-ECONNREFUSED), "Connection refused");
    assert_non_null(error_message(123456));
    assert_non_null(error_message(INT_MIN));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_number_and_sentence_and_returns_the_number),
        cmocka_unit_test(needs_nobody_to_read_the_sentence),
        cmocka_unit_test(a_sentence_may_quote_the_one_it_replaces),
        cmocka_unit_test(a_long_sentence_ends_at_a_character_boundary),
        cmocka_unit_test(a_sentence_is_one_line_whatever_went_into_it),
        cmocka_unit_test(names_numbers_of_either_sign),
        cmocka_unit_test(writes_unknown_numbers_as_numbers),
        cmocka_unit_test(agrees_with_libc_about_every_name),
        cmocka_unit_test(gives_the_sentence_of_either_sign),
    };

    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
