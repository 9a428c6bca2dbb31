/* vterm_cells.c - see vterm_cells.h. */
#include "config.h"

#include "vterm_cells.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/text.h"

static void
must(int rc)
{
    if (rc != 0)
        abort();
}

static void
add_code(struct buffer *out, uint32_t code)
{
    char text[4];

    must(buffer_add(out, text, (size_t)text_encode(text, code)));
}

static void
add_attributes(struct buffer *out, const VTermScreenCell *cell)
{
    must(buffer_add_text(out, "{}"));
    if (cell->attrs.bold)
        must(buffer_add_text(out, "{b}"));
    if (cell->attrs.underline)
        must(buffer_add_text(out, "{u}"));
    if (cell->attrs.reverse)
        must(buffer_add_text(out, "{r}"));
    if (VTERM_COLOR_IS_INDEXED(&cell->fg))
        must(buffer_printf(out, "{f:%d}", cell->fg.indexed.idx));
    if (VTERM_COLOR_IS_INDEXED(&cell->bg))
        must(buffer_printf(out, "{k:%d}", cell->bg.indexed.idx));
}

static bool
is_like(const VTermScreenCell *a, const VTermScreenCell *b)
{
    return a->attrs.bold == b->attrs.bold && a->attrs.underline == b->attrs.underline &&
           a->attrs.reverse == b->attrs.reverse && vterm_color_is_equal(&a->fg, &b->fg) &&
           vterm_color_is_equal(&a->bg, &b->bg);
}

static void
trim(struct buffer *out, size_t size)
{
    while (buffer_size(out) > size && buffer_data(out)[buffer_size(out) - 1] == ' ')
        out->end--;
}

void
cells_add_row(struct buffer *out, VTermScreen *screen, int row, int cols, bool with_attributes)
{
    size_t size = buffer_size(out);
    VTermScreenCell cell, before;

    memset(&before, 0, sizeof(before));
    for (int col = 0; col < cols; col += cell.width > 1 ? cell.width : 1) {
        vterm_screen_get_cell(screen, (VTermPos) { row, col }, &cell);
        if (with_attributes && (col == 0 || !is_like(&cell, &before)))
            add_attributes(out, &cell);
        before = cell;
        if (cell.chars[0] == 0)
            must(buffer_add_text(out, " "));
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++)
            add_code(out, cell.chars[i]);
    }
    trim(out, size);
}
