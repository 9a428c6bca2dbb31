/* tables_info_listener.c - a listener with its queue, or a worker, in full. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/procfs.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/usage.h"
#include "info_rows.h"
#include "info_table.h"

/* The kernel's own cut of every backlog. */
static void
add_somaxconn(struct table *table)
{
    struct buffer text = { 0 };

    if (procfs_read(&text, "/proc/sys/net/core/somaxconn") == 0)
        info_table_number(table, "somaxconn", "the most that this system allows as a backlog",
                          strtoull(buffer_data(&text), NULL, 10));
    buffer_fini(&text);
}

static bool
has_left(const struct worker *worker)
{
    return worker->state == WORKER_EXITED || worker->state == WORKER_KILLED;
}

static void
add_queue(struct table *table, const struct listener *listener, const struct info_end *end)
{
    const struct address none = { 0 };
    struct tcp_numbers tcp;
    struct address local;
    bool is_known = end->has_inspection &&
                    tables_read_address(end->inspection.local, &local) == 0 &&
                    insight_of_pair(&local, &none, &tcp) == 0;
    uint32_t waiting = is_known ? tcp.receive_queue : listener->queue.waiting;
    uint32_t limit = is_known ? tcp.send_queue : listener->queue.limit;

    if (is_known)
        info_table_text(table, "TCP state", insight_state_meaning(tcp.state), "%s",
                        insight_state_name(tcp.state));
    info_table_number(table, "waiting", "clients that are connected and not accepted yet", waiting);
    info_table_number(table, "limit", "of that queue: one more than it is admitted", limit);
    info_table_begin(table, "full",
                     "the next client's SYN is dropped; it tries again, or times out");
    table_bool(table, INFO_VALUE, waiting > limit);
    if (is_known)
        info_table_number(table, "turned away",
                          "clients dropped here: the queue was full "
                          "(ListenDrops of this socket alone)",
                          tcp.drops);
    info_table_number(table, "backlog", "what listen was called with", listener->backlog);
    add_somaxconn(table);
}

static void
add_settings(struct table *table, const struct settings *settings, const struct info_end *end,
             int64_t now_ns)
{
    static const char *const meanings[TIMEOUT_KINDS] = {
        [TIMEOUT_ACCEPT] = "limit: while no client comes",
        [TIMEOUT_READ] = "limit of its connections: of a wait for bytes",
        [TIMEOUT_SEND] = "limit: until the kernel has taken all of a send",
        [TIMEOUT_IDLE] = "limit: nothing in or out",
    };
    int64_t since_ns = end->has_inspection ? end->inspection.since_ns[TIMEOUT_ACCEPT] : 0;
    int64_t limit_ns = settings->timeout_ns[TIMEOUT_ACCEPT];
    char field[32];

    for (int kind = TIMEOUT_ACCEPT; kind < TIMEOUT_KINDS; kind++) {
        snprintf(field, sizeof(field), "%s timeout", event_timeout_names[kind]);
        info_table_seconds(table, field, meanings[kind], settings->timeout_ns[kind]);
    }
    if (since_ns != 0)
        info_table_seconds(table, "accept waiting", "nobody has come for that long",
                           now_ns - since_ns);
    if (since_ns != 0 && limit_ns > 0)
        info_table_seconds(table, "accept time left", "until the accept timeout",
                           since_ns + limit_ns > now_ns ? since_ns + limit_ns - now_ns : 0);
    info_table_text(table, "after a read timeout", "close or keep; default: close", "%s",
                    then_names[settings->read_then].name);
    info_table_text(table, "on end of file", "close or keep; default: close", "%s",
                    then_names[settings->on_eof].name);
    info_table_number(table, "recv", "the size that recv is called with", settings->recv_size);
    info_table_text(table, "handler", handler_names[settings->handler].summary, "%s",
                    handler_names[settings->handler].name);
    info_table_seconds(table, "work", "passes before an answer", settings->work_ns);
    info_table_seconds(table, "accept delay", "passes before each accept",
                       settings->accept_delay_ns);
}

enum { WORKERS_TEXT = 200 };

/* "W1 (4711) W2 (4712)" */
static void
name_workers(const struct model *model, uint32_t listener, char buf[static WORKERS_TEXT])
{
    const struct worker *worker = model_next_worker(model, 0);
    size_t used = 0;

    buf[0] = '\0';
    for (; worker != NULL; worker = model_next_worker(model, worker->id + 1U)) {
        if (worker->listener != listener || has_left(worker) || used + 32 > WORKERS_TEXT)
            continue;
        used += (size_t)snprintf(buf + used, WORKERS_TEXT - used, "%sW%u (%d)", used > 0 ? " " : "",
                                 (unsigned)worker->id, (int)worker->pid);
    }
}

static void
add_listener(struct table *table, const struct listener *listener, const char *workers)
{
    info_table_text(table, "listener", "its id here", "L%u", (unsigned)listener->id);
    info_table_text(table, "state", "as the console sees it", "%s",
                    listener->stopped ? "stopped" : "listening");
    info_table_text(table, "address", "where clients connect to", "%s", listener->address);
    info_table_text(table, "mode", "what serves its connections", "%s",
                    model_mode_name(listener->mode));
    if (listener->workers != 0)
        info_table_number(table, "workers", "how many are wanted", listener->workers);
    if (workers[0] != '\0')
        info_table_text(table, "standing workers", "and their pids; info W1 tells more", "%s",
                        workers);
    info_table_number(table, "open", "connections of it that are open", listener->open);
    info_table_number(table, "accepted", "connections ever", listener->accepted);
}

void
tables_info_listener(struct table *table, struct console *console, const struct info_end *end,
                     int64_t now_ns)
{
    struct model *model = console->options.model;
    const struct info_side none = { .has_row = false };
    const struct info_side side = {
        .has_inspection = end->has_inspection,
        .inspection = end->inspection,
    };
    struct listener listener = { .id = 0 };
    char workers[WORKERS_TEXT];

    model_lock(model);
    if (model_listener(model, end->id) != NULL)
        listener = *model_listener(model, end->id);
    name_workers(model, end->id, workers);
    model_unlock(model);

    info_table_init(table, false);
    if (listener.id == 0)
        return;
    table->subject.listener = listener.id;
    add_listener(table, &listener, workers);
    if (!listener.stopped)
        add_queue(table, &listener, end);
    add_settings(table, &listener.settings, end, now_ns);
    info_table_options(table, &side, &none);
}

static void
add_size(struct table *table, const char *field, const char *meaning, uint64_t bytes)
{
    info_table_begin(table, field, meaning);
    table_size(table, INFO_VALUE, bytes);
}

static void
add_usage(struct table *table, pid_t pid)
{
    struct usage usage;

    if (usage_read(pid, &usage) != 0)
        return;
    info_table_number(table, "threads", "that live now", usage.threads);
    info_table_seconds(table, "cpu time", "user and system, of all its threads", usage.cpu_ns);
    info_table_number(table, "voluntary switches", "times a thread waited for something",
                      usage.voluntary);
    info_table_number(table, "involuntary switches", "times one was made to give way",
                      usage.involuntary);
    add_size(table, "private memory", "its own: what a fork has no longer in common",
             usage.private_bytes);
    add_size(table, "shared memory", "in common with other processes", usage.shared_bytes);
    add_size(table, "proportional memory", "PSS: each shared page divided by who has it",
             usage.proportional_bytes);
}

void
tables_info_worker(struct table *table, struct console *console, uint32_t id, int64_t now_ns)
{
    struct model *model = console->options.model;
    const struct worker *row;
    struct worker worker = { .id = 0 };
    char state[64];

    model_lock(model);
    row = model_worker(model, id);
    if (row != NULL)
        worker = *row;
    model_unlock(model);

    info_table_init(table, false);
    if (worker.id == 0)
        return;
    table->subject = (struct table_subject){
        .listener = worker.listener,
        .worker = worker.id,
        .pid = worker.pid,
        .tid = worker.tid,
    };
    info_table_text(table, "worker", "its id here", "W%" PRIu32, id);
    info_table_text(table, "listener", "whose queue it accepts from", "L%u",
                    (unsigned)worker.listener);
    info_table_text(table, "mode", "how it serves", "%s", model_mode_name(worker.mode));
    info_table_number(table, "pid", "its process", (uint64_t)worker.pid);
    info_table_number(table, "tid", "its first thread", (uint64_t)worker.tid);
    info_table_text(table, "state", "what it does; one that is stopped goes on with kill CONT",
                    "%s", tables_worker_state(&worker, state));
    if (worker.serving != 0)
        info_table_text(table, "serving", "the newest connection that it has", "#%" PRIu32,
                        worker.serving);
    info_table_number(table, "open", "connections that it has", worker.open);
    info_table_number(table, "accepted", "connections ever", worker.accepted);
    info_table_number(table, "in", "bytes from the kernel", worker.in);
    info_table_number(table, "out", "bytes that the kernel took", worker.out);
    info_table_seconds(table, "start cost", "of its fork", worker.cost_ns);
    info_table_seconds(table, "since start", "its age", now_ns - worker.started_ns);
    if (!has_left(&worker))
        add_usage(table, worker.pid);
}
