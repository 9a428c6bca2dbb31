/* deck.c - the table of panes and what they share. */
#include "config.h"

#include "sockdeck/ui/deck.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/sentence.h"
#include "sockdeck/ui/panes.h"

/* What the details of an item quote of the message that belongs to it. */
enum { PAIR_BYTES = 256 };

const char *const time_mode_names[TIME_MODES] = { "clock", "start", "previous" };

#define PANE(name) \
    .collect = name##_collect, .draw = name##_draw, .status = name##_status, \
    .move = name##_move, .click = name##_click, .open = name##_open, \
    .clear = name##_clear, .selected = name##_selected

const struct pane panes[UI_PANES] = {
    [UI_CONNECTIONS] = {
        .title = "Connections", .place = PLACE_CONNECTIONS, PANE(connections),
        .seek = connections_seek, .deadline = connections_deadline,
    },
    [UI_WORKERS] = {
        .title = "Workers", .place = PLACE_WORKERS, PANE(workers), .seek = workers_seek,
        .listener = workers_listener, .deadline = workers_deadline,
    },
    [UI_MESSAGES] = {
        .title = "Messages", .place = PLACE_MESSAGES, PANE(messages), .fold = messages_fold,
        .journal = messages_journal,
    },
    [UI_EVENTS] = {
        .title = "Events", .place = PLACE_EVENTS, PANE(events), .fold = events_fold,
        .journal = events_journal, .listener = events_listener,
    },
    [UI_CALLS] = {
        .title = "Calls", .place = PLACE_CALLS, PANE(calls), .fold = calls_fold,
        .journal = calls_journal,
    },
};

void
deck_init(struct deck *deck, struct model *model, struct canvas *canvas, int64_t now_ns)
{
    memset(deck, 0, sizeof(*deck));
    deck->model = model;
    deck->canvas = canvas;
    deck->start_ns = now_ns;
    deck->id_cells = DECK_ID_CELLS;
    connections_view_init(&deck->connections);
    workers_view_init(&deck->workers);
    journal_view_init(&deck->messages, JOURNAL_MESSAGES, PANE_MESSAGES);
    journal_view_init(&deck->events, JOURNAL_EVENTS, PANE_EVENTS);
    deck->events.sieve.repeats = events_repeat;
    deck->events.sieve.folds_bursts = true;
    journal_view_init(&deck->calls.journal, JOURNAL_CALLS, PANE_CALLS);
}

void
deck_fini(struct deck *deck)
{
    connections_view_fini(&deck->connections);
    workers_view_fini(&deck->workers);
    journal_view_fini(&deck->messages);
    journal_view_fini(&deck->events);
    journal_view_fini(&deck->calls.journal);
    buffer_fini(&deck->calls.in_progress);
}

bool
deck_has_work(struct deck *deck)
{
    for (int i = 0; i < UI_PANES; i++)
        if (panes[i].journal != NULL && journal_view_has_work(panes[i].journal(deck)))
            return true;
    return false;
}

void
deck_work(struct deck *deck)
{
    for (int i = 0; i < UI_PANES; i++)
        if (panes[i].journal != NULL)
            journal_view_work(panes[i].journal(deck), deck);
}

void
deck_filter(struct deck *deck, const struct filter *filter)
{
    deck->filter = *filter;
    for (int i = 0; i < UI_PANES; i++)
        if (panes[i].journal != NULL)
            journal_view_filter(panes[i].journal(deck), filter);
}

const struct needle *
deck_marks(const struct deck *deck)
{
    return deck->marks_found && deck->found.size > 0 ? &deck->found : NULL;
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

/* Ids are given without gaps, so that the totals tell the highest; but for those of
 * connections that ended before their first report. */
static int
cells_of_ids(const struct totals *totals, uint32_t seen)
{
    uint64_t given = totals->accepted + totals->dialled;
    int cells = snprintf(NULL, 0, "#%" PRIu64, given > seen ? given : seen);

    return cells > DECK_ID_CELLS ? cells : DECK_ID_CELLS;
}

void
deck_collect_header(struct deck *deck, int64_t now_ns)
{
    struct header *header = &deck->header;

    model_lock(deck->model);
    header->totals = *model_totals(deck->model);
    deck->id_cells = cells_of_ids(&header->totals, deck->connections.last_id);
    copy_listeners(header, deck->model);
    deck->now_ns = now_ns;
    deck->lens_is_on = model_lens_is_on(deck->model);
    deck->is_empty = model_journal_end(deck->model, JOURNAL_EVENTS) == 0 &&
                     model_journal_end(deck->model, JOURNAL_MESSAGES) == 0;
    model_unlock(deck->model);
    rates_update(&header->rates, &header->totals, now_ns);
}

/* Which journal a pane shows, and how it looks at it. */
static struct journal_view *
view_of(struct deck *deck, enum ui_pane pane, enum journal *journal)
{
    switch (pane) {
    case UI_MESSAGES:
        *journal = JOURNAL_MESSAGES;
        return &deck->messages;
    case UI_EVENTS:
        *journal = JOURNAL_EVENTS;
        return &deck->events;
    case UI_CALLS:
        *journal = JOURNAL_CALLS;
        return &deck->calls.journal;
    default:
        return NULL;
    }
}

void
deck_choose_pair(struct deck *deck, enum ui_pane pane)
{
    enum journal journal;
    const struct journal_view *view = view_of(deck, pane, &journal);
    const struct event *event;

    deck->pair.is_chosen = false;
    if (view == NULL)
        return;
    model_lock(deck->model);
    event = model_journal_at(deck->model, journal,
                             journal_view_choice(view, model_journal_end(deck->model, journal)));
    if (event != NULL) {
        deck->pair.is_chosen = true;
        deck->pair.journal = journal;
        deck->pair.key = call_key_of(event);
    }
    model_unlock(deck->model);
}

void
deck_describe_record(const struct deck *deck, struct buffer *out, const char *label,
                     const struct event *event, const struct block *block)
{
    char time[32], subject[16];

    deck_format_time(deck, time, event->stamp_ns, block->wall_ns, block->previous_ns, false);
    sentence_subject(subject, event);
    buffer_printf(out, "  %-9s %s\n", label, time);
    if (*subject != '\0')
        buffer_printf(out, "  subject   %s\n", subject);
    if (event->pid != 0)
        buffer_printf(out, "  process   %d\n", event->pid);
    if (event->tid != 0 && event->tid != event->pid)
        buffer_printf(out, "  thread    %d\n", event->tid);
}

void
deck_describe_pairs(struct deck *deck, struct buffer *out, struct call_key key,
                    enum journal of)
{
    static const char *const labels[JOURNALS] = {
        [JOURNAL_EVENTS] = "event", [JOURNAL_MESSAGES] = "message", [JOURNAL_CALLS] = "call",
    };
    uint64_t number;

    model_lock(deck->model);
    for (int journal = 0; journal < JOURNALS; journal++) {
        if (journal == (int)of ||
            !model_find_pair(deck->model, (enum journal)journal, key, &number))
            continue;
        buffer_printf(out, "  %-9s ", labels[journal]);
        sentence_write(out, model_journal_at(deck->model, (enum journal)journal, number),
                       PAIR_BYTES, deck->model);
        buffer_add(out, "\n", 1);
    }
    model_unlock(deck->model);
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
