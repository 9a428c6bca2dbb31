/* cause.h - why it came to a record, as far as this console knows: the end of a
 * sentence. Private to the model. */
#ifndef SOCKDECK_SRC_MODEL_CAUSE_H
#define SOCKDECK_SRC_MODEL_CAUSE_H

#include <stdbool.h>

struct buffer;
struct event;
struct model;

/* What is known changes with time (another mode, another handler), so a record is kept
 * with its cause as it was: true when the record is of such a kind. */
bool cause_is_of_its_time(const struct event *event);

/* Adds it, or the kept one (EVENT_EXPLAINED); model may be NULL. 1, 0 when nothing is known, or -ENOMEM. */
int cause_write(struct buffer *out, const struct event *event, const struct model *model);

#endif
