/* socket.c - every system call on a socket; see socket.h. */
#include "config.h"

#include "sockdeck/net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/call.h"
#include "sockdeck/net/lens.h"

/* What people most often forget when a call on an own address fails. */
static const struct cause {
    int code;
    const char *text;
} causes[] = {
    { -EACCES,        ": the ports below 1024 belong to the administrator" },
    { -EADDRINUSE,    ": another socket has this port; find it with: ss -ltnp" },
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

/* --- the calls: made, then shown to the lens -------------------------------------- */

static int64_t
outcome(int64_t rc)
{
    return rc >= 0 ? rc : -errno;
}

static void
show(struct lens *lens, int64_t begun_ns, const struct event_call *call, const void *data,
     size_t n)
{
    if (begun_ns != 0)
        lens_report(lens, begun_ns, call, data, n);
}

/* A call that fills n bytes at buf when it succeeds; see call.h for when it does not. */
static void
show_filled(struct lens *lens, int64_t begun_ns, const struct event_call *call, const void *buf,
            size_t n)
{
    if (begun_ns != 0 && call->result < 0)
        lens_report(lens, begun_ns, call, &buf, sizeof(buf));
    else if (begun_ns != 0)
        lens_report(lens, begun_ns, call, buf, n);
}

static size_t
shown(size_t n)
{
    return n < CALL_SHOWN_BYTES ? n : CALL_SHOWN_BYTES;
}

static int
call_socket(struct lens *lens, int family, int type)
{
    struct event_call call = {
        .call = CALL_SOCKET, .plain = { (uint32_t)family, (uint32_t)type },
    };
    int64_t begun = lens_begin(lens);

    call.result = outcome(socket(family, type, 0));
    show(lens, begun, &call, NULL, 0);
    return (int)call.result;
}

static int
call_setsockopt(struct lens *lens, int fd, int level, int option, const void *value,
                socklen_t size)
{
    struct event_call call = {
        .call = CALL_SETSOCKOPT, .fd = fd, .plain = { (uint32_t)level, (uint32_t)option },
    };
    int64_t begun = lens_begin(lens);

    call.result = outcome(setsockopt(fd, level, option, value, size));
    show(lens, begun, &call, value, size);
    return (int)call.result;
}

static int
call_getsockopt(struct lens *lens, int fd, int level, int option, void *value, socklen_t *size)
{
    struct event_call call = {
        .call = CALL_GETSOCKOPT, .fd = fd, .plain = { (uint32_t)level, (uint32_t)option },
    };
    int64_t begun = lens_begin(lens);

    call.result = outcome(getsockopt(fd, level, option, value, size));
    show_filled(lens, begun, &call, value, *size);
    return (int)call.result;
}

static int
call_bind(struct lens *lens, int fd, const struct address *address)
{
    struct event_call call = { .call = CALL_BIND, .fd = fd };
    int64_t begun = lens_begin(lens);

    call.result = outcome(bind(fd, &address->u.any, address->length));
    show(lens, begun, &call, &address->u, address->length);
    return (int)call.result;
}

static int
call_listen(struct lens *lens, int fd, int backlog)
{
    struct event_call call = {
        .call = CALL_LISTEN, .fd = fd, .plain = { (uint32_t)backlog },
    };
    int64_t begun = lens_begin(lens);

    call.result = outcome(listen(fd, backlog));
    show(lens, begun, &call, NULL, 0);
    return (int)call.result;
}

/* The descriptor is gone whatever close says: Linux frees it first. */
int
socket_close(struct lens *lens, int fd)
{
    struct event_call call = { .call = CALL_CLOSE, .fd = fd };
    int64_t begun = lens_begin(lens);

    call.result = outcome(close(fd));
    show(lens, begun, &call, NULL, 0);
    return (int)call.result;
}

ssize_t
socket_recv(struct lens *lens, int fd, void *buf, size_t n)
{
    struct event_call call = { .call = CALL_RECVFROM, .fd = fd, .plain = { (uint32_t)n } };
    int64_t begun = lens_begin(lens);

    call.result = outcome(recv(fd, buf, n, 0));
    show_filled(lens, begun, &call, buf, shown((size_t)call.result));
    return (ssize_t)call.result;
}

ssize_t
socket_send(struct lens *lens, int fd, const void *buf, size_t n)
{
    struct event_call call = {
        .call = CALL_SENDTO, .fd = fd, .plain = { (uint32_t)n, MSG_NOSIGNAL },
    };
    int64_t begun = lens_begin(lens);

    call.result = outcome(send(fd, buf, n, MSG_NOSIGNAL));
    show(lens, begun, &call, buf, shown(n));
    return (ssize_t)call.result;
}

int
socket_connect(struct lens *lens, int fd, const struct address *to)
{
    struct event_call call = { .call = CALL_CONNECT, .fd = fd };
    int64_t begun = lens_begin(lens);

    call.result = outcome(connect(fd, &to->u.any, to->length));
    show(lens, begun, &call, &to->u, to->length);
    return (int)call.result;
}

int
socket_shutdown(struct lens *lens, int fd, enum shutdown_which which)
{
    static const int hows[SHUTDOWN_COUNT] = {
        [SHUTDOWN_READ] = SHUT_RD,
        [SHUTDOWN_WRITE] = SHUT_WR,
        [SHUTDOWN_BOTH] = SHUT_RDWR,
    };
    struct event_call call = {
        .call = CALL_SHUTDOWN, .fd = fd, .plain = { (uint32_t)hows[which] },
    };
    int64_t begun = lens_begin(lens);

    call.result = outcome(shutdown(fd, hows[which]));
    show(lens, begun, &call, NULL, 0);
    return (int)call.result;
}

/* On a blocking listener the one call that may take long, so its entry is shown too. */
int
socket_accept(struct lens *lens, int listener, struct address *peer)
{
    const int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    struct event_call call = {
        .call = CALL_ACCEPT, .fd = listener, .plain = { sizeof(peer->u), (uint32_t)flags },
    };
    int64_t begun = lens_begin(lens);

    if (begun != 0)
        lens_report_entry(lens, begun, &call);
    peer->length = sizeof(peer->u);
    call.result = outcome(accept4(listener, &peer->u.any, &peer->length, flags));
    if (call.result < 0)
        peer->length = 0;
    show_filled(lens, begun, &call, &peer->u, peer->length);
    return (int)call.result;
}

int
socket_local(struct lens *lens, int fd, struct address *address)
{
    struct address found = { .length = sizeof(found.u) };
    struct event_call call = { .call = CALL_GETSOCKNAME, .fd = fd, .plain = { found.length } };
    int64_t begun = lens_begin(lens);

    call.result = outcome(getsockname(fd, &found.u.any, &found.length));
    show_filled(lens, begun, &call, &found.u, found.length);
    if (call.result == 0)
        *address = found;
    return (int)call.result;
}

/* --- what is made of them ------------------------------------------------------------ */

static int
set_option(struct lens *lens, int fd, int level, int option, int value)
{
    return call_setsockopt(lens, fd, level, option, &value, sizeof(value));
}

/* Closes fd and names the call that failed with code, which comes back. What is then
 * reported is that call, not the closing. */
static int
fail_at(struct lens *lens, int fd, int code, enum call_name call, enum call_name *failed)
{
    int64_t stamp = lens != NULL ? lens->stamp_ns : 0;

    socket_close(lens, fd);
    if (lens != NULL)
        lens->stamp_ns = stamp;
    *failed = call;
    return code;
}

/* A stream socket whose urgent bytes stay in the stream: an urgent byte kept apart
 * would be lost, and would wake poll for ever. Accepted sockets inherit it. */
static int
open_stream(struct lens *lens, int family, int type_flags, enum call_name *failed)
{
    int fd = call_socket(lens, family, SOCK_STREAM | SOCK_CLOEXEC | type_flags);
    int rc;

    if (fd < 0) {
        *failed = CALL_SOCKET;
        return fd;
    }
    rc = set_option(lens, fd, SOL_SOCKET, SO_OOBINLINE, 1);
    return rc == 0 ? fd : fail_at(lens, fd, rc, CALL_SETSOCKOPT, failed);
}

/* The port that bind chose is asked for before listen, which is the call that the
 * report of a new listener tells of. */
static int
bind_and_listen(struct lens *lens, struct address *address, int backlog,
                enum call_name *failed)
{
    int fd = open_stream(lens, address->u.any.sa_family, 0, failed);
    struct address bound = *address;
    int rc;

    if (fd < 0)
        return fd;
    if ((rc = set_option(lens, fd, SOL_SOCKET, SO_REUSEADDR, 1)) != 0)
        return fail_at(lens, fd, rc, CALL_SETSOCKOPT, failed);
    if ((rc = call_bind(lens, fd, address)) != 0)
        return fail_at(lens, fd, rc, CALL_BIND, failed);
    socket_local(lens, fd, &bound);
    if ((rc = call_listen(lens, fd, backlog)) != 0)
        return fail_at(lens, fd, rc, CALL_LISTEN, failed);
    *address = bound;
    return fd;
}

int
socket_listen(struct lens *lens, struct address *address, int backlog, enum call_name *failed,
              struct error *err)
{
    char text[ADDRESS_TEXT], name[16];
    int fd = bind_and_listen(lens, address, backlog, failed);

    if (fd >= 0)
        return fd;
    return error_set(err, fd, "cannot listen on %s: %s failed with %s (%s)%s",
                     address_text(address, text), event_call_names[*failed],
                     error_name(fd, name), error_message(fd), likely_cause(fd));
}

/* A port that was given may still be in TIME_WAIT from the last time. One that was
 * not is better taken by connect, which knows the peer and can share the port. */
static int
bind_source(struct lens *lens, int fd, const struct address *from, enum call_name *failed)
{
    int rc = set_option(lens, fd, SOL_SOCKET, SO_REUSEADDR, 1);

    if (rc == 0)
        rc = set_option(lens, fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (rc != 0)
        return fail_at(lens, fd, rc, CALL_SETSOCKOPT, failed);
    rc = call_bind(lens, fd, from);
    return rc == 0 ? fd : fail_at(lens, fd, rc, CALL_BIND, failed);
}

int
socket_dial(struct lens *lens, const struct address *to, const struct address *from,
            enum call_name *failed)
{
    int fd = open_stream(lens, to->u.any.sa_family, SOCK_NONBLOCK, failed);

    if (fd < 0 || from == NULL || from->length == 0)
        return fd;
    return bind_source(lens, fd, from, failed);
}

int
socket_connect_result(struct lens *lens, int fd)
{
    socklen_t size = sizeof(int);
    int code = 0;
    int rc = call_getsockopt(lens, fd, SOL_SOCKET, SO_ERROR, &code, &size);

    return rc != 0 ? rc : -code;
}

int
socket_reset(struct lens *lens, int fd)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    int code = call_setsockopt(lens, fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    int rc = socket_close(lens, fd);

    return rc != 0 ? rc : code;
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
