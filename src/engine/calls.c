/* calls.c - the syscall lens: its switch, and the calls of the collector thread, whose
 * records go into the batch at once, since it may not wait for room in a ring. */
#include "config.h"

#include "engine_private.h"

#include <unistd.h>

#include "sockdeck/base/status.h"

static void
publish(struct lens *lens, struct event *event, const void *data, uint32_t n)
{
    struct engine *engine = (struct engine *)(void *)
        ((char *)lens - offsetof(struct engine, lens));

    event->listener = engine->lens_listener;
    event->pid = getpid();
    event->tid = engine->lens_tid;
    collector_emit(engine, event, data, n);
}

void
calls_init(struct engine *engine)
{
    engine->lens = (struct lens) { .on = arena_lens_on(engine->arena), .publish = publish };
}

struct lens *
calls_lens(struct engine *engine, uint16_t listener)
{
    engine->lens_listener = listener;
    return &engine->lens;
}

bool
calls_are_late(const struct engine *engine, const struct event *event)
{
    return event->type == EVENT_CALL && atomic_load(engine->lens.on) == 0;
}

static void
report(struct engine *engine, bool is_on)
{
    struct event event = collector_event(EVENT_LENS, 0);

    event.u.lens.is_on = is_on;
    collector_emit(engine, &event, NULL, 0);
}

/* An accept that blocks already was entered unwatched: it is made to return, so that
 * the host enters it again. */
static void
renew_accepts(struct engine *engine)
{
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (h->mode != NULL && !h->mode->nonblocking_accept && h->state < HOST_RETIRING)
            host_control_interrupt(engine, h);
}

/* What was published before is taken first, so that what follows the LENS record was
 * seen by the lens as it then stands. */
void
calls_switch(struct engine *engine, const struct request *request)
{
    bool is_on = request->u.calls.is_on != 0;
    bool was_on = atomic_load(arena_lens_on(engine->arena)) != 0;

    if (is_on != was_on) {
        collector_drain_round(engine);
        order_release(&engine->order);
        atomic_store(arena_lens_on(engine->arena), is_on);
        report(engine, is_on);
        if (is_on)
            renew_accepts(engine);
    }
    requests_reply(engine, request->id, 0, 0, STATUS_OK, "%s", "");
}
