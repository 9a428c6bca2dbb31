/* test_demonstrations.c - faults on loopback, each made by one command, with Python on the
 * other side, which sees what it should. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"
#include "sockdeck/base/clock.h"

/* Starts a batch and a Python server, and connects to it as #1. */
static void
connect_to_server(struct stage *s, const char *keys)
{
    struct process *server = &s->peers[0];

    peer_start(server, "listening_server.py", NULL);
    snprintf(s->port, sizeof(s->port), "%ld", process_number(server));
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %s %s", s->port, keys), 0);
}

/* One act of that server, to its end. */
static void
act(struct stage *s, const char *line, const char *answer)
{
    char done[32];

    process_write(&s->peers[0], line);
    process_write(&s->peers[0], "\n");
    if (answer != NULL)
        process_expect_line(&s->peers[0], answer);
    snprintf(done, sizeof(done), "done %.*s", (int)strcspn(line, " "), line);
    process_expect_line(&s->peers[0], done);
}

/* A field of `info #conn`, of that end ("value") or the other one ("peer"); NULL when it
 * has none. */
static const json_t *
info_of(struct stage *s, int conn, const char *end, const char *field)
{
    json_t *rows, *row;
    size_t i;

    assert_int_equal(stage_run(s, "info #%d", conn), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row)
        if (strcmp(event_string(row, "field"), field) == 0)
            return json_object_get(row, end);
    return NULL;
}

/* Waits until the field has that value: the kernel acknowledges when it likes. */
static void
expect_info(struct stage *s, int conn, const char *end, const char *field, const char *value)
{
    int64_t deadline = clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;
    const json_t *found;

    do {
        found = info_of(s, conn, end, field);
        if (json_is_string(found) && strcmp(json_string_value(found), value) == 0)
            return;
    } while (clock_mono_ns() < deadline);
    fail_msg("#%d: %s is not %s but %s", conn, field, value,
             json_is_string(found) ? json_string_value(found) : "missing");
}

/* Waits until that queue holds as many bytes. */
static void
expect_queue(struct stage *s, int conn, const char *end, const char *field, int bytes)
{
    int64_t deadline = clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;

    while (json_number_value(info_of(s, conn, end, field)) < bytes)
        if (clock_mono_ns() > deadline)
            fail_msg("#%d: %s never holds %d bytes", conn, field, bytes);
}

static void
assert_closed(struct stage *s, int conn, const char *by, const char *how)
{
    json_t *closed = batch_event(&s->batch, "closed", conn);

    assert_event_string(closed, "by", by);
    assert_event_string(closed, "how", how);
}

/* --- refused ------------------------------------------------------------------------- */

static void
a_closed_port_is_refused_at_once(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];
    json_t *begun, *error;

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %s", stage_free_port(s)), 7);
    begun = batch_event(&s->batch, "connecting", 1);
    error = batch_event(&s->batch, "error", 1);
    assert_between(event_number(error, "mono") - event_number(begun, "mono"), 0, 1);
    assert_event_string(error, "call", "connect");
    assert_event_string(error, "errno", "ECONNREFUSED");
    assert_non_null(strstr(event_string(error, "text"), "nothing listens on"));
    assert_int_equal(batch_count(&s->batch, "connected", 0), 0);

    peer_start(client, "connecting_client.py", s->port, "5", NULL);
    process_expect_line(client, "ConnectionRefusedError");
    stage_quit(s, 7);
}

/* --- a peer that does not read -------------------------------------------------------- */

/* The client of #1 gives up sending: the queues on both sides are full, and seen so. */
static void
expect_blocked_sendall(struct stage *s)
{
    struct process *client = &s->peers[0];

    process_expect_line(client, "socket.timeout");
    assert_true(json_number_value(info_of(s, 1, "value", "SIOCINQ")) > 0);
    assert_true(json_number_value(info_of(s, 1, "peer", "SIOCOUTQ")) > 0);
    assert_int_equal(batch_count(&s->batch, "received", 1), 0);
}

static void
a_blocked_sendall_of_python_times_out_against_stall(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];

    stage_listen(s, "listen 0 handler=stall");
    peer_start(client, "blocked_client.py", s->port, "0.5", NULL);
    process_write(client, "\n");
    expect_blocked_sendall(s);
    process_write(client, "\n");
    assert_int_equal(process_wait(client), 0);
    stage_quit(s, 0);
}

static void
pause_blocks_a_sendall_too_and_resume_takes_what_waited(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];
    json_t *closed;

    stage_listen(s, "listen 0 mode=epoll");
    s->batch.drop_received = true;
    peer_start(client, "blocked_client.py", s->port, "0.5", NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "pause #1"), 0);
    process_write(client, "\n");
    expect_blocked_sendall(s);
    assert_int_equal(s->batch.received_bytes, 0);
    assert_int_equal(stage_run(s, "resume #1"), 0);
    process_write(client, "\n");
    assert_int_equal(process_wait(client), 0);
    closed = batch_event(&s->batch, "closed", 1);
    assert_true(event_number(closed, "in") > 0);
    stage_quit(s, 0);
    assert_int_equal(s->batch.received_bytes, (uint64_t)event_number(closed, "in"));
}

/* A file of zeros, to be unlinked. */
static void
make_file(char path[static 64], long bytes)
{
    int fd;

    strcpy(path, "/tmp/sockdeck-send-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, bytes), 0);
    close(fd);
}

static void
our_send_times_out_and_tells_how_much_the_kernel_had_taken(void **state)
{
    struct stage *s = *state;
    char path[64], taken[64];
    json_t *timeout, *closed;
    int status;

    make_file(path, 32 << 20);
    stage_listen(s, "listen 0 handler=stall");
    assert_int_equal(stage_run(s, "connect %s send-timeout=300ms", s->port), 0);
    status = stage_run(s, "sendfile #1 %s", path);
    unlink(path);
    assert_int_equal(status, 28);

    timeout = batch_event(&s->batch, "timeout", 1);
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(timeout, "kind", "send");
    assert_true(event_number(timeout, "after") >= 0.3);
    snprintf(taken, sizeof(taken), "the kernel took %.0f bytes of it", event_number(closed, "out"));
    assert_non_null(strstr(event_string(timeout, "text"), taken));
    assert_event_string(closed, "by", "timeout");
    assert_true(event_number(closed, "unacked") > 0);
    assert_true(event_number(closed, "out") < 32 << 20);
    stage_quit(s, 28);
}

/* --- resets ---------------------------------------------------------------------------- */

static void
reset_is_a_connection_reset_error_in_python(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];

    stage_listen(s, "listen 0");
    peer_start(client, "silent_client.py", s->port, NULL);
    process_expect_line(client, "connected");
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "reset #1"), 0);
    process_expect_line(client, "ConnectionResetError");
    assert_closed(s, 1, "us", "rst");
    stage_quit(s, 0);
}

static void
close_with_unread_input_is_a_reset_and_says_what_was_lost(void **state)
{
    struct stage *s = *state;
    json_t *closed;

    connect_to_server(s, "");
    assert_int_equal(stage_run(s, "pause #1"), 0);
    act(s, "send hello", NULL);
    expect_queue(s, 1, "value", "SIOCINQ", 5);
    assert_int_equal(stage_run(s, "close #1"), 0);
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "us");
    assert_event_string(closed, "how", "rst");
    assert_event_number(closed, "unread", 5);
    assert_non_null(strstr(event_string(closed, "text"), "5 bytes unread and lost"));
    act(s, "read", "ConnectionResetError");
    stage_quit(s, 0);
}

static void
a_peer_that_closes_with_our_bytes_unread_resets_us(void **state)
{
    struct stage *s = *state;
    json_t *error;

    connect_to_server(s, "");
    assert_int_equal(stage_run(s, "send #1 unread"), 0);
    expect_queue(s, 1, "peer", "SIOCINQ", 6);
    act(s, "close", NULL);
    error = batch_event(&s->batch, "error", 1);
    assert_event_string(error, "call", "recv");
    assert_event_string(error, "errno", "ECONNRESET");
    assert_closed(s, 1, "peer", "rst");
    stage_quit(s, 0);
}

static void
a_write_after_the_peer_has_closed_succeeds_once_and_then_is_reset(void **state)
{
    struct stage *s = *state;

    connect_to_server(s, "");
    act(s, "close", NULL);
    batch_event(&s->batch, "eof", 1);
    assert_int_equal(stage_run(s, "send #1 first"), 0);
    batch_event(&s->batch, "error", 1);
    assert_closed(s, 1, "peer", "rst");
    assert_int_equal(stage_run(s, "send #1 second"), 55);
    stage_quit(s, 55);
}

/* --- ends in order ---------------------------------------------------------------------- */

static void
shutdown_write_is_a_half_close_and_receiving_goes_on(void **state)
{
    struct stage *s = *state;

    connect_to_server(s, "");
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    act(s, "read", "0");
    expect_info(s, 1, "value", "state", "we closed");
    expect_info(s, 1, "value", "TCP state", "FIN_WAIT2");
    expect_info(s, 1, "peer", "TCP state", "CLOSE_WAIT");
    act(s, "send late", NULL);
    assert_event_string(batch_event(&s->batch, "received", 1), "data", "late");
    assert_int_equal(stage_run(s, "send #1 more"), 55);
    act(s, "close", NULL);
    batch_event(&s->batch, "eof", 1);
    assert_closed(s, 1, "us", "fin");
    stage_quit(s, 55);
}

static void
time_wait_is_with_who_closed_first_and_the_port_serves_again(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "close #2"), 0);      /* the listener's side closes first */
    batch_event(&s->batch, "eof", 1);
    assert_int_equal(stage_run(s, "close #1"), 0);
    assert_closed(s, 1, "peer", "fin");
    assert_closed(s, 2, "us", "fin");
    expect_info(s, 2, "value", "TCP state", "TIME_WAIT");
    expect_info(s, 1, "peer", "TCP state", "TIME_WAIT");

    assert_int_equal(stage_run(s, "close L1"), 0);
    assert_int_equal(stage_run(s, "listen %s", s->port), 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    stage_quit(s, 0);
}

/* --- slow accept ------------------------------------------------------------------------- */

static void
accept_delay_lets_clients_wait_in_the_queue(void **state)
{
    struct stage *s = *state;
    json_t *connected, *queue, *accepted;

    stage_listen(s, "listen 0 mode=threads accept-delay=500ms");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    connected = batch_event(&s->batch, "connected", 1);
    queue = batch_event(&s->batch, "queue", 0);
    accepted = batch_event(&s->batch, "accepted", 2);
    assert_true(event_number(accepted, "mono") - event_number(connected, "mono") >= 0.45);
    assert_event_string(queue, "text", "L1: 1 client is connected but not accepted "
                                       "(L1 has accept-delay=500ms)");
    stage_quit(s, 0);
}

/* --- 0: what non-blocking means ------------------------------------------------------------ */

static void
zero_is_eagain_once_for_each_wait_and_then_readiness(void **state)
{
    struct stage *s = *state;
    json_t *error;

    connect_to_server(s, "connect-timeout=0 read-timeout=0");
    error = batch_event(&s->batch, "error", 1);
    if (strcmp(event_string(error, "call"), "connect") == 0) {
        assert_event_string(error, "errno", "EINPROGRESS");
        assert_event_string(error, "severity", "info");
        error = batch_event(&s->batch, "error", 1);
    }
    assert_event_string(error, "call", "recv");
    assert_event_string(error, "errno", "EAGAIN");
    assert_event_string(error, "severity", "info");
    act(s, "send one", NULL);
    assert_event_string(batch_event(&s->batch, "received", 1), "data", "one");
    error = batch_event(&s->batch, "error", 1);
    assert_event_string(error, "errno", "EAGAIN");
    assert_int_equal(stage_run(s, "wait 200ms"), 0);
    stage_quit(s, 0);
    assert_true(batch_count(&s->batch, "error", 1) <= 3);
    assert_int_equal(batch_count(&s->batch, "timeout", 0), 0);
}

static void
accept_0_is_said_once_for_each_wait(void **state)
{
    struct stage *s = *state;
    json_t *error;

    stage_listen(s, "listen 0 accept-timeout=0");
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "call", "accept4");
    assert_event_string(error, "errno", "EAGAIN");
    assert_event_string(error, "severity", "info");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "wait 200ms"), 0);
    assert_int_equal(batch_count(&s->batch, "error", 0), 1);
    stage_quit(s, 0);
}

/* --- a change reaches a call that is blocked ------------------------------------------------ */

static void
a_changed_limit_ends_the_wait_that_goes_on(void **state)
{
    struct stage *s = *state;
    json_t *timeout;

    connect_to_server(s, "read-timeout=60s");
    assert_int_equal(stage_run(s, "wait 100ms"), 0);
    assert_int_equal(stage_run(s, "timeout #1 read 50ms then=close"), 0);
    timeout = batch_event(&s->batch, "timeout", 1);
    assert_event_string(timeout, "kind", "read");
    assert_between(event_number(timeout, "after"), 0.1, 10);
    assert_between(event_number(timeout, "limit"), 0.05, 0.05);
    assert_closed(s, 1, "timeout", "fin");
    act(s, "read", "0");
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_closed_port_is_refused_at_once),
        stage_test(a_blocked_sendall_of_python_times_out_against_stall),
        stage_test(pause_blocks_a_sendall_too_and_resume_takes_what_waited),
        stage_test(our_send_times_out_and_tells_how_much_the_kernel_had_taken),
        stage_test(reset_is_a_connection_reset_error_in_python),
        stage_test(close_with_unread_input_is_a_reset_and_says_what_was_lost),
        stage_test(a_peer_that_closes_with_our_bytes_unread_resets_us),
        stage_test(a_write_after_the_peer_has_closed_succeeds_once_and_then_is_reset),
        stage_test(shutdown_write_is_a_half_close_and_receiving_goes_on),
        stage_test(time_wait_is_with_who_closed_first_and_the_port_serves_again),
        stage_test(accept_delay_lets_clients_wait_in_the_queue),
        stage_test(zero_is_eagain_once_for_each_wait_and_then_readiness),
        stage_test(accept_0_is_said_once_for_each_wait),
        stage_test(a_changed_limit_ends_the_wait_that_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
