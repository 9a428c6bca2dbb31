/* calls.c - the pane Calls: socket calls that have returned and, below them, those that
 * are in progress. */
#include "config.h"

#include "sockdeck/ui/panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/sentence.h"

enum { SHORT_COLS = 76 };

static void
copy_call(struct buffer *store, const struct event *event, const struct model *model,
          enum look look)
{
    (void)look;
    if (sentence_write(store, event, 0, model) != 0)
        abort();
}

static enum look
call_look(const struct deck *deck)
{
    (void)deck;
    return LOOK_TEXT;
}

static int
call_gutter(const struct deck *deck, int cols)
{
    return (cols < SHORT_COLS ? 11 : 15) + deck->id_cells;
}

static void
draw_call_gutter(const struct deck *deck, const struct block *block, const struct event *event,
                 struct pen *pen)
{
    bool is_short = pen->area.cols < SHORT_COLS;
    char time[32], subject[16];

    deck_format_time(deck, time, event->stamp_ns, block->wall_ns, block->previous_ns, is_short);
    sentence_subject(subject, event);
    pen_field(pen, ROLE_TIME, time, is_short ? 8 : 12, true);
    pen_text(pen, ROLE_TEXT, " ");
    pen_field(pen, ROLE_ID, subject, deck->id_cells, false);
}

static enum role
call_role(const struct event *event)
{
    return event->u.call.result < 0 ? ROLE_WARNING : ROLE_TEXT;
}

/* " = 4 <9.1 us>": what a call gave is more to the point than the last of its arguments. */
static size_t
call_tail(const char *body, size_t body_size)
{
    for (size_t n = 3; n <= body_size; n++)
        if (memcmp(body + body_size - n, " = ", 3) == 0)
            return n;
    return 0;
}

static bool
is_call_cut(const struct event *event, size_t body_size)
{
    (void)event;
    (void)body_size;
    return false;
}

static const struct journal_kind kind = {
    .journal = JOURNAL_CALLS,
    .fold_text = 1,
    .fold_hex = 1,
    .copy = copy_call,
    .look = call_look,
    .gutter = call_gutter,
    .draw_gutter = draw_call_gutter,
    .role = call_role,
    .is_cut = is_call_cut,
    .tail = call_tail,
};

/* At most half of the pane. */
static void
copy_in_progress(struct deck *deck, int rows)
{
    struct calls_view *view = &deck->calls;
    size_t room = rows > 1 ? (size_t)rows / 2 : 0;

    if (room > CALLS_IN_PROGRESS)
        room = CALLS_IN_PROGRESS;
    model_lock(deck->model);
    view->count = model_calls_in_progress(deck->model);
    view->shown = view->count < room ? view->count : room;
    buffer_clear(&view->in_progress);
    for (size_t i = 0; i < view->shown; i++)
        if (buffer_add(&view->in_progress, model_call_in_progress(deck->model, i),
                       sizeof(struct event)) != 0)
            abort();
    model_unlock(deck->model);
}

void
calls_collect(struct deck *deck, struct area body)
{
    if (!deck->is_frozen)
        copy_in_progress(deck, body.rows);
    journal_view_collect(&deck->calls.journal, &kind, deck, body.rows - (int)deck->calls.shown);
}

static void
draw_in_progress(const struct deck *deck, const struct event *event, struct pen *pen)
{
    struct buffer words = { 0 };
    int64_t ns = deck->now_ns - event->stamp_ns;
    int gutter = call_gutter(deck, pen->area.cols);
    struct lines lines = { .width = pen->area.cols - gutter, .limit = 1,
                           .text_flags = deck->canvas->text_flags };
    char subject[16];
    struct line line;

    sentence_subject(subject, event);
    if (sentence_write(&words, event, 0, NULL) != 0)
        abort();
    lines.tail = buffer_size(&words);
    if (buffer_printf(&words, " <blocked %.1f s>", (double)(ns > 0 ? ns : 0) / 1e9) != 0)
        abort();
    lines.data = buffer_data(&words);
    lines.size = buffer_size(&words);
    lines.tail = lines.size - lines.tail;
    pen_repeat(pen, ROLE_TEXT, " ", gutter - deck->id_cells - 1);
    pen_field(pen, ROLE_ID, subject, deck->id_cells + 1, false);
    if (lines_next(&lines, &line))
        line_draw(&lines, &line, pen, ROLE_WAITING);
    buffer_fini(&words);
}

void
calls_draw(struct deck *deck, struct pen *pen, bool has_focus)
{
    const struct calls_view *view = &deck->calls;
    const struct event *list = (const void *)buffer_data(&view->in_progress);
    struct pen upper = *pen;

    upper.area.rows -= (int)view->shown;
    journal_view_draw(&deck->calls.journal, &kind, deck, &upper, has_focus);
    for (size_t i = 0; i < view->shown; i++) {
        pen_move(pen, upper.area.rows + (int)i, 0);
        draw_in_progress(deck, list + i, pen);
    }
}

void
calls_status(const struct deck *deck, char *buf, size_t size)
{
    char count[64], blocked[48] = "";

    if (deck->calls.count > 0)
        snprintf(blocked, sizeof(blocked), "%zu in progress", deck->calls.count);
    journal_view_status(&deck->calls.journal, deck, count, sizeof(count));
    snprintf(buf, size, "%s%s%s", blocked, *blocked != '\0' && *count != '\0' ? ", " : "", count);
}

struct journal_view *
calls_journal(struct deck *deck)
{
    return &deck->calls.journal;
}

void
calls_move(struct deck *deck, enum move move, int rows)
{
    journal_view_move(&deck->calls.journal, move, rows);
}

void
calls_click(struct deck *deck, int row)
{
    journal_view_click(&deck->calls.journal, row);
}

void
calls_clear(struct deck *deck)
{
    journal_view_clear(&deck->calls.journal);
}

void
calls_fold(struct deck *deck)
{
    journal_view_fold(&deck->calls.journal);
}

void
calls_open(struct deck *deck, struct opened *opened)
{
    const struct journal_view *view = &deck->calls.journal;
    const struct block *block = journal_view_selected(view);
    const struct event *event;

    if (block == NULL)
        return;
    event = journal_view_event(view, block);
    snprintf(opened->title, sizeof(opened->title), "Call: %s",
             event->u.call.call < CALL_COUNT ? event_call_names[event->u.call.call] : "?");
    buffer_add(&opened->text, journal_view_body(view, block), block->body_size);
    buffer_add_text(&opened->text, "\n\n");
    deck_describe_record(deck, &opened->text, "returned", event, block);
    deck_describe_pairs(deck, &opened->text, call_key_of(event), JOURNAL_CALLS);
}

uint32_t
calls_selected(const struct deck *deck)
{
    const struct block *block = journal_view_selected(&deck->calls.journal);

    return block != NULL ? journal_view_event(&deck->calls.journal, block)->conn : 0;
}
