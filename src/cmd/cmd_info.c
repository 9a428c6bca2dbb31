/* cmd_info.c - info: one object in full. Who holds the socket is asked for what only it
 * can tell, of both ends where both are ours; one that does not answer in time (it is stopped, or
 * its handler blocks) is left out. */
#include "config.h"

#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

#define PATIENCE_NS (300 * NS_PER_MS)

enum { HERE, THERE, ENDS };

struct info_state {
    struct info_end ends[ENDS]; /* of what is asked about now */
    size_t done;                /* connections that were shown */
    bool is_asking;
};

/* A closed connection can be looked at too. */
static void
take_connections(struct run *run)
{
    struct error err = { 0 };

    target_connections(&run->args.target, run->console->options.model, run_waiting_focus(run),
                       &run->ids, &err);
    if (run->ids.count == 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
}

static void
take_worker(struct run *run)
{
    struct error err = { 0 };
    int id = target_worker(&run->args.target, run->console->options.model, &err);

    if (id < 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else
        id_list_add(&run->ids, (uint32_t)id);
}

void
info_start(struct run *run)
{
    uint32_t listener;

    switch (run->args.target.kind) {
    case TARGET_LISTENER:
        listener = run_take_listener(run);
        if (listener != 0)
            id_list_add(&run->ids, listener);
        break;
    case TARGET_WORKER:
        take_worker(run);
        break;
    default:
        take_connections(run);
    }
    run->state = alloc_zero(sizeof(struct info_state));
    run->waits = true;
}

/* --- asking ------------------------------------------------------------------------- */

static void
ask(struct run *run, size_t end, uint32_t conn, uint32_t listener)
{
    struct request request = {
        .type = REQUEST_INSPECT,
        .conn = conn,
        .listener = listener,
    };

    run_post(run, end, &request, NULL);
}

static bool
is_open(const struct connection *conn)
{
    return conn != NULL && conn->state != CONN_CLOSED;
}

static void
ask_both_ends(struct run *run, struct info_end *ends)
{
    struct model *model = run->console->options.model;
    const struct connection *conn, *other = NULL;
    bool here_is_open, there_is_open;

    model_lock(model);
    conn = model_connection(model, ends[HERE].id);
    if (conn != NULL)
        other = model_other_end(model, conn);
    here_is_open = is_open(conn);
    there_is_open = is_open(other);
    ends[THERE].id = other != NULL ? other->id : 0;
    model_unlock(model);
    if (here_is_open)
        ask(run, HERE, ends[HERE].id, 0);
    if (there_is_open)
        ask(run, THERE, ends[THERE].id, 0);
}

static void
ask_about(struct run *run, uint32_t id, int64_t now_ns)
{
    struct info_state *state = run->state;

    memset(state->ends, 0, sizeof(state->ends));
    state->ends[HERE].id = id;
    state->is_asking = true;
    run->deadline_ns = now_ns + PATIENCE_NS;
    if (run->args.target.kind == TARGET_LISTENER)
        ask(run, HERE, 0, id);
    else if (run->args.target.kind != TARGET_WORKER)
        ask_both_ends(run, state->ends);
}

void
info_replied(struct run *run, const struct pending *pending, const struct reply *reply)
{
    struct info_state *state = run->state;
    struct info_end *end = &state->ends[pending->index];

    end->has_inspection = reply->reply.code == 0 && reply->size == sizeof(end->inspection);
    if (end->has_inspection)
        memcpy(&end->inspection, reply->data, reply->size);
}

/* --- showing -------------------------------------------------------------------------- */

static void
show(struct run *run, const struct info_end *ends, int64_t now_ns)
{
    struct table table;

    switch (run->args.target.kind) {
    case TARGET_LISTENER:
        tables_info_listener(&table, run->console, &ends[HERE], now_ns);
        break;
    case TARGET_WORKER:
        tables_info_worker(&table, run->console, ends[HERE].id, now_ns);
        break;
    default:
        tables_info_connection(&table, run->console, &ends[HERE], &ends[THERE], now_ns);
    }
    run_show(run, &table);
}

void
info_step(struct run *run, int64_t now_ns)
{
    struct info_state *state = run->state;

    while (state->done < run->ids.count) {
        if (!state->is_asking)
            ask_about(run, run->ids.ids[state->done], now_ns);
        if (run->pending_count > 0 && now_ns < run->deadline_ns)
            return;
        run->pending_count = 0;
        show(run, state->ends, now_ns);
        state->is_asking = false;
        state->done++;
    }
    run->waits = false;
}
