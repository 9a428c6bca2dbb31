/* loop.c - see loop.h.
 *
 * DESIGN. Each connection is an entry: its conversation, its node in the heap of
 * deadlines, and the events that epoll watches for it now (changed only when they
 * differ, since epoll_ctl costs a system call). Entries are a list, as small as can
 * be: only requests look for one by its id. The listening socket and the channel
 * are watched with the small tags below instead of an entry. An entry that ends
 * during a round is freed at the round's end, since later events may name it. */
#include "config.h"

#include "sockdeck/serve/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/accept.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/heap.h"
#include "sockdeck/serve/host.h"

enum { ROUND_EVENTS = 256, ACCEPTS_IN_A_ROW = 16 };

struct entry {
    struct conversation conversation;
    struct heap_node node;
    int watched_fd;             /* -1: not in the epoll set */
    uint32_t watched_events;
    TAILQ_ENTRY(entry) link;
};

TAILQ_HEAD(entries, entry);

struct loop {
    struct host *host;
    int epoll_fd;
    struct entries entries;
    size_t count;               /* of them */
    struct entries ended;       /* to be freed at the end of the round */
    struct heap deadlines;
    bool watches_listener;
    int64_t accept_after_ns;    /* a pause or accept-delay; 0: none */
    bool is_paused;             /* for lack of something that an end may give back */
    char channel_tag, listener_tag;     /* their addresses mark epoll events */
};

static struct entry *
entry_of_node(struct heap_node *node)
{
    return (struct entry *)(void *)((char *)node - offsetof(struct entry, node));
}

/* --- watching ----------------------------------------------------------------- */

static int
watch(struct loop *loop, int operation, int fd, uint32_t events, void *tag)
{
    struct epoll_event event = { .events = events, .data.ptr = tag };

    return epoll_ctl(loop->epoll_fd, operation, fd, &event) == 0 ? 0 : -errno;
}

static void
watch_listener(struct loop *loop, bool on)
{
    if (loop->host->listen_fd == -1 || on == loop->watches_listener)
        return;
    watch(loop, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, loop->host->listen_fd, EPOLLIN,
          &loop->listener_tag);
    loop->watches_listener = on;
}

/* A connection being dialled may have another descriptor at the same number, which
 * the epoll set does not hold: MOD's ENOENT tells. */
static int
watch_connection(struct loop *loop, struct entry *entry, int fd, uint32_t events)
{
    int rc;

    if (fd == entry->watched_fd && events == entry->watched_events &&
        entry->conversation.dial == NULL)
        return 0;
    rc = watch(loop, EPOLL_CTL_MOD, fd, events, entry);
    if (rc == -ENOENT)
        rc = watch(loop, EPOLL_CTL_ADD, fd, events, entry);
    entry->watched_fd = fd;
    entry->watched_events = events;
    return rc;
}

static void
end_entry(struct loop *loop, struct entry *entry)
{
    heap_remove(&loop->deadlines, &entry->node);
    TAILQ_REMOVE(&loop->entries, entry, link);
    loop->count--;
    conversation_fini(&entry->conversation, &loop->host->ctx);
    TAILQ_INSERT_TAIL(&loop->ended, entry, link);
    if (loop->is_paused)
        loop->accept_after_ns = clock_mono_ns();
}

static void
free_ended(struct loop *loop)
{
    struct entry *entry;

    while ((entry = TAILQ_FIRST(&loop->ended)) != NULL) {
        TAILQ_REMOVE(&loop->ended, entry, link);
        free(entry);
    }
}

/* Looks what the conversation wants now; ends the entry with it. A closed
 * descriptor has left the epoll set by itself. */
static void
settle(struct loop *loop, struct entry *entry)
{
    struct conversation *c = &entry->conversation;
    struct wants wants = conversation_wants(c);
    int rc = 0;

    if (!wants.ended)
        rc = watch_connection(loop, entry, c->fd, (uint32_t)wants.events);
    if (!wants.ended && rc == 0)
        rc = heap_set(&loop->deadlines, &entry->node, wants.deadline_ns);
    if (rc != 0)
        conversation_fail_wait(c, &loop->host->ctx, rc, clock_mono_ns());
    if (wants.ended || rc != 0)
        end_entry(loop, entry);
}

/* NULL: no memory. Its conversation is still to be begun. */
static struct entry *
new_entry(struct loop *loop)
{
    struct entry *entry = calloc(1, sizeof(*entry));

    if (entry == NULL)
        return NULL;
    entry->watched_fd = -1;
    TAILQ_INSERT_TAIL(&loop->entries, entry, link);
    loop->count++;
    return entry;
}

static struct entry *
find_entry(struct loop *loop, uint32_t id)
{
    struct entry *entry;

    TAILQ_FOREACH(entry, &loop->entries, link)
        if (entry->conversation.id == id)
            break;
    return entry;
}

/* --- accepting ------------------------------------------------------------------ */

static bool
has_room(const struct loop *loop)
{
    return loop->count < loop->host->max_connections;
}

static void
pause_accepting(struct loop *loop, int64_t until_ns)
{
    loop->accept_after_ns = until_ns;
    loop->is_paused = until_ns != 0;
}

static void
accept_one(struct loop *loop, struct accepted *client)
{
    struct entry *entry;

    client->id = arena_next_conn(loop->host->arena);
    entry = new_entry(loop);
    if (entry == NULL) {
        pause_accepting(loop, accept_give_up(loop->host, client, CALL_NONE, -ENOMEM));
        return;
    }
    conversation_accept(&entry->conversation, &loop->host->ctx, client, &loop->host->settings);
    settle(loop, entry);
}

static void
accept_some(struct loop *loop)
{
    struct host *host = loop->host;
    int limit = host->settings.accept_delay_ns > 0 ? 1 : ACCEPTS_IN_A_ROW;

    pause_accepting(loop, 0);
    for (int i = 0; i < limit && !loop->is_paused && has_room(loop) && !host_is_retired(host); i++) {
        struct accepted client;
        int64_t pause_until;

        if (accept_ready(host, &host->settings, &client, &pause_until) != 0) {
            pause_accepting(loop, pause_until);
            return;
        }
        accept_one(loop, &client);
    }
}

/* A client waits: taken now, or after accept-delay. */
static void
listener_is_ready(struct loop *loop, int64_t now_ns)
{
    int64_t delay = loop->host->settings.accept_delay_ns;

    if (delay > 0)
        loop->accept_after_ns = now_ns + delay;
    else
        accept_some(loop);
}

static bool
may_accept(struct loop *loop)
{
    return loop->host->listen_fd != -1 && loop->accept_after_ns == 0 && has_room(loop) &&
           !host_is_retired(loop->host);
}

/* --- requests ------------------------------------------------------------------- */

static void
dial(struct loop *loop, const struct request *request, const char *data, int64_t now_ns)
{
    const struct request_dial *order = &request->u.dial;
    size_t n = request->data_size / sizeof(struct address) - (order->has_from ? 1 : 0);
    struct address list[16];
    struct entry *entry = new_entry(loop);

    if (entry == NULL) {
        context_reply(&loop->host->ctx, request->id, -ENOMEM, request->conn, STATUS_INTERNAL,
                      "out of memory");
        return;
    }
    if (n > 15)
        n = 15;
    memcpy(list, data, (n + (order->has_from ? 1 : 0)) * sizeof(struct address));
    conversation_dial(&entry->conversation, &loop->host->ctx, request->conn,
                      order->has_from ? list + 1 : list, (int)n, order->has_from ? list : NULL,
                      &order->settings, request->id, now_ns);
    settle(loop, entry);
}

static void
request_for_all(struct loop *loop, const struct request *request, int64_t now_ns)
{
    struct entry *entry, *next;

    host_reply_for_all(loop->host, request, loop->count);
    for (entry = TAILQ_FIRST(&loop->entries); entry != NULL; entry = next) {
        next = TAILQ_NEXT(entry, link);
        conversation_request(&entry->conversation, &loop->host->ctx, request, loop->host->data,
                             now_ns);
        settle(loop, entry);
    }
}

static void
request_for_one(struct loop *loop, const struct request *request, int64_t now_ns)
{
    struct entry *entry = find_entry(loop, request->conn);

    if (entry == NULL) {
        host_refuse(loop->host, request);
        return;
    }
    conversation_request(&entry->conversation, &loop->host->ctx, request, loop->host->data,
                         now_ns);
    settle(loop, entry);
}

static void
take_requests(struct loop *loop, int64_t now_ns)
{
    struct host *host = loop->host;
    struct entry *entry, *next;

    while (host_next_request(host)) {
        if (host->request.type == REQUEST_DIAL)
            dial(loop, &host->request, host->data, now_ns);
        else if (host->request.conn == 0)
            request_for_all(loop, &host->request, now_ns);
        else
            request_for_one(loop, &host->request, now_ns);
    }
    if (!host->is_quitting)
        return;
    for (entry = TAILQ_FIRST(&loop->entries); entry != NULL; entry = next) {
        next = TAILQ_NEXT(entry, link);
        host_close(host, &entry->conversation, now_ns);
        settle(loop, entry);
    }
}

/* --- the round -------------------------------------------------------------------- */

static short
poll_events(uint32_t events)
{
    /* EPOLLIN, EPOLLOUT, EPOLLERR and EPOLLHUP have poll's values on Linux. */
    return (short)(events & (EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP));
}

static void
handle(struct loop *loop, const struct epoll_event *event, int64_t now_ns)
{
    struct entry *entry = event->data.ptr;

    if (event->data.ptr == &loop->channel_tag) {
        take_requests(loop, now_ns);
    } else if (event->data.ptr == &loop->listener_tag) {
        listener_is_ready(loop, now_ns);
    } else if (entry->conversation.fd != -1) {
        conversation_advance(&entry->conversation, &loop->host->ctx, poll_events(event->events),
                             now_ns);
        settle(loop, entry);
    }
}

static void
expire(struct loop *loop, int64_t now_ns)
{
    /* Each at most once, so that a deadline that does not move cannot hold the loop. */
    for (size_t n = loop->deadlines.count; n > 0; n--) {
        struct heap_node *node = heap_first(&loop->deadlines);
        struct entry *entry;

        if (node == NULL || node->deadline_ns > now_ns)
            break;
        entry = entry_of_node(node);
        conversation_advance(&entry->conversation, &loop->host->ctx, 0, now_ns);
        settle(loop, entry);
    }
    if (loop->accept_after_ns != 0 && loop->accept_after_ns <= now_ns)
        accept_some(loop);
}

static int64_t
next_deadline(const struct loop *loop)
{
    const struct heap_node *node = heap_first(&loop->deadlines);
    int64_t deadline = node != NULL ? node->deadline_ns : CLOCK_NEVER;

    if (loop->accept_after_ns != 0 && loop->accept_after_ns < deadline)
        deadline = loop->accept_after_ns;
    return deadline;
}

static bool
has_left(struct loop *loop)
{
    if (loop->host->listen_fd == -1 && !loop->host->is_quitting)
        return false;
    return host_is_retired(loop->host) && loop->count == 0;
}

static void
run_rounds(struct loop *loop)
{
    struct epoll_event events[ROUND_EVENTS];

    while (!has_left(loop)) {
        int64_t now = clock_mono_ns();
        int n;

        if (may_accept(loop) && accept_must_try(loop->host))
            listener_is_ready(loop, now);
        watch_listener(loop, may_accept(loop));
        n = epoll_wait(loop->epoll_fd, events, ROUND_EVENTS,
                       clock_poll_ms(next_deadline(loop), now));
        now = clock_mono_ns();
        for (int i = 0; i < n; i++)
            handle(loop, &events[i], now);
        expire(loop, now);
        free_ended(loop);
    }
}

void
loop_run(struct host *host)
{
    struct loop loop = {
        .host = host,
        .epoll_fd = epoll_create1(EPOLL_CLOEXEC),
    };
    int rc = loop.epoll_fd == -1 ? -errno
             : watch(&loop, EPOLL_CTL_ADD, host->channel, EPOLLIN, &loop.channel_tag);

    TAILQ_INIT(&loop.entries);
    TAILQ_INIT(&loop.ended);
    if (rc == 0)
        run_rounds(&loop);
    else
        host_report_failure(host, CALL_NONE, rc);
    if (loop.epoll_fd != -1)
        close(loop.epoll_fd);
    heap_fini(&loop.deadlines);
}
