/* call.c - see call.h. */
#include "config.h"

#include "sockdeck/net/call.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/text.h"
#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"

/* --- constants by name --------------------------------------------------------------- */

struct word {
    uint32_t value;
    const char *name;
};

static const struct word families[] = {
    { AF_INET, "AF_INET" }, { AF_INET6, "AF_INET6" }, { AF_UNIX, "AF_UNIX" }, { 0, NULL },
};

static const struct word types[] = {
    { SOCK_STREAM, "SOCK_STREAM" }, { SOCK_DGRAM, "SOCK_DGRAM" }, { 0, NULL },
};

static const struct word socket_flags[] = {
    { SOCK_CLOEXEC, "SOCK_CLOEXEC" }, { SOCK_NONBLOCK, "SOCK_NONBLOCK" }, { 0, NULL },
};

static const struct word message_flags[] = {
    { MSG_NOSIGNAL, "MSG_NOSIGNAL" }, { 0, NULL },
};

static const struct word hows[] = {
    { SHUT_RD, "SHUT_RD" }, { SHUT_WR, "SHUT_WR" }, { SHUT_RDWR, "SHUT_RDWR" }, { 0, NULL },
};

static const struct word socket_options[] = {
    { SO_REUSEADDR, "SO_REUSEADDR" }, { SO_ERROR, "SO_ERROR" }, { SO_LINGER, "SO_LINGER" },
    { SO_OOBINLINE, "SO_OOBINLINE" }, { SO_SNDBUF, "SO_SNDBUF" }, { SO_RCVBUF, "SO_RCVBUF" },
    { SO_KEEPALIVE, "SO_KEEPALIVE" }, { 0, NULL },
};

static const struct word ip_options[] = {
    { IP_BIND_ADDRESS_NO_PORT, "IP_BIND_ADDRESS_NO_PORT" }, { 0, NULL },
};

static const struct word tcp_options[] = {
    { TCP_NODELAY, "TCP_NODELAY" }, { TCP_INFO, "TCP_INFO" }, { 0, NULL },
};

static const struct level {
    uint32_t value;
    const char *name;
    const struct word *options;
} levels[] = {
    { SOL_SOCKET, "SOL_SOCKET", socket_options },
    { IPPROTO_IP, "SOL_IP", ip_options },
    { IPPROTO_TCP, "SOL_TCP", tcp_options },
};

/* --- pieces --------------------------------------------------------------------------- */

static int
add_word(struct buffer *out, const struct word *words, uint32_t value)
{
    for (; words->name != NULL; words++)
        if (words->value == value)
            return buffer_add_text(out, words->name);
    return buffer_printf(out, "%#x", value);
}

/* "A|B" behind a first word (is_first false), or "0" when there is none. */
static int
add_flags(struct buffer *out, const struct word *words, uint32_t flags, bool is_first)
{
    int rc = flags == 0 && is_first ? buffer_add_text(out, "0") : 0;

    for (; rc == 0 && words->name != NULL; words++) {
        if ((flags & words->value) == 0)
            continue;
        rc = buffer_printf(out, "%s%s", is_first ? "" : "|", words->name);
        flags &= ~words->value;
        is_first = false;
    }
    if (rc == 0 && flags != 0)
        rc = buffer_printf(out, "%s%#x", is_first ? "" : "|", flags);
    return rc;
}

static int
add_socket_type(struct buffer *out, uint32_t type)
{
    const uint32_t flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    int rc = add_word(out, types, type & ~flags);

    return rc != 0 ? rc : add_flags(out, socket_flags, type & flags, false);
}

static int
add_in(struct buffer *out, const struct sockaddr_in *in)
{
    char text[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
    return buffer_printf(out, "{sa_family=AF_INET, sin_port=htons(%u), "
                         "sin_addr=inet_addr(\"%s\")}", ntohs(in->sin_port), text);
}

static int
add_in6(struct buffer *out, const struct sockaddr_in6 *in6)
{
    char text[INET6_ADDRSTRLEN];

    inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof(text));
    return buffer_printf(out, "{sa_family=AF_INET6, sin6_port=htons(%u), "
                         "sin6_flowinfo=htonl(%u), inet_pton(AF_INET6, \"%s\", &sin6_addr), "
                         "sin6_scope_id=%u}", ntohs(in6->sin6_port), ntohl(in6->sin6_flowinfo),
                         text, in6->sin6_scope_id);
}

/* The data as an address; "..." when it is none. */
static int
add_address(struct buffer *out, const struct event *event)
{
    struct address address = { .length = 0 };

    if (event->data_size > sizeof(address.u))
        return buffer_add_text(out, "...");
    memcpy(&address.u, event->data, event->data_size);
    if (event->data_size >= sizeof(struct sockaddr_in) && address.u.any.sa_family == AF_INET)
        return add_in(out, &address.u.in);
    if (event->data_size >= sizeof(struct sockaddr_in6) && address.u.any.sa_family == AF_INET6)
        return add_in6(out, &address.u.in6);
    return buffer_add_text(out, "...");
}

/* Where the buffer is that a failed call did not fill. */
static int
add_pointer(struct buffer *out, const struct event *event)
{
    void *pointer;

    if (event->data_size != sizeof(pointer))
        return buffer_add_text(out, "...");
    memcpy(&pointer, event->data, sizeof(pointer));
    return buffer_printf(out, "%p", pointer);
}

/* n bytes of total: "ping", or "pin"... */
static int
add_bytes(struct buffer *out, const struct event *event, int64_t total)
{
    bool is_left_out = event->data_size == 0 && total > 0;
    int rc;

    if (is_left_out)
        return buffer_add_text(out, "...");
    rc = buffer_add_text(out, "\"");
    if (rc == 0)
        rc = text_render(out, event->data, event->data_size, TEXT_QUOTED);
    if (rc == 0)
        rc = buffer_add_text(out, event->data_size < total ? "\"..." : "\"");
    return rc;
}

static int
add_option_name(struct buffer *out, const struct event_call *call)
{
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        int rc;

        if (levels[i].value != call->plain[0])
            continue;
        rc = buffer_printf(out, "%s, ", levels[i].name);
        return rc != 0 ? rc : add_word(out, levels[i].options, call->plain[1]);
    }
    return buffer_printf(out, "%#x, %#x", call->plain[0], call->plain[1]);
}

static bool
is_option(const struct event_call *call, uint32_t level, uint32_t option)
{
    return call->plain[0] == level && call->plain[1] == option;
}

static int
add_option_value(struct buffer *out, const struct event *event)
{
    const struct event_call *call = &event->u.call;
    struct linger linger;
    int number;

    if (is_option(call, SOL_SOCKET, SO_LINGER) && event->data_size == sizeof(linger)) {
        memcpy(&linger, event->data, sizeof(linger));
        return buffer_printf(out, "{l_onoff=%d, l_linger=%d}", linger.l_onoff, linger.l_linger);
    }
    if (event->data_size != sizeof(number))
        return buffer_add_text(out, "...");
    memcpy(&number, event->data, sizeof(number));
    if (is_option(call, SOL_SOCKET, SO_ERROR) && number != 0 && strerrorname_np(number) != NULL)
        return buffer_printf(out, "[%s]", strerrorname_np(number));
    return buffer_printf(out, "[%d]", number);
}

/* --- the calls -------------------------------------------------------------------------- */

static int
write_socket(struct buffer *out, const struct event *event)
{
    const struct event_call *call = &event->u.call;
    int rc = add_word(out, families, call->plain[0]);

    if (rc == 0)
        rc = buffer_add_text(out, ", ");
    if (rc == 0)
        rc = add_socket_type(out, call->plain[1]);
    return rc != 0 ? rc : buffer_add_text(out, ", IPPROTO_IP");
}

static int
write_to(struct buffer *out, const struct event *event)
{
    int rc = buffer_printf(out, "%d, ", event->u.call.fd);

    if (rc == 0)
        rc = add_address(out, event);
    return rc != 0 ? rc : event->data_size == 0
        ? buffer_add_text(out, ", ...") : buffer_printf(out, ", %u", event->data_size);
}

static int
write_listen(struct buffer *out, const struct event *event)
{
    return buffer_printf(out, "%d, %u", event->u.call.fd, event->u.call.plain[0]);
}

/* Accept and those that ask for a name: an address and its size come back. */
static int
write_name(struct buffer *out, const struct event *event)
{
    const struct event_call *call = &event->u.call;
    int rc = buffer_printf(out, "%d, ", call->fd);

    if (rc == 0)
        rc = call->result < 0 ? add_pointer(out, event) : add_address(out, event);
    if (rc != 0 || call->result < 0 || event->data_size == 0)
        return rc != 0 ? rc : buffer_printf(out, ", [%u]", call->plain[0]);
    return buffer_printf(out, ", [%u => %u]", call->plain[0], event->data_size);
}

static int
write_accept(struct buffer *out, const struct event *event)
{
    int rc;

    if (event->flags & EVENT_BEGUN)
        return buffer_printf(out, "%d, ...", event->u.call.fd);
    rc = write_name(out, event);
    if (rc == 0)
        rc = buffer_add_text(out, ", ");
    return rc != 0 ? rc : add_flags(out, socket_flags, event->u.call.plain[1], true);
}

static int
write_recvfrom(struct buffer *out, const struct event *event)
{
    const struct event_call *call = &event->u.call;
    int rc = buffer_printf(out, "%d, ", call->fd);

    if (rc == 0)
        rc = call->result < 0 ? add_pointer(out, event) : add_bytes(out, event, call->result);
    if (rc == 0)
        rc = buffer_printf(out, ", %u, ", call->plain[0]);
    if (rc == 0)
        rc = add_flags(out, message_flags, call->plain[1], true);
    return rc != 0 ? rc : buffer_add_text(out, ", NULL, NULL");
}

static int
write_sendto(struct buffer *out, const struct event *event)
{
    const struct event_call *call = &event->u.call;
    int rc = buffer_printf(out, "%d, ", call->fd);

    if (rc == 0)
        rc = add_bytes(out, event, call->plain[0]);
    if (rc == 0)
        rc = buffer_printf(out, ", %u, ", call->plain[0]);
    if (rc == 0)
        rc = add_flags(out, message_flags, call->plain[1], true);
    return rc != 0 ? rc : buffer_add_text(out, ", NULL, 0");
}

static int
write_option(struct buffer *out, const struct event *event)
{
    const struct event_call *call = &event->u.call;
    bool comes_back = call->call == CALL_GETSOCKOPT;
    int rc = buffer_printf(out, "%d, ", call->fd);

    if (rc == 0)
        rc = add_option_name(out, call);
    if (rc == 0)
        rc = buffer_add_text(out, ", ");
    if (rc == 0)
        rc = comes_back && call->result < 0 ? add_pointer(out, event)
                                            : add_option_value(out, event);
    if (rc != 0 || event->data_size == 0)
        return rc;
    return buffer_printf(out, comes_back ? ", [%u]" : ", %u", event->data_size);
}

static int
write_shutdown(struct buffer *out, const struct event *event)
{
    int rc = buffer_printf(out, "%d, ", event->u.call.fd);

    return rc != 0 ? rc : add_word(out, hows, event->u.call.plain[0]);
}

static int
write_close(struct buffer *out, const struct event *event)
{
    return buffer_printf(out, "%d", event->u.call.fd);
}

static int (*const writers[CALL_COUNT])(struct buffer *, const struct event *) = {
    [CALL_SOCKET] = write_socket,
    [CALL_BIND] = write_to,
    [CALL_LISTEN] = write_listen,
    [CALL_ACCEPT] = write_accept,
    [CALL_CONNECT] = write_to,
    [CALL_SHUTDOWN] = write_shutdown,
    [CALL_CLOSE] = write_close,
    [CALL_SETSOCKOPT] = write_option,
    [CALL_RECVFROM] = write_recvfrom,
    [CALL_SENDTO] = write_sendto,
    [CALL_GETSOCKOPT] = write_option,
    [CALL_GETSOCKNAME] = write_name,
};

int
call_write_arguments(struct buffer *out, const struct event *event)
{
    uint32_t name = event->u.call.call;

    if (name >= CALL_COUNT || writers[name] == NULL)
        return buffer_add_text(out, "...");
    return writers[name](out, event);
}
