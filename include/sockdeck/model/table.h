/* table.h - rows and columns: what `show` and `info` answer, for the screen, a
 * text line or JSON. Owned by who makes it; UI thread only; cells hold rendered
 * text (never raw peer bytes) and, for numbers, the value for JSON. */
#ifndef SOCKDECK_MODEL_TABLE_H
#define SOCKDECK_MODEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cell_kind { CELL_EMPTY, CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_SECONDS, CELL_SIZE, CELL_BOOL };

struct cell {
    enum cell_kind kind;
    char *text;                 /* CELL_TEXT: owned, UTF-8 */
    double number;              /* CELL_NUMBER, CELL_SECONDS (in s), CELL_SIZE (bytes),
                                 * CELL_BOOL (0, 1) */
};

enum { TABLE_COLUMNS_MAX = 64 };

struct column {
    const char *key;            /* JSON name: "peer" */
    const char *title;          /* "PEER" */
    bool right;                 /* align right */
};

/* The one object that a table is about; zeros where it is about many. */
struct table_subject {
    uint32_t conn;
    uint16_t listener, worker;
    int32_t pid, tid;           /* of the worker */
};

struct table {
    const char *name;           /* "connections" */
    struct table_subject subject;
    const struct column *columns;
    size_t column_count;
    struct cell *cells;         /* row by row */
    size_t row_count, row_capacity;
};

void table_init(struct table *table, const char *name, const struct column *columns, size_t n);
void table_fini(struct table *table);

/* Starts a row; then cells from the left, each once. Out of memory aborts. */
void table_row(struct table *table);
/* Gives up the row that was started last. */
void table_drop(struct table *table);
void table_text(struct table *table, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void table_number(struct table *table, size_t column, double number);
void table_seconds(struct table *table, size_t column, int64_t ns);     /* DURATION_NONE: "none" */
void table_size(struct table *table, size_t column, uint64_t bytes);
void table_bool(struct table *table, size_t column, bool value);

void table_none(struct table *table, size_t column);    /* a person reads -, JSON has no such field */

const struct cell *table_cell(const struct table *table, size_t row, size_t column);
/* A cell as a person reads it. */
const char *table_cell_text(const struct cell *cell, char buf[static 64]);

#endif
