/* journal_view.h - a pane's view of one of the model's journals: records as blocks of
 * lines, a selection, following the newest or standing still.
 *
 * Its sieve says which records there are. collect copies those around the place that is
 * shown (under the model's lock); draw measures and draws the copies. A record is known
 * by its number, so what is shown does not move when others come or go. */
#ifndef SOCKDECK_UI_JOURNAL_VIEW_H
#define SOCKDECK_UI_JOURNAL_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/needle.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/canvas.h"
#include "sockdeck/ui/lines.h"
#include "sockdeck/ui/move.h"
#include "sockdeck/ui/sieve.h"

struct deck;

/* A record, copied. */
struct block {
    uint64_t number;            /* of the first of its repeats */
    int64_t wall_ns;
    int64_t previous_ns;        /* stamp of the one shown before, 0: none */
    size_t event_at, body_at, body_size;        /* places in the store */
    bool is_burst;              /* its event stands for many */
};

enum { JOURNAL_UNFOLDED = 16, JOURNAL_ROWS = 512 };

/* Looking for a text, a few records at a time. */
enum find_state { FIND_IDLE, FIND_RUNS, FIND_FOUND, FIND_WRAPPED, FIND_NOTHING };

struct find {
    enum find_state state;
    struct needle needle;
    int step;                   /* 1: to newer ones, -1: to older ones */
    uint64_t number;            /* of the record that was looked at last */
    size_t left;                /* entries still to be looked at */
    bool is_inside;             /* of a burst, whose records are looked at: next, last */
    uint64_t next, last;
    bool starts_here;           /* the newest, which nobody has chosen, is looked at too */
    bool has_wrapped;
};

struct journal_view {
    bool is_following;
    uint64_t top;               /* the first record shown, and its first line shown */
    int top_line;
    uint64_t selected;
    uint64_t paired;            /* number + 1 of the record that is marked, 0: none (deck.h) */
    uint64_t floor;             /* nothing before it is shown */
    struct sieve sieve;
    bool has_more;              /* the sieve has not looked at all records yet */
    struct find find;
    struct buffer store;
    struct block *blocks;
    size_t count, capacity;
    uint64_t unfolded[JOURNAL_UNFOLDED];        /* numbers + 1, the oldest is forgotten */
    uint32_t unfolded_next;
    uint64_t rows[JOURNAL_ROWS];                /* the record drawn in each row */
    int row_count;
};

/* How one pane shows its records. */
struct journal_kind {
    enum journal journal;
    int fold_text, fold_hex;    /* lines of a folded block */
    bool by_words;              /* the body is prose */
    /* Adds what the body shows in that look; under the lock. */
    void (*copy)(struct buffer *store, const struct event *event, const struct model *model,
                 enum look look);
    enum look (*look)(const struct deck *deck);
    int (*gutter)(const struct deck *deck, int cols);   /* cells before the body */
    bool (*is_ladder)(const struct deck *deck);         /* two columns of bodies; NULL: never */
    bool (*is_right)(const struct event *event);        /* its body is in the right one */
    void (*draw_gutter)(const struct deck *deck, const struct block *block,
                        const struct event *event, struct pen *pen);
    enum role (*role)(const struct event *event);
    bool (*is_cut)(const struct event *event, size_t body_size);
    /* Bytes at the end of a body that a fold leaves in sight. NULL: none. */
    size_t (*tail)(const char *body, size_t body_size);
};

void journal_view_init(struct journal_view *view, enum journal journal, int pane);
void journal_view_fini(struct journal_view *view);

void journal_view_collect(struct journal_view *view, const struct journal_kind *kind,
                     struct deck *deck, int rows);
void journal_view_draw(struct journal_view *view, const struct journal_kind *kind,
                  struct deck *deck, struct pen *pen, bool has_focus);

void journal_view_move(struct journal_view *view, enum move move, int rows);
void journal_view_click(struct journal_view *view, int row);
void journal_view_follow(struct journal_view *view);         /* the newest, and on */
void journal_view_clear(struct journal_view *view);          /* only what comes from now on */
/* The selected one: unfolded, or folded again; what is folded in it becomes single ones. */
void journal_view_fold(struct journal_view *view);

/* The number of the selected record, where the journal ends at end now. */
uint64_t journal_view_choice(const struct journal_view *view, uint64_t end);
/* Where it stands: at what is marked, else at what is selected. */
uint64_t journal_view_anchor(const struct journal_view *view);
bool journal_view_follows(const struct journal_view *view);

/* Whether sifting, or finding, is not finished: journal_view_work goes on with it. */
bool journal_view_has_work(const struct journal_view *view);
void journal_view_work(struct journal_view *view, struct deck *deck);

void journal_view_filter(struct journal_view *view, const struct filter *filter);

/* Starts to look for a text from what is selected on, round the end. journal_view_work
 * goes on with it; view->find.state tells the outcome. */
void journal_view_find(struct journal_view *view, const struct needle *needle, int step);

/* The copied record that is selected, NULL when there is none. */
const struct block *journal_view_selected(const struct journal_view *view);
const struct event *journal_view_event(const struct journal_view *view, const struct block *block);
const char *journal_view_body(const struct journal_view *view, const struct block *block);

/* "12 newer" when it stands still, else how many there are; and what is hidden. */
void journal_view_status(const struct journal_view *view, const struct deck *deck, char *buf,
                    size_t size);

#endif
