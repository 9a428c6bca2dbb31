/* listeners.h - a listener and its hosts (listeners.c), how many connections each may have
 * (limits.c), another mode (mode_switch.c), its accept queue (gauge.c) and its accept timeout
 * (silence.c). Private to src/engine; the collector thread. */
#ifndef SOCKDECK_ENGINE_LISTENERS_H
#define SOCKDECK_ENGINE_LISTENERS_H

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#include "reactor.h"
#include "sockdeck/base/error.h"
#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/serve/settings.h"

struct engine;
struct host_control;
struct mode;
struct posted;
struct request;

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

#endif
