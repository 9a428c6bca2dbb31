/* cause.c - see cause.h. */
#include "config.h"

#include "cause.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/mode.h"

#include "template.h"

/* Marks what is to be translated. */
#define N_(text) text

/* What the formats below can name; NULL or "" has nothing to say. */
struct facts {
    char listener[16];          /* "L1" */
    char other[16];             /* "#2": the other end */
    char workers[16];
    char work[32], delay[32];   /* duration words */
    const char *mode, *handler, *peer;
};

static const struct fact {
    const char *name;
    size_t offset;
    bool is_pointer;
} fact_table[] = {
    { "listener", offsetof(struct facts, listener), false },
    { "other", offsetof(struct facts, other), false },
    { "workers", offsetof(struct facts, workers), false },
    { "work", offsetof(struct facts, work), false },
    { "delay", offsetof(struct facts, delay), false },
    { "mode", offsetof(struct facts, mode), true },
    { "handler", offsetof(struct facts, handler), true },
    { "peer", offsetof(struct facts, peer), true },
};

static int
write_fact(const void *ctx, const char *name, size_t n, struct buffer *out, int64_t *number)
{
    (void)number;
    for (size_t i = 0; i < sizeof(fact_table) / sizeof(fact_table[0]); i++) {
        const struct fact *fact = fact_table + i;
        const char *place = (const char *)ctx + fact->offset, *text = place;

        if (strlen(fact->name) != n || memcmp(fact->name, name, n) != 0)
            continue;
        if (fact->is_pointer)
            memcpy(&text, place, sizeof(text));
        if (text == NULL || *text == '\0')
            return 0;
        return buffer_add_text(out, text) == 0 ? 1 : -ENOMEM;
    }
    return 0;
}

static int
tell(struct buffer *out, const char *format, const struct facts *facts)
{
    return template_write(out, format, &(struct template_source) { write_fact, facts });
}

static void
learn_listener(struct facts *facts, const struct listener *listener)
{
    snprintf(facts->listener, sizeof(facts->listener), "L%u", listener->id);
    snprintf(facts->workers, sizeof(facts->workers), "%u", listener->workers);
    facts->mode = model_mode_name(listener->mode);
    duration_word(facts->delay, listener->settings.accept_delay_ns);
}

static void
learn_other(struct facts *facts, const struct connection *other)
{
    snprintf(facts->other, sizeof(facts->other), "#%u", other->id);
    if (other->settings.handler < HANDLER_COUNT)
        facts->handler = handler_names[other->settings.handler].name;
    duration_word(facts->work, other->settings.work_ns);
}

static bool
serves_one_at_a_time(const struct listener *listener)
{
    return listener->mode < mode_count && modes[listener->mode]->one_at_a_time;
}

/* --- a client waits to be accepted ------------------------------------------------- */

static int
cause_of_queue(struct buffer *out, const struct event *event, const struct model *model)
{
    const struct listener *listener = model == NULL ? NULL : model_listener(model, event->listener);
    struct facts facts = { 0 };

    if (listener == NULL)
        return 0;
    learn_listener(&facts, listener);
    if (serves_one_at_a_time(listener) && listener->workers <= 1)
        return tell(out, N_("{mode} serves one at a time"), &facts);
    if (serves_one_at_a_time(listener))
        return tell(out, N_("each of the {workers} {mode} workers serves one at a time"), &facts);
    if (listener->settings.accept_delay_ns > 0)
        return tell(out, N_("{listener} has accept-delay={delay}"), &facts);
    return 0;
}

/* --- a ping without an answer --------------------------------------------------------- */

static int
cause_in_the_queue(struct buffer *out, const struct listener *listener, struct facts *facts)
{
    if (!serves_one_at_a_time(listener))
        return tell(out, N_("{listener} has not accepted it yet"), facts);
    if (mode_find("threads") == NULL)
        return tell(out, N_("{listener} has not accepted it: {mode} serves one at a time"), facts);
    return tell(out, N_("{listener} has not accepted it: {mode} serves one at a time; "
                        "try: mode {listener} threads"), facts);
}

static int
cause_at_the_other_end(struct buffer *out, const struct connection *other, struct facts *facts)
{
    if (other->dialled)
        return tell(out, N_("the other end, {other}, was dialled here and answers nothing"), facts);
    if (other->paused)
        return tell(out, N_("the other end, {other}, is paused; try: resume {other}"), facts);
    switch (other->settings.handler) {
    case HANDLER_PRINT:
        return tell(out, N_("{listener} has handler={handler}, which never answers; "
                            "try: handler {listener} pong"), facts);
    case HANDLER_STALL:
        return tell(out, N_("{listener} has handler={handler}, which never reads; "
                            "try: handler {listener} pong"), facts);
    default:
        if (other->settings.work_ns > 0)
            return tell(out, N_("{listener} takes work={work} before it answers"), facts);
        return 0;
    }
}

static int
cause_of_silence(struct buffer *out, const struct event *event, const struct model *model)
{
    const struct connection *c = model == NULL ? NULL : model_connection(model, event->conn);
    const struct connection *other = c == NULL ? NULL : model_other_end(model, c);
    const struct listener *listener;
    struct facts facts = { 0 };

    if (c == NULL)
        return 0;
    listener = other == NULL || other->dialled ? model_listener_at(model, c->peer)
               : model_listener(model, other->listener);
    if (listener != NULL)
        learn_listener(&facts, listener);
    if (other != NULL) {
        learn_other(&facts, other);
        return cause_at_the_other_end(out, other, &facts);
    }
    return c->dialled && listener != NULL && c->state != CONN_CLOSED
           ? cause_in_the_queue(out, listener, &facts) : 0;
}

/* --- a call that failed --------------------------------------------------------------- */

static const struct hint {
    uint32_t call;              /* CALL_NONE: any */
    int32_t code;
    const char *format;
} hints[] = {
    { CALL_CONNECT, ECONNREFUSED,
      N_("nothing listens on {peer}; start a listener there or check the port") },
    { CALL_CONNECT, ECONNREFUSED,
      N_("nothing listens there; start a listener or check the port") },
    { CALL_CONNECT, ETIMEDOUT,
      N_("no answer: the host is down, packets are dropped on the way, or its accept queue is full") },
    { CALL_CONNECT, EINPROGRESS, N_("the handshake goes on; connected follows") },
    { CALL_CONNECT, EADDRNOTAVAIL, N_("no local port is free for this peer, or from= is not ours") },
    { CALL_CONNECT, ECONNRESET, N_("the peer aborted it during the handshake") },
    { CALL_NONE, EHOSTUNREACH, N_("no router knows the way to that host, or it does not answer ARP") },
    { CALL_NONE, ENETUNREACH, N_("this machine has no route to that network") },
    { CALL_BIND, EADDRINUSE,
      N_("another socket has this address; take another port, or find it with: ss -ltnp") },
    { CALL_LISTEN, EADDRINUSE,
      N_("another socket listens at this address; find it with: ss -ltnp") },
    { CALL_BIND, EADDRNOTAVAIL, N_("no interface of this machine has that address") },
    { CALL_BIND, EACCES, N_("ports below 1024 are kept for root; take a higher one") },
    { CALL_RECV, EAGAIN, N_("nothing to read yet; waiting until there is") },
    { CALL_SEND, EAGAIN, N_("the send buffer is full; waiting until there is room") },
    { CALL_ACCEPT, EAGAIN, N_("no client waits; waiting for one") },
    { CALL_ACCEPT, EMFILE,
      N_("this process has no descriptor left: accepting pauses, clients wait in the queue") },
    { CALL_ACCEPT, ENFILE,
      N_("the system has no descriptor left: accepting pauses, clients wait in the queue") },
    { CALL_ACCEPT, ECONNABORTED, N_("the client gave up while it waited in the accept queue") },
    { CALL_RECV, ECONNRESET,
      N_("the peer sent RST: it aborted, or closed with bytes of ours unread") },
    { CALL_SEND, ECONNRESET,
      N_("the peer sent RST: it aborted, or closed with bytes of ours unread") },
    { CALL_SEND, EPIPE, N_("the connection is closed for sending: the peer has gone, or we shut it") },
    { CALL_RECV, ETIMEDOUT, N_("the peer's host stopped acknowledging") },
    { CALL_SEND, ETIMEDOUT, N_("the peer's host stopped acknowledging") },
    { CALL_FORK, EAGAIN, N_("the system allows no more processes; see: ulimit -u") },
    { CALL_PTHREAD_CREATE, EAGAIN, N_("the system allows no more threads; see: ulimit -u") },
    { CALL_NONE, EMFILE, N_("this process has no descriptor left") },
    { CALL_NONE, ENOMEM, N_("the system has no memory for it") },
};

static int
cause_of_error(struct buffer *out, const struct event *event, const struct model *model)
{
    const struct connection *c = model == NULL ? NULL : model_connection(model, event->conn);
    const struct event_error *error = &event->u.error;
    struct facts facts = { .peer = c == NULL ? NULL : c->peer };

    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        int rc;

        if (hints[i].code != error->code ||
            (hints[i].call != CALL_NONE && hints[i].call != error->call))
            continue;
        rc = tell(out, hints[i].format, &facts);
        if (rc != 0)
            return rc;
    }
    return 0;
}

bool
cause_is_of_its_time(const struct event *event)
{
    return event->type == EVENT_QUEUE ||
           (event->type == EVENT_PING && event->u.ping.rtt_ns < 0);
}

static int
kept_cause(struct buffer *out, const struct event *event)
{
    size_t before = event->type == EVENT_PING && (event->flags & EVENT_LAST)
        ? sizeof(struct ping_summary) : 0;

    if (event->data_size <= before)
        return 0;
    return buffer_add(out, event->data + before, event->data_size - before) != 0 ? -ENOMEM : 1;
}

int
cause_write(struct buffer *out, const struct event *event, const struct model *model)
{
    if (event->flags & EVENT_EXPLAINED)
        return kept_cause(out, event);
    switch (event->type) {
    case EVENT_QUEUE:
        return cause_of_queue(out, event, model);
    case EVENT_PING:
        return cause_of_silence(out, event, model);
    case EVENT_ERROR:
        return cause_of_error(out, event, model);
    default:
        return 0;
    }
}
