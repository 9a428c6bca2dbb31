/* tables_info.c - a connection in full: what the console knows, and what the kernel
 * says of both its ends. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/net/address.h"
#include "info_rows.h"
#include "info_table.h"

static unsigned
known_of(const struct info_side *side)
{
    return (side->has_row ? NEEDS_ROW : 0) | (side->has_tcp ? NEEDS_TCP : 0) |
           (side->has_tcp && side->tcp.has_info ? NEEDS_INFO : 0) |
           (side->has_inspection ? NEEDS_INSPECTION : 0);
}

static void
put_state_meaning(struct table *table, const struct info_side *here, const struct info_side *there)
{
    const char *ours = here->has_tcp ? insight_state_meaning(here->tcp.state)
                                     : "the kernel has nothing left of it";

    if (there->has_tcp && (!here->has_tcp || there->tcp.state != here->tcp.state))
        table_text(table, table->column_count - 1, "%s. Peer: %s", ours,
                   insight_state_meaning(there->tcp.state));
    else
        table_text(table, table->column_count - 1, "%s", ours);
}

static void
add_row(struct table *table, const struct info_row *row, const struct info_side *here,
        const struct info_side *there)
{
    info_table_begin(table, row->name, row->meaning != NULL ? row->meaning : "");
    if ((row->needs & ~known_of(here)) == 0)
        row->put(row, here, table, INFO_VALUE);
    if (info_table_has_peer(table) && (row->needs & ~known_of(there)) == 0)
        row->put(row, there, table, INFO_PEER);
    if (row->meaning == NULL)
        put_state_meaning(table, here, there);
    info_table_end(table);
}

int
tables_read_address(const char *text, struct address *address)
{
    struct endpoint endpoint;
    int code;

    if (text[0] == '\0')
        return -EINVAL;
    code = endpoint_parse(text, NULL, true, &endpoint, NULL);
    return code == 0 ? endpoint_address(&endpoint, address) : code;
}

/* A pair of addresses may be used again: what is in a state that a closed connection
 * cannot be in is another connection. */
static bool
is_another(const struct info_side *side)
{
    const char *state = insight_state_name(side->tcp.state);

    return side->has_row && side->row.state == CONN_CLOSED && side->tcp.inode != 0 &&
           (strcmp(state, "ESTABLISHED") == 0 || strncmp(state, "SYN_", 4) == 0 ||
            strcmp(state, "CLOSE_WAIT") == 0);
}

static void
ask_kernel(struct console *console, struct info_side *here, struct info_side *there)
{
    const char *local_text = here->row.local[0] != '\0' ? here->row.local : here->inspection.local;
    struct address local, peer;

    if (tables_read_address(local_text, &local) != 0 ||
        tables_read_address(here->row.peer, &peer) != 0)
        return;
    here->has_tcp = insight_of_pair(&local, &peer, &here->tcp) == 0;
    if (here->has_tcp && is_another(here)) {
        here->has_tcp = there->has_row = false;
        here->is_gone = true;
        return;
    }
    here->is_gone = !here->has_tcp && here->row.state == CONN_CLOSED;
    there->has_tcp = insight_of_pair(&peer, &local, &there->tcp) == 0;
    if (there->has_tcp && !there->has_row && there->tcp.inode != 0) {
        socket_owner_find(&console->owner, there->tcp.inode);
        there->owner = console->owner;
    }
}

static void
take_end(const struct model *model, const struct info_end *end, int64_t now_ns,
         struct info_side *side)
{
    const struct connection *conn = end->id != 0 ? model_connection(model, end->id) : NULL;

    *side = (struct info_side){
        .now_ns = now_ns,
        .has_row = conn != NULL,
        .has_inspection = end->has_inspection,
        .inspection = end->inspection,
    };
    if (conn != NULL)
        side->row = *conn;
}

void
tables_info_connection(struct table *table, struct console *console,
                       const struct info_end *here_end, const struct info_end *there_end,
                       int64_t now_ns)
{
    struct model *model = console->options.model;
    struct info_side here, there;

    model_lock(model);
    take_end(model, here_end, now_ns, &here);
    take_end(model, there_end, now_ns, &there);
    model_unlock(model);
    if (here.has_row)
        ask_kernel(console, &here, &there);

    info_table_init(table, there.has_row || there.has_tcp);
    table->subject.conn = here_end->id;
    for (const struct info_row *row = info_rows; row->name != NULL; row++)
        add_row(table, row, &here, &there);
    info_table_options(table, &here, &there);
}
