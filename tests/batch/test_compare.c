/* test_compare.c - compare on the real program: what each mode must come to. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <string.h>

#include "stage.h"

static double
number_of(json_t *row, const char *key)
{
    json_t *value = json_object_get(row, key);

    if (!json_is_number(value))
        fail_msg("%s: %s is no number", event_string(row, "mode"), key);
    return json_number_value(value);
}

static json_t *
row_of(json_t *table, const char *mode)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(table, "rows"), i, row)
        if (strcmp(json_string_value(json_object_get(row, "mode")), mode) == 0)
            return row;
    fail_msg("no row %s", mode);
    return NULL;
}

static bool
has_field(json_t *table, const char *field)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(table, "rows"), i, row)
        if (strcmp(json_string_value(json_object_get(row, "field")), field) == 0)
            return true;
    return false;
}

/* 100 ms of work for each of 4 clients: one after another, or all at once. */
static void
modes_differ_as_they_must(void **state)
{
    struct stage *s = *state;
    json_t *table, *serial, *threads, *fork;

    batch_start(&s->batch, "-f", "-", NULL);
    assert_int_equal(stage_run(s, "compare modes=serial,threads,fork clients=4 work=100ms for=500ms"),
                     0);
    table = batch_event(&s->batch, "table", 0);
    assert_event_string(table, "name", "compare");
    assert_int_equal(json_array_size(json_object_get(table, "rows")), 3);
    serial = row_of(table, "serial");
    threads = row_of(table, "threads");
    fork = row_of(table, "fork");
    assert_true(number_of(serial, "last_answer") >= 0.4);
    assert_true(number_of(serial, "replies") >= 4);
    assert_true(number_of(threads, "p50") >= 0.1);
    assert_true(number_of(threads, "rate") > number_of(serial, "rate"));
    assert_true(number_of(threads, "thread_starts") >= number_of(threads, "replies"));
    assert_true(number_of(fork, "forks") >= number_of(fork, "replies"));
    assert_true(number_of(fork, "fork_cost") > 0);
    assert_true(number_of(fork, "processes") >= 2);
    assert_true(number_of(fork, "memory") > 0);
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 3);
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 3);
    assert_int_equal(batch_count(&s->batch, "connecting", 0), 0);
}

static void
workers_are_named_with_what_each_accepted(void **state)
{
    struct stage *s = *state;
    json_t *row;

    batch_start(&s->batch, "-f", "-", NULL);
    assert_int_equal(stage_run(s, "compare modes=prefork workers=2 clients=4 work=20ms for=300ms"),
                     0);
    row = row_of(batch_event(&s->batch, "table", 0), "prefork");
    assert_non_null(strstr(json_string_value(json_object_get(row, "accepted_by")), "W2 "));
    assert_true(number_of(row, "forks") == 2);
    stage_quit(s, 0);
}

/* A worker serves one at a time, so it is what a connection takes; a lone thread that stands
 * before cannot be told from what the console takes itself. */
static void
memory_of_a_connection_is_told_where_it_can_be_weighed(void **state)
{
    struct stage *s = *state;
    json_t *table;

    batch_start(&s->batch, "-f", "-", NULL);
    assert_int_equal(stage_run(s, "compare modes=serial,prefork workers=4 work=0 for=100ms"), 0);
    table = batch_event(&s->batch, "table", 0);
    assert_false(event_has(row_of(table, "serial"), "memory"));
    assert_true(number_of(row_of(table, "prefork"), "memory") > 4096);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_true(number_of(row_of(table, "prefork"), "memory") < 1024 * 1024);
#endif
    stage_quit(s, 0);
}

static void
every_column_is_explained(void **state)
{
    struct stage *s = *state;
    json_t *table, *explained, *value;
    const char *key;

    batch_start(&s->batch, "-f", "-", NULL);
    assert_int_equal(stage_run(s, "compare modes=fork work=0 for=100ms clients=2"), 0);
    table = batch_event(&s->batch, "table", 0);
    assert_int_equal(stage_run(s, "explain compare"), 0);
    explained = batch_event(&s->batch, "table", 0);
    json_object_foreach(row_of(table, "fork"), key, value) {
        if (strcmp(key, "bar") == 0)
            continue;
        if (!has_field(explained, key))
            fail_msg("explain compare has no %s", key);
        assert_int_equal(stage_run(s, "explain %s", key), 0);
        assert_true(has_field(batch_event(&s->batch, "table", 0), key));
    }
    stage_quit(s, 0);
}

static void
a_mode_that_is_none_is_refused(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-f", "-", NULL);
    assert_int_equal(stage_run(s, "compare for=0 modes=serial"), 2);
    assert_event_string(batch_event(&s->batch, "failed", 0), "message",
                        "for= needs a time above 0, such as 2s");
    assert_int_equal(stage_run(s, "compare modes=serial,thread"), 2);
    assert_int_equal(stage_run(s, "compare modes=,"), 2);
    assert_int_equal(stage_run(s, "compare for=none"), 2);
    assert_int_equal(stage_run(s, "compare work=none modes=serial"), 2);
    stage_quit(s, 2);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
}

static void
the_end_of_the_console_ends_it_and_closes_its_listener(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-f", "-", NULL);
    process_write(&s->batch.process, "compare for=1h\n");
    batch_event(&s->batch, "accepted", 0);
    kill(s->batch.process.pid, SIGTERM);
    assert_int_equal(batch_wait(&s->batch), 143);
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(modes_differ_as_they_must),
        stage_test(workers_are_named_with_what_each_accepted),
        stage_test(memory_of_a_connection_is_told_where_it_can_be_weighed),
        stage_test(every_column_is_explained),
        stage_test(a_mode_that_is_none_is_refused),
        stage_test(the_end_of_the_console_ends_it_and_closes_its_listener),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
