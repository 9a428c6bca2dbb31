/* cmd_close.c - pause, resume, shutdown, close, reset, kill: one request each. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

static void
post_simple(struct run *run, size_t index, enum request_type type)
{
    struct request request = { .type = type };

    run_address(run, index, &request);
    run_post(run, index, &request, NULL);
}

void
pause_start(struct run *run)
{
    run_take_connections(run);
}

void
pause_post(struct run *run, size_t index)
{
    post_simple(run, index, REQUEST_PAUSE);
}

void
resume_post(struct run *run, size_t index)
{
    post_simple(run, index, REQUEST_RESUME);
}

void
reset_post(struct run *run, size_t index)
{
    post_simple(run, index, REQUEST_RESET);
}

void
close_start(struct run *run)
{
    run_take_subjects(run);
}

void
close_post(struct run *run, size_t index)
{
    post_simple(run, index, run->listener != 0 ? REQUEST_CLOSE_LISTENER : REQUEST_CLOSE);
}

/* A connection that ended before the request reached it, or whose process did, or that a
 * reset has unconnected: what was asked for is so. With both ends here, closing one ends
 * the other. */
void
close_replied(struct run *run, const struct pending *pending, const struct reply *reply)
{
    int code = reply->reply.code;

    (void)pending;
    if (run->listener == 0 && (code == -ENOENT || code == -EPIPE || code == -ENOTCONN))
        return;
    run_check_reply(run, reply);
}

void
shutdown_start(struct run *run)
{
    struct request_shutdown *shutdown = alloc_zero(sizeof(*shutdown));
    struct error err = { 0 };
    int which = choice_find(choice_shutdown, "side", args_word(&run->args, 0), &err);

    run->state = shutdown;
    if (which < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    shutdown->which = (uint32_t)which;
    run_take_connections(run);
}

void
shutdown_post(struct run *run, size_t index)
{
    const struct request_shutdown *shutdown = run->state;
    struct request request = {
        .type = REQUEST_SHUTDOWN,
        .conn = run->ids.ids[index],
        .u.shutdown = *shutdown,
    };

    run_post(run, index, &request, NULL);
}

/* In the order of choice_signals. */
static const int signals[] = { SIGKILL, SIGSTOP, SIGCONT, SIGTERM };

/* "KILL", "kill" and "SIGKILL" alike. */
static int
find_signal(const char *word, struct error *err)
{
    struct choice choice;

    if (word == NULL)
        return SIGKILL;
    for (size_t i = 0; choice_signals(i, &choice); i++)
        if (strcasecmp(word, choice.name) == 0 ||
            (strncasecmp(word, "SIG", 3) == 0 && strcasecmp(word + 3, choice.name) == 0))
            return signals[i];
    return choice_find(choice_signals, "signal", word, err);
}

static uint32_t
listener_of(struct model *model, uint32_t id)
{
    const struct worker *worker;
    uint32_t listener;

    model_lock(model);
    worker = model_worker(model, id);
    listener = worker != NULL ? worker->listener : 0;
    model_unlock(model);
    return listener;
}

void
kill_start(struct run *run)
{
    struct model *model = run->console->options.model;
    struct request request = { .type = REQUEST_KILL };
    struct error err = { 0 };
    int worker, number = find_signal(args_word(&run->args, 0), &err);

    if (number < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    worker = target_worker(&run->args.target, model, &err);
    if (worker < 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    request.listener = listener_of(model, (uint32_t)worker);
    request.u.kill = (struct request_kill){ (uint32_t)worker, number };
    run_post(run, 0, &request, NULL);
}
