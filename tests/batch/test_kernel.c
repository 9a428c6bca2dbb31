/* test_kernel.c - info and show counters: the kernel's own numbers, of real connections. */
#include "config.h"

#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"
#include "sockdeck/base/clock.h"

/* The rows of the table that this command answers with. */
static json_t *
table_of(struct stage *s, const char *line)
{
    assert_int_equal(stage_run(s, "%s", line), 0);
    return batch_event(&s->batch, "table", 0);
}

static json_t *
find_row(const json_t *table, const char *key, const char *name)
{
    json_t *row;
    size_t i;

    json_array_foreach(json_object_get(table, "rows"), i, row)
        if (strcmp(event_string(row, key), name) == 0)
            return row;
    return NULL;
}

static json_t *
row_of(const json_t *table, const char *field)
{
    json_t *row = find_row(table, "field", field);

    if (row == NULL)
        fail_msg("info has no %s", field);
    return row;
}

static double
value(const json_t *table, const char *field)
{
    return event_number(row_of(table, field), "value");
}

static const char *
word(const json_t *table, const char *field)
{
    return event_string(row_of(table, field), "value");
}

static double
counter(const json_t *table, const char *name)
{
    json_t *row = find_row(table, "counter", name);

    if (row == NULL)
        fail_msg("there is no counter %s", name);
    return event_number(row, "value");
}

/* --- what /proc/net/tcp says ------------------------------------------------------------ */

struct proc_socket { unsigned state, sent, unread, uid; };

static unsigned
port_of(const char *address)
{
    return (unsigned)strtoul(strrchr(address, ':') + 1, NULL, 10);
}

/* Of the loopback socket with these ports. */
static struct proc_socket
read_proc(const char *local, const char *peer)
{
    struct proc_socket found = { 0, 0, 0, 0 };
    unsigned from, to;
    char line[256];
    FILE *file = fopen("/proc/net/tcp", "re");

    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        struct proc_socket s;

        if (sscanf(line, " %*u: %*x:%x %*x:%x %x %x:%x %*x:%*x %*x %u", &from, &to, &s.state,
                   &s.sent, &s.unread, &s.uid) == 6 &&
            from == port_of(local) && to == port_of(peer))
            found = s;
    }
    fclose(file);
    if (found.state == 0)
        fail_msg("/proc/net/tcp has no %s %s", local, peer);
    return found;
}

static void
assert_agrees(const json_t *table, const char *column, const char *local, const char *peer)
{
    struct proc_socket s = read_proc(local, peer);

    assert_event_string(row_of(table, "TCP state"), column,
                        s.state == 1 ? "ESTABLISHED" : s.state == 5 ? "FIN_WAIT2" :
                        s.state == 8 ? "CLOSE_WAIT" : "another");
    assert_event_number(row_of(table, "SIOCOUTQ"), column, s.sent);
    assert_event_number(row_of(table, "SIOCINQ"), column, s.unread);
    assert_event_number(row_of(table, "uid"), column, s.uid);
}

/* With all acknowledged: an ACK may be delayed by 40 ms. */
static json_t *
settled_table_of(struct stage *s, const char *line)
{
    int64_t deadline = clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;
    json_t *table, *queue;

    do {
        assert_true(clock_mono_ns() < deadline);
        table = table_of(s, line);
        queue = row_of(table, "SIOCOUTQ");
    } while (event_number(queue, "value") > 0 || event_number(queue, "peer") > 0);
    return table;
}

static void
info_of_both_ends_agrees_with_proc_net_tcp(void **state)
{
    struct stage *s = *state;
    const char *mode = s->subject;
    char line[128];
    json_t *table;

    snprintf(line, sizeof(line), "listen 0 mode=%s", mode);
    stage_listen(s, line);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "pause #2"), 0);
    assert_int_equal(stage_run(s, "send #1 hello"), 0);
    table = settled_table_of(s, "info #1");
    assert_event_number(row_of(table, "SIOCINQ"), "peer", 5);
    assert_agrees(table, "value", word(table, "local"), word(table, "peer"));
    assert_agrees(table, "peer", word(table, "peer"), word(table, "local"));
    assert_int_equal(event_conn(table), 1);

    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    table = settled_table_of(s, "info #2");
    assert_string_equal(word(table, "TCP state"), "CLOSE_WAIT");
    assert_event_string(row_of(table, "TCP state"), "peer", "FIN_WAIT2");
    assert_agrees(table, "value", word(table, "local"), word(table, "peer"));
    assert_agrees(table, "peer", word(table, "peer"), word(table, "local"));
    stage_quit(s, 0);
}

static void
every_field_has_a_meaning(void **state)
{
    static const char *const wanted[] = {
        "TCP state", "RTT", "RTT variance", "cwnd", "ssthresh", "retransmits", "retransmits now",
        "unacked", "send window", "receive window", "bytes sent", "bytes acked",
        "bytes received", "segments in", "segments out", "MSS", "pacing rate", "busy time",
        "rwnd-limited time", "congestion control", "SIOCINQ", "SIOCOUTQ", "notsent", "SO_SNDBUF",
        "SO_RCVBUF", "TCP_NODELAY", "TCP_CORK", "SO_KEEPALIVE", "connect timeout",
        "read timeout", "send timeout", "idle timeout", "timer",
    };
    struct stage *s = *state;
    json_t *table, *row;
    size_t i;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "send #1 hello"), 0);
    batch_event(&s->batch, "received", 2);
    table = table_of(s, "info #1");
    for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        row_of(table, wanted[i]);
    json_array_foreach(json_object_get(table, "rows"), i, row)
        assert_true(strlen(event_string(row, "meaning")) > 0);
    stage_quit(s, 0);
}

static void
a_foreign_peer_is_named_and_its_unsent_bytes_are_seen(void **state)
{
    struct stage *s = *state;
    struct process *peer = &s->peers[0];
    json_t *table, *row;

    stage_listen(s, "listen 0 handler=stall");
    peer_start(peer, "flood_client.py", s->port, "100000000", NULL);
    batch_event(&s->batch, "accepted", 1);
    do {
        table = table_of(s, "info #1");
        row = row_of(table, "notsent");
    } while (event_number(row, "peer") == 0);
    assert_true(value(table, "SIOCINQ") > 0);
    assert_true(event_number(row_of(table, "SIOCOUTQ"), "peer") > 0);
    assert_event_number(row_of(table, "pid"), "peer", peer->pid);
    assert_true(strncmp(event_string(row_of(table, "process"), "peer"), "python", 6) == 0);
    assert_event_string(row_of(table, "TCP_NODELAY"), "peer", "not told");
    assert_event_string(row_of(table, "TCP_NODELAY"), "value", "off");
    assert_true(event_number(row_of(table, "SO_SNDBUF"), "peer") > 0);
    assert_int_equal(stage_run(s, "reset #1"), 0);
    stage_quit(s, 0);
}

static void
deadlines_count_down(void **state)
{
    struct stage *s = *state;
    json_t *table;
    double left;

    stage_listen(s, "listen 0 accept-timeout=500s");
    assert_int_equal(stage_run(s, "connect %s read-timeout=100s idle-timeout=200s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    table = table_of(s, "info #1");
    assert_string_equal(word(table, "nearest deadline"), "read");
    left = value(table, "read time left");
    assert_between(left, 1, 100);
    assert_between(left + value(table, "read waiting"), 99.9, 100.1);
    assert_between(value(table, "idle time left"), 100, 200);
    assert_int_equal(stage_run(s, "wait 50ms"), 0);
    table = table_of(s, "info #1");
    assert_true(value(table, "read time left") <= left - 0.05);
    assert_int_equal(stage_run(s, "timeout #1 read none"), 0);
    table = table_of(s, "info #1");
    assert_string_equal(word(table, "nearest deadline"), "idle");
    assert_null(find_row(table, "field", "read time left"));
    stage_quit(s, 0);
}

static void
who_closed_first_stays_shown_in_time_wait(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "close #1"), 0);
    batch_event(&s->batch, "closed", 2);
    table = table_of(s, "info #1");
    assert_string_equal(word(table, "TCP state"), "TIME_WAIT");
    assert_between(value(table, "TIME_WAIT left"), 0.1, 60.1);
    assert_null(find_row(table, "field", "TCP_NODELAY"));
    table = table_of(s, "info #2");
    assert_string_equal(word(table, "TCP state"), "gone");
    assert_event_string(row_of(table, "TCP state"), "peer", "TIME_WAIT");
    stage_quit(s, 0);
}

static void
a_closed_end_whose_peer_stays_open_is_kept_in_fin_wait2(void **state)
{
    int64_t deadline = clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "on-eof #2 keep"), 0);
    assert_int_equal(stage_run(s, "close #1"), 0);
    batch_event(&s->batch, "eof", 2);
    do {                        /* the ACK of its FIN may be delayed */
        assert_true(clock_mono_ns() < deadline);
        table = table_of(s, "info #1");
    } while (strcmp(word(table, "TCP state"), "FIN_WAIT1") == 0);
    assert_string_equal(word(table, "TCP state"), "FIN_WAIT2");
    assert_between(value(table, "FIN_WAIT2 left"), 0.1, 60.1);
    assert_null(find_row(table, "field", "TIME_WAIT left"));
    stage_quit(s, 0);
}

static void
a_stopped_owner_does_not_hold_info_up(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0 mode=prefork workers=1");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "kill W1 STOP"), 0);
    while (strcmp(event_string(batch_event(&s->batch, "worker", 0), "state"), "stopped") != 0)
        ;
    table = table_of(s, "info #1");
    assert_string_equal(word(table, "TCP state"), "ESTABLISHED");
    assert_string_equal(word(table, "TCP_NODELAY"), "not told");
    assert_null(find_row(table, "field", "read waiting"));
    assert_int_equal(stage_run(s, "kill W1 CONT"), 0);
    stage_quit(s, 0);
}

static void
an_owner_whose_handler_blocks_is_not_waited_for(void **state)
{
    struct stage *s = *state;
    int64_t begun_ns;
    json_t *table;

    stage_listen(s, "listen 0 mode=threads");
    assert_int_equal(stage_run(s, "handler L1 echo work=6s block=yes"), 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "send #1 hello"), 0);
    batch_event(&s->batch, "received", 2);
    begun_ns = clock_mono_ns();
    table = table_of(s, "info #2");
    assert_true(clock_mono_ns() - begun_ns < 5 * NS_PER_S);
    assert_string_equal(word(table, "TCP state"), "ESTABLISHED");
    assert_string_equal(word(table, "TCP_NODELAY"), "not told");
    assert_event_string(row_of(table, "TCP_NODELAY"), "peer", "off");
    batch_stop(&s->batch);
}

static void
ipv6_and_mapped_ends_are_found_too(void **state)
{
    struct stage *s = *state;
    json_t *table;

    batch_start(&s->batch, NULL);
    if (stage_run(s, "listen [::]:0 mode=threads") != 0) {
        batch_stop(&s->batch);
        skip();
    }
    snprintf(s->port, sizeof(s->port), "%d", batch_port(&s->batch));
    assert_int_equal(stage_run(s, "connect [::1]:%s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    table = table_of(s, "info #2");
    assert_string_equal(word(table, "TCP state"), "ESTABLISHED");
    assert_event_string(row_of(table, "TCP state"), "peer", "ESTABLISHED");
    assert_int_equal(stage_run(s, "connect 127.0.0.1:%s", s->port), 0);
    batch_event(&s->batch, "accepted", 4);
    table = table_of(s, "info #4");
    assert_string_equal(word(table, "TCP state"), "ESTABLISHED");
    assert_event_string(row_of(table, "TCP state"), "peer", "ESTABLISHED");
    table = table_of(s, "info #3");
    assert_event_string(row_of(table, "TCP state"), "peer", "ESTABLISHED");
    table = table_of(s, "info L1");
    assert_string_equal(word(table, "TCP state"), "LISTEN");
    stage_quit(s, 0);
}

static void
a_worker_is_shown_with_its_process(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0 mode=prefork workers=2");
    /* A connection each: `worker` says that it was forked, `accepted` that it runs, with
     * all threads it has. */
    assert_int_equal(stage_run(s, "connect %s count=2", s->port), 0);
    batch_event(&s->batch, "accepted", 0);
    batch_event(&s->batch, "accepted", 0);
    table = table_of(s, "info W2");
    assert_string_equal(word(table, "worker"), "W2");
    assert_true(value(table, "proportional memory") > 0);
    assert_int_equal(value(table, "threads"), 1 + SANITIZER_THREADS);
    assert_int_equal(event_pid(table), value(table, "pid"));
    stage_quit(s, 0);
}

static void
counters_grow_when_a_queue_overflows(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0 backlog=1 accept-delay=1h");
    /* One is taken by the delayed accept, two more are admitted, then it is full. */
    assert_int_equal(stage_run(s, "connect %s count=2", s->port), 0);
    while (stage_run(s, "connect %s connect-timeout=200ms", s->port) == 0)
        ;
    table = table_of(s, "show counters");
    assert_true(counter(table, "ListenOverflows") >= 1);
    assert_true(counter(table, "ListenDrops") >= 1);
    assert_true(counter(table, "ActiveOpens") >= 3);
    assert_true(counter(table, "dialled") >= 3);
    assert_int_equal(counter(table, "timeouts"), 1);
    table = table_of(s, "info L1");
    assert_true(value(table, "turned away") >= 1);
    assert_int_equal(value(table, "limit"), 1);
    assert_int_equal(value(table, "waiting"), 2);
    assert_true(json_is_true(json_object_get(row_of(table, "full"), "value")));
    assert_string_equal(word(table, "TCP state"), "LISTEN");
    stage_quit(s, 28);
}

static void
resets_are_counted(void **state)
{
    struct stage *s = *state;
    json_t *table;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "reset #1"), 0);
    batch_event(&s->batch, "closed", 2);
    table = table_of(s, "show counters");
    assert_true(counter(table, "OutRsts") >= 1);
    assert_true(counter(table, "EstabResets") >= 1);
    assert_true(counter(table, "TCPAbortOnData") >= 1);
    stage_quit(s, 0);
}

#define in_mode(f, mode) { #f " " mode, f, stage_setup, stage_teardown, (void *)mode }

int
main(void)
{
    const struct CMUnitTest tests[] = {
        in_mode(info_of_both_ends_agrees_with_proc_net_tcp, "threads"),
        in_mode(info_of_both_ends_agrees_with_proc_net_tcp, "fork"),
        in_mode(info_of_both_ends_agrees_with_proc_net_tcp, "prefork-threads"),
        in_mode(info_of_both_ends_agrees_with_proc_net_tcp, "epoll"),
        stage_test(every_field_has_a_meaning),
        stage_test(a_foreign_peer_is_named_and_its_unsent_bytes_are_seen),
        stage_test(deadlines_count_down),
        stage_test(who_closed_first_stays_shown_in_time_wait),
        stage_test(a_closed_end_whose_peer_stays_open_is_kept_in_fin_wait2),
        stage_test(a_stopped_owner_does_not_hold_info_up),
        stage_test(an_owner_whose_handler_blocks_is_not_waited_for),
        stage_test(ipv6_and_mapped_ends_are_found_too),
        stage_test(a_worker_is_shown_with_its_process),
        stage_test(counters_grow_when_a_queue_overflows),
        stage_test(resets_are_counted),
    };

    return cmocka_run_group_tests_name("kernel", tests, NULL, NULL);
}
