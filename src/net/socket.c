/* socket.c - every system call on a socket. */
#include "config.h"

#include "sockdeck/net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/net/address.h"

/* What people most often forget when a call on an own address fails. */
static const struct cause {
    int code;
    const char *text;
} causes[] = {
    { -EACCES,        ": the ports below 1024 belong to the administrator" },
    { -EADDRINUSE,    ": another socket has this port" },
    { -EADDRNOTAVAIL, ": no interface of this machine has this address" },
};

static const char *
likely_cause(int code)
{
    for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
        if (causes[i].code == code)
            return causes[i].text;
    return "";
}

static int
set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0 ? 0 : -errno;
}

/* Closes fd, keeps the errno of the call that failed, and names that call. */
static int
fail_at(int fd, enum call_name call, enum call_name *failed)
{
    int code = -errno;

    if (fd >= 0)
        close(fd);
    *failed = call;
    return code;
}

/* A stream socket whose urgent bytes stay in the stream: an urgent byte kept apart
 * would be lost, and would wake poll for ever. Accepted sockets inherit it. */
static int
open_stream(int family, int type_flags, enum call_name *failed)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | type_flags, 0);

    if (fd < 0)
        return fail_at(-1, CALL_SOCKET, failed);
    if (set_option(fd, SOL_SOCKET, SO_OOBINLINE, 1) != 0)
        return fail_at(fd, CALL_SETSOCKOPT, failed);
    return fd;
}

static int
bind_and_listen(struct address *address, int backlog, enum call_name *failed)
{
    int fd = open_stream(address->u.any.sa_family, 0, failed);

    if (fd < 0)
        return fd;
    if (set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) != 0)
        return fail_at(fd, CALL_SETSOCKOPT, failed);
    if (bind(fd, &address->u.any, address->length) != 0)
        return fail_at(fd, CALL_BIND, failed);
    if (listen(fd, backlog) != 0)
        return fail_at(fd, CALL_LISTEN, failed);
    socket_local(fd, address);
    return fd;
}

int
socket_listen(struct address *address, int backlog, enum call_name *failed, struct error *err)
{
    char text[ADDRESS_TEXT], name[16];
    int fd = bind_and_listen(address, backlog, failed);

    if (fd >= 0)
        return fd;
    return error_set(err, fd, "cannot listen on %s: %s failed with %s (%s)%s",
                     address_text(address, text), event_call_names[*failed],
                     error_name(fd, name), error_message(fd), likely_cause(fd));
}

int
socket_accept(int listener, struct address *peer)
{
    int fd;

    peer->length = sizeof(peer->u);
    fd = accept4(listener, &peer->u.any, &peer->length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0)
        return fd;
    peer->length = 0;
    return -errno;
}

/* A port that was given may still be in TIME_WAIT from the last time. One that was
 * not is better taken by connect, which knows the peer and can share the port. */
static int
bind_source(int fd, const struct address *from, enum call_name *failed)
{
    if (set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) != 0 ||
        set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1) != 0)
        return fail_at(fd, CALL_SETSOCKOPT, failed);
    if (bind(fd, &from->u.any, from->length) != 0)
        return fail_at(fd, CALL_BIND, failed);
    return fd;
}

int
socket_dial(const struct address *to, const struct address *from, enum call_name *failed)
{
    int fd = open_stream(to->u.any.sa_family, SOCK_NONBLOCK, failed);

    if (fd < 0 || from == NULL || from->length == 0)
        return fd;
    return bind_source(fd, from, failed);
}

int
socket_connect(int fd, const struct address *to)
{
    return connect(fd, &to->u.any, to->length) == 0 ? 0 : -errno;
}

int
socket_connect_result(int fd)
{
    socklen_t size = sizeof(int);
    int code = 0;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) != 0)
        return -errno;
    return -code;
}

ssize_t
socket_recv(int fd, void *buf, size_t n)
{
    ssize_t got = recv(fd, buf, n, 0);

    return got >= 0 ? got : -errno;
}

ssize_t
socket_send(int fd, const void *buf, size_t n)
{
    ssize_t taken = send(fd, buf, n, MSG_NOSIGNAL);

    return taken >= 0 ? taken : -errno;
}

int
socket_shutdown(int fd, enum shutdown_which which)
{
    static const int hows[SHUTDOWN_COUNT] = {
        [SHUTDOWN_READ] = SHUT_RD,
        [SHUTDOWN_WRITE] = SHUT_WR,
        [SHUTDOWN_BOTH] = SHUT_RDWR,
    };

    return shutdown(fd, hows[which]) == 0 ? 0 : -errno;
}

/* The descriptor is gone whatever close says: Linux frees it first. */
int
socket_close(int fd)
{
    return close(fd) == 0 ? 0 : -errno;
}

int
socket_reset(int fd)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    int code = 0;

    if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) != 0)
        code = -errno;
    return close(fd) == 0 ? code : -errno;
}

int
socket_local(int fd, struct address *address)
{
    struct address found = { .length = sizeof(found.u) };

    if (getsockname(fd, &found.u.any, &found.length) != 0)
        return -errno;
    *address = found;
    return 0;
}

int
socket_peer(int fd, struct address *address)
{
    struct address found = { .length = sizeof(found.u) };

    if (getpeername(fd, &found.u.any, &found.length) != 0)
        return -errno;
    *address = found;
    return 0;
}

int
socket_set_nonblocking(int fd, bool on)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0)
        return -errno;
    flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    return fcntl(fd, F_SETFL, flags) == 0 ? 0 : -errno;
}
