/* connection_threads.c - a thread for each connection: the body of threads, and of
 * each process of prefork-threads.
 *
 * DESIGN. The host's own thread accepts, blocked in accept(2); it alone takes the stop
 * signal. A control thread reads the channel, puts requests into the mailbox of the
 * thread that has the connection, and interrupts the accepting one when settings change.
 * Each connection's thread polls its descriptor and its mailbox. All of them are joined:
 * one that ends joins the one that ended before it, so that at most one waits for that at
 * any time. What the next client will need is made before it is accepted, so that none is
 * lost for want of a descriptor. One mutex guards the table, the mailboxes and the host's
 * settings; nothing else is locked inside it but the ring. */
#include "config.h"

#include "mode_entries.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <uthash.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/serve/accept.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/host.h"
#include "sockdeck/serve/process.h"
#include "sockdeck/serve/serve_one.h"

/* Virtual; only what is touched takes memory. */
enum { STACK_SIZE = 256 * 1024 };

enum { NAG_PERIOD_MS = 10 };

struct message {
    struct message *next;
    struct request request;
    char data[];
};

struct server;

struct served {
    struct inbox inbox;         /* first: serve casts back */
    struct server *server;
    uint32_t id;
    struct accepted client;
    struct settings settings;
    pthread_t thread;
    struct message *first, **last;      /* the mailbox */
    struct context ctx;
    UT_hash_handle hh;
};

struct server {
    struct host *host;
    pthread_mutex_t mutex;
    pthread_cond_t changed;     /* a connection has ended, or the host shall retire */
    struct served *table;
    struct served *next;        /* for the next client, NULL: not made yet */
    unsigned ends;              /* of connections; each gives back what may be lacking */
    pthread_t acceptor;
    unsigned changes, seen;     /* of the host's settings, and those that acceptor goes by */
    bool has_ended;             /* last_ended is a thread that is to be joined */
    pthread_t last_ended;
    int leave;                  /* eventfd: the control thread's end */
};

/* --- a connection's thread ------------------------------------------------------------ */

static void
carry_out(struct inbox *inbox, struct conversation *c, int64_t now_ns)
{
    struct served *s = (struct served *)(void *)inbox;
    struct message *message;
    eventfd_t ignored;

    eventfd_read(inbox->fd, &ignored);
    pthread_mutex_lock(&s->server->mutex);
    message = s->first;
    s->first = NULL;
    s->last = &s->first;
    pthread_mutex_unlock(&s->server->mutex);
    while (message != NULL) {
        struct message *next = message->next;

        if (conversation_wants(c).ended)
            host_refuse(s->server->host, &message->request);
        else
            conversation_request(c, &s->ctx, &message->request, message->data, now_ns);
        free(message);
        message = next;
    }
}

/* Takes the connection out of the table; what is still in its mailbox is refused. */
static void
leave(struct served *s)
{
    struct server *server = s->server;
    struct message *message;
    pthread_t before;
    bool has_before;

    pthread_mutex_lock(&server->mutex);
    HASH_DEL(server->table, s);
    close(s->inbox.fd);
    server->ends++;
    message = s->first;
    has_before = server->has_ended;
    before = server->last_ended;
    server->has_ended = true;
    server->last_ended = s->thread;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->mutex);
    while (message != NULL) {
        struct message *next = message->next;

        host_refuse(server->host, &message->request);
        free(message);
        message = next;
    }
    free(s);
    if (has_before)
        pthread_join(before, NULL);
}

static void *
serve(void *arg)
{
    struct served *s = arg;
    const struct context *of_host = &s->server->host->ctx;
    struct conversation c;

    s->client.start_ns = clock_mono_ns() - s->client.start_ns;
    process_block_signals();    /* the stop signal is for the accepting thread */
    process_name_thread("L%u/#%u", of_host->listener, s->id);
    context_init(&s->ctx, of_host->writer, of_host->listener, of_host->worker, of_host->host);
    conversation_accept(&c, &s->ctx, &s->client, &s->settings);
    serve_one(&c, &s->ctx, &s->inbox);
    conversation_fini(&c, &s->ctx);
    context_fini(&s->ctx);
    leave(s);
    return NULL;
}

/* Under the mutex. */
static void
put(struct server *server, struct served *s, const struct request *request, const char *data)
{
    struct message *message = malloc(sizeof(*message) + request->data_size);

    if (message == NULL) {
        context_reply(&server->host->ctx, request->id, -ENOMEM, 0, STATUS_INTERNAL, "out of memory");
        return;
    }
    message->next = NULL;
    message->request = *request;
    if (request->data_size > 0)
        memcpy(message->data, data, request->data_size);
    *s->last = message;
    s->last = &message->next;
    eventfd_write(s->inbox.fd, 1);
}

static void
put_close(struct server *server, struct served *s)
{
    struct request request = { .type = REQUEST_CLOSE, .conn = s->id };

    put(server, s, &request, NULL);
}

/* --- requests, by the control thread and before each client ------------------------------ */

static void
distribute(struct server *server, const struct request *request, const char *data)
{
    struct served *s, *next;
    bool is_found = request->conn == 0;

    if (request->conn == 0) {
        server->changes++;
        host_reply_for_all(server->host, request, HASH_COUNT(server->table));
    }
    HASH_ITER(hh, server->table, s, next)
        if (host_request_is_for(request, s->id)) {
            put(server, s, request, data);
            is_found = true;
        }
    if (!is_found)
        host_refuse(server->host, request);
}

static void
close_all(struct server *server)
{
    struct served *s, *next;

    HASH_ITER(hh, server->table, s, next)
        put_close(server, s);
}

/* Under the mutex. */
static void
take_requests(struct server *server)
{
    struct host *host = server->host;

    while (host_next_request(host))
        distribute(server, &host->request, host->data);
    if (host->is_quitting)
        close_all(server);
}

/* --- the accepting thread --------------------------------------------------------------- */

static int
start_thread(struct served *s)
{
    pthread_attr_t attributes;
    int rc = -pthread_attr_init(&attributes);

    if (rc != 0)
        return rc;
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_mutex_lock(&s->server->mutex);      /* leave waits until thread is set */
    HASH_ADD(hh, s->server->table, id, sizeof(s->id), s);
    s->client.start_call = s->server->host->mode->each_starts;
    s->client.start_ns = clock_mono_ns();
    rc = -pthread_create(&s->thread, &attributes, serve, s);
    if (rc != 0)
        HASH_DEL(s->server->table, s);
    else if (s->server->host->is_quitting)
        put_close(s->server, s);        /* close_all came before it */
    pthread_mutex_unlock(&s->server->mutex);
    pthread_attr_destroy(&attributes);
    return rc;
}

/* 0 or a negative errno. */
static int
prepare_next(struct server *server)
{
    struct served *s;
    int rc;

    if (server->next != NULL)
        return 0;
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        return -ENOMEM;
    s->inbox.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->inbox.fd == -1) {
        rc = -errno;
        free(s);
        return rc;
    }
    s->inbox.serve = carry_out;
    s->server = server;
    s->last = &s->first;
    server->next = s;
    return 0;
}

static void
free_next(struct server *server)
{
    if (server->next == NULL)
        return;
    close(server->next->inbox.fd);
    free(server->next);
    server->next = NULL;
}

/* Returns until when to pause, 0: not. */
static int64_t
serve_client(struct server *server, const struct accepted *client)
{
    struct served *s = server->next;
    int rc;

    s->id = arena_next_conn(server->host->arena);
    s->client = *client;
    s->client.id = s->id;
    pthread_mutex_lock(&server->mutex);
    take_requests(server);      /* settings that came while it waited hold for it already */
    s->settings = server->host->settings;
    pthread_mutex_unlock(&server->mutex);
    rc = start_thread(s);
    if (rc != 0)
        return accept_give_up(server->host, client, CALL_PTHREAD_CREATE, rc);
    server->next = NULL;
    return 0;
}

/* What holds for one accept. */
struct turn {
    struct settings settings;
    unsigned ends;              /* as many as there had been when it began */
};

/* Until it may serve one more, or shall retire. */
static struct turn
wait_for_room(struct server *server)
{
    struct turn turn;
    struct host *host = server->host;

    pthread_mutex_lock(&server->mutex);
    while (HASH_COUNT(server->table) >= host->max_connections &&
           atomic_load(&host->flags->retired) == 0 && !host->is_quitting) {
        server->seen = server->changes;         /* it will go by them once there is room */
        pthread_cond_wait(&server->changed, &server->mutex);
    }
    turn = (struct turn) { host->settings, server->ends };
    server->seen = server->changes;
    pthread_mutex_unlock(&server->mutex);
    return turn;
}

/* A connection that ends cuts the pause short, also one that did while the accept of
 * this turn failed. */
static void
pause_until(struct server *server, int64_t until_ns, const struct turn *turn)
{
    struct timespec until = { until_ns / NS_PER_S, until_ns % NS_PER_S };

    pthread_mutex_lock(&server->mutex);
    if (atomic_load(&server->host->flags->retired) == 0 && !server->host->is_quitting &&
        server->ends == turn->ends)
        pthread_cond_clockwait(&server->changed, &server->mutex, CLOCK_MONOTONIC, &until);
    pthread_mutex_unlock(&server->mutex);
}

/* One client, if there is room; returns until when to pause, 0: not. */
static int64_t
accept_one(struct server *server, const struct settings *settings)
{
    struct accepted client;
    int64_t until;
    int rc = prepare_next(server);

    if (rc != 0)
        return accept_lacks(server->host, CALL_NONE, rc);
    if (accept_blocking(server->host, settings, &client, &until) != 0)
        return until;
    wait_for_room(server);              /* the limit may have sunk while it blocked */
    return serve_client(server, &client);
}

static void
accept_clients(struct server *server)
{
    for (;;) {
        struct turn turn = wait_for_room(server);
        int64_t until;

        if (host_is_retired(server->host))
            break;
        until = accept_one(server, &turn.settings);
        if (until != 0)
            pause_until(server, until, &turn);
    }
    free_next(server);
}

/* --- the control thread ------------------------------------------------------------------ */

/* The signal may come just before the acceptor enters accept, so it is repeated until that
 * goes by what was changed. Returns how long to wait before the next, -1: for no other. */
static int
nag_acceptor(struct server *server)
{
    const struct host *host = server->host;

    if (server->seen == server->changes || atomic_load(&host->flags->retired) != 0 ||
        host->is_quitting)
        return -1;
    pthread_kill(server->acceptor, HOST_STOP_SIGNAL);
    return NAG_PERIOD_MS;
}

static void *
control(void *arg)
{
    struct server *server = arg;
    struct host *host = server->host;
    struct pollfd fds[] = {
        { .fd = server->leave, .events = POLLIN },
        { .fd = host->channel, .events = POLLIN },
    };
    int patience_ms = -1;

    process_block_signals();
    process_name_thread("L%u/control", host->ctx.listener);
    for (;;) {
        poll(fds, host->is_quitting ? 1 : 2, patience_ms);
        if (fds[0].revents != 0)
            return NULL;
        pthread_mutex_lock(&server->mutex);
        take_requests(server);
        patience_ms = nag_acceptor(server);
        pthread_cond_broadcast(&server->changed);
        pthread_mutex_unlock(&server->mutex);
    }
}

static int
start_control(struct server *server, pthread_t *thread)
{
    int rc;

    server->leave = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (server->leave == -1)
        return -errno;
    rc = -pthread_create(thread, NULL, control, server);
    if (rc != 0)
        close(server->leave);
    return rc;
}

static void
join_last(struct server *server)
{
    pthread_mutex_lock(&server->mutex);
    while (server->table != NULL)
        pthread_cond_wait(&server->changed, &server->mutex);
    pthread_mutex_unlock(&server->mutex);
    if (server->has_ended)
        pthread_join(server->last_ended, NULL);
}

void
mode_run_connection_threads(struct host *host)
{
    struct server server = {
        .host = host,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
        .acceptor = pthread_self(),
    };
    pthread_t thread;
    int rc = start_control(&server, &thread);

    if (rc != 0) {
        host_report_failure(host, CALL_PTHREAD_CREATE, rc);
        return;
    }
    accept_clients(&server);
    join_last(&server);
    eventfd_write(server.leave, 1);
    pthread_join(thread, NULL);
    close(server.leave);
}
