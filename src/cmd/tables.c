/* tables.c - the tables of `show`. */
#include "config.h"

#include "sockdeck/cmd/tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/target.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/mode.h"

#define COLUMNS(list) (list), sizeof(list) / sizeof((list)[0])

const char *
tables_state_name(unsigned state)
{
    static const char *const names[] = {
        [CONN_CONNECTING] = "connecting", [CONN_OPEN] = "open",
        [CONN_PEER_CLOSED] = "peer closed", [CONN_WE_CLOSED] = "we closed",
        [CONN_CLOSED] = "closed",
    };

    return state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}

/* "L1" into a cell; nothing for 0. */
static void
put_id(struct table *table, size_t column, const char *letter, uint32_t id)
{
    if (id != 0)
        table_text(table, column, "%s%" PRIu32, letter, id);
}

/* A number that is 0 where there is none. */
static void
put_number(struct table *table, size_t column, uint64_t number)
{
    if (number != 0)
        table_number(table, column, (double)number);
}

static void
put_since(struct table *table, size_t column, int64_t from_ns, int64_t to_ns)
{
    table_seconds(table, column, to_ns > from_ns ? to_ns - from_ns : 0);
}

static void
add_connection(struct table *table, const struct connection *conn, int64_t now_ns)
{
    size_t i = 0;

    table_row(table);
    table_number(table, i++, conn->id);
    table_text(table, i++, conn->dialled ? "out" : "in");
    table_text(table, i++, "%s", tables_state_name(conn->state));
    table_text(table, i++, "%s", conn->peer);
    table_text(table, i++, "%s", conn->local);
    put_id(table, i++, "L", conn->listener);
    put_id(table, i++, "W", conn->worker);
    table_number(table, i++, conn->pid);
    table_number(table, i++, (double)conn->in);
    table_number(table, i++, (double)conn->out);
    table_number(table, i++, (double)conn->in_messages);
    table_number(table, i++, (double)conn->out_messages);
    if (conn->rtt_ns >= 0)
        table_seconds(table, i, conn->rtt_ns);
    i++;
    put_since(table, i, conn->begun_ns, conn->state == CONN_CLOSED ? conn->closed_ns : now_ns);
}

void
tables_connections(struct table *table, struct model *model, int64_t now_ns)
{
    static const struct column columns[] = {
        { "conn", "#", true }, { "direction", "DIR", false }, { "state", "STATE", false },
        { "peer", "PEER", false }, { "local", "LOCAL", false }, { "listener", "ON", false },
        { "worker", "WORKER", false }, { "pid", "PID", true }, { "in", "IN", true },
        { "out", "OUT", true }, { "messages_in", "MSG IN", true },
        { "messages_out", "MSG OUT", true }, { "rtt", "RTT", true }, { "seconds", "AGE", true },
    };
    const struct connection *conn;

    table_init(table, "connections", COLUMNS(columns));
    model_lock(model);
    for (conn = model_next_connection(model, 0); conn != NULL;
         conn = model_next_connection(model, conn->id + 1))
        add_connection(table, conn, now_ns);
    model_unlock(model);
}

static void
add_listener(struct table *table, const struct listener *listener)
{
    size_t i = 0;

    table_row(table);
    put_id(table, i++, "L", listener->id);
    table_text(table, i++, "%s", listener->stopped ? "stopped" : "listening");
    table_text(table, i++, "%s", listener->address);
    table_text(table, i++, "%s", model_mode_name(listener->mode));
    put_number(table, i++, listener->workers);
    table_text(table, i++, "%s", handler_names[listener->settings.handler].name);
    table_number(table, i++, listener->queue.waiting);
    table_number(table, i++, listener->queue.limit);
    table_bool(table, i++, listener->queue.waiting > listener->queue.limit);
    table_number(table, i++, listener->open);
    table_number(table, i++, (double)listener->accepted);
    table_number(table, i, listener->backlog);
}

void
tables_listeners(struct table *table, struct model *model)
{
    static const struct column columns[] = {
        { "listener", "ID", false }, { "state", "STATE", false }, { "address", "ADDRESS", false },
        { "mode", "MODE", false }, { "workers", "WORKERS", true }, { "handler", "HANDLER", false },
        { "waiting", "WAITING", true }, { "limit", "LIMIT", true }, { "full", "FULL", false },
        { "open", "OPEN", true }, { "accepted", "ACCEPTED", true }, { "backlog", "BACKLOG", true },
    };
    const struct listener *listener;

    table_init(table, "listeners", COLUMNS(columns));
    model_lock(model);
    for (listener = model_next_listener(model, 0); listener != NULL;
         listener = model_next_listener(model, listener->id + 1U))
        add_listener(table, listener);
    model_unlock(model);
}

uint32_t
tables_mode_of(struct model *model, uint32_t id)
{
    const struct listener *listener;
    uint32_t mode;

    model_lock(model);
    listener = model_listener(model, id);
    mode = listener != NULL ? listener->mode : 0;
    model_unlock(model);
    return mode;
}

/* The listeners that have a mode: "L1 L3". */
static void
name_users(const struct model *model, uint32_t mode, char *buf, size_t size)
{
    const struct listener *listener;
    size_t used = 0;

    buf[0] = '\0';
    for (listener = model_next_listener(model, 0); listener != NULL;
         listener = model_next_listener(model, listener->id + 1U)) {
        if (listener->stopped || listener->mode != mode || used + 8 >= size)
            continue;
        used += (size_t)snprintf(buf + used, size - used, "%sL%u", used > 0 ? " " : "",
                                 (unsigned)listener->id);
    }
}

void
tables_modes(struct table *table, struct model *model)
{
    static const struct column columns[] = {
        { "current", "NOW", false }, { "mode", "MODE", false }, { "processes", "PROCESSES", false },
        { "workers", "WORKERS", false }, { "summary", "WHAT RUNS", false },
    };

    table_init(table, "modes", COLUMNS(columns));
    model_lock(model);
    for (uint32_t i = 0; i < mode_count; i++) {
        char users[96];

        name_users(model, i, users, sizeof(users));
        table_row(table);
        if (users[0] != '\0')
            table_text(table, 0, "%s", users);
        table_text(table, 1, "%s", modes[i]->name);
        table_bool(table, 2, modes[i]->has_processes);
        table_bool(table, 3, modes[i]->has_workers);
        table_text(table, 4, "%s", modes[i]->summary);
    }
    model_unlock(model);
}

static void
add_timeouts(struct table *table, const char *letter, uint32_t id, const struct settings *settings)
{
    table_row(table);
    if (id != 0)
        table_text(table, 0, "%s%" PRIu32, letter, id);
    else
        table_text(table, 0, "%s", letter);
    for (size_t kind = 0; kind < TIMEOUT_KINDS; kind++)
        table_seconds(table, 1 + kind, settings->timeout_ns[kind]);
    table_text(table, 1 + TIMEOUT_KINDS, "%s", then_names[settings->read_then].name);
}

static void
add_listener_timeouts(struct table *table, const struct model *model, uint32_t only)
{
    const struct listener *listener = model_next_listener(model, only);

    for (; listener != NULL; listener = model_next_listener(model, listener->id + 1U)) {
        if (!listener->stopped)
            add_timeouts(table, "L", listener->id, &listener->settings);
        if (only != 0)
            return;
    }
}

void
tables_timeouts(struct table *table, struct console *console, uint32_t listener,
                const struct id_list *only)
{
    static const struct column columns[] = {
        { "of", "OF", false }, { "connect", "CONNECT", true }, { "accept", "ACCEPT", true },
        { "read", "READ", true }, { "send", "SEND", true }, { "idle", "IDLE", true },
        { "then", "AFTER READ", false },
    };
    struct model *model = console->options.model;
    const struct connection *conn;
    bool all = listener == 0 && only->count == 0;

    table_init(table, "timeouts", COLUMNS(columns));
    if (all)
        add_timeouts(table, "default", 0, &console->defaults);
    model_lock(model);
    if (all || listener != 0)
        add_listener_timeouts(table, model, listener);
    for (conn = all ? model_next_connection(model, 0) : NULL; conn != NULL;
         conn = model_next_connection(model, conn->id + 1))
        if (conn->state != CONN_CLOSED)
            add_timeouts(table, "#", conn->id, &conn->settings);
    for (size_t i = 0; i < only->count; i++) {
        conn = model_connection(model, only->ids[i]);
        if (conn != NULL)
            add_timeouts(table, "#", conn->id, &conn->settings);
    }
    model_unlock(model);
}
