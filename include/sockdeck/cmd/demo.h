/* demo.h - the tour: one const table of steps, each a command with a caption, and the
 * names that its commands use filled in from the model. One thread. */
#ifndef SOCKDECK_CMD_DEMO_H
#define SOCKDECK_CMD_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct model;

enum { DEMO_LINE = 128 };

struct demo_step {
    int at_s;                   /* seconds from the start, on screen */
    const char *command;        /* "": none, the end; names as demo_expand fills them in */
    const char *caption;        /* one line of at most 78 cells */
    int settle_ms;              /* what follows takes so long; a batch waits for it */
};

extern const struct demo_step demo_steps[];
extern const size_t demo_step_count;

/* What a batch runs behind the steps, so that nothing stays open. */
extern const char *const demo_ending[];         /* NULL at the end */

/* What was there before: all later ones are the tour's. */
struct demo { uint32_t last_listener, last_conn; };

void demo_init(struct demo *demo, struct model *model);

/* Writes the command with names: $L the tour's listener and $P its port, $C its first
 * client, $H the black hole, $B its port. -ENOENT with a sentence when one is gone. */
int demo_expand(const struct demo *demo, struct model *model, const char *command,
                char buf[static DEMO_LINE], struct error *err);

#endif
