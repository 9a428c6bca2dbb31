/* test_model.c - model: rows, exact sums, journals and replies from records. */
#include "config.h"

#include "test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/base/text.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/mode.h"

#include "made_record.h"

static int
begin(void **state)
{
    *state = model_new(MODEL_MEMORY_DEFAULT);
    return 0;
}

static int
end(void **state)
{
    model_free(*state);
    return 0;
}

static void
listen_at(struct model *model, uint16_t id, const char *address, const char *mode)
{
    struct event *event = record_new(EVENT_LISTENING, 0, address, strlen(address) + 1);

    event->listener = id;
    event->u.listening = (struct event_listening) { mode_index(mode_find(mode)), 1, 128 };
    record_apply(model, event);
}

static void
accept_one(struct model *model, uint32_t conn, uint16_t listener, uint16_t worker)
{
    char peer[32];
    struct event *event;

    snprintf(peer, sizeof(peer), "127.0.0.1:%u", 20000 + conn % 40000);
    event = record_of_peers(EVENT_ACCEPTED, conn, peer, "127.0.0.1:10001");
    event->listener = listener;
    event->worker = worker;
    event->pid = 100 + worker;
    event->tid = event->pid;
    record_apply(model, event);
}

static void
message(struct model *model, enum event_type type, uint32_t conn, const char *text)
{
    record_apply(model, record_of_message(type, conn, text, strlen(text)));
}

static void
close_one(struct model *model, uint32_t conn, uint64_t in, uint64_t out)
{
    struct event *event = record_new(EVENT_CLOSED, conn, NULL, 0);

    event->u.closed = (struct event_closed) {
        .in = in, .out = out, .by = BY_PEER, .how = HOW_FIN, .fate = STATUS_OK,
    };
    record_apply(model, event);
}

static void
a_listener_has_a_row_until_and_after_it_stopped(void **state)
{
    struct model *model = *state;
    struct event *event;

    listen_at(model, 1, "0.0.0.0:10001", "serial");
    listen_at(model, 2, "127.0.0.1:10002", "prefork");
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

    listen_at(model, 1, "127.0.0.1:10001", "serial");
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

    listen_at(model, 1, "127.0.0.1:10001", "prefork");
    accept_one(model, 1, 1, 2);
    message(model, EVENT_RECEIVED, 1, "ping");
    message(model, EVENT_SENT, 1, "pong!");
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

    close_one(model, 1, 4, 5);
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
        accept_one(model, conn, 1, 1);
    assert_int_equal(model_worker(model, 1)->serving, 3);
    close_one(model, 2, 0, 0);
    assert_int_equal(model_worker(model, 1)->serving, 3);
    close_one(model, 3, 0, 0);
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

    listen_at(model, 1, "127.0.0.1:10001", "threads");
    starts = model_listener(model, 1)->starts;
    accept_started(model, 1, CALL_PTHREAD_CREATE, 30);
    accept_started(model, 2, CALL_PTHREAD_CREATE, 10);
    accept_started(model, 3, CALL_PTHREAD_CREATE, 20);
    accept_started(model, 4, CALL_FORK, 500);
    accept_started(model, 5, CALL_NONE, 0);
    close_one(model, 2, 0, 0);
    close_one(model, 5, 0, 0);
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
    close_one(model, 1, 0, 0);
    assert_int_equal(model_totals(model)->dialled, 1);
    assert_int_equal(model_totals(model)->closed, 1);
}

static void
a_connection_closes_once_only(void **state)
{
    struct model *model = *state;

    accept_one(model, 1, 0, 0);
    close_one(model, 1, 0, 0);
    close_one(model, 1, 10, 10);
    close_one(model, 2, 0, 0);
    assert_int_equal(model_totals(model)->closed, 1);
    assert_int_equal(model_totals(model)->open, 0);
    assert_int_equal(model_totals(model)->in, 0);
}

static void
the_verdict_makes_up_for_records_that_were_left_out(void **state)
{
    struct model *model = *state;

    accept_one(model, 1, 0, 1);
    message(model, EVENT_RECEIVED, 1, "ping");
    close_one(model, 1, 1000, 7);
    assert_int_equal(model_connection(model, 1)->in, 1000);
    assert_int_equal(model_connection(model, 1)->out, 7);
    assert_int_equal(model_totals(model)->in, 1000);
    assert_int_equal(model_totals(model)->out, 7);
    assert_int_equal(model_worker(model, 1)->in, 1000);
}

static void
the_limit_that_ends_first_is_the_nearest_deadline(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct deadline nearest;
    struct event *event;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_READ] = 500;
    settings.timeout_ns[TIMEOUT_IDLE] = 300;
    accept_one(model, 1, 1, 0);
    record_apply(model, record_new(EVENT_SETTINGS, 1, &settings, sizeof(settings)));
    assert_false(model_nearest_deadline(model_connection(model, 1), &nearest));

    event = record_new(EVENT_WAITS, 1, NULL, 0);
    event->u.waits = (struct event_waits) {
        .running = 1u << TIMEOUT_READ | 1u << TIMEOUT_IDLE,
        .read_since_ns = 1000,
        .active_ns = 1300,
    };
    record_apply(model, event);
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_READ);
    assert_int_equal(nearest.since_ns, 1000);
    assert_int_equal(nearest.limit_ns, 500);

    event = record_new(EVENT_RECEIVED, 1, "x", 1);
    event->stamp_ns = 2000;
    record_apply(model, event);
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_IDLE);
    assert_int_equal(nearest.since_ns, 2000);
    record_apply(model, record_new(EVENT_CLOSED, 1, NULL, 0));
    assert_false(model_nearest_deadline(model_connection(model, 1), &nearest));
}

static void
a_connect_limit_runs_from_the_attempt_and_a_send_from_its_start(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct deadline nearest;
    struct event *event;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_CONNECT] = 5000;
    settings.timeout_ns[TIMEOUT_SEND] = 700;
    settings.timeout_ns[TIMEOUT_READ] = 100;
    event = record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:9", "");
    event->flags = EVENT_DIALLED;
    event->stamp_ns = 1000;
    record_apply(model, event);
    record_apply(model, record_new(EVENT_SETTINGS, 1, &settings, sizeof(settings)));
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_CONNECT);
    assert_int_equal(nearest.since_ns, 1000);

    event = record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:9", "127.0.0.1:5");
    event->stamp_ns = 2000;
    record_apply(model, event);
    assert_false(model_nearest_deadline(model_connection(model, 1), &nearest));
    event = record_new(EVENT_WAITS, 1, NULL, 0);
    event->u.waits = (struct event_waits) {
        .running = 1u << TIMEOUT_SEND,
        .send_since_ns = 3000,
    };
    record_apply(model, event);
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_SEND);
    assert_int_equal(nearest.since_ns, 3000);
    assert_int_equal(nearest.limit_ns, 700);
}

static void
a_listener_has_an_accept_deadline_that_each_client_begins_anew(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct deadline deadline;
    struct event *event;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_ACCEPT] = 500;
    listen_at(model, 1, "127.0.0.1:10001", "threads");
    event = record_new(EVENT_SETTINGS, 0, &settings, sizeof(settings));
    event->listener = 1;
    record_apply(model, event);
    assert_false(model_accept_deadline(model_listener(model, 1), &deadline));
    event = record_new(EVENT_WAITS, 0, NULL, 0);
    event->listener = 1;
    event->u.waits = (struct event_waits) { .running = 1u << TIMEOUT_ACCEPT, .active_ns = 700 };
    record_apply(model, event);
    assert_true(model_accept_deadline(model_listener(model, 1), &deadline));
    assert_int_equal(deadline.kind, TIMEOUT_ACCEPT);
    assert_int_equal(deadline.since_ns, 700);
    event = record_of_peers(EVENT_ACCEPTED, 1, "127.0.0.1:9", "127.0.0.1:10001");
    event->listener = 1;
    event->stamp_ns = 1100;
    record_apply(model, event);
    assert_true(model_accept_deadline(model_listener(model, 1), &deadline));
    assert_int_equal(deadline.since_ns, 1100);
    event = record_new(EVENT_WAITS, 0, NULL, 0);
    event->listener = 1;
    record_apply(model, event);
    assert_false(model_accept_deadline(model_listener(model, 1), &deadline));
}

static void
settings_reach_the_connection_or_the_listener(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct event *event;

    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    listen_at(model, 1, "127.0.0.1:10001", "serial");
    accept_one(model, 1, 1, 0);
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
    accept_one(model, 2, 1, 0);
    accepted = model_connection(model, 2);
    assert_ptr_equal(model_other_end(model, dialled), accepted);
    assert_ptr_equal(model_other_end(model, accepted), dialled);
    close_one(model, 2, 0, 0);
    assert_null(model_other_end(model, dialled));
}

static void
ids_ascend_whatever_the_order_of_arrival(void **state)
{
    static const uint32_t order[] = { 5, 3, 9, 4, 1, 7 };
    struct model *model = *state;
    uint32_t seen = 0, count = 0;

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        accept_one(model, order[i], 0, 0);
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

    accept_one(model, 1, 0, 0);
    for (uint32_t conn = 2; conn <= COUNT; conn++) {
        accept_one(model, conn, 0, 0);
        if (conn % 1000 != 0)
            close_one(model, conn, 1, 2);
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

static void
records_lie_in_the_journal_of_their_pane(void **state)
{
    struct model *model = *state;

    accept_one(model, 1, 0, 0);
    message(model, EVENT_RECEIVED, 1, "ping");
    record_apply(model, record_new(EVENT_CALL, 1, "fd", 2));
    record_apply(model, record_new(EVENT_REPLY, 0, NULL, 0));
    assert_int_equal(model_journal_end(model, JOURNAL_EVENTS), 1);
    assert_int_equal(model_journal_end(model, JOURNAL_MESSAGES), 1);
    assert_int_equal(model_journal_end(model, JOURNAL_CALLS), 1);
    assert_int_equal(model_journal_at(model, JOURNAL_MESSAGES, 0)->type, EVENT_RECEIVED);
    assert_memory_equal(model_journal_at(model, JOURNAL_MESSAGES, 0)->data, "ping", 4);
    assert_null(model_journal_at(model, JOURNAL_MESSAGES, 1));
    assert_int_equal(model_totals(model)->events, 3);
}

static void
sums_stay_exact_when_records_have_gone(void **state)
{
    struct model *model = *state;
    struct event *event = record_of_message(EVENT_RECEIVED, 1, NULL, 0);
    const struct event *batch[512];

    model_set_memory(model, 1 << 20);
    accept_one(model, 1, 0, 0);
    event->u.message.bytes = 1000;
    for (int i = 0; i < 512; i++)
        batch[i] = event;
    for (int i = 0; i < 200; i++)
        model_apply(model, batch, 512, 0);
    assert_true(model_journal_begin(model, JOURNAL_MESSAGES) > 0);
    assert_int_equal(model_journal_end(model, JOURNAL_MESSAGES), 200 * 512);
    assert_int_equal(model_connection(model, 1)->in, 1000 * 200 * 512);
    assert_int_equal(model_connection(model, 1)->in_messages, 200 * 512);
    test_free(event);
}

static void
reply_to(struct model *model, uint32_t request, const char *text)
{
    struct event *event = record_new(EVENT_REPLY, 0, text, strlen(text));

    event->u.reply = (struct event_reply) { request, -1, 7, STATUS_CONNECT };
    record_apply(model, event);
}

static void
a_reply_is_taken_once(void **state)
{
    struct model *model = *state;
    struct reply reply;

    reply_to(model, 3, "connect: Connection refused");
    assert_false(model_take_reply(model, 4, &reply));
    assert_true(model_take_reply(model, 3, &reply));
    assert_string_equal(reply.text, "connect: Connection refused");
    assert_int_equal(reply.reply.object, 7);
    assert_int_equal(reply.reply.status, STATUS_CONNECT);
    assert_false(model_take_reply(model, 3, &reply));
}

static void
replies_that_nobody_takes_are_forgotten_oldest_first(void **state)
{
    struct model *model = *state;
    struct reply reply;

    for (uint32_t request = 1; request <= 4100; request++)
        reply_to(model, request, "");
    reply_to(model, 0, "");
    assert_false(model_take_reply(model, 4, &reply));
    assert_true(model_take_reply(model, 5, &reply));
    assert_true(model_take_reply(model, 4100, &reply));
}

static void
a_stamp_keeps_its_wall_time_when_the_clock_jumps(void **state)
{
    struct model *model = *state;
    struct event *event = record_new(EVENT_EOF, 1, NULL, 0);
    const struct event *batch[] = { event };

    event->stamp_ns = 1 * NS_PER_S;
    model_apply(model, batch, 1, 1000 * NS_PER_S);
    event->stamp_ns = 2 * NS_PER_S;
    model_apply(model, batch, 1, 1000 * NS_PER_S + 20 * NS_PER_US);
    event->stamp_ns = 3 * NS_PER_S;
    model_apply(model, batch, 1, 5000 * NS_PER_S);
    assert_int_equal(model_wall_ns(model, 1 * NS_PER_S), 1001 * NS_PER_S);
    assert_int_equal(model_wall_ns(model, 2 * NS_PER_S), 1002 * NS_PER_S);
    assert_int_equal(model_wall_ns(model, 3 * NS_PER_S), 5003 * NS_PER_S);
    test_free(event);
}

static void
the_revision_grows_with_every_change(void **state)
{
    struct model *model = *state;
    uint64_t before = model_revision(model);

    model_apply(model, NULL, 0, 0);
    assert_int_equal(model_revision(model), before);
    accept_one(model, 1, 0, 0);
    assert_true(model_revision(model) > before);
}

struct race {
    struct model *model;
    _Atomic bool stop;
};

static void *
apply_without_end(void *arg)
{
    struct race *race = arg;
    struct event event = { .size = sizeof(event), .type = EVENT_RECEIVED, .conn = 1 };
    const struct event *batch[1024];

    event.u.message.bytes = 1;
    for (int i = 0; i < 1024; i++)
        batch[i] = &event;
    while (!atomic_load(&race->stop))
        model_apply(race->model, batch, 1024, 0);
    return NULL;
}

static void
a_reader_gets_its_turn_while_records_pour_in(void **state)
{
    struct race race = { .model = *state };
    pthread_t thread;
    int64_t started;

    accept_one(race.model, 1, 0, 0);
    pthread_create(&thread, NULL, apply_without_end, &race);
    started = clock_mono_ns();
    for (int i = 0; i < 200; i++) {
        const struct connection *c;

        model_lock(race.model);
        c = model_connection(race.model, 1);
        assert_int_equal(c->in, c->in_messages);
        assert_int_equal(c->in, model_totals(race.model)->in);
        model_unlock(race.model);
    }
    assert_true(clock_mono_ns() - started < 10 * NS_PER_S);
    atomic_store(&race.stop, true);
    pthread_join(thread, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* What the kept records of one direction show as text, one after another. */
static void
shown_text(struct model *model, enum event_type type, char *out, size_t size)
{
    size_t used = 0;

    for (uint64_t i = model_journal_begin(model, JOURNAL_MESSAGES);
         i < model_journal_end(model, JOURNAL_MESSAGES); i++) {
        const struct event *event = model_journal_at(model, JOURNAL_MESSAGES, i);
        const struct event_message *message = &event->u.message;
        size_t n = message->carried + event->data_size;
        char whole[64];

        if (event->type != type)
            continue;
        memcpy(whole, message->carry, message->carried);
        memcpy(whole + message->carried, event->data, event->data_size);
        if (message->hides_end)
            n -= message->held;
        assert_true(used + n < size);
        assert_int_equal(text_whole(whole, n), n);      /* each shows whole characters only */
        memcpy(out + used, whole, n);
        used += n;
    }
    out[used] = '\0';
}

static void
characters_split_between_messages_are_shown_whole(void **state)
{
    static const char text[] = "a\303\251\342\202\254\360\237\230\200z";

    (void)state;
    for (size_t piece = 1; piece < sizeof(text); piece++) {
        struct model *model = model_new(MODEL_MEMORY_DEFAULT);
        char shown[64];

        record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:1", "127.0.0.1:2"));
        for (size_t at = 0; at < sizeof(text) - 1; at += piece) {
            size_t n = sizeof(text) - 1 - at < piece ? sizeof(text) - 1 - at : piece;

            record_apply(model, record_of_message(EVENT_RECEIVED, 1, text + at, n));
            record_apply(model, record_of_message(EVENT_SENT, 1, text + at, n));    /* echoed */
        }
        shown_text(model, EVENT_RECEIVED, shown, sizeof(shown));
        assert_string_equal(shown, text);
        shown_text(model, EVENT_SENT, shown, sizeof(shown));
        assert_string_equal(shown, text);
        model_free(model);
    }
}

static void
a_character_that_is_never_finished_hides_nothing(void **state)
{
    struct model *model = model_new(MODEL_MEMORY_DEFAULT);
    const struct event *event;

    (void)state;
    record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:1", "127.0.0.1:2"));
    record_apply(model, record_of_message(EVENT_RECEIVED, 1, "\303", 1));
    record_apply(model, record_of_message(EVENT_RECEIVED, 1, "x", 1));
    event = model_journal_at(model, JOURNAL_MESSAGES, 0);
    assert_false(event->u.message.hides_end);
    event = model_journal_at(model, JOURNAL_MESSAGES, 1);
    assert_int_equal(event->u.message.carried, 0);
    model_free(model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_split_between_messages_are_shown_whole),
        cmocka_unit_test(a_character_that_is_never_finished_hides_nothing),
        TEST(a_listener_has_a_row_until_and_after_it_stopped),
        TEST(the_mode_and_the_queue_of_a_listener_follow),
        TEST(an_unknown_mode_is_a_hole),
        TEST(an_accepted_connection_counts_for_its_listener_and_worker),
        TEST(a_worker_with_threads_serves_the_newest_that_is_open),
        TEST(what_a_listener_starts_is_counted_by_kind),
        TEST(a_dialled_connection_goes_through_its_states),
        TEST(a_connection_closes_once_only),
        TEST(the_verdict_makes_up_for_records_that_were_left_out),
        TEST(the_limit_that_ends_first_is_the_nearest_deadline),
        TEST(a_connect_limit_runs_from_the_attempt_and_a_send_from_its_start),
        TEST(a_listener_has_an_accept_deadline_that_each_client_begins_anew),
        TEST(settings_reach_the_connection_or_the_listener),
        TEST(both_ends_of_a_connection_find_each_other),
        TEST(ids_ascend_whatever_the_order_of_arrival),
        TEST(the_oldest_closed_rows_go_and_open_ones_stay),
        TEST(records_lie_in_the_journal_of_their_pane),
        TEST(sums_stay_exact_when_records_have_gone),
        TEST(a_reply_is_taken_once),
        TEST(replies_that_nobody_takes_are_forgotten_oldest_first),
        TEST(a_stamp_keeps_its_wall_time_when_the_clock_jumps),
        TEST(the_revision_grows_with_every_change),
        TEST(a_reader_gets_its_turn_while_records_pour_in),
    };

    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
