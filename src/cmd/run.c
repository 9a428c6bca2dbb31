/* run.c - one command under way: requests out, replies in, an end. */
#include "config.h"

#include "sockdeck/cmd/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/request.h"

static const struct { int code; enum status status; } classes[] = {
    { ETIMEDOUT, STATUS_TIMEOUT },
    { ECONNREFUSED, STATUS_CONNECT }, { ENETUNREACH, STATUS_CONNECT },
    { EHOSTUNREACH, STATUS_CONNECT }, { EADDRINUSE, STATUS_CONNECT },
    { EADDRNOTAVAIL, STATUS_CONNECT }, { EACCES, STATUS_CONNECT },
    { ECONNRESET, STATUS_RECEIVE }, { ECONNABORTED, STATUS_RECEIVE },
    { EPIPE, STATUS_SEND }, { ECANCELED, STATUS_SIGINT },
    { ENOENT, STATUS_USAGE }, { EINVAL, STATUS_USAGE }, { ESRCH, STATUS_USAGE },
    { EBADF, STATUS_USAGE }, { ENOTCONN, STATUS_USAGE }, { ERANGE, STATUS_USAGE },
    { EOPNOTSUPP, STATUS_USAGE },
};

enum status
run_status_of(int code)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (classes[i].code == -code)
            return classes[i].status;
    return STATUS_INTERNAL;
}

void
run_fail(struct run *run, enum status status, const char *format, ...)
{
    va_list args;

    if (run->status != STATUS_OK)
        return;
    run->status = status;
    va_start(args, format);
    vsnprintf(run->message, sizeof(run->message), format, args);
    va_end(args);
}

static bool
has_failed(const struct run *run)
{
    return run->status != STATUS_OK;
}

static void
start(struct run *run, const struct word *words, size_t n)
{
    struct error err = { 0 };

    run->command = command_find(words[0].text, &err);
    if (run->command == NULL)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else if (args_parse(&run->args, run->command, words + 1, n - 1, &err) < 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else if (!run->command->needs_screen || run->console->options.front != NULL)
        run->command->start(run);
    else if (!run->console->is_in_rc)
        run_fail(run, STATUS_USAGE, "needs the screen");
    if (has_failed(run)) {
        run->count = run->next;
        run->waits = false;
    }
}

struct run *
run_new(struct console *console, const struct word *words, size_t n, int64_t now_ns)
{
    struct run *run = alloc_zero(sizeof(*run));
    struct buffer text = { 0 };

    words_quote(&text, words, n);
    *run = (struct run){
        .console = console,
        .number = ++console->last_command,
        .text = alloc_text(buffer_data(&text), buffer_size(&text)),
        .begun_ns = now_ns,
        .deadline_ns = CLOCK_NEVER,
    };
    buffer_fini(&text);
    start(run, words, n);
    return run;
}

/* Takes the reply to the i-th pending request, if it is there. */
static bool
take_reply(struct run *run, size_t i)
{
    struct model *model = run->console->options.model;
    struct pending pending = run->pending[i];
    struct reply reply;
    bool taken;

    model_lock(model);
    taken = model_take_reply(model, pending.request, &reply);
    model_unlock(model);
    if (!taken)
        return false;

    run->pending[i] = run->pending[--run->pending_count];
    if (run->command->replied != NULL)
        run->command->replied(run, &pending, &reply);
    else
        run_check_reply(run, &reply);
    return true;
}

bool
run_step(struct run *run, int64_t now_ns)
{
    for (size_t i = 0; i < run->pending_count;)
        if (!take_reply(run, i))
            i++;
    while (run->next < run->count && run->pending_count < RUN_WINDOW)
        run->command->post(run, run->next++);
    if (run->waits && run->command->step != NULL)
        run->command->step(run, now_ns);
    return run->pending_count == 0 && run->next == run->count && !run->waits;
}

void
run_cancel(struct run *run, int64_t now_ns)
{
    struct engine *engine = run->console->options.engine;

    if (run->cancelled)
        return;
    run->cancelled = true;
    run->count = run->next;
    run->waits = false;
    run->deadline_ns = now_ns;
    run_fail(run, STATUS_SIGINT, "cancelled");
    for (size_t i = 0; i < run->pending_count; i++) {
        struct request request = {
            .type = REQUEST_CANCEL,
            .u.cancel.request = run->pending[i].request,
        };

        engine_tell(engine, &request, NULL);
    }
}

void
run_free(struct run *run)
{
    if (run == NULL)
        return;
    if (run->command != NULL && run->command->finish != NULL)
        run->command->finish(run);
    free(run->state);
    free(run->text);
    id_list_fini(&run->ids);
    free(run);
}

void
run_await(struct run *run, size_t index, uint32_t request)
{
    run->pending[run->pending_count++] = (struct pending){ request, (uint32_t)index };
}

void
run_post(struct run *run, size_t index, struct request *request, const void *data)
{
    run_await(run, index, engine_post(run->console->options.engine, request, data));
}

/* Who closed a connection and how; STATUS_OK: it ended in order. */
static enum status
describe_end(struct model *model, uint32_t id, char *buf, size_t size)
{
    const struct connection *conn;
    enum status fate = STATUS_OK;

    model_lock(model);
    conn = model_connection(model, id);
    snprintf(buf, size, "#%" PRIu32 " is closed", id);
    if (conn != NULL) {
        fate = (enum status)conn->closed.fate;
        if (conn->never_open)
            snprintf(buf, size, "#%" PRIu32 " was never open: %s", id,
                     event_attempt_words(&conn->closed));
        else
            snprintf(buf, size, "#%" PRIu32 " is closed (by %s, %s)", id,
                     event_by_names[conn->closed.by], event_how_names[conn->closed.how]);
    }
    model_unlock(model);
    return fate;
}

/* The connection had closed before the request reached it. */
static bool
is_end(const struct run *run, const struct event_reply *reply)
{
    return run->awaits_end && reply->code == -ENOENT && reply->object != 0;
}

static void
fail_by_end(struct run *run, uint32_t conn)
{
    char sentence[96];
    enum status fate = describe_end(run->console->options.model, conn, sentence, sizeof(sentence));

    if (fate != STATUS_OK || run->end != STATUS_OK)
        run_fail(run, fate != STATUS_OK ? fate : run->end, "%s", sentence);
}

bool
run_check_reply(struct run *run, const struct reply *reply)
{
    const struct event_reply *end = &reply->reply;
    enum status status = end->status != 0 ? (enum status)end->status : run_status_of(end->code);

    if (end->code >= 0 && end->status == 0)
        return true;
    if (is_end(run, end))
        fail_by_end(run, end->object);
    run_fail(run, status, "%s", reply->text[0] != '\0' ? reply->text : error_message(end->code));
    return false;
}

bool
run_take_connections(struct run *run)
{
    struct console *console = run->console;
    struct error err = { 0 };
    int code = target_connections(&run->args.target, console->options.model,
                                  console_focus(console), &run->ids, &err);

    if (code != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return false;
    }
    run->count = run->ids.count;
    return true;
}

uint32_t
run_waiting_focus(struct run *run)
{
    struct console *console = run->console;
    uint32_t focus = console_focus(console);
    size_t open;

    model_lock(console->options.model);
    open = model_open_connections(console->options.model);
    model_unlock(console->options.model);
    return focus == 0 && open == 0 ? console->focus.last : focus;
}

bool
run_take_waiting(struct run *run, enum status end)
{
    struct console *console = run->console;
    struct error err = { 0 };
    int code = target_connections(&run->args.target, console->options.model,
                                  run_waiting_focus(run), &run->ids, &err);

    run->awaits_end = true;
    run->end = end;
    if (code == 0) {
        run->count = run->ids.count;
        return true;
    }
    if (code != -EPIPE) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return false;
    }
    fail_by_end(run, run->ids.ids[0]);
    return false;
}

uint32_t
run_take_one(struct run *run)
{
    char word[32];

    if (!run_take_connections(run))
        return 0;
    run->count = 0;
    if (run->ids.count == 1)
        return run->ids.ids[0];
    run_fail(run, STATUS_USAGE, "%s: takes one connection, and these are %zu",
             target_text(&run->args.target, word), run->ids.count);
    return 0;
}

uint32_t
run_take_listener(struct run *run)
{
    struct error err = { 0 };
    int id = target_listener(&run->args.target, run->console->options.model, &err);

    if (id > 0)
        return (uint32_t)id;
    run_fail(run, STATUS_USAGE, "%s", err.text);
    return 0;
}

bool
run_take_subjects(struct run *run)
{
    if (run->args.target.kind != TARGET_LISTENER)
        return run_take_connections(run);
    run->listener = run_take_listener(run);
    run->count = run->listener != 0;
    return run->listener != 0;
}

void
run_address(const struct run *run, size_t index, struct request *request)
{
    if (run->listener != 0)
        request->listener = run->listener;
    else
        request->conn = run->ids.ids[index];
}

void
run_refresh(struct run *run, const struct table *table)
{
    const struct console_options *options = &run->console->options;

    if (options->front != NULL && options->front->refresh_table != NULL)
        options->front->refresh_table(options->front_ctx, table);
}

void
run_say(struct run *run, const char *text)
{
    const struct console_options *options = &run->console->options;

    if (options->front != NULL)
        options->front->message(options->front_ctx, false, text);
}

void
run_show(struct run *run, struct table *table)
{
    const struct console_options *options = &run->console->options;

    if (run->is_refresh)
        run_refresh(run, table);
    else if (options->output != NULL)
        output_table(options->output, table, clock_wall_ns());
    else if (options->front != NULL)
        options->front->show_table(options->front_ctx, table);
    table_fini(table);
}

void
run_show_text(struct run *run, const char *title, const char *text)
{
    static const struct column columns[] = { { "text", "TEXT", false } };
    const struct console_options *options = &run->console->options;
    struct table table;

    if (options->output == NULL) {
        if (options->front != NULL)
            options->front->show_text(options->front_ctx, title, text);
        return;
    }
    table_init(&table, title, columns, 1);
    while (*text != '\0') {
        size_t n = strcspn(text, "\n");

        table_row(&table);
        table_text(&table, 0, "%.*s", (int)n, text);
        text += n + (text[n] == '\n');
    }
    run_show(run, &table);
}
