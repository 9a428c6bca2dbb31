/* insight.c - what the kernel says of our own descriptors. */
#include "config.h"

#include "sockdeck/net/insight.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "tcp_info.h"

enum { STATE_LISTEN = 10 };

/* By number, as TCP_ESTABLISHED and the others are numbered in <netinet/tcp.h>
 * (which cannot be included together with the kernel's own <linux/tcp.h>). */
static const char *const state_names[] = {
    [1] = "ESTABLISHED", [2] = "SYN_SENT",   [3] = "SYN_RECV",  [4] = "FIN_WAIT1",
    [5] = "FIN_WAIT2",   [6] = "TIME_WAIT",  [7] = "CLOSE",     [8] = "CLOSE_WAIT",
    [9] = "LAST_ACK",    [STATE_LISTEN] = "LISTEN",             [11] = "CLOSING",
    [12] = "SYN_RECV",          /* a half-open one, kept apart by the kernel */
};

static int
ask(int fd, union tcp_info_space *space)
{
    socklen_t size = sizeof(*space);

    *space = (union tcp_info_space){ .words = { 0 } };
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, space, &size) == 0 ? 0 : -errno;
}

void
tcp_info_to_numbers(const union tcp_info_space *space, struct tcp_numbers *numbers)
{
    /* tcpi_rcv_wnd came with Linux 6.2, directly behind tcpi_snd_wnd. */
    enum { RCV_WND = offsetof(struct tcp_info, tcpi_snd_wnd) / sizeof(uint32_t) + 1 };
    const struct tcp_info *info = &space->info;

    *numbers = (struct tcp_numbers){
        .state = info->tcpi_state,
        .rtt_us = info->tcpi_rtt,
        .rttvar_us = info->tcpi_rttvar,
        .snd_cwnd = info->tcpi_snd_cwnd,
        .mss = info->tcpi_snd_mss,
        .retransmits = info->tcpi_total_retrans,
        .unacked = info->tcpi_unacked,
        .snd_wnd = info->tcpi_snd_wnd,
        .rcv_wnd = space->words[RCV_WND],
        .bytes_acked = info->tcpi_bytes_acked,
        .bytes_received = info->tcpi_bytes_received,
    };
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

int
insight_of_fd(int fd, struct tcp_numbers *numbers)
{
    union tcp_info_space space;
    int code = ask(fd, &space);
    int bytes;

    if (code != 0)
        return code;
    tcp_info_to_numbers(&space, numbers);

    /* A listening socket has no such bytes, and its queues are 0. */
    bytes = insight_unacked(fd);
    numbers->send_queue = bytes > 0 ? (uint32_t)bytes : 0;
    bytes = insight_unread(fd);
    numbers->receive_queue = bytes > 0 ? (uint32_t)bytes : 0;
    return 0;
}

const char *
insight_state_name(uint8_t state)
{
    if (state < sizeof(state_names) / sizeof(state_names[0]) && state_names[state] != NULL)
        return state_names[state];
    return "UNKNOWN";
}
