/* mode_serial.c - one at a time: accept, serve until the peer leaves, accept the next. */
#include "config.h"

#include "mode_entries.h"

#include <errno.h>
#include <stddef.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/accept.h"
#include "sockdeck/serve/host.h"
#include "sockdeck/serve/serve_one.h"

void
mode_run_one_at_a_time(struct host *host)
{
    for (;;) {
        struct address peer;
        int64_t stamp;
        int fd;

        host_serve_requests(host, NULL, clock_mono_ns());
        if (host_is_retired(host))
            return;
        fd = accept_blocking(host, &peer, &stamp);
        if (fd < 0)
            continue;
        /* Settings that came while it waited hold for this client already. */
        host_serve_requests(host, NULL, clock_mono_ns());
        serve_accepted(host, fd, arena_next_conn(host->arena), &peer, stamp);
    }
}

const struct mode mode_serial = {
    .name = "serial",
    .summary = "one thread: accept, serve until the peer leaves, accept the next",
    .one_at_a_time = true,
    .default_workers = 1,
    .run = mode_run_one_at_a_time,
};
