/* routes.h - what is under way with hosts: the connections they serve, the requests they have
 * not answered yet, and changes that several of them are told. Private to src/engine; the
 * collector thread. */
#ifndef SOCKDECK_ENGINE_ROUTES_H
#define SOCKDECK_ENGINE_ROUTES_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "sockdeck/event/event.h"
#include "sockdeck/event/order.h"

struct buffer;
struct engine;
struct host_control;
struct request;
struct ring;

/* --- routes.c: which host serves a connection --------------------------------------- */

struct route {
    uint32_t conn;
    struct host_control *host;
    struct ring *ring;          /* its records come on this one */
    uint16_t listener, worker;
    bool dialled;
    bool is_stopped;            /* its own process is (SIGSTOP) */
    int32_t pid, tid;
    struct order_end end;       /* bytes reported so far, and where the other end is */
    int64_t begun_ns;
    struct buffer *assembly;    /* a message whose records are not all here; NULL: none */
};

struct route *route_find(struct engine *engine, uint32_t conn);
/* Takes note of a record of a connection, before it is passed on. route: of its
 * conn, NULL when there is none. Returns it as it is now. */
struct route *route_apply(struct engine *engine, struct ring *ring, const struct event *event,
                          struct route *route);
void route_assembled(struct route *route);      /* gives the assembly's memory back */
/* Closes in the books what a dead process left open on its ring. */
void route_close_books(struct engine *engine, const struct ring *ring, int64_t now_ns);
/* The host will be gone while records of its children may still come. */
void route_forget_host(struct engine *engine, const struct host_control *host);
void route_free_all(struct engine *engine);

/* --- pending.c: requests that a host has not answered yet ---------------------------- */

struct pending {
    uint32_t request;
    uint32_t conn;              /* what it is about */
    uint32_t status;            /* when the host does not answer */
    struct host_control *host;
    const struct ring *ring;    /* where the reply is to come; NULL: the host's */
    bool is_late;               /* its connection has ended; the host may block in accept */
    UT_hash_handle hh;
};

void pending_add(struct engine *engine, const struct request *request,
                 struct host_control *host, const struct ring *ring);
/* NULL: it has been answered, or was never handed to a host. */
const struct pending *pending_find(struct engine *engine, uint32_t request);
/* True when this reply was awaited: it is then no longer. */
bool pending_end(struct engine *engine, uint32_t request);
/* Answers all that wait for a host, or for a process with that ring, that will not. */
void pending_fail(struct engine *engine, const struct host_control *host, int code,
                  const char *sentence);
void pending_fail_ring(struct engine *engine, const struct ring *ring, int code,
                       const char *sentence);
/* A host that blocks in accept when it serves nobody may not have read what was asked of
 * this connection before it ended: it is interrupted until it has answered. */
void pending_connection_ended(struct engine *engine, uint32_t conn);
void pending_free_all(struct engine *engine);

/* --- rounds.c: a change that is told to several hosts, until all have it ---------------- */

struct round;

/* It is replied to once it is closed and all that were told have it. */
struct round *round_open(struct engine *engine, uint32_t request, uint32_t object);
void round_tell(struct engine *engine, struct round *round, struct host_control *h,
                const struct request *request);
void round_close(struct engine *engine, struct round *round);
bool round_is_open(struct engine *engine, uint32_t number);
/* True when the reply belonged to a round, and is not to be passed on. */
bool rounds_apply(struct engine *engine, const struct event *event);
void rounds_free_all(struct engine *engine);

#endif
