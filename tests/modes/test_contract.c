/* test_contract.c - what holds in every mode, run over the table of modes: a
 * connection behaves the same in whichever thread or process it lives. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/serve/mode.h"

enum { WORKERS = 3, MANY = 60 };

static const struct mode *
mode_of(const struct stage *s)
{
    return s->subject;
}

/* A listener in the mode that the test runs for, with these keys. */
static void
listen_with(struct stage *s, const char *keys)
{
    char line[160];
    int n = snprintf(line, sizeof(line), "listen 0 mode=%s %s", mode_of(s)->name, keys);

    if (mode_of(s)->has_workers)
        snprintf(line + n, sizeof(line) - (size_t)n, " workers=%d", WORKERS);
    stage_listen(s, line);
}

/* How many clients it serves at once, as far as these tests ask for. */
static int
served_at_once(const struct stage *s)
{
    return mode_of(s)->one_at_a_time && !mode_of(s)->has_workers ? 1 : WORKERS;
}

static void
serves_several_at_once_if_it_can_and_tells_who(void **state)
{
    struct stage *s = *state;
    int clients = served_at_once(s);

    listen_with(s, "handler=echo");
    for (int i = 0; i < clients; i++) {
        int pid;

        peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
        process_expect_line(&s->peers[i], "connected");
        pid = event_pid(batch_event(&s->batch, "accepted", 0));
        assert_int_equal(pid != s->batch.process.pid, mode_of(s)->in_process);
    }
    for (int i = 0; i < clients; i++) {
        process_write(&s->peers[i], "hello\n");
        process_expect_line(&s->peers[i], "hello");
    }
    for (int i = 0; i < clients; i++) {
        assert_int_equal(process_wait(&s->peers[i]), 0);
        assert_event_number(batch_event(&s->batch, "closed", 0), "in", 5);
    }
    stage_quit(s, 0);
}

static void
sums_of_many_short_clients_are_exact_and_each_closes_once(void **state)
{
    struct stage *s = *state;
    int64_t in = 0, out = 0;
    long bytes;
    char count[8];

    listen_with(s, "handler=echo");
    snprintf(count, sizeof(count), "%d", MANY);
    peer_start(&s->peers[0], "many_clients.py", s->port, count, "8", NULL);
    bytes = process_number(&s->peers[0]);
    assert_int_equal(process_wait(&s->peers[0]), 0);
    for (int i = 0; i < MANY; i++) {
        json_t *closed = batch_event(&s->batch, "closed", 0);

        in += (int64_t)event_number(closed, "in");
        out += (int64_t)event_number(closed, "out");
    }
    assert_int_equal(in, bytes);
    assert_int_equal(out, bytes);
    stage_quit(s, 0);
    for (int conn = 1; conn <= MANY; conn++) {
        assert_int_equal(batch_count(&s->batch, "accepted", conn), 1);
        assert_int_equal(batch_count(&s->batch, "closed", conn), 1);
    }
    assert_int_equal(batch_count(&s->batch, "closed", 0), MANY);
}

static void
a_read_timeout_closes_only_the_silent_one(void **state)
{
    struct stage *s = *state;
    json_t *timeout;
    int conn;

    listen_with(s, "read-timeout=300ms");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    timeout = batch_event(&s->batch, "timeout", 0);
    conn = event_conn(timeout);
    assert_event_string(timeout, "kind", "read");
    assert_between(event_number(timeout, "after"), 0.3, 1.3);
    assert_event_string(batch_event(&s->batch, "closed", conn), "by", "timeout");
    process_expect_line(&s->peers[0], "connected");
    process_expect_line(&s->peers[0], "b''");
    peer_start(&s->peers[1], "lecture_client.py", s->port, NULL);
    assert_event_string(batch_event(&s->batch, "closed", conn + 1), "by", "peer");
    stage_quit(s, 0);
}

static void
a_timeout_can_be_changed_while_recv_is_blocked(void **state)
{
    struct stage *s = *state;

    listen_with(s, "read-timeout=1h");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "timeout #1 read 40ms"), 0);
    assert_between(event_number(batch_event(&s->batch, "timeout", 1), "limit"), 0.04, 0.04);
    stage_quit(s, 0);
}

static void
an_idle_timeout_closes(void **state)
{
    struct stage *s = *state;

    listen_with(s, "idle-timeout=100ms");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    assert_event_string(batch_event(&s->batch, "timeout", 1), "kind", "idle");
    stage_quit(s, 0);
}

static void
a_send_timeout_tells_how_much_the_kernel_took(void **state)
{
    struct stage *s = *state;
    json_t *timeout, *closed;

    listen_with(s, "send-timeout=100ms");
    peer_start(&s->peers[0], "staying_client.py", s->port, NULL);   /* never reads */
    batch_event(&s->batch, "accepted", 1);
    for (int i = 0; i < 200; i++)
        process_write(&s->batch.process, "sendfile #1 ./sockdeck\n");
    timeout = batch_event(&s->batch, "timeout", 1);
    assert_event_string(timeout, "kind", "send");
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "timeout");
    assert_true(event_number(closed, "out") > 0);
    stage_quit(s, 28);
}

static void
an_accept_timeout_is_told_once_for_each_silence(void **state)
{
    struct stage *s = *state;

    listen_with(s, "accept-timeout=100ms");
    assert_event_string(batch_event(&s->batch, "timeout", 0), "kind", "accept");
    assert_true(process_is_silent(&s->batch.process, 300));
    peer_start(&s->peers[0], "lecture_client.py", s->port, NULL);
    batch_event(&s->batch, "closed", 1);
    assert_event_string(batch_event(&s->batch, "timeout", 0), "kind", "accept");
    stage_quit(s, 0);
}

static void
a_client_that_half_closes_still_gets_its_answer(void **state)
{
    struct stage *s = *state;
    json_t *closed;

    listen_with(s, "handler=echo work=50ms");
    peer_start(&s->peers[0], "half_closing_client.py", s->port, "the answer", NULL);
    process_expect_line(&s->peers[0], "the answer");
    batch_event(&s->batch, "eof", 1);
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_number(closed, "in", 10);
    assert_event_number(closed, "out", 10);
    stage_quit(s, 0);
}

static void
a_reset_keeps_the_bytes_before_it(void **state)
{
    struct stage *s = *state;
    json_t *closed;

    listen_with(s, "");
    peer_start(&s->peers[0], "resetting_client.py", s->port, "last words", NULL);
    assert_event_string(batch_event(&s->batch, "received", 1), "data", "last words");
    process_write(&s->peers[0], "now\n");
    assert_event_string(batch_event(&s->batch, "error", 1), "errno", "ECONNRESET");
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "peer");
    assert_event_string(closed, "how", "rst");
    assert_event_number(closed, "in", 10);
    stage_quit(s, 0);
}

static void
commands_reach_a_connection_wherever_it_lives(void **state)
{
    struct stage *s = *state;

    listen_with(s, "");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "send #2 from its owner"), 0);
    assert_int_equal(stage_run(s, "expect #1 within=10s owner"), 0);
    assert_int_equal(stage_run(s, "handler L1 pong"), 0);
    assert_int_equal(stage_run(s, "ping #1 wait=10s"), 0);
    assert_int_equal(stage_run(s, "pause #2"), 0);
    assert_int_equal(stage_run(s, "ping #1 wait=50ms"), 1);
    assert_int_equal(stage_run(s, "resume #2"), 0);
    assert_int_equal(stage_run(s, "ping #1 wait=10s"), 0);
    assert_int_equal(stage_run(s, "shutdown #2 write"), 0);
    batch_event(&s->batch, "eof", 1);
    assert_int_equal(stage_run(s, "reset #2"), 0);
    assert_event_string(batch_event(&s->batch, "closed", 2), "how", "rst");
    stage_quit(s, 1);
}

static void
closing_the_listener_closes_what_is_open(void **state)
{
    struct stage *s = *state;

    listen_with(s, "");
    for (int i = 0; i < served_at_once(s); i++) {
        peer_start(&s->peers[i], "silent_client.py", s->port, NULL);
        batch_event(&s->batch, "accepted", 0);
    }
    stage_quit(s, 0);
    for (int i = 0; i < served_at_once(s); i++) {
        process_expect_line(&s->peers[i], "connected");
        process_expect_line(&s->peers[i], "b''");
        assert_int_equal(batch_count(&s->batch, "closed", i + 1), 1);
    }
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 1);
}

static void
a_stopped_listener_refuses_and_its_port_is_free(void **state)
{
    struct stage *s = *state;

    listen_with(s, "");
    assert_int_equal(stage_run(s, "close L1"), 0);
    batch_event(&s->batch, "stopped", 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 7);
    assert_int_equal(stage_run(s, "listen %s", s->port), 0);
    stage_quit(s, 7);
}

static void
killed_workers_cost_their_own_connection_only(void **state)
{
    struct stage *s = *state;
    int pid, conn;
    json_t *accepted;

    listen_with(s, "handler=echo");
    for (int i = 0; i < WORKERS; i++) {
        peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
        process_expect_line(&s->peers[i], "connected");
        process_write(&s->peers[i], "hello\n");
        process_expect_line(&s->peers[i], "hello");
    }
    accepted = batch_event(&s->batch, "accepted", 0);
    pid = event_pid(accepted);
    conn = event_conn(accepted);
    kill(pid, SIGKILL);
    batch_event(&s->batch, "closed", conn);
    peer_start(&s->peers[WORKERS], "staying_client.py", s->port, "answers", NULL);
    process_expect_line(&s->peers[WORKERS], "connected");
    process_write(&s->peers[WORKERS], "hello\n");
    process_expect_line(&s->peers[WORKERS], "hello");
    stage_quit(s, 0);
    for (int i = 1; i <= WORKERS + 1; i++)
        assert_int_equal(batch_count(&s->batch, "closed", i), 1);
}

static void
a_frozen_worker_does_not_hold_quit_up(void **state)
{
    struct stage *s = *state;
    int64_t begun;

    listen_with(s, "handler=echo");
    assert_int_equal(stage_run(s, "kill W1 STOP"), 0);
    peer_start(&s->peers[0], "many_clients.py", s->port, "10", "1", NULL);
    process_number(&s->peers[0]);               /* the others serve them */
    begun = clock_mono_ns();
    stage_quit(s, 0);
    assert_true(clock_mono_ns() - begun < 3 * NS_PER_S);
}

/* --- the suite, once for each mode ------------------------------------------------ */

struct named_test {
    const char *name;
    CMUnitTestFunction run;
    bool needs_workers;
};

#define NAMED(f)        { #f, f, false }
#define OF_WORKERS(f)   { #f, f, true }

static const struct named_test suite[] = {
    NAMED(serves_several_at_once_if_it_can_and_tells_who),
    NAMED(sums_of_many_short_clients_are_exact_and_each_closes_once),
    NAMED(a_read_timeout_closes_only_the_silent_one),
    NAMED(a_timeout_can_be_changed_while_recv_is_blocked),
    NAMED(an_idle_timeout_closes),
    NAMED(a_send_timeout_tells_how_much_the_kernel_took),
    NAMED(an_accept_timeout_is_told_once_for_each_silence),
    NAMED(a_client_that_half_closes_still_gets_its_answer),
    NAMED(a_reset_keeps_the_bytes_before_it),
    NAMED(commands_reach_a_connection_wherever_it_lives),
    NAMED(closing_the_listener_closes_what_is_open),
    NAMED(a_stopped_listener_refuses_and_its_port_is_free),
    OF_WORKERS(killed_workers_cost_their_own_connection_only),
    OF_WORKERS(a_frozen_worker_does_not_hold_quit_up),
};

enum { SUITE = sizeof(suite) / sizeof(suite[0]) };

int
main(void)
{
    size_t n = 0;
    struct CMUnitTest *tests = calloc((size_t)mode_count * SUITE, sizeof(*tests));
    char (*names)[128] = calloc((size_t)mode_count * SUITE, sizeof(*names));
    int failed;

    if (tests == NULL || names == NULL)
        return 99;
    for (uint32_t m = 0; m < mode_count; m++) {
        for (size_t i = 0; i < SUITE; i++) {
            if (suite[i].needs_workers && !modes[m]->has_workers)
                continue;
            snprintf(names[n], sizeof(names[n]), "%s: %s", modes[m]->name, suite[i].name);
            tests[n] = (struct CMUnitTest){ names[n], suite[i].run, stage_setup,
                                            stage_teardown, (void *)(uintptr_t)modes[m] };
            n++;
        }
    }
    failed = _cmocka_run_group_tests("contract", tests, n, NULL, NULL);
    free(tests);
    free(names);
    return failed;
}
