/* channel.c - see channel.h. */
#include "config.h"

#include "sockdeck/serve/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sockdeck/serve/request.h"

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(CHANNEL_FDS_MAX * sizeof(int))];
};

int
channel_open(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == -1)
        return -errno;
    return 0;
}

int
channel_send(int fd, const void *head, size_t head_size, const void *data, size_t data_size,
             const int *fds, int n_fds)
{
    union control control;
    struct iovec parts[] = {
        { .iov_base = (void *)(uintptr_t)head, .iov_len = head_size },
        { .iov_base = (void *)(uintptr_t)data, .iov_len = data_size },
    };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = data_size > 0 ? 2 : 1 };

    if (n_fds > 0) {
        memset(&control, 0, sizeof(control));
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE((size_t)n_fds * sizeof(int));
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN((size_t)n_fds * sizeof(int));
        memcpy(CMSG_DATA(&control.header), fds, (size_t)n_fds * sizeof(int));
    }
    for (;;) {
        if (sendmsg(fd, &message, MSG_NOSIGNAL) != -1)
            return 0;
        if (errno == EINTR)
            continue;
        return errno == ECONNRESET ? -EPIPE : -errno;
    }
}

static void
take_descriptors(struct msghdr *message, int *fds, int n_fds)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        size_t n;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        memcpy(fds, CMSG_DATA(c), (n < (size_t)n_fds ? n : (size_t)n_fds) * sizeof(int));
    }
}

ssize_t
channel_receive(int fd, void *buf, size_t size, int *fds, int n_fds)
{
    union control control;
    struct iovec part = { .iov_base = buf, .iov_len = size };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    ssize_t got;

    for (int i = 0; i < n_fds; i++)
        fds[i] = -1;
    if (n_fds > 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof(control);
    }
    do
        got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (got == -1 && errno == EINTR);
    if (got == -1)
        return errno == ECONNRESET ? 0 : -errno;
    if (n_fds > 0)
        take_descriptors(&message, fds, n_fds);
    return got;
}

int
channel_send_request(int fd, const struct request *request, const void *data)
{
    return channel_send(fd, request, sizeof(*request), data, request->data_size, NULL, 0);
}

int
channel_receive_request(int fd, struct request *request, char *data)
{
    struct iovec parts[] = {
        { .iov_base = request, .iov_len = sizeof(*request) },
        { .iov_base = data, .iov_len = REQUEST_DATA_MAX },
    };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
    ssize_t got;

    do
        got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (got == -1 && errno == EINTR);
    if (got == 0 || (got == -1 && errno == ECONNRESET))
        return 0;
    if (got == -1)
        return -errno;
    if ((size_t)got != sizeof(*request) + request->data_size)
        return -EPROTO;
    return 1;
}
