/* output_private.h - the two forms of a line, and what they share. */
#ifndef SOCKDECK_SRC_CMD_OUTPUT_PRIVATE_H
#define SOCKDECK_SRC_CMD_OUTPUT_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/status.h"

struct event;
struct model;
struct table;

/* Where lines are made. One owner at a time. */
struct lines {
    struct buffer *out;         /* the queue: whole lines, each with its newline */
    struct buffer sentence;     /* of the line that is made */
    size_t event_bytes;         /* the most of a message that is shown */
    int64_t start_ns;
    int64_t second;             /* whose clock text is kept: it changes but once a second */
    char second_text[32];
    size_t subject_columns;     /* the widest so far, so that lines align */
};

/* A form adds lines to lines->out: 0 or -ENOMEM (the caller cuts off a half line).
 * A NULL member writes nothing. */
struct form {
    int (*start)(struct lines *lines, int64_t wall_ns, int64_t mono_ns);
    int (*event)(struct lines *lines, const struct event *event, int64_t wall_ns,
                 const struct model *model);
    int (*table)(struct lines *lines, const struct table *table, int64_t wall_ns,
                 int64_t mono_ns);
    int (*done)(struct lines *lines, uint32_t n, const char *command, enum status status,
                int64_t wall_ns, int64_t mono_ns);
};

extern const struct form output_text, output_json;

void lines_init(struct lines *lines, size_t event_bytes, int64_t start_ns);
void lines_fini(struct lines *lines);

/* The text that format gives for the second of wall_ns; *ns: the rest of it. */
const char *lines_second(struct lines *lines, int64_t wall_ns,
                         void (*format)(char *buf, int64_t wall_ns), int64_t *ns);

#endif
