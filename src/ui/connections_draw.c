/* connections_draw.c - the columns of the pane Connections, one const table. */
#include "config.h"

#include "sockdeck/ui/connections.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/size.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/ui/countdown.h"
#include "sockdeck/ui/grid.h"
#include "sockdeck/ui/panes.h"

enum { QUEUE_CELLS = 3, LEVELS = 8 };

struct row {
    const struct deck *deck;
    const struct connection *connection;
    const struct pulse *pulse;  /* NULL: nothing was measured yet */
    bool has_deadline;
    struct deadline nearest;    /* when it has one */
};

/* "reset by peer": who ended it, and how. */
static const char *
verdict(const struct connection *c)
{
    const struct event_closed *closed = &c->closed;

    static const char *const words[BY_COUNT][HOW_COUNT] = {
        [BY_PEER] = { "closed by peer", "reset by peer" },
        [BY_US] = { "closed by us", "reset by us" },
        [BY_TIMEOUT] = { "timed out", "timed out" },
        [BY_ERROR] = { "failed", "failed" },
    };

    if (c->never_open)
        return event_attempt_words(closed);
    if (closed->uncertain)
        return "process killed";
    return words[closed->by % BY_COUNT][closed->how % HOW_COUNT];
}

static const char *
state_words(const struct connection *c)
{
    switch ((enum connection_state)c->state) {
    case CONN_CONNECTING: return "connecting";
    case CONN_PEER_CLOSED: return "peer sent eof";
    case CONN_WE_CLOSED: return "we sent eof";
    case CONN_CLOSED: return verdict(c);
    case CONN_OPEN: break;
    }
    return "open";
}

static bool
has_tcp(const struct row *row)
{
    return row->pulse != NULL && row->pulse->has_tcp && row->connection->state != CONN_CLOSED;
}

static enum role
state_role(const struct connection *c)
{
    if (c->state == CONN_CLOSED)
        return ROLE_CLOSED;
    return c->state == CONN_OPEN && !c->paused ? ROLE_OPEN : ROLE_WAITING;
}

static void
write_id(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;

    snprintf(buf, GRID_CELL, "#%u", row->connection->id);
}

static void
write_direction(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    const struct symbols *symbols = row->deck->canvas->symbols;

    snprintf(buf, GRID_CELL, "%s", row->connection->dialled ? symbols->sent : symbols->received);
}

static void
write_peer(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;

    snprintf(buf, GRID_CELL, "%s", row->connection->peer);
}

static void
write_local(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;

    snprintf(buf, GRID_CELL, "%s", row->connection->local);
}

/* The kernel's word for it, ours where there is more to say. */
static void
write_state(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    const struct connection *c = row->connection;
    const char *words = state_words(c);

    if (c->paused && c->state != CONN_CLOSED)
        words = "paused";
    else if (has_tcp(row))
        words = insight_state_name(row->pulse->tcp_state);
    snprintf(buf, GRID_CELL, "%s", words);
}

/* Who serves it: a standing worker, else the listener that took it. */
static void
write_worker(const void *at, char buf[static GRID_CELL])
{
    const struct connection *c = ((const struct row *)at)->connection;

    if (c->worker != 0)
        snprintf(buf, GRID_CELL, "W%u", c->worker);
    else if (c->listener != 0)
        snprintf(buf, GRID_CELL, "L%u", c->listener);
}

static void
write_size(char buf[static GRID_CELL], uint64_t size)
{
    char text[32];

    snprintf(buf, GRID_CELL, "%s", size_short(text, size));
}

static void
write_in(const void *at, char buf[static GRID_CELL])
{
    write_size(buf, ((const struct row *)at)->connection->in);
}

static void
write_out(const void *at, char buf[static GRID_CELL])
{
    write_size(buf, ((const struct row *)at)->connection->out);
}

/* Both ways, over the last half second. */
static void
write_rate(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    double rate = row->pulse != NULL ? row->pulse->past[PULSE_PAST - 1] : 0;
    char text[32];

    if (rate > 0 && row->connection->state != CONN_CLOSED)
        snprintf(buf, GRID_CELL, "%s/s", size_short(text, (uint64_t)(rate + 0.5)));
}

/* The past of the rate, by its own highest. */
static void
write_spark(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    const struct symbols *symbols = row->deck->canvas->symbols;
    double most = 0;
    size_t n = 0;

    if (row->pulse == NULL || row->connection->state == CONN_CLOSED)
        return;
    for (int i = 0; i < PULSE_PAST; i++)
        most = row->pulse->past[i] > most ? row->pulse->past[i] : most;
    for (int i = 0; most > 0 && i < PULSE_PAST; i++) {
        double part = row->pulse->past[i] / most;
        const char *sign = part > 0 ? symbols->spark[(int)(part * 7 + 0.5)] : " ";

        memcpy(buf + n, sign, strlen(sign) + 1);
        n += strlen(sign);
    }
}

/* Of the last ping; else as the kernel measures it. */
static void
write_rtt(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;

    if (row->connection->rtt_ns >= 0)
        grid_span(buf, row->connection->rtt_ns);
    else if (has_tcp(row) && row->pulse->rtt_us > 0)
        grid_span(buf, row->pulse->rtt_us * NS_PER_US);
}

/* "->##. <-...": what the kernel holds, ours that is not acknowledged and theirs that was
 * not read, each as part of its buffer. */
static void
write_queues(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    const struct symbols *symbols = row->deck->canvas->symbols;
    char unsent[GRID_CELL], unread[GRID_CELL];

    if (!has_tcp(row) || row->pulse->unsent + row->pulse->unread == 0)
        return;
    grid_bar(unsent, symbols, row->pulse->unsent, row->pulse->sndbuf, QUEUE_CELLS);
    grid_bar(unread, symbols, row->pulse->unread, row->pulse->rcvbuf, QUEUE_CELLS);
    snprintf(buf, GRID_CELL, "%s%.40s %s%.40s", symbols->sent, unsent, symbols->received, unread);
}

/* What is left of its nearest deadline, as a bar of one cell. */
static const char *
level_left(const struct row *row)
{
    const struct deadline *nearest = &row->nearest;
    const int64_t left_ns = nearest->since_ns + nearest->limit_ns - row->deck->now_ns;
    const double part = nearest->limit_ns > 0 ? (double)left_ns / (double)nearest->limit_ns : 0;
    const int level = (int)(part * LEVELS);

    return row->deck->canvas->symbols->spark[level < 0 ? 0 : level < LEVELS ? level : LEVELS - 1];
}

/* "read    3.2 s ▄": which kind it is, and what is left. */
static void
write_deadline(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    char left[32];

    if (!row->has_deadline)
        return;
    countdown_text(left, &row->nearest, row->deck->now_ns, countdown_form(row->deck->has_motion));
    snprintf(buf, GRID_CELL, "%-7s %6s %s", event_timeout_names[row->nearest.kind], left,
             level_left(row));
}

/* "read▄12s": where there is no room for more. */
static void
write_short_deadline(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    char left[32];

    if (!row->has_deadline)
        return;
    countdown_text(left, &row->nearest, row->deck->now_ns, COUNTDOWN_SHORT);
    snprintf(buf, GRID_CELL, "%.4s%s%3s", event_timeout_names[row->nearest.kind], level_left(row),
             left);
}

/* How long a closed one lived; an open one's age is in whole minutes, so that a quiet screen
 * is right without being drawn all the time. */
static void
write_age(const void *at, char buf[static GRID_CELL])
{
    const struct row *row = at;
    const struct connection *c = row->connection;
    char age[32];

    if (c->state == CONN_CLOSED) {
        grid_span(buf, c->closed.open_ns);
        return;
    }
    countdown_age(age, row->deck->now_ns - c->begun_ns);
    snprintf(buf, GRID_CELL, "%s", age);
}

static const struct grid_column columns[] = {
    { "ID",           DECK_ID_CELLS,  0, 0, true,  ROLE_ID,       0, write_id },
    { "",                         1,  0, 0, false, ROLE_TEXT,     0, write_direction },
    { "PEER",                    15, 47, 0, false, ROLE_TEXT, GRID_KEEPS_PORT, write_peer },
    { "LOCAL",                   21,  0, 8, false, ROLE_DIM,  GRID_KEEPS_PORT, write_local },
    { "STATE",                   14,  0, 0, false, ROLE_OPEN,     0, write_state },
    { "BY",                       3,  0, 3, false, ROLE_ID,       0, write_worker },
    { "IN",                       5,  0, 0, true,  ROLE_RECEIVED, 0, write_in },
    { "OUT",                      5,  0, 0, true,  ROLE_SENT,     0, write_out },
    { "RATE",                     6,  0, 6, true,  ROLE_TEXT,     0, write_rate },
    { "",                PULSE_PAST,  0, 7, false, ROLE_RECEIVED, GRID_WHEN_MOTION, write_spark },
    { "QUEUES", 2 * QUEUE_CELLS + 3,  0, 5, false, ROLE_WAITING,  0, write_queues },
    { "RTT",                      7,  0, 2, true,  ROLE_TEXT,     0, write_rtt },
    { "DEADLINE",                16,  0, 1, false, ROLE_WAITING,  0, write_deadline },
    { "DEADLINE",                 8,  0, 1, false, ROLE_WAITING,
      GRID_WHEN_ASKED | GRID_WHEN_SHORT, write_short_deadline },
    { "AGE",                      7,  0, 4, true,  ROLE_TIME,     0, write_age },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static enum role
cell_role(const void *at, const struct grid_column *column)
{
    const struct connection *c = ((const struct row *)at)->connection;

    if (column->write == write_state)
        return state_role(c);
    if (c->state == CONN_CLOSED)
        return ROLE_CLOSED;
    if (column->write == write_direction)
        return c->dialled ? ROLE_SENT : ROLE_RECEIVED;
    return column->role;
}

/* --- which columns there are ------------------------------------------------------------ */

static bool
has_limits(const struct connection *c)
{
    for (int kind = 0; c->state != CONN_CLOSED && kind < TIMEOUT_KINDS; kind++)
        if (c->settings.timeout_ns[kind] > 0)
            return true;
    return false;
}

static int
column_of(void (*write)(const void *row, char buf[static GRID_CELL]))
{
    int i = 0;

    while (columns[i].write != write)
        i++;
    return i;
}

/* Of the longest "W123" in sight. */
static int
worker_cells(const struct deck *deck)
{
    int cells = columns[column_of(write_worker)].width;

    for (int i = 0; i < deck->connections.row_count; i++) {
        struct row row = { .deck = deck, .connection = &deck->connections.rows[i] };
        char text[GRID_CELL] = "";

        write_worker(&row, text);
        cells = (int)strlen(text) > cells ? (int)strlen(text) : cells;
    }
    return cells;
}

void
connections_fit(struct deck *deck, int cols)
{
    struct connections_view *view = &deck->connections;
    unsigned given = deck->has_motion ? GRID_WHEN_MOTION : 0;
    struct grid_column fitting[COLUMNS];

    memcpy(fitting, columns, sizeof(fitting));
    fitting[column_of(write_id)].width = deck->id_cells;
    fitting[column_of(write_worker)].width = worker_cells(deck);
    for (int i = 0; i < view->row_count; i++)
        if (has_limits(&view->rows[i]))
            given |= GRID_WHEN_ASKED;
    grid_fit(fitting, COLUMNS, cols, given, view->widths);
}

static bool
shows(const struct deck *deck, void (*write)(const void *row, char buf[static GRID_CELL]))
{
    return deck->connections.widths[column_of(write)] > 0;
}

int64_t
connections_next_change(const struct deck *deck, const struct connection *c)
{
    int64_t next_ns = CLOCK_NEVER, age_ns = CLOCK_NEVER;
    struct deadline nearest;

    if (c->state == CONN_CLOSED)
        return CLOCK_NEVER;
    if (model_nearest_deadline(c, &nearest)) {
        if (shows(deck, write_deadline))
            next_ns = countdown_next_ns(&nearest, deck->now_ns, countdown_form(deck->has_motion));
        else if (shows(deck, write_short_deadline))
            next_ns = countdown_next_ns(&nearest, deck->now_ns, COUNTDOWN_SHORT);
    }
    if (shows(deck, write_age))
        age_ns = countdown_age_next_ns(c->begun_ns, deck->now_ns);
    return age_ns < next_ns ? age_ns : next_ns;
}

/* --- drawing ----------------------------------------------------------------------------- */

static struct row
make_row(const struct deck *deck, const struct connection *c)
{
    struct row row = { .deck = deck, .connection = c };

    row.pulse = pulses_of(&deck->connections.pulses, c->id);
    row.has_deadline = model_nearest_deadline(c, &row.nearest);
    return row;
}

bool
connections_has_text(const struct deck *deck, const struct connection *c,
                     const struct needle *needle)
{
    static void (*const writes[])(const void *at, char buf[static GRID_CELL]) = {
        write_id, write_peer, write_local, write_state, write_worker,
    };
    struct row row = { .deck = deck, .connection = c };

    row.pulse = pulses_of(&deck->connections.pulses, c->id);
    for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
        char text[GRID_CELL] = "";

        writes[i](&row, text);
        if (needle_find(needle, text, strlen(text)) >= 0)
            return true;
    }
    return false;
}

void
connections_draw(struct deck *deck, struct pen *pen, bool has_focus)
{
    const struct connections_view *view = &deck->connections;

    if (view->row_count == 0)
        return;
    if (view->headings > 0)
        grid_headings(pen, columns, COLUMNS, view->widths);
    for (int i = 0; i < view->row_count; i++) {
        struct row row = make_row(deck, &view->rows[i]);

        pen->selected = has_focus && view->rows[i].id == view->selected;
        pen->marks = deck_marks(deck);
        pen_move(pen, view->headings + i, 0);
        grid_row(pen, columns, COLUMNS, view->widths, &row, cell_role);
        pen->selected = false;
        pen->marks = NULL;
    }
}
