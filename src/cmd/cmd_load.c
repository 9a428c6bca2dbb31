/* cmd_load.c - load: many messages to one address, and what came of it. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "load_report.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/load.h"
#include "verbs.h"

/* How often its progress is shown. */
#define LOOK_NS (100 * NS_PER_MS)
/* count= ends it; a server that does not answer must not hold it for ever. */
#define COUNT_LIMIT_NS (60 * NS_PER_S)

enum { KEY_CONNS, KEY_RATE, KEY_SIZE, KEY_FOR, KEY_COUNT, KEY_THINK };

const struct key load_keys[] = {
    [KEY_CONNS] = { "conns", VALUE_NUMBER, "50", "connections", .min = 1, .max = LOAD_CONNS_MAX },
    [KEY_RATE] = { "rate", VALUE_NUMBER, NULL,
                   "messages a second of all; left out: each waits for its reply", .min = 1,
                   .max = 1000000 },
    [KEY_SIZE] = { "size", VALUE_SIZE, "64", "bytes of a message, wanted back as many",
                   .min = 1, .max = LOAD_SIZE_MAX },
    [KEY_FOR] = { "for", VALUE_DURATION, "5s", "nothing is sent after that" },
    [KEY_COUNT] = { "count", VALUE_NUMBER, NULL, "messages in all; for= is 60s then", .min = 1,
                    .max = 1000000000 },
    [KEY_THINK] = { "think", VALUE_DURATION, "0", "from a reply to the connection's next message" },
    { .name = NULL },
};

struct load_run {
    struct load *load;
    struct threshold thresholds[ARGS_MAX];
    const char *words[ARGS_MAX];
    size_t threshold_count;
    struct load_report report;
};

/* --- beginning ------------------------------------------------------------------------ */

static int
read_place(struct run *run, struct address *address, struct error *err)
{
    const char *word = args_word(&run->args, 0);
    struct endpoint endpoint;
    int rc = endpoint_parse(word, NULL, false, &endpoint, err);

    if (rc == 0 && endpoint_address(&endpoint, address) != 0)
        rc = error_set(err, -EINVAL, "%s: give a numeric address, so that no name server is part "
                       "of what is measured", endpoint.host);
    return rc;
}

static int
read_thresholds(const struct run *run, struct load_run *state, struct error *err)
{
    int rc = 0;

    for (size_t i = 1; i < run->args.count && rc == 0; i++) {
        size_t n = state->threshold_count++;

        state->words[n] = args_word(&run->args, i);
        rc = threshold_parse(state->words[n], &state->thresholds[n], err);
    }
    return rc;
}

static int
read_plan(struct run *run, struct load_plan *plan, struct error *err)
{
    const struct value *values = run->args.values;

    *plan = (struct load_plan) {
        .conns = (uint32_t)values[KEY_CONNS].number,
        .size = (size_t)values[KEY_SIZE].number,
        .for_ns = values[KEY_FOR].number,
        .count = values[KEY_COUNT].given ? (uint64_t)values[KEY_COUNT].number : 0,
        .rate = values[KEY_RATE].given ? (double)values[KEY_RATE].number : 0,
        .think_ns = values[KEY_THINK].number,
    };
    if (plan->for_ns <= 0)
        return error_set(err, -EINVAL, "for= needs a time above 0, such as 5s");
    if (plan->think_ns < 0)
        return error_set(err, -EINVAL, "think= needs a time, not none");
    if (plan->count != 0 && !values[KEY_FOR].given)
        plan->for_ns = COUNT_LIMIT_NS;
    return read_place(run, &plan->to, err);
}

void
load_verb_start(struct run *run)
{
    struct load_run *state = alloc_zero(sizeof(*state));
    struct load_plan plan;
    struct error err = { 0 };

    run->state = state;
    if (read_plan(run, &plan, &err) != 0 || read_thresholds(run, state, &err) != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    if (load_start(&state->load, &plan, &err) != 0) {
        run_fail(run, STATUS_INTERNAL, "%s", err.text);
        return;
    }
    run->waits = true;
    run->deadline_ns = run->begun_ns + LOOK_NS;
}

/* --- going on --------------------------------------------------------------------------- */

static void
show_progress(struct run *run, const struct load_report *report)
{
    char p99[32] = "none", text[160];

    if (report->replies > 0)
        duration_measured(p99, histogram_at(&report->times, 0.99));
    snprintf(text, sizeof(text), "load: %.1f s, %" PRIu64 " replies, %.0f/s, p99 %s, %" PRIu64
             " errors; Ctrl-C ends it", (double)report->took_ns / NS_PER_S, report->replies,
             load_report_rate(report), p99, report->failures);
    run_say(run, text);
}

static void
show_result(struct run *run, const struct load_run *state)
{
    struct table table;

    load_report_table(&table, &state->report, state->thresholds, state->words,
                      state->threshold_count);
    run_show(run, &table);
}

static void
judge_thresholds(struct run *run, const struct load_run *state)
{
    for (size_t i = 0; i < state->threshold_count; i++) {
        const struct figure *figure = state->thresholds[i].figure;
        char value[64];

        if (!threshold_is_met(&state->thresholds[i], &state->report))
            run_fail(run, STATUS_THRESHOLD, "%s is not met: %s is %s", state->words[i],
                     figure->name, figure_text(figure, figure->of(&state->report), value));
    }
}

/* Without thresholds, no reply at all is a failure all the same. */
static void
judge(struct run *run, const struct load_run *state)
{
    const struct load_report *report = &state->report;
    const struct load_error *error = &report->errors[0];

    judge_thresholds(run, state);
    if (report->replies > 0 || state->threshold_count > 0)
        return;
    if (error->count > 0 && error->code != 0)
        run_fail(run, run_status_of(-error->code), "no reply: %s: %s",
                 event_call_names[error->call], error_message(-error->code));
    else
        run_fail(run, STATUS_UNMET, "no reply: does it send back what comes, as handler=echo does?");
}

void
load_verb_step(struct run *run, int64_t now_ns)
{
    struct load_run *state = run->state;

    if (now_ns < run->deadline_ns)
        return;
    run->deadline_ns = now_ns + LOOK_NS;
    load_look(state->load, &state->report);
    if (!state->report.is_over) {
        show_progress(run, &state->report);
        return;
    }
    run->waits = false;
    run_say(run, "");
    show_result(run, state);
    judge(run, state);
}

/* One that was cancelled shows what it has found until then. */
void
load_verb_finish(struct run *run)
{
    struct load_run *state = run->state;

    if (state == NULL || state->load == NULL)
        return;
    if (run->cancelled) {
        load_look(state->load, &state->report);
        show_result(run, state);
    }
    load_free(state->load);
}
