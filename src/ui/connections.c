/* connections.c - the pane Connections: which rows there are, and choosing one. */
#include "config.h"

#include "sockdeck/ui/connections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/panes.h"

/* Rows looked at under one hold of the lock. */
enum { CHUNK = 2048 };

/* As fast as rates can be read; slower without motion. */
#define PERIOD_NS (500 * NS_PER_MS)
#define CALM_PERIOD_NS NS_PER_S

void
connections_view_init(struct connections_view *view)
{
    memset(view, 0, sizeof(*view));
    view->is_following = true;
    view->closed_kept = CONNECTIONS_CLOSED_KEPT;
    view->next_ns = CLOCK_NEVER;
    pulses_init(&view->pulses);
}

void
connections_view_fini(struct connections_view *view)
{
    free(view->entries);
    free(view->weighed);
    free(view->ids);
    memset(view, 0, sizeof(*view));
}

static void
add_entry(struct connections_view *view, uint32_t id)
{
    if (view->count == view->capacity) {
        view->capacity = view->capacity > 0 ? view->capacity * 2 : 256;
        view->entries = reallocarray(view->entries, view->capacity, sizeof(*view->entries));
        view->ids = reallocarray(view->ids, view->capacity, sizeof(*view->ids));
        view->weighed = reallocarray(view->weighed, view->capacity, sizeof(*view->weighed));
        if (view->entries == NULL || view->ids == NULL || view->weighed == NULL)
            abort();
    }
    view->entries[view->count++] = (struct connection_entry) { .id = id };
}

/* Lets others have the lock after each CHUNK of rows. */
static void
breathe(struct model *model, size_t n)
{
    if (n % CHUNK != CHUNK - 1)
        return;
    model_unlock(model);
    model_lock(model);
}

/* Takes in the connections that are new since the last look. */
static void
add_new(struct connections_view *view, struct model *model)
{
    const struct connection *row;

    model_lock(model);
    for (size_t n = 0; (row = model_next_connection(model, view->last_id + 1)) != NULL; n++) {
        add_entry(view, row->id);
        view->last_id = row->id;
        breathe(model, n);
    }
    model_unlock(model);
}

/* Drops what the model has forgotten, and sees which have closed. */
static void
look_again(struct connections_view *view, struct model *model)
{
    size_t kept = 0;

    view->closed = 0;
    model_lock(model);
    for (size_t i = 0; i < view->count; i++) {
        struct connection_entry entry = view->entries[i];
        const struct connection *row = model_connection(model, entry.id);

        if (row != NULL) {
            entry.is_closed = row->state == CONN_CLOSED;
            view->closed += entry.is_closed;
            view->entries[kept++] = entry;
            if (view->sort != SORT_ID)
                connections_weigh(view, kept - 1, row);
        }
        breathe(model, i);
    }
    model_unlock(model);
    view->count = kept;
}

/* The oldest closed ones go when there are too many of them. */
static void
drop_old(struct connections_view *view)
{
    size_t kept = 0;

    for (size_t i = 0; i < view->count; i++) {
        if (view->entries[i].is_closed && view->closed > view->closed_kept)
            view->closed--;
        else
            view->entries[kept++] = view->entries[i];
    }
    view->count = kept;
    view->closed_kept = CONNECTIONS_CLOSED_KEPT;
}

/* Chooses what may be scrolled through. */
static void
list_ids(struct connections_view *view, size_t rows)
{
    size_t hidden = view->is_following && view->count > rows ? view->count - rows : 0;

    view->id_count = 0;
    for (size_t i = 0; i < view->count; i++) {
        if (view->entries[i].is_closed && hidden > 0)
            hidden--;
        else
            view->ids[view->id_count++] = view->entries[i].id;
    }
}

/* Where the selected one stands, or where it stood among ids in order. */
static size_t
selected_index(const struct connections_view *view)
{
    for (size_t i = view->id_count; i > 0; i--)
        if (view->ids[i - 1] == view->selected ||
            (view->sort == SORT_ID && view->ids[i - 1] <= view->selected))
            return i - 1;
    return 0;
}

/* The end that is followed: the newest, or the first where they are sorted. */
static size_t
followed_index(const struct connections_view *view)
{
    return view->sort == SORT_ID && view->id_count > 0 ? view->id_count - 1 : 0;
}

static void
settle(struct connections_view *view, size_t rows)
{
    size_t selected;

    if (view->is_following && view->id_count > 0)
        view->selected = view->ids[followed_index(view)];
    selected = selected_index(view);
    if (view->id_count > 0)
        view->selected = view->ids[selected];
    if (view->is_following)
        view->top = view->sort == SORT_ID && view->id_count > rows ? view->id_count - rows : 0;
    if (selected < view->top)
        view->top = selected;
    if (rows > 0 && selected >= view->top + rows)
        view->top = selected - rows + 1;
    if (view->top + rows > view->id_count)
        view->top = view->id_count > rows ? view->id_count - rows : 0;
}

static void
copy_rows(struct connections_view *view, struct model *model, size_t rows)
{
    view->row_count = 0;
    model_lock(model);
    for (size_t i = view->top; i < view->id_count && i < view->top + rows; i++) {
        const struct connection *row = model_connection(model, view->ids[i]);

        if (row == NULL || view->row_count == CONNECTIONS_ROWS)
            continue;
        view->rows[view->row_count++] = *row;
    }
    model_unlock(model);
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void
measure(struct deck *deck)
{
    struct connections_view *view = &deck->connections;

    pulses_update(&view->pulses, view->rows, view->row_count, deck->now_ns,
                  deck->has_motion ? PERIOD_NS : CALM_PERIOD_NS);
    view->next_ns = view->pulses.next_ns;
    for (int i = 0; i < view->row_count; i++)
        view->next_ns = earlier(view->next_ns, connections_next_change(deck, &view->rows[i]));
}

int64_t
connections_deadline(const struct deck *deck)
{
    return deck->connections.next_ns;
}

/* False: the display is frozen, and stands as it was. */
static bool
copy(struct deck *deck, size_t rows)
{
    struct connections_view *view = &deck->connections;

    if (deck->is_frozen && view->sort == view->sorted)
        return false;
    if (!deck->is_frozen)       /* another order is that of the rows that had come by then */
        add_new(view, deck->model);
    look_again(view, deck->model);
    drop_old(view);
    list_ids(view, rows);
    if (view->sort != SORT_ID)
        connections_sort(view);
    view->sorted = view->sort;
    settle(view, rows);
    copy_rows(view, deck->model, rows);
    return true;
}

void
connections_collect(struct deck *deck, struct area body)
{
    struct connections_view *view = &deck->connections;
    bool has_copied;
    size_t rows;

    view->headings = body.rows > 2;
    rows = body.rows > view->headings ? (size_t)(body.rows - view->headings) : 0;
    if (rows > CONNECTIONS_ROWS)
        rows = CONNECTIONS_ROWS;
    has_copied = copy(deck, rows);
    connections_fit(deck, body.cols);
    if (has_copied)
        measure(deck);
}

/* "in", or "" where they come in order of id. */
static const char *
sort_name(const struct deck *deck)
{
    struct choice choice = { "", NULL };

    if (deck->connections.sort != SORT_ID)
        choice_sorts(deck->connections.sort, &choice);
    return choice.name;
}

void
connections_status(const struct deck *deck, char *buf, size_t size)
{
    const struct totals *totals = &deck->header.totals;

    if (totals->open + totals->closed == 0)
        *buf = '\0';
    else
        snprintf(buf, size, "%llu open, %llu closed%s%s", (unsigned long long)totals->open,
                 (unsigned long long)totals->closed,
                 deck->connections.sort != SORT_ID ? ", by " : "", sort_name(deck));
}

/* Leaves the end that was followed, where they come in order of id: those closed that had
 * made room for others are listed again, and the selected one keeps its row. */
static void
unfollow(struct deck *deck)
{
    struct connections_view *view = &deck->connections;
    size_t at = selected_index(view), row = at > view->top ? at - view->top : 0;

    if (!view->is_following || deck->is_frozen || view->sort != SORT_ID)
        return;
    view->is_following = false;
    list_ids(view, 0);
    at = selected_index(view);
    view->top = at > row ? at - row : 0;
}

void
connections_move(struct deck *deck, enum move move, int rows)
{
    struct connections_view *view = &deck->connections;
    size_t page = rows > 3 ? (size_t)rows - 2 : 1, at;

    if (view->id_count == 0)
        return;
    unfollow(deck);
    at = move_place(move, selected_index(view), view->id_count, page);
    if (deck->is_frozen)        /* only what is drawn can be chosen */
        at = move_into_sight(at, view->top, (size_t)view->row_count);
    at = at < view->id_count ? at : view->id_count - 1;
    view->is_following = at == followed_index(view);
    view->selected = view->ids[at];
}

void
connections_click(struct deck *deck, int row)
{
    struct connections_view *view = &deck->connections;

    row -= view->headings;
    if (row < 0 || row >= view->row_count)
        return;
    view->selected = view->rows[row].id;
    unfollow(deck);
    view->is_following = view->id_count > 0 &&
                         view->selected == view->ids[followed_index(view)];
}

void
connections_clear(struct deck *deck)
{
    deck->connections.closed_kept = 0;  /* at the next look */
}

void
connections_open(struct deck *deck, struct opened *opened)
{
    if (deck->connections.selected > 0)
        snprintf(opened->command, sizeof(opened->command), "info #%u",
                 deck->connections.selected);
}

uint32_t
connections_selected(const struct deck *deck)
{
    return deck->connections.selected;
}
