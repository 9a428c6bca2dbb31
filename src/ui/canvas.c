/* canvas.c - cells, pens, clipping. */
#include "config.h"

#include "sockdeck/ui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/text.h"

const struct symbols symbols_unicode = {
    .sent = "→", .received = "←", .fold = "…", .cut_left = "…", .cut_right = "…", .dot = "·", .rule = "─", .wall = "│",
    .gauge_full = "█", .gauge_empty = "░", .marker = "▸", .continued = "┊",
    .up = "↑", .down = "↓",
    .spark = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" },
};

const struct symbols symbols_ascii = {
    .sent = ">", .received = "<", .fold = "...", .cut_left = "<", .cut_right = ">", .dot = "-", .rule = "-", .wall = "|",
    .gauge_full = "#", .gauge_empty = ".", .marker = ">", .continued = ":",
    .up = "^", .down = "v",
    .spark = { "_", ".", ":", "-", "=", "+", "*", "#" },
};

static const struct canvas_cell blank_cell = { .code = { ' ' }, .width = 1, .role = ROLE_TEXT };

void
canvas_init(struct canvas *canvas, bool ascii)
{
    *canvas = (struct canvas) { .rows = 0 };
    canvas_set_ascii(canvas, ascii);
}

void
canvas_set_ascii(struct canvas *canvas, bool ascii)
{
    bool is_plain = ascii || !text_locale_is_utf8();

    canvas->text_flags = is_plain ? TEXT_ASCII : 0;
    canvas->symbols = is_plain ? &symbols_ascii : &symbols_unicode;
}

void
canvas_fini(struct canvas *canvas)
{
    free(canvas->cells);
    canvas->cells = NULL;
    canvas->rows = canvas->cols = 0;
}

void
canvas_resize(struct canvas *canvas, int rows, int cols)
{
    size_t count = (size_t)rows * (size_t)cols;

    free(canvas->cells);
    canvas->cells = calloc(count > 0 ? count : 1, sizeof(*canvas->cells));
    if (canvas->cells == NULL)
        abort();
    canvas->rows = rows;
    canvas->cols = cols;
    canvas_clear(canvas, (struct area) { 0, 0, rows, cols });
}

static struct area
clip(const struct canvas *canvas, struct area area)
{
    int bottom = area.row + area.rows, right = area.col + area.cols;

    area.row = area.row < 0 ? 0 : area.row;
    area.col = area.col < 0 ? 0 : area.col;
    bottom = bottom > canvas->rows ? canvas->rows : bottom;
    right = right > canvas->cols ? canvas->cols : right;
    area.rows = bottom > area.row ? bottom - area.row : 0;
    area.cols = right > area.col ? right - area.col : 0;
    return area;
}

static struct canvas_cell *
cell_at(struct canvas *canvas, int row, int col)
{
    return &canvas->cells[(size_t)row * (size_t)canvas->cols + (size_t)col];
}

/* A wide character of which one half is overwritten leaves a blank. */
static void
break_wide(struct canvas *canvas, int row, int col)
{
    struct canvas_cell *cell = cell_at(canvas, row, col);
    struct canvas_cell *other = NULL;

    if (cell->width == 0 && col > 0)
        other = cell - 1;
    else if (cell->width == 2 && col + 1 < canvas->cols)
        other = cell + 1;
    if (other == NULL)
        return;
    memset(other->code, 0, sizeof(other->code));
    other->code[0] = ' ';
    other->width = 1;
}

static void
set_cell(struct canvas *canvas, int row, int col, const struct canvas_cell *cell)
{
    break_wide(canvas, row, col);
    *cell_at(canvas, row, col) = *cell;
}

void
canvas_clear(struct canvas *canvas, struct area area)
{
    area = clip(canvas, area);
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int col = area.col; col < area.col + area.cols; col++)
            set_cell(canvas, row, col, &blank_cell);
}

struct pen
pen_on(struct canvas *canvas, struct area area)
{
    return (struct pen) { .canvas = canvas, .area = clip(canvas, area) };
}

void
pen_move(struct pen *pen, int row, int col)
{
    pen->row = row;
    pen->col = col;
}

int
pen_room(const struct pen *pen)
{
    int room = pen->area.cols - pen->col;

    if (pen->row < 0 || pen->row >= pen->area.rows || room < 0)
        return 0;
    return room;
}

/* Puts one character of width cells where the pen is and moves it on. */
static void
put_character(struct pen *pen, enum role role, const uint32_t code[CANVAS_CODES], int width)
{
    struct canvas_cell cell = {
        .code = { code[0], code[1], code[2] },
        .width = (uint8_t)width, .role = (uint8_t)role, .selected = pen->selected,
    };
    int row = pen->area.row + pen->row, col = pen->area.col + pen->col;
    int room = pen_room(pen);
    bool is_before = pen->col < 0;

    pen->col += width;
    if (room <= 0 || is_before)
        return;
    if (width > room) {         /* cut by the edge */
        cell.code[0] = ' ';
        cell.code[1] = cell.code[2] = 0;
        cell.width = 1;
        width = 1;
    }
    set_cell(pen->canvas, row, col, &cell);
    if (width == 2) {
        struct canvas_cell right = cell;

        memset(right.code, 0, sizeof(right.code));
        right.width = 0;
        set_cell(pen->canvas, row, col + 1, &right);
        *cell_at(pen->canvas, row, col) = cell;
    }
}

static void
put_ascii(struct pen *pen, enum role role, const char *p, size_t n)
{
    for (size_t i = 0; i < n && pen_room(pen) > 0; i++)
        put_character(pen, role, (const uint32_t[CANVAS_CODES]) { (unsigned char)p[i] }, 1);
}

static void
put_glyph(struct pen *pen, enum role role, const struct glyph *glyph)
{
    uint32_t code[CANVAS_CODES] = { 0 };
    size_t at = 0;

    if (glyph->is_escape) {
        put_ascii(pen, pen->marks_escapes ? ROLE_ESCAPE : role, glyph->text, glyph->length);
        return;
    }
    for (int i = 0; i < CANVAS_CODES && at < glyph->length; i++) {
        int n = text_decode(glyph->text + at, glyph->length - at, &code[i]);

        at += n > 0 ? (size_t)n : 1;
    }
    put_character(pen, role, code, glyph->cells);
}

/* Most of what is drawn is plain ASCII with plain ASCII behind it. */
static bool
is_plain(const char *p, size_t n)
{
    return *p >= 0x20 && *p < 0x7f && (n == 1 || (p[1] >= 0 && p[1] < 0x7f));
}

size_t
pen_bytes(struct pen *pen, enum role role, const char *p, size_t n)
{
    struct glyph glyph;
    size_t at = 0, marked = 0;

    while (at < n && pen_room(pen) > 0) {
        enum role as = role;

        if (pen->marks != NULL && needle_is_at(pen->marks, p + at, n - at))
            marked = at + pen->marks->size;
        if (at < marked)
            as = ROLE_FOUND;
        if (is_plain(p + at, n - at)) {
            put_ascii(pen, as, p + at, 1);
            at++;
        } else {
            at += text_next_glyph(p + at, n - at, pen->canvas->text_flags, &glyph);
            put_glyph(pen, as, &glyph);
        }
    }
    return at;
}

void
pen_text(struct pen *pen, enum role role, const char *text)
{
    pen_bytes(pen, role, text, strlen(text));
}

void
pen_printf(struct pen *pen, enum role role, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    pen_text(pen, role, text);
}

int
canvas_cells(const struct canvas *canvas, const char *text)
{
    size_t n = strlen(text);
    struct glyph glyph;
    int cells = 0;

    for (size_t used; n > 0; text += used, n -= used) {
        used = 1;
        if (is_plain(text, n)) {
            cells++;
            continue;
        }
        used = text_next_glyph(text, n, canvas->text_flags, &glyph);
        cells += glyph.cells;
    }
    return cells;
}

void
pen_cut(struct pen *pen, enum role role, const char *text, int width)
{
    struct area whole = pen->area;
    const char *fold = pen->canvas->symbols->fold;
    int end = pen->col + width;

    if (width <= 0)
        return;
    if (canvas_cells(pen->canvas, text) <= width) {
        pen_text(pen, role, text);
        return;
    }
    end -= canvas_cells(pen->canvas, fold);
    pen->area.cols = end < whole.cols ? end : whole.cols;
    pen_text(pen, role, text);
    pen->area = whole;
    pen->col = end;
    pen_text(pen, ROLE_FOLD, fold);
}

void
pen_field(struct pen *pen, enum role role, const char *text, int width, bool right)
{
    int start = pen->col, cells = canvas_cells(pen->canvas, text);

    if (right && cells < width)
        pen_repeat(pen, role, " ", width - cells);
    pen_cut(pen, role, text, start + width - pen->col);
    if (pen->col < start + width)
        pen_repeat(pen, role, " ", start + width - pen->col);
}

void
pen_repeat(struct pen *pen, enum role role, const char *symbol, int count)
{
    for (int i = 0; i < count && pen_room(pen) > 0; i++)
        pen_text(pen, role, symbol);
}

void
pen_rest(struct pen *pen, enum role role)
{
    pen_repeat(pen, role, " ", pen_room(pen));
}
