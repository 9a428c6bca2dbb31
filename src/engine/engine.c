/* engine.c - the engine from outside: start, requests, stop. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"

#define RESOLVE_TIMEOUT_DEFAULT_NS (10 * NS_PER_S)

int
engine_spawn(struct engine **engine, const struct process_title *title, struct error *err)
{
    struct engine *e = calloc(1, sizeof(*e));
    int rc;

    if (e == NULL)
        return error_set(err, -ENOMEM, "out of memory");
    e->spawner.channel = e->epoll_fd = e->mailbox.eventfd = -1;
    e->wake.fd = e->posts.fd = e->signals.fd = e->reports.fd = -1;
    e->max_connections = ENGINE_MAX_CONNECTIONS;
    atomic_init(&e->resolve_timeout_ns, RESOLVE_TIMEOUT_DEFAULT_NS);
    settings_init(&e->defaults);
    e->title = *title;
    rc = arena_open(&e->arena, 0, err);
    if (rc != 0) {
        free(e);
        return rc;
    }
    calls_init(e);
    collector_init(e);
    rc = spawner_start(&e->spawner, e->arena, &e->title);
    if (rc != 0) {
        error_set(err, rc, "cannot fork the spawner: %s", error_message(rc));
        arena_close(e->arena);
        free(e);
        return rc;
    }
    *engine = e;
    return 0;
}

static void
signalled(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct signalfd_siginfo info;

    (void)events;
    while (read(watch->fd, &info, sizeof(info)) == sizeof(info))
        if (engine->sink.signalled != NULL)
            engine->sink.signalled(engine->sink.ctx, (int)info.ssi_signo);
}

static int
open_signals(void)
{
    sigset_t wanted;

    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGHUP);
    return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int
watch_all(struct engine *e)
{
    int signals = open_signals();
    int rc;

    if (signals == -1)
        return -errno;
    e->signals.ready = signalled;
    e->posts.ready = requests_take;
    e->reports.ready = host_control_take_reports;
    rc = reactor_watch(e, &e->signals, signals, EPOLLIN);
    if (rc == 0)
        rc = reactor_watch(e, &e->posts, e->mailbox.eventfd, EPOLLIN);
    if (rc == 0)
        rc = reactor_watch(e, &e->reports, e->spawner.channel, EPOLLIN);
    return rc;
}

/* Before the collector runs, which ends it otherwise. */
static void
stop_client(struct engine *e)
{
    struct host_control *h = e->client;

    if (h == NULL)
        return;
    close(h->channel);          /* the end of file ends it */
    h->channel = -1;
    pthread_join(h->thread, NULL);
    host_control_free(e, h);
    e->client = NULL;
}

int
engine_start(struct engine *e, const struct engine_sink *sink, struct error *err)
{
    struct ring *ring;
    int rc;

    e->sink = *sink;
    process_block_signals();
    process_catch_stop_signal();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    ring = arena_take_ring(e->arena, RING_LARGE);
    ring_writer_init(&e->writer, e->arena, ring);
    rc = mailbox_init(&e->mailbox);
    if (rc == 0 && (e->epoll_fd = epoll_create1(EPOLL_CLOEXEC)) == -1)
        rc = -errno;
    if (rc == 0)
        rc = watch_all(e);
    if (rc == 0)
        rc = host_control_start(&e->client, e, NULL, NULL);
    if (rc == 0)
        rc = -pthread_create(&e->thread, NULL, collector_run, e);
    if (rc != 0) {
        stop_client(e);
        return error_set(err, rc, "cannot start: %s", error_message(rc));
    }
    e->is_started = true;
    return 0;
}

uint16_t
engine_next_id(uint32_t *last)
{
    return *last < UINT16_MAX ? (uint16_t)++*last : 0;
}

uint32_t
engine_post(struct engine *e, struct request *request, const void *data)
{
    request->id = 1 + atomic_fetch_add(&e->next_request, 1);
    mailbox_post(&e->mailbox, request, data);
    return request->id;
}

void
engine_tell(struct engine *e, struct request *request, const void *data)
{
    request->id = 0;
    mailbox_post(&e->mailbox, request, data);
}

void
engine_set_capture(struct engine *e, enum capture capture)
{
    atomic_store(&e->capture, capture);
}

void
engine_set_resolve_timeout(struct engine *e, int64_t limit_ns)
{
    atomic_store(&e->resolve_timeout_ns, limit_ns);
}

void
engine_kick(struct engine *e)
{
    arena_kick(e->arena);
}

void
engine_set_screen_up(struct engine *e, bool up)
{
    atomic_store(arena_screen_up(e->arena), up);
}

static void
stop_thread(struct engine *e)
{
    struct request request = { .type = REQUEST_QUIT };

    mailbox_post(&e->mailbox, &request, NULL);
    pthread_join(e->thread, NULL);
}

void
engine_stop(struct engine *e)
{
    if (e->is_started)
        stop_thread(e);
    spawner_stop(&e->spawner);
}

void
engine_free(struct engine *e)
{
    if (e == NULL || e->has_given_up)
        return;                 /* a thread still uses it; the exit takes it */
    listener_sweep(e);
    route_free_all(e);
    pending_free_all(e);
    rounds_free_all(e);
    if (e->signals.fd != -1)
        close(e->signals.fd);
    if (e->epoll_fd != -1)
        close(e->epoll_fd);
    if (e->mailbox.eventfd != -1)
        mailbox_fini(&e->mailbox);
    heap_fini(&e->timers);
    buffer_fini(&e->batch);
    buffer_fini(&e->catching_up);
    arena_close(e->arena);
    free(e);
}
