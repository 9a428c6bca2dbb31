/* client.c - see client.h. */
#include "config.h"

#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"

enum { ROUND_EVENTS = 256, PATIENCE_MS = 5000, STREAM_BLOCK = 64 * 1024, MESSAGE_MAX = 64 * 1024 };

static const char message[MESSAGE_MAX];

struct talker {
    int fd;
    size_t got;                 /* of the reply */
    int64_t sent_ns;            /* 0: nothing sent yet */
};

struct talk {
    const struct client_order *order;
    struct client_result *result;
    int epoll;
    int64_t from_ns, until_ns;  /* what is counted */
    uint64_t done;
    struct talker talkers[];
};

/* --- connections ------------------------------------------------------------------ */

static struct sockaddr_in
loopback(uint8_t last, uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(0x7f000000u | last),
        .sin_port = htons(port),
    };
}

/* A blocking connect on a socket that does not block afterwards. */
static int
open_connection(const struct client_order *order)
{
    struct sockaddr_in from = loopback(order->source != 0 ? order->source : 1, 0);
    struct sockaddr_in to = loopback(1, order->port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    struct pollfd room = { .fd = fd, .events = POLLOUT };
    int code = 0;
    socklen_t size = sizeof(code);

    if (fd < 0)
        return -errno;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&from, sizeof(from)) != 0)
        code = errno;
    else if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        code = errno;
    if (code == EINPROGRESS && poll(&room, 1, PATIENCE_MS) != 1)
        code = ETIMEDOUT;
    else if (code == EINPROGRESS)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
    if (code != 0)
        close(fd);
    return code != 0 ? -code : fd;
}

void
client_release(const int *fds, int n)
{
    for (int i = 0; i < n; i++)
        close(fds[i]);
}

/* --- messages --------------------------------------------------------------------- */

static int
send_message(struct talk *talk, struct talker *talker)
{
    talker->got = 0;
    talker->sent_ns = clock_mono_ns();
    if (send(talker->fd, message, talk->order->size, MSG_NOSIGNAL) != (ssize_t)talk->order->size)
        return -EPIPE;
    return 0;
}

/* 1 when the reply is whole, 0 when not yet, or a negative errno. */
static int
take_reply(struct talk *talk, struct talker *talker, int64_t *now_ns)
{
    char buf[MESSAGE_MAX];
    ssize_t n = recv(talker->fd, buf, sizeof(buf), 0);

    if (n == 0)
        return -ECONNRESET;
    if (n < 0)
        return errno == EAGAIN ? 0 : -errno;
    talker->got += (size_t)n;
    if (talker->got < talk->order->size)
        return 0;
    *now_ns = clock_mono_ns();
    if (*now_ns >= talk->from_ns && *now_ns < talk->until_ns) {
        histogram_add(&talk->result->times, *now_ns - talker->sent_ns);
        talk->done++;
    }
    return 1;
}

static int
add_talker(struct talk *talk, struct talker *talker)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = talker };

    talker->fd = open_connection(talk->order);
    if (talker->fd < 0)
        return talker->fd;
    return epoll_ctl(talk->epoll, EPOLL_CTL_ADD, talker->fd, &event) == 0 ? 0 : -errno;
}

static struct talk *
new_talk(const struct client_order *order, struct client_result *result)
{
    struct talk *talk = calloc(1, sizeof(*talk) + (size_t)order->conns * sizeof(struct talker));

    if (talk == NULL)
        return NULL;
    histogram_init(&result->times);
    talk->order = order;
    talk->result = result;
    talk->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < order->conns; i++)
        talk->talkers[i].fd = -1;
    return talk;
}

static void
begin_counting(struct talk *talk)
{
    talk->from_ns = clock_mono_ns() + talk->order->warm_ns;
    talk->until_ns = talk->from_ns + talk->order->for_ns;
}

/* Runs next for each talker that is readable, until the time is up. */
static int
run_talk(struct talk *talk, int (*next)(struct talk *, struct talker *))
{
    struct epoll_event events[ROUND_EVENTS];
    int rc = 0;

    while (rc == 0 && clock_mono_ns() < talk->until_ns) {
        int n = epoll_wait(talk->epoll, events, ROUND_EVENTS, PATIENCE_MS);

        if (n == 0)
            rc = -ETIMEDOUT;
        for (int i = 0; i < n && rc == 0; i++)
            rc = next(talk, events[i].data.ptr);
    }
    talk->result->per_s = (double)talk->done * NS_PER_S / (double)talk->order->for_ns;
    return rc;
}

static void
free_talk(struct talk *talk)
{
    for (int i = 0; i < talk->order->conns; i++)
        if (talk->talkers[i].fd >= 0)
            close(talk->talkers[i].fd);
    close(talk->epoll);
    free(talk);
}

static int
answer_again(struct talk *talk, struct talker *talker)
{
    int64_t now;
    int rc = take_reply(talk, talker, &now);

    return rc == 1 ? send_message(talk, talker) : rc;
}

int
client_talk(const struct client_order *order, struct client_result *result)
{
    struct talk *talk = new_talk(order, result);
    int rc = talk != NULL ? 0 : -ENOMEM;

    if (talk == NULL)
        return rc;
    for (int i = 0; i < order->conns && rc == 0; i++)
        rc = add_talker(talk, &talk->talkers[i]);
    begin_counting(talk);
    for (int i = 0; i < order->conns && rc == 0; i++)
        rc = send_message(talk, &talk->talkers[i]);
    if (rc == 0)
        rc = run_talk(talk, answer_again);
    free_talk(talk);
    return rc;
}

/* --- one after another -------------------------------------------------------------- */

static int
connect_and_send(struct talk *talk, struct talker *talker)
{
    int64_t begun = clock_mono_ns();
    int rc = add_talker(talk, talker);

    if (rc == 0)
        rc = send_message(talk, talker);
    talker->sent_ns = begun;
    return rc;
}

static int
close_and_begin_again(struct talk *talk, struct talker *talker)
{
    int64_t now;
    int rc = take_reply(talk, talker, &now);

    if (rc != 1)
        return rc;
    close(talker->fd);
    talker->fd = -1;
    return connect_and_send(talk, talker);
}

int
client_churn(const struct client_order *order, struct client_result *result)
{
    struct talk *talk = new_talk(order, result);
    int rc = talk != NULL ? 0 : -ENOMEM;

    if (talk == NULL)
        return rc;
    begin_counting(talk);
    for (int i = 0; i < order->conns && rc == 0; i++)
        rc = connect_and_send(talk, &talk->talkers[i]);
    if (rc == 0)
        rc = run_talk(talk, close_and_begin_again);
    free_talk(talk);
    return rc;
}

/* --- one way ------------------------------------------------------------------------ */

/* Waits for an event; 0 or -ETIMEDOUT. */
static int
wait_for(int fd, short events)
{
    struct pollfd pfd = { .fd = fd, .events = events };

    return poll(&pfd, 1, PATIENCE_MS) == 1 ? 0 : -ETIMEDOUT;
}

static int
send_until(int fd, int64_t until_ns, uint64_t *bytes)
{
    while (clock_mono_ns() < until_ns) {
        ssize_t n = send(fd, message, STREAM_BLOCK, MSG_NOSIGNAL);

        if (n >= 0)
            *bytes += (uint64_t)n;
        else if (errno != EAGAIN)
            return -errno;
        else if (wait_for(fd, POLLOUT) != 0)
            return -ETIMEDOUT;
    }
    return 0;
}

static int
wait_for_end(int fd)
{
    char buf[64];

    if (shutdown(fd, SHUT_WR) != 0)
        return -errno;
    if (wait_for(fd, POLLIN) != 0)
        return -ETIMEDOUT;
    return recv(fd, buf, sizeof(buf), 0) == 0 ? 0 : -EPROTO;
}

int
client_stream(const struct client_order *order, struct client_result *result)
{
    int fd = open_connection(order);
    int64_t begun = clock_mono_ns();
    uint64_t bytes = 0;
    int rc = fd >= 0 ? 0 : fd;

    histogram_init(&result->times);
    if (rc == 0)
        rc = send_until(fd, begun + order->for_ns, &bytes);
    if (rc == 0)
        rc = wait_for_end(fd);
    result->per_s = (double)bytes * NS_PER_S / (double)(clock_mono_ns() - begun);
    if (fd >= 0)
        close(fd);
    return rc;
}

/* --- held open ---------------------------------------------------------------------- */

int
client_hold(const struct client_order *order, int *fds)
{
    char reply[1];
    int last;

    for (int i = 0; i < order->conns; i++) {
        fds[i] = open_connection(order);
        if (fds[i] < 0) {
            client_release(fds, i);
            return fds[i];
        }
    }
    last = fds[order->conns - 1];
    if (send(last, message, 1, MSG_NOSIGNAL) == 1 && wait_for(last, POLLIN) == 0 &&
        recv(last, reply, 1, 0) == 1)
        return 0;
    client_release(fds, order->conns);
    return -ETIMEDOUT;
}
