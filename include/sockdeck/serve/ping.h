/* ping.h - the bookkeeping of one run of pings on a connection.
 *
 * size 4: sends exactly "ping"; the next "ping" or "pong" in the stream is the
 * reply. A larger size: "ping SEQ " padded with '.' to size (cut to size where it has no
 * room for SEQ), and wants those bytes back. Replies are matched as a stream, whatever
 * the boundaries of recv, to the unanswered pings in order, or to the one that a larger
 * reply names; a late one pays its own, already lost, ping and no other.
 * Pure: no system calls, the time is given. Owned by a conversation. */
#ifndef SOCKDECK_SERVE_PING_H
#define SOCKDECK_SERVE_PING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/serve/request.h"

struct ping_run;

enum { PING_COUNT_MAX = 100000, PING_SIZE_MIN = 4, PING_SIZE_MAX = 64 * 1024 };

/* One outcome to be reported: a reply (rtt_ns >= 0) or a loss (rtt_ns -1). */
struct ping_outcome { uint32_t seq; int64_t rtt_ns; };

/* The least size, beyond PING_SIZE_MIN, that has room for each number up to count. */
uint32_t ping_numbered_size(uint32_t count);

/* Within the bounds above, of a size that has room for its numbers, and with an interval. */
bool ping_order_is_valid(const struct request_ping *order);

/* NULL when there is no memory. The order is a valid one; the first ping is due at
 * now_ns. */
struct ping_run *ping_run_new(uint32_t request, const struct request_ping *order, int64_t now_ns);
void ping_run_free(struct ping_run *run);

/* When something is due: the next ping (when one can be sent), or the loss of one;
 * CLOCK_NEVER: nothing. */
int64_t ping_run_deadline(const struct ping_run *run, bool can_send);

/* Writes the ping that is due into out (ping size bytes, without line ending) and
 * counts it as sent at now_ns; false when none is due. */
bool ping_run_next(struct ping_run *run, int64_t now_ns, char *out, uint32_t *size);

/* Received bytes, or the passing of time: fills at most max outcomes, returns how
 * many; call again while it returns max. *used: bytes consumed (call again with the rest). */
size_t ping_run_receive(struct ping_run *run, const char *data, size_t n, int64_t now_ns,
                        struct ping_outcome *list, size_t max, size_t *used);
size_t ping_run_expire(struct ping_run *run, int64_t now_ns, struct ping_outcome *list, size_t max);

/* All sent, and each answered or lost. */
bool ping_run_is_over(const struct ping_run *run);
/* No more are sent; those unanswered are waited for. */
void ping_run_stop(struct ping_run *run);
/* No more are sent; those unanswered are lost at once (cancel, or the connection
 * ended): ping_run_expire hands them out. */
void ping_run_cancel(struct ping_run *run);

void ping_run_summary(const struct ping_run *run, struct ping_summary *summary);
uint32_t ping_run_request(const struct ping_run *run);
const struct request_ping *ping_run_order(const struct ping_run *run);

#endif
