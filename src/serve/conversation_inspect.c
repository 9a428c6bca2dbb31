/* conversation_inspect.c - what only the owner of a socket can tell of it. */
#include "config.h"

#include "sockdeck/net/socket.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/inspection.h"
#include "conversation_private.h"

void
conversation_inspect(const struct conversation *c, struct inspection *inspection)
{
    struct address local;

    *inspection = (struct inspection) { .queued = buffer_size(&c->queue) };
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        inspection->since_ns[kind] = conversation_wait_began(c, (enum timeout_kind)kind);
    insight_options(c->fd, inspection->options);
    if (socket_local(NULL, c->fd, &local) == 0)
        address_text(&local, inspection->local);
}
