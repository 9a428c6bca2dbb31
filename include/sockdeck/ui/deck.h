/* deck.h - what the panes share: the model they show and how they show it.
 *
 * All state of the display is here and is passed down; panes know nothing of
 * curses, readline or commands. UI thread only; the model's lock is taken in
 * `collect` functions, for at most 1 ms each, and never while drawing. */
#ifndef SOCKDECK_UI_DECK_H
#define SOCKDECK_UI_DECK_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/canvas.h"
#include "sockdeck/ui/connections.h"
#include "sockdeck/ui/journal_view.h"
#include "sockdeck/ui/keymap.h"
#include "sockdeck/ui/layout.h"
#include "sockdeck/ui/lines.h"
#include "sockdeck/ui/move.h"
#include "sockdeck/ui/rates.h"
#include "sockdeck/ui/workers.h"

enum time_mode { TIME_CLOCK, TIME_START, TIME_PREVIOUS, TIME_MODES };

extern const char *const time_mode_names[TIME_MODES];   /* "clock" "start" "previous" */

/* The cells of "#3" in every column of ids: the fewest. */
enum { DECK_ID_CELLS = 5 };

enum { HEADER_LISTENERS = 6 };

/* What the header shows, copied. */
struct header {
    struct listener listeners[HEADER_LISTENERS];
    int count, total;           /* copied, and how many are open in all */
    struct totals totals;
    struct rates rates;
};

/* The pane Calls: what has returned, and under it what is in progress. */
enum { CALLS_IN_PROGRESS = 32 };

struct calls_view {
    struct journal_view journal;
    struct buffer in_progress;  /* heads of records, copied */
    size_t shown, count;        /* how many of them, and how many there are in all */
};

/* The record that is selected in the pane with the focus. In the other panes those that
 * tell of the same system call are marked, and brought into sight. */
struct pair {
    bool is_chosen;
    enum journal journal;       /* it is in this one */
    struct call_key key;
};

struct deck {
    struct model *model;
    struct canvas *canvas;
    int64_t start_ns;           /* for "since start" */
    enum look look;
    enum time_mode time;
    bool has_motion;            /* sparklines and running countdowns */
    bool is_ladder;             /* Messages in two columns: sent here, received there */
    bool is_frozen;             /* the display stands still; traffic goes on */
    bool is_empty;              /* nothing has happened yet: the first screen */
    struct filter filter;       /* that all journals are seen through */
    struct needle found;        /* what `find` looked for; size 0: nothing yet */
    bool marks_found;           /* it is marked wherever it stands */
    struct header header;
    struct connections_view connections;
    struct workers_view workers;
    struct journal_view messages, events;
    struct calls_view calls;
    bool lens_is_on;
    int id_cells;               /* of the longest "#12345" so far, DECK_ID_CELLS at least */
    int64_t now_ns;             /* of the frame */
    struct pair pair;
};

void deck_init(struct deck *deck, struct model *model, struct canvas *canvas, int64_t now_ns);
void deck_fini(struct deck *deck);

/* Whether something that takes long is not finished, such as what a frame had no time for;
 * deck_work goes on with it, for about a millisecond. */
bool deck_has_work(struct deck *deck);
void deck_work(struct deck *deck);
void deck_filter(struct deck *deck, const struct filter *filter);

/* What is to be marked in what is drawn, NULL: nothing. */
const struct needle *deck_marks(const struct deck *deck);

/* Copies what the header shows. */
void deck_collect_header(struct deck *deck, int64_t now_ns);
/* Chooses what is selected in that pane (UI_PANES: nothing) for pairs in this frame. */
void deck_choose_pair(struct deck *deck, enum ui_pane pane);
/* Adds lines that tell when a record was made (labelled so), of what, and by whom. */
void deck_describe_record(const struct deck *deck, struct buffer *out, const char *label,
                          const struct event *event, const struct block *block);
/* Adds a line for each record in another journal that tells of the same system call. */
void deck_describe_pairs(struct deck *deck, struct buffer *out, struct call_key key,
                         enum journal of);
void header_draw(const struct deck *deck, struct area area);
/* When what it shows changes by itself. */
int64_t header_deadline(const struct deck *deck);

/* A time as the time mode wants it, at most 12 cells (8 when short). previous_ns
 * is the stamp of the record before, 0 for none. */
void deck_format_time(const struct deck *deck, char buf[static 32], int64_t stamp_ns,
                      int64_t wall_ns, int64_t previous_ns, bool is_short);

#endif
