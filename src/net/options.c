/* options.c - the options of a socket that we hold. */
#include "config.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "sockdeck/net/insight.h"

const struct option_info insight_option_infos[SOCKET_OPTIONS] = {
    [OPTION_SNDBUF] = { "SO_SNDBUF", OPTION_IS_NUMBER,
        "the most the kernel keeps of what is sent, overhead included; grows by itself" },
    [OPTION_RCVBUF] = { "SO_RCVBUF", OPTION_IS_NUMBER,
        "the most it keeps of what is received, overhead included; grows by itself" },
    [OPTION_NODELAY] = { "TCP_NODELAY", OPTION_IS_SWITCH,
        "small pieces are sent at once (Nagle's algorithm off)" },
    [OPTION_CORK] = { "TCP_CORK", OPTION_IS_SWITCH, "only full segments are sent" },
    [OPTION_QUICKACK] = { "TCP_QUICKACK", OPTION_IS_SWITCH,
        "ACKs go out at once, for now; off: they may wait for data" },
    [OPTION_KEEPALIVE] = { "SO_KEEPALIVE", OPTION_IS_SWITCH,
        "probes a silent peer, to notice that it is gone" },
    [OPTION_KEEPIDLE] = { "TCP_KEEPIDLE", OPTION_IS_SECONDS, "silence before the first probe" },
    [OPTION_KEEPINTVL] = { "TCP_KEEPINTVL", OPTION_IS_SECONDS, "between two probes" },
    [OPTION_KEEPCNT] = { "TCP_KEEPCNT", OPTION_IS_NUMBER, "probes without an answer to give up" },
    [OPTION_USER_TIMEOUT] = { "TCP_USER_TIMEOUT", OPTION_IS_MS,
        "unacknowledged for that long: given up; 0: the kernel's own limit" },
    [OPTION_LINGER] = { "SO_LINGER", OPTION_IS_SECONDS,
        "how long close waits for unsent bytes; 0: it resets; off: in the background" },
    [OPTION_REUSEADDR] = { "SO_REUSEADDR", OPTION_IS_SWITCH,
        "the port may be bound while old connections of it are in TIME_WAIT" },
    [OPTION_REUSEPORT] = { "SO_REUSEPORT", OPTION_IS_SWITCH,
        "several sockets may listen on one port" },
    [OPTION_OOBINLINE] = { "SO_OOBINLINE", OPTION_IS_SWITCH, "an urgent byte stays in the stream" },
    [OPTION_NONBLOCK] = { "O_NONBLOCK", OPTION_IS_SWITCH,
        "calls return at once with EAGAIN; we wait with poll, to have timeouts" },
};

static const struct { int level, name; } asked[SOCKET_OPTIONS] = {
    [OPTION_SNDBUF] = { SOL_SOCKET, SO_SNDBUF },
    [OPTION_RCVBUF] = { SOL_SOCKET, SO_RCVBUF },
    [OPTION_NODELAY] = { IPPROTO_TCP, TCP_NODELAY },
    [OPTION_CORK] = { IPPROTO_TCP, TCP_CORK },
    [OPTION_QUICKACK] = { IPPROTO_TCP, TCP_QUICKACK },
    [OPTION_KEEPALIVE] = { SOL_SOCKET, SO_KEEPALIVE },
    [OPTION_KEEPIDLE] = { IPPROTO_TCP, TCP_KEEPIDLE },
    [OPTION_KEEPINTVL] = { IPPROTO_TCP, TCP_KEEPINTVL },
    [OPTION_KEEPCNT] = { IPPROTO_TCP, TCP_KEEPCNT },
    [OPTION_USER_TIMEOUT] = { IPPROTO_TCP, TCP_USER_TIMEOUT },
    [OPTION_REUSEADDR] = { SOL_SOCKET, SO_REUSEADDR },
    [OPTION_REUSEPORT] = { SOL_SOCKET, SO_REUSEPORT },
    [OPTION_OOBINLINE] = { SOL_SOCKET, SO_OOBINLINE },
};

static int32_t
ask(int fd, int level, int name)
{
    socklen_t size = sizeof(int);
    int value = 0;

    return getsockopt(fd, level, name, &value, &size) == 0 ? value : OPTION_NOT_TOLD;
}

static int32_t
ask_linger(int fd)
{
    struct linger linger = { 0, 0 };
    socklen_t size = sizeof(linger);

    if (getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &size) != 0 || !linger.l_onoff)
        return OPTION_NOT_TOLD;
    return linger.l_linger;
}

static int32_t
ask_nonblock(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    return flags >= 0 ? (flags & O_NONBLOCK) != 0 : OPTION_NOT_TOLD;
}

void
insight_options(int fd, int32_t values[static SOCKET_OPTIONS])
{
    for (int i = 0; i < SOCKET_OPTIONS; i++)
        values[i] = i == OPTION_LINGER ? ask_linger(fd) :
                    i == OPTION_NONBLOCK ? ask_nonblock(fd) :
                    ask(fd, asked[i].level, asked[i].name);
}
