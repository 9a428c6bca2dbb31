/* test_network.c - faults of the network, made in a private one: N2, N3, N6, N7, N11, N12 and
 * N14 of the ledger. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "stage.h"
#include "sockdeck/base/clock.h"

static bool is_in_box;

static int
setup(void **state)
{
    return stage_setup(state);
}

static void
need_box(void)
{
    if (!is_in_box)
        skip();
}

/* The rules of one test are gone with it. */
static int
teardown(void **state)
{
    if (is_in_box && system("iptables -F 2>/dev/null; iptables -t mangle -F 2>/dev/null") < 0)
        return -1;
    return stage_teardown(state);
}

#define box_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* --- N2 -------------------------------------------------------------------------------- */

static void
expect_no_way(struct stage *s, int conn, const char *address, const char *name)
{
    json_t *error;

    assert_int_equal(stage_run(s, "connect %s:80 connect-timeout=5s", address), 7);
    error = batch_event(&s->batch, "error", conn);
    assert_event_string(error, "call", "connect");
    assert_event_string(error, "errno", name);
    assert_event_string(error, "severity", "error");
}

static void
a_route_that_is_missing_unreachable_or_prohibited_says_so(void **state)
{
    struct stage *s = *state;

    need_box();
    box_need("ip route add unreachable 192.0.2.1 && ip route add prohibit 192.0.2.2");
    batch_start(&s->batch, NULL);
    expect_no_way(s, 1, "192.0.2.1", "EHOSTUNREACH");
    expect_no_way(s, 2, "192.0.2.2", "EACCES");
    expect_no_way(s, 3, "198.51.100.1", "ENETUNREACH");
    assert_int_equal(batch_count(&s->batch, "closed", 0), 3);
    stage_quit(s, 7);
}

/* --- N3 -------------------------------------------------------------------------------- */

static void
a_dropped_syn_ends_by_connect_timeout_in_time(void **state)
{
    struct stage *s = *state;
    double best = 1e9;

    need_box();
    box_need("iptables -A INPUT -p tcp --dport 4444 --syn -j DROP");
    batch_start(&s->batch, NULL);
    for (int i = 1; i <= 3; i++) {
        double after;

        assert_int_equal(stage_run(s, "connect 4444 connect-timeout=500ms"), 28);
        after = event_number(batch_event(&s->batch, "timeout", i), "after");
        assert_true(after >= 0.5);
        best = after < best ? after : best;
    }
    assert_true(best <= 0.55);
    stage_quit(s, 28);
}

static void
the_kernels_own_connect_timeout_has_the_same_status(void **state)
{
    struct stage *s = *state;
    json_t *error;

    need_box();
    box_need("iptables -A INPUT -p tcp --dport 4444 --syn -j DROP");
    box_need("echo 0 >/proc/sys/net/ipv4/tcp_syn_linear_timeouts; "
             "echo 1 >/proc/sys/net/ipv4/tcp_syn_retries");
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect 4444"), 28);
    error = batch_event(&s->batch, "error", 1);
    assert_event_string(error, "errno", "ETIMEDOUT");
    stage_quit(s, 28);
}

static void
a_hole_fails_with_a_sentence_where_connects_do_not_hang(void **state)
{
    struct stage *s = *state;
    json_t *failed;

    need_box();
    box_need("iptables -A INPUT -p tcp --dport 4444 --syn -j DROP");
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "hole 4444"), 7);
    failed = batch_event(&s->batch, "failed", 0);
    assert_non_null(strstr(event_string(failed, "message"), "not because of a full accept queue"));

    box_run("iptables -F");
    box_need("iptables -A INPUT -p tcp --dport 4444 --syn -j REJECT --reject-with tcp-reset");
    assert_int_equal(stage_run(s, "hole 4444"), 7);
    failed = batch_event(&s->batch, "failed", 0);
    assert_non_null(strstr(event_string(failed, "message"), "no black hole at 127.0.0.1:4444"));
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
    stage_quit(s, 7);
}

/* --- N6 -------------------------------------------------------------------------------- */

static double
kernel_number(struct stage *s, int conn, const char *field)
{
    json_t *rows, *row;
    size_t i;

    assert_int_equal(stage_run(s, "info #%d", conn), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row)
        if (strcmp(event_string(row, "field"), field) == 0)
            return json_number_value(json_object_get(row, "value"));
    fail_msg("info has no %s", field);
    return 0;
}

static void
packets_dropped_after_connect_are_seen_and_then_time_out(void **state)
{
    struct stage *s = *state;
    int64_t deadline = clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;
    json_t *error, *closed;

    need_box();
    box_need("echo 2 >/proc/sys/net/ipv4/tcp_retries2");
    stage_listen(s, "listen 0 handler=echo");
    assert_int_equal(stage_run(s, "connect %s read-timeout=200ms", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    box_need("iptables -A INPUT -p tcp --dport %s -j DROP", s->port);
    assert_int_equal(stage_run(s, "send #1 lost"), 0);
    batch_event(&s->batch, "timeout", 1);
    while (kernel_number(s, 1, "retransmits") < 1)
        assert_true(clock_mono_ns() < deadline);
    assert_true(kernel_number(s, 1, "SIOCOUTQ") == 4);

    error = batch_event(&s->batch, "error", 1);
    assert_event_string(error, "errno", "ETIMEDOUT");
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "error");
    assert_event_number(closed, "unacked", 4);
    assert_int_equal(batch_count(&s->batch, "received", 2), 0);
    assert_int_equal(stage_run(s, "wait #1 closed"), 28);
    stage_quit(s, 28);
}

/* --- N7 -------------------------------------------------------------------------------- */

static void
a_connection_that_the_administrator_kills_is_aborted(void **state)
{
    struct stage *s = *state;
    json_t *error, *closed;

    need_box();
    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    box_need("ss -K dst 127.0.0.1 dport = %s | grep -q ESTAB", s->port);
    error = batch_event(&s->batch, "error", 1);
    assert_event_string(error, "errno", "ECONNABORTED");
    assert_non_null(strstr(event_string(error, "text"), "ECONNABORTED"));
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "error");
    assert_event_string(closed, "how", "rst");
    assert_int_equal(stage_run(s, "wait #1 closed"), 56);
    stage_quit(s, 56);
}

/* --- N11 ------------------------------------------------------------------------------- */

static void
a_backlog_that_the_system_cuts_overflows_without_a_hang_of_ours(void **state)
{
    struct stage *s = *state;
    json_t *queue, *rows;

    need_box();
    box_need("echo 2 >/proc/sys/net/core/somaxconn");
    stage_listen(s, "listen 0 backlog=128");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "connect %s count=3", s->port), 0);
    assert_int_equal(stage_run(s, "connect %s connect-timeout=300ms", s->port), 28);
    do {
        queue = batch_event(&s->batch, "queue", 0);
    } while (!json_is_true(json_object_get(queue, "full")));
    assert_event_number(queue, "limit", 2);
    assert_event_number(queue, "waiting", 3);
    assert_int_equal(stage_run(s, "show listeners"), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    assert_true(json_is_true(json_object_get(json_array_get(rows, 0), "full")));

    assert_int_equal(stage_run(s, "mode threads"), 0);      /* and it is empty again */
    assert_int_equal(stage_run(s, "close #1"), 0);
    assert_int_equal(stage_run(s, "connect %s connect-timeout=10s", s->port), 0);
    box_run("echo 4096 >/proc/sys/net/core/somaxconn");
    stage_quit(s, 28);
}

/* --- N12 ------------------------------------------------------------------------------- */

static void
a_privileged_port_is_refused_with_its_cause(void **state)
{
    struct stage *s = *state;
    json_t *error;

    need_box();
    box_need("setpriv --bounding-set=-net_bind_service true 2>/dev/null");
    batch_start_as(&s->batch, (const char *const[]) {
        "setpriv", "--bounding-set=-net_bind_service", "./sockdeck", "--no-rc", "--batch",
        "--json", "listen", "80", NULL });
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "call", "bind");
    assert_event_string(error, "errno", "EACCES");
    assert_non_null(strstr(event_string(error, "text"), "1024"));
    assert_int_equal(batch_wait(&s->batch), 7);
}

/* --- N14 ------------------------------------------------------------------------------- */

/* From now on no name server answers in this box. */
static void
silence_name_servers(void)
{
    box_need("grep -q timeout:30 /etc/resolv.conf || {"
             " f=$(mktemp) && printf 'nameserver 127.0.0.1\\noptions timeout:30\\n' >$f &&"
             " mount --bind $f /etc/resolv.conf &&"
             " printf 'hosts: files dns\\n' >$f.2 && mount --bind $f.2 /etc/nsswitch.conf &&"
             " rm -f $f $f.2; }");
    box_need("iptables -A INPUT -p udp --dport 53 -j DROP");
}

static void
a_name_that_nobody_resolves_has_its_own_timeout_and_status(void **state)
{
    struct stage *s = *state;
    json_t *error;

    need_box();
    silence_name_servers();
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set resolve-timeout 200ms"), 0);
    assert_int_equal(stage_run(s, "connect host.example:80"), 6);
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "call", "getaddrinfo");
    assert_event_string(error, "errno", "ETIMEDOUT");
    assert_non_null(strstr(event_string(error, "text"), "host.example"));
    assert_non_null(strstr(event_string(error, "text"), "200 ms"));
    assert_int_equal(stage_run(s, "show modes"), 0);
    stage_quit(s, 6);
    assert_int_equal(batch_count(&s->batch, "connecting", 0), 0);
}

static void
a_resolve_that_hangs_ends_with_the_batch_at_once(void **state)
{
    struct stage *s = *state;
    int64_t begun;

    need_box();
    silence_name_servers();
    batch_start(&s->batch, "-E", "show modes", "-E", "connect host.example:80", NULL);
    batch_event(&s->batch, "table", 0);
    begun = clock_mono_ns();
    kill(s->batch.process.pid, SIGINT);
    assert_int_equal(batch_wait(&s->batch), 130);
    assert_true(clock_mono_ns() - begun < 5 * NS_PER_S);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        box_test(a_route_that_is_missing_unreachable_or_prohibited_says_so),
        box_test(a_dropped_syn_ends_by_connect_timeout_in_time),
        box_test(the_kernels_own_connect_timeout_has_the_same_status),
        box_test(a_hole_fails_with_a_sentence_where_connects_do_not_hang),
        box_test(packets_dropped_after_connect_are_seen_and_then_time_out),
        box_test(a_connection_that_the_administrator_kills_is_aborted),
        box_test(a_backlog_that_the_system_cuts_overflows_without_a_hang_of_ours),
        box_test(a_privileged_port_is_refused_with_its_cause),
        box_test(a_name_that_nobody_resolves_has_its_own_timeout_and_status),
        box_test(a_resolve_that_hangs_ends_with_the_batch_at_once),
    };

    (void)argc;
    is_in_box = box_enter(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
