/* fields.h - what the records of each type say, field by field: one declaration for
 * the JSON object and for the words of a sentence. Pure; any thread. */
#ifndef SOCKDECK_MODEL_FIELDS_H
#define SOCKDECK_MODEL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"

struct buffer;

enum value_kind {
    VALUE_ABSENT,
    VALUE_NUMBER,       /* number */
    VALUE_LIMIT,        /* number: ns as somebody set them, "5 s" */
    VALUE_MEASURED,     /* number: ns as they were measured, "5.003 s" */
    VALUE_BOOL,         /* number */
    VALUE_WORD,         /* text, size: ours, ASCII */
    VALUE_TEXT,         /* text, size: anything, to be rendered */
    VALUE_DATA,         /* text, size: what was kept of number bytes */
    VALUE_SUMMARY,      /* text: a struct ping_summary, not aligned */
    VALUE_ARGUMENTS,    /* event: a call's */
};

struct value {
    enum value_kind kind;
    int64_t number;
    const char *text;
    size_t size;
    const struct event *event;
    char buf[16];       /* text may point here: a value is not copied */
};

struct field {
    const char *name;                           /* in JSON and between { } */
    void (*read)(const struct field *field, const struct event *event, struct value *value);
    uint16_t offset;                            /* in struct event */
    bool spoken;                                /* for sentences only, not in JSON */
    const char *const *names;                   /* words for numbers below name_count */
    uint32_t name_count;
};

struct field_list {
    const struct field *fields;
    size_t count;
};

/* By type; and what all records have (connection, listener, worker, pid, tid), for
 * sentences. */
extern const struct field_list event_fields[EVENT_TYPE_COUNT];
extern const struct field_list event_common_fields;

/* Adds a value as a person reads it, at most max_data bytes of VALUE_DATA (0: all).
 * VALUE_ABSENT adds nothing. 0 or -ENOMEM. */
int value_write(struct buffer *out, const struct value *value, size_t max_data);

/* Adds decimal digits: printf is slow on the event path. */
int value_write_number(struct buffer *out, int64_t number);

#endif
