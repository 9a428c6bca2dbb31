/* mode_serial.c - one at a time: accept, serve until the peer leaves, accept the next. */
#include "config.h"

#include "mode_entries.h"

#include <errno.h>
#include <stddef.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/serve/accept.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/host.h"
#include "sockdeck/serve/serve_one.h"

void
mode_run_one_at_a_time(struct host *host)
{
    for (;;) {
        struct accepted client;
        int64_t pause_until;

        host_serve_posted_requests(host);
        if (host_is_retired(host))
            return;
        if (accept_blocking(host, &host->settings, &client, &pause_until) != 0) {
            accept_pause(pause_until);
            continue;
        }
        /* Settings that came while it waited hold for this client already. */
        host_serve_posted_requests(host);
        client.id = arena_next_conn(host->arena);
        serve_accepted(host, &client);
    }
}

const struct mode mode_serial = {
    .name = "serial",
    .summary = "one thread: accept, serve until the peer leaves, accept the next",
    .one_at_a_time = true,
    .default_workers = 1,
    .run = mode_run_one_at_a_time,
};
