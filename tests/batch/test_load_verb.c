/* test_load_verb.c - load on the real program: figures, counts, thresholds, ends. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <string.h>

#include "stage.h"

/* The value of a field in the table that comes next. */
static const json_t *
value_of(const json_t *table, const char *field)
{
    size_t i;
    json_t *row;

    json_array_foreach(json_object_get(table, "rows"), i, row)
        if (strcmp(json_string_value(json_object_get(row, "field")), field) == 0)
            return json_object_get(row, "value");
    fail_msg("no row %s", field);
    return NULL;
}

static double
number_of(const json_t *table, const char *field)
{
    const json_t *value = value_of(table, field);

    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void
a_load_is_told_in_figures_and_its_connections_are_not_dialled_ones(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0 mode=threads handler=echo");
    assert_int_equal(stage_run(s, "load %s conns=4 count=100 size=32", s->port), 0);
    table = batch_event(&s->batch, "table", 0);
    assert_event_string(table, "name", "load");
    assert_true(number_of(table, "replies") == 100);
    assert_true(number_of(table, "connections") == 4);
    assert_true(number_of(table, "errors") == 0);
    assert_true(number_of(table, "min") <= number_of(table, "p50"));
    assert_true(number_of(table, "p50") <= number_of(table, "p99"));
    assert_true(number_of(table, "p99") <= number_of(table, "max"));
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "accepted", 0), 4);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 4);
    assert_int_equal(batch_count(&s->batch, "connecting", 0), 0);
}

static void
a_threshold_decides_the_exit_status(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    assert_int_equal(stage_run(s, "load %s conns=2 count=20 errors<1 max<1m", s->port), 0);
    assert_int_equal(stage_run(s, "load %s conns=2 count=20 errors<1 min>1m", s->port), 99);
    stage_quit(s, 99);
}

static void
a_rate_is_sent_by_the_clock(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    assert_int_equal(stage_run(s, "load %s conns=8 rate=100 for=500ms", s->port), 0);
    table = batch_event(&s->batch, "table", 0);
    assert_in_range(number_of(table, "replies") + number_of(table, "unsent"), 50, 51);
    stage_quit(s, 0);
}

static void
a_small_load_has_its_megabytes_too(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    assert_int_equal(stage_run(s, "load %s conns=1 rate=10 count=3 size=8", s->port), 0);
    table = batch_event(&s->batch, "table", 0);
    assert_true(number_of(table, "MB/s") > 48 / 1e6 / number_of(table, "seconds") * 0.99);
    assert_true(number_of(table, "MB/s") < 48 / 1e6 / number_of(table, "seconds") * 1.01);
    stage_quit(s, 0);
}

static void
nobody_who_answers_is_a_failure_with_its_cause(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=epoll handler=print");
    assert_int_equal(stage_run(s, "load %s conns=2 for=50ms", s->port), 1);
    assert_int_equal(stage_run(s, "close L1"), 0);
    assert_int_equal(stage_run(s, "load %s conns=2 count=2", s->port), 7);
    stage_quit(s, 1);
}

static void
what_is_no_plan_is_refused_with_the_word_named(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    assert_int_equal(stage_run(s, "load %s p98<1s", s->port), 2);
    assert_non_null(strstr(event_string(batch_event(&s->batch, "failed", 0), "message"), "p98"));
    assert_int_equal(stage_run(s, "load %s for=none", s->port), 2);
    assert_int_equal(stage_run(s, "load %s for=0", s->port), 2);
    assert_int_equal(stage_run(s, "load %s count=1 think=none", s->port), 2);
    assert_int_equal(stage_run(s, "load name.invalid:80"), 2);
    stage_quit(s, 2);
}

static void
every_figure_is_explained(void **state)
{
    struct stage *s = *state;
    json_t *rows, *row, *explained;
    size_t i;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    assert_int_equal(stage_run(s, "load %s conns=2 count=20", s->port), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    assert_int_equal(stage_run(s, "explain load"), 0);
    explained = batch_event(&s->batch, "table", 0);
    value_of(explained, "look");
    json_array_foreach(rows, i, row) {
        value_of(explained, event_string(row, "field"));
        assert_int_equal(stage_run(s, "explain %s", event_string(row, "field")), 0);
        value_of(batch_event(&s->batch, "table", 0), event_string(row, "field"));
    }
    stage_quit(s, 0);
}

static void
the_end_of_the_console_ends_a_load_too(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    process_write(&s->batch.process, "load ");
    process_write(&s->batch.process, s->port);
    process_write(&s->batch.process, " for=1h\n");
    batch_event(&s->batch, "accepted", 0);
    kill(s->batch.process.pid, SIGTERM);
    assert_int_equal(batch_wait(&s->batch), 143);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_load_is_told_in_figures_and_its_connections_are_not_dialled_ones),
        stage_test(a_threshold_decides_the_exit_status),
        stage_test(a_rate_is_sent_by_the_clock),
        stage_test(a_small_load_has_its_megabytes_too),
        stage_test(nobody_who_answers_is_a_failure_with_its_cause),
        stage_test(what_is_no_plan_is_refused_with_the_word_named),
        stage_test(every_figure_is_explained),
        stage_test(the_end_of_the_console_ends_a_load_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
