/* test_sock_diag.c - insight: numbers, timers and options of real loopback pairs, in the
 * states that a close goes through. */
#include "config.h"

#include "test.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/net/owner.h"
#include "sockdeck/net/socket.h"

/* Waits until the end at local is in that state. */
static struct tcp_numbers
numbers_in(const struct address *local, const struct address *peer, uint8_t state)
{
    int64_t deadline = clock_mono_ns() + PATIENCE_MS * NS_PER_MS;
    struct tcp_numbers numbers = { 0 };

    while (clock_mono_ns() < deadline) {
        if (insight_of_pair(local, peer, &numbers) == 0 && numbers.state == state)
            return numbers;
        poll(NULL, 0, 1);
    }
    fail_msg("state %s, not %s", insight_state_name(numbers.state), insight_state_name(state));
    return numbers;
}

static void
an_established_pair_tells_all_its_numbers(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;

    (void)state;
    assert_int_equal(socket_send(NULL, pair.dialled, "12345", 5), 5);
    loopback_wait(pair.accepted, POLLIN);
    numbers = numbers_in(&pair.from, &pair.address, TCP_ESTABLISHED);
    assert_true(numbers.has_info);
    assert_int_equal(numbers.bytes_sent, 5);
    assert_int_equal(numbers.bytes_retransmitted, 0);
    assert_true(numbers.rto_us > 0);
    assert_true(numbers.ssthresh > 0);
    assert_true(numbers.pmtu > 0);
    assert_true(numbers.rcv_wnd > 0);
    assert_true(numbers.segs_out >= 2 && numbers.segs_in >= 1);
    assert_true(numbers.pacing_rate > 0);
    assert_true(numbers.sndbuf > 0 && numbers.rcvbuf > 0);
    assert_true(numbers.inode > 0);
    assert_int_equal(numbers.uid, geteuid());
    assert_true(numbers.congestion[0] != '\0');
    loopback_close_pair(&pair);
}

static void
a_peer_that_does_not_read_leaves_bytes_unsent_and_a_probe_running(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;
    char block[65536] = { 0 };

    (void)state;
    do {
        while (socket_send(NULL, pair.dialled, block, sizeof(block)) > 0)
            ;
        numbers = numbers_in(&pair.from, &pair.address, TCP_ESTABLISHED);
    } while (numbers.timer != TCP_TIMER_WINDOW_PROBE && numbers.timer != TCP_TIMER_RETRANSMIT);
    assert_true(numbers.notsent > 0);
    assert_true(numbers.send_queue >= numbers.notsent);
    assert_int_equal(insight_unacked(pair.dialled), numbers.send_queue);
    numbers = numbers_in(&pair.address, &pair.from, TCP_ESTABLISHED);
    assert_true(numbers.receive_queue > 0);
    assert_int_equal(insight_unread(pair.accepted), numbers.receive_queue);
    loopback_close_pair(&pair);
}

static void
a_half_closed_pair_waits_in_fin_wait2_and_close_wait(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;

    (void)state;
    assert_int_equal(socket_shutdown(NULL, pair.dialled, SHUTDOWN_WRITE), 0);
    numbers = numbers_in(&pair.from, &pair.address, TCP_FIN_WAIT2);
    assert_true(numbers.inode > 0);             /* still held by us */
    numbers = numbers_in(&pair.address, &pair.from, TCP_CLOSE_WAIT);
    assert_true(numbers.has_info);
    loopback_close_pair(&pair);
}

static void
an_orphan_in_fin_wait2_belongs_to_nobody_and_its_timer_runs(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;

    (void)state;
    socket_close(NULL, pair.dialled);
    loopback_wait(pair.accepted, POLLIN);
    numbers = numbers_in(&pair.from, &pair.address, TCP_FIN_WAIT2);
    assert_int_equal(numbers.inode, 0);
    assert_true(numbers.timer != TCP_TIMER_NONE);
    assert_true(numbers.timer_left_ms > 0);
    numbers_in(&pair.address, &pair.from, TCP_CLOSE_WAIT);
    socket_close(NULL, pair.accepted);
    socket_close(NULL, pair.listener);
}

static void
time_wait_tells_how_long_it_still_lasts(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;

    (void)state;
    socket_close(NULL, pair.dialled);
    loopback_wait(pair.accepted, POLLIN);
    socket_close(NULL, pair.accepted);
    numbers = numbers_in(&pair.from, &pair.address, TCP_TIME_WAIT);
    assert_false(numbers.has_info);
    assert_int_equal(numbers.timer, TCP_TIMER_TIME_WAIT);
    assert_true(numbers.timer_left_ms > 0 && numbers.timer_left_ms <= 60000);
    assert_true(insight_of_pair(&pair.address, &pair.from, &numbers) < 0);
    socket_close(NULL, pair.listener);
}

static void
a_connect_that_nobody_answers_retransmits_its_syn(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0), none = { 0 }, local;
    int listener = loopback_listen(&address, 0);
    int first = loopback_dial(&address), second = loopback_start_dial(NULL, &address);
    struct tcp_numbers numbers;

    (void)state;
    assert_int_equal(socket_local(NULL, second, &local), 0);
    numbers = numbers_in(&local, &address, TCP_SYN_SENT);
    assert_int_equal(numbers.timer, TCP_TIMER_RETRANSMIT);
    assert_true(numbers.timer_left_ms > 0);

    assert_int_equal(insight_of_pair(&address, &none, &numbers), 0);
    assert_int_equal(numbers.receive_queue, 1);         /* one waits */
    assert_int_equal(numbers.send_queue, 0);            /* of none wanted */
    assert_true(numbers.drops >= 1);
    socket_close(NULL, second);
    socket_close(NULL, first);
    socket_close(NULL, listener);
}

static void
options_are_told_as_they_are_set(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    int32_t values[SOCKET_OPTIONS];
    struct linger linger = { .l_onoff = 1, .l_linger = 7 };
    int on = 1, bytes = 8192;

    (void)state;
    insight_options(pair.dialled, values);
    assert_int_equal(values[OPTION_NODELAY], 0);
    assert_int_equal(values[OPTION_KEEPALIVE], 0);
    assert_int_equal(values[OPTION_LINGER], OPTION_NOT_TOLD);
    setsockopt(pair.dialled, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(pair.dialled, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    setsockopt(pair.dialled, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    setsockopt(pair.dialled, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
    insight_options(pair.dialled, values);
    assert_int_equal(values[OPTION_NODELAY], 1);
    assert_int_equal(values[OPTION_KEEPALIVE], 1);
    assert_int_equal(values[OPTION_LINGER], 7);
    assert_int_equal(values[OPTION_SNDBUF], 2 * bytes); /* the kernel doubles it */
    loopback_close_pair(&pair);

    insight_options(-1, values);
    for (int i = 0; i < SOCKET_OPTIONS; i++)
        assert_int_equal(values[i], OPTION_NOT_TOLD);
}

static void
every_option_state_and_timer_has_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < SOCKET_OPTIONS; i++) {
        assert_non_null(insight_option_infos[i].name);
        assert_true(strlen(insight_option_infos[i].meaning) > 8);
    }
    for (int i = 0; i < TCP_TIMERS; i++)
        assert_non_null(insight_timer_names[i]);
    for (uint8_t i = TCP_ESTABLISHED; i <= TCP_CLOSING; i++)
        assert_true(strlen(insight_state_meaning(i)) > 8);
    assert_string_equal(insight_state_meaning(0), "");
    assert_string_equal(insight_state_meaning(255), "");
}

/* --- owners ------------------------------------------------------------------------------ */

static void
the_process_that_holds_a_socket_is_found(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct socket_owner owner = { 0 };
    struct tcp_numbers numbers = numbers_in(&pair.from, &pair.address, TCP_ESTABLISHED);

    (void)state;
    assert_int_equal(socket_owner_find(&owner, numbers.inode), 0);
    assert_int_equal(owner.pid, getpid());
    assert_int_equal(owner.fd, pair.dialled);
    assert_true(strlen(owner.name) > 0);
    assert_int_equal(socket_owner_find(&owner, numbers.inode), 0);      /* as last time */
    assert_int_equal(owner.fd, pair.dialled);
    loopback_close_pair(&pair);
    assert_true(socket_owner_find(&owner, numbers.inode) < 0);          /* no more */
}

static void
a_socket_that_nobody_holds_has_no_owner(void **state)
{
    struct socket_owner owner = { 0 };

    (void)state;
    assert_true(socket_owner_find(&owner, 0) < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_established_pair_tells_all_its_numbers),
        cmocka_unit_test(a_peer_that_does_not_read_leaves_bytes_unsent_and_a_probe_running),
        cmocka_unit_test(a_half_closed_pair_waits_in_fin_wait2_and_close_wait),
        cmocka_unit_test(an_orphan_in_fin_wait2_belongs_to_nobody_and_its_timer_runs),
        cmocka_unit_test(time_wait_tells_how_long_it_still_lasts),
        cmocka_unit_test(a_connect_that_nobody_answers_retransmits_its_syn),
        cmocka_unit_test(options_are_told_as_they_are_set),
        cmocka_unit_test(every_option_state_and_timer_has_its_words),
        cmocka_unit_test(the_process_that_holds_a_socket_is_found),
        cmocka_unit_test(a_socket_that_nobody_holds_has_no_owner),
    };

    return cmocka_run_group_tests_name("sock_diag", tests, NULL, NULL);
}
