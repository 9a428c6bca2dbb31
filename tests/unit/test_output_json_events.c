/* test_output_json_events.c - the JSON form: what each event has of its own. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdint.h>
#include <locale.h>
#include <jansson.h>

#include "json_lines.h"
#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/mode.h"

static void
a_verdict_has_all_its_numbers(void **state)
{
    struct event *event = record_new(EVENT_CLOSED, 1, NULL, 0);
    json_t *object;

    (void)state;
    event->u.closed = (struct event_closed) {
        .in = 4, .out = UINT64_C(5000000000), .open_ns = 1234567891, .unacked = 3,
        .by = BY_TIMEOUT, .how = HOW_RST,
    };
    object = json_lines_of(event);
    assert_string_equal(json_lines_string(object, "by"), "timeout");
    assert_string_equal(json_lines_string(object, "how"), "rst");
    assert_json_whole(object, "in", 4);
    assert_json_whole(object, "out", 5000000000);
    assert_json_whole(object, "unacked", 3);
    assert_json_real(object, "seconds", 1.234567891);
    assert_null(json_object_get(object, "uncertain"));
    json_decref(object);
}

static void
an_uncertain_verdict_says_so(void **state)
{
    struct event *event = record_new(EVENT_CLOSED, 1, NULL, 0);
    json_t *object;

    (void)state;
    event->u.closed.uncertain = 1;
    object = json_lines_of(event);
    assert_true(json_is_true(json_object_get(object, "uncertain")));
    assert_json_whole(object, "unacked", 0);
    json_decref(object);
}

static void
a_timeout_has_kind_limit_and_measure(void **state)
{
    struct event *event = record_new(EVENT_TIMEOUT, 1, NULL, 0);
    json_t *object;

    (void)state;
    event->u.timeout = (struct event_timeout) {
        TIMEOUT_READ, 1, 500 * NS_PER_MS, 501 * NS_PER_MS, 0,
    };
    object = json_lines_of(event);
    assert_string_equal(json_lines_string(object, "kind"), "read");
    assert_json_real(object, "limit", 0.5);
    assert_json_real(object, "after", 0.501);
    assert_true(json_is_true(json_object_get(object, "closes")));
    assert_null(json_object_get(object, "taken"));
    json_decref(object);
}

static void
an_error_has_call_errno_message_and_severity(void **state)
{
    struct event *event = record_new(EVENT_ERROR, 1, NULL, 0);
    json_t *object;

    (void)state;
    event->u.error = (struct event_error) { ECONNREFUSED, CALL_CONNECT, SEVERITY_ERROR, 0 };
    object = json_lines_of(event);
    assert_string_equal(json_lines_string(object, "call"), "connect");
    assert_string_equal(json_lines_string(object, "errno"), "ECONNREFUSED");
    assert_string_equal(json_lines_string(object, "message"), "Connection refused");
    assert_string_equal(json_lines_string(object, "severity"), "error");
    json_decref(object);
}

static void
the_last_ping_has_the_summary_in_seconds(void **state)
{
    const struct ping_summary sum = { 3, 2, 1, 7, 81000, 90000, 88000, 101000, 101000 };
    struct event *event = record_new(EVENT_PING, 1, &sum, sizeof(sum));
    json_t *object, *summary;

    (void)state;
    event->u.ping = (struct event_ping) { 3, 4, 101000, 1000 };
    event->flags = EVENT_LAST;
    object = json_lines_of(event);
    assert_json_whole(object, "seq", 3);
    assert_json_real(object, "rtt", 0.000101);
    assert_null(json_object_get(object, "lost"));
    summary = json_object_get(object, "summary");
    assert_json_whole(summary, "sent", 3);
    assert_json_whole(summary, "replied", 2);
    assert_json_whole(summary, "lost", 1);
    assert_json_real(summary, "min", 0.000081);
    assert_json_real(summary, "max", 0.000101);
    assert_int_equal(json_object_size(summary), 8);
    json_decref(object);
}

static void
a_lost_ping_has_no_time(void **state)
{
    struct event *event = record_new(EVENT_PING, 1, NULL, 0);
    json_t *object;

    (void)state;
    event->u.ping = (struct event_ping) { 1, 4, -1, 1000 };
    object = json_lines_of(event);
    assert_true(json_is_true(json_object_get(object, "lost")));
    assert_null(json_object_get(object, "rtt"));
    assert_null(json_object_get(object, "summary"));
    json_decref(object);
}

static void
a_worker_has_its_state_and_what_ended_it(void **state)
{
    struct event *event = record_new(EVENT_WORKER, 0, NULL, 0);
    json_t *object;

    (void)state;
    event->u.worker.state = WORKER_KILLED;
    event->u.worker.signal = 9;
    object = json_lines_of(event);
    assert_string_equal(json_lines_string(object, "state"), "killed");
    assert_json_whole(object, "signal", 9);
    assert_null(json_object_get(object, "status"));
    json_decref(object);
}

static void
a_queue_says_whether_it_is_full(void **state)
{
    struct event *event = record_new(EVENT_QUEUE, 0, NULL, 0);
    json_t *object;

    (void)state;
    event->listener = 1;
    event->u.queue = (struct event_queue) { QUEUE_FULL, 6, 5 };
    object = json_lines_of(event);
    assert_json_whole(object, "waiting", 6);
    assert_json_whole(object, "limit", 5);
    assert_true(json_is_true(json_object_get(object, "full")));
    json_decref(object);
}

static void
the_sentence_may_ask_the_model(void **state)
{
    struct model *model = model_new(1 << 20);
    struct event *event = record_new(EVENT_LISTENING, 0, "127.0.0.1:1", 12);
    json_t *object;

    (void)state;
    event->listener = 1;
    event->u.listening = (struct event_listening) { mode_index(mode_find("serial")), 1, 5 };
    record_apply(model, event);
    event = record_new(EVENT_QUEUE, 0, NULL, 0);
    event->listener = 1;
    event->u.queue = (struct event_queue) { QUEUE_WAITING, 1, 5 };
    output_event(json_lines_output(), model, event, JSON_LINES_WALL_NS);
    test_free(event);
    model_free(model);
    json_lines_finish();
    object = json_lines_next();
    assert_string_equal(json_lines_string(object, "text"),
                        "L1: 1 client is connected but not accepted (serial serves one at a time)");
    json_decref(object);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        JSON_LINES_TEST(a_verdict_has_all_its_numbers),
        JSON_LINES_TEST(an_uncertain_verdict_says_so),
        JSON_LINES_TEST(a_timeout_has_kind_limit_and_measure),
        JSON_LINES_TEST(an_error_has_call_errno_message_and_severity),
        JSON_LINES_TEST(the_last_ping_has_the_summary_in_seconds),
        JSON_LINES_TEST(a_lost_ping_has_no_time),
        JSON_LINES_TEST(a_worker_has_its_state_and_what_ended_it),
        JSON_LINES_TEST(a_queue_says_whether_it_is_full),
        JSON_LINES_TEST(the_sentence_may_ask_the_model),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("output_json, events", tests, NULL, NULL);
}
