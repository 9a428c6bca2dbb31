/* info_rows.h - what `info` tells of a connection, row by row, for each of its two ends. */
#ifndef SOCKDECK_SRC_CMD_INFO_ROWS_H
#define SOCKDECK_SRC_CMD_INFO_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/model/model.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/net/owner.h"
#include "sockdeck/serve/inspection.h"

struct table;

/* One end of a connection, and what is known of it. */
struct info_side {
    int64_t now_ns;
    bool has_row, has_tcp, has_inspection;
    bool is_gone;                       /* closed, and the kernel has nothing left of it */
    struct connection row;              /* has_row: the console's own end */
    struct tcp_numbers tcp;
    struct socket_owner owner;          /* of an end that is not ours */
    struct inspection inspection;
};

enum info_needs {
    NEEDS_ROW = 1 << 0,
    NEEDS_TCP = 1 << 1,
    NEEDS_INFO = 1 << 2,                /* and more than a socket in TIME_WAIT has */
    NEEDS_INSPECTION = 1 << 3,
};

struct info_row {
    const char *name;
    const char *meaning;                /* NULL: that of the TCP state */
    unsigned needs;                     /* enum info_needs; the cell is empty without */
    /* Fills the cell, or leaves it empty. */
    void (*put)(const struct info_row *row, const struct info_side *side, struct table *table,
                size_t column);
    size_t at;                          /* an offset in struct info_side, or a number for put */
};

extern const struct info_row info_rows[];       /* in order; ends with a NULL name */

#endif
