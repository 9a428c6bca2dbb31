/* mode_fork.c - one accepting process; a forked process for each connection, reaped
 * when it ends.
 *
 * DESIGN. The accepting process has one thread, so that its fork(2) is safe. It polls
 * the (non-blocking) listening socket, its channel and a signalfd for SIGCHLD. It takes
 * a small ring for each child before the fork, keeps one end of the child's channel and
 * relays requests (it makes the channel before it accepts, so that no client is lost for
 * want of a descriptor); when it has reaped the child it sets the ring dead, and the
 * collector closes in the books what a killed child left open. A retired one stays
 * until its last child is reaped.
 *
 * What a child touches first, it pays for with a page fault, more than most calls cost:
 * so what can be prepared (its name, what it receives into) is prepared here, where the
 * pages are at hand. */
#include "config.h"

#include "mode_entries.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uthash.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/accept.h"
#include "sockdeck/serve/channel.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/host.h"
#include "sockdeck/serve/process.h"
#include "sockdeck/serve/serve_one.h"

struct child {
    uint32_t id;                /* of its connection */
    pid_t pid;
    int channel;
    struct ring *ring;
    char name[PROCESS_NAME];
    UT_hash_handle hh;
};

struct forker {
    struct host *host;
    struct child *children;     /* by pid */
    int signals;
    int next_channel[2];        /* for the next child, -1: not made yet */
    int64_t pause_until_ns;     /* no accept before: accept-delay, or for lack of */
    bool is_paused;             /* something that an end may give back */
    bool is_delayed;            /* accept-delay has been waited for */
};

/* --- the child --------------------------------------------------------------------------- */

/* Its signals are as its parent has them: reset, SIGCHLD blocked, which it never gets. */
static _Noreturn void
serve_child(struct forker *f, const struct child *child, struct accepted *client, int channel,
            pid_t parent)
{
    struct host *host = f->host;
    const int keep[] = { client->fd, channel, arena_eventfd(host->arena) };
    struct ring_writer writer;

    client->start_ns = clock_mono_ns() - client->start_ns;
    process_die_with(parent);
    process_keep_descriptors(keep, sizeof(keep) / sizeof(keep[0]));
    process_set_thread_name(child->name);
    ring_writer_init(&writer, host->arena, child->ring);
    context_take_over(&host->ctx, &writer);
    host->listen_fd = -1;
    host->channel = channel;
    host->has_said_retired = true;      /* its parent says so for itself */
    serve_accepted(host, client);
    host_serve_requests(host, NULL, clock_mono_ns());   /* too late: refused */
    _exit(0);
}

/* --- the accepting process ------------------------------------------------------------------ */

static void
give_ring_back(struct host *host, struct ring *ring)
{
    ring_set_dead(ring);
    arena_kick_if_asleep(host->arena);
}

/* The child has its own copies of everything. 0 or a negative errno. */
static int
fork_child(struct forker *f, struct child *child, struct accepted *client, int channel)
{
    pid_t parent = getpid();

    snprintf(child->name, sizeof(child->name), "L%u/#%u", f->host->ctx.listener, child->id);
    context_scratch(&f->host->ctx, f->host->settings.recv_size);    /* NULL: it tries itself */
    client->id = child->id;
    client->start_call = CALL_FORK;
    client->start_ns = clock_mono_ns();
    child->pid = fork();
    if (child->pid == 0)
        serve_child(f, child, client, channel, parent);
    return child->pid > 0 ? 0 : -errno;
}

/* 0 or a negative errno; *failed is the call to blame. */
static int
start_child(struct forker *f, struct accepted *client, enum call_name *failed)
{
    struct host *host = f->host;
    struct child *child = calloc(1, sizeof(*child));
    int rc = -ENOMEM;

    *failed = CALL_NONE;
    if (child == NULL)
        return rc;
    child->ring = arena_take_ring(host->arena, RING_SMALL);
    rc = -EAGAIN;
    if (child->ring == NULL)
        goto out;
    child->id = arena_next_conn(host->arena);
    child->channel = f->next_channel[0];
    *failed = CALL_FORK;
    rc = fork_child(f, child, client, f->next_channel[1]);
    if (rc != 0) {
        give_ring_back(host, child->ring);
        goto out;
    }
    HASH_ADD(hh, f->children, pid, sizeof(child->pid), child);
    close(f->next_channel[1]);
    f->next_channel[0] = f->next_channel[1] = -1;
    return 0;
out:
    free(child);
    return rc;
}

static void
pause_accepting(struct forker *f, int64_t until_ns)
{
    f->pause_until_ns = until_ns;
    f->is_paused = until_ns != 0;
}

static void
accept_one(struct forker *f)
{
    struct accepted client;
    enum call_name failed;
    int64_t until;
    int rc = f->next_channel[0] == -1 ? channel_open(f->next_channel) : 0;

    if (rc != 0) {
        pause_accepting(f, accept_lacks(f->host, CALL_NONE, rc));
        return;
    }
    if (accept_ready(f->host, &f->host->settings, &client, &until) != 0) {
        pause_accepting(f, until);
        return;
    }
    rc = start_child(f, &client, &failed);
    if (rc != 0)
        pause_accepting(f, accept_give_up(f->host, &client, failed, rc));
    else
        socket_close(context_lens(&f->host->ctx, 0), client.fd);
}

static void
client_waits(struct forker *f)
{
    int64_t delay = f->host->settings.accept_delay_ns;

    if (delay > 0 && !f->is_delayed) {
        f->is_delayed = true;
        f->pause_until_ns = clock_mono_ns() + delay;
        return;
    }
    f->is_delayed = false;
    accept_one(f);
}

/* --- ends ------------------------------------------------------------------------------------ */

/* In the child's name: a process that was hurt cannot say so itself. */
static void
report_child(struct host *host, const struct child *child, enum worker_state state, int number)
{
    struct event event = context_event(EVENT_WORKER, child->id, 0);
    struct context ctx = host->ctx;

    ctx.pid = ctx.tid = child->pid;
    event.flags = EVENT_URGENT;
    event.u.worker = (struct event_worker) { .state = state, .signal = number };
    context_emit(&ctx, &event, NULL, 0, RING_WAIT);
}

static struct child *
find_by_pid(struct forker *f, pid_t pid)
{
    struct child *child;

    HASH_FIND(hh, f->children, &pid, sizeof(pid), child);
    return child;
}

static void
bury(struct forker *f, struct child *child)
{
    HASH_DEL(f->children, child);
    close(child->channel);
    give_ring_back(f->host, child->ring);
    free(child);
    if (f->is_paused)
        pause_accepting(f, 0);
}

static void
child_changed(struct forker *f, struct child *child, const siginfo_t *info)
{
    switch (info->si_code) {
    case CLD_STOPPED:
    case CLD_TRAPPED:
        report_child(f->host, child, WORKER_STOPPED, info->si_status);
        break;
    case CLD_CONTINUED:
        report_child(f->host, child, WORKER_CONTINUED, 0);
        break;
    case CLD_KILLED:
    case CLD_DUMPED:
        report_child(f->host, child, WORKER_KILLED, info->si_status);
        bury(f, child);
        break;
    default:
        bury(f, child);
        break;
    }
}

static void
reap(struct forker *f)
{
    struct signalfd_siginfo ignored;

    while (read(f->signals, &ignored, sizeof(ignored)) > 0)
        ;
    for (;;) {
        siginfo_t info = { .si_pid = 0 };
        struct child *child;

        if (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG) != 0 ||
            info.si_pid == 0)
            return;
        child = find_by_pid(f, info.si_pid);
        if (child != NULL)
            child_changed(f, child, &info);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

static void
relay(struct forker *f, const struct request *request)
{
    struct host *host = f->host;
    struct child *child, *next;
    bool is_found = request->conn == 0;
    int code;

    if (request->conn == 0)
        host_reply_for_all(host, request, HASH_COUNT(f->children));
    HASH_ITER(hh, f->children, child, next) {
        if (!host_request_is_for(request, child->id))
            continue;
        is_found = true;
        code = channel_send_request(child->channel, request, host->data);
        if (code == -EPIPE)     /* it has ended, with its connection */
            host_refuse(host, request);
        else if (code != 0)
            context_reply(&host->ctx, request->id, -EBUSY, 0, STATUS_RECEIVE,
                          "its process takes no requests now");
    }
    if (!is_found)
        host_refuse(host, request);
}

static void
take_requests(struct forker *f)
{
    struct request quit = { .type = REQUEST_QUIT };
    struct child *child, *next;

    while (host_next_request(f->host))
        relay(f, &f->host->request);
    if (f->host->is_quitting)
        HASH_ITER(hh, f->children, child, next)
            channel_send_request(child->channel, &quit, NULL);
}

/* --- the loop ----------------------------------------------------------------------------------- */

static bool
may_accept(const struct forker *f, int64_t now_ns)
{
    return now_ns >= f->pause_until_ns &&
           HASH_COUNT(f->children) < f->host->max_connections;
}

static void
wait_and_handle(struct forker *f, bool retired)
{
    struct host *host = f->host;
    int64_t now = clock_mono_ns();
    bool accepts = !retired && may_accept(f, now);
    bool must_try = accepts && accept_must_try(host);
    struct pollfd fds[] = {
        { .fd = f->signals, .events = POLLIN },
        { .fd = host->is_quitting ? -1 : host->channel, .events = POLLIN },
        { .fd = accepts ? host->listen_fd : -1, .events = POLLIN },
    };
    int64_t deadline = !retired && now < f->pause_until_ns ? f->pause_until_ns : CLOCK_NEVER;

    if (poll(fds, 3, must_try ? 0 : clock_poll_ms(deadline, now)) == -1)
        return;
    if (fds[1].revents != 0)
        take_requests(f);
    if (fds[0].revents != 0)
        reap(f);
    if ((fds[2].revents != 0 || must_try) && !host_is_retired(host))
        client_waits(f);
}

static void
run(struct host *host)
{
    struct forker f = { .host = host, .next_channel = { -1, -1 } };
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    f.signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (f.signals == -1) {
        host_report_failure(host, CALL_NONE, -errno);
        return;
    }
    while (!host_is_retired(host) || f.children != NULL)
        wait_and_handle(&f, host_is_retired(host));
    for (int i = 0; i < 2; i++)
        if (f.next_channel[i] != -1)
            close(f.next_channel[i]);
    close(f.signals);
}

const struct mode mode_fork = {
    .name = "fork",
    .summary = "one accepting process; a forked process for each connection",
    .has_processes = true,
    .nonblocking_accept = true,
    .each_starts = CALL_FORK,
    .default_workers = 1,
    .run = run,
};
