/* channel.h - control channels: SOCK_SEQPACKET socketpairs that carry requests, and
 * orders with descriptors. One message is one record; end of file means that the
 * other side has died. Non-blocking, CLOEXEC. */
#ifndef SOCKDECK_SERVE_CHANNEL_H
#define SOCKDECK_SERVE_CHANNEL_H

#include <stddef.h>
#include <sys/types.h>

struct request;

enum { CHANNEL_FDS_MAX = 2 };

/* 0 or a negative errno. */
int channel_open(int pair[2]);

/* Sends head and, behind it, data, with descriptors (n_fds may be 0). 0, -EAGAIN when
 * the channel is full, or -EPIPE when the other side is gone. */
int channel_send(int fd, const void *head, size_t head_size, const void *data, size_t data_size,
                 const int *fds, int n_fds);

/* Receives one message into buf: its size, 0 at the end, -EAGAIN when there is
 * none. Descriptors are put into fds (CLOEXEC), unused places become -1. */
ssize_t channel_receive(int fd, void *buf, size_t size, int *fds, int n_fds);

/* The same for requests. data must have room for REQUEST_DATA_MAX bytes. 1 for a
 * request, 0 at the end, -EAGAIN when there is none, -EPROTO for a malformed one. */
int channel_send_request(int fd, const struct request *request, const void *data);
int channel_receive_request(int fd, struct request *request, char *data);

#endif
