/* pending.c - requests that a host has not answered yet: each gets one reply, from
 * the host, or from here when the host cannot. */
#include "config.h"

#include "engine_private.h"

#include <stdlib.h>

#include "sockdeck/base/status.h"

void
pending_add(struct engine *engine, const struct request *request, struct host_control *host,
            const struct ring *ring)
{
    struct pending *p;

    if (request->id == 0)
        return;
    p = calloc(1, sizeof(*p));
    if (p == NULL)
        abort();
    p->request = request->id;
    p->conn = request->conn;
    p->status = request->type == REQUEST_DIAL ? STATUS_CONNECT : STATUS_RECEIVE;
    p->host = host;
    p->ring = ring;
    HASH_ADD(hh, engine->pending, request, sizeof(p->request), p);
}

const struct pending *
pending_find(struct engine *engine, uint32_t request)
{
    struct pending *p;

    HASH_FIND(hh, engine->pending, &request, sizeof(request), p);
    return p;
}

static void
drop(struct engine *engine, struct pending *p)
{
    if (p->is_late)
        p->host->late--;
    HASH_DEL(engine->pending, p);
    free(p);
}

bool
pending_end(struct engine *engine, uint32_t request)
{
    struct pending *p;

    HASH_FIND(hh, engine->pending, &request, sizeof(request), p);
    if (p == NULL)
        return false;
    drop(engine, p);
    return true;
}

static void
fail(struct engine *engine, struct pending *p, int code, const char *sentence)
{
    requests_reply(engine, p->request, code, 0, p->status, "%s", sentence);
    drop(engine, p);
}

void
pending_fail(struct engine *engine, const struct host_control *host, int code,
             const char *sentence)
{
    struct pending *p, *next;

    HASH_ITER(hh, engine->pending, p, next)
        if (p->host == host)
            fail(engine, p, code, sentence);
}

void
pending_fail_ring(struct engine *engine, const struct ring *ring, int code,
                  const char *sentence)
{
    struct pending *p, *next;

    HASH_ITER(hh, engine->pending, p, next)
        if (p->ring == ring)
            fail(engine, p, code, sentence);
}

void
pending_connection_ended(struct engine *engine, uint32_t conn)
{
    for (struct pending *p = engine->pending; p != NULL; p = p->hh.next) {
        if (p->conn != conn || p->is_late || !host_control_serves_one_at_a_time(p->host))
            continue;
        p->is_late = true;
        p->host->late++;
        host_control_await(engine, p->host);
    }
}

void
pending_free_all(struct engine *engine)
{
    struct pending *p, *next;

    HASH_ITER(hh, engine->pending, p, next) {
        HASH_DEL(engine->pending, p);
        free(p);
    }
}
