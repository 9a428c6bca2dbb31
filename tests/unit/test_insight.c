/* test_insight.c - insight: the kernel's own numbers of real sockets. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loopback.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/net/socket.h"

enum { CLIENTS = 6 };

/* Of the dialling side; peers may need a moment to tell each other. */
static void
wait_for_state(const struct address *local, const struct address *peer, uint8_t wanted)
{
    int64_t deadline = clock_mono_ns() + PATIENCE_MS * NS_PER_MS;
    struct tcp_numbers numbers = { 0 };

    while (clock_mono_ns() < deadline) {
        if (insight_of_pair(local, peer, &numbers) == 0 && numbers.state == wanted)
            return;
        poll(NULL, 0, 1);
    }
    fail_msg("state %s, not %s", insight_state_name(numbers.state), insight_state_name(wanted));
}

static void
counts_who_is_connected_but_not_accepted(void **state)
{
    struct accept_queue queue = { 77, 77 };
    struct address address = loopback_address("127.0.0.1", 0), peer;
    int listener = loopback_listen(&address, 16);
    int clients[CLIENTS];

    (void)state;
    assert_int_equal(insight_accept_queue(listener, &queue), 0);
    assert_int_equal(queue.waiting, 0);
    assert_int_equal(queue.limit, 16);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = loopback_dial(&address);
        assert_int_equal(insight_accept_queue(listener, &queue), 0);
        assert_int_equal(queue.waiting, i + 1);
    }
    for (int i = 0; i < CLIENTS; i++) {
        int fd = socket_accept(NULL, listener, &peer);

        assert_true(fd >= 0);
        assert_int_equal(insight_accept_queue(listener, &queue), 0);
        assert_int_equal(queue.waiting, CLIENTS - 1 - i);
        socket_close(NULL, fd);
        socket_close(NULL, clients[i]);
    }
    socket_close(NULL, listener);
}

static void
a_queue_is_full_when_more_wait_than_its_limit(void **state)
{
    struct accept_queue queue;
    struct tcp_numbers numbers;
    struct address address = loopback_address("127.0.0.1", 0), local;
    int listener = loopback_listen(&address, 1);
    int first = loopback_dial(&address), second, third;

    (void)state;
    assert_int_equal(insight_accept_queue(listener, &queue), 0);
    assert_false(queue.waiting > queue.limit);
    second = loopback_dial(&address);
    assert_int_equal(insight_accept_queue(listener, &queue), 0);
    assert_int_equal(queue.waiting, 2);
    assert_int_equal(queue.limit, 1);

    third = loopback_start_dial(NULL, &address);
    assert_int_equal(socket_local(NULL, third, &local), 0);
    assert_int_equal(insight_of_pair(&local, &address, &numbers), 0);
    assert_string_equal(insight_state_name(numbers.state), "SYN_SENT");
    assert_int_equal(insight_accept_queue(listener, &queue), 0);
    assert_int_equal(queue.waiting, 2);
    socket_close(NULL, third);
    socket_close(NULL, second);
    socket_close(NULL, first);
    socket_close(NULL, listener);
}

static void
only_a_listener_has_an_accept_queue(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct accept_queue queue;
    int ends[2];

    (void)state;
    assert_int_equal(insight_accept_queue(pair.dialled, &queue), -EINVAL);
    assert_int_equal(insight_accept_queue(-1, &queue), -EBADF);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(insight_accept_queue(ends[0], &queue), -ENOTSOCK);
    close(ends[0]);
    close(ends[1]);
    loopback_close_pair(&pair);
}

static void
counts_what_is_received_and_unread(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char buf[16];

    (void)state;
    assert_int_equal(insight_unread(pair.accepted), 0);
    assert_int_equal(socket_send(NULL, pair.dialled, "12345", 5), 5);
    loopback_wait(pair.accepted, POLLIN);
    assert_int_equal(insight_unread(pair.accepted), 5);
    assert_int_equal(socket_recv(NULL, pair.accepted, buf, 2), 2);
    assert_int_equal(insight_unread(pair.accepted), 3);
    loopback_close_pair(&pair);
}

static void
counts_what_a_peer_that_does_not_read_leaves_with_us(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;
    char block[65536] = { 0 };

    (void)state;
    assert_int_equal(insight_unacked(pair.dialled), 0);
    while (socket_send(NULL, pair.dialled, block, sizeof(block)) > 0)
        ;
    assert_true(insight_unacked(pair.dialled) > 0);
    assert_true(insight_unread(pair.accepted) > 0);
    assert_int_equal(insight_of_pair(&pair.from, &pair.address, &numbers), 0);
    assert_true(numbers.send_queue > 0);
    assert_int_equal(insight_of_pair(&pair.address, &pair.from, &numbers), 0);
    assert_true(numbers.receive_queue > 0);
    loopback_close_pair(&pair);
}

static void
a_bad_descriptor_has_no_bytes(void **state)
{
    (void)state;
    assert_int_equal(insight_unacked(-1), -EBADF);
    assert_int_equal(insight_unread(-1), -EBADF);
}

static void
counts_what_was_sent_and_acknowledged(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers = { 0 };
    int64_t deadline = clock_mono_ns() + PATIENCE_MS * NS_PER_MS;

    (void)state;
    assert_int_equal(socket_send(NULL, pair.dialled, "12345", 5), 5);
    while (numbers.bytes_acked < 5 && clock_mono_ns() < deadline)
        assert_int_equal(insight_of_pair(&pair.from, &pair.address, &numbers), 0);
    assert_int_equal(numbers.state, TCP_ESTABLISHED);
    assert_true(numbers.bytes_acked >= 5);      /* the SYN may count as one */
    assert_true(numbers.mss > 0);
    assert_true(numbers.snd_cwnd > 0);
    assert_true(numbers.rtt_us > 0);
    assert_int_equal(numbers.retransmits, 0);
    assert_true(numbers.snd_wnd > 0);
    assert_int_equal(insight_of_pair(&pair.address, &pair.from, &numbers), 0);
    assert_int_equal(numbers.bytes_received, 5);
    loopback_close_pair(&pair);
}

static void
assert_finds_both_ends(const char *host)
{
    struct pair pair = loopback_pair(host);
    struct tcp_numbers numbers;

    assert_int_equal(socket_send(NULL, pair.dialled, "12345", 5), 5);
    loopback_wait(pair.accepted, POLLIN);
    assert_int_equal(insight_of_pair(&pair.address, &pair.from, &numbers), 0);
    assert_int_equal(numbers.state, TCP_ESTABLISHED);
    assert_int_equal(numbers.receive_queue, 5);
    assert_int_equal(numbers.bytes_received, 5);
    assert_true(numbers.mss > 0);
    assert_int_equal(insight_of_pair(&pair.from, &pair.address, &numbers), 0);
    assert_int_equal(numbers.state, TCP_ESTABLISHED);
    assert_int_equal(numbers.receive_queue, 0);
    loopback_close_pair(&pair);
}

static void
finds_both_ends_by_their_addresses(void **state)
{
    (void)state;
    assert_finds_both_ends("127.0.0.1");
}

static void
finds_ipv6_connections_too(void **state)
{
    (void)state;
    if (!loopback_has_ipv6())
        skip();
    assert_finds_both_ends("::1");
}

/* An IPv4 client of an IPv6 listener: its address is mapped into IPv6. */
static void
finds_mapped_connections_too(void **state)
{
    struct address address = loopback_address("::", 0), local, peer, to;
    int listener, dialled, accepted;
    struct tcp_numbers numbers;

    (void)state;
    if (!loopback_has_ipv6())
        skip();
    listener = loopback_listen(&address, 8);
    to = loopback_address("127.0.0.1", loopback_port(&address));
    dialled = loopback_dial(&to);
    accepted = loopback_accept(listener, &peer);
    assert_int_equal(socket_local(NULL, accepted, &local), 0);
    assert_int_equal(insight_of_pair(&local, &peer, &numbers), 0);
    assert_int_equal(numbers.state, TCP_ESTABLISHED);
    socket_close(NULL, listener);
    socket_close(NULL, dialled);
    socket_close(NULL, accepted);
}

static void
sees_a_half_close_from_both_sides(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");

    (void)state;
    assert_int_equal(socket_shutdown(NULL, pair.dialled, SHUTDOWN_WRITE), 0);
    loopback_wait(pair.accepted, POLLIN);
    wait_for_state(&pair.from, &pair.address, TCP_FIN_WAIT2);
    wait_for_state(&pair.address, &pair.from, TCP_CLOSE_WAIT);
    loopback_close_pair(&pair);
}

static void
sees_who_closed_first_in_time_wait(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");

    (void)state;
    socket_close(NULL, pair.dialled);
    loopback_wait(pair.accepted, POLLIN);
    socket_close(NULL, pair.accepted);
    wait_for_state(&pair.from, &pair.address, TCP_TIME_WAIT);
    socket_close(NULL, pair.listener);
}

static void
finds_a_connection_that_another_process_holds(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct tcp_numbers numbers;
    int gate[2], status;
    pid_t pid;

    (void)state;
    assert_int_equal(pipe(gate), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char byte;

        close(gate[1]);
        socket_close(NULL, pair.dialled);
        _exit(read(gate[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(gate[0]);
    socket_close(NULL, pair.accepted);
    assert_int_equal(insight_of_pair(&pair.address, &pair.from, &numbers), 0);
    assert_int_equal(numbers.state, TCP_ESTABLISHED);

    close(gate[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    socket_close(NULL, pair.dialled);
    socket_close(NULL, pair.listener);
}

static void
a_listener_is_found_only_when_it_is_asked_for(void **state)
{
    const struct address none = { 0 };
    struct address address = loopback_address("127.0.0.1", 0), stranger;
    int listener = loopback_listen(&address, 8);
    struct tcp_numbers numbers;

    (void)state;
    assert_int_equal(insight_of_pair(&address, &none, &numbers), 0);
    assert_int_equal(numbers.state, TCP_LISTEN);
    stranger = address;
    stranger.u.in.sin_port = 1;
    assert_int_equal(insight_of_pair(&address, &stranger, &numbers), -ENOENT);
    socket_close(NULL, listener);
    assert_int_equal(insight_of_pair(&address, &none, &numbers), -ENOENT);
}

static void
refuses_pairs_that_cannot_be(void **state)
{
    struct address in = loopback_address("127.0.0.1", 1), none = { 0 }, odd;
    struct tcp_numbers numbers;

    (void)state;
    odd = in;
    odd.u.any.sa_family = AF_UNIX;
    assert_int_equal(insight_of_pair(&none, &in, &numbers), -EINVAL);
    assert_int_equal(insight_of_pair(&in, &odd, &numbers), -EINVAL);
    assert_int_equal(insight_of_pair(&odd, &odd, &numbers), -EINVAL);
}

static void
states_have_the_kernels_names(void **state)
{
    (void)state;
    assert_string_equal(insight_state_name(TCP_ESTABLISHED), "ESTABLISHED");
    assert_string_equal(insight_state_name(TCP_SYN_SENT), "SYN_SENT");
    assert_string_equal(insight_state_name(TCP_SYN_RECV), "SYN_RECV");
    assert_string_equal(insight_state_name(TCP_FIN_WAIT1), "FIN_WAIT1");
    assert_string_equal(insight_state_name(TCP_FIN_WAIT2), "FIN_WAIT2");
    assert_string_equal(insight_state_name(TCP_TIME_WAIT), "TIME_WAIT");
    assert_string_equal(insight_state_name(TCP_CLOSE), "CLOSE");
    assert_string_equal(insight_state_name(TCP_CLOSE_WAIT), "CLOSE_WAIT");
    assert_string_equal(insight_state_name(TCP_LAST_ACK), "LAST_ACK");
    assert_string_equal(insight_state_name(TCP_LISTEN), "LISTEN");
    assert_string_equal(insight_state_name(TCP_CLOSING), "CLOSING");
    assert_string_equal(insight_state_name(0), "UNKNOWN");
    assert_string_equal(insight_state_name(255), "UNKNOWN");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_who_is_connected_but_not_accepted),
        cmocka_unit_test(a_queue_is_full_when_more_wait_than_its_limit),
        cmocka_unit_test(only_a_listener_has_an_accept_queue),
        cmocka_unit_test(counts_what_is_received_and_unread),
        cmocka_unit_test(counts_what_a_peer_that_does_not_read_leaves_with_us),
        cmocka_unit_test(a_bad_descriptor_has_no_bytes),
        cmocka_unit_test(counts_what_was_sent_and_acknowledged),
        cmocka_unit_test(finds_both_ends_by_their_addresses),
        cmocka_unit_test(finds_ipv6_connections_too),
        cmocka_unit_test(finds_mapped_connections_too),
        cmocka_unit_test(sees_a_half_close_from_both_sides),
        cmocka_unit_test(sees_who_closed_first_in_time_wait),
        cmocka_unit_test(finds_a_connection_that_another_process_holds),
        cmocka_unit_test(a_listener_is_found_only_when_it_is_asked_for),
        cmocka_unit_test(refuses_pairs_that_cannot_be),
        cmocka_unit_test(states_have_the_kernels_names),
    };

    return cmocka_run_group_tests_name("insight", tests, NULL, NULL);
}
