/* load_private.h - what the files of the load client share. All of it is the load's own
 * thread's, under the mutex but for its waits.
 *
 * load.c           start, look, stop, and the thread's rounds
 * load_client.c    one connection and its message */
#ifndef SOCKDECK_SERVE_LOAD_PRIVATE_H
#define SOCKDECK_SERVE_LOAD_PRIVATE_H

#include <pthread.h>

#include "sockdeck/serve/heap.h"
#include "sockdeck/serve/load.h"

enum { LOAD_SCRATCH = 64 * 1024 };

enum client_state {
    CLIENT_FREE,                /* open loop: for the next message that is due */
    CLIENT_RESTING,             /* thinks, or has failed: until its deadline */
    CLIENT_CONNECTING,
    CLIENT_TALKING,             /* a message is under way */
    CLIENT_DONE,                /* has no more to do */
};

struct client {
    struct heap_node node;      /* of a resting one */
    int fd;                     /* -1: not connected */
    uint8_t state;              /* enum client_state */
    bool was_served;
    uint32_t watched;           /* epoll events */
    size_t sent, got;           /* of the message under way */
    int64_t since_ns;           /* its time counts from here */
    struct client *next_free;
};

struct load {
    struct load_plan plan;
    pthread_t thread;
    pthread_mutex_t mutex;      /* the report; held while a round is worked on */
    struct load_report report;
    int epoll_fd, stop_fd;
    bool is_stopping;           /* begins no more */
    int64_t begun_ns, end_ns;   /* end_ns: of the messages; then of the waiting for the last */
    uint64_t begun;             /* messages, of plan.count */
    uint64_t due;               /* open loop: the number of the next message */
    uint32_t under_way;
    struct client *free_first;
    struct heap resting;
    char *message, *scratch;
    struct client clients[];
};

/* load.c: what the client does when it has nothing under way (any more). */
void load_continue(struct load *load, struct client *client, int64_t now_ns);

/* load_client.c. since: when the message's time begins. */
void client_begin(struct load *load, struct client *client, int64_t since_ns);
void client_ready(struct load *load, struct client *client);
void client_close(struct client *client);

#endif
