/* text.c - the one renderer for bytes that are not ours. */
#include "config.h"

#include "sockdeck/base/text.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "sockdeck/base/buffer.h"

enum { MARKS_MAX = 2, WORD_CELLS = 40 };

struct range {
    uint32_t first, last;
};

/* Sorted. Characters that libc may call printable and that hide, reorder, join or
 * fill: format characters (Cf), default ignorables, blanks that are no space,
 * separators of lines, private use. */
static const struct range refused[] = {
    { 0x0080, 0x009f },         /* C1 controls */
    { 0x00ad, 0x00ad },         /* soft hyphen */
    { 0x034f, 0x034f },         /* combining grapheme joiner */
    { 0x0600, 0x0605 },         /* Arabic number signs */
    { 0x061c, 0x061c },         /* Arabic letter mark */
    { 0x06dd, 0x06dd },
    { 0x070f, 0x070f },
    { 0x0890, 0x0891 },
    { 0x08e2, 0x08e2 },
    { 0x115f, 0x1160 },         /* Hangul fillers */
    { 0x17b4, 0x17b5 },         /* Khmer inherent vowels */
    { 0x180b, 0x180f },         /* Mongolian variation selectors */
    { 0x200b, 0x200f },         /* zero width, direction marks */
    { 0x2028, 0x202e },         /* line and paragraph separator, bidi controls */
    { 0x2060, 0x206f },         /* word joiner, invisible operators, isolates */
    { 0x2800, 0x2800 },         /* Braille blank */
    { 0x3164, 0x3164 },         /* Hangul filler */
    { 0xd800, 0xf8ff },         /* surrogates, private use */
    { 0xfdd0, 0xfdef },         /* noncharacters */
    { 0xfe00, 0xfe0f },         /* variation selectors */
    { 0xfeff, 0xfeff },         /* byte order mark */
    { 0xffa0, 0xffa0 },         /* halfwidth Hangul filler */
    { 0xfff0, 0xfffb },         /* interlinear annotation */
    { 0x110bd, 0x110bd },
    { 0x110cd, 0x110cd },
    { 0x13430, 0x1343f },       /* Egyptian joiners */
    { 0x16fe4, 0x16fe4 },       /* Khitan filler */
    { 0x1bca0, 0x1bca3 },       /* shorthand format controls */
    { 0x1d159, 0x1d159 },       /* musical null notehead */
    { 0x1d173, 0x1d17a },       /* musical format controls */
    { 0xe0000, 0xe0fff },       /* tags, variation selectors */
    { 0xf0000, 0x10ffff },      /* private use */
};

static bool
is_refused(uint32_t code)
{
    size_t low = 0, high = sizeof(refused) / sizeof(refused[0]);

    if ((code & 0xfffe) == 0xfffe)      /* the last two of each plane */
        return true;
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (code < refused[middle].first)
            high = middle;
        else if (code > refused[middle].last)
            low = middle + 1;
        else
            return true;
    }
    return false;
}

bool
text_locale_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool
is_plain(char c, unsigned flags)
{
    if (c < ' ' || c > '~')     /* a signed char above ASCII is below ' ' too */
        return false;
    return !(flags & TEXT_QUOTED) || (c != '"' && c != '\\');
}

static bool
is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

/* The length of the character at p when it may be shown, with the columns it adds
 * in *cells; 0 when there is none or it must be escaped. */
static size_t
measure_shown(const char *p, size_t n, unsigned flags, int *cells)
{
    uint32_t code;
    int length;

    if (n == 0)
        return 0;
    if (is_ascii(*p)) {
        *cells = 1;
        return is_plain(*p, flags) ? 1 : 0;
    }
    if ((flags & TEXT_ASCII) != 0 || !text_locale_is_utf8())
        return 0;
    length = text_decode(p, n, &code);
    if (length <= 0 || is_refused(code) || !iswprint((wint_t)code))
        return 0;
    *cells = wcwidth((wchar_t)code);
    return *cells >= 0 ? (size_t)length : 0;
}

/* An escape stands for one byte; of a refused character each byte gets its own. */
static void
escape_byte(char c, struct glyph *glyph)
{
    static const char specials[] = "\n\r\t\"\\";
    static const char letters[] = "nrt\"\\";
    const char *special = c != '\0' ? strchr(specials, c) : NULL;
    int n;

    if (special != NULL)
        n = snprintf(glyph->text, sizeof(glyph->text), "\\%c", letters[special - specials]);
    else if (c == '\0')
        n = snprintf(glyph->text, sizeof(glyph->text), "\\0");
    else
        n = snprintf(glyph->text, sizeof(glyph->text), "\\x%02x", (unsigned char)c);
    glyph->length = (uint8_t)n;
    glyph->cells = (uint8_t)n;
    glyph->is_escape = true;
    glyph->is_newline = c == '\n';
}

static void
show_bytes(const char *p, size_t n, int cells, struct glyph *glyph)
{
    memcpy(glyph->text, p, n);
    glyph->text[n] = '\0';
    glyph->length = (uint8_t)n;
    glyph->cells = (uint8_t)cells;
    glyph->is_escape = false;
    glyph->is_newline = false;
}

/* The length of the mark at p when it may stand on what is before it, or 0. */
static size_t
measure_mark(const char *p, size_t n, unsigned flags)
{
    int cells = 1;
    size_t length = measure_shown(p, n, flags, &cells);

    return cells == 0 ? length : 0;
}

size_t
text_next_glyph(const char *p, size_t n, unsigned flags, struct glyph *glyph)
{
    size_t length;
    int cells = 0;

    if (is_plain(*p, flags) && (n == 1 || is_ascii(p[1]))) {
        show_bytes(p, 1, 1, glyph);
        return 1;
    }
    length = measure_shown(p, n, flags, &cells);
    if (length == 0 || cells == 0) {
        escape_byte(*p, glyph);
        return 1;
    }
    for (int marks = 0; marks < MARKS_MAX; marks++)
        length += measure_mark(p + length, n - length, flags);
    show_bytes(p, length, cells, glyph);
    return length;
}

/* How many bytes at p are plain and carry no mark, so that they go out as they are. */
static size_t
plain_run(const char *p, size_t n, unsigned flags)
{
    size_t run = 0;

    while (run < n && is_plain(p[run], flags))
        run++;
    if (run > 0 && run < n && !is_ascii(p[run]))
        run--;
    return run;
}

int
text_render(struct buffer *out, const char *p, size_t n, unsigned flags)
{
    struct glyph glyph;

    while (n > 0) {
        size_t taken = plain_run(p, n, flags);
        int code;

        if (taken > 0) {
            code = buffer_add(out, p, taken);
        } else {
            taken = text_next_glyph(p, n, flags, &glyph);
            code = buffer_add(out, glyph.text, glyph.length);
        }
        if (code != 0)
            return code;
        p += taken;
        n -= taken;
    }
    return 0;
}

/* Up to three dots behind the first length bytes, as many as there is room for. */
static size_t
end_with_dots(char *buf, size_t size, size_t length, size_t cells, size_t max_cells)
{
    size_t dots = 3;

    if (dots > max_cells - cells)
        dots = max_cells - cells;
    if (dots > size - 1 - length)
        dots = size - 1 - length;
    memset(buf + length, '.', dots);
    buf[length + dots] = '\0';
    return cells + dots;
}

size_t
text_render_cells(char *buf, size_t size, const char *p, size_t n,
                  size_t max_cells, unsigned flags)
{
    size_t length = 0, cells = 0;
    size_t dots_at = 0, cells_before = 0;       /* where dots could still begin */
    struct glyph glyph;

    while (n > 0) {
        size_t taken = text_next_glyph(p, n, flags, &glyph);

        if (glyph.cells > max_cells - cells || glyph.length >= size - length)
            return end_with_dots(buf, size, dots_at, cells_before, max_cells);
        memcpy(buf + length, glyph.text, glyph.length);
        length += glyph.length;
        cells += glyph.cells;
        if (max_cells - cells >= 3 && size - length > 3) {
            dots_at = length;
            cells_before = cells;
        }
        p += taken;
        n -= taken;
    }
    buf[length] = '\0';
    return cells;
}

const char *
text_word(char buf[static TEXT_WORD], const char *word)
{
    text_render_cells(buf, TEXT_WORD, word, strlen(word), WORD_CELLS, TEXT_QUOTED);
    return buf;
}

/* What cannot be measured counts as one column: a terminal shows something there. */
size_t
text_cells(const char *text)
{
    size_t cells = 0, n = strlen(text);

    while (n > 0) {
        uint32_t code = 0;
        int length = text_decode(text, n, &code);
        int width = length > 0 && code >= 0x80 ? wcwidth((wchar_t)code) : 1;

        cells += width >= 0 ? (size_t)width : 1;
        text += length > 0 ? length : 1;
        n -= length > 0 ? (size_t)length : 1;
    }
    return cells;
}
