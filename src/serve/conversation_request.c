/* conversation_request.c - what the user asks of a connection: one function for each
 * request, and the table that finds it. */
#include "config.h"

#include <errno.h>
#include <stddef.h>

#include "sockdeck/base/error.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/inspection.h"
#include "sockdeck/serve/ping.h"
#include "sockdeck/serve/request.h"
#include "conversation_private.h"

/* A request on its way through. */
struct asked {
    const struct request *request;
    const char *data;
    int64_t now_ns;
};

static void
agree(struct context *ctx, const struct asked *asked)
{
    context_reply(ctx, asked->request->id, 0, 0, STATUS_OK, NULL);
}

/* A changed limit that has passed already is a deadline that has passed: wants says so,
 * and the owner comes back at once. A read timeout that was kept and reported
 * may end the same wait once more when its limit, or what it does, is changed. */
static void
change_settings(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    const struct request_settings *change = &asked->request->u.settings;
    const struct settings before = c->settings;

    settings_change(&c->settings, &change->values, change->bits);
    if (before.timeout_ns[TIMEOUT_READ] != c->settings.timeout_ns[TIMEOUT_READ] ||
        before.read_then != c->settings.read_then)
        c->read_was_reported = false;
    conversation_emit_settings(c, ctx);
    agree(ctx, asked);
}

static void
inspect(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    struct inspection inspection;

    conversation_inspect(c, &inspection);
    context_reply_data(ctx, asked->request->id, &inspection, sizeof(inspection));
}

static void
send_data(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    conversation_send_for(c, ctx, asked->request, asked->data, asked->now_ns);
}

static void
begin_pings(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    conversation_pings_begin(c, ctx, asked->request->id, &asked->request->u.ping,
                             asked->now_ns);
}

static void
hold_reading(struct conversation *c, struct context *ctx, const struct asked *asked, bool held)
{
    if (c->settings.paused != held) {
        c->settings.paused = held;
        conversation_emit_settings(c, ctx);
    }
    agree(ctx, asked);
}

static void
pause_reading(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    hold_reading(c, ctx, asked, true);
}

static void
resume_reading(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    hold_reading(c, ctx, asked, false);
}

static void
shut_down(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    conversation_shutdown_for(c, ctx, asked->request->id,
                              (enum shutdown_which)asked->request->u.shutdown.which,
                              asked->now_ns);
}

static void
end_by_us(struct conversation *c, struct context *ctx, const struct asked *asked,
          enum closed_how how)
{
    const struct ending ending = { .by = BY_US, .how = how };

    conversation_end(c, ctx, &ending, asked->now_ns);
    agree(ctx, asked);
}

static void
close_it(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    end_by_us(c, ctx, asked, HOW_FIN);
}

static void
reset_it(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    end_by_us(c, ctx, asked, HOW_RST);
}

static void
end_pings_early(struct conversation *c, struct context *ctx, int64_t now_ns)
{
    struct ping_summary summary;

    conversation_pings_end(c, ctx, now_ns);
    ping_run_summary(c->pings, &summary);
    conversation_pings_reply(c, ctx, 0, summary.replied > 0 ? STATUS_OK : STATUS_UNMET, NULL);
}

static void
cancel(struct conversation *c, struct context *ctx, const struct asked *asked)
{
    uint32_t target = asked->request->u.cancel.request;

    if (c->dial != NULL && c->dial->request == target) {
        close_it(c, ctx, asked);
    } else if (c->pings != NULL && ping_run_request(c->pings) == target) {
        end_pings_early(c, ctx, asked->now_ns);
        agree(ctx, asked);
    } else if (conversation_cancel_send(c, ctx, target)) {
        agree(ctx, asked);
    } else {
        context_reply(ctx, asked->request->id, -ENOENT, 0, STATUS_USAGE,
                      "nothing waits for that any more");
    }
}

static const struct {
    void (*run)(struct conversation *, struct context *, const struct asked *);
    bool while_dialling;
} requests[REQUEST_TYPES] = {
    [REQUEST_SETTINGS] = { change_settings, true },
    [REQUEST_INSPECT] = { inspect, true },
    [REQUEST_SEND] = { send_data, false },
    [REQUEST_PING] = { begin_pings, false },
    [REQUEST_PAUSE] = { pause_reading, false },
    [REQUEST_RESUME] = { resume_reading, false },
    [REQUEST_SHUTDOWN] = { shut_down, false },
    [REQUEST_CLOSE] = { close_it, true },
    [REQUEST_RESET] = { reset_it, true },
    [REQUEST_CANCEL] = { cancel, true },
};

void
conversation_request(struct conversation *c, struct context *ctx, const struct request *request,
                     const char *data, int64_t now_ns)
{
    const struct asked asked = { .request = request, .data = data, .now_ns = now_ns };
    struct error err;

    if (request->type >= REQUEST_TYPES || requests[request->type].run == NULL) {
        context_reply(ctx, request->id, -EINVAL, 0, STATUS_INTERNAL,
                      "not a request for a connection");
    } else if (c->state == STATE_DIALLING && !requests[request->type].while_dialling) {
        error_set(&err, -ENOTCONN, "#%u is still connecting", c->id);
        context_reply(ctx, request->id, err.code, 0, STATUS_CONNECT, err.text);
    } else {
        requests[request->type].run(c, ctx, &asked);
    }
    conversation_settle(c, ctx, now_ns);
}
