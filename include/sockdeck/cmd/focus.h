/* focus.h - which connection a command without a target takes. By the model's rows;
 * kept up to date by whoever asks, under the model's lock.
 * One thread. */
#ifndef SOCKDECK_CMD_FOCUS_H
#define SOCKDECK_CMD_FOCUS_H

#include <stdint.h>

struct model;

struct focus {
    uint32_t conn;              /* #N, 0: none */
    uint32_t last;              /* the last that had it: what a script that waits means
                                 * when the end came before the command */
    uint32_t seen;              /* the newest connection that was looked at */
};

/* A closed one loses it; the only open one takes it over, else the first that was
 * accepted since. */
void focus_update(struct focus *focus, const struct model *model);
void focus_set(struct focus *focus, uint32_t conn);

#endif
