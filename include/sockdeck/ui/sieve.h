/* sieve.h - the records of a journal that a pane shows, in order: all of them, or those
 * that pass a filter, with repeats and bursts folded into one.
 *
 * What is shown is a list of entries, found by place or by the number of their first
 * record. Looking at records takes the model's lock for at most half a millisecond at a
 * time and goes on, by record number, where it stopped; sieve_scan says when there is
 * more to do. A sieve that lets everything pass keeps no list. UI thread only. */
#ifndef SOCKDECK_UI_SIEVE_H
#define SOCKDECK_UI_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/model/filter.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/burst.h"

struct sieve_entry {
    uint64_t first, last;       /* records; they differ when several are folded */
    uint32_t count;             /* of those that are still there */
    struct burst *burst;        /* all that were folded, also those that have gone; NULL:
                                   repeats, or a single one */
};

enum { SIEVE_OPENED = 16 };

/* Records that are not to be folded. */
struct sieve_range { uint64_t first, end; };

struct sieve {
    enum journal journal;
    int pane;                   /* enum event_pane, whose records these are */
    struct filter filter;
    /* Whether a record says the same as the one before. NULL: nothing is folded. */
    bool (*repeats)(const struct event *event, const struct event *before);
    bool folds_bursts;
    struct burst run;           /* of the records that passed last */
    size_t run_entries;         /* theirs, while they are not folded */
    bool run_is_folded;
    struct sieve_range opened[SIEVE_OPENED];    /* the oldest is forgotten */
    uint32_t opened_next;
    uint64_t begin, end;        /* of the records that have been looked at */
    uint64_t seen;              /* the furthest end there was: what a frozen display shows */
    uint64_t hidden;            /* of those, the ones that do not pass */
    struct sieve_entry *entries;
    size_t start, count, capacity;      /* entries[start ...] */
    struct buffer before;       /* the record that passed last: what a repeat repeats */
    struct buffer scratch;
};

void sieve_init(struct sieve *sieve, enum journal journal, int pane);
void sieve_fini(struct sieve *sieve);

void sieve_set_filter(struct sieve *sieve, const struct filter *filter);
bool sieve_is_filtering(const struct sieve *sieve);     /* its filter concerns this journal */

/* Forgets what lies before floor or has left the journal, then looks at new records up
 * to limit. true: there is more to look at. */
bool sieve_scan(struct sieve *sieve, struct model *model, uint64_t floor, uint64_t limit);

/* Whether the record passes the filter. Under the model's lock. */
bool sieve_passes(struct sieve *sieve, const struct event *event, const struct model *model);

/* The entry that the record is folded in becomes single ones, and those one again: the
 * sieve looks at everything again. False: it is a single one, and was. */
bool sieve_toggle(struct sieve *sieve, uint64_t number);

size_t sieve_count(const struct sieve *sieve);
struct sieve_entry sieve_entry(const struct sieve *sieve, size_t place);
/* The place of the entry that holds the record, or of the last before it; 0 when there
 * is none. */
size_t sieve_place(const struct sieve *sieve, uint64_t number);

#endif
