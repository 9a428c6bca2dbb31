/* cmd_timeout.c - timeout, eol, on-eof: settings of what is open or to come. */
#include "config.h"

#include <string.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

enum { KEY_THEN };

const struct key timeout_keys[] = {
    [KEY_THEN] = { "then", VALUE_CHOICE, NULL, "what a read timeout does to the connection",
                   .choices = choice_then },
    { .name = NULL },
};

void
settings_post(struct run *run, size_t index)
{
    const struct request_settings *change = run->state;
    struct request request = { .type = REQUEST_SETTINGS, .u.settings = *change };

    run_address(run, index, &request);
    run_post(run, index, &request, NULL);
}

static struct request_settings *
new_change(struct run *run)
{
    struct request_settings *change = alloc_zero(sizeof(*change));

    settings_init(&change->values);
    run->state = change;
    return change;
}

/* KIND and D into the change; false when they do not make sense. */
static bool
read_timeout(struct run *run, struct request_settings *change, int *kind)
{
    const struct value *then = &run->args.values[KEY_THEN];
    const char *limit = args_word(&run->args, 1);
    struct error err = { 0 };
    int64_t ns = 0;

    *kind = choice_find(choice_timeouts, "timeout", args_word(&run->args, 0), &err);
    if (*kind >= 0 && limit == NULL)
        error_set(&err, -1, "the limit is missing: 200ms, 2s, 1.5, none or 0");
    else if (*kind >= 0 && then->given && *kind != TIMEOUT_READ)
        error_set(&err, -1, "then= is for the read timeout only");
    else if (*kind >= 0)
        duration_parse(limit, &ns, &err);
    if (err.code != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return false;
    }
    change->values.timeout_ns[*kind] = ns;
    change->bits = 1U << *kind;
    if (then->given) {
        change->values.read_then = (uint8_t)(THEN_CLOSE + then->number);
        change->bits |= SET_READ_THEN;
    }
    return true;
}

static void
change_defaults(struct run *run, const struct request_settings *change)
{
    struct request request = { .type = REQUEST_DEFAULTS, .u.settings = *change };

    settings_change(&run->console->defaults, &change->values, change->bits);
    run_post(run, 0, &request, NULL);
}

static void
show_timeouts(struct run *run)
{
    struct table table;

    if (run->args.target.kind != TARGET_NONE && run->args.target.kind != TARGET_DEFAULT &&
        !run_take_subjects(run))
        return;
    run->count = 0;
    tables_timeouts(&table, run->console, run->listener, &run->ids);
    run_show(run, &table);
}

void
timeout_start(struct run *run)
{
    struct request_settings *change;
    struct target *target = &run->args.target;
    int kind;

    if (args_word(&run->args, 0) == NULL) {
        show_timeouts(run);
        return;
    }
    change = new_change(run);
    if (!read_timeout(run, change, &kind))
        return;
    if (target->kind == TARGET_DEFAULT) {
        change_defaults(run, change);
        return;
    }
    if (kind == TIMEOUT_ACCEPT && target->kind != TARGET_NONE && target->kind != TARGET_LISTENER) {
        run_fail(run, STATUS_USAGE, "accept is a timeout of listeners: timeout L1 accept 5s");
    } else if (kind == TIMEOUT_ACCEPT) {
        run->listener = run_take_listener(run);
        run->count = run->listener != 0;
    } else {
        run_take_subjects(run);
    }
}

void
eol_start(struct run *run)
{
    struct request_settings *change = new_change(run);
    struct error err = { 0 };
    int eol = choice_find(choice_eols, "line ending", args_word(&run->args, 0), &err);

    if (eol < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    change->values.eol = (uint8_t)eol;
    change->bits = SET_EOL;
    run_take_connections(run);
}

void
on_eof_start(struct run *run)
{
    struct request_settings *change = new_change(run);
    struct error err = { 0 };
    int then = choice_find(choice_then, "choice", args_word(&run->args, 0), &err);

    if (then < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    change->values.on_eof = (uint8_t)(THEN_CLOSE + then);
    change->bits = SET_ON_EOF;
    run_take_subjects(run);
}
