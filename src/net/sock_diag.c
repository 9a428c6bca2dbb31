/* sock_diag.c - what the kernel says of any TCP socket on this machine.
 *
 * One question and one answer on a netlink socket of its own: an exact look-up by
 * the pair of addresses, which any user may make. */
#include "config.h"

#include "sockdeck/net/insight.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/net/address.h"
#include "tcp_info.h"

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
};

/* Aligned as netlink messages are. */
union answer {
    struct nlmsghdr header;
    char bytes[8192];
};

/* Port and address as sock_diag wants them: four words, an IPv4 one in the first. */
static void
put_address(const struct address *address, __be16 *port, __be32 words[static 4])
{
    if (address->length == 0)
        return;
    if (address->u.any.sa_family == AF_INET) {
        *port = address->u.in.sin_port;
        words[0] = address->u.in.sin_addr.s_addr;
    } else {
        *port = address->u.in6.sin6_port;
        memcpy(words, &address->u.in6.sin6_addr, sizeof(struct in6_addr));
    }
}

static struct question
make_question(const struct address *local, const struct address *peer)
{
    struct question question = {
        .header = {
            .nlmsg_len = sizeof(question),
            .nlmsg_type = SOCK_DIAG_BY_FAMILY,
            .nlmsg_flags = NLM_F_REQUEST,
        },
        .body = {
            .sdiag_family = (__u8)local->u.any.sa_family,
            .sdiag_protocol = IPPROTO_TCP,
            .idiag_ext = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_CONG - 1) |
                         1 << (INET_DIAG_SKMEMINFO - 1),
            .idiag_states = UINT32_MAX,
        },
    };
    struct inet_diag_sockid *id = &question.body.id;

    put_address(local, &id->idiag_sport, id->idiag_src);
    put_address(peer, &id->idiag_dport, id->idiag_dst);
    if (local->u.any.sa_family == AF_INET6)
        id->idiag_if = local->u.in6.sin6_scope_id;
    id->idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return question;
}

/* The kernel has queued its answer when send returns, so nothing here waits. */
static ssize_t
exchange(const struct question *question, union answer *answer)
{
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    ssize_t n = -1;
    int code = 0;
    int fd;

    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0)
        return -errno;
    if (sendto(fd, question, sizeof(*question), 0, (struct sockaddr *)&kernel,
               sizeof(kernel)) < 0 ||
        (n = recv(fd, answer->bytes, sizeof(answer->bytes), MSG_DONTWAIT)) < 0)
        code = -errno;
    close(fd);
    return code != 0 ? code : n;
}

static void
read_memory(const uint32_t *words, size_t count, struct tcp_numbers *numbers)
{
    if (count > SK_MEMINFO_SNDBUF) {
        numbers->rcvbuf = words[SK_MEMINFO_RCVBUF];
        numbers->sndbuf = words[SK_MEMINFO_SNDBUF];
    }
    if (count > SK_MEMINFO_DROPS)
        numbers->drops = words[SK_MEMINFO_DROPS];
}

static void
read_attribute(unsigned type, const void *data, size_t size, struct tcp_numbers *numbers)
{
    union tcp_info_space space = { .words = { 0 } };

    switch (type) {
    case INET_DIAG_INFO:
        memcpy(&space, data, size < sizeof(space) ? size : sizeof(space));
        tcp_info_to_numbers(&space, numbers);
        break;
    case INET_DIAG_CONG:
        snprintf(numbers->congestion, sizeof(numbers->congestion), "%.*s",
                 (int)strnlen(data, size), (const char *)data);
        break;
    case INET_DIAG_SKMEMINFO:
        read_memory(data, size / sizeof(uint32_t), numbers);
        break;
    default:
        break;
    }
}

static void
read_attributes(const struct nlmsghdr *header, const struct inet_diag_msg *found,
                struct tcp_numbers *numbers)
{
    const struct rtattr *attribute = (const struct rtattr *)(found + 1);
    size_t left = header->nlmsg_len - NLMSG_LENGTH(sizeof(*found));

    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
        read_attribute(attribute->rta_type, RTA_DATA(attribute), RTA_PAYLOAD(attribute), numbers);
}

/* How the kernel numbers its timers in idiag_timer. */
static enum tcp_timer
timer_of(const struct inet_diag_msg *found)
{
    static const uint8_t timers[] = {
        TCP_TIMER_NONE, TCP_TIMER_RETRANSMIT, TCP_TIMER_KEEPALIVE, TCP_TIMER_TIME_WAIT,
        TCP_TIMER_WINDOW_PROBE,
    };

    return found->idiag_timer < sizeof(timers) ? timers[found->idiag_timer] : TCP_TIMER_NONE;
}

static void
read_message(const struct nlmsghdr *header, const struct inet_diag_msg *found,
             struct tcp_numbers *numbers)
{
    *numbers = (struct tcp_numbers) {
        .state = found->idiag_state,
        .send_queue = found->idiag_wqueue,
        .receive_queue = found->idiag_rqueue,
        .timer = (uint8_t)timer_of(found),
        .timer_tries = found->idiag_retrans,
        .timer_left_ms = found->idiag_expires,
        .inode = found->idiag_inode,
        .uid = found->idiag_uid,
    };
    read_attributes(header, found, numbers);
}

/* A look-up that meets no connection falls back to the listener of the local port. */
static bool
is_asked_for(const struct question *question, const struct inet_diag_msg *found)
{
    return found->id.idiag_sport == question->body.id.idiag_sport &&
           found->id.idiag_dport == question->body.id.idiag_dport;
}

static int
read_answer(const struct question *question, const union answer *answer, size_t n,
            struct tcp_numbers *numbers)
{
    const struct nlmsghdr *header = &answer->header;
    const struct inet_diag_msg *found;

    if (!NLMSG_OK(header, n))
        return -EPROTO;
    if (header->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *failure = NLMSG_DATA(header);

        if (header->nlmsg_len < NLMSG_LENGTH(sizeof(*failure)))
            return -EPROTO;
        return failure->error < 0 ? failure->error : -EPROTO;
    }
    if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
        header->nlmsg_len < NLMSG_LENGTH(sizeof(*found)))
        return -EPROTO;

    found = NLMSG_DATA(header);
    if (!is_asked_for(question, found))
        return -ENOENT;
    read_message(header, found, numbers);
    return 0;
}

int
insight_of_pair(const struct address *local, const struct address *peer,
                struct tcp_numbers *numbers)
{
    struct question question;
    union answer answer = { .header = { 0 } };
    ssize_t n;

    if (local->length == 0 ||
        (local->u.any.sa_family != AF_INET && local->u.any.sa_family != AF_INET6) ||
        (peer->length != 0 && peer->u.any.sa_family != local->u.any.sa_family))
        return -EINVAL;
    question = make_question(local, peer);
    n = exchange(&question, &answer);
    return n < 0 ? (int)n : read_answer(&question, &answer, (size_t)n, numbers);
}
