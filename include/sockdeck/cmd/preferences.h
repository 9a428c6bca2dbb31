/* preferences.h - what `set` knows: one const table, one value each. One thread: the
 * console's. A place is a preference's enum preference_id. */
#ifndef SOCKDECK_CMD_PREFERENCES_H
#define SOCKDECK_CMD_PREFERENCES_H

#include <stdint.h>

#include "sockdeck/cmd/args.h"

struct console;
struct error;
struct table;

enum preference_id {
    PREFERENCE_ASCII,
    PREFERENCE_EVENT_BYTES,
    PREFERENCE_LADDER,
    PREFERENCE_MAX_CONNECTIONS,
    PREFERENCE_MEMORY,
    PREFERENCE_MOTION,
    PREFERENCE_MOUSE,
    PREFERENCE_RESOLVE_TIMEOUT,
    PREFERENCE_SORT,
    PREFERENCE_STOP_ON_ERROR,
    PREFERENCE_THEME,
    PREFERENCE_TIME,
    PREFERENCE_VIEW,
    PREFERENCES
};

/* The places of words, for who lets a preference take effect. */
enum sort_order { SORT_ID, SORT_PEER, SORT_STATE, SORT_IN, SORT_OUT, SORT_RTT, SORT_AGE,
                  SORT_ORDERS };
enum { THEME_AUTO };            /* the place before those of the themes */

struct preferences {
    int64_t values[PREFERENCES];
    char texts[PREFERENCES][32];        /* the same as words */
};

choice_list choice_preferences;
choice_list choice_sorts, choice_themes, choice_views;

void preferences_init(struct preferences *preferences);

/* The place of a name or unique prefix, or -EINVAL with a sentence. */
int preference_find(const char *name, struct error *err);
/* Reads a value, keeps it and lets it take effect. 0 or negative with a sentence; *request
 * is replied to once it holds everywhere, 0: it does already. */
int preference_set(struct console *console, int place, const char *word, uint32_t *request,
                   struct error *err);
/* What its value may be, NULL when that is not one of several words. */
choice_list *preference_choices(int place);
/* Adds a row: name, value, summary. */
void preference_row(const struct preferences *preferences, int place, struct table *table);

#endif
