/* grid.h - columns of a pane: which of them there is room for, and how wide. Pure. */
#ifndef SOCKDECK_UI_GRID_H
#define SOCKDECK_UI_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/ui/canvas.h"

enum { GRID_CELL = 96, GRID_COLUMNS = 24 };

struct grid_column {
    const char *title;
    int width;                  /* cells; of the column that stretches: the fewest */
    int most;                   /* 0, or it stretches up to so many cells */
    int rank;                   /* 0: always there; others in this order while there is room */
    bool right;
    enum role role;
    bool moves;                 /* a sparkline: not there without motion */
    void (*write)(const void *row, char buf[static GRID_CELL]);
};

/* The width of each of the n columns on cols cells, 0 for one that has no room; a cell for
 * the marker goes first, and a blank between each two. */
void grid_fit(const struct grid_column *columns, size_t n, int cols, bool has_motion,
              int widths[static GRID_COLUMNS]);

/* Both begin in the row where the pen stands. */
void grid_headings(struct pen *pen, const struct grid_column *columns, size_t n,
                   const int *widths);
void grid_row(struct pen *pen, const struct grid_column *columns, size_t n, const int *widths,
              const void *row, enum role (*role)(const void *row, const struct grid_column *column));

/* At most seven cells: "115 us", "12.3 ms", "5.00 s", "12m05s", "3h20m". */
void grid_span(char buf[static GRID_CELL], int64_t ns);
/* Cells of a bar for part of whole, each filled or not; one at least when part > 0. */
void grid_bar(char buf[static GRID_CELL], const struct symbols *symbols, uint64_t part,
              uint64_t whole, int cells);

#endif
