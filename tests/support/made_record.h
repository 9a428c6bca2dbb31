/* made_record.h - records made by hand, for tests of what reads them. */
#ifndef SOCKDECK_TESTS_MADE_RECORD_H
#define SOCKDECK_TESTS_MADE_RECORD_H

#include <stdlib.h>
#include <string.h>

#include "sockdeck/event/event.h"
#include "sockdeck/model/model.h"

/* A record with n bytes of data, all else zero; test_free it. */
static inline struct event *
record_new(enum event_type type, uint32_t conn, const void *data, size_t n)
{
    struct event *event = test_calloc(1, EVENT_SIZE(n));

    event->size = EVENT_SIZE(n);
    event->type = (uint16_t)type;
    event->conn = conn;
    event->data_size = (uint32_t)n;
    if (n > 0)
        memcpy(event->data, data, n);
    return event;
}

static inline struct event *
record_of_text(enum event_type type, const char *text)
{
    return record_new(type, 0, text, strlen(text));
}

static inline struct event *
record_of_message(enum event_type type, uint32_t conn, const void *data, size_t n)
{
    struct event *event = record_new(type, conn, data, n);

    event->u.message.bytes = n;
    return event;
}

static inline struct event *
record_of_peers(enum event_type type, uint32_t conn, const char *peer, const char *local)
{
    char data[2 * ADDRESS_TEXT];
    size_t n = strlen(peer) + 1, m = strlen(local) + 1;

    memcpy(data, peer, n);
    memcpy(data + n, local, m);
    return record_new(type, conn, data, n + m);
}

/* Applies one record and frees it. */
static inline void
record_apply(struct model *model, struct event *event)
{
    const struct event *batch[] = { event };

    model_apply(model, batch, 1, 0);
    test_free(event);
}

#endif
