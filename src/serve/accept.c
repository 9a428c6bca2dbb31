/* accept.c - see accept.h. */
#include "config.h"

#include "sockdeck/serve/accept.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/host.h"

/* How long a host that lacks descriptors or memory does not accept (faults.md, R1). */
#define PAUSE_NS NS_PER_S

enum { DRAIN_MOST = 64 };

static void
report(struct host *host, int code, enum severity severity, bool would_block)
{
    struct event event = context_event(EVENT_ERROR, 0, 0);

    event.u.error = (struct event_error) {
        .code = -code,
        .call = CALL_ACCEPT,
        .severity = severity,
        .would_block = would_block,
    };
    context_emit(&host->ctx, &event, NULL, 0, RING_WAIT);
}

/* accept-timeout=0: the call has returned at once; said once for each wait. */
static void
report_would_block(struct host *host, const struct settings *settings)
{
    if (settings->timeout_ns[TIMEOUT_ACCEPT] != 0 || host->has_reported_block)
        return;
    host->has_reported_block = true;
    report(host, -EAGAIN, SEVERITY_INFO, true);
}

bool
accept_must_try(const struct host *host)
{
    return host->settings.timeout_ns[TIMEOUT_ACCEPT] == 0 && !host->has_reported_block;
}

static void
complain(struct host *host, enum call_name call, int code, int64_t now_ns)
{
    if (now_ns < host->next_complaint_ns)
        return;
    host->next_complaint_ns = now_ns + NS_PER_S;
    host_report_failure(host, call, code);
}

/* The client is gone or the failure is its own: the next accept may well work. */
static bool
is_of_one_client(int code)
{
    return code == -ECONNABORTED || code == -EPROTO || code == -EPERM;
}

void
accept_pause(int64_t deadline_ns)
{
    if (deadline_ns != 0)
        poll(NULL, 0, clock_poll_ms(deadline_ns, clock_mono_ns()));
}

/* Closing with unread bytes would send a reset: what has come so far is read first. */
static void
close_cleanly(struct lens *lens, int fd)
{
    char ignored[4096];

    socket_shutdown(lens, fd, SHUTDOWN_WRITE);
    for (int i = 0; i < DRAIN_MOST && socket_recv(lens, fd, ignored, sizeof(ignored)) > 0; i++)
        ;
    socket_close(lens, fd);
}

int64_t
accept_lacks(struct host *host, enum call_name call, int code)
{
    int64_t now = clock_mono_ns();

    complain(host, call, code, now);
    return now + PAUSE_NS;
}

int64_t
accept_give_up(struct host *host, const struct accepted *client, enum call_name call, int code)
{
    close_cleanly(context_lens(&host->ctx, 0), client->fd);
    return accept_lacks(host, call, code);
}

int
accept_ready(struct host *host, const struct settings *settings, struct accepted *client,
             int64_t *pause_until_ns)
{
    int fd;

    *client = (struct accepted) { .fd = -1, .local = host->local };
    *pause_until_ns = 0;
    fd = socket_accept(context_lens(&host->ctx, 0), host->listen_fd, &client->peer);
    client->stamp_ns = lens_returned_ns(&host->ctx.lens);
    if (fd >= 0) {
        host->has_reported_block = false;
        client->fd = fd;
        return 0;
    }
    if (atomic_load(&host->flags->retired) != 0)
        return -EINTR;          /* a listener that is closed makes accept fail */
    if (fd == -EAGAIN)
        report_would_block(host, settings);
    else if (is_of_one_client(fd))
        report(host, fd, SEVERITY_WARNING, false);
    else if (fd != -EINTR)
        *pause_until_ns = accept_lacks(host, CALL_ACCEPT, fd);
    return fd;
}

/* Until a client is there: for accept-delay and for a non-blocking listener. */
static int
wait_for_client(const struct host *host)
{
    struct pollfd fd = { .fd = host->listen_fd, .events = POLLIN };

    return poll(&fd, 1, -1) == 1 ? 0 : -EINTR;
}

int
accept_blocking(struct host *host, const struct settings *settings, struct accepted *client,
                int64_t *pause_until_ns)
{
    int64_t delay = settings->accept_delay_ns;
    int rc;

    *pause_until_ns = 0;
    if (delay > 0) {
        if (wait_for_client(host) != 0)
            return -EINTR;
        accept_pause(clock_mono_ns() + delay);
        if (atomic_load(&host->flags->retired) != 0)
            return -EINTR;
    }
    rc = accept_ready(host, settings, client, pause_until_ns);
    if (rc == -EAGAIN)
        return wait_for_client(host) == 0 ? rc : -EINTR;
    return rc;
}
