/* filter.h - which records a person wants to see: `conn=3 dir=in text~ping len>100`.
 *
 * All terms must hold. A term is asked only of records that can answer it: `len` and
 * `dir` of messages, `severity` of events and calls, `kind` of the records of the pane
 * that has that kind; so `kind=timeout` leaves the messages alone. Pure. */
#ifndef SOCKDECK_MODEL_FILTER_H
#define SOCKDECK_MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/needle.h"

struct buffer;
struct error;
struct event;
struct model;

enum filter_field {
    FILTER_CONN, FILTER_LISTENER, FILTER_WORKER, FILTER_DIR, FILTER_KIND, FILTER_SEVERITY,
    FILTER_LEN, FILTER_TEXT, FILTER_FIELDS
};

enum filter_test { FILTER_EQUAL, FILTER_UNEQUAL, FILTER_LESS, FILTER_MORE, FILTER_LEAST,
                   FILTER_MOST, FILTER_HAS, FILTER_LACKS };

struct filter_term {
    enum filter_field field;
    enum filter_test test;
    uint64_t number;            /* an id, a length, or the place of a word */
    struct needle text;
};

enum { FILTER_TERMS = 8 };

struct filter {
    struct filter_term terms[FILTER_TERMS];
    size_t count;               /* 0: everything passes */
};

/* Reads a term behind those that are there. 0, or -EINVAL with a sentence that names the
 * word and what may stand there. */
int filter_add(struct filter *filter, const char *word, struct error *err);
void filter_add_connection(struct filter *filter, uint32_t conn);

/* scratch is for sentences; model (locked by the caller) completes them. */
bool filter_passes(const struct filter *filter, const struct event *event,
                   const struct model *model, struct buffer *scratch);

/* Whether the text is in a message's bytes, or in the sentence of another record. */
bool filter_has_text(const struct needle *needle, const struct event *event,
                     const struct model *model, struct buffer *scratch);

/* Whether any term is asked of the records of this pane (enum event_pane). */
bool filter_concerns(const struct filter *filter, int pane);

/* The terms as they would be typed: "conn=3 text~ping". */
void filter_write(char *buf, size_t size, const struct filter *filter);

/* Every field with the sign behind it, then the values that are words: "conn=", "len>",
 * "dir=in". false behind the last. */
bool filter_word(size_t i, const char **word, const char **summary);

#endif
