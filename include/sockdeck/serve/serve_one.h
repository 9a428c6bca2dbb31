/* serve_one.h - a thread or process that has one connection and blocks in poll(2)
 * for it: serial, threads, fork, prefork, prefork-threads. */
#ifndef SOCKDECK_SERVE_SERVE_ONE_H
#define SOCKDECK_SERVE_SERVE_ONE_H

#include <stdint.h>

struct accepted;
struct context;
struct conversation;
struct host;

/* Where requests for the connection come from. fd becomes readable when there are
 * some; serve then carries all of them out on c. */
struct inbox {
    int fd;
    void (*serve)(struct inbox *inbox, struct conversation *c, int64_t now_ns);
};

/* Serves c until it has ended. */
void serve_one(struct conversation *c, struct context *ctx, struct inbox *inbox);

/* An accepted connection, from accept to end, on the host's own thread. */
void serve_accepted(struct host *host, const struct accepted *client);

#endif
