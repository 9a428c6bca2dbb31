/* info_table.h - the table that `info` answers with: field, value, the other end's value
 * where there is one, and what the field means. */
#ifndef SOCKDECK_SRC_CMD_INFO_TABLE_H
#define SOCKDECK_SRC_CMD_INFO_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/model/table.h"

struct info_side;

enum { INFO_FIELD, INFO_VALUE, INFO_PEER };     /* columns; the meaning is the last one */

void info_table_init(struct table *table, bool has_peer);
bool info_table_has_peer(const struct table *table);

/* A row begins with its name and meaning; one that tells nothing of either end when it
 * is ended goes. */
void info_table_begin(struct table *table, const char *field, const char *meaning);
void info_table_end(struct table *table);

void info_table_text(struct table *table, const char *field, const char *meaning,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
void info_table_number(struct table *table, const char *field, const char *meaning,
                       uint64_t number);
void info_table_seconds(struct table *table, const char *field, const char *meaning, int64_t ns);

/* The socket options of both ends, as far as somebody told them. */
void info_table_options(struct table *table, const struct info_side *here,
                        const struct info_side *there);

#endif
