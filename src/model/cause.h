/* cause.h - why it came to a record, as far as this console knows: the end of a
 * sentence. Private to the model. */
#ifndef SOCKDECK_SRC_MODEL_CAUSE_H
#define SOCKDECK_SRC_MODEL_CAUSE_H

struct buffer;
struct event;
struct model;

/* Adds it; model may be NULL. 1, 0 when nothing is known, or -ENOMEM. */
int cause_write(struct buffer *out, const struct event *event, const struct model *model);

#endif
