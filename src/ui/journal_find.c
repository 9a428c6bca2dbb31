/* journal_find.c - looking for a text in a journal, a few records at a time. */
#include "config.h"

#include "sockdeck/ui/journal_view.h"

#include "sockdeck/base/clock.h"

#include "journal_view_private.h"

void
journal_view_find(struct journal_view *view, const struct needle *needle, int step)
{
    view->find = (struct find) {
        .state = FIND_RUNS, .needle = *needle, .step = step, .number = view->selected,
        .left = sieve_count(&view->sieve), .starts_here = view->is_following && step < 0,
    };
}

/* The place next to look at, round the end. */
static size_t
next_place(const struct journal_view *view, struct find *find)
{
    size_t count = sieve_count(&view->sieve), place = sieve_place(&view->sieve, find->number);
    bool is_at_end = find->step > 0 ? place + 1 >= count : place == 0;

    if (find->starts_here) {
        find->starts_here = false;
        return place;
    }
    if (!is_at_end)
        return find->step > 0 ? place + 1 : place - 1;
    find->has_wrapped = true;
    return find->step > 0 ? 0 : count - 1;
}

static bool
has_text(struct journal_view *view, const struct model *model, uint64_t number)
{
    const struct event *event = model_journal_at(model, view->sieve.journal, number);

    return event != NULL &&
           filter_has_text(&view->find.needle, event, model, &view->sieve.scratch) &&
           sieve_passes(&view->sieve, event, model);
}

/* Each record of a burst is another: one of them, on the way. */
static bool
look_inside(struct journal_view *view, const struct model *model)
{
    struct find *find = &view->find;
    uint64_t number = find->next;

    find->is_inside = number != find->last;
    find->next += find->step > 0 ? 1 : UINT64_MAX;
    if (!has_text(view, model, number))
        return false;
    find->number = number;
    return true;
}

static bool
look_at_next(struct journal_view *view, const struct model *model)
{
    struct find *find = &view->find;
    struct sieve_entry entry;

    if (find->is_inside)
        return look_inside(view, model);
    entry = sieve_entry(&view->sieve, next_place(view, find));
    find->number = entry.first;
    find->left--;
    if (entry.burst == NULL)
        return has_text(view, model, entry.last);
    find->is_inside = true;
    find->next = find->step > 0 ? entry.first : entry.last;
    find->last = find->step > 0 ? entry.last : entry.first;
    return false;
}

/* A burst that holds it is opened. */
static void
select_found(struct journal_view *view, uint64_t number)
{
    size_t place = sieve_place(&view->sieve, number);

    if (sieve_entry(&view->sieve, place).burst == NULL) {
        journal_view_select(view, place);
        return;
    }
    sieve_toggle(&view->sieve, number);
    view->has_more = true;
    view->is_following = false;
    view->selected = number;
}

void
journal_view_find_some(struct journal_view *view, struct model *model)
{
    struct find *find = &view->find;
    int64_t until_ns;
    bool found = false;

    model_lock(model);
    until_ns = clock_mono_ns() + NS_PER_MS / 2;
    if (find->left > sieve_count(&view->sieve))
        find->left = sieve_count(&view->sieve);
    while (!found && (find->left > 0 || find->is_inside) && clock_mono_ns() < until_ns)
        found = look_at_next(view, model);
    model_unlock(model);
    if (found)
        select_found(view, find->number);
    if (found)
        find->state = find->has_wrapped ? FIND_WRAPPED : FIND_FOUND;
    else if (find->left == 0 && !find->is_inside)
        find->state = FIND_NOTHING;
}
