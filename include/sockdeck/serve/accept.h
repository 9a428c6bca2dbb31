/* accept.h - taking the next client from the accept queue, with what can go wrong.
 * By the host's accepting thread. Times are monotonic, in nanoseconds. */
#ifndef SOCKDECK_SERVE_ACCEPT_H
#define SOCKDECK_SERVE_ACCEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/event/event.h"

struct accepted;
struct host;
struct settings;

/* For hosts that block in accept(2): one call (after accept-delay). settings: the host's,
 * or a copy where another thread changes them meanwhile. 0 with the descriptor,
 * addresses and stamp of a client, all else of *client zero (its id is the caller's to give),
 * or a negative errno: -EINTR when the caller should look at its channel and at
 * host_is_retired. Anything else has been reported; when the system lacks something,
 * *pause_until_ns says when to try again (else 0), earlier if a connection ends. */
int accept_blocking(struct host *host, const struct settings *settings, struct accepted *client,
                    int64_t *pause_until_ns);

/* For hosts that poll the (non-blocking) listening socket: the same, but -EAGAIN
 * when there is no client. */
int accept_ready(struct host *host, const struct settings *settings, struct accepted *client,
                 int64_t *pause_until_ns);

/* accept-timeout 0: the call is made at the start of each wait, client or not. */
bool accept_must_try(const struct host *host);

/* What the next client would need cannot be had, since `call` failed with code (negative).
 * That is reported, once a second at most. Returns when to try again. */
int64_t accept_lacks(struct host *host, enum call_name call, int code);

/* A client that was accepted but cannot be served, since `call` failed with code (negative):
 * the same, and it gets a clean close. */
int64_t accept_give_up(struct host *host, const struct accepted *client, enum call_name call,
                       int code);

/* Sleeps until then; the stop signal cuts it short. 0: not at all. */
void accept_pause(int64_t until_ns);

#endif
