/* cmd_compare.c - compare: the same load against each mode, on a listener of its own.
 *
 * DESIGN. For each mode in turn: listen, and weigh what stands then; run the load, a
 * connection for each message, and look at /proc meanwhile; hold connections open that say
 * nothing and weigh them; close.
 * A phase begins with what it asks for and ends when that is there. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/family.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

/* How often /proc is looked at. */
#define LOOK_NS (100 * NS_PER_MS)
/* For a memory that has settled after the listener or its last connection began. */
#define SETTLE_NS (200 * NS_PER_MS)
#define HOLD_LIMIT_NS (5 * NS_PER_S)

enum { HELD = 64, MODES_MAX = 16, BACKLOG = 1024 };

enum { KEY_MODES, KEY_CLIENTS, KEY_WORK, KEY_FOR, KEY_SIZE, KEY_WORKERS };

const struct key compare_keys[] = {
    [KEY_MODES] = { "modes", VALUE_TEXT, "all", "names with commas between, or all" },
    [KEY_CLIENTS] = { "clients", VALUE_NUMBER, "8", "at a time; each message is a connection",
                      .min = 1, .max = 1000 },
    [KEY_WORK] = { "work", VALUE_DURATION, "200ms", "passes before each answer" },
    [KEY_FOR] = { "for", VALUE_DURATION, "2s", "for each mode" },
    [KEY_SIZE] = { "size", VALUE_SIZE, "64", "bytes of a message", .min = 1,
                   .max = LOAD_SIZE_MAX },
    [KEY_WORKERS] = { "workers", VALUE_NUMBER, NULL, "standing workers, in modes that have them",
                      .min = 1, .max = WORKERS_MAX },
    { .name = NULL },
};

enum phase { PHASE_REST, PHASE_LISTEN, PHASE_STAND, PHASE_LOAD, PHASE_HOLD, PHASE_SETTLE, PHASE_CLOSE };

struct compare_run {
    uint32_t modes[MODES_MAX];
    size_t count, done;
    struct compared found[MODES_MAX];   /* of those that are done, and the present one */
    enum phase phase;
    uint32_t listener;          /* 0: none is open */
    struct load_plan plan;
    struct load *load;
    struct family family;
    /* before the phase's load */
    uint32_t processes, threads;
    uint64_t switches;
    int64_t cpu_ns;
    uint64_t bytes;             /* before what is weighed was there */
    uint64_t standing_bytes;    /* what waits for connections takes: threads, processes */
    uint32_t open;              /* of the held ones, accepted so far */
    int64_t settled_ns;
};

/* --- the plan ----------------------------------------------------------------------------- */

static int
read_modes(struct compare_run *state, const char *words, struct error *err)
{
    while (*words != '\0') {
        size_t n = strcspn(words, ",");
        char name[32];
        int mode;

        snprintf(name, sizeof(name), "%.*s", (int)n, words);
        mode = choice_find(choice_modes, "mode", name, err);
        if (mode < 0)
            return mode;
        if (state->count == MODES_MAX)
            return error_set(err, -EINVAL, "modes=: more than %d", MODES_MAX);
        state->modes[state->count++] = (uint32_t)mode;
        words += n + (words[n] == ',');
    }
    return state->count > 0 ? 0 : error_set(err, -EINVAL, "modes=: which?");
}

static int
read_plan(const struct run *run, struct compare_run *state, struct error *err)
{
    const struct value *values = run->args.values;
    const char *words = values[KEY_MODES].text;

    state->plan = (struct load_plan) {
        .conns = (uint32_t)values[KEY_CLIENTS].number,
        .size = (size_t)values[KEY_SIZE].number,
        .for_ns = values[KEY_FOR].number,
        .reconnects = true,
    };
    if (values[KEY_FOR].number <= 0)
        return error_set(err, -EINVAL, "for= needs a time above 0, such as 2s");
    if (values[KEY_WORK].number < 0)
        return error_set(err, -EINVAL, "work= needs a time, not none");
    if (words != NULL && strcmp(words, "all") != 0)
        return read_modes(state, words, err);
    for (; state->count < mode_count && state->count < MODES_MAX; state->count++)
        state->modes[state->count] = (uint32_t)state->count;
    return 0;
}

/* --- the phases ---------------------------------------------------------------------------- */

static struct compared *
present(struct compare_run *state)
{
    return &state->found[state->done];
}

static void
ask_to_listen(struct run *run)
{
    struct compare_run *state = run->state;
    const struct value *workers = &run->args.values[KEY_WORKERS];
    uint32_t mode = state->modes[state->done];
    const struct endpoint anywhere = { .host = "127.0.0.1" };
    struct request request = {
        .type = REQUEST_LISTEN,
        .u.listen = {
            .mode = mode,
            .workers = workers->given && modes[mode]->has_workers ? (uint32_t)workers->number
                       : modes[mode]->default_workers,
            .backlog = BACKLOG,
            .settings = run->console->defaults,
        },
        .data_size = sizeof(anywhere),
    };

    *present(state) = (struct compared) { .mode = mode, .idle_bytes = -1 };
    request.u.listen.settings.handler = HANDLER_ECHO;
    request.u.listen.settings.work_ns = run->args.values[KEY_WORK].number;
    state->phase = PHASE_LISTEN;
    family_look(&state->family);
    state->bytes = state->family.proportional_bytes;
    state->processes = state->family.processes;
    state->threads = state->family.threads;
    run_post(run, 0, &request, &anywhere);
}

static void
ask_to_close(struct run *run)
{
    struct compare_run *state = run->state;
    struct request request = { .type = REQUEST_CLOSE_LISTENER, .listener = state->listener };

    state->phase = PHASE_CLOSE;
    state->listener = 0;
    run_post(run, 0, &request, NULL);
}

static void
begin_load(struct run *run, const struct load_plan *plan)
{
    struct compare_run *state = run->state;
    struct error err;

    family_look(&state->family);
    state->switches = state->family.switches;
    state->cpu_ns = state->family.cpu_ns;
    state->bytes = state->family.proportional_bytes;
    if (load_start(&state->load, plan, &err) != 0)
        run_fail(run, STATUS_INTERNAL, "%s", err.text);
}

/* The address that the kernel gave the listener. */
static bool
find_address(struct run *run, struct address *address)
{
    struct compare_run *state = run->state;
    struct model *model = run->console->options.model;
    const struct listener *listener;
    char text[ADDRESS_TEXT] = "";

    model_lock(model);
    listener = model_listener(model, state->listener);
    if (listener != NULL)
        snprintf(text, sizeof(text), "%s", listener->address);
    model_unlock(model);
    return tables_read_address(text, address) == 0;
}

static void
grow(uint32_t *most, uint32_t now, uint32_t before)
{
    if (now > before && now - before > *most)
        *most = now - before;
}

/* Of what was before, nothing ends while the next is weighed. */
static void
rest(struct compare_run *state)
{
    state->phase = PHASE_REST;
    state->settled_ns = clock_mono_ns() + SETTLE_NS;
}

/* The load's own thread is none of the server's. */
static void
look_at_server(struct compare_run *state)
{
    struct compared *c = present(state);

    family_look(&state->family);
    grow(&c->processes, state->family.processes, state->processes);
    grow(&c->threads, state->family.threads, state->threads + 1);
}

static void
note_costs(struct compare_run *state)
{
    struct compared *c = present(state);
    uint64_t switches = state->family.switches - state->switches;
    int64_t cpu_ns = state->family.cpu_ns - state->cpu_ns - c->report.cpu_ns;

    c->switches = switches > c->report.switches ? switches - c->report.switches : 0;
    c->cpu_ns = cpu_ns > 0 ? cpu_ns : 0;
}

static void
end_load(struct compare_run *state)
{
    load_free(state->load);
    state->load = NULL;
}

static void
begin_hold(struct run *run)
{
    struct compare_run *state = run->state;
    struct load_plan plan = {
        .to = state->plan.to, .conns = HELD, .for_ns = HOLD_LIMIT_NS + SETTLE_NS,
    };

    state->phase = PHASE_HOLD;
    begin_load(run, &plan);
}

/* How many of the held ones the listener has accepted; the others wait in its queue. */
static uint32_t
open_now(struct run *run)
{
    struct compare_run *state = run->state;
    struct model *model = run->console->options.model;
    const struct listener *listener;
    uint32_t open = 0;

    model_lock(model);
    listener = model_listener(model, state->listener);
    if (listener != NULL)
        open = listener->open;
    model_unlock(model);
    return open;
}

/* What our processes have taken since bytes were noted. */
static uint64_t
weigh(struct compare_run *state)
{
    family_look(&state->family);
    return state->family.proportional_bytes > state->bytes
           ? state->family.proportional_bytes - state->bytes : 0;
}

/* The memory of those divided by their number. Where a standing worker serves one at a time, a
 * connection takes a worker; where a standing thread does, nothing that could be weighed. */
static void
weigh_connections(struct run *run)
{
    struct compare_run *state = run->state;
    uint32_t open = state->open;
    uint64_t bytes = 0;

    if (open >= HELD / 2)
        bytes = weigh(state);
    else if (open > 0 && modes[present(state)->mode]->has_workers)
        bytes = state->standing_bytes;
    if (bytes > 0)
        present(state)->idle_bytes = (double)bytes / open;
}

/* "W1 12, W2 14", or "40" where there are no standing workers. */
static void
note_who_accepted(struct run *run)
{
    struct compare_run *state = run->state;
    struct model *model = run->console->options.model;
    struct compared *c = present(state);
    const struct listener *listener;
    const struct worker *worker;
    size_t used = 0;

    model_lock(model);
    listener = model_listener(model, state->listener);
    if (listener != NULL) {
        memcpy(c->starts, listener->starts, sizeof(c->starts));
        snprintf(c->accepted_by, sizeof(c->accepted_by), "%llu",
                 (unsigned long long)listener->accepted);
    }
    for (worker = model_next_worker(model, 0); worker != NULL;
         worker = model_next_worker(model, worker->id + 1u))
        if (worker->listener == state->listener && used < sizeof(c->accepted_by))
            used += (size_t)snprintf(c->accepted_by + used, sizeof(c->accepted_by) - used,
                                     "%sW%u %llu", used > 0 ? ", " : "", worker->id,
                                     (unsigned long long)worker->accepted);
    model_unlock(model);
}

/* --- going on --------------------------------------------------------------------------------- */

static void
show_progress(struct run *run)
{
    struct compare_run *state = run->state;
    char text[160];

    snprintf(text, sizeof(text), "compare: %s (%zu of %zu), %.0f replies a second; Ctrl-C ends it",
             modes[present(state)->mode]->name, state->done + 1, state->count,
             load_report_rate(&present(state)->report));
    run_say(run, text);
}

static void
show_result(struct run *run)
{
    struct compare_run *state = run->state;
    struct table table;

    compare_table(&table, state->found, state->done);
    run_show(run, &table);
    run_say(run, "");
}

static void
step_stand(struct run *run, int64_t now_ns)
{
    struct compare_run *state = run->state;

    if (now_ns < state->settled_ns)
        return;
    state->standing_bytes = weigh(state);
    state->phase = PHASE_LOAD;
    begin_load(run, &state->plan);
}

static void
step_load(struct run *run)
{
    struct compare_run *state = run->state;

    load_look(state->load, &present(state)->report);
    look_at_server(state);
    show_progress(run);
    if (!present(state)->report.is_over)
        return;
    note_costs(state);
    note_who_accepted(run);
    end_load(state);
    begin_hold(run);
}

static void
step_hold(struct run *run, int64_t now_ns)
{
    struct compare_run *state = run->state;
    struct load_report report;

    load_look(state->load, &report);
    if (report.connects < HELD && !report.is_over)
        return;
    state->phase = PHASE_SETTLE;
    state->open = 0;
    state->settled_ns = now_ns + SETTLE_NS;
}

static void
step_settle(struct run *run, int64_t now_ns)
{
    struct compare_run *state = run->state;
    uint32_t open = open_now(run);

    if (open != state->open) {      /* one more was accepted */
        state->open = open;
        state->settled_ns = now_ns + SETTLE_NS;
    }
    if (now_ns < state->settled_ns)
        return;
    weigh_connections(run);
    end_load(state);
    ask_to_close(run);
}

void
compare_start(struct run *run)
{
    struct compare_run *state = alloc_zero(sizeof(*state));
    struct error err = { 0 };

    run->state = state;
    if (read_plan(run, state, &err) != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    family_init(&state->family, getpid());
    run->waits = true;
    run->deadline_ns = run->begun_ns + LOOK_NS;
    rest(state);
}

void
compare_replied(struct run *run, const struct pending *pending, const struct reply *reply)
{
    struct compare_run *state = run->state;

    (void)pending;
    if (!run_check_reply(run, reply)) {
        run->waits = false;
    } else if (state->phase == PHASE_LISTEN) {
        state->listener = reply->reply.object;
        if (run->cancelled)
            return;
        state->phase = PHASE_STAND;
        state->settled_ns = clock_mono_ns() + SETTLE_NS;
        if (!find_address(run, &state->plan.to))
            run_fail(run, STATUS_INTERNAL, "the listener has no address");
    } else if (++state->done < state->count && !run->cancelled) {
        rest(state);
    } else {
        run->waits = false;
        show_result(run);
    }
}

void
compare_step(struct run *run, int64_t now_ns)
{
    struct compare_run *state = run->state;

    if (now_ns < run->deadline_ns)
        return;
    run->deadline_ns = now_ns + LOOK_NS;
    if (run->status != STATUS_OK && run->pending_count == 0)
        run->waits = false;
    else if (state->phase == PHASE_REST && now_ns >= state->settled_ns)
        ask_to_listen(run);
    else if (state->phase == PHASE_STAND)
        step_stand(run, now_ns);
    else if (state->load != NULL && state->phase == PHASE_LOAD)
        step_load(run);
    else if (state->load != NULL && state->phase == PHASE_HOLD)
        step_hold(run, now_ns);
    else if (state->load != NULL && state->phase == PHASE_SETTLE)
        step_settle(run, now_ns);
}

/* Whatever ended it: nothing of it stays. */
void
compare_finish(struct run *run)
{
    struct compare_run *state = run->state;

    if (state == NULL)
        return;
    load_free(state->load);
    if (state->listener != 0) {
        struct request request = { .type = REQUEST_CLOSE_LISTENER, .listener = state->listener };

        engine_tell(run->console->options.engine, &request, NULL);
    }
    if (run->cancelled && state->done > 0)
        show_result(run);
    family_fini(&state->family);
}
