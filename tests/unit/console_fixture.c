/* console_fixture.c - see console_fixture.h. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console_fixture.h"
#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/options.h"

static void
keep(struct engine *engine, const struct request *request, const void *data)
{
    size_t i = engine->count++;

    assert_true(i < POSTED_MAX);
    assert_true(request->data_size <= REQUEST_DATA_MAX);
    engine->posted[i] = *request;
    engine->data[i] = malloc(request->data_size + 1);
    assert_non_null(engine->data[i]);
    if (request->data_size > 0)
        memcpy(engine->data[i], data, request->data_size);
    engine->data[i][request->data_size] = '\0';
}

uint32_t
engine_post(struct engine *engine, struct request *request, const void *data)
{
    request->id = (uint32_t)engine->count + 1;
    keep(engine, request, data);
    return request->id;
}

void
engine_tell(struct engine *engine, struct request *request, const void *data)
{
    request->id = 0;
    keep(engine, request, data);
}

void
engine_set_resolve_timeout(struct engine *engine, int64_t limit_ns)
{
    (void)engine;
    (void)limit_ns;
}

static void
take_record(void *ctx, struct event *event, const void *data, uint32_t n)
{
    struct fixture *f = ctx;
    const char *text = data;

    if (event->type == EVENT_MATCHED) {
        snprintf(f->matched, sizeof(f->matched), "%.*s", (int)n, text);
        return;
    }
    assert_int_equal(event->type, EVENT_FAILED);
    assert_true(f->failed_count < FAILED_MAX);
    f->status[f->failed_count] = event->u.reply.status;
    snprintf(f->failed[f->failed_count++], sizeof(f->failed[0]), "%s", text + strlen(text) + 1);
}

static void
take_diagnosis(void *ctx, const char *text)
{
    struct fixture *f = ctx;

    snprintf(f->told, sizeof(f->told), "%s", text);
}

int
fixture_set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    struct console_options options = {
        .engine = &f->engine,
        .publish = take_record,
        .publish_ctx = f,
        .diagnose = take_diagnosis,
        .diagnose_ctx = f,
    };

    f->model = options.model = model_new(1 << 22);
    f->console = console_new(&options);
    *state = f;
    return 0;
}

int
fixture_tear_down(void **state)
{
    struct fixture *f = *state;

    console_free(f->console);
    model_free(f->model);
    for (size_t i = 0; i < f->engine.count; i++)
        free(f->engine.data[i]);
    test_free(f);
    return 0;
}

void
fixture_step(struct fixture *f)
{
    console_step(f->console, clock_mono_ns());
}

void
fixture_reply(struct fixture *f, size_t i, int code, uint32_t object, uint32_t status,
              const char *text)
{
    struct event *event = record_new(EVENT_REPLY, 0, text, strlen(text) + 1);

    assert_true(i < f->engine.count);
    event->u.reply = (struct event_reply){ f->engine.posted[i].id, code, object, status };
    record_apply(f->model, event);
    fixture_step(f);
}

void
fixture_agree(struct fixture *f, size_t i)
{
    fixture_reply(f, i, 0, 0, 0, "");
}

void
fixture_open(struct fixture *f, uint32_t id)
{
    struct event *event = record_of_peers(EVENT_CONNECTED, id, "127.0.0.1:1", "127.0.0.1:2");

    event->flags = EVENT_DIALLED;
    record_apply(f->model, event);
}

void
fixture_open_listener(struct fixture *f, uint16_t id)
{
    struct event *event = record_new(EVENT_LISTENING, 0, "127.0.0.1:9", 12);

    event->listener = id;
    record_apply(f->model, event);
}

void
fixture_close(struct fixture *f, uint32_t id, enum status fate)
{
    struct event *event = record_new(EVENT_CLOSED, id, NULL, 0);

    event->u.closed.fate = (uint8_t)fate;
    record_apply(f->model, event);
}

void
fixture_receive(struct fixture *f, uint32_t id, const char *data, size_t n)
{
    record_apply(f->model, record_of_message(EVENT_RECEIVED, id, data, n));
}

void
fixture_run(struct fixture *f, const char *line)
{
    console_submit(f->console, line);
}

void
fixture_start(struct fixture *f, struct option_input *input)
{
    const struct options options = { .inputs = input, .input_count = 1 };

    console_start(f->console, &options, NULL, NULL);
}

void
fixture_source(struct fixture *f, const char *path)
{
    fixture_start(f, &(struct option_input) { .kind = OPTION_FILE, .text = path });
}

const struct request *
fixture_posted(struct fixture *f, size_t i, enum request_type type)
{
    assert_true(i < f->engine.count);
    assert_int_equal(f->engine.posted[i].type, type);
    return &f->engine.posted[i];
}

void
fixture_assert_failed(struct fixture *f, size_t i, enum status status, const char *message)
{
    assert_true(i < f->failed_count);
    assert_string_equal(f->failed[i], message);
    assert_int_equal(f->status[i], status);
}

void
fixture_assert_idle(struct fixture *f, enum status status)
{
    assert_false(console_is_busy(f->console));
    assert_int_equal(console_status(f->console), status);
}

void
fixture_run_out_of_time(struct fixture *f)
{
    int64_t limit = clock_mono_ns() + 5 * NS_PER_S;

    while (console_is_busy(f->console)) {
        assert_true(clock_mono_ns() < limit);
        assert_true(console_deadline(f->console) != CLOCK_NEVER);
        fixture_step(f);
    }
}
