/* context.c - see context.h. */
#include "config.h"

#include "sockdeck/serve/context.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"

static void
publish_call(struct lens *lens, struct event *event, const void *data, uint32_t n)
{
    struct context *ctx = (struct context *)(void *)
        ((char *)lens - offsetof(struct context, lens));

    context_emit(ctx, event, data, n, RING_MAY_LEAVE_OUT);
}

void
context_init(struct context *ctx, struct ring_writer *writer, uint16_t listener,
             uint16_t worker, uint32_t host)
{
    *ctx = (struct context) {
        .writer = writer,
        .listener = listener,
        .worker = worker,
        .host = host,
        .pid = getpid(),
        .tid = gettid(),
        .lens = { .on = arena_lens_on(writer->arena), .publish = publish_call },
    };
}

void
context_fini(struct context *ctx)
{
    free(ctx->scratch);
    ctx->scratch = NULL;
    ctx->scratch_size = 0;
}

void
context_take_over(struct context *ctx, struct ring_writer *writer)
{
    ctx->writer = writer;
    ctx->pid = ctx->tid = getpid();
}

char *
context_scratch(struct context *ctx, size_t n)
{
    char *larger;

    if (n <= ctx->scratch_size)
        return ctx->scratch;
    larger = malloc(n);
    if (larger == NULL)
        return NULL;
    free(ctx->scratch);
    ctx->scratch = larger;
    ctx->scratch_size = n;
    return larger;
}

void
context_emit(struct context *ctx, struct event *event, const void *data, uint32_t n,
             enum ring_policy policy)
{
    event->listener = ctx->listener;
    event->worker = ctx->worker;
    event->host = ctx->host;
    event->pid = ctx->pid;
    event->tid = ctx->tid;
    if (event->stamp_ns == 0)
        event->stamp_ns = clock_mono_ns();
    ring_publish(ctx->writer, event, data, n, policy);
}

struct event
context_event(enum event_type type, uint32_t conn, int64_t stamp_ns)
{
    return (struct event) {
        .type = (uint16_t)type,
        .conn = conn,
        .stamp_ns = stamp_ns,
    };
}

static void
reply(struct context *ctx, const struct event_reply *reply, const void *data, uint32_t n)
{
    struct event event = context_event(EVENT_REPLY, 0, 0);

    if (reply->request == 0)
        return;
    event.flags = EVENT_URGENT;
    event.u.reply = *reply;
    context_emit(ctx, &event, data, n, RING_WAIT);
}

void
context_reply(struct context *ctx, uint32_t request, int code, uint32_t object,
              uint32_t status, const char *sentence)
{
    const struct event_reply end = {
        .request = request,
        .code = code,
        .object = object,
        .status = status,
    };

    reply(ctx, &end, sentence, sentence != NULL ? (uint32_t)strlen(sentence) : 0);
}

void
context_reply_data(struct context *ctx, uint32_t request, const void *data, uint32_t n)
{
    const struct event_reply end = { .request = request };

    reply(ctx, &end, data, n);
}
