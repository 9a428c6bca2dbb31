/* face.h - the screen face: runs the console on a terminal.
 *
 * face_run is called on the UI thread, after engine_start (so that the
 * asynchronous signals are blocked in every thread) and after setlocale. It makes
 * the console from options->console, fills in its front, and returns when the user
 * quits, must_end says so, or the terminal is gone. It wakes for keys, signals,
 * wake_fd and deadlines only: idle costs nothing. */
#ifndef SOCKDECK_UI_FACE_H
#define SOCKDECK_UI_FACE_H

#include <stdbool.h>

#include "sockdeck/cmd/console.h"

struct error;

struct face_options {
    struct console_options console;     /* front and front_ctx are filled in by the face */
    int wake_fd;                        /* eventfd: the model has changed, or ask must_end */
    bool ascii;                         /* --ascii */
    /* The console is there: the place for sockdeckrc, -f, -E and COMMAND. */
    void (*start)(void *ctx, struct console *console);
    /* Asked after each wake-up: a signal wants the end. NULL: never. */
    bool (*must_end)(void *ctx);
    /* Tells the guardian whether the terminal is in curses' hands. Also called by the
     * handler of a crash: async-signal-safe. NULL: nobody. */
    void (*set_screen_up)(void *ctx, bool up);
    void *ctx;
};

/* 0 when the user has quit or must_end said so; -EIO when the terminal went away;
 * another negative errno, with a sentence, when there is no usable terminal
 * (nothing has been drawn then). */
int face_run(const struct face_options *options, struct error *err);

/* Any thread, after must_end has begun to say so: lets a face go on that is held
 * up by a terminal that nobody reads. */
void face_unblock(void);

#endif
