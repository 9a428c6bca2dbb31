/* test_runner.c - jobs: requests go out, replies end commands, the next one starts.
 *
 * The engine is a stub that collects requests; the model is the real one. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/console.h"
#include "sockdeck/cmd/options.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/cmd/runner.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/mode.h"

enum { POSTED_MAX = 1024, FAILED_MAX = 16 };

struct engine {
    struct request posted[POSTED_MAX];
    char *data[POSTED_MAX];
    size_t count;
    uint32_t max_connections;
};

struct fixture {
    struct engine engine;
    struct model *model;
    struct console *console;
    char failed[FAILED_MAX][512];       /* messages */
    uint32_t status[FAILED_MAX];
    size_t failed_count;
    char matched[256];
    char told[256];
};

uint32_t
engine_post(struct engine *engine, struct request *request, const void *data)
{
    size_t i = engine->count++;

    assert_true(i < POSTED_MAX);
    assert_true(request->data_size <= REQUEST_DATA_MAX);
    request->id = (uint32_t)i + 1;
    engine->posted[i] = *request;
    engine->data[i] = malloc(request->data_size + 1);
    assert_non_null(engine->data[i]);
    if (request->data_size > 0)
        memcpy(engine->data[i], data, request->data_size);
    engine->data[i][request->data_size] = '\0';
    return request->id;
}

void
engine_set_resolve_timeout(struct engine *engine, int64_t limit_ns)
{
    (void)engine;
    (void)limit_ns;
}

void
engine_set_max_connections(struct engine *engine, uint32_t max)
{
    engine->max_connections = max;
}

static void
take_record(void *ctx, struct event *event, const void *data, uint32_t n)
{
    struct fixture *f = ctx;
    const char *text = data;

    if (event->type == EVENT_MATCHED) {
        snprintf(f->matched, sizeof(f->matched), "%.*s", (int)n, text);
        return;
    }
    assert_int_equal(event->type, EVENT_FAILED);
    assert_true(f->failed_count < FAILED_MAX);
    f->status[f->failed_count] = event->u.reply.status;
    snprintf(f->failed[f->failed_count++], sizeof(f->failed[0]), "%s", text + strlen(text) + 1);
}

static void
take_diagnosis(void *ctx, const char *text)
{
    struct fixture *f = ctx;

    snprintf(f->told, sizeof(f->told), "%s", text);
}

static int
set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));
    struct console_options options = {
        .engine = &f->engine,
        .publish = take_record,
        .publish_ctx = f,
        .diagnose = take_diagnosis,
        .diagnose_ctx = f,
    };

    f->model = options.model = model_new(1 << 22);
    f->console = console_new(&options);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    console_free(f->console);
    model_free(f->model);
    for (size_t i = 0; i < f->engine.count; i++)
        free(f->engine.data[i]);
    test_free(f);
    return 0;
}

static void
step(struct fixture *f)
{
    console_step(f->console, clock_mono_ns());
}

/* Answers the i-th request, and lets the console see it. */
static void
reply(struct fixture *f, size_t i, int code, uint32_t object, uint32_t status, const char *text)
{
    struct event *event = record_new(EVENT_REPLY, 0, text, strlen(text) + 1);

    assert_true(i < f->engine.count);
    event->u.reply = (struct event_reply){ f->engine.posted[i].id, code, object, status };
    record_apply(f->model, event);
    step(f);
}

static void
agree(struct fixture *f, size_t i)
{
    reply(f, i, 0, 0, 0, "");
}

static void
open_connection(struct fixture *f, uint32_t id)
{
    struct event *event = record_of_peers(EVENT_CONNECTED, id, "127.0.0.1:1", "127.0.0.1:2");

    event->flags = EVENT_DIALLED;
    record_apply(f->model, event);
}

static void
open_listener(struct fixture *f, uint16_t id)
{
    struct event *event = record_new(EVENT_LISTENING, 0, "127.0.0.1:9", 12);

    event->listener = id;
    record_apply(f->model, event);
}

static void
close_connection(struct fixture *f, uint32_t id, enum status fate)
{
    struct event *event = record_new(EVENT_CLOSED, id, NULL, 0);

    event->u.closed.fate = (uint8_t)fate;
    record_apply(f->model, event);
}

static void
receive(struct fixture *f, uint32_t id, const char *data, size_t n)
{
    record_apply(f->model, record_of_message(EVENT_RECEIVED, id, data, n));
}

static void
run(struct fixture *f, const char *line)
{
    console_submit(f->console, line);
}

/* What the command line asks for. */
static void
start(struct fixture *f, struct option_input *input)
{
    const struct options options = { .inputs = input, .input_count = 1 };

    console_start(f->console, &options, NULL, NULL);
}

static void
start_file(struct fixture *f, const char *path)
{
    start(f, &(struct option_input) { .kind = OPTION_FILE, .text = path });
}

static const struct request *
posted(struct fixture *f, size_t i, enum request_type type)
{
    assert_true(i < f->engine.count);
    assert_int_equal(f->engine.posted[i].type, type);
    return &f->engine.posted[i];
}

static void
assert_failed(struct fixture *f, size_t i, enum status status, const char *message)
{
    assert_true(i < f->failed_count);
    assert_string_equal(f->failed[i], message);
    assert_int_equal(f->status[i], status);
}

static void
assert_idle(struct fixture *f, enum status status)
{
    assert_false(console_is_busy(f->console));
    assert_int_equal(console_status(f->console), status);
}

/* Runs steps until a deadline of the console's own has passed and the job ended. */
static void
run_out_of_time(struct fixture *f)
{
    int64_t limit = clock_mono_ns() + 5 * NS_PER_S;

    while (console_is_busy(f->console)) {
        assert_true(clock_mono_ns() < limit);
        assert_true(console_deadline(f->console) != CLOCK_NEVER);
        step(f);
    }
}

/* --- commands and their ends ------------------------------------------------------ */

static void
a_command_ends_with_its_reply_and_the_next_starts(void **state)
{
    struct fixture *f = *state;
    const struct request *request;

    run(f, "listen 10001 workers=2 mode=prefork handler=echo read=5s; connect 10001");
    request = posted(f, 0, REQUEST_LISTEN);
    assert_string_equal(modes[request->u.listen.mode]->name, "prefork");
    assert_int_equal(request->u.listen.workers, 2);
    assert_int_equal(request->u.listen.settings.handler, HANDLER_ECHO);
    assert_int_equal(request->u.listen.settings.timeout_ns[TIMEOUT_READ], 5 * NS_PER_S);
    assert_int_equal(((const struct endpoint *)f->engine.data[0])->port, 10001);
    step(f);
    assert_int_equal(f->engine.count, 1);

    reply(f, 0, 0, 1, 0, "");
    posted(f, 1, REQUEST_DIAL);
    assert_true(console_is_busy(f->console));
    reply(f, 1, 0, 1, 0, "");
    assert_idle(f, STATUS_OK);
}

static void
a_failure_has_its_class_and_later_commands_still_run(void **state)
{
    struct fixture *f = *state;

    run(f, "connect 1; lisen 2; connect 3");
    reply(f, 0, -ECONNREFUSED, 0, STATUS_CONNECT, "refused");
    posted(f, 1, REQUEST_DIAL);
    reply(f, 1, -ETIMEDOUT, 0, 0, "");
    assert_failed(f, 0, STATUS_CONNECT, "refused");
    assert_failed(f, 1, STATUS_USAGE, "lisen: unknown command; did you mean listen?");
    assert_failed(f, 2, STATUS_TIMEOUT, "Connection timed out");
    assert_idle(f, STATUS_CONNECT);
    assert_string_equal(f->told, "lisen: unknown command; did you mean listen?");
}

static void
stop_on_error_drops_what_is_behind(void **state)
{
    struct fixture *f = *state;

    run(f, "set stop-on-error on; lisen 2; connect 3");
    assert_int_equal(f->engine.count, 0);
    assert_idle(f, STATUS_USAGE);
    run(f, "connect 3");
    posted(f, 0, REQUEST_DIAL);
}

static void
jobs_run_beside_each_other(void **state)
{
    struct fixture *f = *state;

    run(f, "connect 1");
    run(f, "connect 2");
    assert_int_equal(f->engine.count, 2);
    reply(f, 1, 0, 1, 0, "");
    assert_true(console_is_busy(f->console));
    reply(f, 0, 0, 2, 0, "");
    assert_idle(f, STATUS_OK);
}

static void
the_first_of_count_gets_the_focus(void **state)
{
    struct fixture *f = *state;

    run(f, "connect 10001 count=3");
    for (size_t i = 0; i < 3; i++) {
        posted(f, i, REQUEST_DIAL);
        open_connection(f, 7 + (uint32_t)i);
    }
    reply(f, 1, 0, 8, 0, "");
    reply(f, 0, 0, 7, 0, "");
    reply(f, 2, 0, 9, 0, "");
    assert_int_equal(console_focus(f->console), 7);
    assert_idle(f, STATUS_OK);
}

static void
many_requests_go_out_in_a_window(void **state)
{
    struct fixture *f = *state;

    run(f, "connect 10001 count=300");
    assert_int_equal(f->engine.count, 256);
    for (size_t i = 0; i < 300; i++)
        reply(f, i, 0, (uint32_t)i + 1, 0, "");
    assert_int_equal(f->engine.count, 300);
    assert_idle(f, STATUS_OK);
}

static void
a_cancel_ends_the_request_early_and_drops_the_rest(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    run(f, "ping count=100; close");
    posted(f, 0, REQUEST_PING);
    console_cancel(f->console);
    assert_int_equal(posted(f, 1, REQUEST_CANCEL)->u.cancel.request, 1);
    assert_true(console_is_busy(f->console));
    agree(f, 0);
    assert_int_equal(f->engine.count, 2);
    assert_idle(f, STATUS_SIGINT);
}

/* --- send ------------------------------------------------------------------------- */

static void
send_joins_words_and_appends_the_line_ending(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    run(f, "send #1 eol=crlf GET  /a=b");
    posted(f, 0, REQUEST_SEND);
    assert_int_equal(f->engine.posted[0].conn, 1);
    assert_string_equal(f->engine.data[0], "GET /a=b\r\n");
    agree(f, 0);
    run(f, "sendhex 70 69 6E67");
    assert_string_equal(f->engine.data[1], "ping");
    agree(f, 1);
    assert_idle(f, STATUS_OK);
    run(f, "sendhex 7 0");
    assert_failed(f, 0, STATUS_USAGE, "7: not pairs of hexadecimal digits, such as 70 69 6e67");
}

static void
long_data_goes_in_pieces_one_after_another(void **state)
{
    struct fixture *f = *state;
    size_t n = REQUEST_DATA_MAX;
    char *words[3], *long_word = test_malloc(n + 1);
    char verb[] = "send", ending[] = "eol=lf";

    open_connection(f, 1);
    memset(long_word, 'x', n);
    long_word[n] = '\0';
    words[0] = verb;
    words[1] = ending;
    words[2] = long_word;
    start(f, &(struct option_input) { .kind = OPTION_WORDS, .argc = 3, .argv = words });
    assert_int_equal(f->engine.count, 1);
    assert_int_equal(posted(f, 0, REQUEST_SEND)->data_size, n);
    agree(f, 0);
    assert_string_equal(f->engine.data[1], "\n");
    agree(f, 1);
    assert_idle(f, STATUS_OK);
    test_free(long_word);
}

static void
sendfile_reads_a_regular_file_and_refuses_others(void **state)
{
    struct fixture *f = *state;
    char path[] = "/tmp/sockdeck-test-XXXXXX", line[64];
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a\0b", 3), 3);
    close(fd);
    open_connection(f, 1);
    snprintf(line, sizeof(line), "sendfile %s", path);
    run(f, line);
    unlink(path);
    assert_int_equal(posted(f, 0, REQUEST_SEND)->data_size, 3);
    assert_memory_equal(f->engine.data[0], "a\0b", 3);
    agree(f, 0);
    assert_idle(f, STATUS_OK);
    run(f, "sendfile /");
    run(f, "sendfile /no/such/place");
    assert_failed(f, 0, STATUS_USAGE, "/: not a regular file");
    assert_failed(f, 1, STATUS_USAGE, "/no/such/place: No such file or directory");
}

static void
what_waits_on_an_ended_connection_fails_with_its_class(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    assert_int_equal(console_focus(f->console), 1);
    close_connection(f, 1, STATUS_RECEIVE);
    run(f, "send x");
    run(f, "ping");
    run(f, "expect x");
    step(f);
    assert_int_equal(f->engine.count, 1);       /* expect asks for whole capture */
    assert_int_equal(f->failed_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(f->status[i], STATUS_RECEIVE);
}

/* --- expect and wait --------------------------------------------------------------- */

static void
expect_matches_across_messages_and_uses_up_what_matched(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    receive(f, 1, "hel", 3);
    run(f, "expect 'hello [a-z]+\\.'; expect rest");
    assert_true(console_is_busy(f->console));
    receive(f, 1, "lo wor", 6);
    step(f);
    assert_true(console_is_busy(f->console));
    receive(f, 1, "ld.the rest", 11);
    step(f);
    assert_idle(f, STATUS_OK);
    assert_string_equal(f->matched, "rest");
    run(f, "expect within=0 world");
    assert_failed(f, 0, STATUS_UNMET, "no match on #1 in 0 s; nothing came");
}

static void
expect_passes_over_nuls(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    receive(f, 1, "a\0b\0\0ping", 9);
    run(f, "expect ping");
    assert_idle(f, STATUS_OK);
    assert_string_equal(f->matched, "ping");
}

static void
expect_says_what_came_when_its_time_is_up(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    receive(f, 1, "no\n", 3);
    run(f, "expect within=30ms yes");
    run_out_of_time(f);
    assert_failed(f, 0, STATUS_UNMET, "no match on #1 in 30 ms; last received \"no\\n\"");
}

static void
expect_ends_with_the_end_of_file(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    run(f, "expect yes");
    record_apply(f->model, record_new(EVENT_EOF, 1, NULL, 0));
    step(f);
    assert_failed(f, 0, STATUS_UNMET, "end of file on #1 before a match; nothing came");
    assert_idle(f, STATUS_UNMET);
}

static void
expect_finds_what_came_before_the_end(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    assert_int_equal(console_focus(f->console), 1);
    receive(f, 1, "bye", 3);
    close_connection(f, 1, STATUS_OK);
    run(f, "expect bye");
    assert_idle(f, STATUS_OK);
    assert_string_equal(f->matched, "bye");
}

static void
a_pattern_that_is_none_is_refused(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    run(f, "expect '(a'");
    run(f, "expect a\\0b");
    assert_int_equal(f->status[0], STATUS_USAGE);
    assert_failed(f, 1, STATUS_USAGE, "a pattern holds no NUL; . matches one");
}

static void
wait_passes_a_time(void **state)
{
    struct fixture *f = *state;
    int64_t begun = clock_mono_ns();

    run(f, "wait 30ms");
    run_out_of_time(f);
    assert_true(clock_mono_ns() - begun >= 30 * NS_PER_MS);
    assert_idle(f, STATUS_OK);
}

static void
wait_closed_ends_with_the_connection_or_its_time(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    open_connection(f, 2);
    run(f, "wait #1 closed within=30ms");
    run_out_of_time(f);
    assert_failed(f, 0, STATUS_UNMET, "#1 has not closed within 30 ms");
    run(f, "wait @all closed");
    close_connection(f, 1, STATUS_OK);
    step(f);
    assert_true(console_is_busy(f->console));
    close_connection(f, 2, STATUS_TIMEOUT);
    step(f);
    assert_false(console_is_busy(f->console));
    assert_failed(f, 1, STATUS_TIMEOUT, "#2 did not end in order");
}

/* --- settings ---------------------------------------------------------------------- */

static void
timeouts_go_to_connections_listeners_and_defaults(void **state)
{
    struct fixture *f = *state;
    const struct request *request;

    open_connection(f, 1);
    open_listener(f, 1);
    run(f, "timeout #1 read 5s then=close; timeout L1 accept none; timeout default idle 0; listen 0");
    request = posted(f, 0, REQUEST_SETTINGS);
    assert_int_equal(request->conn, 1);
    assert_int_equal(request->u.settings.bits, 1 << TIMEOUT_READ | SET_READ_THEN);
    assert_int_equal(request->u.settings.values.read_then, THEN_CLOSE);
    agree(f, 0);
    request = posted(f, 1, REQUEST_SETTINGS);
    assert_int_equal(request->listener, 1);
    assert_int_equal(request->conn, 0);
    assert_int_equal(request->u.settings.values.timeout_ns[TIMEOUT_ACCEPT], DURATION_NONE);
    agree(f, 1);
    posted(f, 2, REQUEST_DEFAULTS);
    agree(f, 2);
    assert_int_equal(posted(f, 3, REQUEST_LISTEN)->u.listen.settings.timeout_ns[TIMEOUT_IDLE], 0);
}

static void
what_makes_no_sense_changes_nothing(void **state)
{
    struct fixture *f = *state;

    open_connection(f, 1);
    run(f, "timeout #1 accept 5s; timeout idle 5s then=keep; timeout red 5; timeout read; handler; "
           "mode frok; kill W9; shutdown up; eol lff; on-eof x; focus L1; set nothing 1");
    assert_int_equal(f->engine.count, 0);
    assert_int_equal(f->failed_count, 12);
    for (size_t i = 0; i < f->failed_count; i++)
        assert_int_equal(f->status[i], STATUS_USAGE);
}

static void
preferences_take_effect(void **state)
{
    struct fixture *f = *state;

    run(f, "set max-connections 50; set event 1k");
    assert_int_equal(f->engine.max_connections, 50);
    assert_int_equal(console_preference(f->console, PREFERENCE_EVENT_BYTES), 1024);
    run(f, "set max-connections 0");
    assert_int_equal(f->engine.max_connections, 50);
    assert_int_equal(f->status[0], STATUS_USAGE);
}

static void
what_needs_the_screen_fails_without_one(void **state)
{
    struct fixture *f = *state;

    run(f, "zoom");
    assert_failed(f, 0, STATUS_USAGE, "needs the screen");
    assert_string_equal(f->told, "zoom: needs the screen");
}

static void
quit_drops_what_is_behind(void **state)
{
    struct fixture *f = *state;

    run(f, "quit; connect 1");
    assert_true(console_quit_wanted(f->console));
    assert_int_equal(f->engine.count, 0);
    assert_idle(f, STATUS_OK);
}

/* --- scripts ------------------------------------------------------------------------ */

static void
write_script(char path[static 32], const void *text, size_t n)
{
    int fd;

    strcpy(path, "/tmp/sockdeck-test-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    close(fd);
}

static void
source_runs_a_file_and_goes_on_behind_it(void **state)
{
    static const char text[] = "# a comment\n\nconnect 1\nconnect 2";
    struct fixture *f = *state;
    char path[32], line[64];

    write_script(path, text, strlen(text));
    snprintf(line, sizeof(line), "source %s; connect 3", path);
    run(f, line);
    unlink(path);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(f->engine.count, i + 1);
        assert_int_equal(((const struct endpoint *)f->engine.data[i])->port, i + 1);
        agree(f, i);
    }
    assert_idle(f, STATUS_OK);
}

static void
a_failure_in_a_script_names_its_line(void **state)
{
    struct fixture *f = *state;
    char path[32], told[128];

    write_script(path, "set\nlisen\n", 10);
    start_file(f, path);
    unlink(path);
    snprintf(told, sizeof(told), "%s:2: lisen: unknown command; did you mean listen?", path);
    assert_string_equal(f->told, told);
    assert_int_equal(f->failed_count, 1);
}

static void
a_script_that_includes_itself_is_stopped(void **state)
{
    struct fixture *f = *state;
    char path[32], line[64];
    FILE *file;

    write_script(path, "", 0);
    file = fopen(path, "w");
    fprintf(file, "source %s\n", path);
    fclose(file);
    snprintf(line, sizeof(line), "source %s", path);
    run(f, line);
    unlink(path);
    assert_int_equal(f->failed_count, 1);
    assert_non_null(strstr(f->failed[0], "nested deeper than 8"));
    assert_idle(f, STATUS_USAGE);
}

static void
what_is_no_script_is_refused_before_its_first_line(void **state)
{
    struct fixture *f = *state;
    char path[32];
    char *text = test_malloc(80000);

    write_script(path, "connect 1\na\0b\n", 14);
    start_file(f, path);
    unlink(path);
    assert_non_null(strstr(f->failed[0], "binary"));

    memset(text, 'x', 80000);
    memcpy(text, "connect 1\n", 10);
    write_script(path, text, 80000);
    test_free(text);
    start_file(f, path);
    unlink(path);
    assert_non_null(strstr(f->failed[1], ":2: the line is longer than 64 KiB"));

    start_file(f, "/dev/null");
    start_file(f, "/no/such/place");
    assert_failed(f, 2, STATUS_USAGE, "/dev/null: not a regular file (for a pipe: -f -)");
    assert_failed(f, 3, STATUS_USAGE, "/no/such/place: No such file or directory");
    assert_int_equal(f->engine.count, 0);
}

/* Lines that another thread could give one by one. */
struct lines { const char *const *next; bool more; };

static int
next_line(void *ctx, const char **line, size_t *n, struct error *err)
{
    struct lines *lines = ctx;

    (void)err;
    if (*lines->next == NULL)
        return lines->more ? 0 : -ENODATA;
    *line = *lines->next++;
    *n = strlen(*line);
    return 1;
}

static void
start_up_runs_its_inputs_in_order_and_waits_for_lines(void **state)
{
    static const char *const given[] = { "connect 2", "bad", NULL }, *const later[] = { "connect 3", NULL };
    struct fixture *f = *state;
    struct lines lines = { given, true };
    const struct line_source source = { .next = next_line, .ctx = &lines };
    char verb[] = "connect", port[] = "4";
    char *words[] = { verb, port };
    struct option_input inputs[] = {
        { .kind = OPTION_LINE, .text = "connect 1" },
        { .kind = OPTION_STDIN },
        { .kind = OPTION_WORDS, .argc = 2, .argv = words },
    };
    const struct options options = { .inputs = inputs, .input_count = 3 };

    console_start(f->console, &options, "/no/such/place/sockdeckrc", &source);
    assert_int_equal(f->engine.count, 1);
    assert_false(console_wants_line(f->console));
    agree(f, 0);
    agree(f, 1);
    assert_true(console_wants_line(f->console));
    lines.next = later;
    step(f);
    agree(f, 2);
    lines.more = false;
    step(f);
    assert_int_equal(f->engine.count, 4);
    agree(f, 3);
    assert_idle(f, STATUS_USAGE);
    assert_int_equal(f->failed_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_command_ends_with_its_reply_and_the_next_starts),
        TEST(a_failure_has_its_class_and_later_commands_still_run),
        TEST(stop_on_error_drops_what_is_behind),
        TEST(jobs_run_beside_each_other),
        TEST(the_first_of_count_gets_the_focus),
        TEST(many_requests_go_out_in_a_window),
        TEST(a_cancel_ends_the_request_early_and_drops_the_rest),
        TEST(send_joins_words_and_appends_the_line_ending),
        TEST(long_data_goes_in_pieces_one_after_another),
        TEST(sendfile_reads_a_regular_file_and_refuses_others),
        TEST(what_waits_on_an_ended_connection_fails_with_its_class),
        TEST(expect_matches_across_messages_and_uses_up_what_matched),
        TEST(expect_passes_over_nuls),
        TEST(expect_says_what_came_when_its_time_is_up),
        TEST(expect_ends_with_the_end_of_file),
        TEST(expect_finds_what_came_before_the_end),
        TEST(a_pattern_that_is_none_is_refused),
        TEST(wait_passes_a_time),
        TEST(wait_closed_ends_with_the_connection_or_its_time),
        TEST(timeouts_go_to_connections_listeners_and_defaults),
        TEST(what_makes_no_sense_changes_nothing),
        TEST(preferences_take_effect),
        TEST(what_needs_the_screen_fails_without_one),
        TEST(quit_drops_what_is_behind),
        TEST(source_runs_a_file_and_goes_on_behind_it),
        TEST(a_failure_in_a_script_names_its_line),
        TEST(a_script_that_includes_itself_is_stopped),
        TEST(what_is_no_script_is_refused_before_its_first_line),
        TEST(start_up_runs_its_inputs_in_order_and_waits_for_lines),
    };

    return cmocka_run_group_tests_name("runner", tests, NULL, NULL);
}
