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

    assert_true(json_is_number(value));
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

static void
a_mode_that_is_none_is_refused(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-f", "-", NULL);
    assert_int_equal(stage_run(s, "compare modes=serial,thread"), 2);
    assert_int_equal(stage_run(s, "compare modes=,"), 2);
    assert_int_equal(stage_run(s, "compare for=none"), 2);
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
        stage_test(a_mode_that_is_none_is_refused),
        stage_test(the_end_of_the_console_ends_it_and_closes_its_listener),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
