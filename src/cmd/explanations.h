/* explanations.h - the files of the table behind `explain`. */
#ifndef SOCKDECK_SRC_CMD_EXPLANATIONS_H
#define SOCKDECK_SRC_CMD_EXPLANATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/cmd/choice.h"
#include "sockdeck/cmd/explain.h"

/* Marks what is to be translated. */
#define N_(text) text

#define EXPLANATIONS(list) { (list), sizeof(list) / sizeof((list)[0]) }

struct explanation_list { const struct explanation *list; size_t count; };

extern const struct explanation_list explained_errnos, explained_timeouts, explained_events,
    explained_calls, explained_states, explained_modes, explained_counters,
    explained_results, explained_terms;

enum { LISTED_TEXT = 96 };

/* A word that another table of the program lists: a command, a key, a field ... */
struct listed_word {
    struct choice word;
    bool stands_back;           /* where an entry has the word as its name */
    char is[LISTED_TEXT], from[LISTED_TEXT], attempt[LISTED_TEXT];      /* "": nothing to say */
};

/* Fills in the i-th of all such words; false behind the last. */
bool explained_elsewhere(size_t i, struct listed_word *listed);

#endif
