/* test_text.c - text: no byte that is not ours reaches a terminal as it came. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "hostile.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/text.h"

#define BYTES(literal) (literal), sizeof(literal) - 1

static int
use_utf8(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C.UTF-8") != NULL ? 0 : -1;
}

static int
use_ascii(void **state)
{
    (void)state;
    return setlocale(LC_CTYPE, "C") != NULL ? 0 : -1;
}

static void
assert_renders(const char *bytes, size_t n, unsigned flags, const char *text)
{
    struct buffer out = { 0 };

    assert_int_equal(text_render(&out, bytes, n, flags), 0);
    assert_int_equal(buffer_add(&out, "", 1), 0);
    assert_string_equal(buffer_data(&out), text);
    buffer_fini(&out);
}

/* Every glyph by its own, joined, is what text_render writes at once. */
static void
assert_glyphs_agree(const char *bytes, size_t n, unsigned flags, const struct buffer *out)
{
    const char *at = buffer_data(out);
    struct glyph glyph;

    while (n > 0) {
        size_t taken = text_next_glyph(bytes, n, flags, &glyph);

        assert_in_range(taken, 1, n);
        assert_in_range(glyph.length, 1, sizeof(glyph.text) - 1);
        assert_int_equal(strlen(glyph.text), glyph.length);
        assert_int_equal(text_cells(glyph.text), glyph.cells);
        assert_in_range(glyph.cells, 1, 4);
        assert_memory_equal(at, glyph.text, glyph.length);
        at += glyph.length;
        bytes += taken;
        n -= taken;
    }
    assert_ptr_equal(at, buffer_data(out) + buffer_size(out));
}

static void
passes_text_of_many_scripts(void **state)
{
    static const char *const texts[] = {
        "plain ASCII ~!@#$%^&*()", "привет, мир", "日本語", "한국어", "ελληνικά", "naïve",
        "€ 5", "שלום", "مرحبا", "\xf0\x9f\x98\x80", "e\xcc\x81", "│─┌", "a\\b\"c",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_renders(texts[i], strlen(texts[i]), 0, texts[i]);
}

static void
measures_what_it_passes(void **state)
{
    struct glyph glyph;

    (void)state;
    assert_int_equal(text_next_glyph(BYTES("ab"), 0, &glyph), 1);
    assert_string_equal(glyph.text, "a");
    assert_int_equal(glyph.cells, 1);
    assert_false(glyph.is_escape);

    assert_int_equal(text_next_glyph(BYTES("日本"), 0, &glyph), 3);
    assert_string_equal(glyph.text, "日");
    assert_int_equal(glyph.cells, 2);

    assert_int_equal(text_next_glyph(BYTES("e\xcc\x81x"), 0, &glyph), 3);
    assert_string_equal(glyph.text, "e\xcc\x81");
    assert_int_equal(glyph.length, 3);
    assert_int_equal(glyph.cells, 1);

    assert_int_equal(text_cells("日本 e\xcc\x81\xd0\x96"), 7);
    assert_int_equal(text_cells(""), 0);
}

static void
control_characters_become_the_escapes_of_the_command_language(void **state)
{
    (void)state;
    assert_renders(BYTES("a\nb\rc\td\0e"), 0, "a\\nb\\rc\\td\\0e");
    assert_renders(BYTES("\x01\x07\x08\x0b\x0c\x1b\x1f\x7f"), 0,
                   "\\x01\\x07\\x08\\x0b\\x0c\\x1b\\x1f\\x7f");
}

static void
an_escape_says_what_it_is(void **state)
{
    struct glyph glyph;

    (void)state;
    assert_int_equal(text_next_glyph(BYTES("\nx"), 0, &glyph), 1);
    assert_string_equal(glyph.text, "\\n");
    assert_int_equal(glyph.cells, 2);
    assert_true(glyph.is_escape);
    assert_true(glyph.is_newline);

    assert_int_equal(text_next_glyph(BYTES("\rx"), 0, &glyph), 1);
    assert_true(glyph.is_escape);
    assert_false(glyph.is_newline);

    assert_int_equal(text_next_glyph(BYTES("\x1b["), 0, &glyph), 1);
    assert_string_equal(glyph.text, "\\x1b");
    assert_int_equal(glyph.cells, 4);

    assert_int_equal(text_next_glyph(BYTES("x"), 0, &glyph), 1);
    assert_false(glyph.is_escape);
    assert_false(glyph.is_newline);
}

static void
terminal_sequences_are_inert(void **state)
{
    (void)state;
    assert_renders(BYTES("\x1b[2J\x1b[1;1H"), 0, "\\x1b[2J\\x1b[1;1H");
    assert_renders(BYTES("\x1b]52;c;cm0gLXJm\x07"), 0, "\\x1b]52;c;cm0gLXJm\\x07");
    assert_renders(BYTES("\x1b]0;title\x1b\\"), 0, "\\x1b]0;title\\x1b\\");
    assert_renders(BYTES("\x1bP$q\"p\x1b\\"), 0, "\\x1bP$q\"p\\x1b\\");
    assert_renders(BYTES("\x1b" "c"), 0, "\\x1bc");
}

static void
c1_controls_are_inert_as_bytes_and_as_characters(void **state)
{
    char bytes[4];

    (void)state;
    assert_renders(BYTES("\x9b" "2J\x9d" "52;c\x9c\x90"), 0, "\\x9b2J\\x9d52;c\\x9c\\x90");
    assert_renders(BYTES("\xc2\x9b" "2J"), 0, "\\xc2\\x9b2J");
    assert_renders(BYTES("\xc2\x85"), 0, "\\xc2\\x85");
    for (uint32_t code = 0x80; code < 0xa0; code++) {
        struct glyph glyph;

        text_encode(bytes, code);
        assert_int_equal(text_next_glyph(bytes, 2, 0, &glyph), 1);
        assert_string_equal(glyph.text, "\\xc2");
        assert_int_equal(text_next_glyph(bytes + 1, 1, 0, &glyph), 1);
        assert_true(glyph.is_escape);
    }
}

static void
characters_that_hide_or_reorder_are_escaped(void **state)
{
    static const uint32_t codes[] = {
        0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068,
        0x2069, 0x200b, 0x200c, 0x200d, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff, 0x00ad,
        0xe0000, 0xe0001, 0xe0020, 0xe007f, 0xe0100, 0xe01ef, 0xfe00, 0xfe0e, 0xfe0f, 0x180b,
        0x180e, 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800, 0x2028, 0x2029, 0xfff9, 0xfffa, 0xfffb,
        0xe000, 0xf8ff, 0xf0000, 0xffffd, 0x100000, 0x10fffd, 0xfdd0, 0xfdef, 0xfffe, 0xffff,
        0x1fffe, 0x1ffff, 0x10ffff, 0x034f, 0x17b4, 0x1d173, 0x206f,
        0x0378, 0x50000,        /* not assigned */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        char bytes[5] = "x", escaped[32] = "x";
        int length = text_encode(bytes + 1, codes[i]);

        for (int byte = 1; byte <= length; byte++)
            snprintf(escaped + strlen(escaped), 8, "\\x%02x", (unsigned char)bytes[byte]);
        assert_renders(bytes, (size_t)length + 1, 0, escaped);
        assert_renders(bytes + 1, (size_t)length, 0, escaped + 1);
    }
}

static void
invalid_bytes_are_escaped_one_by_one(void **state)
{
    (void)state;
    assert_renders(BYTES("a\xff\xfe" "b"), 0, "a\\xff\\xfeb");
    assert_renders(BYTES("\xc0\xaf"), 0, "\\xc0\\xaf");
    assert_renders(BYTES("\xe0\x80\xaf"), 0, "\\xe0\\x80\\xaf");
    assert_renders(BYTES("\xed\xa0\xbd\xed\xb8\x80"), 0, "\\xed\\xa0\\xbd\\xed\\xb8\\x80");
    assert_renders(BYTES("\xf4\x90\x80\x80"), 0, "\\xf4\\x90\\x80\\x80");
    assert_renders(BYTES("\xc3\xd0\x96"), 0, "\\xc3Ж");
}

static void
an_unfinished_character_at_the_end_is_escaped(void **state)
{
    (void)state;
    assert_renders(BYTES("a\xd0"), 0, "a\\xd0");
    assert_renders(BYTES("\xe6\x97"), 0, "\\xe6\\x97");
    assert_renders(BYTES("\xf0\x9f\x98"), 0, "\\xf0\\x9f\\x98");
}

static void
at_most_two_marks_follow_a_base(void **state)
{
    (void)state;
    assert_renders(BYTES("e\xcc\x81\xcc\xa7"), 0, "e\xcc\x81\xcc\xa7");
    assert_renders(BYTES("e\xcc\x81\xcc\xa7\xcc\x82"), 0, "e\xcc\x81\xcc\xa7\\xcc\\x82");
    assert_renders(BYTES("日\xcc\x81\xcc\x81\xcc\x81\xcc\x81"), 0,
                   "日\xcc\x81\xcc\x81\\xcc\\x81\\xcc\\x81");
    assert_renders(BYTES("a\xcc\x81" "b\xcc\x81"), 0, "a\xcc\x81" "b\xcc\x81");
}

static void
a_mark_without_a_base_is_escaped(void **state)
{
    (void)state;
    assert_renders(BYTES("\xcc\x81"), 0, "\\xcc\\x81");
    assert_renders(BYTES("\n\xcc\x81" "e"), 0, "\\n\\xcc\\x81" "e");
    assert_renders(BYTES("\x1b\xcc\x81"), 0, "\\x1b\\xcc\\x81");
    assert_renders(BYTES("\"\xcc\x81"), TEXT_QUOTED, "\\\"\\xcc\\x81");
    assert_renders(BYTES("e\xe2\x80\x8d\xcc\x81"), 0, "e\\xe2\\x80\\x8d\\xcc\\x81");
}

static void
a_flood_of_marks_grows_no_cell(void **state)
{
    struct buffer in = { 0 }, out = { 0 };

    (void)state;
    assert_int_equal(buffer_add_text(&in, "Z"), 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(buffer_add_text(&in, "\xcc\xb6"), 0);
    assert_int_equal(text_render(&out, buffer_data(&in), buffer_size(&in), 0), 0);
    assert_glyphs_agree(buffer_data(&in), buffer_size(&in), 0, &out);
    assert_int_equal(buffer_size(&out), 1 + 2 * 2 + 998 * 8);
    buffer_fini(&in);
    buffer_fini(&out);
}

static void
nothing_forges_another_line(void **state)
{
    (void)state;
    assert_renders(BYTES("x\r12:00:00.000  #2  received"), 0, "x\\r12:00:00.000  #2  received");
    assert_renders(BYTES("x\n12:00:00.000  #2"), 0, "x\\n12:00:00.000  #2");
    assert_renders(BYTES("abc\b\b\bxyz"), 0, "abc\\x08\\x08\\x08xyz");
    assert_renders(BYTES("a\0hidden"), 0, "a\\0hidden");
    assert_renders(BYTES("%s%n%x"), 0, "%s%n%x");
}

static void
quoted_text_cannot_end_its_quotes(void **state)
{
    (void)state;
    assert_renders(BYTES("say \"hi\" \\n"), TEXT_QUOTED, "say \\\"hi\\\" \\\\n");
    assert_renders(BYTES("say \"hi\" \\n"), 0, "say \"hi\" \\n");
}

static void
without_utf8_all_but_ascii_is_escaped(void **state)
{
    (void)state;
    assert_false(text_locale_is_utf8());
    assert_renders(BYTES("plain \xd0\x96 \x9b"), 0, "plain \\xd0\\x96 \\x9b");
    assert_renders(BYTES("e\xcc\x81"), 0, "e\\xcc\\x81");
    assert_true(text_is_utf8(BYTES("Ж")));
}

static void
ascii_can_be_asked_for_in_any_locale(void **state)
{
    (void)state;
    assert_true(text_locale_is_utf8());
    assert_renders(BYTES("Ж日"), TEXT_ASCII, "\\xd0\\x96\\xe6\\x97\\xa5");
    assert_renders(BYTES("e\xcc\x81"), TEXT_ASCII, "e\\xcc\\x81");
}

static int
hex_value(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* As the command language reads a double-quoted word. */
static void
unescape(const struct buffer *text, struct buffer *bytes)
{
    const char *p = buffer_data(text), *end = p + buffer_size(text);

    while (p < end) {
        char c = *p++;

        if (c == '\\') {
            c = *p++;
            if (c == 'x') {
                c = (char)(hex_value(p[0]) << 4 | hex_value(p[1]));
                p += 2;
            } else if (strchr("nrt0", c) != NULL) {
                c = "\n\r\t\0"[strchr("nrt0", c) - "nrt0"];
            }
        }
        assert_int_equal(buffer_add(bytes, &c, 1), 0);
    }
}

static bool
is_safe(const struct buffer *text)
{
    const char *p = buffer_data(text);
    size_t n = buffer_size(text);

    while (n > 0) {
        uint32_t code;
        int length = text_decode(p, n, &code);

        if (length <= 0 || code < 0x20 || (code >= 0x7f && code < 0xa0) ||
            wcwidth((wchar_t)code) < 0)
            return false;
        p += length;
        n -= (size_t)length;
    }
    return true;
}

static void
whatever_the_bytes_the_text_is_safe_and_can_be_typed_back(void **state)
{
    static const unsigned flags[] = { TEXT_QUOTED, TEXT_QUOTED | TEXT_ASCII };
    uint64_t random = 0x9e3779b97f4a7c15u;
    char bytes[64];

    (void)state;
    for (int round = 0; round < 4000; round++) {
        size_t n = hostile_bytes(bytes, sizeof(bytes), &random);
        struct buffer text = { 0 }, again = { 0 };

        assert_int_equal(text_render(&text, bytes, n, flags[round % 2]), 0);
        assert_true(is_safe(&text));
        assert_glyphs_agree(bytes, n, flags[round % 2], &text);
        unescape(&text, &again);
        assert_int_equal(buffer_size(&again), n);
        assert_memory_equal(buffer_data(&again), bytes, n);
        buffer_fini(&text);
        buffer_fini(&again);
    }
}

static void
every_character_is_shown_whole_or_escaped_whole(void **state)
{
    size_t shown = 0;

    (void)state;
    for (uint32_t code = 0x80; code <= 0x10ffff; code++) {
        struct glyph glyph;
        char bytes[4];
        size_t length = (size_t)text_encode(bytes, code), taken;

        taken = text_next_glyph(bytes, length, 0, &glyph);
        if (taken == length && !glyph.is_escape) {
            assert_int_equal(glyph.cells, wcwidth((wchar_t)code));
            shown++;
        } else {
            assert_int_equal(taken, 1);
            assert_true(glyph.is_escape);
        }
    }
    assert_true(shown > 100000);
}

#define UTF8(test) cmocka_unit_test_setup(test, use_utf8)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        UTF8(passes_text_of_many_scripts),
        UTF8(measures_what_it_passes),
        UTF8(control_characters_become_the_escapes_of_the_command_language),
        UTF8(an_escape_says_what_it_is),
        UTF8(terminal_sequences_are_inert),
        UTF8(c1_controls_are_inert_as_bytes_and_as_characters),
        UTF8(characters_that_hide_or_reorder_are_escaped),
        UTF8(invalid_bytes_are_escaped_one_by_one),
        UTF8(an_unfinished_character_at_the_end_is_escaped),
        UTF8(at_most_two_marks_follow_a_base),
        UTF8(a_mark_without_a_base_is_escaped),
        UTF8(a_flood_of_marks_grows_no_cell),
        UTF8(nothing_forges_another_line),
        UTF8(quoted_text_cannot_end_its_quotes),
        cmocka_unit_test_setup(without_utf8_all_but_ascii_is_escaped, use_ascii),
        UTF8(ascii_can_be_asked_for_in_any_locale),
        UTF8(whatever_the_bytes_the_text_is_safe_and_can_be_typed_back),
        UTF8(every_character_is_shown_whole_or_escaped_whole),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
