/* panes.h - the functions of each pane, for the table of panes in deck.c. */
#ifndef SOCKDECK_UI_PANES_H
#define SOCKDECK_UI_PANES_H

#include "sockdeck/ui/deck.h"

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
