/* workers.c - the pane Workers: which rows there are, and choosing one. */
#include "config.h"

#include "sockdeck/ui/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/panes.h"

/* /proc is read at most so often, and only while something happens. */
#define SAMPLE_NS (500 * NS_PER_MS)

void
workers_view_init(struct workers_view *view)
{
    memset(view, 0, sizeof(*view));
    view->sample_ns = CLOCK_NEVER;
}

void
workers_view_fini(struct workers_view *view)
{
    free(view->keys);
    workers_view_init(view);
}

static bool
has_ended(const struct worker *worker)
{
    return worker->state == WORKER_EXITED || worker->state == WORKER_KILLED;
}

static void
add_key(struct workers_view *view, uint16_t listener, uint16_t worker)
{
    if (view->count == view->capacity) {
        view->capacity = view->capacity > 0 ? view->capacity * 2 : 64;
        view->keys = reallocarray(view->keys, view->capacity, sizeof(*view->keys));
        if (view->keys == NULL)
            abort();
    }
    view->keys[view->count++] = (struct worker_key) { listener, worker };
}

static size_t
count_ended(const struct model *model, uint16_t listener)
{
    const struct worker *worker;
    size_t count = 0;

    for (uint32_t id = 1; (worker = model_next_worker(model, id)) != NULL; id = worker->id + 1u)
        count += worker->listener == listener && has_ended(worker);
    return count;
}

/* Those that live, and the newest of those that have ended. */
static void
add_workers(struct workers_view *view, const struct model *model, uint16_t listener)
{
    size_t kept = view->hides_ended ? 0 : WORKERS_ENDED_KEPT;
    size_t ended = count_ended(model, listener);
    const struct worker *worker;

    for (uint32_t id = 1; (worker = model_next_worker(model, id)) != NULL; id = worker->id + 1u) {
        if (worker->listener != listener)
            continue;
        if (!has_ended(worker))
            view->live++;
        else if (ended-- > kept)
            continue;
        add_key(view, listener, worker->id);
    }
}

static void
list_keys(struct workers_view *view, struct model *model)
{
    const struct listener *row;

    view->count = view->live = 0;
    model_lock(model);
    for (uint32_t id = 1; (row = model_next_listener(model, id)) != NULL; id = row->id + 1u) {
        if (row->stopped || row->is_hole)
            continue;
        add_key(view, row->id, 0);
        add_workers(view, model, row->id);
    }
    model_unlock(model);
}

static size_t
selected_index(const struct workers_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        if (memcmp(&view->keys[i], &view->selected, sizeof(view->selected)) == 0)
            return i;
    return 0;
}

static void
settle(struct workers_view *view, size_t rows)
{
    size_t selected = selected_index(view);

    if (view->count > 0)
        view->selected = view->keys[selected];
    if (selected < view->top)
        view->top = selected;
    if (rows > 0 && selected >= view->top + rows)
        view->top = selected - rows + 1;
    if (view->top + rows > view->count)
        view->top = view->count > rows ? view->count - rows : 0;
}

static uint64_t
most_accepted(const struct model *model, uint16_t listener)
{
    const struct worker *worker;
    uint64_t most = 0;

    for (uint32_t id = 1; (worker = model_next_worker(model, id)) != NULL; id = worker->id + 1u)
        if (worker->listener == listener && worker->accepted > most)
            most = worker->accepted;
    return most;
}

/* What was known of its usage before, kept where the row is still the same one's. */
static void
keep_usage(struct workers_view *view, struct worker_row *row, const struct worker_row *before)
{
    for (int i = 0; i < view->row_count; i++)
        if (memcmp(&before[i].key, &row->key, sizeof(row->key)) == 0) {
            row->usage = before[i].usage;
            row->has_usage = before[i].has_usage;
        }
}

/* false: it has gone meanwhile. */
static bool
fill_row(struct worker_row *row, const struct model *model, struct worker_key key)
{
    const struct listener *listener = model_listener(model, key.listener);
    const struct worker *worker = model_worker(model, key.worker);

    if (listener == NULL)
        return false;
    *row = (struct worker_row) { .key = key, .listener = *listener };
    if (key.worker != 0 && worker != NULL)
        row->worker = *worker;
    return true;
}

static void
copy_rows(struct workers_view *view, struct model *model, size_t rows)
{
    struct worker_row before[WORKERS_VIEW_ROWS];
    int count = 0;

    memcpy(before, view->rows, sizeof(before));
    model_lock(model);
    for (size_t i = view->top; i < view->count && i < view->top + rows; i++) {
        struct worker_row *row = &view->rows[count];

        if (count == WORKERS_VIEW_ROWS || !fill_row(row, model, view->keys[i]))
            continue;
        row->most = most_accepted(model, row->key.listener);
        keep_usage(view, row, before);
        count++;
    }
    model_unlock(model);
    view->row_count = count;
}

/* Memory and time change only while something happens; one look more follows the last. */
static void
sample(struct workers_view *view, const struct model *model, int64_t now_ns)
{
    uint64_t revision = model_revision(model);

    if (revision == view->sampled_revision && now_ns < view->sample_ns)
        return;
    if (view->sampled_ns != 0 && now_ns - view->sampled_ns < SAMPLE_NS) {
        view->sample_ns = view->sampled_ns + SAMPLE_NS;
        return;
    }
    for (int i = 0; i < view->row_count; i++) {
        struct worker_row *row = &view->rows[i];

        if (row->key.worker != 0 && !has_ended(&row->worker))
            row->has_usage = usage_read(row->worker.pid, &row->usage) == 0;
    }
    view->sample_ns = revision != view->sampled_revision ? now_ns + SAMPLE_NS : CLOCK_NEVER;
    view->sampled_revision = revision;
    view->sampled_ns = now_ns;
}

void
workers_collect(struct deck *deck, struct area body)
{
    struct workers_view *view = &deck->workers;
    size_t rows;

    view->headings = body.rows > 2;
    rows = body.rows > view->headings ? (size_t)(body.rows - view->headings) : 0;
    if (deck->is_frozen)
        return;
    list_keys(view, deck->model);
    settle(view, rows);
    copy_rows(view, deck->model, rows);
    sample(view, deck->model, deck->now_ns);
}

int64_t
workers_deadline(const struct deck *deck)
{
    return deck->workers.sample_ns;
}

void
workers_status(const struct deck *deck, char *buf, size_t size)
{
    if (deck->workers.live > 0)
        snprintf(buf, size, "%zu standing", deck->workers.live);
    else
        *buf = '\0';
}

void
workers_move(struct deck *deck, enum move move, int rows)
{
    struct workers_view *view = &deck->workers;
    size_t page = rows > 3 ? (size_t)rows - 2 : 1, at;

    if (view->count == 0)
        return;
    at = move_place(move, selected_index(view), view->count, page);
    if (deck->is_frozen)        /* only what is drawn can be chosen */
        at = move_into_sight(at, view->top, (size_t)view->row_count);
    view->selected = view->keys[at < view->count ? at : view->count - 1];
}

enum find_state
workers_seek(struct deck *deck, const struct needle *needle, int step)
{
    struct workers_view *view = &deck->workers;
    size_t from = selected_index(view), at = from;
    bool found = false;

    model_lock(deck->model);
    for (size_t n = 0; n < view->count && !found; n++) {
        struct worker_row row;

        at = (at + (step > 0 ? 1 : view->count - 1)) % view->count;
        found = (!deck->is_frozen ||
                 move_into_sight(at, view->top, (size_t)view->row_count) == at) &&
                fill_row(&row, deck->model, view->keys[at]) &&
                workers_has_text(deck, &row, needle);
    }
    model_unlock(deck->model);
    if (!found)
        return FIND_NOTHING;
    view->selected = view->keys[at];
    return (step > 0 ? at <= from : at >= from) ? FIND_WRAPPED : FIND_FOUND;
}

void
workers_click(struct deck *deck, int row)
{
    struct workers_view *view = &deck->workers;

    row -= view->headings;
    if (row >= 0 && row < view->row_count)
        view->selected = view->rows[row].key;
}

void
workers_clear(struct deck *deck)
{
    deck->workers.hides_ended = true;
}

void
workers_open(struct deck *deck, struct opened *opened)
{
    struct worker_key key = deck->workers.selected;

    if (key.worker != 0)
        snprintf(opened->command, sizeof(opened->command), "info W%u", key.worker);
    else if (key.listener != 0)
        snprintf(opened->command, sizeof(opened->command), "info L%u", key.listener);
}

/* What the selected worker serves. */
uint32_t
workers_selected(const struct deck *deck)
{
    const struct workers_view *view = &deck->workers;

    for (int i = 0; i < view->row_count; i++)
        if (memcmp(&view->rows[i].key, &view->selected, sizeof(view->selected)) == 0)
            return view->rows[i].worker.serving;
    return 0;
}

uint32_t
workers_listener(const struct deck *deck)
{
    return deck->workers.selected.listener;
}
