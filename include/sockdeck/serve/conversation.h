/* conversation.h - a connection's life, written once: read, answer, send queue,
 * pings, five timeouts, pause, half-close, reset, close.
 *
 * A state machine over a non-blocking descriptor. It is given readiness, the time,
 * or a request; it makes the system calls, reports on the context's ring, and says
 * what it waits for next and until when. It never blocks (but for a handler with
 * block=yes) and never calls back. One thread at a time; whoever owns it polls
 * and then calls conversation_advance. After `ended` the descriptor is closed, CLOSED
 * has been reported, and only conversation_fini may follow. */
#ifndef SOCKDECK_SERVE_CONVERSATION_H
#define SOCKDECK_SERVE_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/settings.h"

struct context;
struct request;
struct ping_run;
struct pending;
struct dial;
struct work;

/* Owners read fd, id, dial and wants; the rest is for the conversation's own files
 * (src/serve/conversation_private.h). */
struct conversation {
    int fd;                     /* -1 once closed; another one for each address of dial */
    uint32_t id;                /* #N */
    uint8_t state;              /* enum conversation_state */
    uint8_t first_fin;          /* enum first_fin: who ended its sending side first */
    uint16_t broken;            /* errno of a send that failed, 0: none */
    bool is_dialled : 1;
    bool has_eof : 1;           /* recv returned 0 */
    bool is_gone : 1;           /* hung up or broken: read what is left, answer nothing */
    bool read_is_shut : 1;
    bool write_is_shut : 1;
    bool write_will_shut : 1;   /* once the queue is empty */
    bool read_was_tried : 1;    /* in this wait, EAGAIN was reported */
    bool send_was_tried : 1;
    bool has_filled : 1;        /* the last recv filled its buffer */
    bool read_was_reported : 1; /* in this wait, its timeout was reported and kept */
    uint8_t said_waits;         /* which limits run, as was last reported */
    int64_t said_send_ns;       /* and send_since_ns then */
    int64_t begun_ns;
    int64_t read_since_ns;      /* start of the wait for bytes that goes on, 0: none */
    int64_t send_since_ns;      /* start of the newest send; it counts while the queue holds some of it */
    int64_t active_ns;          /* last byte in or out */
    uint64_t in, out;           /* bytes from and to the kernel */
    uint64_t send_from;         /* out when that send began */
    struct buffer queue;        /* what the kernel has not taken yet */
    struct pending *pending;    /* requests that wait for it, NULL: none */
    struct ping_run *pings;     /* NULL: none */
    struct dial *dial;          /* while connecting: the addresses still to try */
    struct work *work;          /* simulated work and the answer after it, NULL: none */
    struct settings settings;
};

/* The bound that 10,000 idle connections rely on. */
_Static_assert(sizeof(struct conversation) <= 256, "a conversation is small while idle");

/* What it waits for. Errors and hang-ups (POLLERR, POLLHUP), which poll reports
 * unasked, are to be passed on too: one of them is never ignored twice. */
struct wants {
    short events;               /* POLLIN | POLLOUT, 0: neither */
    int64_t deadline_ns;        /* CLOCK_NEVER: none; one that has passed: at once */
    bool ended;
    bool more_is_likely;        /* to read, at once: it may be advanced with POLLIN unpolled */
};

/* What accept gave us. */
struct accepted {
    int fd;
    uint32_t id;
    struct address peer;
    struct address local;       /* length 0: the kernel is to be asked */
    int64_t stamp_ns;           /* when accept returned */
    enum call_name start_call;  /* CALL_FORK, CALL_PTHREAD_CREATE: it got a process or a */
    int64_t start_ns;           /* thread of its own, and what that took; CALL_NONE: no */
};

/* Reports ACCEPTED and SETTINGS. Takes the descriptor; the rest is copied. */
void conversation_accept(struct conversation *c, struct context *ctx,
                         const struct accepted *client, const struct settings *settings);

/* A connection to the first of n addresses that answers: reports CONNECTING for each
 * attempt, then CONNECTED, or ERROR and at last CLOSED. request is replied to when it
 * is connected (object: id) or has failed. The addresses are copied; from may be NULL. */
void conversation_dial(struct conversation *c, struct context *ctx, uint32_t id,
                       const struct address *list, int n, const struct address *from,
                       const struct settings *settings, uint32_t request, int64_t now_ns);

/* Does what revents (POLLIN, POLLOUT, POLLERR, POLLHUP; 0: none) and the time
 * allow, one recv at most, so that a loop stays fair. */
void conversation_advance(struct conversation *c, struct context *ctx, short revents,
                          int64_t now_ns);

/* SETTINGS, SEND, PING, PAUSE, RESUME, SHUTDOWN, CLOSE, RESET, CANCEL. Exactly one reply
 * follows, now or when it is done. */
void conversation_request(struct conversation *c, struct context *ctx,
                          const struct request *request, const char *data, int64_t now_ns);

struct wants conversation_wants(const struct conversation *c);

/* Its owner has no means to wait for what it wants: ERROR, then the end. code is negative. */
void conversation_fail_wait(struct conversation *c, struct context *ctx, int code, int64_t now_ns);

/* Frees what it holds; one that has not ended is closed first (CLOSED by us). */
void conversation_fini(struct conversation *c, struct context *ctx);

#endif
