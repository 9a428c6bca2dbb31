/* overlay.c - the drawer above the prompt. */
#include "config.h"

#include "sockdeck/ui/overlay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/model/table.h"

static void
measure(struct overlay *overlay)
{
    const char *p = buffer_data(&overlay->text), *end = p + buffer_size(&overlay->text);

    overlay->lines = 0;
    overlay->widest = 0;
    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        int length = (int)((newline != NULL ? newline : end) - p);

        overlay->lines++;
        overlay->widest = length > overlay->widest ? length : overlay->widest;
        p += length + 1;
    }
}

void
overlay_set_title(struct overlay *overlay, const char *title)
{
    snprintf(overlay->title, sizeof(overlay->title), "%s", title);
}

static void
open_as(struct overlay *overlay, const char *title)
{
    overlay->is_open = true;
    overlay->heading = 0;
    overlay->top = overlay->left = 0;
    overlay->chosen = overlay->found = -1;
    overlay->explained = NULL;
    overlay->live = (struct table_subject) { 0 };
    overlay_set_title(overlay, title);
    buffer_clear(&overlay->text);
}

static void
add(struct overlay *overlay, const char *text)
{
    if (buffer_add_text(&overlay->text, text) != 0)
        abort();
}

void
overlay_open_text(struct overlay *overlay, const char *title, const char *text)
{
    open_as(overlay, title);
    add(overlay, text);
    measure(overlay);
}

void
overlay_open_menu(struct overlay *overlay, const char *title, const char *text, int chosen)
{
    overlay_open_text(overlay, title, text);
    overlay->chosen = chosen;
}

static int
cells(const char *text)
{
    static const struct canvas plain = { .symbols = &symbols_ascii };

    return canvas_cells(&plain, text);
}

static int
column_width(const struct table *table, size_t column)
{
    int width = cells(table->columns[column].title);
    char buf[64];

    for (size_t row = 0; row < table->row_count; row++) {
        int n = cells(table_cell_text(table_cell(table, row, column), buf));

        width = n > width ? n : width;
    }
    return width;
}

static void
add_padded(struct overlay *overlay, const char *text, int width, bool right, bool is_last)
{
    int blanks = width - cells(text);

    for (int i = 0; right && i < blanks; i++)
        add(overlay, " ");
    add(overlay, text);
    for (int i = 0; !right && !is_last && i < blanks; i++)
        add(overlay, " ");
    add(overlay, is_last ? "\n" : "  ");
}

static void
write_title(char *buf, size_t size, const struct table *table)
{
    const struct table_subject *subject = &table->subject;

    if (subject->conn != 0)
        snprintf(buf, size, "%s #%u", table->name, (unsigned)subject->conn);
    else if (subject->worker != 0)
        snprintf(buf, size, "%s W%u", table->name, (unsigned)subject->worker);
    else if (subject->listener != 0)
        snprintf(buf, size, "%s L%u", table->name, (unsigned)subject->listener);
    else
        snprintf(buf, size, "%s", table->name);
}

static void
write_table(struct overlay *overlay, const struct table *table)
{
    int *widths = calloc(table->column_count + 1, sizeof(*widths));
    char buf[64];

    if (widths == NULL)
        abort();
    buffer_clear(&overlay->text);
    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = column_width(table, i);
        add_padded(overlay, table->columns[i].title, widths[i], table->columns[i].right,
                   i + 1 == table->column_count);
    }
    for (size_t row = 0; row < table->row_count; row++)
        for (size_t i = 0; i < table->column_count; i++)
            add_padded(overlay, table_cell_text(table_cell(table, row, i), buf), widths[i],
                       table->columns[i].right, i + 1 == table->column_count);
    if (table->row_count == 0)
        add(overlay, "(none)\n");
    free(widths);
    measure(overlay);
}

void
overlay_open_table(struct overlay *overlay, const struct table *table)
{
    char title[64];

    write_title(title, sizeof(title), table);
    open_as(overlay, title);
    overlay->heading = 1;
    overlay->live = table->subject;
    write_table(overlay, table);
}

bool
overlay_update_table(struct overlay *overlay, const struct table *table)
{
    struct buffer before = overlay->text;
    bool differs;

    overlay->text = (struct buffer) { 0 };
    write_table(overlay, table);
    differs = buffer_size(&before) != buffer_size(&overlay->text) ||
              memcmp(buffer_data(&before), buffer_data(&overlay->text),
                     buffer_size(&before)) != 0;
    buffer_fini(&before);
    return differs;
}

bool
overlay_is_live(const struct overlay *overlay)
{
    const struct table_subject *live = &overlay->live;

    return overlay->is_open && (live->conn != 0 || live->listener != 0 || live->worker != 0);
}

void
overlay_set_text(struct overlay *overlay, const char *text)
{
    buffer_clear(&overlay->text);
    add(overlay, text);
    measure(overlay);
}

void
overlay_close(struct overlay *overlay)
{
    overlay->is_open = false;
    buffer_clear(&overlay->text);
}

void
overlay_fini(struct overlay *overlay)
{
    buffer_fini(&overlay->text);
    overlay->is_open = false;
}

static int
clamp(int value, int most)
{
    if (value > most)
        value = most;
    return value > 0 ? value : 0;
}

void
overlay_move(struct overlay *overlay, enum move move)
{
    size_t page = overlay->rows > 2 ? (size_t)overlay->rows - 1 : 1;
    int *at = overlay->chosen >= 0 ? &overlay->chosen : &overlay->top;
    int most = overlay->chosen >= 0 ? overlay->lines - 1 : overlay->lines - overlay->rows;

    *at = (int)move_place(move, (size_t)*at, most > 0 ? (size_t)most + 1 : 1, page);
}

void
overlay_click(struct overlay *overlay, int row)
{
    int line = row - overlay->row + overlay->top;

    if (overlay->chosen >= 0 && row >= overlay->row && line < overlay->lines)
        overlay->chosen = line;
}

void
overlay_shift(struct overlay *overlay, int columns)
{
    overlay->left = clamp(overlay->left + columns, overlay->widest - 8);
}

static const char *
line_at(const struct overlay *overlay, int index, size_t *length)
{
    const char *p = buffer_data(&overlay->text), *end = p + buffer_size(&overlay->text);
    const char *newline;

    for (; index > 0 && p < end; index--) {
        newline = memchr(p, '\n', (size_t)(end - p));
        p = newline != NULL ? newline + 1 : end;
    }
    newline = memchr(p, '\n', (size_t)(end - p));
    *length = (size_t)((newline != NULL ? newline : end) - p);
    return p;
}

/* --- finding ----------------------------------------------------------------------- */

/* Brings what was found in sight, to the side too. */
static void
show_found(struct overlay *overlay, int line, int column, int width)
{
    int last = overlay->top + overlay->rows - overlay->heading - 1;

    overlay->found = line;
    if (overlay->chosen >= 0)
        overlay->chosen = line;
    else if (line - overlay->heading < overlay->top || line - overlay->heading > last)
        overlay->top = clamp(line - overlay->heading, overlay->lines - overlay->rows);
    if (column < overlay->left || column + width > overlay->left + overlay->cols)
        overlay->left = column + width > overlay->cols ? column - overlay->cols / 2 : 0;
}

/* Where a search begins: one step before what is looked at first. */
static int
find_start(const struct overlay *overlay, int step)
{
    if (overlay->found >= 0)
        return overlay->found;
    if (overlay->chosen >= 0)
        return overlay->chosen;
    return overlay->top + overlay->heading - (step > 0);
}

int
overlay_find(struct overlay *overlay, const struct needle *needle, int step)
{
    int count = overlay->lines - overlay->heading;
    int at = find_start(overlay, step) - overlay->heading, wraps = 0;

    for (int n = 0; n < count; n++) {
        const char *line;
        size_t length;
        ptrdiff_t column;

        at += step;
        if (at < 0 || at >= count) {
            at = at < 0 ? count - 1 : 0;
            wraps = 1;
        }
        line = line_at(overlay, at + overlay->heading, &length);
        column = needle_find(needle, line, length);
        if (column < 0)
            continue;
        show_found(overlay, at + overlay->heading, (int)column, needle->size);
        return wraps;
    }
    return -ENOENT;
}

/* --- drawing ----------------------------------------------------------------------- */

static void
draw_frame(const struct overlay *overlay, struct canvas *canvas, struct area area, bool has_focus)
{
    const struct symbols *symbols = canvas->symbols;
    struct pen pen = pen_on(canvas, area);
    enum role border = has_focus ? ROLE_BORDER_FOCUS : ROLE_BORDER;
    bool is_wide = overlay->widest + 4 > area.cols;
    char keys[96];

    snprintf(keys, sizeof(keys), " %s%s%s%s%sEsc closes ",
             overlay->chosen >= 0 ? "Enter chooses, " : "",
             overlay->lines > overlay->rows ? "PgUp PgDn scroll, " : "",
             !has_focus && (is_wide || overlay->explained != NULL) ? "F6 " : "",
             overlay->explained != NULL ? "Enter explains, " : "", is_wide ? "Left Right, " : "");
    pen_repeat(&pen, border, symbols->rule, area.cols);
    pen_move(&pen, 0, 1);
    pen_printf(&pen, has_focus ? ROLE_TITLE_FOCUS : ROLE_TITLE, has_focus ? "[%s]" : " %s ",
               overlay->title);
    pen_move(&pen, 0, area.cols - 1 - canvas_cells(canvas, keys));
    pen_text(&pen, ROLE_DIM, keys);
}

/* At the right edge: the line goes on. */
static void
draw_cut(struct canvas *canvas, int row, int col)
{
    struct pen pen = pen_on(canvas, (struct area) { row, col, 1, 1 });

    pen_text(&pen, ROLE_FOLD, canvas->symbols->cut_right);
}

/* The chosen line is marked by a sign too. */
static void
draw_marker(struct canvas *canvas, int row, int col)
{
    struct pen pen = pen_on(canvas, (struct area) { row, col, 1, 1 });

    pen_text(&pen, ROLE_TITLE_FOCUS, canvas->symbols->marker);
}

static void
draw_lines(const struct overlay *overlay, struct canvas *canvas, struct area area,
           const struct needle *marks)
{
    for (int row = 0; row < area.rows && row < overlay->lines; row++) {
        bool is_heading = row < overlay->heading;
        int index = is_heading ? row : row + overlay->top;
        struct pen pen = pen_on(canvas, (struct area) { area.row + row, area.col + 2, 1,
                                                        area.cols - 3 });
        size_t length, used;
        const char *line;

        if (index >= overlay->lines)
            break;
        line = line_at(overlay, index, &length);
        pen.selected = index == overlay->chosen;
        pen.marks = is_heading ? NULL : marks;
        pen_move(&pen, 0, -overlay->left);
        used = pen_bytes(&pen, is_heading ? ROLE_COLUMN : ROLE_TEXT, line, length);
        pen.marks = NULL;
        if (pen.selected) {
            pen_rest(&pen, ROLE_TEXT);
            draw_marker(canvas, area.row + row, area.col);
        }
        if (used < length)
            draw_cut(canvas, area.row + row, area.col + area.cols - 1);
    }
}

/* A chosen line is kept in sight. */
static void
settle(struct overlay *overlay)
{
    int rows = overlay->rows;

    if (overlay->chosen >= 0 && overlay->chosen < overlay->top)
        overlay->top = overlay->chosen;
    if (overlay->chosen >= overlay->top + rows)
        overlay->top = overlay->chosen - rows + 1;
    overlay->top = clamp(overlay->top, overlay->lines - rows);
}

void
overlay_draw(struct overlay *overlay, struct canvas *canvas, struct area body, bool has_focus,
             const struct needle *marks)
{
    int rows = overlay->lines + 1 < body.rows ? overlay->lines + 1 : body.rows;
    struct area area = { body.row + body.rows - rows, body.col, rows, body.cols };
    struct area inner = { area.row + 1, area.col, rows - 1, area.cols };

    overlay->row = inner.row;
    overlay->rows = inner.rows;
    overlay->cols = inner.cols - 3;
    settle(overlay);
    canvas_clear(canvas, area);
    draw_frame(overlay, canvas, area, has_focus);
    draw_lines(overlay, canvas, inner, marks);
}
