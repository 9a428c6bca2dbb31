/* cmd_expect.c - expect and wait: how a script keeps step with its peers. */
#include "config.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/request.h"
#include "verbs.h"

enum { KEY_WITHIN };

const struct key expect_keys[] = {
    [KEY_WITHIN] = { "within", VALUE_DURATION, "2s", "how long to wait for it" },
    { .name = NULL },
};

const struct key wait_keys[] = {
    [KEY_WITHIN] = { "within", VALUE_DURATION, "none", "how long to wait for it" },
    { .name = NULL },
};

enum { SHOWN_CELLS = 60 };      /* of what was last received, in a failure */

struct expecting {
    regex_t pattern;
    bool has_pattern;
    bool was_read;              /* what there was at the start */
    uint32_t conn;
};

static int64_t
deadline_of(const struct run *run)
{
    int64_t limit = run->args.values[KEY_WITHIN].number;

    return limit < 0 ? CLOCK_NEVER : run->begun_ns + limit;
}

void
expect_finish(struct run *run)
{
    struct expecting *expecting = run->state;

    if (expecting != NULL && expecting->has_pattern)
        regfree(&expecting->pattern);
}

/* ^ and $ stand at lines too, and . stops at their ends, so that .* is not greedy
 * across what comes later. */
static bool
compile(struct run *run, struct expecting *expecting)
{
    struct buffer pattern = { 0 };
    char reason[128];
    int code;

    words_join(&pattern, run->args.data, run->args.data_count);
    alloc_check(buffer_add(&pattern, "", 1));
    if (strlen(buffer_data(&pattern)) + 1 != buffer_size(&pattern)) {
        run_fail(run, STATUS_USAGE, "a pattern holds no NUL; . matches one");
        goto out;
    }
    code = regcomp(&expecting->pattern, buffer_data(&pattern), REG_EXTENDED | REG_NEWLINE);
    expecting->has_pattern = code == 0;
    if (code != 0) {
        regerror(code, &expecting->pattern, reason, sizeof(reason));
        run_fail(run, STATUS_USAGE, "the pattern is not a regular expression: %s", reason);
    }
out:
    buffer_fini(&pattern);
    return expecting->has_pattern;
}

/* From now on every byte is kept for the pattern (a batch keeps all anyway). */
static void
ask_for_whole_capture(struct run *run, uint32_t conn)
{
    struct request request = {
        .type = REQUEST_SETTINGS,
        .conn = conn,
        .u.settings = { .bits = SET_CAPTURE, .values.capture = CAPTURE_WHOLE },
    };

    engine_tell(run->console->options.engine, &request, NULL);
}

/* The connection, also one that has closed: its bytes may be there still. */
static uint32_t
take_connection(struct run *run)
{
    struct console *console = run->console;
    struct error err = { 0 };
    int code = target_connections(&run->args.target, console->options.model,
                                  run_waiting_focus(run), &run->ids, &err);

    if (run->ids.count == 1)
        return run->ids.ids[0];
    if (code == 0)
        error_set(&err, -1, "takes one connection, and these are %zu", run->ids.count);
    run_fail(run, STATUS_USAGE, "%s", err.text);
    return 0;
}

void
expect_start(struct run *run)
{
    struct expecting *expecting = alloc_zero(sizeof(*expecting));

    run->state = expecting;
    if (!compile(run, expecting))
        return;
    expecting->conn = take_connection(run);
    if (expecting->conn == 0)
        return;
    if (run->console->options.output == NULL)
        ask_for_whole_capture(run, expecting->conn);
    run->waits = true;
    run->deadline_ns = deadline_of(run);
}

static void
publish_match(struct run *run, uint32_t conn, const char *data, size_t n)
{
    const struct console_options *options = &run->console->options;
    struct event event = {
        .type = EVENT_MATCHED,
        .stamp_ns = clock_mono_ns(),
        .conn = conn,
        .u.message.bytes = n,
    };

    options->publish(options->publish_ctx, &event, data, (uint32_t)n);
}

/* Looks once. true when it has matched; the bytes up to its end are used up. */
static bool
try_match(struct run *run, const struct expecting *expecting, struct matcher *matcher)
{
    size_t start, end;

    if (!matcher_find(matcher, &expecting->pattern, &start, &end))
        return false;
    publish_match(run, expecting->conn,
                  end > 0 ? buffer_data(&matcher->window) + start : "", end - start);
    buffer_take(&matcher->window, end);
    run->waits = false;
    return true;
}

/* The last bytes that did not match, for the sentence. */
static const char *
last_received(const struct matcher *matcher, char *buf, size_t size)
{
    size_t n = buffer_size(&matcher->window);
    size_t from = n > SHOWN_CELLS ? n - SHOWN_CELLS : 0;
    char text[256];

    if (n == 0)
        return "nothing came";
    text_render_cells(text, sizeof(text), buffer_data(&matcher->window) + from, n - from,
                      SHOWN_CELLS, TEXT_QUOTED);
    snprintf(buf, size, "last received %s\"%s\"", from > 0 ? "..." : "", text);
    return buf;
}

/* No more bytes can come. */
static void
fail_at_end(struct run *run, uint32_t conn, const char *received)
{
    struct model *model = run->console->options.model;
    const struct connection *row;
    enum status fate = STATUS_OK;

    model_lock(model);
    row = model_connection(model, conn);
    if (row != NULL && row->state == CONN_CLOSED)
        fate = (enum status)row->closed.fate;
    model_unlock(model);
    if (fate != STATUS_OK)
        run_fail(run, fate, "#%" PRIu32 " has ended before a match; %s", conn, received);
    else
        run_fail(run, STATUS_UNMET, "end of file on #%" PRIu32 " before a match; %s", conn, received);
    run->waits = false;
}

void
expect_step(struct run *run, int64_t now_ns)
{
    struct expecting *expecting = run->state;
    struct matcher *matcher = matcher_get(&run->console->matchers, run->console->options.model,
                                          expecting->conn);
    char buf[320], limit[32];
    bool caught_up, grew, open = true;

    do {
        caught_up = matcher_read(matcher, run->console->options.model, &grew, &open);
        if ((grew || !expecting->was_read) && try_match(run, expecting, matcher))
            return;
        expecting->was_read = true;
    } while (!caught_up);

    if (!open) {
        fail_at_end(run, expecting->conn, last_received(matcher, buf, sizeof(buf)));
    } else if (now_ns >= run->deadline_ns) {
        run_fail(run, STATUS_UNMET, "no match on #%" PRIu32 " in %s; %s", expecting->conn,
                 duration_text(limit, run->args.values[KEY_WITHIN].number),
                 last_received(matcher, buf, sizeof(buf)));
        run->waits = false;
    }
}
