/* tables_workers.c - the table of workers: what the model knows of them, and what the
 * kernel says of their processes. */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/usage.h"

enum { BAR = 10 };

enum column_place {
    AT_WORKER, AT_LISTENER, AT_MODE, AT_PID, AT_TID, AT_STATE, AT_SERVING, AT_OPEN, AT_ACCEPTED,
    AT_BAR, AT_IN, AT_OUT, AT_PRIVATE, AT_SHARED, AT_PSS, AT_CPU, AT_VOLUNTARY, AT_INVOLUNTARY,
    AT_LIVE, AT_STARTS, AT_COST, AT_COST_MIN, AT_COST_MAX, AT_SECONDS, COLUMNS
};

static const struct column columns[COLUMNS] = {
    [AT_WORKER] = { "worker", "ID", false },
    [AT_LISTENER] = { "listener", "ON", false },
    [AT_MODE] = { "mode", "MODE", false },
    [AT_PID] = { "pid", "PID", true },
    [AT_TID] = { "tid", "TID", true },
    [AT_STATE] = { "state", "STATE", false },
    [AT_SERVING] = { "serving", "SERVING #", true },
    [AT_OPEN] = { "open", "OPEN", true },
    [AT_ACCEPTED] = { "accepted", "ACCEPTED", true },
    [AT_BAR] = { "bar", "", false },
    [AT_IN] = { "in", "IN", true },
    [AT_OUT] = { "out", "OUT", true },
    [AT_PRIVATE] = { "private", "PRIVATE", true },
    [AT_SHARED] = { "shared", "SHARED", true },
    [AT_PSS] = { "pss", "PSS", true },
    [AT_CPU] = { "cpu", "CPU", true },
    [AT_VOLUNTARY] = { "voluntary", "WAITS", true },
    [AT_INVOLUNTARY] = { "involuntary", "PREEMPTED", true },
    [AT_LIVE] = { "live", "LIVE", true },
    [AT_STARTS] = { "starts", "STARTS", true },
    [AT_COST] = { "cost", "START COST", true },
    [AT_COST_MIN] = { "cost_min", "MIN", true },
    [AT_COST_MAX] = { "cost_max", "MAX", true },
    [AT_SECONDS] = { "seconds", "SINCE START", true },
};

/* Copies, so that /proc is read without the model's lock. */
struct copies {
    struct worker *workers;
    struct listener *listeners;
    size_t worker_count, listener_count;
};

static void
copy_rows(struct copies *copies, struct model *model)
{
    const struct worker *worker;
    const struct listener *listener;

    *copies = (struct copies) { 0 };
    model_lock(model);
    for (worker = model_next_worker(model, 0); worker != NULL;
         worker = model_next_worker(model, worker->id + 1U)) {
        copies->workers = alloc_grow(copies->workers, copies->worker_count + 1,
                                     sizeof(*copies->workers));
        copies->workers[copies->worker_count++] = *worker;
    }
    for (listener = model_next_listener(model, 0); listener != NULL;
         listener = model_next_listener(model, listener->id + 1U)) {
        copies->listeners = alloc_grow(copies->listeners, copies->listener_count + 1,
                                       sizeof(*copies->listeners));
        copies->listeners[copies->listener_count++] = *listener;
    }
    model_unlock(model);
}

/* --- a worker ------------------------------------------------------------------------ */

static bool
is_alive(const struct worker *worker)
{
    return worker->state != WORKER_EXITED && worker->state != WORKER_KILLED;
}

static void
write_running(const struct worker *worker, char buf[static 64])
{
    bool alone = worker->mode < mode_count && modes[worker->mode]->one_at_a_time;
    const char *accepts = alone ? "" : "in accept, ";

    if (worker->open == 0)
        snprintf(buf, 64, "blocked in accept");
    else if (worker->open == 1 && worker->serving != 0)
        snprintf(buf, 64, "%sserving #%" PRIu32, accepts, worker->serving);
    else
        snprintf(buf, 64, "%sserving %" PRIu32, accepts, worker->open);
}

const char *
tables_worker_state(const struct worker *worker, char buf[static 64])
{
    const char *signal_name = sigabbrev_np(worker->signal);

    switch (worker->state) {
    case WORKER_EXITED:
        snprintf(buf, 64, "exited with status %" PRId32, worker->status);
        break;
    case WORKER_KILLED:
        snprintf(buf, 64, "killed by %s%s", signal_name != NULL ? "SIG" : "a signal",
                 signal_name != NULL ? signal_name : "");
        break;
    case WORKER_STOPPED:
        if (worker->serving != 0)
            snprintf(buf, 64, "stopped with #%" PRIu32, worker->serving);
        else
            snprintf(buf, 64, "stopped");
        break;
    default:
        write_running(worker, buf);
        break;
    }
    return buf;
}

static void
add_usage(struct table *table, pid_t pid)
{
    struct usage usage;

    if (usage_read(pid, &usage) != 0)
        return;
    table_size(table, AT_PRIVATE, usage.private_bytes);
    table_size(table, AT_SHARED, usage.shared_bytes);
    table_size(table, AT_PSS, usage.proportional_bytes);
    table_seconds(table, AT_CPU, usage.cpu_ns);
    table_number(table, AT_VOLUNTARY, (double)usage.voluntary);
    table_number(table, AT_INVOLUNTARY, (double)usage.involuntary);
}

/* Its part of what the listener's busiest worker has accepted. */
static void
add_bar(struct table *table, const struct copies *copies, const struct worker *worker)
{
    static const char full[BAR + 1] = "##########";
    uint64_t most = 0;

    for (size_t i = 0; i < copies->worker_count; i++)
        if (copies->workers[i].listener == worker->listener &&
            copies->workers[i].accepted > most)
            most = copies->workers[i].accepted;
    if (most > 0)
        table_text(table, AT_BAR, "%.*s", (int)((worker->accepted * BAR + most - 1) / most), full);
}

static void
add_worker(struct table *table, const struct copies *copies, const struct worker *worker,
           int64_t now_ns)
{
    char state[64];

    table_row(table);
    table_text(table, AT_WORKER, "W%u", (unsigned)worker->id);
    table_text(table, AT_LISTENER, "L%u", (unsigned)worker->listener);
    table_text(table, AT_MODE, "%s", model_mode_name(worker->mode));
    table_number(table, AT_PID, worker->pid);
    table_number(table, AT_TID, worker->tid);
    table_text(table, AT_STATE, "%s", tables_worker_state(worker, state));
    if (worker->serving != 0)
        table_number(table, AT_SERVING, worker->serving);
    table_number(table, AT_OPEN, worker->open);
    table_number(table, AT_ACCEPTED, (double)worker->accepted);
    add_bar(table, copies, worker);
    table_number(table, AT_IN, (double)worker->in);
    table_number(table, AT_OUT, (double)worker->out);
    if (is_alive(worker))
        add_usage(table, worker->pid);
    table_seconds(table, AT_COST, worker->cost_ns);
    table_seconds(table, AT_SECONDS, now_ns > worker->started_ns ? now_ns - worker->started_ns : 0);
}

/* --- sums ------------------------------------------------------------------------------ */

static void
add_starts(struct table *table, const struct listener *listener, enum started kind)
{
    static const char *const names[STARTED_KINDS] = {
        [STARTED_WORKERS] = "workers", [STARTED_THREADS] = "threads",
        [STARTED_CHILDREN] = "children",
    };
    const struct starts *starts = listener->starts + kind;

    table_row(table);
    table_text(table, AT_LISTENER, "L%u", (unsigned)listener->id);
    table_text(table, AT_MODE, "%s", model_mode_name(listener->mode));
    table_text(table, AT_STATE, "%s: %" PRIu32 " live, %" PRIu64 " in total", names[kind],
               starts->live, starts->total);
    table_number(table, AT_LIVE, starts->live);
    table_number(table, AT_STARTS, (double)starts->total);
    if (starts->total == 0)
        return;
    table_seconds(table, AT_COST, starts->sum_ns / (int64_t)starts->total);
    table_seconds(table, AT_COST_MIN, starts->min_ns);
    table_seconds(table, AT_COST_MAX, starts->max_ns);
}

/* A kind has a line once it was started, or when the present mode will. */
static bool
has_line(const struct listener *listener, enum started kind)
{
    const struct mode *mode = listener->mode < mode_count ? modes[listener->mode] : NULL;

    if (listener->starts[kind].total > 0)
        return true;
    return !listener->stopped && mode != NULL &&
           ((kind == STARTED_THREADS && mode->each_starts == CALL_PTHREAD_CREATE) ||
            (kind == STARTED_CHILDREN && mode->each_starts == CALL_FORK));
}

void
tables_workers(struct table *table, struct model *model, int64_t now_ns)
{
    struct copies copies;

    table_init(table, "workers", columns, COLUMNS);
    copy_rows(&copies, model);
    for (size_t i = 0; i < copies.worker_count; i++)
        add_worker(table, &copies, copies.workers + i, now_ns);
    for (size_t i = 0; i < copies.listener_count; i++)
        for (enum started kind = 0; kind < STARTED_KINDS; kind++)
            if (has_line(copies.listeners + i, kind))
                add_starts(table, copies.listeners + i, kind);
    free(copies.workers);
    free(copies.listeners);
}
