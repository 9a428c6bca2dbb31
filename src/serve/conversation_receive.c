/* conversation_receive.c - bytes in: one recv a turn, its record, its answer. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sockdeck/net/socket.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/handler.h"
#include "conversation_private.h"

static bool
can_answer(const struct conversation *c)
{
    return conversation_is_open(c) && !c->is_gone && !c->write_is_shut && !c->write_will_shut;
}

/* block=yes: the thread itself is kept from all else for that long. */
static void
block_for(int64_t ns)
{
    int64_t until = clock_mono_ns() + ns;
    const struct timespec end = { .tv_sec = until / NS_PER_S, .tv_nsec = until % NS_PER_S };

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
        ;
}

static void
begin_work(struct conversation *c, struct context *ctx, struct answer answer, int64_t stamp_ns)
{
    c->work = malloc(sizeof(*c->work) + answer.n);
    if (c->work == NULL) {
        conversation_fail_memory(c, ctx, stamp_ns);
        return;
    }
    c->work->until_ns = stamp_ns + c->settings.work_ns;
    c->work->n = answer.n;
    if (answer.n > 0)
        memcpy(c->work->answer, answer.data, answer.n);
}

void
conversation_finish_work(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    struct work *work = c->work;

    c->work = NULL;
    if (can_answer(c) && work->n > 0)
        conversation_send(c, ctx, work->answer, work->n, now_ns);
    free(work);
}

static void
answer_message(struct conversation *c, struct context *ctx, const char *data, size_t n,
               int64_t stamp_ns)
{
    struct answer answer = handler_get(c->settings.handler)->answer(data, n);

    if (!can_answer(c))
        return;
    if (c->settings.work_ns > 0 && !c->settings.work_blocks) {
        begin_work(c, ctx, answer, stamp_ns);
        return;
    }
    if (c->settings.work_ns > 0) {
        conversation_report_waits(c, ctx);      /* it does not read meanwhile */
        block_for(c->settings.work_ns);
    }
    if (answer.n > 0)
        conversation_send(c, ctx, answer.data, answer.n, stamp_ns);
}

static void
take_message(struct conversation *c, struct context *ctx, const char *data, size_t n,
             int64_t stamp_ns)
{
    c->in += n;
    c->active_ns = stamp_ns;
    c->read_since_ns = 0;
    c->read_was_tried = c->read_was_reported = false;
    conversation_emit_message(c, ctx, EVENT_RECEIVED, data, n, stamp_ns);
    conversation_pings_receive(c, ctx, data, n, stamp_ns);
    answer_message(c, ctx, data, n, stamp_ns);
}

/* No reply can come any more, so a run of pings ends here. */
static void
take_end_of_file(struct conversation *c, struct context *ctx, int64_t stamp_ns)
{
    struct event event = conversation_event(c, EVENT_EOF, stamp_ns);

    c->has_eof = true;
    if (c->first_fin == FIN_NOBODY)
        c->first_fin = FIN_PEER;
    context_emit(ctx, &event, NULL, 0, RING_WAIT);
    conversation_pings_end(c, ctx, stamp_ns);
    conversation_pings_reply(c, ctx, 0, STATUS_UNMET, "the peer has ended its sending side");
    c->is_gone = false;     /* the next poll tells whether there is an error behind the end */
}

static void
found_nothing(struct conversation *c, struct context *ctx, int64_t stamp_ns)
{
    if (c->settings.timeout_ns[TIMEOUT_READ] != 0 || c->read_was_tried)
        return;
    c->read_was_tried = true;
    conversation_emit_would_block(c, ctx, CALL_RECV, -EAGAIN, stamp_ns);
}

void
conversation_receive(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    size_t size = c->settings.recv_size > 0 ? c->settings.recv_size : RECV_DEFAULT;
    char *data = context_scratch(ctx, size);
    int64_t stamp;
    ssize_t n;

    if (data == NULL) {
        conversation_fail_memory(c, ctx, now_ns);
        return;
    }
    n = socket_recv(context_lens(ctx, c->id), c->fd, data, size);
    stamp = conversation_returned(ctx, now_ns);
    c->has_filled = n == (ssize_t)size;
    if (n > 0)
        take_message(c, ctx, data, (size_t)n, stamp);
    else if (c->broken != 0 || (n == -EAGAIN && c->is_gone))
        conversation_end_gone(c, ctx, stamp);
    else if (n == 0)
        take_end_of_file(c, ctx, stamp);
    else if (n == -EAGAIN)
        found_nothing(c, ctx, stamp);
    else if (n != -EINTR)
        conversation_fail(c, ctx, CALL_RECV, (int)n, stamp);
}
