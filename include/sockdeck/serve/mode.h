/* mode.h - the concurrency modes: one const entry each, one file each. Any
 * thread. */
#ifndef SOCKDECK_SERVE_MODE_H
#define SOCKDECK_SERVE_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/event/event.h"

struct host;

/* What a mode is, as data, so that the core never asks which one it has. */
struct mode {
    const char *name;           /* "prefork" */
    const char *summary;        /* one line for help, the menu and the man page */
    bool has_processes;         /* its hosts are processes of the spawner; else threads of ours */
    bool has_workers;           /* standing workers, N of them, shown as WN */
    bool one_at_a_time;         /* a host serves one connection, then accepts the next */
    bool nonblocking_accept;    /* wants O_NONBLOCK on the listening socket */
    enum call_name each_starts; /* what each connection has started for itself:
                                 * CALL_PTHREAD_CREATE, CALL_FORK, or CALL_NONE */
    uint32_t default_workers;   /* 1 where has_workers is false */
    /* The body of a host: accepts and serves until it is retired and its last
     * connection has ended. Runs on the host's own thread. */
    void (*run)(struct host *host);
};

enum { WORKERS_MAX = 64 };

extern const struct mode *const modes[];        /* in the contract's order; NULL at the end */
extern const uint32_t mode_count;

/* The mode of that exact name, or NULL. mode_index is its place in modes. */
const struct mode *mode_find(const char *name);
uint32_t mode_index(const struct mode *mode);

#endif
