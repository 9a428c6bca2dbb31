/* test_lecture.c - the steps of a lecture on sockets, with Python on the other side. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "stage.h"
#include "sockdeck/base/clock.h"

static void
a_python_server_receives_ping_from_a_batch(void **state)
{
    struct stage *s = *state;
    struct process *server = &s->peers[0];
    char connect[64];

    peer_start(server, "lecture_server.py", NULL);
    snprintf(connect, sizeof(connect), "connect 127.0.0.1:%ld", process_number(server));
    batch_start(&s->batch, "-E", connect, "-E", "send ping", "-E", "close", NULL);
    assert_int_equal(batch_wait(&s->batch), 0);

    process_expect_line(server, "ping");
    process_expect_line(server, "end");
    assert_int_equal(process_wait(server), 0);
    assert_string_equal(process_error_text(&s->batch.process), "");
    assert_event_string(batch_event(&s->batch, "sent", 1), "data", "ping");
    assert_event_number(batch_event(&s->batch, "closed", 1), "out", 4);
}

/* What the books say of one client that sent ping and left. */
static void
expect_ping_conversation(struct batch *b, int conn)
{
    json_t *accepted = batch_event(b, "accepted", conn);
    json_t *received = batch_event(b, "received", conn);
    json_t *eof = batch_event(b, "eof", conn);
    json_t *closed = batch_event(b, "closed", conn);

    assert_true(batch_place(b, accepted) < batch_place(b, received));
    assert_true(batch_place(b, received) < batch_place(b, eof));
    assert_true(batch_place(b, eof) < batch_place(b, closed));
    assert_event_string(accepted, "listener", "L1");
    assert_event_number(received, "bytes", 4);
    assert_event_string(received, "data", "ping");
    assert_event_string(received, "text", "received 4 bytes \"ping\"");
    assert_event_string(closed, "by", "peer");
    assert_event_string(closed, "how", "fin");
    assert_event_number(closed, "in", 4);
    assert_event_number(closed, "out", 0);
}

static void
a_serial_listener_serves_python_clients_one_after_another(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    char port[8];

    batch_start(b, "listen", "0", NULL);
    snprintf(port, sizeof(port), "%d", batch_port(b));
    for (int i = 0; i < 3; i++) {
        peer_start(&s->peers[i], "lecture_client.py", port, NULL);
        assert_int_equal(process_wait(&s->peers[i]), 0);
        expect_ping_conversation(b, i + 1);
    }
    kill(b->process.pid, SIGTERM);
    assert_int_equal(batch_wait(b), 143);
    for (int conn = 1; conn <= 3; conn++)
        assert_int_equal(batch_count(b, "closed", conn), 1);
    assert_int_equal(batch_count(b, "stopped", 0), 1);
}

static void
with_serial_the_second_client_is_connected_but_not_accepted(void **state)
{
    struct stage *s = *state;
    struct process *first = &s->peers[0], *second = &s->peers[1];
    json_t *queue;

    stage_listen(s, "listen 0");
    peer_start(first, "staying_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);

    peer_start(second, "staying_client.py", s->port, NULL);
    process_expect_line(second, "connected");
    queue = batch_event(&s->batch, "queue", 0);
    assert_event_number(queue, "waiting", 1);
    assert_event_number(queue, "limit", 128);
    assert_event_string(queue, "listener", "L1");
    assert_int_equal(stage_run(s, "show listeners"), 0);
    assert_event_number(batch_only_row(&s->batch, "listeners"), "waiting", 1);
    assert_int_equal(batch_count(&s->batch, "accepted", 2), 0);

    assert_int_equal(process_wait(first), 0);
    batch_event(&s->batch, "closed", 1);
    batch_event(&s->batch, "accepted", 2);
    stage_quit(s, 0);
}

static void
say_and_hear_ping(struct process *client)
{
    process_write(client, "ping\n");
    process_expect_line(client, "ping");
}

static void
three_workers_serve_three_clients_at_once_and_a_fourth_waits(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    int pids[4];

    stage_listen(s, "listen 0 mode=prefork workers=3 handler=echo");
    for (int i = 0; i < 3; i++) {
        peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
        pids[i] = event_pid(batch_event(b, "accepted", 0));
        assert_int_not_equal(pids[i], b->process.pid);
    }
    for (int i = 0; i < 3; i++) {
        process_expect_line(&s->peers[i], "connected");
        say_and_hear_ping(&s->peers[i]);
    }
    assert_int_not_equal(pids[0], pids[1]);
    assert_int_not_equal(pids[0], pids[2]);
    assert_int_not_equal(pids[1], pids[2]);

    peer_start(&s->peers[3], "staying_client.py", s->port, "answers", NULL);
    process_expect_line(&s->peers[3], "connected");
    assert_event_number(batch_event(b, "queue", 0), "waiting", 1);
    assert_int_equal(batch_count(b, "accepted", 0), 3);

    assert_int_equal(process_wait(&s->peers[1]), 0);
    pids[3] = event_pid(batch_event(b, "accepted", 0));
    assert_true(pids[3] == pids[0] || pids[3] == pids[1] || pids[3] == pids[2]);
    say_and_hear_ping(&s->peers[3]);
    stage_quit(s, 0);
    assert_int_equal(batch_count(b, "closed", 0), 4);
}

/* The next worker event in that state. */
static json_t *
worker_event(struct batch *b, const char *state)
{
    for (;;) {
        json_t *event = batch_event(b, "worker", 0);

        if (strcmp(event_string(event, "state"), state) == 0)
            return event;
    }
}

static void
a_killed_worker_is_told_its_connection_closed_once_and_another_started(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    json_t *accepted, *killed;
    int conn, pid;

    stage_listen(s, "listen 0 mode=prefork workers=2 handler=echo");
    for (int i = 0; i < 2; i++)
        worker_event(b, "started");
    peer_start(&s->peers[0], "staying_client.py", s->port, "answers", NULL);
    accepted = batch_event(b, "accepted", 0);
    conn = event_conn(accepted);
    pid = event_pid(accepted);
    process_expect_line(&s->peers[0], "connected");
    say_and_hear_ping(&s->peers[0]);

    assert_int_equal(kill(pid, SIGKILL), 0);
    killed = worker_event(b, "killed");
    assert_int_equal(event_pid(killed), pid);
    assert_event_number(killed, "signal", SIGKILL);
    assert_event_number(batch_event(b, "closed", conn), "in", 4);
    assert_int_not_equal(event_pid(worker_event(b, "started")), pid);

    for (int i = 1; i < 3; i++) {
        peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
        process_expect_line(&s->peers[i], "connected");
        say_and_hear_ping(&s->peers[i]);
    }
    stage_quit(s, 0);
    assert_int_equal(batch_count(b, "closed", conn), 1);
    assert_int_equal(batch_count(b, "accepted", 0), 3);
}

static void
a_silent_client_is_closed_by_the_read_timeout_and_the_listener_goes_on(void **state)
{
    struct stage *s = *state;
    json_t *timeout, *closed;

    stage_listen(s, "listen 0 read-timeout=500ms");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    timeout = batch_event(&s->batch, "timeout", 1);
    assert_event_string(timeout, "kind", "read");
    assert_between(event_number(timeout, "limit"), 0.5, 0.5);
    assert_between(event_number(timeout, "after"), 0.5, 1.5);
    assert_non_null(strstr(event_string(timeout, "text"), "close connection by timeout"));
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "timeout");
    assert_event_string(closed, "how", "fin");
    process_expect_line(&s->peers[0], "connected");
    process_expect_line(&s->peers[0], "b''");

    peer_start(&s->peers[1], "lecture_client.py", s->port, NULL);
    expect_ping_conversation(&s->batch, 2);
    stage_quit(s, 0);
}

static void
a_closed_port_refuses_at_once_and_the_status_is_7(void **state)
{
    struct stage *s = *state;
    int64_t begun = clock_mono_ns();
    json_t *error;

    batch_start(&s->batch, "connect", stage_free_port(s), NULL);
    assert_int_equal(batch_wait(&s->batch), 7);
    assert_true(clock_mono_ns() - begun < NS_PER_S);
    error = batch_event(&s->batch, "error", 1);
    assert_event_string(error, "call", "connect");
    assert_event_string(error, "errno", "ECONNREFUSED");
    assert_event_string(error, "message", "Connection refused");
    assert_event_string(error, "severity", "error");
    assert_int_equal(batch_count(&s->batch, "connected", 0), 0);
}

static void
a_read_timeout_of_none_0_or_more_blocks_returns_or_waits(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    json_t *error;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "timeout read 0"), 0);
    error = batch_event(b, "error", 0);
    assert_event_string(error, "call", "recv");
    assert_event_string(error, "errno", "EAGAIN");
    assert_event_string(error, "severity", "info");
    assert_int_equal(stage_run(s, "timeout read 50ms"), 0);
    assert_event_string(batch_event(b, "timeout", event_conn(error)), "kind", "read");
    assert_int_equal(stage_run(s, "timeout read none"), 0);
    assert_int_equal(stage_run(s, "send still here"), 0);

    stage_quit(s, 0);
    assert_int_equal(batch_count(b, "error", 0), 1);    /* once, and no busy loop */
    assert_int_equal(batch_count(b, "timeout", 0), 1);  /* kept: reported once */
}

static void
a_timeout_changed_while_recv_is_blocked_takes_effect_at_once(void **state)
{
    struct stage *s = *state;
    json_t *timeout;

    stage_listen(s, "listen 0 read-timeout=1h");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "timeout #1 read 50ms"), 0);
    timeout = batch_event(&s->batch, "timeout", 1);
    assert_between(event_number(timeout, "limit"), 0.05, 0.05);
    process_expect_line(&s->peers[0], "connected");
    process_expect_line(&s->peers[0], "b''");
    stage_quit(s, 0);
}

static void
close_and_reset_look_to_python_as_they_should(void **state)
{
    struct stage *s = *state;
    json_t *closed;

    stage_listen(s, "listen 0 mode=prefork workers=2");
    for (int i = 0; i < 2; i++) {
        peer_start(&s->peers[i], "silent_client.py", s->port, NULL);
        process_expect_line(&s->peers[i], "connected");
        batch_event(&s->batch, "accepted", i + 1);
    }
    assert_int_equal(stage_run(s, "close #1"), 0);
    assert_int_equal(stage_run(s, "reset #2"), 0);
    process_expect_line(&s->peers[0], "b''");
    process_expect_line(&s->peers[1], "ConnectionResetError");
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "us");
    assert_event_string(closed, "how", "fin");
    closed = batch_event(&s->batch, "closed", 2);
    assert_event_string(closed, "by", "us");
    assert_event_string(closed, "how", "rst");
    stage_quit(s, 0);
}

static void
after_a_half_close_the_other_direction_still_carries_data(void **state)
{
    struct stage *s = *state;
    json_t *received;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "on-eof L1 keep"), 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    assert_event_string(batch_event(&s->batch, "shutdown", 1), "which", "write");
    batch_event(&s->batch, "eof", 2);
    assert_int_equal(stage_run(s, "send #2 the other way"), 0);
    received = batch_event(&s->batch, "received", 1);
    assert_event_string(received, "data", "the other way");
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_python_server_receives_ping_from_a_batch),
        stage_test(a_serial_listener_serves_python_clients_one_after_another),
        stage_test(with_serial_the_second_client_is_connected_but_not_accepted),
        stage_test(three_workers_serve_three_clients_at_once_and_a_fourth_waits),
        stage_test(a_killed_worker_is_told_its_connection_closed_once_and_another_started),
        stage_test(a_silent_client_is_closed_by_the_read_timeout_and_the_listener_goes_on),
        stage_test(a_closed_port_refuses_at_once_and_the_status_is_7),
        stage_test(a_read_timeout_of_none_0_or_more_blocks_returns_or_waits),
        stage_test(a_timeout_changed_while_recv_is_blocked_takes_effect_at_once),
        stage_test(close_and_reset_look_to_python_as_they_should),
        stage_test(after_a_half_close_the_other_direction_still_carries_data),
    };

    return cmocka_run_group_tests_name("lecture", tests, NULL, NULL);
}
