/* socket.h - every system call on a socket, in one place. Each returns what the kernel
 * returned, or a negative errno; EINTR is returned as -EINTR, never hidden. All
 * descriptors are CLOEXEC. Any thread. lens: the caller's own, to which each call is
 * shown; NULL: to nobody. */
#ifndef SOCKDECK_NET_SOCKET_H
#define SOCKDECK_NET_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sockdeck/event/event.h"

struct address;
struct error;
struct lens;

/* socket, SO_REUSEADDR, bind, listen. The descriptor is blocking: O_NONBLOCK
 * belongs to the open file that all workers share. Port 0 takes a free port:
 * *address is what the kernel says afterwards. On failure *failed names the call. */
int socket_listen(struct lens *lens, struct address *address, int backlog,
                  enum call_name *failed, struct error *err);

/* accept4 with SOCK_CLOEXEC | SOCK_NONBLOCK; fills peer. */
int socket_accept(struct lens *lens, int listener, struct address *peer);

/* A non-blocking stream socket for the family, bound to from when given. */
int socket_dial(struct lens *lens, const struct address *to, const struct address *from,
                enum call_name *failed);
/* connect(2): 0, -EINPROGRESS, or the failure. */
int socket_connect(struct lens *lens, int fd, const struct address *to);
/* The outcome of a connect that was in progress: 0 or -errno (SO_ERROR). */
int socket_connect_result(struct lens *lens, int fd);

ssize_t socket_recv(struct lens *lens, int fd, void *buf, size_t n);    /* 0: end of file */
ssize_t socket_send(struct lens *lens, int fd, const void *buf, size_t n);      /* MSG_NOSIGNAL */
int socket_shutdown(struct lens *lens, int fd, enum shutdown_which which);
int socket_close(struct lens *lens, int fd);
int socket_reset(struct lens *lens, int fd);    /* SO_LINGER {1, 0}, then close: sends RST */

int socket_local(struct lens *lens, int fd, struct address *address);
int socket_set_nonblocking(int fd, bool on);    /* fcntl: the lens does not show it */

#endif
