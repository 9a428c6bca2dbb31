/* batch_run.h - the real program: ./sockdeck --batch --json, its events as JSON.
 *
 * Every line is parsed by jansson and checked for what section 5 of the contract asks
 * of each: ASCII, an object with `time`, `mono` and `event`; `start` first. */
#ifndef SOCKDECK_TESTS_BATCH_RUN_H
#define SOCKDECK_TESTS_BATCH_RUN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "process.h"

struct batch {
    struct process process;
    json_t *events;             /* all lines so far, in order */
    bool drop_received;         /* set before: `received` is summed up, not kept */
    uint64_t received_bytes;
};

/* Starts ./sockdeck --no-rc --batch --json and the words, NULL at the end. */
void batch_start(struct batch *b, ...);

/* The same through another program, all words given: strace(1), setpriv(1). */
void batch_start_as(struct batch *b, const char *const argv[]);

/* The first event of that name that was not returned before, of connection #conn
 * (0: any); waits for it. It belongs to the batch. */
json_t *batch_event(struct batch *b, const char *name, int conn);
/* The only row of the next table of that name. */
json_t *batch_only_row(struct batch *b, const char *name);
/* The `done` of the next command that ends: its status. */
int batch_done(struct batch *b);
/* Reads to the end and waits; the exit status. All events are then there. */
int batch_wait(struct batch *b);
void batch_stop(struct batch *b);

/* Among the events read so far. */
int batch_count(const struct batch *b, const char *name, int conn);
/* Where an event stands among all. */
size_t batch_place(const struct batch *b, const json_t *event);

/* The port in the next `listening`. */
int batch_port(struct batch *b);

/* Fields; a missing one or one of another type fails the test. */
const char *event_string(const json_t *event, const char *key);
double event_number(const json_t *event, const char *key);
bool event_has(const json_t *event, const char *key);
int event_conn(const json_t *event);
int event_pid(const json_t *event);             /* worker.pid */
#define assert_event_string(event, key, value) \
    assert_string_equal(event_string(event, key), value)
#define assert_event_number(event, key, value) \
    assert_int_equal((int64_t)event_number(event, key), value)
void assert_between(double value, double least, double most);

#endif
