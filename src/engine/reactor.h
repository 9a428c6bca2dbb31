/* reactor.h - what the collector thread waits for: descriptors, deadlines, and the requests
 * that other threads post. Private to src/engine. */
#ifndef SOCKDECK_ENGINE_REACTOR_H
#define SOCKDECK_ENGINE_REACTOR_H

#include <pthread.h>
#include <stdint.h>

#include "sockdeck/serve/heap.h"
#include "sockdeck/serve/request.h"

struct engine;

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

#endif
