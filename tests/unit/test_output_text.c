/* test_output_text.c - the text form: lines that align, and hold nothing that a
 * terminal would obey. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"

#include "made_record.h"

/* 20:14:32.123 UTC */
#define WALL_NS INT64_C(1795551272123456789)

static FILE *file;
static struct output *output;
static char *line;
static size_t line_size;

static int
open_output(void **state)
{
    struct output_options options = { .event_bytes = 4096 };

    (void)state;
    file = tmpfile();
    options.fd = fileno(file);
    return output_open(&output, &options, NULL);
}

static int
close_file(void **state)
{
    (void)state;
    free(line);
    line = NULL;
    return fclose(file);
}

static void
put(struct event *event)
{
    output_event(output, NULL, event, WALL_NS);
    test_free(event);
}

static void
finish(void)
{
    output_close(output);
    rewind(file);
}

static const char *
next_line(void)
{
    ssize_t n = getline(&line, &line_size, file);

    assert_true(n > 0);
    assert_int_equal(line[n - 1], '\n');
    line[n - 1] = '\0';
    assert_int_equal(strlen(line), n - 1);
    return line;
}

static void
a_line_has_time_subject_and_sentence(void **state)
{
    (void)state;
    put(record_of_message(EVENT_RECEIVED, 1, "ping", 4));
    put(record_new(EVENT_EOF, 1, NULL, 0));
    finish();
    assert_string_equal(next_line(), "20:14:32.123  #1  received 4 bytes \"ping\"");
    assert_string_equal(next_line(), "20:14:32.123  #1  recv returned 0 bytes (b\"\" in Python)");
}

static void
lines_align_at_the_widest_subject_so_far(void **state)
{
    struct event *event = record_new(EVENT_QUEUE, 0, NULL, 0);

    (void)state;
    put(record_new(EVENT_EOF, 1234, NULL, 0));
    put(record_new(EVENT_EOF, 1, NULL, 0));
    event->listener = 1;
    event->u.queue.state = QUEUE_EMPTY;
    put(event);
    finish();
    assert_string_equal(next_line(), "20:14:32.123  #1234  recv returned 0 bytes (b\"\" in Python)");
    assert_string_equal(next_line(), "20:14:32.123  #1     recv returned 0 bytes (b\"\" in Python)");
    assert_string_equal(next_line(), "20:14:32.123         L1: the accept queue is empty again");
}

static void
the_clock_follows_the_seconds(void **state)
{
    struct event *event = record_new(EVENT_EOF, 1, NULL, 0);

    (void)state;
    output_event(output, NULL, event, WALL_NS + 999 * NS_PER_MS);
    output_event(output, NULL, event, WALL_NS);
    test_free(event);
    finish();
    assert_int_equal(strncmp(next_line(), "20:14:33.122  ", 14), 0);
    assert_int_equal(strncmp(next_line(), "20:14:32.123  ", 14), 0);
}

static void
a_failed_command_is_one_line(void **state)
{
    (void)state;
    output_failed(output, "send \"a\nb\"", "no connection #9", STATUS_USAGE, WALL_NS);
    finish();
    assert_string_equal(next_line(),
                        "20:14:32.123      failed: send \"a\\nb\": no connection #9");
}

static void
only_json_has_start_and_done(void **state)
{
    (void)state;
    output_start(output);
    output_done(output, 1, "quit", STATUS_OK, WALL_NS);
    finish();
    assert_int_equal(fgetc(file), EOF);
}

static void
a_table_has_its_name_and_aligned_columns(void **state)
{
    static const struct column columns[] = {
        { "id", "ID", true }, { "peer", "PEER", false }, { "in", "IN", true },
        { "state", "STATE", false },
    };
    struct table table;

    (void)state;
    table_init(&table, "connections", columns, 4);
    output_table(output, &table, WALL_NS);
    for (int i = 9; i < 11; i++) {
        table_row(&table);
        table_number(&table, 0, i);
        table_text(&table, 1, "127.0.0.1:%d", i);
        table_number(&table, 2, i * i);
        if (i == 10)
            table_text(&table, 3, "open");
    }
    output_table(output, &table, WALL_NS);
    table_fini(&table);
    finish();
    assert_string_equal(next_line(), "20:14:32.123      connections: none");
    assert_string_equal(next_line(), "20:14:32.123      connections");
    assert_string_equal(next_line(), "  ID  PEER           IN  STATE");
    assert_string_equal(next_line(), "   9  127.0.0.1:9    81  -");
    assert_string_equal(next_line(), "  10  127.0.0.1:10  100  open");
}

static void
wide_characters_keep_the_columns(void **state)
{
    static const struct column columns[] = { { "a", "A", false }, { "b", "B", false } };
    struct table table;

    (void)state;
    table_init(&table, "t", columns, 2);
    table_row(&table);
    table_text(&table, 0, "\xe4\xb8\xad\xe6\x96\x87");
    table_text(&table, 1, "x");
    output_table(output, &table, WALL_NS);
    table_fini(&table);
    finish();
    next_line();
    assert_string_equal(next_line(), "  A     B");
    assert_string_equal(next_line(), "  \xe4\xb8\xad\xe6\x96\x87  x");
}

static uint32_t
random_next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Printable all over: a second rendering finds nothing to escape. */
static bool
is_harmless(const char *text)
{
    struct buffer out = { 0 };
    bool same;

    assert_int_equal(text_render(&out, text, strlen(text), 0), 0);
    same = buffer_size(&out) == strlen(text) &&
           memcmp(buffer_data(&out), text, buffer_size(&out)) == 0;
    buffer_fini(&out);
    return same;
}

static void
random_bytes_leave_only_printable_lines(void **state)
{
    enum { LINES = 2000 };
    char data[200];
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < LINES; i++) {
        size_t n = random_next(&seed) % sizeof(data);
        struct event *event;

        for (size_t j = 0; j < n; j++)
            data[j] = (char)(j % 3 == 0 ? random_next(&seed) : 0xc0 | random_next(&seed) % 64);
        event = record_new((enum event_type)(i % EVENT_TYPE_COUNT), 1, data, n);
        for (size_t j = 0; j < sizeof(event->u); j++)
            ((char *)&event->u)[j] = (char)random_next(&seed);
        put(event);
    }
    finish();
    for (int i = 0; i < LINES; i++)
        if (event_infos[i % EVENT_TYPE_COUNT].pane != PANE_INTERNAL)
            assert_true(is_harmless(next_line()));
    assert_int_equal(fgetc(file), EOF);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_output, close_file)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_has_time_subject_and_sentence),
        TEST(lines_align_at_the_widest_subject_so_far),
        TEST(the_clock_follows_the_seconds),
        TEST(a_failed_command_is_one_line),
        TEST(only_json_has_start_and_done),
        TEST(a_table_has_its_name_and_aligned_columns),
        TEST(wide_characters_keep_the_columns),
        TEST(random_bytes_leave_only_printable_lines),
    };

    setenv("TZ", "UTC", 1);
    tzset();
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("output_text", tests, NULL, NULL);
}
