/* panes.h - the table of panes, and the functions of each that stand in it (deck.c). */
#ifndef SOCKDECK_UI_PANES_H
#define SOCKDECK_UI_PANES_H

#include "sockdeck/ui/deck.h"

/* What opening an item gives: a command to run, or a text to look at. */
struct opened {
    char command[64];           /* "" for none */
    char title[64];
    struct buffer text;         /* owned by the caller */
};

struct pane {
    const char *title;
    enum place place;
    void (*collect)(struct deck *deck, struct area body);
    void (*draw)(struct deck *deck, struct pen *pen, bool has_focus);
    /* The right part of the title. */
    void (*status)(const struct deck *deck, char *buf, size_t size);
    void (*move)(struct deck *deck, enum move move, int rows);
    void (*click)(struct deck *deck, int row);          /* a row of the body */
    void (*open)(struct deck *deck, struct opened *opened);
    void (*fold)(struct deck *deck);                    /* NULL: nothing folds */
    void (*clear)(struct deck *deck);                   /* what has been shown so far goes */
    /* Its view, for what is done to all journals alike. NULL: it shows none. */
    struct journal_view *(*journal)(struct deck *deck);
    uint32_t (*selected)(const struct deck *deck);      /* its connection, 0: none */
    /* The listener of what is selected, 0: none. NULL: that of its connection. */
    uint32_t (*listener)(const struct deck *deck);
    /* Selects the next row that has the text, in the direction of step, round the end.
     * NULL: its journal does it, a few records at a time. */
    enum find_state (*seek)(struct deck *deck, const struct needle *needle, int step);
    /* When what it shows changes by itself. NULL: never. */
    int64_t (*deadline)(const struct deck *deck);
};

extern const struct pane panes[UI_PANES];       /* by enum ui_pane */

#define PANE_FUNCTIONS(name) \
    void name##_collect(struct deck *deck, struct area body); \
    void name##_draw(struct deck *deck, struct pen *pen, bool has_focus); \
    void name##_status(const struct deck *deck, char *buf, size_t size); \
    void name##_move(struct deck *deck, enum move move, int rows); \
    void name##_click(struct deck *deck, int row); \
    void name##_open(struct deck *deck, struct opened *opened); \
    void name##_fold(struct deck *deck); \
    void name##_clear(struct deck *deck); \
    uint32_t name##_selected(const struct deck *deck);

PANE_FUNCTIONS(connections)
PANE_FUNCTIONS(workers)
PANE_FUNCTIONS(messages)
PANE_FUNCTIONS(events)
PANE_FUNCTIONS(calls)

enum find_state connections_seek(struct deck *deck, const struct needle *needle, int step);
enum find_state workers_seek(struct deck *deck, const struct needle *needle, int step);

uint32_t workers_listener(const struct deck *deck);
uint32_t events_listener(const struct deck *deck);

int64_t connections_deadline(const struct deck *deck);
int64_t workers_deadline(const struct deck *deck);

struct journal_view *messages_journal(struct deck *deck);
struct journal_view *events_journal(struct deck *deck);
struct journal_view *calls_journal(struct deck *deck);

/* Whether an event says the same as the one before it. */
bool events_repeat(const struct event *event, const struct event *before);

#endif
