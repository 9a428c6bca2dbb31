/* context.h - what a serving thread lends to the conversations it runs: where
 * reports go, who it is, and a buffer to receive into. One thread owns it. */
#ifndef SOCKDECK_SERVE_CONTEXT_H
#define SOCKDECK_SERVE_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/net/lens.h"

struct request;

struct context {
    struct ring_writer *writer;         /* the process's; shared by its threads */
    uint16_t listener, worker;          /* 0 for none; written into each record */
    uint32_t host;                      /* likewise: the engine's number of the host */
    int32_t pid, tid;
    struct lens lens;                   /* for its socket calls; see context_lens */
    char *scratch;                      /* see context_scratch */
    size_t scratch_size;
};

/* Called on the thread that will use it (tid is asked of the kernel). */
void context_init(struct context *ctx, struct ring_writer *writer, uint16_t listener,
                  uint16_t worker, uint32_t host);
void context_fini(struct context *ctx);
/* In a forked child, whose copy ctx is: it reports as itself, through a writer of its own. */
void context_take_over(struct context *ctx, struct ring_writer *writer);

/* At least n bytes that hold nothing across calls; NULL when there is no memory. */
char *context_scratch(struct context *ctx, size_t n);

/* The lens for calls of that connection (0: of none). */
static inline struct lens *
context_lens(struct context *ctx, uint32_t conn)
{
    ctx->lens.conn = conn;
    return &ctx->lens;
}

/* Publishes a record: fills in who (pid, tid, listener, worker) and, when
 * stamp_ns is 0, the time. */
void context_emit(struct context *ctx, struct event *event, const void *data, uint32_t n,
                  enum ring_policy policy);

/* A record with its type, connection and stamp set, all else zero. */
struct event context_event(enum event_type type, uint32_t conn, int64_t stamp_ns);

/* The one reply to a request: code 0 or a negative errno; object: the id that was
 * made, or 0. Nothing is sent for request id 0. sentence may be NULL. */
void context_reply(struct context *ctx, uint32_t request, int code, uint32_t object,
                   uint32_t status, const char *sentence);
/* That of a request that was done and asked for data (at most 255 bytes). */
void context_reply_data(struct context *ctx, uint32_t request, const void *data, uint32_t n);

#endif
