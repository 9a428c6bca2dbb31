/* stray.h - what the process writes to standard error while the screen is up.
 *
 * One stray line would ruin the screen, so descriptor 2 points to a memory file
 * meanwhile, and what it holds is written to the real one afterwards. Not in
 * builds with sanitizers: their reports must not end in memory. UI thread only. */
#ifndef SOCKDECK_UI_STRAY_H
#define SOCKDECK_UI_STRAY_H

struct stray {
    int file;                   /* the memory file, -1: standard error is not captured */
    int standard_error;         /* the real one */
};

void stray_capture(struct stray *stray);
void stray_release(struct stray *stray);        /* and writes what was captured */

#endif
