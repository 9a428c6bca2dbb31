/* hosts.c - the console's side of hosts: starting, telling, retiring. What becomes of
 * them is in host_ends.c. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/channel.h"

#define NAG_PERIOD_NS (10 * NS_PER_MS)
#define RETIRE_WAIT_NS (500 * NS_PER_MS)

struct host_control *
host_control_find(struct engine *engine, uint32_t number)
{
    struct host_control *h;

    HASH_FIND(hh, engine->hosts, &number, sizeof(number), h);
    return h;
}

bool
host_control_serves_one_at_a_time(const struct host_control *h)
{
    return h != NULL && h->mode != NULL && h->mode->one_at_a_time;
}

/* --- requests to a host --------------------------------------------------------------- */

static void
drop_unsent(struct host_control *h)
{
    while (h->first != NULL) {
        struct unsent *next = h->first->next;

        free(h->first);
        h->first = next;
    }
    h->last = &h->first;
}

static void
send_unsent(struct engine *engine, struct watch *watch, uint32_t events)
{
    struct host_control *h = (struct host_control *)(void *)
        ((char *)watch - offsetof(struct host_control, room));

    (void)events;
    while (h->first != NULL) {
        struct unsent *u = h->first;

        if (channel_send_request(h->channel, &u->request, u->data) == -EAGAIN)
            return;
        h->first = u->next;
        free(u);
    }
    h->last = &h->first;
    reactor_unwatch(engine, &h->room);
}

static void
keep_unsent(struct engine *engine, struct host_control *h, const struct request *request,
            const void *data)
{
    struct unsent *u = malloc(sizeof(*u) + request->data_size);

    if (u == NULL)
        abort();
    u->next = NULL;
    u->request = *request;
    if (request->data_size > 0)
        memcpy(u->data, data, request->data_size);
    *h->last = u;
    h->last = &u->next;
    h->room.ready = send_unsent;
    if (h->room.fd == -1)
        reactor_watch(engine, &h->room, h->channel, EPOLLOUT);
}

void
host_control_send(struct engine *engine, struct host_control *h, const struct request *request,
                  const void *data)
{
    if (h->channel == -1)
        return;
    atomic_fetch_add(&h->flags->posted, 1);
    if (h->first != NULL || channel_send_request(h->channel, request, data) == -EAGAIN)
        keep_unsent(engine, h, request, data);
}

/* --- retiring --------------------------------------------------------------------------- */

void
host_control_interrupt(struct engine *engine, struct host_control *h)
{
    if (h->host != NULL)
        pthread_kill(h->thread, HOST_STOP_SIGNAL);
    else if (h->pid > 0)
        spawner_signal(&engine->spawner, h->pid, HOST_STOP_SIGNAL);
}

void
host_control_has_retired(struct engine *engine, struct host_control *h)
{
    if (h->state >= HOST_RETIRED)
        return;
    h->state = HOST_RETIRED;
    reactor_set_timer(engine, &h->nag, CLOCK_NEVER);
    if (h->listener != NULL)
        listener_host_retired(engine, h->listener);
}

/* Something was sent to it that it does not see while it blocks in accept. */
static bool
is_awaited(struct engine *engine, const struct host_control *h)
{
    return h->state == HOST_RETIRING || h->late > 0 || round_is_open(engine, h->round);
}

/* The signal may come just before the host enters accept, so it is repeated. A
 * worker that cannot answer (SIGSTOP) is killed when idle; a busy one looks at its
 * retired flag before it accepts again. */
static void
nag(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct host_control *h = (struct host_control *)(void *)
        ((char *)timer - offsetof(struct host_control, nag));

    if (h->state == HOST_RETIRING && now_ns >= h->retire_by_ns) {
        if (h->pid > 0 && h->open == 0)
            spawner_signal(&engine->spawner, h->pid, SIGKILL);
        host_control_has_retired(engine, h);
    } else if (is_awaited(engine, h)) {
        host_control_interrupt(engine, h);
        reactor_set_timer(engine, &h->nag, now_ns + NAG_PERIOD_NS);
    }
}

void
host_control_await(struct engine *engine, struct host_control *h)
{
    if (h->state == HOST_RETIRED || h->nag.node.place != 0)
        return;
    h->nag.fire = nag;
    reactor_set_timer(engine, &h->nag, clock_mono_ns() + NAG_PERIOD_NS);
}

static void
tell(struct engine *engine, struct host_control *h, enum request_type type)
{
    struct request request = { .type = type };

    host_control_send(engine, h, &request, NULL);
}

void
host_control_retire(struct engine *engine, struct host_control *h)
{
    if (h->state >= HOST_RETIRING)
        return;
    h->state = HOST_RETIRING;
    h->retire_by_ns = clock_mono_ns() + RETIRE_WAIT_NS;
    atomic_store(&h->flags->retired, 1);
    tell(engine, h, REQUEST_RETIRE);
    host_control_interrupt(engine, h);
    host_control_await(engine, h);
}

void
host_control_quit(struct engine *engine, struct host_control *h)
{
    tell(engine, h, REQUEST_QUIT);
    host_control_retire(engine, h);
}

/* --- starting ----------------------------------------------------------------------------- */

static void *
run_thread(void *arg)
{
    struct host *host = arg;

    host->ctx.tid = gettid();
    if (host->mode == NULL)
        process_name_thread("client");
    else
        process_name_thread("L%u/%s", host->ctx.listener, host->mode->name);
    process_allow_stop_signal();
    host_run(host);
    return NULL;
}

static void
free_host(struct engine *engine, struct host_control *h)
{
    if (h->host == NULL)
        return;
    if (h->host->listen_fd != -1)
        socket_close(calls_lens(engine, h->host->ctx.listener), h->host->listen_fd);
    h->host->listen_fd = -1;    /* closed here: the host's ring is not for this thread */
    host_fini(h->host);
    free(h->host);
    h->host = NULL;
}

/* Takes fd and channel. */
static int
start_thread(struct engine *engine, struct host_control *h, const struct host_order *order,
             int fd, int channel)
{
    int rc;

    h->flags = &h->own_flags;
    h->host = calloc(1, sizeof(*h->host));
    if (h->host == NULL) {
        if (fd != -1)
            close(fd);
        close(channel);
        return -ENOMEM;
    }
    rc = host_init(h->host, order, engine->arena, &engine->writer, h->flags, fd, channel);
    if (rc == 0)
        rc = -pthread_create(&h->thread, NULL, run_thread, h->host);
    if (rc != 0)
        free_host(engine, h);
    else
        h->state = HOST_RUNNING;
    return rc;
}

static int
start_process(struct engine *engine, struct host_control *h, struct host_order *order, int fd,
              int channel)
{
    h->ring = arena_take_ring(engine->arena, RING_LARGE);
    if (h->ring == NULL)
        return -EAGAIN;
    order->ring = ring_index(engine->arena, h->ring);
    h->flags = arena_host_flags(engine->arena, order->ring);
    atomic_store(&h->flags->retired, 0);
    atomic_store(&h->flags->posted, 0);
    return spawner_order_host(&engine->spawner, order, fd, channel);
}

static int
start(struct engine *engine, struct host_control *h, struct host_order *order)
{
    int fd = h->listener != NULL ? h->listener->fd : -1;
    int pair[2];
    int rc = channel_open(pair);

    if (rc != 0)
        return rc;
    h->channel = pair[0];
    if (h->mode != NULL && h->mode->has_processes) {
        rc = start_process(engine, h, order, fd, pair[1]);
        close(pair[1]);
        return rc;
    }
    if (fd != -1 && (fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1) {
        rc = -errno;
        close(pair[1]);
        return rc;
    }
    return start_thread(engine, h, order, fd, pair[1]);
}

static bool
has_worker_id(const struct mode *mode)
{
    return mode != NULL && mode->has_workers;
}

void
host_control_report_failure(struct engine *engine, const struct host_control *h, int code)
{
    static const char no_id[] = "no worker id is left, W65535 was the last; quit and start again";
    struct event event = collector_event(EVENT_ERROR, 0);

    event.listener = h->listener != NULL ? h->listener->id : 0;
    event.worker = h->worker;
    event.u.error = (struct event_error) {
        .code = -code,
        .call = code == -EOVERFLOW ? CALL_NONE
                : h->mode != NULL && h->mode->has_processes ? CALL_FORK : CALL_PTHREAD_CREATE,
        .severity = SEVERITY_ERROR,
    };
    collector_emit(engine, &event, no_id, code == -EOVERFLOW ? sizeof(no_id) - 1 : 0);
}

void
host_control_free(struct engine *engine, struct host_control *h)
{
    HASH_DEL(engine->hosts, h);
    reactor_set_timer(engine, &h->nag, CLOCK_NEVER);
    reactor_unwatch(engine, &h->room);
    drop_unsent(h);
    if (h->channel != -1)
        close(h->channel);
    if (h->ring != NULL) {
        ring_set_dead(h->ring);
        ring_release(engine->arena, h->ring);
    }
    free_host(engine, h);
    free(h);
}

static struct host_control *
new_host(struct engine *engine, struct listener_control *listener, const struct mode *mode)
{
    struct host_control *h = calloc(1, sizeof(*h));

    if (h == NULL)
        abort();
    h->number = ++engine->last_host;
    h->mode = mode;
    h->listener = listener;
    h->worker = has_worker_id(mode) ? engine_next_id(&engine->last_worker) : 0;
    h->channel = h->room.fd = -1;
    h->last = &h->first;
    h->started_ns = clock_mono_ns();
    h->share = LIMITS_FIRST_SHARE;
    HASH_ADD(hh, engine->hosts, number, sizeof(h->number), h);
    return h;
}

int
host_control_start(struct host_control **out, struct engine *engine,
                   struct listener_control *listener, const struct mode *mode)
{
    struct host_control *h = *out = new_host(engine, listener, mode);
    struct host_order order = {
        .mode = mode != NULL ? mode_index(mode) : UINT32_MAX,
        .listener = listener != NULL ? listener->id : 0,
        .worker = h->worker,
        .number = h->number,
        .max_connections = h->share,
        .settings = listener != NULL ? listener->settings : engine->defaults,
    };
    int rc = has_worker_id(mode) && h->worker == 0 ? -EOVERFLOW : start(engine, h, &order);

    if (rc == 0)
        return 0;
    host_control_report_failure(engine, h, rc);
    host_control_free(engine, h);
    *out = NULL;
    return rc;
}
