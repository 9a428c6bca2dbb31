/* journal_view_draw.c - measuring and drawing the blocks of a journal's view. */
#include "config.h"

#include "sockdeck/ui/journal_view.h"

#include "sockdeck/ui/deck.h"

static bool
is_unfolded(const struct journal_view *view, uint64_t number)
{
    for (int i = 0; i < JOURNAL_UNFOLDED; i++)
        if (view->unfolded[i] == number + 1)
            return true;
    return false;
}

static bool
is_ladder(const struct journal_kind *kind, const struct deck *deck)
{
    return kind->is_ladder != NULL && kind->is_ladder(deck);
}

/* Cells of a body; in a ladder, of either column beside the wall. */
static int
body_width(const struct journal_kind *kind, const struct deck *deck, int cols)
{
    int width = cols - kind->gutter(deck, cols);

    return is_ladder(kind, deck) ? (width - 3) / 2 : width;
}

static struct lines
lines_of(const struct journal_view *view, const struct journal_kind *kind,
         const struct deck *deck, const struct block *block, int width)
{
    struct lines lines = {
        .data = journal_view_body(view, block), .size = block->body_size,
        .look = kind->look(deck), .width = width, .by_words = kind->by_words,
        .is_cut = kind->is_cut(journal_view_event(view, block), block->body_size),
        .text_flags = deck->canvas->text_flags,
    };

    if (kind->tail != NULL)
        lines.tail = kind->tail(lines.data, lines.size);
    if (!is_unfolded(view, block->number))
        lines.limit = lines.look == LOOK_TEXT ? kind->fold_text : kind->fold_hex;
    return lines;
}

static int
height_of(const struct journal_view *view, const struct journal_kind *kind,
          const struct deck *deck, size_t index, int width)
{
    struct lines lines = lines_of(view, kind, deck, &view->blocks[index], width);

    return lines_count(&lines);
}

static size_t
index_of(const struct journal_view *view, uint64_t number)
{
    size_t i = 0;

    while (i + 1 < view->count && view->blocks[i].number < number)
        i++;
    return i;
}

/* Puts the top so that the last line of block index is in the last of rows. */
static void
end_at(struct journal_view *view, const struct journal_kind *kind, const struct deck *deck,
       size_t index, int rows, int width)
{
    int height = height_of(view, kind, deck, index, width);

    while (height < rows && index > 0)
        height += height_of(view, kind, deck, --index, width);
    view->top = view->blocks[index].number;
    view->top_line = height > rows ? height - rows : 0;
}

/* True when the end of block index lies below the last row. */
static bool
ends_below(const struct journal_view *view, const struct journal_kind *kind,
           const struct deck *deck, size_t index, int rows, int width)
{
    int height = -view->top_line;

    for (size_t i = index_of(view, view->top); i <= index; i++) {
        height += height_of(view, kind, deck, i, width);
        if (height > rows)
            return true;
    }
    return false;
}

/* Chooses the top so that what is selected is in sight. */
static void
settle_top(struct journal_view *view, const struct journal_kind *kind,
           const struct deck *deck, int rows, int width)
{
    uint64_t at = journal_view_anchor(view);
    size_t selected = index_of(view, at);

    if (journal_view_follows(view)) {
        end_at(view, kind, deck, view->count - 1, rows, width);
    } else if (at < view->top) {
        view->top = at;
        view->top_line = 0;
    } else if (ends_below(view, kind, deck, selected, rows, width)) {
        end_at(view, kind, deck, selected, rows, width);
    }
    if (view->top == at && !journal_view_follows(view))
        view->top_line = 0;     /* a block that is taller than the pane: from its start */
}

static void
draw_head(const struct journal_kind *kind, const struct deck *deck, const struct block *block,
          const struct event *event, struct pen *pen)
{
    pen_text(pen, ROLE_TITLE_FOCUS, pen->selected ? deck->canvas->symbols->marker : " ");
    kind->draw_gutter(deck, block, event, pen);
}

/* A line that goes on says so, so that a peer's newline forges no other line. */
static void
draw_continuation(const struct deck *deck, struct pen *pen, int gutter)
{
    pen_repeat(pen, ROLE_DIM, " ", gutter - 2);
    pen_text(pen, ROLE_DIM, deck->canvas->symbols->continued);
}

/* Blanks up to the wall of a ladder, the wall, and one behind it. */
static void
draw_wall(const struct deck *deck, struct pen *pen, int col)
{
    pen_repeat(pen, ROLE_TEXT, " ", col - pen->col);
    pen_text(pen, ROLE_BORDER, deck->canvas->symbols->wall);
    pen_text(pen, ROLE_TEXT, " ");
}

/* The body's part of a row, with what `find` found marked. */
static void
draw_body(const struct journal_kind *kind, const struct deck *deck, const struct lines *lines,
          const struct line *line, const struct event *event, struct pen *pen)
{
    int wall = kind->gutter(deck, pen->area.cols) + lines->width + 1;
    bool is_beside = is_ladder(kind, deck);

    if (is_beside && kind->is_right(event))
        draw_wall(deck, pen, wall);
    pen->marks_escapes = true;
    pen->marks = deck_marks(deck);
    line_draw(lines, line, pen, kind->role(event));
    pen->marks_escapes = false;
    pen->marks = NULL;
    if (is_beside && !kind->is_right(event))
        draw_wall(deck, pen, wall);
}

/* Draws the lines of a block from skip on; returns the row behind it. */
static int
draw_block(struct journal_view *view, const struct journal_kind *kind, struct deck *deck,
           const struct block *block, struct pen *pen, int row, int skip, bool has_focus)
{
    const struct event *event = journal_view_event(view, block);
    int gutter = kind->gutter(deck, pen->area.cols);
    struct lines lines = lines_of(view, kind, deck, block,
                                  body_width(kind, deck, pen->area.cols));
    bool is_first = true;
    struct line line;

    pen->selected = (has_focus && block->number == view->selected) ||
                    block->number + 1 == view->paired;
    for (; row < pen->area.rows && lines_next(&lines, &line); is_first = false) {
        if (skip-- > 0)
            continue;
        pen_move(pen, row, 0);
        if (is_first)
            draw_head(kind, deck, block, event, pen);
        else
            draw_continuation(deck, pen, gutter);
        pen_repeat(pen, ROLE_DIM, " ", gutter - pen->col);
        draw_body(kind, deck, &lines, &line, event, pen);
        if (pen->selected)
            pen_rest(pen, ROLE_TEXT);
        if (row < JOURNAL_ROWS)
            view->rows[row] = block->number;
        row++;
    }
    pen->selected = false;
    return row;
}

void
journal_view_draw(struct journal_view *view, const struct journal_kind *kind, struct deck *deck,
             struct pen *pen, bool has_focus)
{
    int rows = pen->area.rows, width = body_width(kind, deck, pen->area.cols);
    int row = 0, skip;

    view->row_count = 0;
    if (view->count == 0 || rows <= 0 || width <= 0)
        return;
    settle_top(view, kind, deck, rows, width);
    skip = view->top_line;
    for (size_t i = index_of(view, view->top); i < view->count && row < rows; i++) {
        row = draw_block(view, kind, deck, &view->blocks[i], pen, row, skip, has_focus);
        skip = 0;
    }
    view->row_count = row < JOURNAL_ROWS ? row : JOURNAL_ROWS;
}
