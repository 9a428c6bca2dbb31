/* sieve.c - which records of a journal a pane shows. */
#include "config.h"

#include "sockdeck/ui/sieve.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"

#define HOLD_NS (NS_PER_MS / 2)

enum { CLOCK_EVERY = 32 };      /* records between two looks at the clock */

void
sieve_init(struct sieve *sieve, enum journal journal, int pane)
{
    *sieve = (struct sieve) { .journal = journal, .pane = pane };
}

static struct sieve_entry *
entry_at(const struct sieve *sieve, size_t place)
{
    return &sieve->entries[sieve->start + place];
}

static void
free_bursts(struct sieve *sieve)
{
    for (size_t i = 0; i < sieve->count; i++)
        free(entry_at(sieve, i)->burst);
}

void
sieve_fini(struct sieve *sieve)
{
    free_bursts(sieve);
    free(sieve->entries);
    buffer_fini(&sieve->before);
    buffer_fini(&sieve->scratch);
    *sieve = (struct sieve) { 0 };
}

static void
end_run(struct sieve *sieve)
{
    sieve->run = (struct burst) { .high = 0 };
    sieve->run_entries = 0;
    sieve->run_is_folded = false;
}

/* Looks at everything again. */
static void
start_over(struct sieve *sieve)
{
    free_bursts(sieve);
    end_run(sieve);
    sieve->begin = sieve->end = sieve->hidden = 0;
    sieve->start = sieve->count = 0;
    buffer_clear(&sieve->before);
}

void
sieve_set_filter(struct sieve *sieve, const struct filter *filter)
{
    sieve->filter = *filter;
    start_over(sieve);
}

bool
sieve_is_filtering(const struct sieve *sieve)
{
    return filter_concerns(&sieve->filter, sieve->pane);
}

static bool
keeps_list(const struct sieve *sieve)
{
    return sieve->repeats != NULL || sieve->folds_bursts || sieve_is_filtering(sieve);
}

static void
add_entry(struct sieve *sieve, uint64_t number)
{
    if (sieve->start + sieve->count == sieve->capacity && sieve->start > sieve->count) {
        memmove(sieve->entries, sieve->entries + sieve->start,
                sieve->count * sizeof(*sieve->entries));
        sieve->start = 0;
    }
    if (sieve->start + sieve->count == sieve->capacity) {
        sieve->capacity = sieve->capacity > 0 ? sieve->capacity * 2 : 256;
        sieve->entries = reallocarray(sieve->entries, sieve->capacity, sizeof(*sieve->entries));
        if (sieve->entries == NULL)
            abort();
    }
    sieve->entries[sieve->start + sieve->count++] = (struct sieve_entry) { number, number, 1, NULL };
}

/* Whether it says the same as the record that passed before it; keeps it for the next. */
static bool
is_repeat(struct sieve *sieve, const struct event *event)
{
    const struct event *before = (const struct event *)(const void *)buffer_data(&sieve->before);
    bool repeats = sieve->count > 0 && buffer_size(&sieve->before) > 0 &&
                   sieve->repeats(event, before);

    if (repeats)
        return true;
    buffer_clear(&sieve->before);
    if (buffer_add(&sieve->before, event, sizeof(*event) + event->data_size) != 0)
        abort();
    return false;
}

/* One more of what the last entry tells. */
static void
add_repeat(struct sieve *sieve, const struct event *event, uint64_t number)
{
    struct sieve_entry *last = entry_at(sieve, sieve->count - 1);

    last->last = number;
    last->count++;
    if (sieve->run.high != 0)
        burst_add(&sieve->run, event);
    if (last->burst != NULL)
        *last->burst = sieve->run;
}

/* The entries of the run become one. */
static void
fold_run(struct sieve *sieve, uint64_t number)
{
    size_t n = sieve->run_entries < sieve->count ? sieve->run_entries : sieve->count;
    uint32_t records = 0;
    struct sieve_entry *entry;

    for (size_t i = sieve->count - n; i < sieve->count; i++)
        records += entry_at(sieve, i)->count;
    sieve->count -= n - 1;
    entry = entry_at(sieve, sieve->count - 1);
    entry->last = number;
    entry->count = records;
    entry->burst = malloc(sizeof(*entry->burst));
    if (entry->burst == NULL)
        abort();
    *entry->burst = sieve->run;
    sieve->run_is_folded = true;
}

/* False: it belongs to no burst. */
static bool
take_into_run(struct sieve *sieve, const struct event *event, uint64_t number)
{
    if (sieve->count == 0 || !burst_takes(&sieve->run, event))
        end_run(sieve);
    if (!burst_takes(&sieve->run, event))
        return false;
    burst_add(&sieve->run, event);
    if (sieve->run_is_folded) {
        struct sieve_entry *last = entry_at(sieve, sieve->count - 1);

        last->last = number;
        last->count++;
        *last->burst = sieve->run;
        return true;
    }
    add_entry(sieve, number);
    sieve->run_entries++;
    if (sieve->run_entries > BURST_MANY && burst_is_many(&sieve->run))
        fold_run(sieve, number);
    return true;
}

static struct sieve_range *
opened_range(struct sieve *sieve, uint64_t number)
{
    for (int i = 0; i < SIEVE_OPENED; i++)
        if (number >= sieve->opened[i].first && number < sieve->opened[i].end)
            return &sieve->opened[i];
    return NULL;
}

bool
sieve_passes(struct sieve *sieve, const struct event *event, const struct model *model)
{
    return sieve->filter.count == 0 ||
           filter_passes(&sieve->filter, event, model, &sieve->scratch);
}

static void
take_record(struct sieve *sieve, const struct model *model, uint64_t number)
{
    const struct event *event = model_journal_at(model, sieve->journal, number);

    if (event == NULL)
        return;
    if (!sieve_passes(sieve, event, model)) {
        sieve->hidden++;
        return;
    }
    if (opened_range(sieve, number) != NULL) {
        end_run(sieve);
        buffer_clear(&sieve->before);
        add_entry(sieve, number);
        return;
    }
    if (sieve->repeats != NULL && is_repeat(sieve, event)) {
        add_repeat(sieve, event, number);
        return;
    }
    if (!sieve->folds_bursts || !take_into_run(sieve, event, number))
        add_entry(sieve, number);
}

/* What has gone from the front, passed or not, is no longer counted. */
static void
forget_before(struct sieve *sieve, uint64_t begin)
{
    uint64_t gone = begin - sieve->begin, passed = 0;

    while (sieve->count > 0 && sieve->entries[sieve->start].first < begin) {
        struct sieve_entry *entry = &sieve->entries[sieve->start];

        if (entry->last >= begin) {     /* some of its repeats are still there */
            uint32_t rest = (uint32_t)(entry->last - begin) + 1;

            rest = rest < entry->count ? rest : entry->count - 1;
            passed += entry->count - rest;
            *entry = (struct sieve_entry) { begin, entry->last, rest, entry->burst };
            break;
        }
        passed += entry->count;
        free(entry->burst);
        sieve->start++;
        sieve->count--;
    }
    sieve->begin = begin;
    gone = gone > passed ? gone - passed : 0;
    sieve->hidden = sieve->hidden > gone ? sieve->hidden - gone : 0;
}

static void
keep_inside(struct sieve *sieve, const struct model *model, uint64_t floor)
{
    uint64_t begin = model_journal_begin(model, sieve->journal);

    begin = begin > floor ? begin : floor;
    if (begin <= sieve->begin)
        return;
    if (begin < sieve->end && keeps_list(sieve)) {
        forget_before(sieve, begin);
        return;
    }
    if (begin >= sieve->end) {
        start_over(sieve);
        sieve->end = begin;
    }
    sieve->begin = begin;
}

bool
sieve_scan(struct sieve *sieve, struct model *model, uint64_t floor, uint64_t limit)
{
    int64_t until_ns;
    uint64_t end;
    bool is_listing = keeps_list(sieve);

    model_lock(model);
    until_ns = clock_mono_ns() + HOLD_NS;
    keep_inside(sieve, model, floor);
    end = model_journal_end(model, sieve->journal);
    end = end < limit ? end : limit;
    if (!is_listing && sieve->end < end)
        sieve->end = end;
    for (int n = 1; sieve->end < end; n++) {
        take_record(sieve, model, sieve->end++);
        if (n % CLOCK_EVERY == 0 && clock_mono_ns() >= until_ns)
            break;
    }
    model_unlock(model);
    if (sieve->end > sieve->seen)
        sieve->seen = sieve->end;
    return sieve->end < end;
}

size_t
sieve_count(const struct sieve *sieve)
{
    return keeps_list(sieve) ? sieve->count : (size_t)(sieve->end - sieve->begin);
}

struct sieve_entry
sieve_entry(const struct sieve *sieve, size_t place)
{
    uint64_t number = sieve->begin + place;

    if (keeps_list(sieve))
        return *entry_at(sieve, place);
    return (struct sieve_entry) { number, number, 1, NULL };
}

size_t
sieve_place(const struct sieve *sieve, uint64_t number)
{
    size_t low = 0, high = sieve->count;

    if (!keeps_list(sieve)) {
        if (number >= sieve->end)
            number = sieve->end > 0 ? sieve->end - 1 : 0;
        return number > sieve->begin ? (size_t)(number - sieve->begin) : 0;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entry_at(sieve, middle)->first <= number)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : 0;
}

bool
sieve_toggle(struct sieve *sieve, uint64_t number)
{
    struct sieve_range *range = opened_range(sieve, number);
    struct sieve_entry entry = { 0, 0, 1, NULL };

    if (sieve_count(sieve) > 0)
        entry = sieve_entry(sieve, sieve_place(sieve, number));
    if (range != NULL)
        *range = (struct sieve_range) { 0, 0 };
    else if (entry.count > 1 && number >= entry.first && number <= entry.last)
        sieve->opened[sieve->opened_next++ % SIEVE_OPENED] =
            (struct sieve_range) { entry.first, entry.last + 1 };
    else
        return false;
    start_over(sieve);
    return true;
}
