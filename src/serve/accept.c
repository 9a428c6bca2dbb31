/* accept.c - see accept.h. */
#include "config.h"

#include "sockdeck/serve/accept.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/socket.h"
#include "sockdeck/serve/host.h"

/* How long a host that lacks descriptors or memory does not accept (faults.md, R1). */
#define PAUSE_NS NS_PER_S

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
report_would_block(struct host *host)
{
    if (host->settings.timeout_ns[TIMEOUT_ACCEPT] != 0 || host->has_reported_block)
        return;
    host->has_reported_block = true;
    report(host, -EAGAIN, SEVERITY_INFO, true);
}

static void
complain(struct host *host, int code, int64_t now_ns)
{
    if (now_ns < host->next_complaint_ns)
        return;
    host->next_complaint_ns = now_ns + NS_PER_S;
    report(host, code, SEVERITY_ERROR, false);
}

/* The client is gone or the failure is its own: the next accept may well work. */
static bool
is_of_one_client(int code)
{
    return code == -ECONNABORTED || code == -EPROTO || code == -EPERM;
}

static void
sleep_until(int64_t deadline_ns)
{
    /* The stop signal cuts it short; the caller looks at everything again. */
    poll(NULL, 0, clock_poll_ms(deadline_ns, clock_mono_ns()));
}

int
accept_ready(struct host *host, struct address *peer, int64_t *stamp_ns, int64_t *pause_until_ns)
{
    int fd = socket_accept(context_lens(&host->ctx, 0), host->listen_fd, peer);

    *stamp_ns = lens_returned_ns(&host->ctx.lens);
    if (fd >= 0) {
        host->has_reported_block = false;
        return fd;
    }
    if (atomic_load(host->retired) != 0)
        return -EINTR;          /* a listener that is closed makes accept fail */
    if (fd == -EAGAIN)
        report_would_block(host);
    else if (is_of_one_client(fd))
        report(host, fd, SEVERITY_WARNING, false);
    else if (fd != -EINTR) {
        complain(host, fd, *stamp_ns);
        *pause_until_ns = *stamp_ns + PAUSE_NS;
    }
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
accept_blocking(struct host *host, struct address *peer, int64_t *stamp_ns)
{
    int64_t delay = host->settings.accept_delay_ns;
    int64_t pause_until = 0;
    int fd;

    if (delay > 0) {
        if (wait_for_client(host) != 0)
            return -EINTR;
        sleep_until(clock_mono_ns() + delay);
        if (atomic_load(host->retired) != 0)
            return -EINTR;
    }
    fd = accept_ready(host, peer, stamp_ns, &pause_until);
    if (fd == -EAGAIN)
        return wait_for_client(host) == 0 ? fd : -EINTR;
    if (pause_until != 0)
        sleep_until(pause_until);
    return fd;
}
