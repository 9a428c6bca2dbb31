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
#include <uthash.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/id_map.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/net/lens.h"
#include "sockdeck/serve/heap.h"
#include "sockdeck/serve/host.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/process.h"
#include "sockdeck/serve/spawner.h"

struct engine;
struct epoll_event;
struct host_control;
struct listener_control;

/* --- reactor.c: descriptors and deadlines of the collector thread ----------------- */

struct watch {
    int fd;                     /* -1: not watched */
    void (*ready)(struct engine *engine, struct watch *watch, uint32_t events);
};

struct timer {
    struct heap_node node;
    void (*fire)(struct engine *engine, struct timer *timer, int64_t now_ns);
};

int reactor_watch(struct engine *engine, struct watch *watch, int fd, uint32_t events);
void reactor_unwatch(struct engine *engine, struct watch *watch);
void reactor_set_timer(struct engine *engine, struct timer *timer, int64_t deadline_ns);
/* Waits for readiness or the next timer and runs what is due. */
void reactor_turn(struct engine *engine);

/* --- mailbox.c: requests from other threads ----------------------------------------- */

struct posted {
    struct posted *next;
    struct request request;
    char data[];                /* request.data_size bytes */
};

struct mailbox {
    pthread_mutex_t mutex;      /* innermost */
    struct posted *first, **last;
    int eventfd;
};

int mailbox_init(struct mailbox *mailbox);
void mailbox_fini(struct mailbox *mailbox);
/* Any thread. Out of memory aborts: a person typed this. */
void mailbox_post(struct mailbox *mailbox, const struct request *request, const void *data);
struct posted *mailbox_take(struct mailbox *mailbox);   /* all, oldest first; NULL: none */

/* --- routes.c: which host serves a connection --------------------------------------- */

struct route {
    uint32_t conn;
    struct host_control *host;
    struct ring *ring;          /* its records come on this one */
    uint16_t listener, worker;
    bool dialled;
    bool is_stopped;            /* its own process is (SIGSTOP) */
    int32_t pid, tid;
    uint64_t in, out;           /* bytes reported so far */
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

/* --- hosts.c, host_ends.c: the console's side of a host ------------------------------------------- */

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
    _Atomic uint32_t *retired;  /* own_retired, or in the arena */
    /* a process */
    pid_t pid;
    struct ring *ring;          /* NULL for a thread */
    int32_t end_signal, end_status;
    /* a thread of the console */
    pthread_t thread;
    struct host *host;
    _Atomic uint32_t own_retired;
    UT_hash_handle hh;
};

struct host_control *host_control_find(struct engine *engine, uint32_t number);
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

/* --- listeners.c, limits.c, mode_switch.c, gauge.c, silence.c ---------------------------------- */

struct listener_control {
    uint16_t id;
    int fd;
    struct address address;
    char text[ADDRESS_TEXT];
    struct settings settings;
    uint32_t backlog;
    const struct mode *mode;
    uint32_t workers;           /* how many are wanted */
    uint32_t starting;          /* hosts that have been ordered and not yet reported */
    uint32_t start_request;     /* replied when none is starting any more; 0: none */
    bool is_closing;            /* by close or quit: gone with its last acceptor */
    bool is_closed;             /* STOPPED was reported */
    uint32_t close_request;
    int64_t next_complaint_ns;  /* its workers' lacks are told once a second in all */
    bool is_uneven;             /* limits.c: shares change when a connection ends */
    /* mode_switch.c: the next mode, while the acceptors of the present one retire */
    const struct mode *next_mode;
    uint32_t next_workers;
    uint32_t next_request;
    /* restarts of workers that died */
    struct timer restart;
    int64_t restart_delay_ns;
    /* gauge.c */
    struct watch arrivals;
    struct timer gauge_tick;
    struct accept_queue queue;
    uint64_t accepted;
    uint64_t mark_accepted;     /* accepted, and waiting, when the mark was set */
    uint32_t mark_waiting;
    int64_t mark_ns;
    int64_t queue_report_ns;
    bool has_reported_waiting, has_reported_full;
    /* silence.c: accept timeout */
    struct timer silence;
    int64_t silent_since_ns;    /* 0: nobody waits in accept */
    uint64_t silence_accepted;  /* accepted, when silence was last updated */
    bool has_reported_silence;
    bool said_silence_runs;     /* as was last reported */
    UT_hash_handle hh;
};

/* What several workers lack alike (descriptors, say) is told once a second: true when this
 * record of one of them repeats it. */
bool listener_repeats(struct engine *engine, const struct event *event);
struct listener_control *listener_find(struct engine *engine, uint32_t id);
void listener_open(struct engine *engine, const struct posted *posted);
/* It could not listen: an ERROR, and the reply. */
void listener_report_failure(struct engine *engine, const struct request *request, int code,
                             enum call_name failed, const struct error *err);
/* -EOVERFLOW with a sentence: all ids have been used. */
int listener_no_id(struct error *err);
void listener_close(struct engine *engine, struct listener_control *l, uint32_t request);
void listener_change(struct engine *engine, struct listener_control *l,
                     const struct request *request);
/* A host has started, failed to, retired or ended: what follows for the listener. */
void listener_host_started(struct engine *engine, struct listener_control *l);
void listener_host_failed(struct engine *engine, struct listener_control *l);
void listener_host_retired(struct engine *engine, struct listener_control *l);
/* Not as it was told to. delay_ns: how long until another one starts. */
void listener_host_ended(struct engine *engine, struct listener_control *l, int64_t delay_ns);
/* One that dies at once, again and again, is restarted later and later; 0: at once. */
int64_t listener_restart_delay(const struct host_control *h);
void listener_set_blocking(const struct listener_control *l);
/* Frees those that are closed and have no host left. */
void listener_sweep(struct engine *engine);
void listener_start_hosts(struct engine *engine, struct listener_control *l);

/* What a host begins with, before the shares are told. */
enum { LIMITS_FIRST_SHARE = 1 };
/* When hosts of the listener have come or gone, or a connection of it has ended. */
void limits_share_out(struct engine *engine, struct listener_control *l);
void limits_connection_ended(struct engine *engine, struct listener_control *l);
/* Another limit: replied to when it holds everywhere. */
void limits_change(struct engine *engine, const struct request *request);

void mode_switch_order(struct engine *engine, struct listener_control *l,
                       const struct request *request);
/* Goes on once the old acceptors have retired. */
void mode_switch_advance(struct engine *engine, struct listener_control *l);

void gauge_start(struct engine *engine, struct listener_control *l);
void gauge_stop(struct engine *engine, struct listener_control *l);

void silence_update(struct engine *engine, struct listener_control *l, int64_t stamp_ns);
void silence_fire(struct engine *engine, struct timer *timer, int64_t now_ns);

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

void *collector_run(void *engine);
/* Adds a record of the engine's own behind what was drained so far. */
void collector_emit(struct engine *engine, struct event *event, const void *data, uint32_t n);
struct event collector_event(enum event_type type, int64_t stamp_ns);
/* Takes what the rings hold now into the batch; how many records. */
size_t collector_drain_round(struct engine *engine);
/* Drains as soon as the sink has room, and then replies to the request. */
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
    struct buffer catching_up;  /* ids of requests that the next round answers */
    struct lens lens;           /* of the collector thread */
    uint16_t lens_listener;     /* which its calls are for */
    int32_t lens_tid;
    uint64_t left_out;          /* messages whose bytes had no room, since the last LOST */
    struct settings defaults;   /* of what is dialled later */
    uint32_t max_connections;   /* of each listener */
    struct id_map routes;       /* of open connections, by id */
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
