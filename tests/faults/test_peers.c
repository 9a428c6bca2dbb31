/* test_peers.c - peers that misbehave: N4, N5, N8, N9, N10, N12, N13, N15 and S1 of the
 * ledger. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"
#include "sockdeck/base/clock.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true       /* memory that was freed is kept for a while */
#else
#define IS_SANITIZED false
#endif

static void
act(struct process *server, const char *line, const char *answer)
{
    char done[32];

    process_write(server, line);
    process_write(server, "\n");
    if (answer != NULL)
        process_expect_line(server, answer);
    snprintf(done, sizeof(done), "done %.*s", (int)strcspn(line, " "), line);
    process_expect_line(server, done);
}

/* Starts a batch and a Python server, and connects to it as #1. */
static struct process *
connect_to_server(struct stage *s)
{
    struct process *server = &s->peers[0];

    peer_start(server, "listening_server.py", NULL);
    snprintf(s->port, sizeof(s->port), "%ld", process_number(server));
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    return server;
}

/* --- N4, N5, S1 -------------------------------------------------------------------------- */

static void
what_came_before_a_reset_is_kept_even_where_reading_was_paused(void **state)
{
    struct stage *s = *state;
    struct process *server = connect_to_server(s);
    json_t *received, *error, *closed;

    assert_int_equal(stage_run(s, "pause #1"), 0);
    act(server, "send kept", NULL);
    act(server, "reset", NULL);
    received = batch_event(&s->batch, "received", 1);
    error = batch_event(&s->batch, "error", 1);
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(received, "data", "kept");
    assert_event_string(error, "errno", "ECONNRESET");
    assert_event_string(closed, "by", "peer");
    assert_event_string(closed, "how", "rst");
    assert_event_number(closed, "in", 4);
    assert_non_null(strstr(event_string(closed, "text"), "reset by peer"));
    stage_quit(s, 0);
}

static void
after_the_peers_half_close_sending_still_works(void **state)
{
    struct stage *s = *state;
    struct process *server = connect_to_server(s);
    json_t *rows;

    act(server, "shutdown", NULL);
    batch_event(&s->batch, "eof", 1);
    assert_int_equal(stage_run(s, "show connections"), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    assert_event_string(json_array_get(rows, 0), "state", "peer closed");
    assert_int_equal(stage_run(s, "send #1 answer"), 0);
    act(server, "read", "6");
    stage_quit(s, 0);
    assert_event_string(batch_event(&s->batch, "closed", 1), "by", "peer");
}

static void
sends_to_a_peer_that_has_gone_end_by_an_error_and_not_by_a_signal(void **state)
{
    struct stage *s = *state;
    struct process *server = connect_to_server(s);
    json_t *error;

    assert_int_equal(stage_run(s, "on-eof #1 keep"), 0);
    act(server, "close", NULL);
    batch_event(&s->batch, "eof", 1);
    stage_run(s, "send #1 one");
    stage_run(s, "send #1 two");
    error = batch_event(&s->batch, "error", 1);
    assert_true(strcmp(event_string(error, "errno"), "EPIPE") == 0 ||
                strcmp(event_string(error, "errno"), "ECONNRESET") == 0);
    batch_event(&s->batch, "closed", 1);
    assert_int_equal(stage_run(s, "send #1 three"), 55);
    stage_quit(s, 55);
}

/* --- N8 ---------------------------------------------------------------------------------- */

static void
expect_service_beside_slow_clients(struct stage *s, const char *mode)
{
    struct process *slow = &s->peers[0];
    char listen[64];

    snprintf(listen, sizeof(listen), "listen 0 mode=%s handler=pong", mode);
    stage_listen(s, listen);
    peer_start(slow, "slow_clients.py", s->port, "200", NULL);
    process_expect_line(slow, "connected");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "ping count=3 interval=10ms wait=10s"), 0);
    process_close_input(slow);
    assert_int_equal(process_wait(slow), 0);
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "accepted", 0), 201);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 202);
}

static void
others_are_served_beside_200_slow_clients_by_epoll(void **state)
{
    expect_service_beside_slow_clients(*state, "epoll");
}

static void
others_are_served_beside_200_slow_clients_by_threads(void **state)
{
    expect_service_beside_slow_clients(*state, "threads");
}

static void
with_serial_the_gauge_shows_the_slow_clients_that_wait(void **state)
{
    struct stage *s = *state;
    struct process *slow = &s->peers[0];
    json_t *queue;

    stage_listen(s, "listen 0 mode=serial backlog=64");
    peer_start(slow, "slow_clients.py", s->port, "20", NULL);
    process_expect_line(slow, "connected");
    queue = batch_event(&s->batch, "queue", 0);
    assert_event_number(queue, "limit", 64);
    assert_true(event_number(queue, "waiting") >= 1);
    assert_int_equal(batch_count(&s->batch, "accepted", 0), 1);
    process_close_input(slow);
    assert_int_equal(process_wait(slow), 0);
    stage_quit(s, 0);
}

/* --- N9 ---------------------------------------------------------------------------------- */

/* They wait in their file; what the kernel has taken is told when the peer goes. */
static void
forty_mib_for_a_peer_that_never_reads_wait_and_others_are_served(void **state)
{
    struct stage *s = *state;
    struct process *deaf = connect_to_server(s), *others = &s->peers[1];
    char path[] = "/tmp/sockdeck-much-XXXXXX", line[64];
    int fd = mkstemp(path), status;
    json_t *closed;
    long before;

    assert_int_equal(ftruncate(fd, 40 << 20), 0);
    close(fd);
    stage_listen(s, "listen 0 mode=epoll handler=echo");
    before = process_resident_kib(s->batch.process.pid, false);
    snprintf(line, sizeof(line), "sendfile #1 %s\n", path);
    process_write(&s->batch.process, line);
    batch_event(&s->batch, "sent", 1);
    peer_start(others, "many_clients.py", s->port, "100", "5", NULL);
    assert_true(process_number(others) > 100);
    assert_int_equal(process_wait(others), 0);
    assert_true(IS_SANITIZED ||
                process_resident_kib(s->batch.process.pid, true) - before < 24 * 1024);
    assert_int_equal(batch_count(&s->batch, "closed", 1), 0);

    process_stop(deaf);
    unlink(path);
    status = batch_done(&s->batch);
    assert_in_range(status, 55, 56);            /* which of send and recv meets the RST */
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "peer");
    assert_between(event_number(closed, "out"), 1, 40 << 20);
    stage_quit(s, status);
}

static void
a_peer_that_never_reads_harms_nobody_else_and_takes_little_memory(void **state)
{
    struct stage *s = *state;
    struct process *deaf = &s->peers[0];
    long before, after;

    stage_listen(s, "listen 0 mode=epoll handler=echo");
    s->batch.drop_received = true;
    before = process_resident_kib(s->batch.process.pid, false);
    peer_start(deaf, "blocked_client.py", s->port, "1", NULL);
    process_write(deaf, "\n");
    batch_event(&s->batch, "accepted", 1);
    process_expect_line(deaf, "socket.timeout");        /* 64 MiB found no room: it waits */
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "ping count=3 interval=10ms wait=10s"), 0);
    after = process_resident_kib(s->batch.process.pid, false);
    /* Records of what it sent are kept, within the model's bound; no 64 MiB of answers are. */
    assert_true(IS_SANITIZED || after - before < 160 * 1024);
    process_write(deaf, "\n");
    assert_int_equal(process_wait(deaf), 0);
    batch_event(&s->batch, "closed", 1);
    stage_quit(s, 0);
}

/* --- N10 --------------------------------------------------------------------------------- */

/* All that was received from #conn, as text. */
static char *
received_text(struct batch *b, int conn, size_t bytes)
{
    char *all = calloc(1, bytes + 1);
    size_t got = 0;

    while (got < bytes) {
        json_t *event = batch_event(b, "received", conn);

        if (event_has(event, "hex")) {
            const char *hex = event_string(event, "hex");

            for (; *hex != '\0' && got < bytes; hex += 2)
                sscanf(hex, "%2hhx", (unsigned char *)&all[got++]);
        } else {
            size_t n = strlen(event_string(event, "data"));

            assert_true(got + n <= bytes);
            memcpy(all + got, event_string(event, "data"), n);
            got += n;
        }
    }
    return all;
}

static void
characters_that_come_in_pieces_are_exact_in_the_record(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];
    char *all;

    stage_listen(s, "listen 0 recv=1");
    peer_start(client, "piecewise_client.py", s->port, "c3a9e282acf09f9880", NULL);
    all = received_text(&s->batch, 1, 9);
    assert_string_equal(all, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    free(all);
    process_write(client, "\n");
    assert_int_equal(process_wait(client), 0);
    assert_event_number(batch_event(&s->batch, "closed", 1), "in", 9);
    stage_quit(s, 0);
}

/* --- N12 --------------------------------------------------------------------------------- */

static void
a_port_that_is_taken_names_the_cause_and_nothing_else_changes(void **state)
{
    struct stage *s = *state;
    struct process *server = &s->peers[0];
    json_t *error;

    peer_start(server, "listening_server.py", NULL);
    snprintf(s->port, sizeof(s->port), "%ld", process_number(server));
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "listen %s", s->port), 7);
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "call", "bind");
    assert_event_string(error, "errno", "EADDRINUSE");
    assert_non_null(strstr(event_string(error, "text"), "another socket has this port"));
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
    stage_quit(s, 7);
}

/* --- N13 --------------------------------------------------------------------------------- */

/* CPU time of a process so far, in clock ticks. */
static long
cpu_ticks(pid_t pid)
{
    char path[32];
    long user = -1, system = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    file = fopen(path, "re");
    assert_non_null(file);
    if (fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user,
               &system) != 2)
        user = -1;
    fclose(file);
    assert_true(user >= 0);
    return user + system;
}

static void
an_urgent_byte_stays_in_the_stream_and_wakes_nobody_for_ever(void **state)
{
    struct stage *s = *state;
    struct process *server = connect_to_server(s);
    char *all;
    long ticks;

    act(server, "send ab", NULL);
    act(server, "urgent !", NULL);
    act(server, "send cd", NULL);
    all = received_text(&s->batch, 1, 5);
    assert_string_equal(all, "ab!cd");
    free(all);
    ticks = cpu_ticks(s->batch.process.pid);
    assert_int_equal(stage_run(s, "wait 500ms"), 0);
    assert_true((cpu_ticks(s->batch.process.pid) - ticks) * 1000 / sysconf(_SC_CLK_TCK) < 250);
    stage_quit(s, 0);
}

/* --- N15 --------------------------------------------------------------------------------- */

static void
accept_survives_a_client_that_aborted_while_it_was_queued(void **state)
{
    struct stage *s = *state;
    struct process *first = &s->peers[0], *second = &s->peers[1], *third = &s->peers[2];

    stage_listen(s, "listen 0 mode=serial");
    peer_start(first, "staying_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    peer_start(second, "resetting_client.py", s->port, "0", NULL);
    assert_int_equal(process_wait(second), 0);
    process_close_input(first);
    assert_int_equal(process_wait(first), 0);
    batch_event(&s->batch, "closed", 1);

    peer_start(third, "staying_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 2);
    assert_event_string(batch_event(&s->batch, "error", 2), "errno", "ECONNRESET");
    assert_event_string(batch_event(&s->batch, "closed", 2), "how", "rst");
    batch_event(&s->batch, "accepted", 3);
    process_close_input(third);
    batch_event(&s->batch, "eof", 3);
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(what_came_before_a_reset_is_kept_even_where_reading_was_paused),
        stage_test(after_the_peers_half_close_sending_still_works),
        stage_test(sends_to_a_peer_that_has_gone_end_by_an_error_and_not_by_a_signal),
        stage_test(others_are_served_beside_200_slow_clients_by_epoll),
        stage_test(others_are_served_beside_200_slow_clients_by_threads),
        stage_test(with_serial_the_gauge_shows_the_slow_clients_that_wait),
        stage_test(forty_mib_for_a_peer_that_never_reads_wait_and_others_are_served),
        stage_test(a_peer_that_never_reads_harms_nobody_else_and_takes_little_memory),
        stage_test(characters_that_come_in_pieces_are_exact_in_the_record),
        stage_test(a_port_that_is_taken_names_the_cause_and_nothing_else_changes),
        stage_test(an_urgent_byte_stays_in_the_stream_and_wakes_nobody_for_ever),
        stage_test(accept_survives_a_client_that_aborted_while_it_was_queued),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
