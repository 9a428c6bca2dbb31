/* events.c - the pane Events: what happened, a sentence each. */
#include "config.h"

#include "sockdeck/ui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/cmd/explain.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/sentence.h"
#include "sockdeck/model/table.h"

/* What a sentence quotes of a peer's bytes; SHORT_COLS: a pane with short times. */
enum { SHOWN_BYTES = 256, SHORT_COLS = 76 };

static bool
is_same_data(const struct event *a, const struct event *b)
{
    return a->data_size == b->data_size && memcmp(a->data, b->data, a->data_size) == 0;
}

/* By what a person would call the same: measured times and counts may differ. */
bool
events_repeat(const struct event *event, const struct event *before)
{
    if (event->type != before->type || event->conn != before->conn ||
        event->listener != before->listener || event->worker != before->worker)
        return false;
    switch ((enum event_type)event->type) {
    case EVENT_ERROR:
        return event->u.error.code == before->u.error.code &&
               event->u.error.call == before->u.error.call &&
               event->u.error.severity == before->u.error.severity && is_same_data(event, before);
    case EVENT_TIMEOUT:
        return event->u.timeout.kind == before->u.timeout.kind &&
               event->u.timeout.limit_ns == before->u.timeout.limit_ns;
    case EVENT_PING:
        return event->u.ping.rtt_ns < 0 && before->u.ping.rtt_ns < 0;
    case EVENT_QUEUE:
        return event->u.queue.state == before->u.queue.state;
    case EVENT_FAILED:
        return event->u.reply.status == before->u.reply.status && is_same_data(event, before);
    case EVENT_LOST:
        return false;           /* each count matters */
    default:
        return false;
    }
}

static void
copy_sentence(struct buffer *store, const struct event *event, const struct model *model,
              enum look look)
{
    (void)look;
    if (sentence_write(store, event, SHOWN_BYTES, model) != 0)
        abort();
}

static enum look
event_look(const struct deck *deck)
{
    (void)deck;
    return LOOK_TEXT;
}

static int
event_gutter(const struct deck *deck, int cols)
{
    return (cols < SHORT_COLS ? 14 : 18) + deck->id_cells;
}

static enum role
event_role(const struct event *event)
{
    static const enum role roles[] = {
        [SEVERITY_DEBUG] = ROLE_DIM,
        [SEVERITY_INFO] = ROLE_TEXT,
        [SEVERITY_NOTICE] = ROLE_NOTICE,
        [SEVERITY_WARNING] = ROLE_WARNING,
        [SEVERITY_ERROR] = ROLE_ERROR,
    };

    return roles[event_severity(event)];
}

static const char *
severity_sign(const struct event *event)
{
    switch (event_severity(event)) {
    case SEVERITY_ERROR: return "!! ";
    case SEVERITY_WARNING: return "!  ";
    default: return "   ";
    }
}

static void
draw_event_gutter(const struct deck *deck, const struct block *block, const struct event *event,
                  struct pen *pen)
{
    bool is_short = pen->area.cols < SHORT_COLS;
    char time[32], subject[16];

    deck_format_time(deck, time, event->stamp_ns, block->wall_ns, block->previous_ns, is_short);
    sentence_subject(subject, event);
    pen_field(pen, ROLE_TIME, time, is_short ? 8 : 12, true);
    pen_text(pen, ROLE_TEXT, " ");
    pen_text(pen, event_role(event), severity_sign(event));
    pen_field(pen, ROLE_ID, subject, deck->id_cells, false);
}

static bool
is_event_cut(const struct event *event, size_t body_size)
{
    (void)event;
    (void)body_size;
    return false;
}

static const struct journal_kind kind = {
    .journal = JOURNAL_EVENTS,
    .fold_text = 3,
    .fold_hex = 3,
    .by_words = true,
    .copy = copy_sentence,
    .look = event_look,
    .gutter = event_gutter,
    .draw_gutter = draw_event_gutter,
    .role = event_role,
    .is_cut = is_event_cut,
};

void
events_collect(struct deck *deck, struct area body)
{
    journal_view_collect(&deck->events, &kind, deck, body.rows);
}

void
events_draw(struct deck *deck, struct pen *pen, bool has_focus)
{
    journal_view_draw(&deck->events, &kind, deck, pen, has_focus);
}

void
events_status(const struct deck *deck, char *buf, size_t size)
{
    journal_view_status(&deck->events, deck, buf, size);
}

struct journal_view *
events_journal(struct deck *deck)
{
    return &deck->events;
}

void
events_move(struct deck *deck, enum move move, int rows)
{
    journal_view_move(&deck->events, move, rows);
}

void
events_click(struct deck *deck, int row)
{
    journal_view_click(&deck->events, row);
}

void
events_clear(struct deck *deck)
{
    journal_view_clear(&deck->events);
}

void
events_fold(struct deck *deck)
{
    journal_view_fold(&deck->events);
}

/* What it means; the sentence, its first row, is there already. */
static void
write_explanation(struct buffer *out, const struct event *event)
{
    struct table table;

    explain_fill_event(&table, event, "");
    if (table.row_count > 1)
        buffer_add_text(out, "\n");
    explain_write(out, &table, 1);
    table_fini(&table);
}

static void
write_details(struct buffer *out, struct deck *deck, const struct block *block)
{
    const struct event *event = journal_view_event(&deck->events, block);

    buffer_add(out, journal_view_body(&deck->events, block), block->body_size);
    buffer_add_text(out, "\n\n");
    deck_describe_record(deck, out, "time", event, block);
    deck_describe_pairs(deck, out, call_key_of(event), JOURNAL_EVENTS);
    write_explanation(out, event);
}

void
events_open(struct deck *deck, struct opened *opened)
{
    const struct block *block = journal_view_selected(&deck->events);
    const struct event *event;

    if (block == NULL)
        return;
    if (block->is_burst) {
        journal_view_fold(&deck->events);
        return;
    }
    event = journal_view_event(&deck->events, block);
    snprintf(opened->title, sizeof(opened->title), "Event: %s", event_infos[event->type].name);
    write_details(&opened->text, deck, block);
}

uint32_t
events_selected(const struct deck *deck)
{
    const struct block *block = journal_view_selected(&deck->events);

    return block != NULL ? journal_view_event(&deck->events, block)->conn : 0;
}

uint32_t
events_listener(const struct deck *deck)
{
    const struct block *block = journal_view_selected(&deck->events);

    return block != NULL ? journal_view_event(&deck->events, block)->listener : 0;
}
