/* loopback.c - real connections over loopback. */
#include "config.h"

#include "test.h"

#include "loopback.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/net/socket.h"

void
loopback_wait(int fd, short events)
{
    struct pollfd pfd = { .fd = fd, .events = events };

    assert_int_equal(poll(&pfd, 1, PATIENCE_MS), 1);
}

bool
loopback_has_ipv6(void)
{
    struct address address = loopback_address("::1", 0);
    enum call_name failed;
    int fd = socket_listen(NULL, &address, 1, &failed, NULL);

    if (fd < 0)
        return false;
    close(fd);
    return true;
}

struct address
loopback_address(const char *host, uint16_t port)
{
    struct endpoint endpoint = { .port = port };
    struct address address;

    snprintf(endpoint.host, sizeof(endpoint.host), "%s", host);
    assert_int_equal(endpoint_address(&endpoint, &address), 0);
    return address;
}

uint16_t
loopback_port(const struct address *address)
{
    return ntohs(address->u.any.sa_family == AF_INET6 ? address->u.in6.sin6_port
                                                      : address->u.in.sin_port);
}

void
loopback_assert_same(const struct address *a, const struct address *b)
{
    char text[2][ADDRESS_TEXT];

    assert_string_equal(address_text(a, text[0]), address_text(b, text[1]));
}

struct address
loopback_peer(int fd)
{
    struct address peer = { .length = sizeof(peer.u) };

    assert_int_equal(getpeername(fd, &peer.u.any, &peer.length), 0);
    return peer;
}

int
loopback_listen(struct address *address, int backlog)
{
    enum call_name failed = CALL_NONE;
    struct error err = { 0 };
    int fd = socket_listen(NULL, address, backlog, &failed, &err);

    if (fd < 0)
        fail_msg("%s", err.text);
    return fd;
}

int
loopback_start_dial(const struct address *from, const struct address *to)
{
    enum call_name failed = CALL_NONE;
    int fd = socket_dial(NULL, to, from, &failed);
    int code;

    assert_true(fd >= 0);
    code = socket_connect(NULL, fd, to);
    assert_true(code == 0 || code == -EINPROGRESS);
    return fd;
}

int
loopback_dial(const struct address *to)
{
    int fd = loopback_start_dial(NULL, to);

    loopback_wait(fd, POLLOUT);
    assert_int_equal(socket_connect_result(NULL, fd), 0);
    return fd;
}

int
loopback_accept(int listener, struct address *peer)
{
    int fd;

    loopback_wait(listener, POLLIN);
    fd = socket_accept(NULL, listener, peer);
    assert_true(fd >= 0);
    return fd;
}

struct pair
loopback_pair(const char *host)
{
    struct pair pair = { .address = loopback_address(host, 0) };

    pair.listener = loopback_listen(&pair.address, 8);
    pair.dialled = loopback_dial(&pair.address);
    pair.accepted = loopback_accept(pair.listener, &pair.from);
    return pair;
}

void
loopback_close_pair(const struct pair *pair)
{
    const int fds[] = { pair->listener, pair->dialled, pair->accepted };

    for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
        if (fds[i] >= 0)
            assert_int_equal(close(fds[i]), 0);
}
