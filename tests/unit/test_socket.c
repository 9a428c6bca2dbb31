/* test_socket.c - socket: listening, accepting and connecting on loopback. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "loopback.h"
#include "sockdeck/base/error.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/socket.h"

static void
port_0_takes_a_free_one_and_says_which(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0), local;
    int fd = loopback_listen(&address, 8);

    (void)state;
    assert_true(loopback_port(&address) != 0);
    assert_int_equal(socket_local(NULL, fd, &local), 0);
    loopback_assert_same(&address, &local);
    socket_close(NULL, fd);
}

static void
a_listener_blocks_and_is_not_inherited_by_programs(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0);
    int fd = loopback_listen(&address, 8);

    (void)state;
    assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    socket_close(NULL, fd);
}

static void
a_taken_port_names_the_call_and_the_cause(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0), again;
    int fd = loopback_listen(&address, 8);
    enum call_name failed = CALL_NONE;
    struct error err = { 0 };
    char text[ADDRESS_TEXT];

    (void)state;
    again = address;
    assert_int_equal(socket_listen(NULL, &again, 8, &failed, &err), -EADDRINUSE);
    assert_int_equal(failed, CALL_BIND);
    assert_int_equal(err.code, -EADDRINUSE);
    assert_non_null(strstr(err.text, address_text(&address, text)));
    assert_non_null(strstr(err.text, "EADDRINUSE"));
    assert_non_null(strstr(err.text, "another socket has this port"));
    loopback_assert_same(&address, &again);
    socket_close(NULL, fd);
}

static void
a_foreign_address_names_the_cause(void **state)
{
    struct address address = loopback_address("192.0.2.1", 0);
    enum call_name failed = CALL_NONE;
    struct error err = { 0 };

    (void)state;
    assert_int_equal(socket_listen(NULL, &address, 8, &failed, &err), -EADDRNOTAVAIL);
    assert_int_equal(failed, CALL_BIND);
    assert_non_null(strstr(err.text, "no interface of this machine"));
}

static void
an_unknown_family_fails_at_socket(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0);
    enum call_name failed = CALL_NONE;

    (void)state;
    address.u.any.sa_family = AF_MAX - 1;
    assert_true(socket_listen(NULL, &address, 8, &failed, NULL) < 0);
    assert_int_equal(failed, CALL_SOCKET);
    failed = CALL_NONE;
    assert_true(socket_dial(NULL, &address, NULL, &failed) < 0);
    assert_int_equal(failed, CALL_SOCKET);
}

static void
a_port_in_time_wait_can_be_listened_on_again(void **state)
{
    struct pair pair = loopback_pair("127.0.0.1");
    struct address again = pair.address;
    char byte;

    (void)state;
    socket_close(NULL, pair.accepted);        /* closes first: TIME_WAIT is on this side */
    loopback_wait(pair.dialled, POLLIN);
    assert_int_equal(socket_recv(NULL, pair.dialled, &byte, 1), 0);
    socket_close(NULL, pair.dialled);
    socket_close(NULL, pair.listener);
    socket_close(NULL, loopback_listen(&again, 8));
}

static void
accepted_sockets_do_not_block_and_know_their_peer(void **state)
{
    struct pair pair = { .address = loopback_address("127.0.0.1", 0) };
    struct address peer, local;

    (void)state;
    pair.listener = loopback_listen(&pair.address, 8);
    pair.dialled = loopback_start_dial(NULL, &pair.address);
    pair.accepted = loopback_accept(pair.listener, &peer);
    assert_int_equal(socket_local(NULL, pair.dialled, &local), 0);
    loopback_assert_same(&peer, &local);
    local = loopback_peer(pair.accepted);
    loopback_assert_same(&peer, &local);
    local = loopback_peer(pair.dialled);
    loopback_assert_same(&pair.address, &local);
    assert_int_equal(fcntl(pair.accepted, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    assert_int_equal(fcntl(pair.accepted, F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(pair.dialled, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    assert_int_equal(fcntl(pair.dialled, F_GETFD), FD_CLOEXEC);
    loopback_close_pair(&pair);
}

static void
accept_without_a_client_would_block(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0), peer;
    int fd = loopback_listen(&address, 8);

    (void)state;
    assert_int_equal(socket_set_nonblocking(fd, true), 0);
    assert_int_equal(socket_accept(NULL, fd, &peer), -EAGAIN);
    assert_int_equal(peer.length, 0);
    assert_int_equal(socket_set_nonblocking(fd, false), 0);
    assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    socket_close(NULL, fd);
}

static void
ignore_signal(int number)
{
    (void)number;
}

static void
a_signal_ends_a_blocked_accept(void **state)
{
    const struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, off = { { 0, 0 }, { 0, 0 } };
    const struct sigaction action = { .sa_handler = ignore_signal };
    struct address address = loopback_address("127.0.0.1", 0), peer;
    int fd = loopback_listen(&address, 8);
    struct sigaction before;

    (void)state;
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(socket_accept(NULL, fd, &peer), -EINTR);
    assert_int_equal(setitimer(ITIMER_REAL, &off, NULL), 0);
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
    socket_close(NULL, fd);
}

static void
accept_without_a_free_descriptor_leaves_the_client_queued(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0), peer;
    int listener = loopback_listen(&address, 8);
    int dialled = loopback_start_dial(NULL, &address), accepted;
    struct rlimit before, none;

    (void)state;
    loopback_wait(listener, POLLIN);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    accepted = socket_accept(NULL, listener, &peer);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(accepted, -EMFILE);
    accepted = loopback_accept(listener, &peer);
    loopback_close_pair(&(struct pair){ listener, dialled, accepted, { 0 }, { 0 } });
}

static void
accepts_a_client_that_was_reset_while_queued(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0), peer;
    int listener = loopback_listen(&address, 8);
    int dialled = loopback_start_dial(NULL, &address), accepted;
    char byte;

    (void)state;
    loopback_wait(listener, POLLIN);
    loopback_wait(dialled, POLLOUT);
    assert_int_equal(socket_reset(NULL, dialled), 0);
    accepted = loopback_accept(listener, &peer);
    loopback_wait(accepted, POLLIN);
    assert_int_equal(socket_recv(NULL, accepted, &byte, 1), -ECONNRESET);
    socket_close(NULL, accepted);
    socket_close(NULL, listener);
}

static void
a_closed_port_refuses(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0);
    int fd = loopback_listen(&address, 1), code;
    enum call_name failed;

    (void)state;
    socket_close(NULL, fd);
    fd = socket_dial(NULL, &address, NULL, &failed);
    assert_true(fd >= 0);
    code = socket_connect(NULL, fd, &address);
    if (code == -EINPROGRESS) {
        loopback_wait(fd, POLLOUT);
        code = socket_connect_result(NULL, fd);
    }
    assert_int_equal(code, -ECONNREFUSED);
    assert_int_equal(socket_connect_result(NULL, fd), 0);     /* told once */
    socket_close(NULL, fd);
}

/* listen(1) admits two; what more comes waits for its SYN to be answered. */
static void
a_full_accept_queue_keeps_a_connect_in_progress(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0);
    int listener = loopback_listen(&address, 1);
    int first = loopback_start_dial(NULL, &address), second, third;
    struct pollfd pfd = { .events = POLLOUT };
    enum call_name failed;

    (void)state;
    loopback_wait(first, POLLOUT);
    second = loopback_start_dial(NULL, &address);
    loopback_wait(second, POLLOUT);
    third = socket_dial(NULL, &address, NULL, &failed);
    assert_true(third >= 0);
    assert_int_equal(socket_connect(NULL, third, &address), -EINPROGRESS);
    pfd.fd = third;
    assert_int_equal(poll(&pfd, 1, 100), 0);
    assert_int_equal(socket_connect(NULL, third, &address), -EALREADY);
    socket_close(NULL, third);
    loopback_close_pair(&(struct pair){ listener, first, second, { 0 }, { 0 } });
}

static void
dials_from_the_address_that_was_given(void **state)
{
    struct address to = loopback_address("127.0.0.1", 0);
    struct address from = loopback_address("127.0.0.2", 0), peer, first;
    int listener = loopback_listen(&to, 8), dialled, accepted;

    (void)state;
    dialled = loopback_start_dial(&from, &to);
    accepted = loopback_accept(listener, &peer);
    first = peer;
    assert_int_not_equal(loopback_port(&peer), 0);
    peer.u.in.sin_port = 0;
    loopback_assert_same(&peer, &from);

    /* The same port once more, while its connection is in TIME_WAIT. */
    socket_close(NULL, dialled);
    loopback_wait(accepted, POLLIN);
    socket_close(NULL, accepted);
    to = loopback_address("127.0.0.1", 0);
    socket_close(NULL, listener);
    listener = loopback_listen(&to, 8);
    dialled = loopback_start_dial(&first, &to);
    accepted = loopback_accept(listener, &peer);
    loopback_assert_same(&peer, &first);
    loopback_close_pair(&(struct pair){ listener, dialled, accepted, { 0 }, { 0 } });
}

static void
a_source_that_is_not_ours_fails_at_bind(void **state)
{
    struct address to = loopback_address("127.0.0.1", 9), from = loopback_address("192.0.2.1", 0);
    enum call_name failed = CALL_NONE;
    int fd;

    (void)state;
    assert_int_equal(socket_dial(NULL, &to, &from, &failed), -EADDRNOTAVAIL);
    assert_int_equal(failed, CALL_BIND);
    fd = socket_dial(NULL, &to, &(struct address){ 0 }, &failed);     /* an empty one is none */
    assert_true(fd >= 0);
    socket_close(NULL, fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(port_0_takes_a_free_one_and_says_which),
        cmocka_unit_test(a_listener_blocks_and_is_not_inherited_by_programs),
        cmocka_unit_test(a_taken_port_names_the_call_and_the_cause),
        cmocka_unit_test(a_foreign_address_names_the_cause),
        cmocka_unit_test(an_unknown_family_fails_at_socket),
        cmocka_unit_test(a_port_in_time_wait_can_be_listened_on_again),
        cmocka_unit_test(accepted_sockets_do_not_block_and_know_their_peer),
        cmocka_unit_test(accept_without_a_client_would_block),
        cmocka_unit_test(a_signal_ends_a_blocked_accept),
        cmocka_unit_test(accept_without_a_free_descriptor_leaves_the_client_queued),
        cmocka_unit_test(accepts_a_client_that_was_reset_while_queued),
        cmocka_unit_test(a_closed_port_refuses),
        cmocka_unit_test(a_full_accept_queue_keeps_a_connect_in_progress),
        cmocka_unit_test(dials_from_the_address_that_was_given),
        cmocka_unit_test(a_source_that_is_not_ours_fails_at_bind),
    };

    return cmocka_run_group_tests_name("socket", tests, NULL, NULL);
}
