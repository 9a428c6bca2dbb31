/* journal_view.c - a view of a journal: what is copied, where it stands, what is chosen. */
#include "config.h"

#include "sockdeck/ui/journal_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/ui/deck.h"

void
journal_view_init(struct journal_view *view)
{
    *view = (struct journal_view) { .is_following = true };
}

void
journal_view_fini(struct journal_view *view)
{
    buffer_fini(&view->store);
    free(view->blocks);
    *view = (struct journal_view) { 0 };
}

const struct event *
journal_view_event(const struct journal_view *view, const struct block *block)
{
    return (const struct event *)(const void *)(buffer_data(&view->store) + block->event_at);
}

const char *
journal_view_body(const struct journal_view *view, const struct block *block)
{
    return buffer_data(&view->store) + block->body_at;
}

static struct block *
add_block(struct journal_view *view)
{
    if (view->count == view->capacity) {
        view->capacity = view->capacity > 0 ? view->capacity * 2 : 64;
        view->blocks = reallocarray(view->blocks, view->capacity, sizeof(*view->blocks));
        if (view->blocks == NULL)
            abort();
    }
    return &view->blocks[view->count++];
}

/* Keeps the next thing in the store at a multiple of 8. */
static size_t
align_store(struct buffer *store)
{
    static const char zeros[8];
    size_t size = buffer_size(store);

    if (buffer_add(store, zeros, (8 - size % 8) % 8) != 0)
        abort();
    return buffer_size(store);
}

/* Only the head of the record is kept; what is shown of its data is the body. */
static void
copy_record(struct journal_view *view, const struct journal_kind *kind,
            const struct model *model, uint64_t number, int64_t previous_ns)
{
    const struct event *event = model_journal_at(model, kind->journal, number);
    struct block *block;

    if (event == NULL)
        return;
    block = add_block(view);
    block->number = number;
    block->previous_ns = previous_ns;
    block->wall_ns = model_wall_ns(model, event->stamp_ns);
    block->event_at = align_store(&view->store);
    if (buffer_add(&view->store, event, sizeof(*event)) != 0)
        abort();
    block->body_at = buffer_size(&view->store);
    kind->copy(&view->store, event, model);
    block->body_size = buffer_size(&view->store) - block->body_at;
}

/* What the rows can need: as many records on either side of where it stands. */
static void
choose_range(const struct journal_view *view, int rows, uint64_t *first, uint64_t *last)
{
    uint64_t reach = (uint64_t)rows + 1;
    uint64_t low = view->end, high = view->end;

    if (!journal_view_follows(view)) {
        uint64_t at = journal_view_anchor(view);

        low = view->top < at ? view->top : at;
        high = (view->top > at ? view->top : at) + reach;
    }
    low = low > reach ? low - reach : 0;
    *first = low > view->begin ? low : view->begin;
    *last = high < view->end ? high : view->end;
}

static void
copy_range(struct journal_view *view, const struct journal_kind *kind,
           const struct model *model, int rows)
{
    uint64_t first, last;
    int64_t previous_ns = 0;

    choose_range(view, rows, &first, &last);
    if (first > view->begin && first < last) {
        const struct event *before = model_journal_at(model, kind->journal, first - 1);

        previous_ns = before != NULL ? before->stamp_ns : 0;
    }
    for (uint64_t number = first; number < last; number++) {
        copy_record(view, kind, model, number, previous_ns);
        if (view->count > 0)
            previous_ns = journal_view_event(view, &view->blocks[view->count - 1])->stamp_ns;
    }
}

static void
keep_inside(struct journal_view *view)
{
    if (view->is_following)
        view->selected = view->end > view->begin ? view->end - 1 : view->begin;
    if (view->selected < view->begin)
        view->selected = view->begin;
    if (view->top < view->begin) {
        view->top = view->begin;
        view->top_line = 0;
    }
}

/* Marks the record that belongs to the one selected in another pane; one that is out
 * of sight comes to the middle. */
static void
find_pair(struct journal_view *view, enum journal journal, const struct deck *deck, int rows)
{
    uint64_t number = 0;

    view->paired = 0;
    if (deck->pair.is_chosen && deck->pair.journal != journal &&
        model_find_pair(deck->model, journal, deck->pair.key, &number) &&
        number >= view->begin && number < view->end)
        view->paired = number + 1;
    if (view->paired == 0 || (number >= view->top && number - view->top < (uint64_t)rows))
        return;
    view->top = number - view->begin > (uint64_t)rows / 2 ? number - (uint64_t)rows / 2
                                                          : view->begin;
    view->top_line = 0;
}

uint64_t
journal_view_choice(const struct journal_view *view, uint64_t end)
{
    return view->is_following && end > 0 ? end - 1 : view->selected;
}

uint64_t
journal_view_anchor(const struct journal_view *view)
{
    return view->paired != 0 ? view->paired - 1 : view->selected;
}

bool
journal_view_follows(const struct journal_view *view)
{
    return view->is_following && view->paired == 0;
}

void
journal_view_collect(struct journal_view *view, const struct journal_kind *kind,
                struct deck *deck, int rows)
{
    view->count = 0;
    buffer_clear(&view->store);
    model_lock(deck->model);
    view->begin = model_journal_begin(deck->model, kind->journal);
    if (!deck->is_frozen)
        view->end = model_journal_end(deck->model, kind->journal);
    if (view->begin < view->floor)
        view->begin = view->floor;
    if (view->end < view->begin)
        view->end = view->begin;
    keep_inside(view);
    find_pair(view, kind->journal, deck, rows > 0 ? rows : 1);
    copy_range(view, kind, deck->model, rows);
    model_unlock(deck->model);
}

const struct block *
journal_view_selected(const struct journal_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        if (view->blocks[i].number == view->selected)
            return &view->blocks[i];
    return NULL;
}

void
journal_view_follow(struct journal_view *view)
{
    view->is_following = true;
}

void
journal_view_clear(struct journal_view *view)
{
    view->floor = view->end;
    view->is_following = true;
}

static void
select_number(struct journal_view *view, uint64_t number)
{
    if (number < view->begin)
        number = view->begin;
    view->is_following = number + 1 >= view->end;
    view->selected = view->is_following && view->end > 0 ? view->end - 1 : number;
}

void
journal_view_move(struct journal_view *view, int move, int rows)
{
    uint64_t page = rows > 2 ? (uint64_t)rows - 1 : 1, at = view->selected;

    switch ((enum move)move) {
    case MOVE_UP: at = at > 0 ? at - 1 : 0; break;
    case MOVE_DOWN: at++; break;
    case MOVE_PAGE_UP: at = at > page ? at - page : 0; break;
    case MOVE_PAGE_DOWN: at += page; break;
    case MOVE_FIRST: at = view->begin; break;
    case MOVE_LAST: at = view->end; break;
    }
    select_number(view, at);
}

void
journal_view_click(struct journal_view *view, int row)
{
    if (row >= 0 && row < view->row_count)
        select_number(view, view->rows[row]);
}

void
journal_view_fold(struct journal_view *view)
{
    for (int i = 0; i < JOURNAL_UNFOLDED; i++)
        if (view->unfolded[i] == view->selected + 1) {
            view->unfolded[i] = 0;
            return;
        }
    view->unfolded[view->unfolded_next++ % JOURNAL_UNFOLDED] = view->selected + 1;
}

void
journal_view_status(const struct journal_view *view, const struct deck *deck, char *buf,
                    size_t size)
{
    uint64_t below = view->end > view->selected + 1 ? view->end - view->selected - 1 : 0;

    if (deck->is_frozen)
        snprintf(buf, size, "frozen");
    else if (!view->is_following)
        snprintf(buf, size, "%llu newer, F follows", (unsigned long long)below);
    else if (view->end > 0)
        snprintf(buf, size, "%llu", (unsigned long long)view->end);
    else
        *buf = '\0';
}
