/* table.c - see table.h. */
#include "config.h"

#include "sockdeck/model/table.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/base/size.h"

void
table_init(struct table *table, const char *name, const struct column *columns, size_t n)
{
    assert(n <= TABLE_COLUMNS_MAX);
    *table = (struct table) { .name = name, .columns = columns, .column_count = n };
}

void
table_fini(struct table *table)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        free(table->cells[i].text);
    free(table->cells);
    table->cells = NULL;
    table->row_count = table->row_capacity = 0;
}

void
table_row(struct table *table)
{
    size_t width = table->column_count;

    if (table->row_count == table->row_capacity) {
        size_t capacity = table->row_capacity == 0 ? 8 : table->row_capacity * 2;

        table->cells = reallocarray(table->cells, capacity * width, sizeof(*table->cells));
        if (table->cells == NULL)
            abort();
        table->row_capacity = capacity;
    }
    memset(table->cells + table->row_count * width, 0, width * sizeof(*table->cells));
    table->row_count++;
}

void
table_drop(struct table *table)
{
    struct cell *cells = table->cells + --table->row_count * table->column_count;

    for (size_t i = 0; i < table->column_count; i++)
        free(cells[i].text);
}

/* The cell of the row that was started last, given up by what it held. */
static struct cell *
renew(struct table *table, size_t column, enum cell_kind kind)
{
    struct cell *cell = table->cells + (table->row_count - 1) * table->column_count + column;

    free(cell->text);
    *cell = (struct cell) { .kind = kind };
    return cell;
}

void
table_text(struct table *table, size_t column, const char *format, ...)
{
    struct cell *cell = renew(table, column, CELL_TEXT);
    va_list args;

    va_start(args, format);
    if (vasprintf(&cell->text, format, args) < 0)
        abort();
    va_end(args);
}

void
table_number(struct table *table, size_t column, double number)
{
    renew(table, column, CELL_NUMBER)->number = number;
}

void
table_seconds(struct table *table, size_t column, int64_t ns)
{
    if (ns == DURATION_NONE)
        table_text(table, column, "none");
    else
        renew(table, column, CELL_SECONDS)->number = (double)ns / 1e9;
}

void
table_size(struct table *table, size_t column, uint64_t bytes)
{
    renew(table, column, CELL_SIZE)->number = (double)bytes;
}

void
table_bool(struct table *table, size_t column, bool value)
{
    renew(table, column, CELL_BOOL)->number = value;
}

void
table_none(struct table *table, size_t column)
{
    renew(table, column, CELL_NONE);
}

const struct cell *
table_cell(const struct table *table, size_t row, size_t column)
{
    return table->cells + row * table->column_count + column;
}

/* "5.000 s" is "5 s", "1.500 ms" is "1.5 ms", "49.200" is "49.2": a column shows limits and
 * measures. */
static void
drop_zeros(char *text)
{
    char *unit = text + strcspn(text, " "), *end = unit;

    if (memchr(text, '.', (size_t)(unit - text)) == NULL)
        return;
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    memmove(end, unit, strlen(unit) + 1);
}

const char *
table_cell_text(const struct cell *cell, char buf[static 64])
{
    switch (cell->kind) {
    case CELL_EMPTY:
        return "";
    case CELL_NONE:
        return "-";
    case CELL_TEXT:
        return cell->text;
    case CELL_NUMBER:
        snprintf(buf, 64, fabs(cell->number) < 0.1 ? "%.6f" : "%.3f", cell->number);
        drop_zeros(buf);
        return buf;
    case CELL_SECONDS:
        if (cell->number == 0.0)
            return "0";
        duration_measured(buf, (int64_t)(cell->number * 1e9 + 0.5));
        drop_zeros(buf);
        return buf;
    case CELL_SIZE: {
        char size[32];

        snprintf(buf, 64, "%s", size_short(size, (uint64_t)cell->number));
        return buf;
    }
    case CELL_BOOL:
        return cell->number != 0 ? "yes" : "no";
    }
    return "";
}
