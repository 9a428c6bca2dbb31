/* test_utf8.c - utf8: UTF-8 read strictly and written, in any locale. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/base/text.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

static void
every_character_is_written_and_read_back(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        uint32_t read = 0;
        char bytes[4];
        int length;

        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        length = text_encode(bytes, code);
        if (text_decode(bytes, (size_t)length, &read) != length || read != code)
            fail_msg("U+%04X", (unsigned)code);
        for (int part = 1; part < length; part++)
            if (text_decode(bytes, (size_t)part, &read) != 0)
                fail_msg("U+%04X cut after %d", (unsigned)code, part);
    }
}

static void
refuses_every_invalid_form(void **state)
{
    static const char *const forms[] = {
        "\x80", "\xbf",                                     /* stray continuation */
        "\xc0\x80", "\xc1\xbf", "\xc0",                     /* overlong, two bytes */
        "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe0\x9f",         /* overlong, three */
        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x8f", /* overlong, four */
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xed\xa0",         /* surrogates */
        "\xf4\x90\x80\x80", "\xf4\x90", "\xf5\x80\x80\x80", /* above U+10FFFF */
        "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
        "\xc3x", "\xe2\x82x", "\xe2x", "\xf0\x9f\x98x",     /* cut by another one */
        "\xc3\xc3", "\xe2\xe2",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        uint32_t code;

        if (text_decode(forms[i], strlen(forms[i]), &code) != -1)
            fail_msg("form %zu", i);
        assert_false(text_is_utf8(forms[i], strlen(forms[i])));
    }
}

static void
tells_utf8_from_other_bytes(void **state)
{
    (void)state;
    assert_true(text_is_utf8("", 0));
    assert_true(text_is_utf8(BYTES("plain\0\x7f")));
    assert_true(text_is_utf8(BYTES("привет 日本 \xf0\x9f\x98\x80")));
    assert_false(text_is_utf8(BYTES("привет\xd0")));
    assert_false(text_is_utf8(BYTES("\xff")));
}

static void
cuts_at_a_character_boundary(void **state)
{
    (void)state;
    assert_int_equal(text_whole("", 0), 0);
    assert_int_equal(text_whole(BYTES("abc")), 3);
    assert_int_equal(text_whole(BYTES("a\xc3")), 1);
    assert_int_equal(text_whole(BYTES("a\xc3\xa9")), 3);
    assert_int_equal(text_whole(BYTES("a\xe2\x82")), 1);
    assert_int_equal(text_whole(BYTES("a\xe2\x82\xac")), 4);
    assert_int_equal(text_whole(BYTES("a\xf0\x9f\x98")), 1);
    assert_int_equal(text_whole(BYTES("\xf0\x9f\x98")), 0);
    assert_int_equal(text_whole(BYTES("a\xf0\x9f\x98\x80")), 5);
}

static void
invalid_bytes_at_the_end_are_not_waited_for(void **state)
{
    (void)state;
    assert_int_equal(text_whole(BYTES("a\xff")), 2);
    assert_int_equal(text_whole(BYTES("a\x80\x80\x80\x80")), 5);
    assert_int_equal(text_whole(BYTES("a\xe0\x80")), 3);
    assert_int_equal(text_whole(BYTES("a\xed\xa0")), 3);
    assert_int_equal(text_whole(BYTES("a\xc3\xa9\xa9")), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_written_and_read_back),
        cmocka_unit_test(refuses_every_invalid_form),
        cmocka_unit_test(tells_utf8_from_other_bytes),
        cmocka_unit_test(cuts_at_a_character_boundary),
        cmocka_unit_test(invalid_bytes_at_the_end_are_not_waited_for),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
