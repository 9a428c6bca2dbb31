/* load.h - a bounded load on one address, by a client of its own: a thread with an
 * epoll loop, whose connections are no rows of the console and in none of its counts.
 *
 * A connection sends a message of size bytes and waits until as many have come back
 * (handler=echo): one reply, whose time is one value of the histogram.
 *
 * CLOSED LOOP (rate 0). The next message follows the reply, after think; its time counts
 * from its send.
 * OPEN LOOP (rate > 0). Message k is due k / rate after the start and goes out on the
 * first connection that is free. Its time counts from when it was due, so that a server
 * which stalls is charged with all that had to wait meanwhile, not with one.
 *
 * All functions by one thread, which none of them blocks for long. */
#ifndef SOCKDECK_SERVE_LOAD_H
#define SOCKDECK_SERVE_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/histogram.h"
#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"

struct error;
struct load;

enum { LOAD_CONNS_MAX = 10000, LOAD_SIZE_MAX = 1 << 20, LOAD_ERRORS = 8 };

struct load_plan {
    struct address to;
    uint32_t conns;
    size_t size;                /* 0: the connections are made and say nothing */
    int64_t for_ns;             /* nothing is sent after that */
    uint64_t count;             /* nor more messages than these; 0: no such limit */
    double rate;                /* messages a second of all together; 0: closed loop */
    int64_t think_ns;           /* from a reply to the connection's next message */
    bool reconnects;            /* a connection for each message; connecting is in its time */
};

struct load_error {
    enum call_name call;
    int code;                   /* errno > 0; 0: the peer ended the connection */
    uint64_t count;
};

struct load_report {
    uint64_t sent, replies;     /* messages begun, and answered in full */
    uint64_t failures;          /* sum of errors */
    uint64_t unanswered;        /* begun, and neither answered nor failed at the end */
    uint64_t unsent;            /* open loop: due, but no connection was free in time */
    uint64_t connects;
    uint64_t bytes_in, bytes_out;
    uint32_t served;            /* connections that had a reply */
    int64_t served_ns;          /* the last of their first replies, from the start on */
    int64_t cpu_ns;             /* of the client's own thread, once it is over */
    uint64_t switches;          /* its context switches, likewise */
    int64_t took_ns;            /* to the last reply, and not less than was planned */
    bool is_over;
    struct load_error errors[LOAD_ERRORS];      /* count 0: none; later kinds share the last */
    struct histogram times;     /* ns */
};

/* 0 or a negative errno with a sentence. */
int load_start(struct load **load, const struct load_plan *plan, struct error *err);
/* What there is so far; is_over once nothing more comes. */
void load_look(struct load *load, struct load_report *report);
/* No more messages; those under way are waited for, 1 s at most. */
void load_stop(struct load *load);
/* Ends it at once. NULL is fine. */
void load_free(struct load *load);

double load_report_rate(const struct load_report *report);      /* replies a second */

#endif
