/* test_contract.c - what holds in every mode, run over the table of modes: a
 * connection behaves the same in whichever thread or process it lives. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "each_mode.h"
#include "sockdeck/base/clock.h"

/* ROUNDS: of what could go wrong by the order in which threads run. */
enum { WORKERS = EACH_MODE_WORKERS, MANY = 60, ROUNDS = 10 };

static void
serves_several_at_once_if_it_can_and_tells_who(void **state)
{
    struct stage *s = *state;
    int clients = each_mode_served_at_once(s);

    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < clients; i++) {
        int pid;

        peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
        process_expect_line(&s->peers[i], "connected");
        pid = event_pid(batch_event(&s->batch, "accepted", 0));
        assert_int_equal(pid != s->batch.process.pid, each_mode_of(s)->has_processes);
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

    each_mode_listen(s, "handler=echo");
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

/* host: where the listener listens; called: where its client connects to. */
static void
expect_arrival(struct stage *s, const char *host, const char *called)
{
    char text[64];

    snprintf(text, sizeof(text), "listen %s:0 mode=%s", host, each_mode_of(s)->name);
    stage_listen(s, text);
    assert_int_equal(stage_run(s, "connect %s:%s", called, s->port), 0);
    snprintf(text, sizeof(text), "%s:%s", called, s->port);
    assert_event_string(batch_event(&s->batch, "accepted", 0), "local", text);
    stage_quit(s, 0);
}

static void
tells_where_a_client_of_a_wildcard_arrived(void **state)
{
    expect_arrival(*state, "*", "127.0.0.5");
}

static void
tells_where_a_client_of_one_address_arrived(void **state)
{
    expect_arrival(*state, "127.0.0.5", "127.0.0.5");
}

static void
a_read_timeout_closes_only_the_silent_one(void **state)
{
    struct stage *s = *state;
    json_t *timeout;
    int conn;

    each_mode_listen(s, "read-timeout=300ms");
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

    each_mode_listen(s, "read-timeout=1h");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "timeout #1 read 40ms"), 0);
    assert_between(event_number(batch_event(&s->batch, "timeout", 1), "limit"), 0.04, 0.04);
    stage_quit(s, 0);
}

/* Its limit has passed long before it is set: from the start of the accept that goes on. */
static void
an_accept_timeout_can_be_changed_while_accept_is_blocked(void **state)
{
    struct stage *s = *state;
    json_t *timeout;

    each_mode_listen(s, "accept-timeout=1h");
    assert_int_equal(stage_run(s, "wait 100ms"), 0);
    assert_int_equal(stage_run(s, "timeout L1 accept 40ms"), 0);
    timeout = batch_event(&s->batch, "timeout", 0);
    assert_event_string(timeout, "kind", "accept");
    assert_event_number(timeout, "limit", 0.04);
    assert_between(event_number(timeout, "after"), 0.1, 1.1);
    stage_quit(s, 0);
}

static void
accept_timeout_0_takes_effect_on_an_accept_that_is_blocked(void **state)
{
    struct stage *s = *state;
    json_t *error;

    for (int i = 1; i <= ROUNDS; i++) {
        each_mode_listen(s, "");
        assert_int_equal(stage_run(s, "timeout L%d accept 0", i), 0);
        error = batch_event(&s->batch, "error", 0);
        assert_event_string(error, "errno", "EAGAIN");
        assert_event_string(error, "severity", "info");
        assert_int_equal(stage_run(s, "close L%d", i), 0);
    }
    stage_quit(s, 0);
}

/* Sends until neither queue has room for longer than a limit of 40 ms: the echo waits in
 * send. The events are read meanwhile, so that it does not wait for those. */
static void
fill_both_ways(struct stage *s, int fd)
{
    static const char bytes[65536];
    int64_t until = clock_mono_ns() + 20 * NS_PER_S;
    bool had_room;

    do {
        assert_true(clock_mono_ns() < until);
        had_room = false;
        while (send(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
            had_room = true;
        assert_int_equal(stage_run(s, "wait 200ms"), 0);
    } while (had_room);
}

static void
a_send_timeout_can_be_changed_while_send_is_blocked(void **state)
{
    struct stage *s = *state;
    json_t *timeout;
    int conn, fd;

    each_mode_listen(s, "handler=echo recv=64k send-timeout=1h");
    fd = each_mode_connect(s, &conn);
    fill_both_ways(s, fd);
    assert_int_equal(stage_run(s, "timeout #%d send 40ms", conn), 0);
    timeout = batch_event(&s->batch, "timeout", conn);
    assert_event_string(timeout, "kind", "send");
    assert_event_number(timeout, "limit", 0.04);
    assert_between(event_number(timeout, "after"), 0.1, 20.0);
    assert_event_string(batch_event(&s->batch, "closed", conn), "by", "timeout");
    close(fd);
    stage_quit(s, 0);
}

static void
an_idle_timeout_closes(void **state)
{
    struct stage *s = *state;

    each_mode_listen(s, "idle-timeout=100ms");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    assert_event_string(batch_event(&s->batch, "timeout", 1), "kind", "idle");
    stage_quit(s, 0);
}

static void
a_send_timeout_tells_how_much_the_kernel_took(void **state)
{
    struct stage *s = *state;
    json_t *timeout, *closed;

    each_mode_listen(s, "send-timeout=100ms");
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

    each_mode_listen(s, "accept-timeout=100ms");
    assert_event_string(batch_event(&s->batch, "timeout", 0), "kind", "accept");
    assert_true(process_is_silent(&s->batch.process, 300));
    peer_start(&s->peers[0], "lecture_client.py", s->port, NULL);
    batch_event(&s->batch, "closed", 1);
    assert_event_string(batch_event(&s->batch, "timeout", 0), "kind", "accept");
    stage_quit(s, 0);
}

static void
an_accept_timeout_can_be_changed_while_nobody_comes(void **state)
{
    struct stage *s = *state;

    each_mode_listen(s, "accept-timeout=0");
    for (int i = 0; i < 8; i++) {
        assert_int_equal(stage_run(s, "timeout L1 accept 10s"), 0);
        assert_int_equal(stage_run(s, "timeout L1 accept 0"), 0);
    }
    assert_int_equal(stage_run(s, "timeout L1 accept 20ms"), 0);
    assert_event_string(batch_event(&s->batch, "timeout", 0), "kind", "accept");
    stage_quit(s, 0);
}

static void
a_client_that_half_closes_still_gets_its_answer(void **state)
{
    struct stage *s = *state;
    json_t *closed;

    each_mode_listen(s, "handler=echo work=50ms");
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

    each_mode_listen(s, "");
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
closing_the_listener_closes_what_is_open(void **state)
{
    struct stage *s = *state;

    each_mode_listen(s, "");
    for (int i = 0; i < each_mode_served_at_once(s); i++) {
        peer_start(&s->peers[i], "silent_client.py", s->port, NULL);
        batch_event(&s->batch, "accepted", 0);
    }
    stage_quit(s, 0);
    for (int i = 0; i < each_mode_served_at_once(s); i++) {
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

    each_mode_listen(s, "");
    assert_int_equal(stage_run(s, "close L1"), 0);
    batch_event(&s->batch, "stopped", 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 7);
    assert_int_equal(stage_run(s, "listen %s", s->port), 0);
    stage_quit(s, 7);
}

static bool
tells_of_starts(const struct mode *mode)
{
    return mode->has_workers || mode->each_starts != CALL_NONE;
}

/* Workers have a line each; what lives briefly has one for all. */
static void
show_workers_tells_who_serves_and_what_it_costs(void **state)
{
    struct stage *s = *state;
    int workers = 0, starts = 0;
    json_t *table, *row;
    size_t i;

    each_mode_listen(s, "");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "show workers"), 0);
    table = batch_event(&s->batch, "table", 0);
    json_array_foreach(json_object_get(table, "rows"), i, row) {
        if (!event_has(row, "worker")) {
            starts++;
            assert_true(event_number(row, "starts") >= 1);
            assert_true(event_number(row, "cost_min") <= event_number(row, "cost"));
            assert_true(event_number(row, "cost") <= event_number(row, "cost_max"));
            assert_true(event_number(row, "cost_min") > 0);
            continue;
        }
        workers++;
        assert_non_null(strstr(event_string(row, "state"), event_number(row, "open") > 0
                                                           ? "serving #1" : "blocked in accept"));
        assert_true(event_number(row, "private") > 0);
        assert_true(event_number(row, "shared") > 0);
        assert_true(event_number(row, "cpu") > 0);
        assert_true(event_number(row, "voluntary") > 0);
    }
    assert_int_equal(workers, each_mode_of(s)->has_workers ? WORKERS : 0);
    assert_int_equal(starts, each_mode_of(s)->has_workers +
                             (each_mode_of(s)->each_starts != CALL_NONE));
    stage_quit(s, 0);
}

struct belongings { int descriptors, threads, family; };

static struct belongings
belongings_of(pid_t pid)
{
    pid_t list[64];

    return (struct belongings) { process_descriptors(pid), process_threads(pid),
                                 family_list(pid, list, 64) };
}

static bool
is_more(struct belongings a, struct belongings b)
{
    return a.descriptors > b.descriptors || a.threads > b.threads || a.family > b.family;
}

static void
a_closed_listener_leaves_no_thread_process_or_descriptor(void **state)
{
    struct stage *s = *state;
    struct belongings before;
    int64_t until;

    batch_start(&s->batch, NULL);
    /* Once a connect has failed all that belongs to the console itself runs. */
    assert_int_equal(stage_run(s, "connect %s", stage_free_port(s)), 7);
    before = belongings_of(s->batch.process.pid);
    each_mode_listen(s, "");
    for (int i = 0; i < each_mode_served_at_once(s); i++) {
        peer_start(&s->peers[i], "silent_client.py", s->port, NULL);
        batch_event(&s->batch, "accepted", 0);
    }
    assert_true(is_more(belongings_of(s->batch.process.pid), before));
    assert_int_equal(stage_run(s, "close @all"), 0);
    assert_int_equal(stage_run(s, "close L1"), 0);
    until = clock_mono_ns() + 10 * NS_PER_S;
    while (is_more(belongings_of(s->batch.process.pid), before))
        assert_true(clock_mono_ns() < until);
    stage_quit(s, 7);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        EACH_MODE(serves_several_at_once_if_it_can_and_tells_who),
        EACH_MODE(sums_of_many_short_clients_are_exact_and_each_closes_once),
        EACH_MODE(tells_where_a_client_of_a_wildcard_arrived),
        EACH_MODE(tells_where_a_client_of_one_address_arrived),
        EACH_MODE(a_read_timeout_closes_only_the_silent_one),
        EACH_MODE(a_timeout_can_be_changed_while_recv_is_blocked),
        EACH_MODE(an_accept_timeout_can_be_changed_while_accept_is_blocked),
        EACH_MODE(accept_timeout_0_takes_effect_on_an_accept_that_is_blocked),
        EACH_MODE(a_send_timeout_can_be_changed_while_send_is_blocked),
        EACH_MODE(an_idle_timeout_closes),
        EACH_MODE(a_send_timeout_tells_how_much_the_kernel_took),
        EACH_MODE(an_accept_timeout_is_told_once_for_each_silence),
        EACH_MODE(an_accept_timeout_can_be_changed_while_nobody_comes),
        EACH_MODE(a_client_that_half_closes_still_gets_its_answer),
        EACH_MODE(a_reset_keeps_the_bytes_before_it),
        EACH_MODE(closing_the_listener_closes_what_is_open),
        MODES_THAT(tells_of_starts, show_workers_tells_who_serves_and_what_it_costs),
        EACH_MODE(a_closed_listener_leaves_no_thread_process_or_descriptor),
        EACH_MODE(a_stopped_listener_refuses_and_its_port_is_free),
    };

    return each_mode_run("contract", suite, sizeof(suite) / sizeof(suite[0]));
}
