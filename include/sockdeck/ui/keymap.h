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
    /* these fall back to PLACE_PANE */
    PLACE_CONNECTIONS, PLACE_WORKERS, PLACE_MESSAGES, PLACE_EVENTS, PLACE_CALLS,
    PLACE_OVERLAY,              /* falls back to PLACE_LIST */
    PLACE_COUNT
};

struct binding {
    uint32_t key;
    enum place place;
    const char *command;        /* of the table of commands, with its words */
    const char *help;           /* one line; of a key that a user has bound: the command */
    const char *hint;           /* a word for the line of hints, NULL: not there */
    bool asks;                  /* first asks; the same key again does it */
};

/* The keys as they are at first; key 0 at the end. */
extern const struct binding keymap_defaults[];

/* The keys as they are now: what a user has bound comes before the rest. */
struct keymap {
    struct binding *list;
    size_t count;
};

void keymap_init(struct keymap *keymap);
void keymap_fini(struct keymap *keymap);

/* What the key does in the place itself, NULL: nothing. */
const struct binding *keymap_at(const struct keymap *keymap, enum place place, uint32_t key);
/* The same there or in what the place falls back to. */
const struct binding *keymap_find(const struct keymap *keymap, enum place place, uint32_t key);

/* Gives a key another command, which is copied; NULL: what it had at first. */
void keymap_bind(struct keymap *keymap, enum place place, uint32_t key, const char *command,
                 bool asks);

enum place keymap_parent(enum place place);     /* PLACE_ANYWHERE is its own */
const char *keymap_place_name(enum place place);        /* "in a pane" */
/* The place by the word that `bind` uses: "pane"; -1: none. */
int keymap_place_find(const char *word);
const char *keymap_place_word(enum place place);

#endif
