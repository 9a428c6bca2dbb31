/* limits.c - how many connections a listener serves at a time, shared out among its hosts.
 *
 * Each accepting host has an equal share, at least 1. What others hold counts against
 * the limit: hosts that have retired with connections open, and those that had more
 * than their share when it sank; as theirs end, the shares of the others grow. */
#include "config.h"

#include "engine_private.h"

struct sharing {
    uint32_t left;              /* of the limit, for those that are not over their share */
    uint32_t sharers;
    bool is_uneven;             /* it will change when a connection ends */
};

static bool
is_acceptor(const struct listener_control *l, const struct host_control *h)
{
    return h->listener == l && h->state < HOST_RETIRING;
}

static void
take_away(struct sharing *s, uint32_t held)
{
    s->left -= held < s->left ? held : s->left;
    s->is_uneven = s->is_uneven || held > 0;
}

static uint32_t
even_share(const struct sharing *s)
{
    return s->sharers > 0 ? s->left / s->sharers : 0;
}

/* Takes one host out that holds more than the even share now. False: there is none. */
static bool
take_out_one(struct engine *engine, const struct listener_control *l, struct sharing *s)
{
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next)
        if (is_acceptor(l, h) && !h->is_over && h->open > even_share(s) + 1) {
            h->is_over = true;
            s->sharers--;
            take_away(s, h->open);
            return true;
        }
    return false;
}

static struct sharing
measure(struct engine *engine, const struct listener_control *l)
{
    struct sharing s = { .left = engine->max_connections };

    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next) {
        if (h->listener != l)
            continue;
        h->is_over = false;
        if (is_acceptor(l, h))
            s.sharers++;
        else
            take_away(&s, h->open);
    }
    while (take_out_one(engine, l, &s))
        ;
    return s;
}

/* round: NULL, nobody waits until it has it. */
static void
tell(struct engine *engine, struct round *round, struct host_control *h, uint32_t share)
{
    struct request request = {
        .type = REQUEST_LIMIT,
        .u.limit.max_connections = share > 0 ? share : 1,
    };

    if (round == NULL && h->share == request.u.limit.max_connections)
        return;
    h->share = request.u.limit.max_connections;
    if (round != NULL)
        round_tell(engine, round, h, &request);
    else
        host_control_send(engine, h, &request, NULL);
}

static void
share_out(struct engine *engine, struct listener_control *l, struct round *round)
{
    struct sharing s = measure(engine, l);
    uint32_t even = even_share(&s), more = s.sharers > 0 ? s.left % s.sharers : 0;

    l->is_uneven = s.is_uneven;
    for (struct host_control *h = engine->hosts; h != NULL; h = h->hh.next) {
        if (!is_acceptor(l, h))
            continue;
        if (h->is_over) {
            tell(engine, round, h, even);
            continue;
        }
        tell(engine, round, h, even + (more > 0));
        more -= more > 0;
    }
}

void
limits_share_out(struct engine *engine, struct listener_control *l)
{
    share_out(engine, l, NULL);
}

void
limits_connection_ended(struct engine *engine, struct listener_control *l)
{
    if (l->is_uneven && !l->is_closing)
        limits_share_out(engine, l);
}

void
limits_change(struct engine *engine, const struct request *request)
{
    struct round *round = round_open(engine, request->id, 0);

    engine->max_connections = request->u.limit.max_connections;
    for (struct listener_control *l = engine->listeners; l != NULL; l = l->hh.next)
        if (!l->is_closing)
            share_out(engine, l, round);
    round_close(engine, round);
}
