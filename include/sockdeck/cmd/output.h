/* output.h - events as lines: the text form and JSON (contract, section 5), and
 * the writer thread that carries them to standard output.
 *
 * output_event and output_table may be called by any thread; lines come out in the
 * order of the calls. They never block: has_room tells the collector when to
 * hold back. The queue is bounded (1 MiB; a single longer line is let through). */
#ifndef SOCKDECK_CMD_OUTPUT_H
#define SOCKDECK_CMD_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/status.h"

struct error;
struct event;
struct model;
struct output;
struct table;

struct output_options {
    int fd;                     /* standard output */
    bool json;
    size_t event_bytes;         /* `set event-bytes`: the most of a message that is shown */
    int64_t start_ns;           /* monotonic: JSON's mono counts from here */
    void (*room)(void *ctx);    /* called by the writer when there is room again */
    void (*broken)(void *ctx);  /* called once, by the writer, when the reader has gone (EPIPE)
                                 * or a write failed; what follows is dropped silently */
    void *ctx;
};

int output_open(struct output **output, const struct output_options *options, struct error *err);
/* Writes what is queued and ends the thread; a reader that takes nothing for
 * 500 ms is given up. NULL is fine. Returns 0, or why
 * writing ended before: -EPIPE, -ENOSPC ... */
int output_close(struct output *output);
void output_set_event_bytes(struct output *output, size_t event_bytes);

bool output_has_room(struct output *output);

void output_start(struct output *output);       /* JSON: the first line */
/* model: for sentences; not locked by the caller. PANE_INTERNAL records write nothing. */
void output_event(struct output *output, struct model *model, const struct event *event,
                  int64_t wall_ns);
void output_table(struct output *output, const struct table *table, int64_t wall_ns);
void output_done(struct output *output, uint32_t n, const char *command, enum status status,
                 int64_t wall_ns);
void output_failed(struct output *output, const char *command, const char *message,
                   enum status status, int64_t wall_ns);

#endif
