/* insight.c - what the kernel says of our own descriptors. */
#include "config.h"

#include "sockdeck/net/insight.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tcp_info.h"

enum { STATE_LISTEN = 10 };

static int
ask(int fd, union tcp_info_space *space)
{
    socklen_t size = sizeof(*space);

    *space = (union tcp_info_space){ .words = { 0 } };
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, space, &size) == 0 ? 0 : -errno;
}

int
insight_accept_queue(int listener, struct accept_queue *queue)
{
    union tcp_info_space space;
    int code = ask(listener, &space);

    if (code != 0)
        return code;
    if (space.info.tcpi_state != STATE_LISTEN)
        return -EINVAL;
    queue->waiting = space.info.tcpi_unacked;
    queue->limit = space.info.tcpi_sacked;
    return 0;
}

static int
ask_bytes(int fd, unsigned long request)
{
    int bytes = 0;

    return ioctl(fd, request, &bytes) == 0 ? bytes : -errno;
}

int
insight_unacked(int fd)
{
    return ask_bytes(fd, SIOCOUTQ);
}

int
insight_unread(int fd)
{
    return ask_bytes(fd, SIOCINQ);
}
