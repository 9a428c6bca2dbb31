/* loop.h - one thread for many connections: non-blocking sockets, epoll, a heap of
 * deadlines. The body of mode epoll, and of the console's client loop, which
 * dials (REQUEST_DIAL with resolved addresses) instead of accepting. On the host's own
 * thread. */
#ifndef SOCKDECK_SERVE_LOOP_H
#define SOCKDECK_SERVE_LOOP_H

struct host;

/* Runs until the host is retired (or quits) and its last connection has ended. A
 * host without a listening socket is the client loop and leaves only to quit. */
void loop_run(struct host *host);

#endif
