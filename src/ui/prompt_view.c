/* prompt_view.c - the prompt's row. */
#include "config.h"

#include "sockdeck/ui/prompt_view.h"

#include <string.h>

#include "sockdeck/base/text.h"
#include "sockdeck/ui/prompt.h"

/* Cells of the bytes, as the canvas draws them. */
static size_t
cells_of(const struct canvas *canvas, const char *text, size_t n)
{
    size_t cells = 0;
    struct glyph glyph;

    while (n > 0) {
        size_t used = text_next_glyph(text, n, canvas->text_flags, &glyph);

        cells += glyph.cells;
        text += used;
        n -= used;
    }
    return cells;
}

/* Scrolls so that the cursor is in sight, with a little room on either side. */
static void
scroll(struct prompt_view *view, size_t cursor, size_t room)
{
    size_t margin = room > 24 ? 8 : 1;

    if (cursor < view->left + margin)
        view->left = cursor > margin ? cursor - margin : 0;
    if (cursor + margin + 1 > view->left + room)
        view->left = cursor + margin + 1 - room;
    if (cursor + 1 < room - margin)
        view->left = 0;
}

/* Where the line goes on beyond an edge. */
static void
draw_cuts(struct pen *pen, bool is_left, bool is_right)
{
    const struct symbols *symbols = pen->canvas->symbols;

    pen_move(pen, 0, 0);
    if (is_left)
        pen_text(pen, ROLE_FOLD, symbols->cut_left);
    pen_move(pen, 0, pen->area.cols - 1);
    if (is_right)
        pen_text(pen, ROLE_FOLD, symbols->cut_right);
}

int
prompt_view_draw(struct prompt_view *view, const struct prompt *prompt, struct canvas *canvas,
                 struct area area)
{
    const char *line = prompt_line(prompt);
    size_t cursor = cells_of(canvas, line, prompt_point(prompt)), room, used;
    struct pen pen = pen_on(canvas, area);
    int start;

    pen_text(&pen, ROLE_PROMPT, prompt_label(prompt));
    start = pen.col < area.cols - 8 ? pen.col : area.cols - 8;
    room = (size_t)(area.cols - start);
    scroll(view, cursor, room);
    pen = pen_on(canvas, (struct area) { area.row, area.col + start, 1, (int)room });
    pen_move(&pen, 0, -(int)view->left);
    pen.marks_escapes = true;
    used = pen_bytes(&pen, ROLE_INPUT, line, strlen(line));
    draw_cuts(&pen, view->left > 0, used < strlen(line));
    return area.col + start + (int)(cursor - view->left);
}
