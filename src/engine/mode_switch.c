/* mode_switch.c - another concurrency mode on a live listener.
 *
 * The listening socket stays open throughout. First the accepting hosts retire (they
 * keep their connections until those end); when all have acknowledged, the hosts of the new
 * mode start. In between, clients wait in the accept queue, as they would anyway.
 * The same mode with another number of workers is resized in place. */
#include "config.h"

#include "engine_private.h"

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"

static uint32_t
wanted_workers(const struct listener_control *l, const struct mode *mode, uint32_t workers)
{
    if (!mode->has_workers)
        return 1;
    if (workers > 0)
        return workers;
    return l->mode->has_workers ? l->workers : mode->default_workers;
}

static void
report(struct engine *engine, const struct listener_control *l, const struct mode *from)
{
    struct event event = collector_event(EVENT_MODE, 0);

    event.listener = l->id;
    event.u.mode = (struct event_mode) {
        .from = mode_index(from),
        .to = mode_index(l->mode),
        .workers = l->workers,
    };
    collector_emit(engine, &event, NULL, 0);
}

void
mode_switch_order(struct engine *engine, struct listener_control *l,
                  const struct request *request)
{
    const struct mode *mode = modes[request->u.mode.mode];
    uint32_t workers = wanted_workers(l, mode, request->u.mode.workers);
    struct host_control *h, *next;

    /* A newer order replaces one that has not begun, which is then superseded. */
    requests_reply(engine, l->next_request, 0, l->id, STATUS_OK, "%s", "");
    l->next_mode = mode;
    l->next_workers = workers;
    l->next_request = request->id;
    if (mode != l->mode)
        HASH_ITER(hh, engine->hosts, h, next)
            if (h->listener == l)
                host_control_retire(engine, h);
    mode_switch_advance(engine, l);
}

static bool
has_acceptors(struct engine *engine, const struct listener_control *l)
{
    for (const struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->listener == l && h->state < HOST_RETIRED)
            return true;
    return false;
}

void
mode_switch_advance(struct engine *engine, struct listener_control *l)
{
    const struct mode *from = l->mode;

    if (l->next_mode == NULL || l->is_closing)
        return;
    if (l->next_mode != l->mode && has_acceptors(engine, l))
        return;
    l->mode = l->next_mode;
    l->workers = l->next_workers;
    l->next_mode = NULL;
    /* Whoever waited for the former mode's start has it superseded, not failed. */
    requests_reply(engine, l->start_request, 0, l->id, STATUS_OK, "%s", "");
    l->start_request = l->next_request;
    l->next_request = 0;
    listener_set_blocking(l);
    report(engine, l, from);
    listener_start_hosts(engine, l);
}
