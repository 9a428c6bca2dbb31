/* layout.c - rectangles from a size and a wish. */
#include "config.h"

#include "sockdeck/ui/layout.h"

/* The share of each pane in a column of panes, and the fewest rows that are of
 * use: the first screen's five lines under Messages' title are one reason. */
static const struct { int weight, min; } shares[UI_PANES] = {
    [UI_CONNECTIONS] = { 5, 3 },
    [UI_WORKERS] = { 4, 3 },
    [UI_MESSAGES] = { 6, 6 },
    [UI_EVENTS] = { 4, 3 },
    [UI_CALLS] = { 5, 3 },
};

static int
at_least(int value, int least)
{
    return value > least ? value : least;
}

/* One row for totals; more for the listeners where there is room. */
static int
header_rows(int rows, int listeners)
{
    int most = rows >= 40 ? 6 : rows >= 24 ? 3 : 1;

    if (rows < 20)
        return 1;
    listeners = at_least(listeners, 1);
    return 1 + (listeners < most ? listeners : most);
}

/* In a crowd, Messages make do with as much as the others, and all with their part of a
 * small screen. */
static int
least_rows(enum ui_pane pane, int n, int column_rows)
{
    int least = pane == UI_MESSAGES && n > 3 ? shares[UI_CALLS].min : shares[pane].min;

    return n > 3 && least > column_rows / n ? column_rows / n : least;
}

/* Gives each of the n panes its rows of the column; the one with the largest share takes
 * the rest. */
static void
stack(struct layout *layout, const enum ui_pane *list, int n, struct area column,
      const struct layout_wish *wish)
{
    int rows[UI_PANES] = { 0 }, weight = 0, left = column.rows, most = 0, row = column.row;

    for (int i = 0; i < n; i++)
        weight += shares[list[i]].weight;
    for (int i = 0; i < n; i++) {
        rows[i] = column.rows * shares[list[i]].weight / weight + wish->grow[list[i]];
        rows[i] = at_least(rows[i], least_rows(list[i], n, column.rows));
        left -= rows[i];
        if (shares[list[i]].weight > shares[list[most]].weight)
            most = i;
    }
    for (int i = 0; left < 0 && i < n; i++)     /* grown beyond the room: back to the least */
        for (; left < 0 && i != most && rows[i] > least_rows(list[i], n, column.rows); left++)
            rows[i]--;
    rows[most] = at_least(rows[most] + left, 2);
    for (int i = 0; i < n; i++) {
        int room = column.row + column.rows - row;

        rows[i] = rows[i] < room ? rows[i] : at_least(room, 0);
        layout->panes[list[i]] = (struct area) { row, column.col, rows[i], column.cols };
        row += rows[i];
    }
}

/* Which panes share a column, from the top. */
static int
list_shown(enum ui_pane *list, const enum ui_pane *of, int n, const struct layout_wish *wish)
{
    int count = 0;

    for (int i = 0; i < n; i++)
        if (!wish->hidden[of[i]])
            list[count++] = of[i];
    return count;
}

/* Where the wall between two columns of panes stands: each keeps what Messages need. */
static int
left_cols(int cols, int shift)
{
    int left = cols * 3 / 5 + shift, least = LAYOUT_MIN_COLS;

    left = at_least(left, least);
    return left < cols - least - 1 ? left : cols - least - 1;
}

static void
place_panes(struct layout *layout, const struct layout_wish *wish)
{
    static const enum ui_pane all[] = {
        UI_CONNECTIONS, UI_WORKERS, UI_MESSAGES, UI_EVENTS, UI_CALLS,
    };
    static const enum ui_pane on_left[] = { UI_CONNECTIONS, UI_WORKERS, UI_EVENTS };
    static const enum ui_pane on_right[] = { UI_MESSAGES, UI_CALLS };
    struct area body = layout->body, left = body;
    enum ui_pane list[UI_PANES], beside[UI_PANES];
    int n = list_shown(list, on_left, 3, wish), n_beside = list_shown(beside, on_right, 2, wish);

    if (wish->zoomed >= 0 && wish->zoomed < UI_PANES) {
        layout->panes[wish->zoomed] = body;
        return;
    }
    if (body.cols < LAYOUT_WIDE_COLS || n == 0 || n_beside == 0) {
        n = list_shown(list, all, UI_PANES, wish);
        if (n > 0)
            stack(layout, list, n, body, wish);
        return;
    }
    left.cols = left_cols(body.cols, wish->shift);
    layout->wall_col = left.cols;
    stack(layout, list, n, left, wish);
    body.col = left.cols + 1;
    body.cols -= left.cols + 1;
    stack(layout, beside, n_beside, body, wish);
}

struct layout
layout_compute(int rows, int cols, const struct layout_wish *wish)
{
    struct layout layout = { .wall_col = -1 };
    int header = header_rows(rows, wish->listeners);

    if (rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS) {
        layout.too_small = true;
        return layout;
    }
    layout.header = (struct area) { 0, 0, header, cols };
    layout.body = (struct area) { header, 0, rows - header - 3, cols };
    layout.prompt = (struct area) { rows - 3, 0, 1, cols };
    layout.message = (struct area) { rows - 2, 0, 1, cols };
    layout.hints = (struct area) { rows - 1, 0, 1, cols };
    place_panes(&layout, wish);
    return layout;
}
