/* test_output_json.c - the JSON form: every line is an object that a parser takes, with
 * the fields of the contract. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/mode.h"

#include "made_record.h"

/* 2026-11-24T20:14:32.123456Z */
#define WALL_NS INT64_C(1795551272123456789)

static FILE *file;
static struct output *output;

static int
open_output(void **state)
{
    struct output_options options = {
        .json = true, .event_bytes = 4096, .start_ns = 1000 * NS_PER_S,
    };

    (void)state;
    file = tmpfile();
    options.fd = fileno(file);
    return output_open(&output, &options, NULL);
}

static int
close_file(void **state)
{
    (void)state;
    return fclose(file);
}

/* What was written is ASCII, one line, and an object; free it with json_decref. */
static json_t *
next_line(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n = getline(&line, &size, file);
    json_error_t error;
    json_t *object;

    assert_true(n > 0);
    assert_int_equal(line[n - 1], '\n');
    for (ssize_t i = 0; i < n - 1; i++)
        assert_true(line[i] >= ' ' && line[i] < 0x7f);
    object = json_loads(line, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (object == NULL)
        fail_msg("%s: %s", error.text, line);
    assert_true(json_is_object(object));
    free(line);
    return object;
}

static void
finish(void)
{
    output_close(output);
    rewind(file);
}

/* The object of a record, which it frees. */
static json_t *
object_of(struct event *event)
{
    json_t *object;

    output_event(output, NULL, event, WALL_NS);
    test_free(event);
    finish();
    object = next_line();
    assert_int_equal(fgetc(file), EOF);
    return object;
}

static const char *
string_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (text == NULL)
        fail_msg("no string %s", name);
    return text;
}

static void
assert_real(const json_t *object, const char *name, double expected)
{
    assert_true(json_is_real(json_object_get(object, name)));
    assert_true(json_real_value(json_object_get(object, name)) == expected);
}

static void
assert_whole(const json_t *object, const char *name, long long expected)
{
    assert_true(json_is_integer(json_object_get(object, name)));
    assert_int_equal(json_integer_value(json_object_get(object, name)), expected);
}

static void
every_object_has_the_times_and_who(void **state)
{
    struct event *event = record_of_message(EVENT_RECEIVED, 3, "ping", 4);
    json_t *object, *worker;

    (void)state;
    event->stamp_ns = 1001 * NS_PER_S + 500 * NS_PER_US;
    event->listener = 1;
    event->worker = 2;
    event->pid = 123;
    event->tid = 124;
    object = object_of(event);
    assert_string_equal(string_in(object, "time"), "2026-11-24T20:14:32.123456Z");
    assert_real(object, "mono", 1.0005);
    assert_string_equal(string_in(object, "event"), "received");
    assert_whole(object, "conn", 3);
    assert_string_equal(string_in(object, "listener"), "L1");
    worker = json_object_get(object, "worker");
    assert_whole(worker, "pid", 123);
    assert_whole(worker, "tid", 124);
    assert_string_equal(string_in(worker, "id"), "W2");
    assert_whole(object, "bytes", 4);
    assert_string_equal(string_in(object, "data"), "ping");
    assert_string_equal(string_in(object, "text"), "received 4 bytes \"ping\"");
    assert_null(json_object_get(object, "truncated"));
    json_decref(object);
}

static void
what_does_not_apply_is_left_out(void **state)
{
    json_t *object = object_of(record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:9", ""));

    (void)state;
    assert_string_equal(string_in(object, "peer"), "127.0.0.1:9");
    assert_null(json_object_get(object, "local"));
    assert_null(json_object_get(object, "listener"));
    assert_null(json_object_get(object, "worker"));
    assert_null(json_object_get(object, "seconds"));
    json_decref(object);
}

static void
the_first_line_tells_schema_version_and_pid(void **state)
{
    json_t *object;

    (void)state;
    output_start(output);
    finish();
    object = next_line();
    assert_string_equal(string_in(object, "event"), "start");
    assert_whole(object, "schema", 1);
    assert_string_equal(string_in(object, "version"), PACKAGE_VERSION);
    assert_whole(object, "pid", getpid());
    json_decref(object);
}

static void
bytes_that_are_not_utf8_are_hex(void **state)
{
    json_t *object = object_of(record_of_message(EVENT_SENT, 1, "\xff\x00p", 3));

    (void)state;
    assert_string_equal(string_in(object, "hex"), "ff0070");
    assert_null(json_object_get(object, "data"));
    json_decref(object);
}

static void
all_characters_come_back_from_ascii(void **state)
{
    static const char text[] = "\x01\t\n\"\\/\x7f \xd0\xb6 \xe2\x82\xac \xf0\x9f\x98\x80";
    json_t *object = object_of(record_of_message(EVENT_RECEIVED, 1, text, sizeof(text)));
    json_t *data = json_object_get(object, "data");

    (void)state;
    assert_int_equal(json_string_length(data), sizeof(text));
    assert_memory_equal(json_string_value(data), text, sizeof(text));
    json_decref(object);
}

static void
a_part_ends_with_a_whole_character_and_says_so(void **state)
{
    json_t *object;

    (void)state;
    output_set_event_bytes(output, 4);
    object = object_of(record_of_message(EVENT_RECEIVED, 1, "pi\xe2\x82\xac!", 6));
    assert_string_equal(string_in(object, "data"), "pi");
    assert_true(json_is_true(json_object_get(object, "truncated")));
    assert_whole(object, "bytes", 6);
    assert_string_equal(string_in(object, "text"), "received 6 bytes \"pi\"... (2 shown)");
    json_decref(object);
}

static void
a_record_that_was_cut_says_so(void **state)
{
    struct event *event = record_of_message(EVENT_RECEIVED, 1, "ping", 4);
    json_t *object;

    (void)state;
    event->u.message.bytes = 9000;
    event->flags = EVENT_CUT;
    object = object_of(event);
    assert_string_equal(string_in(object, "data"), "ping");
    assert_true(json_is_true(json_object_get(object, "truncated")));
    json_decref(object);
}

static void
bytes_that_were_left_out_are_neither_data_nor_hex(void **state)
{
    struct event *event = record_of_message(EVENT_RECEIVED, 1, NULL, 0);
    json_t *object;

    (void)state;
    event->u.message.bytes = 9000;
    event->flags = EVENT_LEFT_OUT;
    object = object_of(event);
    assert_null(json_object_get(object, "data"));
    assert_null(json_object_get(object, "hex"));
    assert_true(json_is_true(json_object_get(object, "truncated")));
    assert_whole(object, "bytes", 9000);
    json_decref(object);
}

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
    object = object_of(event);
    assert_string_equal(string_in(object, "by"), "timeout");
    assert_string_equal(string_in(object, "how"), "rst");
    assert_whole(object, "in", 4);
    assert_whole(object, "out", 5000000000);
    assert_whole(object, "unacked", 3);
    assert_real(object, "seconds", 1.234567891);
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
    object = object_of(event);
    assert_true(json_is_true(json_object_get(object, "uncertain")));
    assert_whole(object, "unacked", 0);
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
    object = object_of(event);
    assert_string_equal(string_in(object, "kind"), "read");
    assert_real(object, "limit", 0.5);
    assert_real(object, "after", 0.501);
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
    object = object_of(event);
    assert_string_equal(string_in(object, "call"), "connect");
    assert_string_equal(string_in(object, "errno"), "ECONNREFUSED");
    assert_string_equal(string_in(object, "message"), "Connection refused");
    assert_string_equal(string_in(object, "severity"), "error");
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
    object = object_of(event);
    assert_whole(object, "seq", 3);
    assert_real(object, "rtt", 0.000101);
    assert_null(json_object_get(object, "lost"));
    summary = json_object_get(object, "summary");
    assert_whole(summary, "sent", 3);
    assert_whole(summary, "replied", 2);
    assert_whole(summary, "lost", 1);
    assert_real(summary, "min", 0.000081);
    assert_real(summary, "max", 0.000101);
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
    object = object_of(event);
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
    object = object_of(event);
    assert_string_equal(string_in(object, "state"), "killed");
    assert_whole(object, "signal", 9);
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
    object = object_of(event);
    assert_whole(object, "waiting", 6);
    assert_whole(object, "limit", 5);
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
    output_event(output, model, event, WALL_NS);
    test_free(event);
    model_free(model);
    finish();
    object = next_line();
    assert_string_equal(string_in(object, "text"), "L1: 1 client is connected but not accepted "
                                                   "(serial serves one at a time)");
    json_decref(object);
}

static void
a_table_is_an_array_of_objects(void **state)
{
    static const struct column columns[] = {
        { "id", "ID", true }, { "peer", "PEER", false }, { "age", "AGE", true },
        { "dialled", "DIALLED", false }, { "rate", "RATE", true },
    };
    struct table table;
    json_t *object, *row;

    (void)state;
    table_init(&table, "connections", columns, 5);
    table_row(&table);
    table_number(&table, 0, 3);
    table_text(&table, 1, "a \"b\"");
    table_seconds(&table, 2, 1500 * NS_PER_MS);
    table_bool(&table, 3, true);
    table_number(&table, 4, 0.25);
    table_row(&table);
    output_table(output, &table, WALL_NS);
    table_fini(&table);
    finish();
    object = next_line();
    assert_string_equal(string_in(object, "event"), "table");
    assert_string_equal(string_in(object, "name"), "connections");
    assert_int_equal(json_array_size(json_object_get(object, "rows")), 2);
    row = json_array_get(json_object_get(object, "rows"), 0);
    assert_whole(row, "id", 3);
    assert_string_equal(string_in(row, "peer"), "a \"b\"");
    assert_real(row, "age", 1.5);
    assert_true(json_is_true(json_object_get(row, "dialled")));
    assert_real(row, "rate", 0.25);
    row = json_array_get(json_object_get(object, "rows"), 1);
    assert_int_equal(json_object_size(row), 0);
    json_decref(object);
}

static void
the_end_of_a_command_has_its_number_and_status(void **state)
{
    json_t *object;

    (void)state;
    output_done(output, 2, "send \"\xff\"", STATUS_TIMEOUT, WALL_NS);
    output_failed(output, "conect 9", "unknown command: conect", STATUS_USAGE, WALL_NS);
    finish();
    object = next_line();
    assert_string_equal(string_in(object, "event"), "done");
    assert_whole(object, "n", 2);
    assert_string_equal(string_in(object, "command"), "send \"\xef\xbf\xbd\"");
    assert_whole(object, "status", 28);
    json_decref(object);
    object = next_line();
    assert_string_equal(string_in(object, "event"), "failed");
    assert_string_equal(string_in(object, "command"), "conect 9");
    assert_string_equal(string_in(object, "message"), "unknown command: conect");
    assert_whole(object, "status", 2);
    json_decref(object);
}

static void
internal_records_write_nothing(void **state)
{
    struct event *event = record_new(EVENT_REPLY, 0, NULL, 0);

    (void)state;
    output_event(output, NULL, event, WALL_NS);
    test_free(event);
    finish();
    assert_int_equal(fgetc(file), EOF);
}

static uint32_t
random_next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void
random_bytes_never_break_a_line(void **state)
{
    enum { LINES = 3000 };
    char data[300];
    uint32_t seed = 1;

    (void)state;
    output_set_event_bytes(output, 200);
    for (int i = 0; i < LINES; i++) {
        size_t n = random_next(&seed) % sizeof(data);
        struct event *event;

        for (size_t j = 0; j < n; j++)
            data[j] = (char)random_next(&seed);
        event = record_new((enum event_type)(i % EVENT_TYPE_COUNT), 1, data, n);
        for (size_t j = 0; j < sizeof(event->u); j++)
            ((char *)&event->u)[j] = (char)random_next(&seed);
        event->flags = (uint16_t)(random_next(&seed) & (EVENT_CUT | EVENT_LEFT_OUT | EVENT_LAST));
        output_event(output, NULL, event, WALL_NS + i);
        test_free(event);
    }
    finish();
    for (int i = 0; i < LINES; i++)
        if (event_infos[i % EVENT_TYPE_COUNT].pane != PANE_INTERNAL)
            json_decref(next_line());
    assert_int_equal(fgetc(file), EOF);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_output, close_file)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_object_has_the_times_and_who),
        TEST(what_does_not_apply_is_left_out),
        TEST(the_first_line_tells_schema_version_and_pid),
        TEST(bytes_that_are_not_utf8_are_hex),
        TEST(all_characters_come_back_from_ascii),
        TEST(a_part_ends_with_a_whole_character_and_says_so),
        TEST(a_record_that_was_cut_says_so),
        TEST(bytes_that_were_left_out_are_neither_data_nor_hex),
        TEST(a_verdict_has_all_its_numbers),
        TEST(an_uncertain_verdict_says_so),
        TEST(a_timeout_has_kind_limit_and_measure),
        TEST(an_error_has_call_errno_message_and_severity),
        TEST(the_last_ping_has_the_summary_in_seconds),
        TEST(a_lost_ping_has_no_time),
        TEST(a_worker_has_its_state_and_what_ended_it),
        TEST(a_queue_says_whether_it_is_full),
        TEST(the_sentence_may_ask_the_model),
        TEST(a_table_is_an_array_of_objects),
        TEST(the_end_of_a_command_has_its_number_and_status),
        TEST(internal_records_write_nothing),
        TEST(random_bytes_never_break_a_line),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("output_json", tests, NULL, NULL);
}
