/* conversation_private.h - what the files of the conversation share.
 *
 * conversation.c           begin, advance, wants, fini
 * conversation_dial.c      connecting
 * conversation_receive.c   bytes in, answers, simulated work, end of file
 * conversation_send.c      bytes out, the queue, requests that wait for it
 * conversation_pings.c     a run of pings
 * conversation_timeouts.c  deadlines
 * conversation_request.c   what the user asks for
 * conversation_inspect.c   what only we can tell of the socket
 * conversation_close.c     errors and the one way to end
 *
 * Any call that does I/O may end the conversation: state is looked at after it. */
#ifndef SOCKDECK_SERVE_CONVERSATION_PRIVATE_H
#define SOCKDECK_SERVE_CONVERSATION_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/conversation.h"

struct inspection;
struct request;
struct request_ping;

enum conversation_state { STATE_DIALLING, STATE_OPEN, STATE_ENDED };
enum first_fin { FIN_NOBODY, FIN_PEER, FIN_US };

/* A request that is done when `out` has reached mark: a send, or a half-close that
 * follows the bytes before it. */
struct pending {
    struct pending *next;
    uint64_t mark;
    uint32_t request;
    bool shuts;
    enum shutdown_which which;  /* when it shuts */
};

struct dial {
    int64_t begun_ns;           /* the attempt that goes on: its first SYN */
    uint32_t request;
    int n, next;                /* addresses, and the first one not tried yet */
    struct address from;        /* length 0: any */
    struct address list[];
};

struct work {
    int64_t until_ns;
    size_t n;
    char answer[];
};

/* How a conversation ends. code and sentence are what requests that wait are told;
 * a clean end (fate STATUS_OK) fails them as closed too early. */
struct ending {
    enum closed_by by;
    enum closed_how how;
    enum status fate;
    int code;
    const char *sentence;       /* NULL: none of its own */
};

/* When a system call that has just returned returned: the clock, but never before the
 * time the owner gave. */
static inline int64_t
conversation_stamp(int64_t now_ns)
{
    int64_t clock = clock_mono_ns();

    return clock > now_ns ? clock : now_ns;
}

/* The same, for the report of what the call has done: the stamp of the call's record
 * where the lens watched it. */
static inline int64_t
conversation_returned(const struct context *ctx, int64_t now_ns)
{
    int64_t returned = lens_returned_ns(&ctx->lens);

    return returned > now_ns ? returned : now_ns;
}

/* For the report of a call that is stamped when it is entered; begun_ns: conversation_stamp
 * before it. Where none was made, what the lens tells of is an earlier one. */
static inline int64_t
conversation_entered(const struct context *ctx, int64_t begun_ns)
{
    int64_t entered = lens_entered_ns(&ctx->lens, begun_ns);

    return entered > begun_ns ? entered : begun_ns;
}

/* The start of a wait that a timer of this kind measures; where there is none, the time
 * that is known already serves, and spares asking the clock for each message. */
static inline int64_t
conversation_wait_start(const struct conversation *c, enum timeout_kind kind, int64_t now_ns)
{
    if (c->settings.timeout_ns[kind] != DURATION_NONE)
        return conversation_stamp(now_ns);
    return c->active_ns > now_ns ? c->active_ns : now_ns;
}

static inline bool
conversation_is_open(const struct conversation *c)
{
    return c->state == STATE_OPEN;
}

/* conversation.c */
struct event conversation_event(const struct conversation *c, enum event_type type,
                                int64_t stamp_ns);
void conversation_emit_peers(struct conversation *c, struct context *ctx, enum event_type type,
                             const struct address *peer, const struct address *local,
                             struct event_peer how, int64_t stamp_ns);
void conversation_emit_settings(struct conversation *c, struct context *ctx);
void conversation_emit_message(struct conversation *c, struct context *ctx,
                               enum event_type type, const char *data, size_t n,
                               int64_t stamp_ns);
/* The user's `then` and `on-eof`, with what they default to. */
bool conversation_closes(const struct conversation *c, enum then_id then);
/* After anything that happened: starts and stops the waits, ends what is over. */
void conversation_settle(struct conversation *c, struct context *ctx, int64_t now_ns);

/* conversation_dial.c */
void conversation_dial_advance(struct conversation *c, struct context *ctx, short revents,
                               int64_t now_ns);

/* conversation_receive.c */
void conversation_receive(struct conversation *c, struct context *ctx, int64_t now_ns);
void conversation_finish_work(struct conversation *c, struct context *ctx, int64_t now_ns);

/* conversation_send.c: sends at once what the kernel takes and queues the rest. */
void conversation_send(struct conversation *c, struct context *ctx, const char *data, size_t n,
                       int64_t now_ns);
void conversation_flush(struct conversation *c, struct context *ctx, int64_t now_ns);
void conversation_send_for(struct conversation *c, struct context *ctx,
                           const struct request *asked, const char *data, int64_t now_ns);
void conversation_shutdown_for(struct conversation *c, struct context *ctx, uint32_t request,
                               enum shutdown_which which, int64_t now_ns);
/* The wait of that request ends; its bytes are still sent. False: there is none. */
bool conversation_cancel_send(struct conversation *c, struct context *ctx, uint32_t request);
void conversation_fail_pending(struct conversation *c, struct context *ctx,
                               const struct ending *ending);

/* conversation_pings.c */
void conversation_pings_begin(struct conversation *c, struct context *ctx, uint32_t request,
                              const struct request_ping *order, int64_t now_ns);
void conversation_pings_receive(struct conversation *c, struct context *ctx, const char *data,
                                size_t n, int64_t stamp_ns);
void conversation_pings_advance(struct conversation *c, struct context *ctx, int64_t now_ns);
int64_t conversation_pings_deadline(const struct conversation *c);
/* Our sending side is shut: no more are sent, those unanswered are waited for. */
void conversation_pings_stop(struct conversation *c, struct context *ctx, int64_t now_ns);
/* Reports what is unanswered as lost. The run is over; it is still to be replied to. */
void conversation_pings_end(struct conversation *c, struct context *ctx, int64_t now_ns);
void conversation_pings_reply(struct conversation *c, struct context *ctx, int code,
                              enum status status, const char *sentence);

/* conversation_inspect.c */
void conversation_inspect(const struct conversation *c, struct inspection *inspection);

/* conversation_timeouts.c */
/* When the wait of that kind began; 0: none goes on. */
int64_t conversation_wait_began(const struct conversation *c, enum timeout_kind kind);
int64_t conversation_deadline(const struct conversation *c);
/* Tells which limits run, where that has changed. */
void conversation_report_waits(struct conversation *c, struct context *ctx);
void conversation_expire(struct conversation *c, struct context *ctx, int64_t now_ns);
void conversation_emit_timeout(struct conversation *c, struct context *ctx,
                               enum timeout_kind kind, int64_t since_ns, bool closes,
                               uint64_t taken, int64_t now_ns);

/* conversation_close.c */
void conversation_emit_error(struct conversation *c, struct context *ctx, enum call_name call,
                             int code, enum severity severity, const char *sentence,
                             int64_t stamp_ns);
void conversation_emit_would_block(struct conversation *c, struct context *ctx,
                                   enum call_name call, int code, int64_t stamp_ns);
void conversation_end(struct conversation *c, struct context *ctx, const struct ending *ending,
                      int64_t now_ns);
/* A call failed for good: ERROR, then the end. code is negative. */
void conversation_fail(struct conversation *c, struct context *ctx, enum call_name call, int code,
                       int64_t now_ns);
void conversation_fail_memory(struct conversation *c, struct context *ctx, int64_t now_ns);
/* The other side is gone and nothing can be read any more. */
void conversation_end_gone(struct conversation *c, struct context *ctx, int64_t now_ns);
/* A FIN on both sides, or the peer's was enough: a clean end. */
void conversation_end_clean(struct conversation *c, struct context *ctx, int64_t now_ns);

#endif
