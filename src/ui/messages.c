/* messages.c - the pane Messages: one block for each recv or send. */
#include "config.h"

#include "sockdeck/ui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/size.h"
#include "sockdeck/base/text.h"
#include "sockdeck/event/event.h"

/* What a pane shows of one message; opening it shows all that was kept. */
enum { SHOWN_BYTES = 4096, SHORT_COLS = 76 };

static void
copy_message(struct buffer *store, const struct event *event, const struct model *model,
             enum look look)
{
    const struct event_message *message = &event->u.message;
    uint32_t n = event->data_size < SHOWN_BYTES ? event->data_size : SHOWN_BYTES;
    size_t before = buffer_size(store);

    (void)model;
    if (look == LOOK_TEXT && buffer_add(store, message->carry, message->carried) != 0)
        abort();
    if (buffer_add(store, event->data, n) != 0)
        abort();
    if (look == LOOK_TEXT && message->hides_end && n == event->data_size &&
        buffer_size(store) - before >= message->held)
        store->end -= message->held;    /* the message that finishes the character shows it */
}

static enum look
message_look(const struct deck *deck)
{
    return deck->look;
}

static int
message_gutter(const struct deck *deck, int cols)
{
    return (cols < SHORT_COLS ? 21 : 25) + deck->id_cells;
}

static void
draw_message_gutter(const struct deck *deck, const struct block *block,
                    const struct event *event, struct pen *pen)
{
    const struct symbols *symbols = deck->canvas->symbols;
    bool is_short = pen->area.cols < SHORT_COLS, is_sent = event->type == EVENT_SENT;
    char time[32], id[16], size[32];

    deck_format_time(deck, time, event->stamp_ns, block->wall_ns, block->previous_ns, is_short);
    snprintf(id, sizeof(id), "#%u", event->conn);
    size_short(size, event->u.message.bytes);
    pen_field(pen, ROLE_TIME, time, is_short ? 8 : 12, true);
    pen_text(pen, ROLE_TEXT, " ");
    pen_field(pen, ROLE_ID, id, deck->id_cells, true);
    pen_text(pen, ROLE_TEXT, " ");
    pen_text(pen, ROLE_SENT, is_sent ? symbols->sent : " ");
    pen_text(pen, ROLE_RECEIVED, is_sent ? " " : symbols->received);
    pen_field(pen, ROLE_DIM, size, 6, true);
}

static bool
is_message_ladder(const struct deck *deck)
{
    return deck->is_ladder;
}

static bool
is_message_right(const struct event *event)
{
    return event->type == EVENT_RECEIVED;
}

static enum role
message_role(const struct event *event)
{
    return event->type == EVENT_SENT ? ROLE_SENT : ROLE_RECEIVED;
}

static bool
is_message_cut(const struct event *event, size_t body_size)
{
    (void)body_size;
    return event->data_size > SHOWN_BYTES || event->u.message.bytes > event->data_size;
}

static const struct journal_kind kind = {
    .journal = JOURNAL_MESSAGES,
    .fold_text = 1,
    .fold_hex = 4,
    .copy = copy_message,
    .look = message_look,
    .gutter = message_gutter,
    .is_ladder = is_message_ladder,
    .is_right = is_message_right,
    .draw_gutter = draw_message_gutter,
    .role = message_role,
    .is_cut = is_message_cut,
};

void
messages_collect(struct deck *deck, struct area body)
{
    journal_view_collect(&deck->messages, &kind, deck, body.rows);
}

/* What to try, until something happens. */
static void
draw_first_screen(const struct deck *deck, struct pen *pen)
{
    static const char *const commands[] = {
        "listen 10001 handler=echo", "connect 10001", "ping count=3",
    };
    static const char *const words[] = { "Tab completes", "help", "demo: a tour", "quit" };
    int row = 0;

    pen_move(pen, row++, 2);
    pen_text(pen, ROLE_TEXT, "Nothing is open yet. Try, one at a time:");
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        pen_move(pen, row++, 4);
        pen_text(pen, ROLE_NOTICE, commands[i]);
    }
    pen_move(pen, row, 2);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (i > 0)
            pen_printf(pen, ROLE_DIM, " %s ", deck->canvas->symbols->dot);
        pen_text(pen, ROLE_DIM, words[i]);
    }
}

void
messages_draw(struct deck *deck, struct pen *pen, bool has_focus)
{
    if (deck->is_empty)
        draw_first_screen(deck, pen);
    else
        journal_view_draw(&deck->messages, &kind, deck, pen, has_focus);
}

void
messages_status(const struct deck *deck, char *buf, size_t size)
{
    char count[64];

    journal_view_status(&deck->messages, deck, count, sizeof(count));
    snprintf(buf, size, "%s%s%s%s", look_names[deck->look],
             deck->is_ladder ? ", here | there" : "", *count != '\0' ? ", " : "", count);
}

struct journal_view *
messages_journal(struct deck *deck)
{
    return &deck->messages;
}

void
messages_move(struct deck *deck, enum move move, int rows)
{
    journal_view_move(&deck->messages, move, rows);
}

void
messages_click(struct deck *deck, int row)
{
    journal_view_click(&deck->messages, row);
}

void
messages_clear(struct deck *deck)
{
    journal_view_clear(&deck->messages);
}

void
messages_fold(struct deck *deck)
{
    journal_view_fold(&deck->messages);
}

/* The same as text, a line each, marked as the peer's: none of them passes for one of ours. */
static void
write_text(struct buffer *out, const struct symbols *symbols, const char *p, size_t size)
{
    buffer_add_text(out, size > 0 ? "\n" : "");
    while (size > 0) {
        const char *end = memchr(p, '\n', size);
        size_t n = end != NULL ? (size_t)(end - p) + 1 : size;

        buffer_printf(out, "%s ", symbols->continued);
        text_render(out, p, n, 0);
        buffer_add_text(out, "\n");
        p += n;
        size -= n;
    }
    buffer_add_text(out, "\n");
}

static void
write_ends(struct buffer *out, const struct model *model, const struct event *event)
{
    const struct connection *row = model_connection(model, event->conn);
    bool is_sent = event->type == EVENT_SENT;

    if (row != NULL)
        buffer_printf(out, "  from      %s\n  to        %s\n", is_sent ? row->local : row->peer,
                      is_sent ? row->peer : row->local);
}

static void
write_bytes(struct buffer *out, const struct symbols *symbols, const struct event *event)
{
    lines_dump(out, event->data, event->data_size);
    write_text(out, symbols, event->data, event->data_size);
    if (event->data_size < event->u.message.bytes)
        buffer_printf(out, "%llu more bytes were not kept.\n\n",
                      (unsigned long long)(event->u.message.bytes - event->data_size));
}

/* All that was kept of it, as a hex dump, and as text; when, where, and who called. */
void
messages_open(struct deck *deck, struct opened *opened)
{
    const struct block *block = journal_view_selected(&deck->messages);
    const struct event *event;

    if (block == NULL)
        return;
    model_lock(deck->model);
    event = model_journal_at(deck->model, JOURNAL_MESSAGES, deck->messages.selected);
    if (event != NULL) {
        snprintf(opened->title, sizeof(opened->title), "#%u %s %llu byte%s", event->conn,
                 event->type == EVENT_SENT ? "sent" : "received",
                 (unsigned long long)event->u.message.bytes,
                 event->u.message.bytes == 1 ? "" : "s");
        write_bytes(&opened->text, deck->canvas->symbols, event);
        deck_describe_record(deck, &opened->text, "time", event, block);
        write_ends(&opened->text, deck->model, event);
    }
    model_unlock(deck->model);
    deck_describe_pairs(deck, &opened->text,
                        call_key_of(journal_view_event(&deck->messages, block)),
                        JOURNAL_MESSAGES);
}

uint32_t
messages_selected(const struct deck *deck)
{
    const struct block *block = journal_view_selected(&deck->messages);

    return block != NULL ? journal_view_event(&deck->messages, block)->conn : 0;
}
