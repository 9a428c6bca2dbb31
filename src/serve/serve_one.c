/* serve_one.c - see serve_one.h. */
#include "config.h"

#include "sockdeck/serve/serve_one.h"

#include <poll.h>
#include <stddef.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/host.h"

/* A stream that fills each recv is read without a poll in between, but for one in so
 * many turns, which looks at the inbox too. */
enum { TURNS_UNPOLLED = 8 };

struct host_inbox {
    struct inbox inbox;         /* first: serve casts back */
    struct host *host;
};

/* Waits until the connection or the inbox has something, or the deadline. */
static void
wait_for_both(struct pollfd fds[2], int64_t deadline_ns)
{
    int timeout_ms = deadline_ns == CLOCK_NEVER ? -1
                     : clock_poll_ms(deadline_ns, clock_mono_ns());

    if (poll(fds, 2, timeout_ms) == -1)
        fds[0].revents = fds[1].revents = 0;
}

void
serve_one(struct conversation *c, struct context *ctx, struct inbox *inbox)
{
    struct wants wants = conversation_wants(c);

    for (unsigned turn = 0; !wants.ended; turn++) {
        struct pollfd fds[] = {
            { .fd = c->fd, .events = wants.events },
            { .fd = inbox->fd, .events = POLLIN },
        };
        int64_t now;

        if (wants.more_is_likely && turn % TURNS_UNPOLLED != 0)
            fds[0].revents = POLLIN;
        else
            wait_for_both(fds, wants.deadline_ns);
        now = clock_mono_ns();
        if (fds[1].revents != 0) {
            inbox->serve(inbox, c, now);
            wants = conversation_wants(c);
        }
        if (!wants.ended)
            conversation_advance(c, ctx, fds[0].revents, now);
        wants = conversation_wants(c);
    }
}

static void
serve_channel(struct inbox *inbox, struct conversation *c, int64_t now_ns)
{
    host_serve_requests(((struct host_inbox *)inbox)->host, c, now_ns);
}

void
serve_accepted(struct host *host, const struct accepted *client)
{
    struct host_inbox inbox = {
        .inbox = { .fd = host->channel, .serve = serve_channel },
        .host = host,
    };
    struct conversation c;

    conversation_accept(&c, &host->ctx, client, &host->settings);
    if (host->is_quitting && !conversation_wants(&c).ended)
        host_close(host, &c, clock_mono_ns());
    serve_one(&c, &host->ctx, &inbox.inbox);
    conversation_fini(&c, &host->ctx);
}
