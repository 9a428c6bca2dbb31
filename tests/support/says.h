/* says.h - the sentence of a record made by hand, against what it should say. */
#ifndef SOCKDECK_TESTS_SAYS_H
#define SOCKDECK_TESTS_SAYS_H

#include "made_record.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/model/sentence.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/settings.h"

/* Checks the sentence of a record and frees it. */
static inline void
says_with(const struct model *model, size_t max_data, struct event *event, const char *expected)
{
    struct buffer out = { 0 };

    assert_int_equal(sentence_write(&out, event, max_data, model), 0);
    assert_int_equal(buffer_add(&out, "", 1), 0);
    assert_string_equal(buffer_data(&out), expected);
    buffer_fini(&out);
    test_free(event);
}

static inline void
says(struct event *event, const char *expected)
{
    says_with(NULL, 0, event, expected);
}

static inline uint32_t
mode_named(const char *name)
{
    return mode_index(mode_find(name));
}

/* A dialled #1 to our own L1, which has the handler and accepted it as #2. */
static inline struct model *
console_with(enum handler_id handler)
{
    struct model *model = model_new(MODEL_MEMORY_DEFAULT);
    struct settings settings;
    struct event *event = record_of_text(EVENT_LISTENING, "127.0.0.1:10001");

    event->listener = 1;
    event->u.listening = (struct event_listening) { mode_named("serial"), 1, 128 };
    record_apply(model, event);
    record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:10001", "127.0.0.1:2"));
    event = record_of_peers(EVENT_ACCEPTED, 2, "127.0.0.1:2", "127.0.0.1:10001");
    event->listener = 1;
    record_apply(model, event);
    settings_init(&settings);
    settings.handler = (uint8_t)handler;
    record_apply(model, record_new(EVENT_SETTINGS, 2, &settings, sizeof(settings)));
    return model;
}

#endif
