/* focus.c - the focus goes where the user, or a lack of choice, puts it. */
#include "config.h"

#include "sockdeck/cmd/focus.h"

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/model/model.h"

static bool
is_open(const struct connection *conn)
{
    return conn != NULL && conn->state != CONN_CLOSED;
}

static uint32_t
find_only_open(const struct model *model)
{
    const struct connection *conn;

    if (model_open_connections(model) != 1)
        return 0;
    for (conn = model_next_connection(model, 0); conn != NULL;
         conn = model_next_connection(model, conn->id + 1))
        if (is_open(conn))
            return conn->id;
    return 0;
}

/* The first accepted one that was not looked at yet. All are looked at then. */
static uint32_t
find_new_accepted(struct focus *focus, const struct model *model)
{
    const struct connection *conn = model_next_connection(model, focus->seen + 1);
    uint32_t found = 0;

    for (; conn != NULL; conn = model_next_connection(model, conn->id + 1)) {
        focus->seen = conn->id;
        if (found == 0 && is_open(conn) && !conn->dialled)
            found = conn->id;
    }
    return found;
}

void
focus_set(struct focus *focus, uint32_t conn)
{
    focus->conn = conn;
    if (conn != 0)
        focus->last = conn;
}

void
focus_update(struct focus *focus, const struct model *model)
{
    uint32_t accepted = find_new_accepted(focus, model);

    if (is_open(model_connection(model, focus->conn)))
        return;
    if (focus->conn != 0) {
        focus->conn = 0;
        accepted = 0;
    }
    if (accepted == 0)
        accepted = find_only_open(model);
    if (accepted != 0)
        focus_set(focus, accepted);
}
