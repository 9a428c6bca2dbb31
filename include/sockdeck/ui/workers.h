/* workers.h - the view of Workers: a line for each listener (what it starts: threads,
 * processes, standing workers), and under it one for each of its standing workers, with
 * what /proc says of those that are in sight. */
#ifndef SOCKDECK_UI_WORKERS_H
#define SOCKDECK_UI_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/model/model.h"
#include "sockdeck/serve/usage.h"

struct deck;
struct needle;

enum { WORKERS_VIEW_ROWS = 128, WORKERS_ENDED_KEPT = 8 };

/* A row by its ids; worker 0: the listener's own. */
struct worker_key { uint16_t listener, worker; };

struct worker_row {
    struct worker_key key;
    struct listener listener;
    struct worker worker;
    uint64_t most;              /* that a worker of this listener has accepted */
    struct usage usage;
    bool has_usage;
};

struct workers_view {
    struct worker_key *keys;    /* of all rows, in order */
    size_t count, capacity;
    size_t top;
    struct worker_key selected;
    int headings;
    struct worker_row rows[WORKERS_VIEW_ROWS];  /* what is shown, copied */
    int row_count;
    size_t live;                /* standing workers that live, of all */
    bool hides_ended;           /* since `clear` */
    int64_t sampled_ns;         /* when /proc was read, 0: never */
    int64_t sample_ns;          /* when it is to be read again, CLOCK_NEVER */
    uint64_t sampled_revision;  /* of the model, then */
};

void workers_view_init(struct workers_view *view);
void workers_view_fini(struct workers_view *view);

/* workers_draw.c: whether a row has the text in what is said of it in words. */
bool workers_has_text(const struct deck *deck, const struct worker_row *row,
                      const struct needle *needle);

#endif
