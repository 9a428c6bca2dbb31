/* test_model_rows.c - model: a row for each listener, worker and connection, from records. */
#include "config.h"

#include "test.h"

#include <stdint.h>

#include "made_model.h"
#include "sockdeck/serve/settings.h"

static void
a_listener_has_a_row_until_and_after_it_stopped(void **state)
{
    struct model *model = *state;
    struct event *event;

    model_listen(model, 1, "0.0.0.0:10001", "serial");
    model_listen(model, 2, "127.0.0.1:10002", "prefork");
    assert_int_equal(model_open_listeners(model), 2);
    assert_true(model_listener(model, 1)->wildcard);
    assert_false(model_listener(model, 2)->wildcard);
    assert_string_equal(model_mode_name(model_listener(model, 2)->mode), "prefork");
    assert_ptr_equal(model_listener_at(model, "127.0.0.1:10001"), model_listener(model, 1));
    assert_ptr_equal(model_listener_at(model, "127.0.0.1:10002"), model_listener(model, 2));
    assert_null(model_listener_at(model, "192.0.2.1:10001"));
    assert_null(model_listener_at(model, "127.0.0.1:10003"));

    event = record_new(EVENT_STOPPED, 0, NULL, 0);
    event->listener = 2;
    record_apply(model, event);
    assert_int_equal(model_open_listeners(model), 1);
    assert_true(model_listener(model, 2)->stopped);
    assert_null(model_listener_at(model, "127.0.0.1:10002"));
    assert_int_equal(model_next_listener(model, 2)->id, 2);
    assert_null(model_next_listener(model, 3));
    assert_null(model_listener(model, 70000));
}

static void
the_mode_and_the_queue_of_a_listener_follow(void **state)
{
    struct model *model = *state;
    struct event *event;

    model_listen(model, 1, "127.0.0.1:10001", "serial");
    event = record_new(EVENT_MODE, 0, NULL, 0);
    event->listener = 1;
    event->u.mode = (struct event_mode) { 0, mode_index(mode_find("prefork")), 3 };
    record_apply(model, event);
    event = record_new(EVENT_GAUGE, 0, NULL, 0);
    event->listener = 1;
    event->u.queue = (struct event_queue) { .waiting = 4, .limit = 128 };
    record_apply(model, event);
    assert_string_equal(model_mode_name(model_listener(model, 1)->mode), "prefork");
    assert_int_equal(model_listener(model, 1)->workers, 3);
    assert_int_equal(model_listener(model, 1)->queue.waiting, 4);
    assert_int_equal(model_listener(model, 1)->queue.limit, 128);
}

static void
an_unknown_mode_is_a_hole(void **state)
{
    struct model *model = *state;
    struct event *event = record_new(EVENT_LISTENING, 0, "127.0.0.1:4", 12);

    event->listener = 2;
    event->u.listening.mode = MODEL_MODE_HOLE;
    record_apply(model, event);
    assert_true(model_listener(model, 2)->is_hole);
    assert_string_equal(model_mode_name(model_listener(model, 2)->mode), "hole");
}

static void
an_accepted_connection_counts_for_its_listener_and_worker(void **state)
{
    struct model *model = *state;
    const struct connection *c;

    model_listen(model, 1, "127.0.0.1:10001", "prefork");
    model_accept(model, 1, 1, 2);
    model_message(model, EVENT_RECEIVED, 1, "ping");
    model_message(model, EVENT_SENT, 1, "pong!");
    c = model_connection(model, 1);
    assert_int_equal(c->state, CONN_OPEN);
    assert_false(c->dialled);
    assert_string_equal(c->peer, "127.0.0.1:20001");
    assert_string_equal(c->local, "127.0.0.1:10001");
    assert_int_equal(c->in, 4);
    assert_int_equal(c->out, 5);
    assert_int_equal(c->rtt_ns, -1);
    assert_int_equal(model_listener(model, 1)->open, 1);
    assert_int_equal(model_worker(model, 2)->serving, 1);
    assert_int_equal(model_worker(model, 2)->in, 4);
    assert_int_equal(model_worker(model, 2)->pid, 102);

    model_close(model, 1, 4, 5);
    assert_int_equal(model_connection(model, 1)->state, CONN_CLOSED);
    assert_int_equal(model_listener(model, 1)->open, 0);
    assert_int_equal(model_listener(model, 1)->accepted, 1);
    assert_int_equal(model_worker(model, 2)->serving, 0);
    assert_int_equal(model_worker(model, 2)->accepted, 1);
    assert_int_equal(model_open_connections(model), 0);
}

static void
a_worker_with_threads_serves_the_newest_that_is_open(void **state)
{
    struct model *model = *state;

    for (uint32_t conn = 1; conn <= 3; conn++)
        model_accept(model, conn, 1, 1);
    assert_int_equal(model_worker(model, 1)->serving, 3);
    model_close(model, 2, 0, 0);
    assert_int_equal(model_worker(model, 1)->serving, 3);
    model_close(model, 3, 0, 0);
    assert_int_equal(model_worker(model, 1)->serving, 1);
    assert_int_equal(model_worker(model, 1)->open, 1);
}

static void
accept_started(struct model *model, uint32_t conn, enum call_name call, int64_t took_ns)
{
    struct event *event = record_of_peers(EVENT_ACCEPTED, conn, "127.0.0.1:2", "127.0.0.1:10001");

    event->listener = 1;
    event->u.peer = (struct event_peer) { .took_ns = took_ns, .start_call = call };
    record_apply(model, event);
}

static void
worker_is(struct model *model, uint16_t worker, enum worker_state state, int64_t cost_ns)
{
    struct event *event = record_new(EVENT_WORKER, 0, NULL, 0);

    event->listener = 1;
    event->worker = worker;
    event->u.worker = (struct event_worker) { .state = state, .cost_ns = cost_ns };
    record_apply(model, event);
}

static void
what_a_listener_starts_is_counted_by_kind(void **state)
{
    struct model *model = *state;
    const struct starts *starts;

    model_listen(model, 1, "127.0.0.1:10001", "threads");
    starts = model_listener(model, 1)->starts;
    accept_started(model, 1, CALL_PTHREAD_CREATE, 30);
    accept_started(model, 2, CALL_PTHREAD_CREATE, 10);
    accept_started(model, 3, CALL_PTHREAD_CREATE, 20);
    accept_started(model, 4, CALL_FORK, 500);
    accept_started(model, 5, CALL_NONE, 0);
    model_close(model, 2, 0, 0);
    model_close(model, 5, 0, 0);
    assert_int_equal(starts[STARTED_THREADS].live, 2);
    assert_int_equal(starts[STARTED_THREADS].total, 3);
    assert_int_equal(starts[STARTED_THREADS].min_ns, 10);
    assert_int_equal(starts[STARTED_THREADS].max_ns, 30);
    assert_int_equal(starts[STARTED_THREADS].sum_ns, 60);
    assert_int_equal(starts[STARTED_CHILDREN].live, 1);
    assert_int_equal(starts[STARTED_CHILDREN].total, 1);

    worker_is(model, 1, WORKER_STARTED, 70);
    worker_is(model, 2, WORKER_STARTED, 90);
    worker_is(model, 1, WORKER_STOPPED, 0);
    worker_is(model, 1, WORKER_KILLED, 0);
    assert_int_equal(starts[STARTED_WORKERS].live, 1);
    assert_int_equal(starts[STARTED_WORKERS].total, 2);
    assert_int_equal(starts[STARTED_WORKERS].max_ns, 90);
}

static void
a_dialled_connection_goes_through_its_states(void **state)
{
    struct model *model = *state;
    struct event *event;

    record_apply(model, record_of_peers(EVENT_CONNECTING, 1, "[::1]:9", ""));
    assert_int_equal(model_connection(model, 1)->state, CONN_CONNECTING);
    assert_int_equal(model_open_connections(model), 1);
    record_apply(model, record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:9", ""));
    assert_string_equal(model_connection(model, 1)->peer, "127.0.0.1:9");
    record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:9", "127.0.0.1:5"));
    assert_int_equal(model_connection(model, 1)->state, CONN_OPEN);
    assert_string_equal(model_connection(model, 1)->local, "127.0.0.1:5");
    event = record_new(EVENT_SHUTDOWN, 1, NULL, 0);
    event->u.shutdown.which = SHUTDOWN_WRITE;
    record_apply(model, event);
    assert_int_equal(model_connection(model, 1)->state, CONN_WE_CLOSED);
    record_apply(model, record_new(EVENT_EOF, 1, NULL, 0));
    assert_int_equal(model_connection(model, 1)->state, CONN_PEER_CLOSED);
    model_close(model, 1, 0, 0);
    assert_int_equal(model_totals(model)->dialled, 1);
    assert_int_equal(model_totals(model)->closed, 1);
}

static void
a_connection_closes_once_only(void **state)
{
    struct model *model = *state;

    model_accept(model, 1, 0, 0);
    model_close(model, 1, 0, 0);
    model_close(model, 1, 10, 10);
    model_close(model, 2, 0, 0);
    assert_int_equal(model_totals(model)->closed, 1);
    assert_int_equal(model_totals(model)->open, 0);
    assert_int_equal(model_totals(model)->in, 0);
}

static void
the_verdict_makes_up_for_records_that_were_left_out(void **state)
{
    struct model *model = *state;

    model_accept(model, 1, 0, 1);
    model_message(model, EVENT_RECEIVED, 1, "ping");
    model_close(model, 1, 1000, 7);
    assert_int_equal(model_connection(model, 1)->in, 1000);
    assert_int_equal(model_connection(model, 1)->out, 7);
    assert_int_equal(model_totals(model)->in, 1000);
    assert_int_equal(model_totals(model)->out, 7);
    assert_int_equal(model_worker(model, 1)->in, 1000);
}

static void
settings_reach_the_connection_or_the_listener(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct event *event;

    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    model_listen(model, 1, "127.0.0.1:10001", "serial");
    model_accept(model, 1, 1, 0);
    assert_int_equal(model_connection(model, 1)->settings.handler, HANDLER_PRINT);
    record_apply(model, record_new(EVENT_SETTINGS, 1, &settings, sizeof(settings)));
    assert_int_equal(model_connection(model, 1)->settings.handler, HANDLER_ECHO);
    event = record_new(EVENT_SETTINGS, 0, &settings, sizeof(settings));
    event->listener = 1;
    record_apply(model, event);
    assert_int_equal(model_listener(model, 1)->settings.handler, HANDLER_ECHO);
}

static void
both_ends_of_a_connection_find_each_other(void **state)
{
    struct model *model = *state;
    const struct connection *dialled, *accepted;

    record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:10001", "127.0.0.1:20002"));
    dialled = model_connection(model, 1);
    assert_null(model_other_end(model, dialled));
    model_accept(model, 2, 1, 0);
    accepted = model_connection(model, 2);
    assert_ptr_equal(model_other_end(model, dialled), accepted);
    assert_ptr_equal(model_other_end(model, accepted), dialled);
    model_close(model, 2, 0, 0);
    assert_null(model_other_end(model, dialled));
}

static void
ids_ascend_whatever_the_order_of_arrival(void **state)
{
    static const uint32_t order[] = { 5, 3, 9, 4, 1, 7 };
    struct model *model = *state;
    uint32_t seen = 0, count = 0;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        model_accept(model, order[i], 0, 0);
    for (const struct connection *c = model_next_connection(model, 0); c != NULL;
         c = model_next_connection(model, c->id + 1)) {
        assert_true(c->id > seen);
        seen = c->id;
        count++;
    }
    assert_int_equal(count, 6);
    assert_int_equal(model_next_connection(model, 6)->id, 7);
    assert_null(model_connection(model, 6));
}

static void
the_oldest_closed_rows_go_and_open_ones_stay(void **state)
{
    enum { COUNT = 30000 };
    struct model *model = *state;
    size_t rows = 0;

    model_accept(model, 1, 0, 0);
    for (uint32_t conn = 2; conn <= COUNT; conn++) {
        model_accept(model, conn, 0, 0);
        if (conn % 1000 != 0)
            model_close(model, conn, 1, 2);
    }
    for (const struct connection *c = model_next_connection(model, 0); c != NULL;
         c = model_next_connection(model, c->id + 1))
        rows++;
    assert_non_null(model_connection(model, 1));
    assert_non_null(model_connection(model, 1000));
    assert_null(model_connection(model, 999));
    assert_non_null(model_connection(model, COUNT - 1));
    assert_int_equal(rows, 10000 + 1 + COUNT / 1000);
    assert_int_equal(model_totals(model)->in, COUNT - 1 - COUNT / 1000);
    assert_int_equal(model_totals(model)->accepted, COUNT);

    model_set_memory(model, 1 << 20);
    assert_null(model_connection(model, COUNT / 2 + 1));
    assert_non_null(model_connection(model, 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MODEL_TEST(a_listener_has_a_row_until_and_after_it_stopped),
        MODEL_TEST(the_mode_and_the_queue_of_a_listener_follow),
        MODEL_TEST(an_unknown_mode_is_a_hole),
        MODEL_TEST(an_accepted_connection_counts_for_its_listener_and_worker),
        MODEL_TEST(a_worker_with_threads_serves_the_newest_that_is_open),
        MODEL_TEST(what_a_listener_starts_is_counted_by_kind),
        MODEL_TEST(a_dialled_connection_goes_through_its_states),
        MODEL_TEST(a_connection_closes_once_only),
        MODEL_TEST(the_verdict_makes_up_for_records_that_were_left_out),
        MODEL_TEST(settings_reach_the_connection_or_the_listener),
        MODEL_TEST(both_ends_of_a_connection_find_each_other),
        MODEL_TEST(ids_ascend_whatever_the_order_of_arrival),
        MODEL_TEST(the_oldest_closed_rows_go_and_open_ones_stay),
    };

    return cmocka_run_group_tests_name("model, rows", tests, NULL, NULL);
}
