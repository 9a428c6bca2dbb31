/* canvas.h - a grid of cells that panes draw on and the screen shows.
 *
 * All text goes through text_next_glyph here, whoever it is from, so that no
 * byte of a peer reaches a terminal raw. A pen draws within an area and never
 * outside it; a wide character cut by an edge is a blank. UI thread only. */
#ifndef SOCKDECK_UI_CANVAS_H
#define SOCKDECK_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/needle.h"
#include "sockdeck/ui/theme.h"

enum { CANVAS_CODES = 3 };      /* a base character and two marks */

/* Rows are compared as bytes: no padding but the named one. */
struct canvas_cell {
    uint32_t code[CANVAS_CODES];        /* 0 ends */
    uint8_t width;              /* 1, 2, or 0: the right half of the cell before */
    uint8_t role;               /* enum role */
    uint8_t selected;
    uint8_t reserved;
};

/* Signs that are drawn; ASCII ones where the terminal has no others. */
struct symbols {
    const char *sent, *received;
    const char *fold;           /* here is more */
    const char *cut_left, *cut_right;   /* the same in one cell: the line goes on there */
    const char *dot;            /* between words */
    const char *rule, *wall;    /* lines of pane borders */
    const char *gauge_full, *gauge_empty;
    const char *marker;         /* before the selected row */
    const char *continued;      /* before a line that goes on from the one above */
    const char *up, *down;
    const char *spark[8];       /* heights of a sparkline, the lowest first */
};

extern const struct symbols symbols_unicode, symbols_ascii;

struct canvas {
    int rows, cols;
    unsigned text_flags;        /* TEXT_ASCII or 0 */
    const struct symbols *symbols;
    struct canvas_cell *cells;  /* row by row */
};

struct area { int row, col, rows, cols; };

void canvas_init(struct canvas *canvas, bool ascii);
void canvas_fini(struct canvas *canvas);
void canvas_set_ascii(struct canvas *canvas, bool ascii);       /* for what is drawn from now on */
void canvas_resize(struct canvas *canvas, int rows, int cols);  /* and clears it */
void canvas_clear(struct canvas *canvas, struct area area);

struct pen {
    struct canvas *canvas;
    struct area area;
    int row, col;               /* in the area, from 0; what is drawn left of 0 is cut */
    bool selected;              /* what is drawn belongs to the selected row */
    bool marks_escapes;         /* escapes are drawn in ROLE_ESCAPE, unlike the same text */
    const struct needle *marks; /* where it stands in what is drawn, it is marked; NULL: nothing */
};

struct pen pen_on(struct canvas *canvas, struct area area);
void pen_move(struct pen *pen, int row, int col);
int pen_room(const struct pen *pen);    /* cells left in this row */

void pen_text(struct pen *pen, enum role role, const char *text);
/* How many of the bytes there was room for. */
size_t pen_bytes(struct pen *pen, enum role role, const char *p, size_t n);
void pen_printf(struct pen *pen, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Exactly width cells: padded (on the left when right is set), or cut and ended
 * with the sign for `more`. */
void pen_field(struct pen *pen, enum role role, const char *text, int width, bool right);
/* At most width cells, cut in the same way; no padding. */
void pen_cut(struct pen *pen, enum role role, const char *text, int width);

void pen_repeat(struct pen *pen, enum role role, const char *symbol, int count);
void pen_rest(struct pen *pen, enum role role);         /* blanks to the end of the row */

/* Cells of a text as a pen would draw it. */
int canvas_cells(const struct canvas *canvas, const char *text);

#endif
