/* test_tour.c - demo in a batch: all of it happens, nothing stays open, the status is 0. */
#include "config.h"

#include "test.h"

#include "stage.h"

static void
see_it_through(struct batch *batch)
{
    json_t *event;

    batch_event(batch, "ping", 1);
    assert_true(event_has(batch_event(batch, "call", 0), "call"));
    assert_event_number(batch_event(batch, "queue", 0), "waiting", 1);
    assert_event_string(batch_event(batch, "mode", 0), "to", "threads");
    event = batch_event(batch, "timeout", 1);
    assert_event_string(event, "kind", "read");
    event = batch_event(batch, "timeout", 0);
    assert_event_string(event, "kind", "connect");
    assert_event_string(batch_event(batch, "mode", 0), "to", "prefork");
    assert_event_string(batch_event(batch, "table", 0), "name", "workers");
    assert_int_equal(batch_wait(batch), 0);
    assert_int_equal(batch_count(batch, "listening", 0), 2);
    assert_int_equal(batch_count(batch, "stopped", 0), 2);
    assert_int_equal(batch_count(batch, "closed", 0),
                     batch_count(batch, "connecting", 0) + batch_count(batch, "accepted", 0));
}

static void
the_tour_shows_all_closes_all_and_ends_with_0(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "--demo", NULL);
    see_it_through(&s->batch);
}

static void
what_fails_in_the_tour_stops_nothing_and_what_fails_after_it_counts(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-E", "set stop-on-error on", "-E", "demo", "-E", "send #99 x", NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_int_equal(batch_count(&s->batch, "timeout", 0), 2);
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(the_tour_shows_all_closes_all_and_ends_with_0),
        stage_test(what_fails_in_the_tour_stops_nothing_and_what_fails_after_it_counts),
    };

    return cmocka_run_group_tests_name("tour", tests, NULL, NULL);
}
