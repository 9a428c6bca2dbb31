/* grid.c - columns by the room there is. */
#include "config.h"

#include "sockdeck/ui/grid.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"

static int
highest_rank(const struct grid_column *columns, size_t n)
{
    int highest = 0;

    for (size_t i = 0; i < n; i++)
        highest = columns[i].rank > highest ? columns[i].rank : highest;
    return highest;
}

static bool
is_wanted(const struct grid_column *columns, size_t i, unsigned given, const int *widths)
{
    unsigned when = columns[i].when;

    if (when & GRID_WHEN_SHORT && (i == 0 || widths[i - 1] > 0))
        return false;
    return (when & ~given & ~(GRID_WHEN_SHORT | GRID_KEEPS_PORT)) == 0;
}

/* Lets the columns of one rank in, each that still has room. */
static int
admit(const struct grid_column *columns, size_t n, int rank, unsigned given, int room, int *widths)
{
    for (size_t i = 0; i < n; i++) {
        if (columns[i].rank != rank || !is_wanted(columns, i, given, widths) ||
            (rank > 0 && room < columns[i].width + 1))
            continue;
        widths[i] = columns[i].width;
        room -= columns[i].width + 1;
    }
    return room;
}

static void
stretch(const struct grid_column *columns, size_t n, int room, int *widths)
{
    for (size_t i = 0; i < n && room > 0; i++) {
        int more = widths[i] > 0 ? columns[i].most - widths[i] : 0;

        more = more < room ? more : room;
        if (more > 0) {
            widths[i] += more;
            room -= more;
        }
    }
}

void
grid_fit(const struct grid_column *columns, size_t n, int cols, unsigned given,
         int widths[static GRID_COLUMNS])
{
    int highest = highest_rank(columns, n), room = cols;

    memset(widths, 0, GRID_COLUMNS * sizeof(*widths));
    for (int rank = 0; rank <= highest; rank++)
        room = admit(columns, n, rank, given, room, widths);
    stretch(columns, n, room, widths);
}

void
grid_headings(struct pen *pen, const struct grid_column *columns, size_t n, const int *widths)
{
    for (size_t i = 0; i < n; i++) {
        if (widths[i] == 0)
            continue;
        pen_text(pen, ROLE_COLUMN, " ");
        pen_field(pen, ROLE_COLUMN, columns[i].title, widths[i], columns[i].right);
    }
}

/* The port tells connections of one peer apart. */
static void
draw_address(struct pen *pen, enum role role, const char *text, int width)
{
    const char *port = strrchr(text, ':');
    char host[GRID_CELL];
    int kept = port != NULL ? canvas_cells(pen->canvas, port) : 0;

    if (port == NULL || canvas_cells(pen->canvas, text) <= width || width < 2 * kept) {
        pen_field(pen, role, text, width, false);
        return;
    }
    snprintf(host, sizeof(host), "%.*s", (int)(port - text), text);
    pen_cut(pen, role, host, width - kept);
    pen_text(pen, role, port);
}

void
grid_row(struct pen *pen, const struct grid_column *columns, size_t n, const int *widths,
         const void *row, enum role (*role)(const void *row, const struct grid_column *column))
{
    const char *lead = pen->selected ? pen->canvas->symbols->marker : " ";

    for (size_t i = 0; i < n; i++) {
        char text[GRID_CELL] = "";

        if (widths[i] == 0)
            continue;
        columns[i].write(row, text);
        pen_text(pen, ROLE_TITLE_FOCUS, lead);
        if (columns[i].when & GRID_KEEPS_PORT)
            draw_address(pen, role(row, &columns[i]), text, widths[i]);
        else
            pen_field(pen, role(row, &columns[i]), text, widths[i], columns[i].right);
        lead = " ";
    }
    if (pen->selected)
        pen_rest(pen, ROLE_TEXT);
}

void
grid_span(char buf[static GRID_CELL], int64_t ns)
{
    int64_t us = ns / NS_PER_US, ms = ns / NS_PER_MS, seconds = ns / NS_PER_S;

    if (ms < 1)
        snprintf(buf, GRID_CELL, "%d us", (int)us);
    else if (ms < 100)
        snprintf(buf, GRID_CELL, "%d.%d ms", (int)ms, (int)(us / 100 % 10));
    else if (seconds < 1)
        snprintf(buf, GRID_CELL, "%d ms", (int)ms);
    else if (seconds < 100)
        snprintf(buf, GRID_CELL, "%d.%02d s", (int)seconds, (int)(ms / 10 % 100));
    else if (seconds < 6000)
        snprintf(buf, GRID_CELL, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    else if (seconds < 360000)
        snprintf(buf, GRID_CELL, "%dh%02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    else
        snprintf(buf, GRID_CELL, "%dd%02dh", (int)(seconds / 86400), (int)(seconds / 3600 % 24));
}

void
grid_bar(char buf[static GRID_CELL], const struct symbols *symbols, uint64_t part, uint64_t whole,
         int cells)
{
    uint64_t full = whole > 0 ? (part * (uint64_t)cells + whole - 1) / whole : 0;
    size_t n = 0;

    for (int i = 0; i < cells; i++) {
        const char *symbol = (uint64_t)i < full ? symbols->gauge_full : symbols->gauge_empty;
        size_t size = strlen(symbol);

        if (n + size >= GRID_CELL)
            break;
        memcpy(buf + n, symbol, size);
        n += size;
    }
    buf[n] = '\0';
}
