/* hole.c - a black hole for connects: a listener on loopback that accepts nobody and
 * whose accept queue is full, so that the kernel drops every further SYN.
 *
 * The queue is filled with connections of our own, made one after another (several at
 * a time could be let in beyond the limit). The first one that is not established is
 * the proof: it hangs, as will everybody's. Nobody serves and nobody counts them. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/net/socket.h"

/* On loopback a handshake takes microseconds; a lost SYN is sent again after a second. */
#define PROOF_NS (300 * NS_PER_MS)

enum {
    HOLE_BACKLOG = 0,           /* the kernel admits one more than that */
    FILLERS = 8,                /* a system that admits more than these never gets full */
};

struct hole {
    struct watch watch;         /* of the connect that goes on; first: it casts back */
    struct timer proof;
    struct hole *next;
    uint16_t id;                /* 0: not proven yet */
    uint32_t request;           /* who asked for it, until it is proven */
    int fd;
    struct address address;
    char text[ADDRESS_TEXT];
    int fillers[FILLERS];
    int filled;
};

static void
report(struct engine *engine, const struct hole *hole, enum event_type type)
{
    struct event event = collector_event(type, 0);

    event.listener = hole->id;
    event.u.listening = (struct event_listening) {
        .mode = EVENT_MODE_HOLE,
        .backlog = HOLE_BACKLOG,
    };
    collector_emit(engine, &event, hole->text, (uint32_t)strlen(hole->text) + 1);
}

static void
report_queue(struct engine *engine, const struct hole *hole, const struct accept_queue *queue)
{
    struct event event = collector_event(EVENT_GAUGE, 0);

    event.listener = hole->id;
    event.u.queue = (struct event_queue) { .waiting = queue->waiting, .limit = queue->limit };
    collector_emit(engine, &event, NULL, 0);
}

/* The listener goes first: that resets the fillers, and nothing stays in TIME_WAIT. */
static void
forget(struct engine *engine, struct hole *hole)
{
    struct hole **place = &engine->holes;
    struct lens *lens = calls_lens(engine, hole->id);
    int connecting = hole->watch.fd;

    while (*place != hole)
        place = &(*place)->next;
    *place = hole->next;
    reactor_set_timer(engine, &hole->proof, CLOCK_NEVER);
    reactor_unwatch(engine, &hole->watch);
    socket_close(lens, hole->fd);
    if (connecting != -1)
        socket_close(lens, connecting);
    for (int i = 0; i < hole->filled; i++)
        socket_close(lens, hole->fillers[i]);
    free(hole);
}

static void
fail(struct engine *engine, struct hole *hole, int code, const char *sentence)
{
    requests_reply(engine, hole->request, code, 0, STATUS_CONNECT,
                   "no black hole at %s: %s", hole->text, sentence);
    forget(engine, hole);
}

/* Connects until one does not get through at once. */
static void
fill(struct engine *engine, struct hole *hole)
{
    struct lens *lens = calls_lens(engine, 0);
    struct error err;

    while (hole->filled < FILLERS) {
        enum call_name failed;
        int fd = socket_dial(lens, &hole->address, NULL, &failed);
        int rc = fd < 0 ? fd : socket_connect(lens, fd, &hole->address);

        if (rc == -EINPROGRESS && reactor_watch(engine, &hole->watch, fd, EPOLLOUT) == 0) {
            reactor_set_timer(engine, &hole->proof, clock_mono_ns() + PROOF_NS);
            return;
        }
        if (rc == 0) {
            hole->fillers[hole->filled++] = fd;
            continue;
        }
        if (fd >= 0)
            socket_close(lens, fd);
        error_set(&err, rc, "a connect to it failed at once (%s), where it should hang",
                  error_message(rc));
        fail(engine, hole, rc, err.text);
        return;
    }
    error_set(&err, -EOPNOTSUPP, "this system let %d connects into an accept queue of %d",
              FILLERS, HOLE_BACKLOG + 1);
    fail(engine, hole, err.code, err.text);
}

/* The connect that went on got an answer. */
static void
answered(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct hole *hole = (struct hole *)(void *)watch;
    int fd = watch->fd, rc = socket_connect_result(calls_lens(engine, 0), fd);
    struct error err;

    (void)events;
    reactor_set_timer(engine, &hole->proof, CLOCK_NEVER);
    if (rc == 0) {
        reactor_unwatch(engine, watch);
        hole->fillers[hole->filled++] = fd;
        fill(engine, hole);
        return;
    }
    error_set(&err, rc, "with its queue full this system answers a connect (%s), "
              "where others drop it", error_message(rc));
    fail(engine, hole, rc, err.text);
}

/* One more connect really hangs; it hangs because the queue is full. */
static void
proven(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct hole *hole = (struct hole *)(void *)((char *)timer - offsetof(struct hole, proof));
    struct accept_queue queue = { 0 };
    int connecting = hole->watch.fd;
    struct error err;

    (void)now_ns;
    if (insight_accept_queue(hole->fd, &queue) != 0 || queue.waiting <= queue.limit) {
        fail(engine, hole, -EOPNOTSUPP, "a connect to it hangs, but not because of a full accept "
             "queue; a packet filter?");
        return;
    }
    hole->id = engine_next_id(&engine->last_listener);
    if (hole->id == 0) {
        fail(engine, hole, listener_no_id(&err), err.text);
        return;
    }
    reactor_unwatch(engine, &hole->watch);
    socket_close(calls_lens(engine, 0), connecting);
    report(engine, hole, EVENT_LISTENING);
    report_queue(engine, hole, &queue);
    requests_reply(engine, hole->request, 0, hole->id, STATUS_OK, "%s", "");
    hole->request = 0;
}

void
hole_open(struct engine *engine, const struct posted *posted)
{
    struct hole *hole = calloc(1, sizeof(*hole));
    enum call_name failed = CALL_GETADDRINFO;
    struct endpoint endpoint;
    struct error err;

    if (hole == NULL)
        abort();
    memcpy(&endpoint, posted->data, sizeof(endpoint));
    *hole = (struct hole) {
        .watch = { .fd = -1, .ready = answered },
        .proof.fire = proven,
        .request = posted->request.id,
    };
    endpoint_address(&endpoint, &hole->address);
    hole->fd = socket_listen(calls_lens(engine, 0), &hole->address, HOLE_BACKLOG, &failed, &err);
    if (hole->fd < 0) {
        listener_report_failure(engine, &posted->request, hole->fd, failed, &err);
        free(hole);
        return;
    }
    address_text(&hole->address, hole->text);
    hole->next = engine->holes;
    engine->holes = hole;
    fill(engine, hole);
}

struct hole *
hole_find(struct engine *engine, uint32_t id)
{
    struct hole *hole = engine->holes;

    while (hole != NULL && (hole->id == 0 || hole->id != id))
        hole = hole->next;
    return hole;
}

void
hole_request(struct engine *engine, struct hole *hole, const struct request *request)
{
    if (request->type != REQUEST_CLOSE_LISTENER) {
        requests_reply(engine, request->id, -EOPNOTSUPP, hole->id, STATUS_USAGE,
                       "L%u is a black hole: it serves nobody; close L%u ends it", hole->id,
                       hole->id);
        return;
    }
    report(engine, hole, EVENT_STOPPED);
    requests_reply(engine, request->id, 0, hole->id, STATUS_OK, "%s", "");
    forget(engine, hole);
}

bool
hole_cancel(struct engine *engine, uint32_t request)
{
    for (struct hole *hole = engine->holes; hole != NULL; hole = hole->next)
        if (hole->request != 0 && hole->request == request) {
            fail(engine, hole, -ECANCELED, "cancelled");
            return true;
        }
    return false;
}

void
hole_close_all(struct engine *engine)
{
    while (engine->holes != NULL) {
        const struct request close = { .type = REQUEST_CLOSE_LISTENER };
        struct hole *hole = engine->holes;

        if (hole->id != 0)
            hole_request(engine, hole, &close);
        else
            fail(engine, hole, -ECANCELED, "the console is closing");
    }
}
