/* explain.h - what the words mean that the console shows: errnos, events, calls, TCP
 * states, modes, counters, timeouts, terms of the field, and what load and compare measure. One
 * const table, in files by kind; and the words that other tables list, with their summaries
 * there: commands, keys, handlers, preferences, fields of info, figures, counters of the
 * kernel. Pure; any thread. */
#ifndef SOCKDECK_CMD_EXPLAIN_H
#define SOCKDECK_CMD_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/cmd/choice.h"

struct buffer;
struct error;
struct event;
struct table;

enum explanation_kind { EXPLAINS_ERRNO, EXPLAINS_TIMEOUT, EXPLAINS_EVENT, EXPLAINS_CALL,
                        EXPLAINS_STATE, EXPLAINS_MODE, EXPLAINS_COUNTER, EXPLAINS_RESULT,
                        EXPLAINS_TERM, EXPLAINS_KINDS };

enum { EXPLANATION_CAUSES = 3 };

struct explanation {
    const char *word;           /* as it is shown; what is NULL below has nothing to say */
    const char *also;           /* other words for it, blanks between them */
    const char *means;
    const char *calls;          /* which call returns it */
    const char *causes[EXPLANATION_CAUSES];     /* the usual ones, the likeliest first */
    const char *const *look_at; /* what a table answers, and where; NULL behind the last */
    const char *attempt;        /* what to try here */
    const char *python;         /* the line of Python, and what it raises */
    choice_list *figures;       /* of a table, each with what it means; words of their own */
};

extern const char *const explanation_kind_names[EXPLAINS_KINDS];        /* "errno" "timeout" ... */

choice_list choice_explained;   /* every word, for completion and error lines */

/* Of that word in that kind, where it stands once, in whatever case, or NULL. */
const struct explanation *explain_find(enum explanation_kind kind, const char *word);
/* What explains a record best: an error its errno, a timeout its kind, any other its
 * type. NULL for an errno that has no entry. */
const struct explanation *explain_event(const struct event *event, enum explanation_kind *kind);

/* A new table with all that is known of a word, in whatever case, blanks, - and _ alike: every
 * kind that knows it, what else lists it, and any errno by its name or number. 0, or -ENOENT
 * with a sentence that names the nearest. */
int explain_fill(struct table *table, const char *word, struct error *err);
/* A new table about one record: its sentence first. */
void explain_fill_event(struct table *table, const struct event *event, const char *sentence);

/* Adds the rows of such a table from first on, as lines that fit on a small screen. */
void explain_write(struct buffer *text, const struct table *table, size_t first);

#endif
