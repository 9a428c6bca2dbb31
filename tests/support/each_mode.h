/* each_mode.h - one suite of tests, run over the table of modes, on the real program. */
#ifndef SOCKDECK_TESTS_EACH_MODE_H
#define SOCKDECK_TESTS_EACH_MODE_H

#include <stdbool.h>
#include <stddef.h>

#include "test.h"

#include "sockdeck/serve/mode.h"
#include "stage.h"

enum { EACH_MODE_WORKERS = 3 };

struct mode_test {
    const char *name;
    CMUnitTestFunction run;     /* *state is a struct stage */
    bool (*fits)(const struct mode *mode);      /* NULL: every mode */
};

#define EACH_MODE(f)        { #f, f, NULL }
#define MODES_THAT(fits, f) { #f, f, fits }

/* For main: runs each test for each mode that it fits, named "MODE: TEST". */
int each_mode_run(const char *group, const struct mode_test *suite, size_t n);

/* The mode that the test runs for. */
const struct mode *each_mode_of(const struct stage *s);
/* A listener in that mode, with these keys; EACH_MODE_WORKERS where it has workers. */
void each_mode_listen(struct stage *s, const char *keys);
/* How many clients it serves at once, as far as tests ask for. */
int each_mode_served_at_once(const struct stage *s);

/* For fits. */
bool mode_serves_many(const struct mode *mode);         /* more than one at a time */
bool mode_has_processes(const struct mode *mode);
bool mode_has_workers(const struct mode *mode);

/* A plain client; its connection's id in *conn. */
int each_mode_connect(struct stage *s, int *conn);

#endif
