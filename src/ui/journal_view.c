/* journal_view.c - a view of a journal: what is copied, where it stands, what is chosen. */
#include "config.h"

#include "sockdeck/ui/journal_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/deck.h"

#include "journal_view_private.h"

void
journal_view_init(struct journal_view *view, enum journal journal, int pane)
{
    *view = (struct journal_view) { .is_following = true };
    sieve_init(&view->sieve, journal, pane);
}

void
journal_view_fini(struct journal_view *view)
{
    sieve_fini(&view->sieve);
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

static void
copy_body(struct journal_view *view, const struct journal_kind *kind, const struct deck *deck,
          const struct sieve_entry *entry, const struct event *event)
{
    if (entry->burst != NULL)
        burst_write(&view->store, entry->burst);
    if (entry->burst != NULL && event->type == EVENT_PING)
        buffer_add_text(&view->store, "; last: ");      /* its cause is that of most */
    if (entry->burst == NULL || event->type == EVENT_PING)
        kind->copy(&view->store, event, deck->model, kind->look(deck));
    if (entry->burst == NULL && entry->count > 1)
        buffer_printf(&view->store, " (%u times)", entry->count);
}

/* Only the head of the record is kept; what is shown of its data is the body. */
static void
copy_entry(struct journal_view *view, const struct journal_kind *kind, const struct deck *deck,
           const struct sieve_entry *entry, int64_t previous_ns)
{
    const struct model *model = deck->model;
    const struct event *event = model_journal_at(model, kind->journal, entry->last);
    struct event head;
    struct block *block;

    if (event == NULL)
        return;
    block = add_block(view);
    block->number = entry->first;
    block->previous_ns = previous_ns;
    block->wall_ns = model_wall_ns(model, event->stamp_ns);
    block->is_burst = entry->burst != NULL;
    block->event_at = align_store(&view->store);
    head = *event;
    head.conn = block->is_burst ? 0 : head.conn;
    if (buffer_add(&view->store, &head, sizeof(head)) != 0)
        abort();
    block->body_at = buffer_size(&view->store);
    copy_body(view, kind, deck, entry, event);
    block->body_size = buffer_size(&view->store) - block->body_at;
}

/* What the rows can need: as many entries on either side of where it stands. */
static void
choose_range(const struct journal_view *view, int rows, size_t *first, size_t *last)
{
    size_t reach = (size_t)rows + 1, count = sieve_count(&view->sieve);
    size_t low = count, high = count;

    if (!journal_view_follows(view)) {
        size_t top = sieve_place(&view->sieve, view->top);
        size_t at = sieve_place(&view->sieve, journal_view_anchor(view));

        low = top < at ? top : at;
        high = (top > at ? top : at) + reach;
    }
    *first = low > reach ? low - reach : 0;
    *last = high < count ? high : count;
}

static int64_t
stamp_before(const struct journal_view *view, const struct model *model, size_t place)
{
    const struct event *event;

    if (place == 0)
        return 0;
    event = model_journal_at(model, view->sieve.journal,
                             sieve_entry(&view->sieve, place - 1).last);
    return event != NULL ? event->stamp_ns : 0;
}

static void
copy_range(struct journal_view *view, const struct journal_kind *kind,
           const struct deck *deck, int rows)
{
    size_t first, last;
    int64_t previous_ns;

    choose_range(view, rows, &first, &last);
    previous_ns = stamp_before(view, deck->model, first);
    for (size_t place = first; place < last; place++) {
        struct sieve_entry entry = sieve_entry(&view->sieve, place);

        copy_entry(view, kind, deck, &entry, previous_ns);
        if (view->count > 0)
            previous_ns = journal_view_event(view, &view->blocks[view->count - 1])->stamp_ns;
    }
}

static uint64_t
number_at(const struct journal_view *view, size_t place)
{
    return sieve_entry(&view->sieve, place).first;
}

/* What stands still may have left the journal, or not have passed a new filter; one that
 * has not been looked at yet may still come. */
static void
keep_inside(struct journal_view *view)
{
    size_t count = sieve_count(&view->sieve);
    uint64_t top;

    if (count == 0 || (view->has_more && !view->is_following))
        return;
    view->selected = number_at(view, view->is_following ? count - 1 :
                               sieve_place(&view->sieve, view->selected));
    top = number_at(view, sieve_place(&view->sieve, view->top));
    if (top != view->top)
        view->top_line = 0;
    view->top = top;
}

/* While the display is frozen, only what had come by then. */
static bool
sift(struct journal_view *view, struct deck *deck)
{
    uint64_t limit = deck->is_frozen ? view->sieve.seen : UINT64_MAX;

    view->has_more = sieve_scan(&view->sieve, deck->model, view->floor, limit);
    return view->has_more;
}

/* Whether a record passes, itself or as a repeat. */
static bool
is_shown(const struct journal_view *view, uint64_t number)
{
    struct sieve_entry entry;

    if (sieve_count(&view->sieve) == 0)
        return false;
    entry = sieve_entry(&view->sieve, sieve_place(&view->sieve, number));
    return number >= entry.first && number <= entry.last;
}

/* Marks the record that belongs to the one selected in another pane; one that is out
 * of sight comes to the middle. */
static void
find_pair(struct journal_view *view, enum journal journal, const struct deck *deck, int rows)
{
    uint64_t number = 0;
    size_t place, top;

    view->paired = 0;
    if (deck->pair.is_chosen && deck->pair.journal != journal &&
        model_find_pair(deck->model, journal, deck->pair.key, &number) &&
        is_shown(view, number))
        view->paired = number_at(view, sieve_place(&view->sieve, number)) + 1;
    if (view->paired == 0)
        return;
    place = sieve_place(&view->sieve, number);
    top = sieve_place(&view->sieve, view->top);
    if (place >= top && place - top < (size_t)rows)
        return;
    view->top = number_at(view, place > (size_t)rows / 2 ? place - (size_t)rows / 2 : 0);
    view->top_line = 0;
}

uint64_t
journal_view_choice(const struct journal_view *view, uint64_t end)
{
    size_t count = sieve_count(&view->sieve);

    (void)end;
    return view->is_following && count > 0 ? sieve_entry(&view->sieve, count - 1).last
                                           : view->selected;
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
    sift(view, deck);
    model_lock(deck->model);
    keep_inside(view);
    find_pair(view, kind->journal, deck, rows > 0 ? rows : 1);
    copy_range(view, kind, deck, rows);
    model_unlock(deck->model);
}

void
journal_view_filter(struct journal_view *view, const struct filter *filter)
{
    sieve_set_filter(&view->sieve, filter);
    view->has_more = true;
}

void
journal_view_select(struct journal_view *view, size_t place)
{
    size_t count = sieve_count(&view->sieve);

    if (count == 0)
        return;
    place = place < count ? place : count - 1;
    view->is_following = place + 1 == count;
    view->selected = number_at(view, place);
}

bool
journal_view_has_work(const struct journal_view *view)
{
    return view->has_more || view->find.state == FIND_RUNS;
}

void
journal_view_work(struct journal_view *view, struct deck *deck)
{
    if (view->has_more && sift(view, deck))
        return;
    if (view->find.state == FIND_RUNS)
        journal_view_find_some(view, deck->model);
}

/* --- where it stands --------------------------------------------------------------- */

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
    view->floor = view->sieve.end;
    view->is_following = true;
}

void
journal_view_move(struct journal_view *view, enum move move, int rows)
{
    size_t page = rows > 2 ? (size_t)rows - 1 : 1;

    journal_view_select(view, move_place(move, sieve_place(&view->sieve, view->selected),
                                  sieve_count(&view->sieve), page));
}

void
journal_view_click(struct journal_view *view, int row)
{
    if (row >= 0 && row < view->row_count)
        journal_view_select(view, sieve_place(&view->sieve, view->rows[row]));
}

void
journal_view_fold(struct journal_view *view)
{
    if (sieve_toggle(&view->sieve, view->selected)) {
        view->has_more = true;
        view->is_following = false;
        return;
    }
    for (int i = 0; i < JOURNAL_UNFOLDED; i++)
        if (view->unfolded[i] == view->selected + 1) {
            view->unfolded[i] = 0;
            return;
        }
    view->unfolded[view->unfolded_next++ % JOURNAL_UNFOLDED] = view->selected + 1;
}

/* "120 hidden by conn=3". */
static void
write_hidden(const struct journal_view *view, char *buf, size_t size)
{
    char filter[96];

    filter_write(filter, sizeof(filter), &view->sieve.filter);
    snprintf(buf, size, "%llu hidden by %s", (unsigned long long)view->sieve.hidden, filter);
}

void
journal_view_status(const struct journal_view *view, const struct deck *deck, char *buf,
                    size_t size)
{
    size_t count = sieve_count(&view->sieve), below = 0, used;

    if (count > 0)
        below = count - 1 - sieve_place(&view->sieve, view->selected);
    *buf = '\0';
    if (view->find.state == FIND_RUNS)
        snprintf(buf, size, "searching");
    else if (deck->is_frozen)
        snprintf(buf, size, "frozen");
    else if (!view->is_following)
        snprintf(buf, size, "%zu newer, F follows", below);
    else if (count > 0)
        snprintf(buf, size, "%llu", (unsigned long long)view->sieve.end);
    used = strlen(buf);
    if (!sieve_is_filtering(&view->sieve) || used + 4 > size)
        return;
    if (used > 0)
        used += (size_t)snprintf(buf + used, size - used, ", ");
    write_hidden(view, buf + used, size - used);
}
