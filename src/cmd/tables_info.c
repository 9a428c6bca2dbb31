/* tables_info.c - one object in full. */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/usage.h"

static void
begin(struct table *table)
{
    static const struct column columns[] = {
        { "field", "FIELD", false }, { "value", "VALUE", false },
    };

    table_init(table, "info", columns, 2);
}

static void add_text(struct table *table, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
add_field(struct table *table, const char *field)
{
    table_row(table);
    table_text(table, 0, "%s", field);
}

static void
add_text(struct table *table, const char *field, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    add_field(table, field);
    table_text(table, 1, "%s", text);
}

static void
add_number(struct table *table, const char *field, uint64_t number)
{
    add_field(table, field);
    table_number(table, 1, (double)number);
}

static void
add_seconds(struct table *table, const char *field, int64_t ns)
{
    add_field(table, field);
    table_seconds(table, 1, ns);
}

static void
add_settings(struct table *table, const struct settings *settings)
{
    char field[32];

    for (int kind = 0; kind < TIMEOUT_KINDS; kind++) {
        snprintf(field, sizeof(field), "%s timeout", event_timeout_names[kind]);
        add_seconds(table, field, settings->timeout_ns[kind]);
    }
    add_text(table, "after a read timeout", "%s", then_names[settings->read_then].name);
    add_text(table, "on end of file", "%s", then_names[settings->on_eof].name);
    add_number(table, "recv", settings->recv_size);
    add_text(table, "handler", "%s", handler_names[settings->handler].name);
    add_seconds(table, "work", settings->work_ns);
    add_text(table, "eol", "%s", eol_names[settings->eol].name);
}

static void
add_end(struct table *table, const struct event_closed *closed)
{
    add_text(table, "closed by", "%s", event_by_names[closed->by]);
    add_text(table, "closed how", "%s", event_how_names[closed->how]);
    add_number(table, "unacked", closed->unacked);
    if (closed->uncertain) {
        add_field(table, "uncertain");
        table_bool(table, 1, true);
    }
}

static void
add_connection(struct table *table, const struct connection *conn, int64_t now_ns)
{
    add_text(table, "connection", "#%" PRIu32, conn->id);
    add_text(table, "direction", "%s", conn->dialled ? "out" : "in");
    add_text(table, "state", "%s%s", tables_state_name(conn->state), conn->paused ? ", paused" : "");
    add_text(table, "peer", "%s", conn->peer);
    add_text(table, "local", "%s", conn->local);
    if (conn->listener != 0)
        add_text(table, "listener", "L%u", (unsigned)conn->listener);
    if (conn->worker != 0)
        add_text(table, "worker", "W%u", (unsigned)conn->worker);
    add_number(table, "pid", (uint64_t)conn->pid);
    add_number(table, "tid", (uint64_t)conn->tid);
    add_number(table, "in", conn->in);
    add_number(table, "out", conn->out);
    add_number(table, "messages in", conn->in_messages);
    add_number(table, "messages out", conn->out_messages);
    if (conn->rtt_ns >= 0)
        add_seconds(table, "ping rtt", conn->rtt_ns);
    add_seconds(table, "open for",
                (conn->state == CONN_CLOSED ? conn->closed_ns : now_ns) - conn->begun_ns);
    add_settings(table, &conn->settings);
    if (conn->state == CONN_CLOSED)
        add_end(table, &conn->closed);
}

static int
read_address(const char *text, struct address *address)
{
    struct endpoint endpoint;
    int code = endpoint_parse(text, NULL, true, &endpoint, NULL);

    return code == 0 ? endpoint_address(&endpoint, address) : code;
}

/* What the kernel says of the connection; a last word on the peer's side where that
 * is on this machine too. */
static void
add_kernel(struct table *table, const char *local_text, const char *peer_text)
{
    struct address local, peer;
    struct tcp_numbers tcp;

    if (read_address(local_text, &local) != 0 || read_address(peer_text, &peer) != 0)
        return;
    if (insight_of_pair(&local, &peer, &tcp) == 0) {
        add_text(table, "kernel state", "%s", insight_state_name(tcp.state));
        add_seconds(table, "kernel rtt", tcp.rtt_us * NS_PER_US);
        add_seconds(table, "kernel rtt variance", tcp.rttvar_us * NS_PER_US);
        add_number(table, "congestion window", tcp.snd_cwnd);
        add_number(table, "mss", tcp.mss);
        add_number(table, "retransmits", tcp.retransmits);
        add_number(table, "segments unacked", tcp.unacked);
        add_number(table, "send window", tcp.snd_wnd);
        add_number(table, "receive window", tcp.rcv_wnd);
        add_number(table, "send queue", tcp.send_queue);
        add_number(table, "receive queue", tcp.receive_queue);
        add_number(table, "bytes acked", tcp.bytes_acked);
        add_number(table, "bytes received", tcp.bytes_received);
    }
    if (insight_of_pair(&peer, &local, &tcp) == 0) {
        add_text(table, "peer's kernel state", "%s", insight_state_name(tcp.state));
        add_number(table, "peer's send queue", tcp.send_queue);
        add_number(table, "peer's receive queue", tcp.receive_queue);
    }
}

void
tables_info_connection(struct table *table, struct model *model, uint32_t id, int64_t now_ns)
{
    char local[ADDRESS_TEXT] = "", peer[ADDRESS_TEXT] = "";
    const struct connection *conn;

    begin(table);
    model_lock(model);
    conn = model_connection(model, id);
    if (conn != NULL) {
        add_connection(table, conn, now_ns);
        snprintf(local, sizeof(local), "%s", conn->local);
        snprintf(peer, sizeof(peer), "%s", conn->peer);
    }
    model_unlock(model);
    if (local[0] != '\0' && peer[0] != '\0')
        add_kernel(table, local, peer);
}

void
tables_info_listener(struct table *table, struct model *model, uint32_t id)
{
    const struct listener *listener;

    begin(table);
    model_lock(model);
    listener = model_listener(model, id);
    if (listener != NULL) {
        add_text(table, "listener", "L%" PRIu32, id);
        add_text(table, "state", "%s", listener->stopped ? "stopped" : "listening");
        add_text(table, "address", "%s", listener->address);
        add_text(table, "mode", "%s", model_mode_name(listener->mode));
        add_number(table, "workers", listener->workers);
        add_number(table, "backlog", listener->backlog);
        add_number(table, "waiting", listener->queue.waiting);
        add_number(table, "limit", listener->queue.limit);
        add_number(table, "open", listener->open);
        add_number(table, "accepted", listener->accepted);
        add_seconds(table, "accept delay", listener->settings.accept_delay_ns);
        add_settings(table, &listener->settings);
    }
    model_unlock(model);
}

static void
add_size(struct table *table, const char *field, uint64_t bytes)
{
    add_field(table, field);
    table_size(table, 1, bytes);
}

static void
add_usage(struct table *table, pid_t pid)
{
    struct usage usage;

    if (pid == 0 || usage_read(pid, &usage) != 0)
        return;
    add_number(table, "threads", usage.threads);
    add_seconds(table, "cpu time", usage.cpu_ns);
    add_number(table, "voluntary switches", usage.voluntary);
    add_number(table, "involuntary switches", usage.involuntary);
    add_size(table, "private memory", usage.private_bytes);
    add_size(table, "shared memory", usage.shared_bytes);
    add_size(table, "proportional memory", usage.proportional_bytes);
}

void
tables_info_worker(struct table *table, struct model *model, uint32_t id, int64_t now_ns)
{
    const struct worker *worker;

    char state[64];
    pid_t pid = 0;

    begin(table);
    model_lock(model);
    worker = model_worker(model, id);
    if (worker != NULL) {
        if (worker->state != WORKER_EXITED && worker->state != WORKER_KILLED)
            pid = worker->pid;
        add_text(table, "worker", "W%" PRIu32, id);
        add_text(table, "listener", "L%u", (unsigned)worker->listener);
        add_text(table, "mode", "%s", model_mode_name(worker->mode));
        add_number(table, "pid", (uint64_t)worker->pid);
        add_number(table, "tid", (uint64_t)worker->tid);
        add_text(table, "state", "%s", tables_worker_state(worker, state));
        if (worker->serving != 0)
            add_text(table, "serving", "#%" PRIu32, worker->serving);
        add_number(table, "open", worker->open);
        add_number(table, "accepted", worker->accepted);
        add_number(table, "in", worker->in);
        add_number(table, "out", worker->out);
        add_seconds(table, "start cost", worker->cost_ns);
        add_seconds(table, "since start", now_ns - worker->started_ns);
    }
    model_unlock(model);
    add_usage(table, pid);
}
