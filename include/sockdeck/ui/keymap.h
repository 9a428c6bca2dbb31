/* keymap.h - which key does what where: one const table for dispatch, help and
 * the line of hints. */
#ifndef SOCKDECK_UI_KEYMAP_H
#define SOCKDECK_UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the keys go. A key is looked for in the place that has the focus, then in
 * what the place falls back to, at last anywhere. */
enum place {
    PLACE_ANYWHERE,
    PLACE_PROMPT,
    PLACE_LIST,                 /* whatever scrolls */
    PLACE_PANE,                 /* any pane; falls back to PLACE_LIST */
    PLACE_CONNECTIONS, PLACE_MESSAGES, PLACE_EVENTS, PLACE_CALLS,   /* fall back to PLACE_PANE */
    PLACE_OVERLAY,              /* falls back to PLACE_LIST */
    PLACE_COUNT
};

struct binding {
    uint32_t key;
    enum place place;
    const char *command;        /* a display verb with its words, or a command */
    const char *help;           /* one line */
    const char *hint;           /* a word for the line of hints, NULL: not there */
    bool asks;                  /* first asks; the same key again does it */
};

extern const struct binding keymap[];   /* key 0 at the end */

const struct binding *keymap_find(enum place place, uint32_t key);
enum place keymap_parent(enum place place);     /* PLACE_ANYWHERE is its own */
const char *keymap_place_name(enum place place);        /* "in a pane" */

#endif
