/* cmd_wait.c - wait: for a time, or until connections have ended. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/model/model.h"
#include "verbs.h"

enum { KEY_WITHIN };

static void
wait_for_time(struct run *run, const char *word)
{
    struct error err = { 0 };
    int64_t ns;

    if (run->args.target.kind != TARGET_NONE || run->args.values[KEY_WITHIN].given)
        run_fail(run, STATUS_USAGE, "%s: behind a target and with within= it is `closed`", word);
    else if (duration_parse(word, &ns, &err) != 0)
        run_fail(run, STATUS_USAGE, "%s; or: wait closed", err.text);
    else if (ns < 0)
        run_fail(run, STATUS_USAGE, "none would wait for ever");
    else
        run->deadline_ns = run->begun_ns + ns;
    run->waits = true;
}

void
wait_start(struct run *run)
{
    int64_t within = run->args.values[KEY_WITHIN].number;
    const char *word = args_word(&run->args, 0);

    if (strcmp(word, "closed") != 0) {
        wait_for_time(run, word);
        return;
    }
    if (!run_take_waiting(run, STATUS_OK))
        return;
    run->count = 0;
    run->waits = true;
    run->deadline_ns = within < 0 ? CLOCK_NEVER : run->begun_ns + within;
}

/* What a connection ended with; false while it has not. One that the model has
 * forgotten ended long ago. */
static bool
has_ended(const struct model *model, uint32_t id, enum status *fate)
{
    const struct connection *conn = model_connection(model, id);

    *fate = conn != NULL ? (enum status)conn->closed.fate : STATUS_OK;
    return conn == NULL || conn->state == CONN_CLOSED;
}

/* Its peer has ended, it is kept, and no limit that runs would end it. */
static bool
is_kept(const struct model *model, uint32_t id)
{
    const struct connection *conn = model_connection(model, id);
    struct deadline nearest;

    return conn->state == CONN_PEER_CLOSED && !conn->write_is_shut &&
           (conn->settings.on_eof == THEN_KEEP ||
            (conn->settings.on_eof == THEN_DEFAULT && conn->dialled)) &&
           !model_nearest_deadline(conn, &nearest);
}

/* False: it is to be waited for no longer. */
static bool
may_end(struct run *run, uint32_t id)
{
    const struct model *model = run->console->options.model;
    enum status fate;

    if (has_ended(model, id, &fate)) {
        if (fate != STATUS_OK)
            run_fail(run, fate, "#%" PRIu32 " did not end in order", id);
        return false;
    }
    if (!is_kept(model, id))
        return true;
    run_fail(run, STATUS_UNMET, "end of file on #%" PRIu32 ", which is kept; try: close #%" PRIu32
             ", or before it: on-eof #%" PRIu32 " close", id, id, id);
    return false;
}

/* Keeps in the list what may still end. */
static void
drop_ended(struct run *run)
{
    struct model *model = run->console->options.model;
    struct id_list *ids = &run->ids;
    size_t left = 0;

    model_lock(model);
    for (size_t i = 0; i < ids->count; i++)
        if (may_end(run, ids->ids[i]))
            ids->ids[left++] = ids->ids[i];
    model_unlock(model);
    ids->count = left;
}

void
wait_step(struct run *run, int64_t now_ns)
{
    bool for_end = run->ids.count > 0;
    char limit[32];

    drop_ended(run);
    if (for_end && run->ids.count > 0 && now_ns >= run->deadline_ns)
        run_fail(run, STATUS_UNMET, "#%" PRIu32 " has not closed within %s", run->ids.ids[0],
                 duration_text(limit, run->args.values[KEY_WITHIN].number));
    if (now_ns >= run->deadline_ns || (for_end && run->ids.count == 0))
        run->waits = false;
}
