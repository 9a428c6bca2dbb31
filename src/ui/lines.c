/* lines.c - text and hex dumps cut into lines. */
#include "config.h"

#include "sockdeck/ui/lines.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/text.h"

const char *const look_names[LOOKS] = { "text", "hex", "both" };

enum { OFFSET_CELLS = 6 };      /* "0000  " */

/* Cells that a row of n bytes takes. From 16 on there is a gap in the middle. */
static int
row_cells(enum look look, int n)
{
    int hex = n * 3 - 1 + (n >= 16 ? 1 : 0);

    return OFFSET_CELLS + hex + (look == LOOK_BOTH ? n + 4 : 0);
}

static int
fold_cells(const struct lines *lines)
{
    return lines->text_flags & TEXT_ASCII ? 3 : 1;
}

/* Of a row of bytes, with the sign of a fold behind it. */
static int
row_room(const struct lines *lines)
{
    return lines->width - (lines->limit > 0 ? fold_cells(lines) : 0);
}

/* Where there is no room for four bytes and their text, the text stays away. */
static enum look
look_in(const struct lines *lines)
{
    return lines->look == LOOK_BOTH && row_cells(LOOK_BOTH, 4) > row_room(lines) ? LOOK_HEX
                                                                             : lines->look;
}

static size_t
row_bytes(const struct lines *lines)
{
    int n = 16;

    while (n > 1 && row_cells(look_in(lines), n) > row_room(lines))
        n /= 2;
    return (size_t)n;
}

/* How many of the bytes from start fit the width; a line ends behind a newline, or
 * behind the last blank when it is broken by words. */
static size_t
text_fit(const struct lines *lines, size_t start, int width, bool breaks)
{
    size_t at = start, blank = start;
    struct glyph glyph;
    int cells = 0;

    while (at < lines->size) {
        size_t used = text_next_glyph(lines->data + at, lines->size - at, lines->text_flags,
                                      &glyph);

        if (cells + glyph.cells > width && cells > 0)
            return (lines->by_words && breaks && blank > start ? blank : at) - start;
        cells += glyph.cells;
        at += used;
        blank = lines->data[at - 1] == ' ' ? at : blank;
        if (glyph.is_newline && breaks)
            break;
    }
    return at - start;
}

static int
tail_cells(const struct lines *lines)
{
    struct glyph glyph;
    int cells = 0;

    for (size_t at = lines->size - lines->tail; at < lines->size;) {
        at += text_next_glyph(lines->data + at, lines->size - at, lines->text_flags, &glyph);
        cells += glyph.cells;
    }
    return cells;
}

enum { TAIL_WIDTH = 40 };       /* where a line is shorter, a tail has to fit it */

/* Takes what may be seen of the tail, at most two thirds of the width: cells of it. */
static int
fold_tail(const struct lines *lines, struct line *line)
{
    int tail = tail_cells(lines), most = lines->width * 2 / 3;

    if (tail == 0 || lines->is_cut || (tail > most && lines->width < TAIL_WIDTH))
        return 0;
    line->tail = line->tail_size = lines->tail;
    if (tail <= most)
        return tail;
    line->tail_size = text_fit(lines, lines->size - lines->tail, most - fold_cells(lines), false);
    return most;
}

/* A line that stands for more than fits: its beginning, and its end where it has one. */
static void
fold(const struct lines *lines, struct line *line, bool breaks)
{
    int room = lines->width - fold_cells(lines) - fold_tail(lines, line);

    line->size = text_fit(lines, lines->at, room, breaks);
}

bool
lines_next(struct lines *lines, struct line *line)
{
    bool is_last = lines->limit > 0 && lines->count + 1 == lines->limit;

    if (lines->count > 0 && lines->at >= lines->size)
        return false;
    if (lines->limit > 0 && lines->count >= lines->limit)
        return false;
    *line = (struct line) { .start = lines->at };
    if (lines->look == LOOK_TEXT)
        line->size = text_fit(lines, lines->at, lines->width, !is_last);
    else
        line->size = row_bytes(lines);
    if (line->size > lines->size - lines->at)
        line->size = lines->size - lines->at;
    line->is_folded = lines->at + line->size < lines->size ? is_last : lines->is_cut;
    if (line->is_folded && lines->look == LOOK_TEXT)
        fold(lines, line, !is_last);
    lines->at += line->size;
    lines->count++;
    return true;
}

int
lines_count(const struct lines *lines)
{
    struct lines walk = *lines;
    struct line line;

    walk.at = 0;
    walk.count = 0;
    while (lines_next(&walk, &line))
        ;
    return walk.count;
}

/* Writes "70 69 6e 67 ", per bytes wide, and with `both` "|ping|" behind it. */
static void
format_row(char *out, size_t room, const unsigned char *p, size_t n, size_t per, bool both)
{
    size_t at = 0;

    for (size_t i = 0; i < per && at + 5 < room; i++) {
        if (per >= 16 && i == per / 2)
            out[at++] = ' ';
        at += (size_t)snprintf(out + at, room - at, i < n ? "%02x " : "   ", i < n ? p[i] : 0u);
    }
    if (both) {
        out[at++] = ' ';
        out[at++] = '|';
        for (size_t i = 0; i < n && at + 2 < room; i++)
            out[at++] = p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i] : '.';
        out[at++] = '|';
    }
    out[at] = '\0';
}

static void
draw_row(const struct lines *lines, const struct line *line, struct pen *pen, enum role role)
{
    size_t per = row_bytes(lines);
    const unsigned char *p = (const unsigned char *)lines->data + line->start;
    char row[96];

    if (lines->size == 0)
        return;
    format_row(row, sizeof(row), p, line->size, per, look_in(lines) == LOOK_BOTH);
    pen_printf(pen, ROLE_DIM, "%04zx  ", line->start);
    pen_text(pen, role, row);
}

void
line_draw(const struct lines *lines, const struct line *line, struct pen *pen, enum role role)
{
    if (lines->look == LOOK_TEXT)
        pen_bytes(pen, role, lines->data + line->start, line->size);
    else
        draw_row(lines, line, pen, role);
    if (line->is_folded)
        pen_text(pen, ROLE_FOLD, pen->canvas->symbols->fold);
    if (line->tail > 0)
        pen_bytes(pen, role, lines->data + lines->size - line->tail, line->tail_size);
    if (line->tail_size < line->tail)
        pen_text(pen, ROLE_FOLD, pen->canvas->symbols->fold);
}

void
lines_dump(struct buffer *out, const char *data, size_t size)
{
    char row[96];

    for (size_t at = 0; at < size; at += 16) {
        size_t n = size - at < 16 ? size - at : 16;

        format_row(row, sizeof(row), (const unsigned char *)data + at, n, 16, true);
        buffer_printf(out, "%04zx  %s\n", at, row);
    }
}
