/* made_model.h - a model and what happens in it, made by hand. For cmocka: *state is a
 * struct model. */
#ifndef SOCKDECK_TESTS_MADE_MODEL_H
#define SOCKDECK_TESTS_MADE_MODEL_H

#include <stdio.h>

#include "made_record.h"
#include "sockdeck/base/status.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/mode.h"

static inline int
model_begin(void **state)
{
    *state = model_new(MODEL_MEMORY_DEFAULT);
    return 0;
}

static inline int
model_end(void **state)
{
    model_free(*state);
    return 0;
}

static inline void
model_listen(struct model *model, uint16_t id, const char *address, const char *mode)
{
    struct event *event = record_new(EVENT_LISTENING, 0, address, strlen(address) + 1);

    event->listener = id;
    event->u.listening = (struct event_listening) { mode_index(mode_find(mode)), 1, 128 };
    record_apply(model, event);
}

static inline void
model_accept(struct model *model, uint32_t conn, uint16_t listener, uint16_t worker)
{
    char peer[32];
    struct event *event;

    snprintf(peer, sizeof(peer), "127.0.0.1:%u", 20000 + conn % 40000);
    event = record_of_peers(EVENT_ACCEPTED, conn, peer, "127.0.0.1:10001");
    event->listener = listener;
    event->worker = worker;
    event->pid = 100 + worker;
    event->tid = event->pid;
    record_apply(model, event);
}

static inline void
model_message(struct model *model, enum event_type type, uint32_t conn, const char *text)
{
    record_apply(model, record_of_message(type, conn, text, strlen(text)));
}

static inline void
model_close(struct model *model, uint32_t conn, uint64_t in, uint64_t out)
{
    struct event *event = record_new(EVENT_CLOSED, conn, NULL, 0);

    event->u.closed = (struct event_closed) {
        .in = in, .out = out, .by = BY_PEER, .how = HOW_FIN, .fate = STATUS_OK,
    };
    record_apply(model, event);
}

#define MODEL_TEST(name) cmocka_unit_test_setup_teardown(name, model_begin, model_end)

#endif
