/* workers_draw.c - the columns of the pane Workers, one const table. */
#include "config.h"

#include "sockdeck/ui/workers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/size.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/ui/grid.h"
#include "sockdeck/ui/panes.h"

enum { BAR = 8 };

struct row { const struct worker_row *at; const struct symbols *symbols; };

static const struct worker_row *
row_at(const void *row)
{
    return ((const struct row *)row)->at;
}

static bool
is_listener(const void *row)
{
    return row_at(row)->key.worker == 0;
}

static void
write_id(const void *row, char buf[static GRID_CELL])
{
    const struct worker_key key = row_at(row)->key;

    if (is_listener(row))
        snprintf(buf, GRID_CELL, "L%u", key.listener);
    else
        snprintf(buf, GRID_CELL, " W%u", key.worker);
}

/* "threads: 3 live of 12": what each connection has started for itself. */
static void
write_starts(char buf[static GRID_CELL], const struct listener *listener, const struct mode *mode)
{
    enum started kind = mode->each_starts == CALL_FORK ? STARTED_CHILDREN : STARTED_THREADS;
    const struct starts *starts = &listener->starts[kind];

    if (mode->each_starts == CALL_NONE && mode->has_workers)
        snprintf(buf, GRID_CELL, "%s, %" PRIu32 " workers", mode->name, listener->workers);
    else if (mode->each_starts == CALL_NONE)
        snprintf(buf, GRID_CELL, "%s", mode->name);
    else
        snprintf(buf, GRID_CELL, "%s: %" PRIu32 " live of %" PRIu64, mode->name, starts->live,
                 starts->total);
}

static void
write_state(const void *row, char buf[static GRID_CELL])
{
    const struct worker_row *at = row_at(row);
    char state[64];

    if (!is_listener(row))
        snprintf(buf, GRID_CELL, "%s", tables_worker_state(&at->worker, state));
    else if (at->listener.mode < mode_count)
        write_starts(buf, &at->listener, modes[at->listener.mode]);
}

static void
write_pid(const void *row, char buf[static GRID_CELL])
{
    if (!is_listener(row))
        snprintf(buf, GRID_CELL, "%d", (int)row_at(row)->worker.pid);
}

static void
write_tid(const void *row, char buf[static GRID_CELL])
{
    if (!is_listener(row))
        snprintf(buf, GRID_CELL, "%d", (int)row_at(row)->worker.tid);
}

static void
write_open(const void *row, char buf[static GRID_CELL])
{
    const struct worker_row *at = row_at(row);

    snprintf(buf, GRID_CELL, "%" PRIu32, is_listener(row) ? at->listener.open : at->worker.open);
}

static void
write_accepted(const void *row, char buf[static GRID_CELL])
{
    const struct worker_row *at = row_at(row);

    snprintf(buf, GRID_CELL, "%" PRIu64,
             is_listener(row) ? at->listener.accepted : at->worker.accepted);
}

/* Its part of what the listener's busiest worker has accepted. */
static void
write_bar(const void *row, char buf[static GRID_CELL])
{
    const struct worker_row *at = row_at(row);

    if (!is_listener(row) && at->most > 0)
        grid_bar(buf, ((const struct row *)row)->symbols, at->worker.accepted, at->most, BAR);
}

static void
write_in(const void *row, char buf[static GRID_CELL])
{
    if (!is_listener(row))
        snprintf(buf, GRID_CELL, "%s", size_short((char[32]) { "" }, row_at(row)->worker.in));
}

static void
write_out(const void *row, char buf[static GRID_CELL])
{
    if (!is_listener(row))
        snprintf(buf, GRID_CELL, "%s", size_short((char[32]) { "" }, row_at(row)->worker.out));
}

static void
write_private(const void *row, char buf[static GRID_CELL])
{
    if (row_at(row)->has_usage)
        snprintf(buf, GRID_CELL, "%s",
                 size_short((char[32]) { "" }, row_at(row)->usage.private_bytes));
}

static void
write_shared(const void *row, char buf[static GRID_CELL])
{
    if (row_at(row)->has_usage)
        snprintf(buf, GRID_CELL, "%s",
                 size_short((char[32]) { "" }, row_at(row)->usage.shared_bytes));
}

static void
write_cpu(const void *row, char buf[static GRID_CELL])
{
    if (row_at(row)->has_usage)
        grid_span(buf, row_at(row)->usage.cpu_ns);
}

/* Waited / was preempted. */
static void
write_switches(const void *row, char buf[static GRID_CELL])
{
    if (row_at(row)->has_usage)
        snprintf(buf, GRID_CELL, "%" PRIu64 "/%" PRIu64, row_at(row)->usage.voluntary,
                 row_at(row)->usage.involuntary);
}

/* What starting it took; of a listener's threads or processes the mean. */
static void
write_cost(const void *row, char buf[static GRID_CELL])
{
    const struct worker_row *at = row_at(row);
    const struct mode *mode = at->listener.mode < mode_count ? modes[at->listener.mode] : NULL;
    const struct starts *starts = at->listener.starts;

    if (!is_listener(row)) {
        grid_span(buf, at->worker.cost_ns);
        return;
    }
    if (mode == NULL || mode->each_starts == CALL_NONE)
        return;
    starts += mode->each_starts == CALL_FORK ? STARTED_CHILDREN : STARTED_THREADS;
    if (starts->total > 0)
        grid_span(buf, starts->sum_ns / (int64_t)starts->total);
}

static const struct grid_column columns[] = {
    { "ID",        5,  0, 0, false, ROLE_ID,       0, write_id },
    { "STATE",    23, 34, 0, false, ROLE_OPEN,     0, write_state },
    { "PID",       7,  0, 0, true,  ROLE_TEXT,     0, write_pid },
    { "TID",       7,  0, 7, true,  ROLE_DIM,      0, write_tid },
    { "OPEN",      4,  0, 2, true,  ROLE_TEXT,     0, write_open },
    { "ACCEPTED",  8,  0, 0, true,  ROLE_TEXT,     0, write_accepted },
    { "",        BAR,  0, 1, false, ROLE_RECEIVED, 0, write_bar },
    { "IN",        5,  0, 6, true,  ROLE_RECEIVED, 0, write_in },
    { "OUT",       5,  0, 6, true,  ROLE_SENT,     0, write_out },
    { "PRIVATE",   7,  0, 2, true,  ROLE_TEXT,     0, write_private },
    { "SHARED",    6,  0, 5, true,  ROLE_DIM,      0, write_shared },
    { "CPU",       7,  0, 3, true,  ROLE_TEXT,     0, write_cpu },
    { "SWITCHES",  9,  0, 5, true,  ROLE_DIM,      0, write_switches },
    { "START",     7,  0, 4, true,  ROLE_TIME,     0, write_cost },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static enum role
cell_role(const void *row, const struct grid_column *column)
{
    const struct worker *worker = &row_at(row)->worker;

    if (is_listener(row))
        return column->write == write_id ? ROLE_ID : ROLE_TEXT;
    if (worker->state == WORKER_EXITED || worker->state == WORKER_KILLED)
        return ROLE_CLOSED;
    if (column->write == write_state && worker->state == WORKER_STOPPED)
        return ROLE_WAITING;
    return column->role;
}

bool
workers_has_text(const struct deck *deck, const struct worker_row *at, const struct needle *needle)
{
    static void (*const writes[])(const void *row, char buf[static GRID_CELL]) = {
        write_id, write_state, write_pid, write_tid,
    };
    struct row row = { at, deck->canvas->symbols };

    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        char text[GRID_CELL] = "";

        writes[i](&row, text);
        if (needle_find(needle, text, strlen(text)) >= 0)
            return true;
    }
    return false;
}

void
workers_draw(struct deck *deck, struct pen *pen, bool has_focus)
{
    const struct workers_view *view = &deck->workers;
    int widths[GRID_COLUMNS];

    if (view->row_count == 0) {
        pen_text(pen, ROLE_DIM, " No listener is open.");
        return;
    }
    grid_fit(columns, COLUMNS, pen->area.cols, 0, widths);
    if (view->headings > 0)
        grid_headings(pen, columns, COLUMNS, widths);
    for (int i = 0; i < view->row_count; i++) {
        struct row row = { &view->rows[i], deck->canvas->symbols };

        pen->selected = has_focus &&
            memcmp(&row.at->key, &view->selected, sizeof(view->selected)) == 0;
        pen->marks = deck_marks(deck);
        pen_move(pen, view->headings + i, 0);
        grid_row(pen, columns, COLUMNS, widths, &row, cell_role);
        pen->selected = false;
        pen->marks = NULL;
    }
}
