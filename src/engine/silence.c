/* silence.c - the accept timeout: no client while somebody waits in accept.
 *
 * It is timed here, not by the workers: SO_RCVTIMEO on the listening socket belongs
 * to all that share it and is not seen by an accept that already blocks. */
#include "config.h"

#include "engine_private.h"

#include "sockdeck/base/clock.h"

static bool
has_idle_acceptor(struct engine *engine, const struct listener_control *l)
{
    for (const struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->listener == l && h->state == HOST_RUNNING &&
            (h->open == 0 || !h->mode->one_at_a_time))
            return true;
    return false;
}

/* Tells whether the limit runs, where that has changed. */
static void
report(struct engine *engine, struct listener_control *l, bool runs)
{
    struct event event = collector_event(EVENT_WAITS, 0);

    if (runs == l->said_silence_runs)
        return;
    event.listener = l->id;
    event.u.waits = (struct event_waits) {
        .running = runs ? 1u << TIMEOUT_ACCEPT : 0,
        .active_ns = l->silent_since_ns,
    };
    collector_emit(engine, &event, NULL, 0);
    l->said_silence_runs = runs;
}

static void
arm(struct engine *engine, struct listener_control *l)
{
    int64_t limit = l->settings.timeout_ns[TIMEOUT_ACCEPT];
    bool runs = limit > 0 && l->silent_since_ns != 0 && !l->has_reported_silence &&
                !l->is_closing;

    reactor_set_timer(engine, &l->silence, runs ? l->silent_since_ns + limit : CLOCK_NEVER);
    report(engine, l, runs);
}

/* Called with the stamp of each accepted and closed connection, and when hosts or
 * settings have changed. An accept begins a new silence. */
void
silence_update(struct engine *engine, struct listener_control *l, int64_t stamp_ns)
{
    bool was_accepted = l->accepted != l->silence_accepted;

    l->silence_accepted = l->accepted;
    if (!has_idle_acceptor(engine, l))
        l->silent_since_ns = 0;
    else if (l->silent_since_ns == 0 || was_accepted)
        l->silent_since_ns = stamp_ns;
    if (was_accepted || l->silent_since_ns == 0)
        l->has_reported_silence = false;
    arm(engine, l);
}

void
silence_fire(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    struct listener_control *l = (struct listener_control *)(void *)
        ((char *)timer - offsetof(struct listener_control, silence));
    struct event event = collector_event(EVENT_TIMEOUT, now_ns);

    event.listener = l->id;
    event.u.timeout = (struct event_timeout) {
        .kind = TIMEOUT_ACCEPT,
        .limit_ns = l->settings.timeout_ns[TIMEOUT_ACCEPT],
        .after_ns = now_ns - l->silent_since_ns,
    };
    collector_emit(engine, &event, NULL, 0);
    l->has_reported_silence = true;
    arm(engine, l);
}
