/* test_script.c - what a driving program relies on: commands as they arrive, `done`,
 * `expect`, `wait`, `ping`, targets and quoting. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"
#include "sockdeck/net/address.h"
#include "stage.h"

/* A listener with that handler and #1 connected to it, which has the focus. */
static void
talk_to_self(struct stage *s, const char *handler)
{
    char line[64];

    snprintf(line, sizeof(line), "listen 0 handler=%s", handler);
    stage_listen(s, line);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
}

static void
each_command_line_is_answered_by_done_as_it_arrives(void **state)
{
    struct stage *s = *state;
    json_t *done;

    batch_start(&s->batch, NULL);
    for (int n = 1; n <= 3; n++) {
        process_write(&s->batch.process, "show connections\n");
        done = batch_event(&s->batch, "done", 0);
        assert_event_number(done, "n", n);
        assert_event_string(done, "command", "show connections");
        assert_event_number(done, "status", 0);
        assert_event_string(batch_event(&s->batch, "table", 0), "name", "connections");
    }
    process_close_input(&s->batch.process);
    assert_int_equal(batch_wait(&s->batch), 0);
}

static void
the_last_line_needs_no_newline(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-f", "-", NULL);
    process_write(&s->batch.process, "listen 0; quit");
    process_close_input(&s->batch.process);
    assert_int_equal(batch_wait(&s->batch), 0);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 1);
}

static void
quoting_keeps_semicolons_blanks_and_bytes(void **state)
{
    static const struct { const char *data, *sent; } cases[] = {
        { "one   two", "one two" },
        { "'one   two'", "one   two" },
        { "\"a;b\"", "a;b" },
        { "a\\x41\\t\\n", "aA\t\n" },
        { "'a\\n'", "a\\n" },
        { "mode=serial # all of it", "mode=serial # all of it" },
        { "-- eol=lf", "eol=lf" },
        { "eol=crlf x", "x\r\n" },
        { "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
    };
    struct stage *s = *state;

    talk_to_self(s, "print");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(stage_run(s, "send %s", cases[i].data), 0);
        assert_event_string(batch_event(&s->batch, "sent", 1), "data", cases[i].sent);
    }
    process_write(&s->batch.process, "send first; send second\n");
    assert_event_string(batch_event(&s->batch, "sent", 1), "data", "first");
    assert_event_string(batch_event(&s->batch, "sent", 1), "data", "second");
    stage_quit(s, 0);
}

static void
bytes_that_are_not_utf8_are_told_as_hex(void **state)
{
    struct stage *s = *state;
    json_t *received;

    talk_to_self(s, "print");
    assert_int_equal(stage_run(s, "sendhex 00 ff 70 69"), 0);
    received = batch_event(&s->batch, "received", 2);
    assert_event_string(received, "hex", "00ff7069");
    assert_false(event_has(received, "data"));
    assert_event_number(received, "bytes", 4);
    stage_quit(s, 0);
}

static void
expect_matches_what_came_and_uses_it_up(void **state)
{
    struct stage *s = *state;

    talk_to_self(s, "echo");
    assert_int_equal(stage_run(s, "send one two"), 0);
    assert_int_equal(stage_run(s, "expect t[vw]o"), 0);
    assert_event_string(batch_event(&s->batch, "matched", 1), "data", "two");
    assert_int_equal(stage_run(s, "expect within=50ms two"), 1);
    stage_quit(s, 1);
}

static void
expect_waits_for_what_comes_later(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 handler=echo work=200ms");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "send later"), 0);
    assert_int_equal(stage_run(s, "expect within=20s ^later$"), 0);
    stage_quit(s, 0);
}

static void
expect_fails_with_the_class_of_what_ended_the_connection(void **state)
{
    struct stage *s = *state;
    struct process *server = &s->peers[0];
    json_t *closed;

    peer_start(server, "resetting_server.py", NULL);
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %ld", process_number(server)), 0);
    process_write(&s->batch.process, "expect #1 within=20s never\n");
    process_write(server, "reset\n");
    assert_int_equal(batch_done(&s->batch), 56);
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "peer");
    assert_event_string(closed, "how", "rst");
    stage_quit(s, 56);
}

static void
end_of_file_while_expect_waits_is_status_1(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 read-timeout=100ms");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "expect within=20s never"), 1);
    stage_quit(s, 1);
}

static void
wait_closed_waits_for_the_end_and_has_its_class(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "wait #1 closed within=20ms"), 1);
    assert_int_equal(stage_run(s, "timeout #2 idle 50ms"), 0);
    assert_int_equal(stage_run(s, "wait #2 closed within=20s"), 28);
    assert_int_equal(stage_run(s, "close #1"), 0);
    assert_int_equal(stage_run(s, "wait 1ms"), 0);
    stage_quit(s, 1);

    batch_stop(&s->batch);
    stage_listen(s, "listen 0");
    peer_start(&s->peers[0], "staying_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    process_close_input(&s->peers[0]);
    assert_int_equal(stage_run(s, "wait @in closed within=20s"), 0);
    stage_quit(s, 0);
}

/* A dialled one is kept after its peer's end, unless a limit or on-eof ends it. */
static void
wait_closed_does_not_wait_for_what_nothing_will_close(void **state)
{
    static const struct { const char *keys, *verb; int status; } ways[] = {
        { "", "wait 1ms", 1 },
        { "idle-timeout=300ms", "wait 1ms", 28 },
        { "", "on-eof close", 0 },
    };
    struct stage *s = *state;

    batch_start(&s->batch, NULL);
    for (int i = 0; i < 3; i++) {
        peer_start(&s->peers[i], "greeting_server.py", "hello", NULL);
        assert_int_equal(stage_run(s, "connect %ld %s", process_number(&s->peers[i]),
                                   ways[i].keys), 0);
        assert_int_equal(stage_run(s, "%s", ways[i].verb), 0);
        assert_int_equal(stage_run(s, "wait #%d closed", i + 1), ways[i].status);
        if (i == 0)
            assert_int_equal(stage_run(s, "close"), 0);
    }
    stage_quit(s, 1);
}

static void
ping_times_each_reply_and_sums_up(void **state)
{
    struct stage *s = *state;
    json_t *summary;

    talk_to_self(s, "pong");
    assert_int_equal(stage_run(s, "ping count=3 interval=10ms"), 0);
    for (int seq = 1; seq <= 3; seq++) {
        json_t *ping = batch_event(&s->batch, "ping", 1);

        assert_event_number(ping, "seq", seq);
        assert_event_number(ping, "bytes", 4);
        assert_between(event_number(ping, "rtt"), 0.000001, 1);
        assert_int_equal(event_has(ping, "summary"), seq == 3);
        summary = json_object_get(ping, "summary");
    }
    assert_event_number(summary, "sent", 3);
    assert_event_number(summary, "replied", 3);
    assert_event_number(summary, "lost", 0);
    assert_true(event_number(summary, "min") <= event_number(summary, "p50"));
    assert_true(event_number(summary, "p50") <= event_number(summary, "max"));
    stage_quit(s, 0);
}

static void
larger_pings_want_themselves_back(void **state)
{
    struct stage *s = *state;

    talk_to_self(s, "echo");
    assert_int_equal(stage_run(s, "ping count=2 interval=0 size=3000"), 0);
    assert_event_number(batch_event(&s->batch, "ping", 1), "bytes", 3000);
    stage_quit(s, 0);
}

static void
a_ping_without_any_reply_is_status_1_and_names_our_handler(void **state)
{
    struct stage *s = *state;
    json_t *ping;

    talk_to_self(s, "print");
    assert_int_equal(stage_run(s, "ping wait=50ms"), 1);
    ping = batch_event(&s->batch, "ping", 1);
    assert_true(json_is_true(json_object_get(ping, "lost")));
    assert_non_null(strstr(event_string(ping, "text"), "handler=print, which never answers"));
    stage_quit(s, 1);
}

/* Its 10 s were not over: none is named. */
/* In groups one after the other, each would wait its own time. */
static void
pings_of_many_connections_wait_at_the_same_time(void **state)
{
    enum { CONNECTIONS = 400 };
    struct stage *s = *state;
    double first = 0, last = 0;

    stage_listen(s, "listen 0 mode=epoll handler=stall backlog=1024");
    assert_int_equal(stage_run(s, "connect %s count=%d", s->port, CONNECTIONS), 0);
    assert_int_equal(stage_run(s, "ping @out wait=2s"), 1);
    for (int i = 0; i < CONNECTIONS; i++) {
        json_t *lost = batch_event(&s->batch, "ping", 0);

        assert_true(json_is_true(json_object_get(lost, "lost")));
        last = event_number(lost, "mono");
        first = i == 0 ? last : first;
    }
    assert_true(last - first < 2);
    stage_quit(s, 1);
}

static void
a_ping_whose_connection_ends_does_not_say_that_its_time_was_over(void **state)
{
    struct stage *s = *state;
    json_t *ping;

    talk_to_self(s, "print");
    assert_int_equal(stage_run(s, "timeout idle 50ms"), 0);
    assert_int_equal(stage_run(s, "ping wait=10s"), 28);
    ping = batch_event(&s->batch, "ping", 1);
    assert_true(json_is_true(json_object_get(ping, "lost")));
    assert_null(strstr(event_string(ping, "text"), "no answer in"));
    stage_quit(s, 28);
}

static void
a_handler_can_be_changed_under_an_open_connection(void **state)
{
    struct stage *s = *state;

    talk_to_self(s, "print");
    assert_int_equal(stage_run(s, "handler L1 pong"), 0);
    assert_int_equal(stage_run(s, "ping wait=10s"), 0);
    stage_quit(s, 0);
}

static void
targets_name_one_some_or_all_connections(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=prefork workers=3 handler=print");
    assert_int_equal(stage_run(s, "connect %s count=3", s->port), 0);
    for (int i = 0; i < 3; i++)
        batch_event(&s->batch, "accepted", 0);
    assert_int_equal(stage_run(s, "send @out x"), 0);
    for (int i = 0; i < 3; i++)
        assert_event_string(batch_event(&s->batch, "sent", 0), "data", "x");
    assert_int_equal(stage_run(s, "close @in"), 0);
    for (int i = 0; i < 3; i++)
        batch_event(&s->batch, "closed", 0);
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 6);
}

static void
paused_connections_read_nothing_until_resumed(void **state)
{
    struct stage *s = *state;

    talk_to_self(s, "print");
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "pause #2"), 0);
    assert_int_equal(stage_run(s, "send held back"), 0);
    assert_int_equal(stage_run(s, "expect #2 within=100ms held"), 1);
    assert_int_equal(stage_run(s, "resume #2"), 0);
    assert_int_equal(stage_run(s, "expect #2 within=10s held"), 0);
    stage_quit(s, 1);
}

static double
counter(const json_t *table, const char *name)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(table, "rows"), i, row)
        if (strcmp(event_string(row, "counter"), name) == 0)
            return event_number(row, "value");
    fail_msg("no counter %s", name);
    return -1;
}

/* Sends n bytes to the echo and reads them back. */
static void
go_round(int fd, size_t n)
{
    char bytes[4096], back[4096];

    memset(bytes, 'x', sizeof(bytes));
    for (size_t sent = 0, read = 0; read < n;) {
        size_t left = n - sent < sizeof(bytes) ? n - sent : sizeof(bytes);

        if (left > 0 && sent - read < 16 * sizeof(bytes)) {
            loopback_wait(fd, POLLOUT);
            sent += (size_t)send(fd, bytes, left, MSG_NOSIGNAL);
        } else {
            loopback_wait(fd, POLLIN);
            read += (size_t)recv(fd, back, sizeof(back), 0);
        }
    }
}

static void
show_counts_all_that_happened_before_it(void **state)
{
    static const char *const modes[] = { "serial", "prefork", "fork", "epoll" };
    enum { BYTES = 100000 };      /* few enough: their lines are not read meanwhile */
    struct stage *s = *state;

    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        char line[64];
        struct address address;
        json_t *table;
        int fd;

        snprintf(line, sizeof(line), "listen 0 handler=echo mode=%s", modes[i]);
        stage_listen(s, line);
        address = loopback_address("127.0.0.1", (uint16_t)atoi(s->port));
        fd = loopback_dial(&address);
        go_round(fd, BYTES);
        assert_int_equal(stage_run(s, "show counters"), 0);
        table = batch_event(&s->batch, "table", 0);
        assert_int_equal(counter(table, "in"), BYTES);
        /* the send that we have just received may be between the kernel and its report */
        assert_true(counter(table, "out") >= BYTES - 4096);
        close(fd);
        stage_quit(s, 0);
        batch_stop(&s->batch);
    }
}

static void
ipv6_connects_too(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, NULL);
    if (stage_run(s, "listen [::1]:0 handler=pong") != 0)
        skip();         /* this machine has no IPv6 loopback */
    assert_int_equal(stage_run(s, "connect [::1]:%d", batch_port(&s->batch)), 0);
    assert_int_equal(stage_run(s, "ping wait=10s"), 0);
    stage_quit(s, 0);
}

static void
a_closed_connection_leaves_no_descriptor(void **state)
{
    struct stage *s = *state;
    int before = 0;

    stage_listen(s, "listen 0 handler=echo");
    for (int i = 1; i <= 4; i++) {
        int dialled = event_conn((stage_run(s, "connect %s", s->port),
                                  batch_event(&s->batch, "connected", 0)));

        assert_int_equal(stage_run(s, "ping wait=10s"), 0);
        assert_int_equal(stage_run(s, "close #%d", dialled), 0);
        assert_int_equal(stage_run(s, "wait #%d closed within=10s", dialled + 1), 0);
        if (i == 1)
            before = process_descriptors(s->batch.process.pid);
    }
    assert_int_equal(process_descriptors(s->batch.process.pid), before);
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(each_command_line_is_answered_by_done_as_it_arrives),
        stage_test(the_last_line_needs_no_newline),
        stage_test(quoting_keeps_semicolons_blanks_and_bytes),
        stage_test(bytes_that_are_not_utf8_are_told_as_hex),
        stage_test(expect_matches_what_came_and_uses_it_up),
        stage_test(expect_waits_for_what_comes_later),
        stage_test(expect_fails_with_the_class_of_what_ended_the_connection),
        stage_test(end_of_file_while_expect_waits_is_status_1),
        stage_test(wait_closed_waits_for_the_end_and_has_its_class),
        stage_test(wait_closed_does_not_wait_for_what_nothing_will_close),
        stage_test(ping_times_each_reply_and_sums_up),
        stage_test(larger_pings_want_themselves_back),
        stage_test(a_ping_without_any_reply_is_status_1_and_names_our_handler),
        stage_test(pings_of_many_connections_wait_at_the_same_time),
        stage_test(a_ping_whose_connection_ends_does_not_say_that_its_time_was_over),
        stage_test(a_handler_can_be_changed_under_an_open_connection),
        stage_test(targets_name_one_some_or_all_connections),
        stage_test(paused_connections_read_nothing_until_resumed),
        stage_test(show_counts_all_that_happened_before_it),
        stage_test(ipv6_connects_too),
        stage_test(a_closed_connection_leaves_no_descriptor),
    };

    return cmocka_run_group_tests_name("script", tests, NULL, NULL);
}
