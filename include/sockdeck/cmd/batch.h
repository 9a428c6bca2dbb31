/* batch.h - the batch face: commands in, events out, an exit status.
 *
 * The order of the app: batch_open, engine_start with a sink that calls batch_wake and
 * batch_signal, batch_run, engine_stop, batch_close. All by the main thread but for the
 * three at the end. */
#ifndef SOCKDECK_CMD_BATCH_H
#define SOCKDECK_CMD_BATCH_H

#include "sockdeck/base/status.h"

struct batch;
struct console_options;
struct error;
struct options;

/* 0 or a negative errno. */
int batch_open(struct batch **batch, struct error *err);
void batch_close(struct batch *batch);          /* NULL is fine */

/* Runs the commands, line by line where they come from standard input, then waits for what
 * is open; returns the exit status: of the first command that failed, 130 or 143 after
 * a signal. console: without front; diagnose is set here. rc: a file of commands to
 * run first, or NULL. Everything may be open still: engine_stop closes it in order. */
enum status batch_run(struct batch *batch, const struct console_options *console,
                      const struct options *options, const char *rc);

/* --- any thread ----------------------------------------------------------------- */

void batch_wake(struct batch *batch);           /* the model has changed */
void batch_signal(struct batch *batch, int number);     /* SIGINT, SIGTERM, SIGHUP: end */
void batch_broken(struct batch *batch);         /* nobody reads the events: end quietly */

#endif
