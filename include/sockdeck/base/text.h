/* text.h - UTF-8, and the one renderer through which every byte that is not ours
 * passes before a terminal or a text line sees it.
 *
 * It is an allow-list: a character passes when it is valid UTF-8, printable for
 * libc in the current LC_CTYPE, and not one that hides or reorders text (bidi
 * controls, zero-width, tags, fillers, private use, variation selectors). All
 * else becomes visible escapes in the command language's own form (\n \r \t \0
 * \e is not one: \xHH for the rest, each byte of a refused character), so that
 * what is shown can be typed back. At most two combining marks follow a base
 * character. Where LC_CTYPE's codeset is not UTF-8, all but ASCII is escaped.
 * Pure functions, any thread, after setlocale. */
#ifndef SOCKDECK_BASE_TEXT_H
#define SOCKDECK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

/* One character at p (n > 0 bytes): its length in bytes and *code; 0 when the
 * bytes are the valid start of a longer character; -1 when they are invalid
 * (overlong, surrogate, above U+10FFFF, stray continuation): one byte is bad. */
int text_decode(const char *p, size_t n, uint32_t *code);

/* Writes code as UTF-8 and returns its length, 1 to 4. */
int text_encode(char out[static 4], uint32_t code);

bool text_is_utf8(const char *p, size_t n);

/* How many of the n bytes can be shown without cutting a character in two:
 * n less an unfinished character at the end (at most 3 bytes). */
size_t text_whole(const char *p, size_t n);

/* True when LC_CTYPE's codeset is UTF-8 (asked of nl_langinfo each time). */
bool text_locale_is_utf8(void);

enum text_flags {
    TEXT_QUOTED = 1 << 0,       /* " and \ are escaped too, for "..." */
    TEXT_ASCII = 1 << 1,        /* escape all but ASCII whatever the locale */
};

/* What stands in one place on the screen: a base character with its marks, or
 * one escape such as \x1b. */
struct glyph {
    char text[40];      /* NUL-terminated, safe to write to a terminal */
    uint8_t length;     /* bytes in text */
    uint8_t cells;      /* columns it takes: 1, 2, or the escape's length */
    bool is_escape;
    bool is_newline;    /* it stands for \n: a pane may break the line behind it */
};

/* Renders the glyph at p and returns how many of the n > 0 bytes it stands for.
 * An unfinished character at the end is escaped. */
size_t text_next_glyph(const char *p, size_t n, unsigned flags, struct glyph *glyph);

/* Renders all n bytes behind out. 0 or -ENOMEM. */
int text_render(struct buffer *out, const char *p, size_t n, unsigned flags);

/* The same into buf (size > 0), NUL-terminated, at most max_cells wide; when it
 * does not fit it ends with "..." (buf then holds whole glyphs only). Returns
 * the cells used. */
size_t text_render_cells(char *buf, size_t size, const char *p, size_t n,
                         size_t max_cells, unsigned flags);

/* A word that a user typed, for a sentence in quotes: rendered (TEXT_QUOTED), at
 * most 40 cells wide. Returns buf. */
enum { TEXT_WORD = 96 };
const char *text_word(char buf[static TEXT_WORD], const char *word);

/* Columns of a UTF-8 string that is our own or already rendered. */
size_t text_cells(const char *text);

#endif
