/* engine_private.h - the engine's state and the parts that work on it.
 *
 * All of it belongs to the collector thread, but for the mailbox (engine_post, any
 * thread) and what engine.c reads before the thread starts and after it ended. */
#ifndef SOCKDECK_ENGINE_PRIVATE_H
#define SOCKDECK_ENGINE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "hosts.h"
#include "listeners.h"
#include "reactor.h"
#include "routes.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/id_map.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/event/order.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/net/lens.h"
#include "sockdeck/serve/heap.h"
#include "sockdeck/serve/host.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/process.h"
#include "sockdeck/serve/spawner.h"

struct epoll_event;

/* --- hole.c --------------------------------------------------------------------------- */

struct hole;

void hole_open(struct engine *engine, const struct posted *posted);
struct hole *hole_find(struct engine *engine, uint32_t id);
/* What is asked of a listener: close ends it, anything else it refuses. */
void hole_request(struct engine *engine, struct hole *hole, const struct request *request);
bool hole_cancel(struct engine *engine, uint32_t request);
void hole_close_all(struct engine *engine);

/* --- dialler.c ------------------------------------------------------------------------ */

void dialler_dial(struct engine *engine, const struct posted *posted);
bool dialler_cancel(struct engine *engine, uint32_t request);

/* --- calls.c: the syscall lens -------------------------------------------------------- */

/* Before the collector thread starts. */
void calls_init(struct engine *engine);
/* The lens for the collector thread's own calls, for a listener (0: for none). */
struct lens *calls_lens(struct engine *engine, uint16_t listener);
/* REQUEST_CALLS. */
void calls_switch(struct engine *engine, const struct request *request);
/* A call's record that came when the lens was off already. */
bool calls_are_late(const struct engine *engine, const struct event *event);

/* --- requests.c ------------------------------------------------------------------------ */

void requests_take(struct engine *engine, struct watch *watch, uint32_t events);
void requests_reply(struct engine *engine, uint32_t request, int code, uint32_t object,
                    uint32_t status, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* --- collector.c ------------------------------------------------------------------------ */

/* Before the thread starts. */
void collector_init(struct engine *engine);
void *collector_run(void *engine);
/* Adds a record of the engine's own behind what was drained so far. */
void collector_emit(struct engine *engine, struct event *event, const void *data, uint32_t n);
struct event collector_event(enum event_type type, int64_t stamp_ns);
/* Takes what the rings hold now into the batch; how many records. */
size_t collector_drain_round(struct engine *engine);
/* Drains as soon as the sink has room, and replies to the request when nothing is held
 * any more. */
void collector_catch_up(struct engine *engine, uint32_t request);

struct engine {
    struct arena *arena;
    struct process_title title;
    struct spawner spawner;
    struct ring_writer writer;  /* the console's own ring, for its threads */
    struct engine_sink sink;
    struct mailbox mailbox;
    _Atomic uint32_t next_request;
    _Atomic uint32_t capture;
    _Atomic int64_t resolve_timeout_ns;
    pthread_t thread;
    bool is_started;
    /* of the collector thread */
    int epoll_fd;
    struct epoll_event *ready;  /* of this turn and not looked at yet */
    int ready_count;
    struct heap timers;
    struct watch wake, posts, signals, reports;
    int64_t next_drain_ns;      /* CLOCK_NEVER: sleeping */
    struct buffer batch;        /* records that the sink gets next, end to end */
    struct buffer catching_up;  /* struct catch_up, of requests that a later round answers */
    struct lens lens;           /* of the collector thread */
    uint16_t lens_listener;     /* which its calls are for */
    int32_t lens_tid;
    uint64_t left_out;          /* messages whose bytes had no room, since the last LOST */
    struct settings defaults;   /* of what is dialled later */
    uint32_t max_connections;   /* of each listener */
    struct id_map routes;       /* of open connections, by id */
    struct order order;         /* between the drained records and the batch */
    struct pending *pending;
    struct round *rounds;
    struct host_control *hosts;
    struct listener_control *listeners;
    struct host_control *client;        /* the client loop; NULL: it could not go on */
    struct resolving *resolving;
    struct hole *holes;
    uint32_t last_host, last_listener, last_worker;
    bool is_quitting, has_killed;
    bool has_given_up;          /* a thread sleeps on (block=yes): it is left to the exit */
    struct timer mourning;      /* the spawner has died: what it forked will have too */
    struct timer kill;          /* what has not left by itself by then is killed */
};

/* The id after *last, for a listener or a worker: 16 bits in a record, and never used twice.
 * 0: none is left. */
uint16_t engine_next_id(uint32_t *last);

#endif
