/* hosts.h - the console's side of a host: a process of a mode, an accepting thread, the client
 * loop (hosts.c), and what becomes of it (host_ends.c). Private to src/engine; the collector
 * thread. */
#ifndef SOCKDECK_ENGINE_HOSTS_H
#define SOCKDECK_ENGINE_HOSTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uthash.h>

#include "reactor.h"
#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/serve/request.h"

struct engine;
struct host;
struct listener_control;
struct mode;
struct ring;
struct route;

enum host_state {
    HOST_STARTING,              /* ordered from the spawner */
    HOST_RUNNING,
    HOST_RETIRING,              /* told to accept no more */
    HOST_RETIRED,               /* has said so, or cannot any more */
};

struct unsent {
    struct unsent *next;
    struct request request;
    char data[];
};

struct host_control {
    uint32_t number;
    enum host_state state;
    const struct mode *mode;    /* NULL: the client loop */
    struct listener_control *listener;
    uint16_t worker;            /* WN, 0: none */
    uint32_t open;              /* connections that it has now */
    uint64_t accepted;          /* connections that it ever had */
    uint32_t newest;            /* the last that it accepted, where it serves one at a time */
    uint32_t share;             /* limits.c: how many it may have, as it was told */
    bool is_over;               /* limits.c: it has more than its share */
    int channel;                /* -1 once closed */
    struct unsent *first, **last;       /* what the channel has no room for yet */
    struct watch room;          /* EPOLLOUT while there is something unsent */
    struct timer nag;           /* host_control_await */
    int64_t retire_by_ns;       /* then it is not waited for any longer */
    int64_t started_ns;
    bool is_stopped;            /* by SIGSTOP */
    uint32_t round;             /* the newest that it has not replied to, 0: none */
    uint32_t late;              /* pending.c: requests that are late */
    struct host_flags *flags;   /* own_flags, or in the arena */
    /* a process */
    pid_t pid;
    struct ring *ring;          /* NULL for a thread */
    int32_t end_signal, end_status;
    /* a thread of the console */
    pthread_t thread;
    struct host *host;
    struct host_flags own_flags;
    UT_hash_handle hh;
};

struct host_control *host_control_find(struct engine *engine, uint32_t number);
bool host_control_serves_one_at_a_time(const struct host_control *h);   /* NULL: no */
/* Starts a host of the listener (NULL: the client loop). 0, or a negative errno: *h is NULL
 * then, and the failure has been reported. */
int host_control_start(struct host_control **h, struct engine *engine,
                       struct listener_control *listener, const struct mode *mode);
void host_control_send(struct engine *engine, struct host_control *h,
                       const struct request *request, const void *data);
void host_control_retire(struct engine *engine, struct host_control *h);
void host_control_quit(struct engine *engine, struct host_control *h);
void host_control_interrupt(struct engine *engine, struct host_control *h);
/* It is interrupted, in a moment and again and again, until it has retired, or as long as it
 * owes a reply to a round or to what is late. */
void host_control_await(struct engine *engine, struct host_control *h);
/* It accepts no more, or never did. */
void host_control_has_retired(struct engine *engine, struct host_control *h);
void host_control_report_failure(struct engine *engine, const struct host_control *h, int code);
void host_control_free(struct engine *engine, struct host_control *h);
/* A WORKER record of a process that serves only the connection. */
void host_control_child_changed(struct engine *engine, const struct event *event,
                                struct route *route);
/* The host's own RETIRED record, after what it published before. */
void host_control_apply_retired(struct engine *engine, const struct event *event);
/* Hosts whose process has ended and whose ring is drained are closed in the books. */
void host_control_bury(struct engine *engine);
void host_control_take_reports(struct engine *engine, struct watch *watch, uint32_t events);

#endif
