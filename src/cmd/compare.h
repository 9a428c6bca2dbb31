/* compare.h - what `compare` has found of a mode, and the table of all. */
#ifndef SOCKDECK_SRC_CMD_COMPARE_H
#define SOCKDECK_SRC_CMD_COMPARE_H

#include <stddef.h>
#include <stdint.h>

#include "sockdeck/cmd/choice.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/load.h"

struct table;

struct compared {
    uint32_t mode;
    struct load_report report;
    uint32_t processes, threads;        /* more than before it listened, at most */
    double idle_bytes;                  /* memory of a connection that is only open; < 0: unknown */
    uint64_t switches;
    int64_t cpu_ns;
    struct starts starts[STARTED_KINDS];
    char accepted_by[128];              /* "W1 12, W2 14" */
};

/* By their names in JSON, with what each means; the bar is none. */
choice_list choice_compare_columns;
/* The titles of the table that are other words than these. */
choice_list choice_compare_titles;

void compare_table(struct table *table, const struct compared *list, size_t n);

#endif
