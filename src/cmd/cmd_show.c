/* cmd_show.c - show and info: tables of what there is. */
#include "config.h"

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

static void
show_connections(struct run *run, struct table *table)
{
    tables_connections(table, run->console->options.model, run->begun_ns);
}

static void
show_listeners(struct run *run, struct table *table)
{
    tables_listeners(table, run->console->options.model);
}

static void
show_workers(struct run *run, struct table *table)
{
    tables_workers(table, run->console->options.model, run->begun_ns);
}

static void
show_timeouts(struct run *run, struct table *table)
{
    tables_timeouts(table, run->console, 0, &run->ids);
}

static void
show_counters(struct run *run, struct table *table)
{
    tables_counters(table, run->console);
}

static void
show_modes(struct run *run, struct table *table)
{
    tables_modes(table, run->console->options.model);
}

static const struct {
    struct choice choice;
    void (*fill)(struct run *run, struct table *table);
} shown[] = {
    { { "connections", "every connection, closed ones too" }, show_connections },
    { { "listeners", "with their accept queues" }, show_listeners },
    { { "workers", "standing workers of prefork modes" }, show_workers },
    { { "timeouts", "the five of each, and the defaults" }, show_timeouts },
    { { "counters", "exact sums since the start, and the kernel's counters" }, show_counters },
    { { "modes", "the concurrency modes" }, show_modes },
};

bool
choice_tables(size_t i, struct choice *choice)
{
    if (i >= sizeof(shown) / sizeof(shown[0]))
        return false;
    *choice = shown[i].choice;
    return true;
}

/* A table is filled when all that has happened so far is in the books. */
void
show_start(struct run *run)
{
    struct request request = { .type = REQUEST_CATCH_UP };
    const char *word = args_word(&run->args, 0);
    struct error err = { 0 };
    char names[160];
    int place;

    if (word != NULL) {
        place = choice_find(choice_tables, "table", word, &err);
        if (place < 0)
            run_fail(run, STATUS_USAGE, "%s", err.text);
        else
            run_post(run, (size_t)place, &request, NULL);
    } else if (run->args.target.kind != TARGET_NONE) {
        info_start(run);
    } else {
        choice_names(choice_tables, names, sizeof(names));
        run_fail(run, STATUS_USAGE, "what? %s, or #N, LN, WN", names);
    }
}

void
show_replied(struct run *run, const struct pending *pending, const struct reply *reply)
{
    struct table table;

    if (run->args.target.kind != TARGET_NONE) {
        info_replied(run, pending, reply);
    } else if (run_check_reply(run, reply)) {
        shown[pending->index].fill(run, &table);
        run_show(run, &table);
    }
}
