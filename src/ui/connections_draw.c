/* connections_draw.c - the columns of the pane Connections, one const table. */
#include "config.h"

#include "sockdeck/ui/connections.h"

#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/size.h"
#include "sockdeck/ui/panes.h"

enum { CELL = 96, PEER_MIN = 15 };

struct row {
    const struct deck *deck;
    const struct connection *connection;
    int64_t wall_ns;
};

/* "reset by peer": who ended it, and how. */
static const char *
verdict(const struct event_closed *closed)
{
    static const char *const words[BY_COUNT][HOW_COUNT] = {
        [BY_PEER] = { "closed by peer", "reset by peer" },
        [BY_US] = { "closed by us", "reset by us" },
        [BY_TIMEOUT] = { "timed out", "timed out" },
        [BY_ERROR] = { "failed", "failed" },
    };

    if (closed->uncertain)
        return "closed (killed)";
    return words[closed->by % BY_COUNT][closed->how % HOW_COUNT];
}

static const char *
state_words(const struct connection *c)
{
    switch ((enum connection_state)c->state) {
    case CONN_CONNECTING: return "connecting";
    case CONN_PEER_CLOSED: return "peer sent eof";
    case CONN_WE_CLOSED: return "we sent eof";
    case CONN_CLOSED: return verdict(&c->closed);
    case CONN_OPEN: break;
    }
    return c->paused ? "paused" : "open";
}

static enum role
state_role(const struct connection *c)
{
    if (c->state == CONN_CLOSED)
        return ROLE_CLOSED;
    return c->state == CONN_OPEN && !c->paused ? ROLE_OPEN : ROLE_WAITING;
}

static void
write_id(const struct row *row, char *buf)
{
    snprintf(buf, CELL, "#%u", row->connection->id);
}

static void
write_direction(const struct row *row, char *buf)
{
    const struct symbols *symbols = row->deck->canvas->symbols;

    snprintf(buf, CELL, "%s", row->connection->dialled ? symbols->sent : symbols->received);
}

static void
write_peer(const struct row *row, char *buf)
{
    snprintf(buf, CELL, "%s", row->connection->peer);
}

static void
write_local(const struct row *row, char *buf)
{
    snprintf(buf, CELL, "%s", row->connection->local);
}

static void
write_state(const struct row *row, char *buf)
{
    snprintf(buf, CELL, "%s", state_words(row->connection));
}

/* Who serves it: a standing worker, else the listener that took it. */
static void
write_worker(const struct row *row, char *buf)
{
    const struct connection *c = row->connection;

    if (c->worker != 0)
        snprintf(buf, CELL, "W%u", c->worker);
    else if (c->listener != 0)
        snprintf(buf, CELL, "L%u", c->listener);
}

static void
write_in(const struct row *row, char *buf)
{
    size_short(buf, row->connection->in);
}

static void
write_out(const struct row *row, char *buf)
{
    size_short(buf, row->connection->out);
}

/* At most seven cells: "115 us", "12.3 ms", "5.00 s", "12m05s", "3h20m". */
static void
format_span(char *buf, int64_t ns)
{
    int64_t seconds = ns / NS_PER_S;

    if (ns < NS_PER_MS)
        snprintf(buf, CELL, "%d us", (int)(ns / NS_PER_US));
    else if (ns < NS_PER_S)
        snprintf(buf, CELL, "%.1f ms", (double)ns / (double)NS_PER_MS);
    else if (seconds < 100)
        snprintf(buf, CELL, "%.2f s", (double)ns / (double)NS_PER_S);
    else if (seconds < 6000)
        snprintf(buf, CELL, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    else
        snprintf(buf, CELL, "%dh%02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
}

static void
write_rtt(const struct row *row, char *buf)
{
    if (row->connection->rtt_ns >= 0)
        format_span(buf, row->connection->rtt_ns);
}

/* When an open one began, how long a closed one lived: neither changes by
 * itself, so a quiet screen stays right without being drawn again. */
static void
write_since(const struct row *row, char *buf)
{
    const struct connection *c = row->connection;

    if (c->state == CONN_CLOSED)
        format_span(buf, c->closed.open_ns);
    else
        deck_format_time(row->deck, buf, c->begun_ns, row->wall_ns, 0, true);
}

static const struct conn_column {
    const char *title;
    int width;                  /* 0: what is left */
    int from_cols;              /* shown when the pane is at least so wide */
    bool right;
    enum role role;             /* of open ones */
    void (*write)(const struct row *row, char *buf);
} columns[] = {
    { "ID",          5,  0, true,  ROLE_ID,   write_id },
    { "",            1,  0, false, ROLE_TEXT, write_direction },
    { "PEER",        0,  0, false, ROLE_TEXT, write_peer },
    { "LOCAL",      21, 104, false, ROLE_DIM,  write_local },
    { "STATE",      15,  0, false, ROLE_OPEN, write_state },
    { "BY",          3, 72, false, ROLE_ID,   write_worker },
    { "IN",          5,  0, true,  ROLE_RECEIVED, write_in },
    { "OUT",         5,  0, true,  ROLE_SENT, write_out },
    { "RTT",         8, 66, true,  ROLE_TEXT, write_rtt },
    { "SINCE/FOR",   9, 78, true,  ROLE_TIME, write_since },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

/* What the columns of a fixed width leave, one blank between each two. */
static int
rest_width(int cols)
{
    int rest = cols - 1;

    for (int i = 0; i < COLUMNS; i++)
        if (cols >= columns[i].from_cols)
            rest -= columns[i].width + (i > 0);
    return rest > PEER_MIN ? rest : PEER_MIN;
}

static void
draw_headings(struct pen *pen, int rest)
{
    pen_move(pen, 0, 1);
    for (int i = 0; i < COLUMNS; i++) {
        const struct conn_column *column = &columns[i];

        if (pen->area.cols < column->from_cols)
            continue;
        pen_text(pen, ROLE_COLUMN, i > 0 ? " " : "");
        pen_field(pen, ROLE_COLUMN, column->title, column->width > 0 ? column->width : rest,
                  column->right);
    }
}

static enum role
cell_role(const struct conn_column *column, const struct connection *c)
{
    if (column->write == write_state)
        return state_role(c);
    if (c->state == CONN_CLOSED)
        return ROLE_CLOSED;
    if (column->write == write_direction)
        return c->dialled ? ROLE_SENT : ROLE_RECEIVED;
    return column->role;
}

static void
draw_row(const struct row *row, struct pen *pen, int rest)
{
    pen_text(pen, ROLE_TITLE_FOCUS, pen->selected ? row->deck->canvas->symbols->marker : " ");
    for (int i = 0; i < COLUMNS; i++) {
        const struct conn_column *column = &columns[i];
        char text[CELL] = "";

        if (pen->area.cols < column->from_cols)
            continue;
        column->write(row, text);
        pen_text(pen, ROLE_TEXT, i > 0 ? " " : "");
        pen_field(pen, cell_role(column, row->connection), text,
                  column->width > 0 ? column->width : rest, column->right);
    }
    if (pen->selected)
        pen_rest(pen, ROLE_TEXT);
}

void
connections_draw(struct deck *deck, struct pen *pen, bool has_focus)
{
    const struct connections_view *view = &deck->connections;
    int rest = rest_width(pen->area.cols);

    if (view->row_count == 0)
        return;
    if (view->headings > 0)
        draw_headings(pen, rest);
    for (int i = 0; i < view->row_count; i++) {
        struct row row = { deck, &view->rows[i], view->walls[i] };

        pen->selected = has_focus && view->rows[i].id == view->selected;
        pen_move(pen, view->headings + i, 0);
        draw_row(&row, pen, rest);
        pen->selected = false;
    }
}
