/* accept.h - taking the next client from the accept queue, with what can go wrong. */
#ifndef SOCKDECK_SERVE_ACCEPT_H
#define SOCKDECK_SERVE_ACCEPT_H

#include <stdint.h>

struct address;
struct host;

/* For hosts that block in accept(2): one call (after accept-delay). The descriptor of
 * a client with peer and stamp, or a negative errno: -EINTR when the caller should
 * look at its channel and at host_is_retired, anything else was reported and slept off. */
int accept_blocking(struct host *host, struct address *peer, int64_t *stamp_ns);

/* For hosts that poll the (non-blocking) listening socket: the same, but -EAGAIN
 * when there is no client. After another failure *pause_until_ns says when to try again. */
int accept_ready(struct host *host, struct address *peer, int64_t *stamp_ns,
                 int64_t *pause_until_ns);

#endif
