/* stage.h - one sockdeck and a few peers for each test, none left behind. */
#ifndef SOCKDECK_TESTS_STAGE_H
#define SOCKDECK_TESTS_STAGE_H

#include "batch_run.h"

enum { STAGE_PEERS = 8 };

struct stage {
    struct batch batch;
    struct process peers[STAGE_PEERS];
    char port[8];               /* as a word, see stage_listen */
    const void *subject;        /* the test's initial state, NULL for most */
};

/* For cmocka: *state is a struct stage. Teardown ends all and fails if any
 * process of theirs lives on. */
int stage_setup(void **state);
int stage_teardown(void **state);

/* Ends the batch and the peers in between, so that others can be started. */
void stage_clear(struct stage *s);

/* Starts the batch with commands on standard input, unless it runs, and runs this
 * `listen`. */
void stage_listen(struct stage *s, const char *line);

/* Writes one command line and returns the status of its `done`. */
int stage_run(struct stage *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The batch ends by `quit` with this status; all its events are there then. */
void stage_quit(struct stage *s, int status);

/* A number of the first listener, as `show listeners` tells it. */
double stage_listener_number(struct stage *s, const char *key);
/* Its open connections come to be exactly n, and stay so. */
void stage_expect_open(struct stage *s, int n);

/* A port that nothing listens on, as a word. */
const char *stage_free_port(struct stage *s);

#define stage_test(f) cmocka_unit_test_setup_teardown(f, stage_setup, stage_teardown)

#endif
