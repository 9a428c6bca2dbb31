/* explanations.h - the files of the table behind `explain`. */
#ifndef SOCKDECK_SRC_CMD_EXPLANATIONS_H
#define SOCKDECK_SRC_CMD_EXPLANATIONS_H

#include "sockdeck/cmd/explain.h"

/* Marks what is to be translated. */
#define N_(text) text

#define EXPLANATIONS(list) { (list), sizeof(list) / sizeof((list)[0]) }

struct explanation_list { const struct explanation *list; size_t count; };

extern const struct explanation_list explained_errnos, explained_timeouts, explained_events,
    explained_calls, explained_states, explained_modes, explained_counters,
    explained_results;

#endif
