/* listeners.c - a listener's life: opening, its hosts, their restarts, closing. */
#include "config.h"

#include "engine_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/socket.h"

/* A worker that lived shorter than this and served nobody is restarted with growing delays. */
#define SHORT_LIFE_NS NS_PER_S
#define RESTART_FIRST_NS (100 * NS_PER_MS)
#define RESTART_MOST_NS (10 * NS_PER_S)

struct listener_control *
listener_find(struct engine *engine, uint32_t id)
{
    uint16_t key = (uint16_t)id;
    struct listener_control *l;

    if (id == 0 || id > UINT16_MAX)
        return NULL;
    HASH_FIND(hh, engine->listeners, &key, sizeof(key), l);
    return l;
}

bool
listener_repeats(struct engine *engine, const struct event *event)
{
    struct listener_control *l;

    if (event->type != EVENT_ERROR || event->conn != 0 ||
        event->u.error.severity != SEVERITY_ERROR)
        return false;
    l = listener_find(engine, event->listener);
    if (l == NULL)
        return false;
    if (event->stamp_ns < l->next_complaint_ns)
        return true;
    l->next_complaint_ns = event->stamp_ns + NS_PER_S;
    return false;
}

/* stamp_ns: of the call that did it, 0: now. */
static void
report(struct engine *engine, const struct listener_control *l, enum event_type type,
       int64_t stamp_ns)
{
    struct event event = collector_event(type, stamp_ns);

    event.listener = l->id;
    event.u.listening = (struct event_listening) {
        .mode = mode_index(l->mode),
        .workers = l->workers,
        .backlog = l->backlog,
    };
    collector_emit(engine, &event, l->text, (uint32_t)strlen(l->text) + 1);
}

/* Its state as the model wants it: the settings. */
static void
report_settings(struct engine *engine, const struct listener_control *l)
{
    struct event event = collector_event(EVENT_SETTINGS, 0);

    event.listener = l->id;
    collector_emit(engine, &event, &l->settings, sizeof(l->settings));
}

/* --- hosts ------------------------------------------------------------------------------ */

static bool
is_acceptor(const struct listener_control *l, const struct host_control *h)
{
    return h->listener == l && h->state < HOST_RETIRING;
}

static uint32_t
count_acceptors(struct engine *engine, const struct listener_control *l)
{
    uint32_t n = 0;

    for (const struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        n += is_acceptor(l, h);
    return n;
}

/* The accepting hosts retire; those without a connection go first when only some do. */
static void
retire_down_to(struct engine *engine, struct listener_control *l, uint32_t n)
{
    uint32_t left = count_acceptors(engine, l);

    for (int busy = 0; busy <= 1; busy++) {
        struct host_control *h, *next;

        HASH_ITER(hh, engine->hosts, h, next) {
            if (left <= n)
                return;
            if (is_acceptor(l, h) && (busy || h->open == 0)) {
                host_control_retire(engine, h);
                left--;
            }
        }
    }
}

static void
answer_start(struct engine *engine, struct listener_control *l)
{
    if (l->starting > 0)
        return;
    requests_reply(engine, l->start_request, 0, l->id, STATUS_OK, "%s", "");
    l->start_request = 0;
    silence_update(engine, l, clock_mono_ns());
}

static void
retry_later(struct engine *engine, struct listener_control *l)
{
    reactor_set_timer(engine, &l->restart, clock_mono_ns() + l->restart_delay_ns);
    l->restart_delay_ns *= 2;
    if (l->restart_delay_ns > RESTART_MOST_NS)
        l->restart_delay_ns = RESTART_MOST_NS;
}

static void
restart(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct listener_control *l = (struct listener_control *)(void *)
        ((char *)timer - offsetof(struct listener_control, restart));

    (void)now_ns;
    listener_start_hosts(engine, l);
}

/* As many acceptors as are wanted: more are started, too many retire. */
void
listener_start_hosts(struct engine *engine, struct listener_control *l)
{
    uint32_t have = count_acceptors(engine, l);

    if (l->is_closing || l->next_mode != NULL)
        return;
    retire_down_to(engine, l, l->workers);
    for (; have < l->workers; have++) {
        struct host_control *h;

        if (host_control_start(&h, engine, l, l->mode) != 0) {
            retry_later(engine, l);
            break;
        }
        l->starting += h->ring != NULL;         /* a thread runs already */
    }
    limits_share_out(engine, l);
    answer_start(engine, l);
}

void
listener_host_started(struct engine *engine, struct listener_control *l)
{
    l->starting--;
    answer_start(engine, l);
}

void
listener_host_failed(struct engine *engine, struct listener_control *l)
{
    l->starting--;
    retry_later(engine, l);
    answer_start(engine, l);
}

static void
forget(struct engine *engine, struct listener_control *l)
{
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->listener == l)
            return;
    /* A worker that could not be started may have set it after the close. */
    reactor_set_timer(engine, &l->restart, CLOCK_NEVER);
    HASH_DEL(engine->listeners, l);
    free(l);
}

/* The last acceptor has retired: nothing is accepted any more. */
static void
finish_close(struct engine *engine, struct listener_control *l)
{
    if (l->is_closed || count_acceptors(engine, l) > 0)
        return;
    l->is_closed = true;
    socket_close(calls_lens(engine, l->id), l->fd);
    l->fd = -1;
    report(engine, l, EVENT_STOPPED, lens_returned_ns(&engine->lens));
    requests_reply(engine, l->close_request, 0, l->id, STATUS_OK, "%s", "");
}

void
listener_host_retired(struct engine *engine, struct listener_control *l)
{
    silence_update(engine, l, clock_mono_ns());
    limits_share_out(engine, l);
    if (l->is_closing) {
        for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
            if (h->listener == l && h->state < HOST_RETIRED)
                return;
        finish_close(engine, l);
    } else {
        mode_switch_advance(engine, l);
    }
}

int64_t
listener_restart_delay(const struct host_control *h)
{
    if (h->listener == NULL || h->accepted > 0 ||
        clock_mono_ns() - h->started_ns >= SHORT_LIFE_NS)
        return 0;
    return h->listener->restart_delay_ns;
}

void
listener_host_ended(struct engine *engine, struct listener_control *l, int64_t delay_ns)
{
    if (delay_ns > 0) {
        retry_later(engine, l);
    } else {
        l->restart_delay_ns = RESTART_FIRST_NS;
        reactor_set_timer(engine, &l->restart, 0);
    }
}

void
listener_sweep(struct engine *engine)
{
    struct listener_control *l, *next;

    HASH_ITER(hh, engine->listeners, l, next)
        if (l->is_closed)
            forget(engine, l);
}

/* --- opening ------------------------------------------------------------------------------ */

void
listener_report_failure(struct engine *engine, const struct request *request, int code,
                        enum call_name failed, const struct error *err)
{
    bool was_called = failed != CALL_GETADDRINFO;
    enum status status = was_called ? STATUS_CONNECT : STATUS_RESOLVE;
    struct event event = collector_event(EVENT_ERROR,
                                         was_called ? lens_returned_ns(&engine->lens) : 0);

    event.u.error = (struct event_error) {
        .code = -code,
        .call = failed,
        .severity = SEVERITY_ERROR,
    };
    collector_emit(engine, &event, err->text, (uint32_t)strlen(err->text));
    requests_reply(engine, request->id, code, 0, status, "%s", err->text);
}

int
listener_no_id(struct error *err)
{
    return error_set(err, -EOVERFLOW, "no listener id is left, L%d was the last; quit and start "
                     "again", UINT16_MAX);
}

static struct listener_control *
new_listener(struct engine *engine, const struct request_listen *order)
{
    struct listener_control *l = calloc(1, sizeof(*l));

    if (l == NULL)
        abort();
    l->id = engine_next_id(&engine->last_listener);
    l->mode = l->next_mode = NULL;
    l->mode = modes[order->mode];
    l->workers = !l->mode->has_workers ? 1
        : order->workers > 0 ? order->workers : l->mode->default_workers;
    l->backlog = order->backlog;
    l->settings = order->settings;
    l->settings.capture = (uint8_t)atomic_load(&engine->capture);
    l->restart_delay_ns = RESTART_FIRST_NS;
    l->restart.fire = restart;
    l->silence.fire = silence_fire;
    l->arrivals.fd = -1;
    return l;
}

/* Whoever accepts must not block: the mode polls, or accept-timeout is 0. */
void
listener_set_blocking(const struct listener_control *l)
{
    socket_set_nonblocking(l->fd, l->mode->nonblocking_accept ||
                                  l->settings.timeout_ns[TIMEOUT_ACCEPT] == 0);
}

void
listener_open(struct engine *engine, const struct posted *posted)
{
    const struct request_listen *order = &posted->request.u.listen;
    struct endpoint endpoint;
    struct listener_control *l;
    enum call_name failed = CALL_GETADDRINFO;
    struct address address;
    struct error err;
    int rc;

    memcpy(&endpoint, posted->data, sizeof(endpoint));
    rc = endpoint_address(&endpoint, &address);
    if (rc != 0) {
        rc = error_set(&err, -EADDRNOTAVAIL, "%s: not an address; give a numeric one, "
                       "localhost or *", endpoint.host);
    } else if (engine->last_listener == UINT16_MAX) {
        failed = CALL_NONE;
        rc = listener_no_id(&err);
    } else {
        rc = socket_listen(calls_lens(engine, 0), &address, (int)order->backlog, &failed, &err);
    }
    if (rc < 0) {
        listener_report_failure(engine, &posted->request, rc, failed, &err);
        return;
    }
    l = new_listener(engine, order);
    l->fd = rc;
    l->address = address;
    address_text(&address, l->text);
    HASH_ADD(hh, engine->listeners, id, sizeof(l->id), l);
    listener_set_blocking(l);
    report(engine, l, EVENT_LISTENING, lens_returned_ns(&engine->lens));
    report_settings(engine, l);
    gauge_start(engine, l);
    l->start_request = posted->request.id;
    listener_start_hosts(engine, l);
}

/* --- changing and closing ------------------------------------------------------------------- */

void
listener_change(struct engine *engine, struct listener_control *l, const struct request *request)
{
    const int64_t limit_ns = l->settings.timeout_ns[TIMEOUT_ACCEPT];
    struct round *round = round_open(engine, request->id, l->id);

    settings_change(&l->settings, &request->u.settings.values, request->u.settings.bits);
    if (l->settings.timeout_ns[TIMEOUT_ACCEPT] != limit_ns)
        l->has_reported_silence = false;        /* another limit may end it once more */
    listener_set_blocking(l);
    report_settings(engine, l);
    silence_update(engine, l, clock_mono_ns());
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->listener == l)
            round_tell(engine, round, h, request);
    round_close(engine, round);
}

void
listener_close(struct engine *engine, struct listener_control *l, uint32_t request)
{
    struct host_control *h, *next;

    if (l->is_closing) {
        requests_reply(engine, request, -EALREADY, l->id, STATUS_USAGE, "L%u is closing already",
                       l->id);
        return;
    }
    l->is_closing = true;
    l->close_request = request;
    requests_reply(engine, l->start_request, -ECANCELED, l->id, STATUS_CONNECT,
                   "L%u was closed", l->id);
    requests_reply(engine, l->next_request, -ECANCELED, l->id, STATUS_CONNECT,
                   "L%u was closed", l->id);
    l->start_request = l->next_request = 0;
    l->next_mode = NULL;
    gauge_stop(engine, l);
    reactor_set_timer(engine, &l->restart, CLOCK_NEVER);
    reactor_set_timer(engine, &l->silence, CLOCK_NEVER);
    HASH_ITER(hh, engine->hosts, h, next)
        if (h->listener == l)
            atomic_store(&h->flags->retired, 1);
    /* Every copy of the socket stops listening, those of busy workers too. */
    socket_shutdown(calls_lens(engine, l->id), l->fd, SHUTDOWN_READ);
    retire_down_to(engine, l, 0);
    listener_host_retired(engine, l);
}
