/* crash.h - a terminal that is fit for use after a fault of ours.
 *
 * crash_arm prepares all that a handler may need, so that the handler makes only
 * async-signal-safe calls: it writes the restore string, sets the terminal's
 * modes, copies what went to the captured standard error, and lets the signal
 * take its course. Not in builds with AddressSanitizer, whose report it would
 * hide. UI thread only; the record is the one mutable static of this module. */
#ifndef SOCKDECK_UI_CRASH_H
#define SOCKDECK_UI_CRASH_H

#include <stdbool.h>
#include <termios.h>

enum { CRASH_RESTORE = 256 };

struct crash_record {
    int tty;                    /* where the restore string goes */
    char restore[CRASH_RESTORE];
    struct termios modes;       /* as they were before the screen */
    int captured, standard_error;       /* -1: nothing was captured */
    /* Told false, from the handler: it must be async-signal-safe. NULL: nobody. */
    void (*set_up)(void *ctx, bool up);
    void *ctx;
};

void crash_arm(const struct crash_record *record);
void crash_disarm(void);

#endif
