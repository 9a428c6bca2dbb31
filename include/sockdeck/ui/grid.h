/* grid.h - columns of a pane: which of them there is room for, and how wide. Pure. */
#ifndef SOCKDECK_UI_GRID_H
#define SOCKDECK_UI_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/ui/canvas.h"

enum { GRID_CELL = 96, GRID_COLUMNS = 24 };

/* When a column is there at all, and what it keeps. */
enum grid_when {
    GRID_WHEN_MOTION = 1 << 0,  /* it moves by itself */
    GRID_WHEN_ASKED = 1 << 1,   /* the pane says when it has something to show */
    GRID_WHEN_SHORT = 1 << 2,   /* a short form of the column before it, where that has no room */
    GRID_KEEPS_PORT = 1 << 3,   /* an address: too long, it is cut before its port */
};

struct grid_column {
    const char *title;
    int width;                  /* cells; of the column that stretches: the fewest */
    int most;                   /* 0, or it stretches up to so many cells */
    int rank;                   /* 0: always there; others in this order while there is room */
    bool right;
    enum role role;
    unsigned when;              /* enum grid_when, all of them; 0: always */
    void (*write)(const void *row, char buf[static GRID_CELL]);
};

/* The width of each of the n columns on cols cells, 0 for one that is not there; a cell for
 * the marker goes first, and a blank between each two. given: GRID_WHEN_MOTION, _ASKED. */
void grid_fit(const struct grid_column *columns, size_t n, int cols, unsigned given,
              int widths[static GRID_COLUMNS]);

/* Both begin in the row where the pen stands. */
void grid_headings(struct pen *pen, const struct grid_column *columns, size_t n,
                   const int *widths);
void grid_row(struct pen *pen, const struct grid_column *columns, size_t n, const int *widths,
              const void *row, enum role (*role)(const void *row, const struct grid_column *column));

/* At most seven cells: "115 us", "12.3 ms", "303 ms", "5.00 s", "12m05s", "3h20m", "4d04h". */
void grid_span(char buf[static GRID_CELL], int64_t ns);
/* Cells of a bar for part of whole, each filled or not; one at least when part > 0. */
void grid_bar(char buf[static GRID_CELL], const struct symbols *symbols, uint64_t part,
              uint64_t whole, int cells);

#endif
