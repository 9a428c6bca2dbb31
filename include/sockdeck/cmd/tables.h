/* tables.h - what `show` and `info` answer, made from the model's rows. Each fills
 * in an empty table, which the caller then owns, and takes the model's lock.
 * The console's thread. */
#ifndef SOCKDECK_CMD_TABLES_H
#define SOCKDECK_CMD_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/cmd/choice.h"
#include "sockdeck/serve/inspection.h"

struct address;
struct console;
struct id_list;
struct model;
struct table;
struct worker;

void tables_connections(struct table *table, struct model *model, int64_t now_ns);
void tables_listeners(struct table *table, struct model *model);
/* The standing workers with what /proc says of them, then a line for each kind of what
 * each listener has started: standing workers, threads, forked children. */
void tables_workers(struct table *table, struct model *model, int64_t now_ns);
/* Our own sums, and what the kernel has counted since the console began. */
void tables_counters(struct table *table, const struct console *console);
void tables_modes(struct table *table, struct model *model);

/* Of one listener (0: of all, and the defaults) and of the connections in only (empty: of
 * all that are open, when no listener is given either). */
void tables_timeouts(struct table *table, struct console *console, uint32_t listener,
                     const struct id_list *only);

/* What the owner of a socket told when it was asked (REQUEST_INSPECT). */
struct info_end {
    uint32_t id;                /* of a connection or listener; 0: an end that is not ours */
    bool has_inspection;
    struct inspection inspection;
};

/* One object in full, as field, value and meaning; a connection with what the kernel says
 * of both its ends. */
void tables_info_connection(struct table *table, struct console *console,
                            const struct info_end *here, const struct info_end *there,
                            int64_t now_ns);
void tables_info_listener(struct table *table, struct console *console,
                          const struct info_end *end, int64_t now_ns);
void tables_info_worker(struct table *table, struct console *console, uint32_t id,
                        int64_t now_ns);

/* What of info and show counters the kernel tells, each with its meaning: fields (the socket
 * options among them), and counters. */
choice_list choice_kernel_fields, choice_kernel_counters;
choice_list choice_info_fields;         /* and those that the console itself tells */

/* "127.0.0.1:10001" as the model and an inspection write it. 0 or a negative errno. */
int tables_read_address(const char *text, struct address *address);

/* The mode a listener has now, by its index. */
uint32_t tables_mode_of(struct model *model, uint32_t listener);

/* "blocked in accept", "serving #3", "stopped", "killed by SIGKILL" ... */
const char *tables_worker_state(const struct worker *worker, char buf[static 64]);

/* "connecting", "open" ... */
const char *tables_state_name(unsigned state);

#endif
