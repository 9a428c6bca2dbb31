/* host.h - a place where a mode accepts and serves: a thread of the console or a
 * process of the spawner. Its channel brings requests, its context carries
 * reports away. All by the host's own thread unless said otherwise. */
#ifndef SOCKDECK_SERVE_HOST_H
#define SOCKDECK_SERVE_HOST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/net/address.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/request.h"

struct conversation;
struct mode;

/* Makes a blocked accept(2) return with EINTR. Never blocked on a host's accepting
 * thread, blocked on all others; its handler does nothing and has no SA_RESTART. */
#define HOST_STOP_SIGNAL SIGUSR2

struct host {
    const struct mode *mode;    /* NULL: the client loop, which only dials */
    struct context ctx;
    struct arena *arena;
    int listen_fd;              /* -1: none (owned by the host) */
    struct address local;       /* of every client; length 0: it listens on a wildcard */
    int channel;                /* requests in (owned by the host) */
    uint32_t max_connections;   /* its share; it does not accept beyond it */
    struct settings settings;   /* what the next connection begins with */
    struct host_flags *flags;   /* shared with the engine */
    uint32_t requests_taken;    /* of those that were posted */
    bool has_said_retired;
    _Atomic bool is_quitting;   /* close what is open and leave */
    bool has_reported_block;    /* EAGAIN of this wait for a client was reported */
    int64_t next_complaint_ns;  /* errors of accept: one a second at most */
    struct request request;     /* the last one that host_next_request returned */
    char *data;                 /* its data; REQUEST_DATA_MAX bytes */
};

/* What a host is made of; crosses to the spawner. */
struct host_order {
    uint32_t mode;              /* index into modes; UINT32_MAX: the client loop */
    uint16_t listener, worker;
    uint32_t number;            /* the engine's; in every record it publishes */
    uint32_t ring;              /* index of the ring it publishes on */
    uint32_t max_connections;
    struct settings settings;
};

/* 0 or -ENOMEM. Takes both descriptors; writer and flags outlive the host. */
int host_init(struct host *host, const struct host_order *order, struct arena *arena,
              struct ring_writer *writer, struct host_flags *flags, int listen_fd,
              int channel);
void host_fini(struct host *host);

/* Runs the mode's body until it has left, then says so (RETIRED, EVENT_LAST). */
void host_run(struct host *host);

/* True once it must not accept any more; says RETIRED when it first notices. Only on
 * the thread that accepts, so that RETIRED means: no accept follows. */
bool host_is_retired(struct host *host);

/* The next request that is for a connection or all of them, in host->request and
 * host->data; those for the host itself (RETIRE, LIMIT, QUIT, listener SETTINGS) are taken note of
 * on the way. A listener's SETTINGS is returned too, since open connections want it. 1, or 0
 * when there is none. A channel that ended means quitting. */
int host_next_request(struct host *host);

/* Is the request meant for this connection? (all, for a listener's settings) */
bool host_request_is_for(const struct request *request, uint32_t conn);

/* To a request for all connections: the host's own reply, which says that n more follow
 * for it (see rounds.c). Before any of them. */
void host_reply_for_all(struct host *host, const struct request *request, uint32_t n);

/* Replies that there is no such connection (any more). */
void host_refuse(struct host *host, const struct request *request);

/* A call that the host itself needs has failed with code (negative): an ERROR. */
void host_report_failure(struct host *host, enum call_name call, int code);

/* Carries out what the channel holds on the one connection c (NULL: none is open). */
void host_serve_requests(struct host *host, struct conversation *c, int64_t now_ns);

/* What the channel holds while no connection is open. A look that finds nothing new costs no
 * system call. Not for hosts that poll the channel: they must take its end too. */
void host_serve_posted_requests(struct host *host);

/* Closes c because the console quits. */
void host_close(struct host *host, struct conversation *c, int64_t now_ns);

#endif
