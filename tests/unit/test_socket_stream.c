/* test_socket_stream.c - socket: bytes over a connection, and how it ends. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "loopback.h"
#include "sockdeck/net/socket.h"

static void
bytes_go_both_ways(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char buf[16];

    (void)state;
    assert_int_equal(socket_recv(NULL, pair.accepted, buf, sizeof(buf)), -EAGAIN);
    assert_int_equal(socket_send(NULL, pair.dialled, "ping", 4), 4);
    loopback_wait(pair.accepted, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.accepted, buf, sizeof(buf)), 4);
    assert_memory_equal(buf, "ping", 4);
    assert_int_equal(socket_send(NULL, pair.accepted, "pong", 4), 4);
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.dialled, buf, 2), 2);
    assert_int_equal(socket_recv(NULL, pair.dialled, buf + 2, sizeof(buf) - 2), 2);
    assert_memory_equal(buf, "pong", 4);
    loopback_close_pair(&pair);
}

static void
bytes_go_over_ipv6_too(void **state)
{
    struct address peer;
    struct pair pair;
    char buf[16];

    (void)state;
    if (!loopback_has_ipv6())
        skip();
    pair = loopback_pair("::1");
    peer = loopback_peer(pair.dialled);
    loopback_assert_same(&peer, &pair.address);
    assert_int_equal(socket_send(NULL, pair.dialled, "six", 3), 3);
    loopback_wait(pair.accepted, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.accepted, buf, sizeof(buf)), 3);
    loopback_close_pair(&pair);
}

static void
sending_to_one_that_does_not_read_would_block_at_last(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char block[65536] = { 0 };
    ssize_t taken = 0;
    size_t sum = 0;

    (void)state;
    while (taken >= 0 && sum < ((size_t)1 << 30)) {
        taken = socket_send(NULL, pair.dialled, block, sizeof(block));
        sum += taken > 0 ? (size_t)taken : 0;
    }
    assert_int_equal(taken, -EAGAIN);
    assert_true(sum > 0);
    loopback_close_pair(&pair);
}

static void
an_urgent_byte_stays_in_the_stream(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct pollfd pfd = { .fd = pair.accepted, .events = POLLIN };
    char buf[16];
    size_t n = 0;

    (void)state;
    assert_int_equal(socket_send(NULL, pair.dialled, "ab", 2), 2);
    assert_int_equal(send(pair.dialled, "!", 1, MSG_OOB), 1);
    assert_int_equal(socket_send(NULL, pair.dialled, "cd", 2), 2);
    while (n < 5) {
        ssize_t got;

        loopback_wait(pair.accepted, POLLIN);
        got = socket_recv(NULL, pair.accepted, buf + n, sizeof(buf) - n);
        assert_true(got > 0);
        n += (size_t)got;
    }
    assert_memory_equal(buf, "ab!cd", 5);
    assert_int_equal(poll(&pfd, 1, 0), 0);

    assert_int_equal(send(pair.accepted, "?", 1, MSG_OOB), 1);
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.dialled, buf, sizeof(buf)), 1);
    loopback_close_pair(&pair);
}

static void
half_close_ends_one_direction_only(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char buf[16];

    (void)state;
    assert_int_equal(socket_shutdown(NULL, pair.dialled, SHUTDOWN_WRITE), 0);
    loopback_wait(pair.accepted, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.accepted, buf, sizeof(buf)), 0);
    assert_int_equal(socket_send(NULL, pair.accepted, "still", 5), 5);
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.dialled, buf, sizeof(buf)), 5);
    assert_int_equal(socket_send(NULL, pair.dialled, "x", 1), -EPIPE);
    loopback_close_pair(&pair);
}

static void
reading_and_both_directions_can_be_shut(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char buf[16];

    (void)state;
    assert_int_equal(socket_shutdown(NULL, pair.dialled, SHUTDOWN_READ), 0);
    assert_int_equal(socket_recv(NULL, pair.dialled, buf, sizeof(buf)), 0);
    assert_int_equal(socket_send(NULL, pair.dialled, "x", 1), 1);
    assert_int_equal(socket_shutdown(NULL, pair.accepted, SHUTDOWN_BOTH), 0);
    assert_int_equal(socket_send(NULL, pair.accepted, "x", 1), -EPIPE);
    loopback_close_pair(&pair);
}

static void
close_is_seen_as_end_of_file(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char byte;

    (void)state;
    assert_int_equal(socket_close(NULL, pair.accepted), 0);
    pair.accepted = -1;
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.dialled, &byte, 1), 0);
    loopback_close_pair(&pair);
}

static void
reset_is_seen_as_a_reset(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    char byte;

    (void)state;
    assert_int_equal(socket_reset(NULL, pair.accepted), 0);
    pair.accepted = -1;
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.dialled, &byte, 1), -ECONNRESET);
    loopback_close_pair(&pair);
}

static void
sending_after_the_peer_has_gone_fails_without_a_signal(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct pollfd pfd = { .fd = pair.dialled };

    (void)state;
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(socket_close(NULL, pair.accepted), 0);
    pair.accepted = -1;
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_send(NULL, pair.dialled, "x", 1), 1);     /* answered by RST */
    assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
    assert_int_equal(pfd.revents & POLLHUP, POLLHUP);
    assert_int_equal(socket_send(NULL, pair.dialled, "x", 1), -EPIPE);
    loopback_close_pair(&pair);
}

static void
a_descriptor_that_is_none_is_told_by_every_call(void **state)
{
    struct address address = loopback_address("127.0.0.1", 1);
    char byte = 0;

    (void)state;
    assert_int_equal(socket_accept(NULL, -1, &address), -EBADF);
    address = loopback_address("127.0.0.1", 1);
    assert_int_equal(socket_connect(NULL, -1, &address), -EBADF);
    assert_int_equal(socket_connect_result(NULL, -1), -EBADF);
    assert_int_equal(socket_recv(NULL, -1, &byte, 1), -EBADF);
    assert_int_equal(socket_send(NULL, -1, &byte, 1), -EBADF);
    assert_int_equal(socket_shutdown(NULL, -1, SHUTDOWN_BOTH), -EBADF);
    assert_int_equal(socket_close(NULL, -1), -EBADF);
    assert_int_equal(socket_reset(NULL, -1), -EBADF);
    assert_int_equal(socket_local(NULL, -1, &address), -EBADF);
    assert_int_equal(socket_set_nonblocking(-1, true), -EBADF);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways),
        cmocka_unit_test(bytes_go_over_ipv6_too),
        cmocka_unit_test(sending_to_one_that_does_not_read_would_block_at_last),
        cmocka_unit_test(an_urgent_byte_stays_in_the_stream),
        cmocka_unit_test(half_close_ends_one_direction_only),
        cmocka_unit_test(reading_and_both_directions_can_be_shut),
        cmocka_unit_test(close_is_seen_as_end_of_file),
        cmocka_unit_test(reset_is_seen_as_a_reset),
        cmocka_unit_test(sending_after_the_peer_has_gone_fails_without_a_signal),
        cmocka_unit_test(a_descriptor_that_is_none_is_told_by_every_call),
    };

    return cmocka_run_group_tests_name("socket stream", tests, NULL, NULL);
}
