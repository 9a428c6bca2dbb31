/* cmd_listen.c - listen, mode, handler: what listeners do. */
#include "config.h"

#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/request.h"
#include "settings_keys.h"
#include "verbs.h"

enum { LISTEN_MODE, LISTEN_WORKERS, LISTEN_BACKLOG, LISTEN_HANDLER, LISTEN_WORK, LISTEN_RECV,
       LISTEN_ACCEPT_DELAY, LISTEN_READ, LISTEN_SEND, LISTEN_IDLE, LISTEN_ACCEPT };

const struct key listen_keys[] = {
    [LISTEN_MODE] = { "mode", VALUE_CHOICE, "serial", "how it serves several clients",
                      .choices = choice_modes },
    [LISTEN_WORKERS] = { "workers", VALUE_NUMBER, "3", "standing workers, in modes that have them",
                         .min = 1, .max = WORKERS_MAX },
    [LISTEN_BACKLOG] = { "backlog", VALUE_NUMBER, "128", "the n of listen(n)", .max = 65535 },
    [LISTEN_HANDLER] = { "handler", VALUE_CHOICE, "print", "what it does with what comes",
                         .choices = choice_handlers },
    [LISTEN_WORK] = { "work", VALUE_DURATION, "0", "passes before an answer" },
    [LISTEN_RECV] = { "recv", VALUE_SIZE, "1024", "the n of recv(n)", .min = 1, .max = RECV_MAX },
    [LISTEN_ACCEPT_DELAY] = { "accept-delay", VALUE_DURATION, "0", "passes before each accept" },
    [LISTEN_READ] = { "read-timeout", VALUE_DURATION, NULL, "each wait for bytes; none at first" },
    [LISTEN_SEND] = { "send-timeout", VALUE_DURATION, NULL,
                      "until the kernel has taken all bytes; none at first" },
    [LISTEN_IDLE] = { "idle-timeout", VALUE_DURATION, NULL, "nothing in or out; none at first" },
    [LISTEN_ACCEPT] = { "accept-timeout", VALUE_DURATION, NULL,
                        "while no client comes; none at first" },
    { .name = NULL },
};

static const struct settings_key listen_settings[] = {
    { LISTEN_HANDLER, SET_HANDLER }, { LISTEN_WORK, SET_WORK }, { LISTEN_RECV, SET_RECV },
    { LISTEN_ACCEPT_DELAY, SET_ACCEPT_DELAY },
    { LISTEN_READ, 1 << TIMEOUT_READ }, { LISTEN_SEND, 1 << TIMEOUT_SEND },
    { LISTEN_IDLE, 1 << TIMEOUT_IDLE }, { LISTEN_ACCEPT, 1 << TIMEOUT_ACCEPT },
    { 0, 0 },
};

/* The workers to ask for: those that were given, else what the mode begins with. */
static uint32_t
workers_of(const struct value *given, uint32_t mode)
{
    return given->given ? (uint32_t)given->number : modes[mode]->default_workers;
}

void
listen_start(struct run *run)
{
    const struct value *values = run->args.values;
    uint32_t mode = (uint32_t)values[LISTEN_MODE].number;
    struct request request = {
        .type = REQUEST_LISTEN,
        .u.listen = {
            .mode = mode,
            .workers = workers_of(&values[LISTEN_WORKERS], mode),
            .backlog = (uint32_t)values[LISTEN_BACKLOG].number,
            .settings = run->console->defaults,
        },
        .data_size = sizeof(struct endpoint),
    };
    struct endpoint endpoint;
    struct error err = { 0 };

    if (endpoint_parse(args_word(&run->args, 0), NULL, true, &endpoint, &err) != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    settings_take_keys(&request.u.listen.settings, values, listen_settings);
    run_post(run, 0, &request, &endpoint);
}

enum { MODE_WORKERS };

const struct key mode_keys[] = {
    [MODE_WORKERS] = { "workers", VALUE_NUMBER, NULL, "standing workers; as before if left out",
                       .min = 1, .max = WORKERS_MAX },
    { .name = NULL },
};

void
mode_start(struct run *run)
{
    const struct value *workers = &run->args.values[MODE_WORKERS];
    const char *word = args_word(&run->args, 0);
    struct request request = { .type = REQUEST_MODE };
    struct error err = { 0 };
    struct table table;
    int mode;

    if (word == NULL && !workers->given) {
        tables_modes(&table, run->console->options.model);
        run_show(run, &table);
        return;
    }
    mode = word != NULL ? choice_find(choice_modes, "mode", word, &err) : 0;
    if (mode < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    request.listener = run_take_listener(run);
    if (request.listener == 0)
        return;
    if (word == NULL)
        mode = (int)tables_mode_of(run->console->options.model, request.listener);
    request.u.mode.mode = (uint32_t)mode;
    request.u.mode.workers = workers->given ? (uint32_t)workers->number : 0;
    run_post(run, 0, &request, NULL);
}

enum { HANDLER_WORK, HANDLER_BLOCK };

const struct key handler_keys[] = {
    [HANDLER_WORK] = { "work", VALUE_DURATION, NULL, "passes before an answer" },
    [HANDLER_BLOCK] = { "block", VALUE_CHOICE, NULL, "work really blocks its thread or loop",
                        .choices = choice_yes_no, .form = "yes" },
    { .name = NULL },
};

/* What was not said stays as it is. */
static void
keep_work(struct settings *settings, struct model *model, uint32_t id)
{
    const struct listener *listener;

    model_lock(model);
    listener = model_listener(model, id);
    if (listener != NULL) {
        settings->work_ns = listener->settings.work_ns;
        settings->work_blocks = listener->settings.work_blocks;
    }
    model_unlock(model);
}

void
handler_start(struct run *run)
{
    const struct value *work = &run->args.values[HANDLER_WORK];
    const struct value *block = &run->args.values[HANDLER_BLOCK];
    const char *word = args_word(&run->args, 0);
    struct request request = { .type = REQUEST_SETTINGS };
    struct settings *settings = &request.u.settings.values;
    struct error err = { 0 };
    int handler = word != NULL ? choice_find(choice_handlers, "handler", word, &err) : 0;

    if (handler < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    if (word == NULL && !work->given && !block->given) {
        run_fail(run, STATUS_USAGE, "which? print, echo, pong, stall or work=D");
        return;
    }
    request.listener = run_take_listener(run);
    if (request.listener == 0)
        return;
    settings_init(settings);
    keep_work(settings, run->console->options.model, request.listener);
    settings->handler = (uint8_t)handler;
    if (work->given)
        settings->work_ns = work->number > 0 ? work->number : 0;
    if (block->given)
        settings->work_blocks = (uint8_t)block->number;
    request.u.settings.bits = (word != NULL ? SET_HANDLER : 0) |
                              (work->given || block->given ? SET_WORK : 0);
    run_post(run, 0, &request, NULL);
}
