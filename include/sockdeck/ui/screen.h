/* screen.h - the terminal: the one file that knows curses.
 *
 * A canvas goes in, keys come out. Only rows that differ from what was drawn
 * last are given to curses. UI thread only, after setlocale; one at a time. */
#ifndef SOCKDECK_UI_SCREEN_H
#define SOCKDECK_UI_SCREEN_H

#include <stdbool.h>

#include "sockdeck/ui/canvas.h"

struct error;
struct raw_key;
struct screen;

struct screen_options {
    const struct theme *theme;
    bool mouse;
    /* Called before the terminal is taken and after it is given back, also by the
     * handler of a crash: async-signal-safe. NULL: nobody. */
    void (*set_up)(void *ctx, bool up);
    void *ctx;
};

/* -ENOTTY or -EINVAL with a sentence when this terminal will not do; nothing has
 * been written to it then. */
int screen_open(struct screen **screen, const struct screen_options *options, struct error *err);
void screen_close(struct screen *screen);       /* the terminal as it was; NULL is fine */

void screen_size(const struct screen *screen, int *rows, int *cols);
/* Asks the terminal for its size; true when it has changed. All is drawn anew then. */
bool screen_resize(struct screen *screen);
void screen_redraw(struct screen *screen);      /* the next draw writes everything */

/* Shows the canvas (of the screen's size) with the cursor at row and col, or
 * without a cursor when row is negative. */
void screen_draw(struct screen *screen, const struct canvas *canvas, int row, int col);

void screen_set_mouse(struct screen *screen, bool mouse);
void screen_set_theme(struct screen *screen, const struct theme *theme);

/* The next byte or special key; false when there is none now. ctx is the screen. */
bool screen_get_key(void *ctx, struct raw_key *raw);

/* Gives the terminal back, stops the process (SIGTSTP), and takes it again when it goes on. */
void screen_suspend(struct screen *screen);
void screen_resume(struct screen *screen);      /* after a stop that was not ours */

int screen_fd(const struct screen *screen);     /* to poll for keys and for room */

#endif
