/* test_output_json.c - the JSON form: every line is an object that a parser takes, with the
 * fields of the contract. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>
#include <locale.h>
#include <jansson.h>

#include "json_lines.h"
#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/model/table.h"

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
    object = json_lines_of(event);
    assert_string_equal(json_lines_string(object, "time"), "2026-11-24T20:14:32.123456Z");
    assert_json_real(object, "mono", 1.0005);
    assert_string_equal(json_lines_string(object, "event"), "received");
    assert_json_whole(object, "conn", 3);
    assert_string_equal(json_lines_string(object, "listener"), "L1");
    worker = json_object_get(object, "worker");
    assert_json_whole(worker, "pid", 123);
    assert_json_whole(worker, "tid", 124);
    assert_string_equal(json_lines_string(worker, "id"), "W2");
    assert_json_whole(object, "bytes", 4);
    assert_string_equal(json_lines_string(object, "data"), "ping");
    assert_string_equal(json_lines_string(object, "text"), "received 4 bytes \"ping\"");
    assert_null(json_object_get(object, "truncated"));
    json_decref(object);
}

static void
what_does_not_apply_is_left_out(void **state)
{
    json_t *object = json_lines_of(record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:9", ""));

    (void)state;
    assert_string_equal(json_lines_string(object, "peer"), "127.0.0.1:9");
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
    output_start(json_lines_output());
    json_lines_finish();
    object = json_lines_next();
    assert_string_equal(json_lines_string(object, "event"), "start");
    assert_json_whole(object, "schema", 1);
    assert_string_equal(json_lines_string(object, "version"), PACKAGE_VERSION);
    assert_json_whole(object, "pid", getpid());
    json_decref(object);
}

static void
bytes_that_are_not_utf8_are_hex(void **state)
{
    json_t *object = json_lines_of(record_of_message(EVENT_SENT, 1, "\xff\x00p", 3));

    (void)state;
    assert_string_equal(json_lines_string(object, "hex"), "ff0070");
    assert_null(json_object_get(object, "data"));
    json_decref(object);
}

static void
all_characters_come_back_from_ascii(void **state)
{
    static const char text[] = "\x01\t\n\"\\/\x7f \xd0\xb6 \xe2\x82\xac \xf0\x9f\x98\x80";
    json_t *object = json_lines_of(record_of_message(EVENT_RECEIVED, 1, text, sizeof(text)));
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
    output_set_event_bytes(json_lines_output(), 4);
    object = json_lines_of(record_of_message(EVENT_RECEIVED, 1, "pi\xe2\x82\xac!", 6));
    assert_string_equal(json_lines_string(object, "data"), "pi");
    assert_true(json_is_true(json_object_get(object, "truncated")));
    assert_json_whole(object, "bytes", 6);
    assert_string_equal(json_lines_string(object, "text"), "received 6 bytes \"pi\"... (2 shown)");
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
    object = json_lines_of(event);
    assert_string_equal(json_lines_string(object, "data"), "ping");
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
    object = json_lines_of(event);
    assert_null(json_object_get(object, "data"));
    assert_null(json_object_get(object, "hex"));
    assert_true(json_is_true(json_object_get(object, "truncated")));
    assert_json_whole(object, "bytes", 9000);
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
    output_table(json_lines_output(), &table, JSON_LINES_WALL_NS);
    table_fini(&table);
    json_lines_finish();
    object = json_lines_next();
    assert_string_equal(json_lines_string(object, "event"), "table");
    assert_string_equal(json_lines_string(object, "name"), "connections");
    assert_int_equal(json_array_size(json_object_get(object, "rows")), 2);
    row = json_array_get(json_object_get(object, "rows"), 0);
    assert_json_whole(row, "id", 3);
    assert_string_equal(json_lines_string(row, "peer"), "a \"b\"");
    assert_json_real(row, "age", 1.5);
    assert_true(json_is_true(json_object_get(row, "dialled")));
    assert_json_real(row, "rate", 0.25);
    row = json_array_get(json_object_get(object, "rows"), 1);
    assert_int_equal(json_object_size(row), 0);
    json_decref(object);
}

static void
the_end_of_a_command_has_its_number_and_status(void **state)
{
    json_t *object;

    (void)state;
    output_done(json_lines_output(), 2, "send \"\xff\"", STATUS_TIMEOUT, JSON_LINES_WALL_NS);
    output_failed(json_lines_output(), "conect 9", "unknown command: conect", STATUS_USAGE,
                  JSON_LINES_WALL_NS);
    json_lines_finish();
    object = json_lines_next();
    assert_string_equal(json_lines_string(object, "event"), "done");
    assert_json_whole(object, "n", 2);
    assert_string_equal(json_lines_string(object, "command"), "send \"\xef\xbf\xbd\"");
    assert_json_whole(object, "status", 28);
    json_decref(object);
    object = json_lines_next();
    assert_string_equal(json_lines_string(object, "event"), "failed");
    assert_string_equal(json_lines_string(object, "command"), "conect 9");
    assert_string_equal(json_lines_string(object, "message"), "unknown command: conect");
    assert_json_whole(object, "status", 2);
    json_decref(object);
}

static void
internal_records_write_nothing(void **state)
{
    struct event *event = record_new(EVENT_REPLY, 0, NULL, 0);

    (void)state;
    output_event(json_lines_output(), NULL, event, JSON_LINES_WALL_NS);
    test_free(event);
    json_lines_finish();
    json_lines_expect_end();
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
    output_set_event_bytes(json_lines_output(), 200);
    for (int i = 0; i < LINES; i++) {
        size_t n = random_next(&seed) % sizeof(data);
        struct event *event;

        for (size_t j = 0; j < n; j++)
            data[j] = (char)random_next(&seed);
        event = record_new((enum event_type)(i % EVENT_TYPE_COUNT), 1, data, n);
        for (size_t j = 0; j < sizeof(event->u); j++)
            ((char *)&event->u)[j] = (char)random_next(&seed);
        event->flags = (uint16_t)(random_next(&seed) & (EVENT_CUT | EVENT_LEFT_OUT | EVENT_LAST));
        output_event(json_lines_output(), NULL, event, JSON_LINES_WALL_NS + i);
        test_free(event);
    }
    json_lines_finish();
    for (int i = 0; i < LINES; i++)
        if (event_infos[i % EVENT_TYPE_COUNT].pane != PANE_INTERNAL)
            json_decref(json_lines_next());
    json_lines_expect_end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        JSON_LINES_TEST(every_object_has_the_times_and_who),
        JSON_LINES_TEST(what_does_not_apply_is_left_out),
        JSON_LINES_TEST(the_first_line_tells_schema_version_and_pid),
        JSON_LINES_TEST(bytes_that_are_not_utf8_are_hex),
        JSON_LINES_TEST(all_characters_come_back_from_ascii),
        JSON_LINES_TEST(a_part_ends_with_a_whole_character_and_says_so),
        JSON_LINES_TEST(a_record_that_was_cut_says_so),
        JSON_LINES_TEST(bytes_that_were_left_out_are_neither_data_nor_hex),
        JSON_LINES_TEST(a_table_is_an_array_of_objects),
        JSON_LINES_TEST(the_end_of_a_command_has_its_number_and_status),
        JSON_LINES_TEST(internal_records_write_nothing),
        JSON_LINES_TEST(random_bytes_never_break_a_line),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("output_json", tests, NULL, NULL);
}
