/* deadlines.c - which limit of a connection ends first; that of a listener. */
#include "config.h"

#include "sockdeck/model/model.h"

/* When the wait of that kind began; 0: none goes on. A connect is all there is until it
 * has ended. */
static int64_t
wait_began(const struct connection *c, enum timeout_kind kind)
{
    if (c->state == CONN_CLOSED || (c->state == CONN_CONNECTING) != (kind == TIMEOUT_CONNECT))
        return 0;
    if (kind == TIMEOUT_CONNECT)
        return c->active_ns;
    if ((c->waits & 1u << kind) == 0)
        return 0;
    switch (kind) {
    case TIMEOUT_READ:
        return c->read_since_ns;
    case TIMEOUT_SEND:
        return c->send_since_ns;
    default:
        return c->active_ns;
    }
}

bool
model_nearest_deadline(const struct connection *c, struct deadline *nearest)
{
    bool found = false;

    for (int i = 0; i < TIMEOUT_KINDS; i++) {
        enum timeout_kind kind = (enum timeout_kind)i;
        int64_t since = wait_began(c, kind), limit = c->settings.timeout_ns[kind];

        if (since == 0 || limit <= 0)
            continue;
        if (found && since + limit >= nearest->since_ns + nearest->limit_ns)
            continue;
        *nearest = (struct deadline) { kind, since, limit };
        found = true;
    }
    return found;
}

bool
model_accept_deadline(const struct listener *listener, struct deadline *deadline)
{
    int64_t limit = listener->settings.timeout_ns[TIMEOUT_ACCEPT];

    if (listener->stopped || listener->silent_since_ns == 0 || limit <= 0)
        return false;
    *deadline = (struct deadline) { TIMEOUT_ACCEPT, listener->silent_since_ns, limit };
    return true;
}
