/* client.h - the measuring client: plain calls, epoll, one thread, nothing of sockdeck
 * but its clock and histogram. Every function leaves no connection open unless said. */
#ifndef SOCKDECK_TESTS_BENCH_CLIENT_H
#define SOCKDECK_TESTS_BENCH_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/histogram.h"

enum { CLIENT_CONNS_MAX = 12000 };

struct client_order {
    uint16_t port;              /* on 127.0.0.1 */
    uint8_t source;             /* connect from 127.0.0.source: ports do not run out */
    int conns;
    size_t size;                /* of a message */
    int64_t warm_ns, for_ns;
};

struct client_result {
    double per_s;               /* messages, bytes or connections */
    struct histogram times;     /* from sending to the whole reply, in ns; not of a stream */
};

/* All return 0 or a negative errno; -ETIMEDOUT when an answer does not come. */

/* Each connection sends a message, waits for all of its echo, sends the next. */
int client_talk(const struct client_order *order, struct client_result *result);
/* Sends as fast as it can and reads nothing; the time ends when the server has read all
 * and closed. */
int client_stream(const struct client_order *order, struct client_result *result);
/* conns at a time: connect, one message and its echo, close. */
int client_churn(const struct client_order *order, struct client_result *result);

/* Opens connections and keeps them; returns when the last one is served. */
int client_hold(const struct client_order *order, int *fds);
void client_release(const int *fds, int n);

#endif
