/* output_text.c - events as lines for people: HH:MM:SS.mmm  #1  received ... */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/sentence.h"
#include "sockdeck/model/table.h"

#include "output_private.h"

static int
add_blanks(struct buffer *out, size_t n)
{
    char *p = buffer_reserve(out, n);

    if (p == NULL)
        return -ENOMEM;
    memset(p, ' ', n);
    buffer_extend(out, n);
    return 0;
}

static void
format_time(char *buf, int64_t wall_ns)
{
    clock_format_time(buf, wall_ns);
}

/* "HH:MM:SS.mmm  #1  ", the subject's column as wide as the widest so far. */
static int
add_head(struct lines *lines, const char *subject, int64_t wall_ns)
{
    size_t n = strlen(subject);
    int64_t ns;
    const char *second = lines_second(lines, wall_ns, format_time, &ns);
    int ms = (int)(ns / NS_PER_MS);
    char time[] = { '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
                    (char)('0' + ms % 10), ' ', ' ' };
    int rc;

    if (n > lines->subject_columns)
        lines->subject_columns = n;
    rc = buffer_add(lines->out, second, strlen("HH:MM:SS"));
    if (rc == 0)
        rc = buffer_add(lines->out, time, sizeof(time));
    if (rc == 0)
        rc = buffer_add(lines->out, subject, n);
    return rc != 0 ? rc : add_blanks(lines->out, lines->subject_columns - n + 2);
}

static int
text_event(struct lines *lines, const struct event *event, int64_t wall_ns,
           const struct model *model)
{
    char subject[16];
    int rc;

    sentence_subject(subject, event);
    rc = add_head(lines, subject, wall_ns);
    if (rc == 0)
        rc = sentence_write(lines->out, event, lines->event_bytes, model);
    return rc != 0 ? rc : buffer_add(lines->out, "\n", 1);
}

/* --- tables ------------------------------------------------------------------------- */

/* Row -1 is that of the titles; an empty cell shows as a dash, so that columns count. */
static const char *
cell_text(const struct table *table, ptrdiff_t row, size_t column, char buf[static 64])
{
    const char *text;

    if (row < 0)
        return table->columns[column].title;
    text = table_cell_text(table_cell(table, (size_t)row, column), buf);
    return *text != '\0' ? text : "-";
}

static size_t
column_cells(const struct table *table, size_t column)
{
    size_t most = 0;
    char buf[64];

    for (ptrdiff_t row = -1; row < (ptrdiff_t)table->row_count; row++) {
        size_t cells = text_cells(cell_text(table, row, column, buf));

        most = cells > most ? cells : most;
    }
    return most;
}

static int
add_cell(struct buffer *out, const struct table *table, ptrdiff_t row, size_t column,
         size_t width)
{
    bool is_last = column + 1 == table->column_count;
    bool is_right = table->columns[column].right;
    char buf[64];
    const char *text = cell_text(table, row, column, buf);
    size_t rest = width - text_cells(text);
    int rc = add_blanks(out, 2 + (is_right ? rest : 0));

    if (rc == 0)
        rc = buffer_add_text(out, text);
    return rc != 0 || is_right || is_last ? rc : add_blanks(out, rest);
}

static int
add_rows(struct buffer *out, const struct table *table, const size_t *widths)
{
    int rc = 0;

    for (ptrdiff_t row = -1; rc == 0 && row < (ptrdiff_t)table->row_count; row++) {
        for (size_t column = 0; rc == 0 && column < table->column_count; column++)
            rc = add_cell(out, table, row, column, widths[column]);
        if (rc == 0)
            rc = buffer_add(out, "\n", 1);
    }
    return rc;
}

static int
text_table(struct lines *lines, const struct table *table, int64_t wall_ns, int64_t mono_ns)
{
    size_t widths[TABLE_COLUMNS_MAX];
    char subject[16] = "";
    int rc;

    (void)mono_ns;
    if (table->subject.conn != 0)
        snprintf(subject, sizeof(subject), "#%" PRIu32, table->subject.conn);
    else if (table->subject.worker != 0)
        snprintf(subject, sizeof(subject), "W%u", (unsigned)table->subject.worker);
    else if (table->subject.listener != 0)
        snprintf(subject, sizeof(subject), "L%u", (unsigned)table->subject.listener);
    rc = add_head(lines, subject, wall_ns);
    if (rc == 0)
        rc = buffer_printf(lines->out, "%s%s\n", table->name,
                           table->row_count == 0 ? ": none" : "");
    if (rc != 0 || table->row_count == 0)
        return rc;
    for (size_t column = 0; column < table->column_count; column++)
        widths[column] = column_cells(table, column);
    return add_rows(lines->out, table, widths);
}

const struct form output_text = {
    .event = text_event,
    .table = text_table,
};
