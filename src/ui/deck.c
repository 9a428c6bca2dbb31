/* deck.c - the table of panes and what they share. */
#include "config.h"

#include "sockdeck/ui/deck.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/panes.h"

const char *const time_mode_names[TIME_MODES] = { "clock", "start", "previous" };

#define PANE(name) \
    .collect = name##_collect, .draw = name##_draw, .status = name##_status, \
    .move = name##_move, .click = name##_click, .open = name##_open, \
    .clear = name##_clear, .selected = name##_selected

const struct pane panes[UI_PANES] = {
    [UI_CONNECTIONS] = {
        .title = "Connections", .place = PLACE_CONNECTIONS, PANE(connections),
    },
    [UI_MESSAGES] = {
        .title = "Messages", .place = PLACE_MESSAGES, PANE(messages), .fold = messages_fold,
    },
    [UI_EVENTS] = {
        .title = "Events", .place = PLACE_EVENTS, PANE(events), .fold = events_fold,
    },
};

void
deck_init(struct deck *deck, struct model *model, struct canvas *canvas, int64_t now_ns)
{
    memset(deck, 0, sizeof(*deck));
    deck->model = model;
    deck->canvas = canvas;
    deck->start_ns = now_ns;
    connections_view_init(&deck->connections);
    journal_view_init(&deck->messages);
    journal_view_init(&deck->events);
}

void
deck_fini(struct deck *deck)
{
    connections_view_fini(&deck->connections);
    journal_view_fini(&deck->messages);
    journal_view_fini(&deck->events);
}

static void
copy_listeners(struct header *header, const struct model *model)
{
    const struct listener *row;

    header->count = header->total = 0;
    for (uint32_t id = 1; (row = model_next_listener(model, id)) != NULL; id = row->id + 1u) {
        if (row->stopped)
            continue;
        header->total++;
        if (header->count < HEADER_LISTENERS)
            header->listeners[header->count++] = *row;
    }
}

void
deck_collect_header(struct deck *deck, int64_t now_ns)
{
    struct header *header = &deck->header;

    model_lock(deck->model);
    header->totals = *model_totals(deck->model);
    copy_listeners(header, deck->model);
    deck->is_empty = model_journal_end(deck->model, JOURNAL_EVENTS) == 0 &&
                     model_journal_end(deck->model, JOURNAL_MESSAGES) == 0;
    model_unlock(deck->model);
    rates_update(&header->rates, &header->totals, now_ns);
}

static void
format_span(char buf[static 32], int64_t ns, bool is_short)
{
    double seconds = (double)ns / (double)NS_PER_S;
    int decimals = is_short ? 2 : 6;

    if (seconds >= 1000)
        decimals = is_short ? 0 : 3;
    snprintf(buf, 32, "+%.*f", decimals, seconds);
}

void
deck_format_time(const struct deck *deck, char buf[static 32], int64_t stamp_ns,
                 int64_t wall_ns, int64_t previous_ns, bool is_short)
{
    char clock[16];

    if (deck->time == TIME_START) {
        format_span(buf, stamp_ns > deck->start_ns ? stamp_ns - deck->start_ns : 0, is_short);
        return;
    }
    if (deck->time == TIME_PREVIOUS && previous_ns > 0) {
        format_span(buf, stamp_ns > previous_ns ? stamp_ns - previous_ns : 0, is_short);
        return;
    }
    clock_format_time(clock, wall_ns);
    snprintf(buf, 32, "%.*s", is_short ? 8 : 12, clock);
}
