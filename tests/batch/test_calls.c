/* test_calls.c - the syscall lens of the real program, in every mode; and that it tells
 * the truth: strace sees the same calls with the same results. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

static const char *const modes[] = {
    "serial", "threads", "fork", "prefork", "prefork-threads", "epoll",
};

enum { MODES = sizeof(modes) / sizeof(modes[0]) };

static bool
is_call(const json_t *event, const char *name)
{
    return strcmp(event_string(event, "event"), "call") == 0 &&
           strcmp(event_string(event, "call"), name) == 0;
}

/* --- what is shown -------------------------------------------------------------------- */

static void
listen_in_mode(struct stage *s)
{
    char line[64];

    snprintf(line, sizeof(line), "listen 0 mode=%s workers=2 handler=echo",
             (const char *)s->subject);
    assert_int_equal(stage_run(s, "%s", line), 0);
    snprintf(s->port, sizeof(s->port), "%d", batch_port(&s->batch));
}

/* The call that an event tells of: the same connection (an accept has none), process,
 * and stamp. */
static const json_t *
call_of(const struct batch *b, const json_t *event, const char *name)
{
    json_t *call;
    size_t i;

    json_array_foreach(b->events, i, call) {
        if (is_call(call, name) && event_number(call, "mono") == event_number(event, "mono") &&
            (!event_has(call, "conn") || event_conn(call) == event_conn(event)))
            return call;
    }
    fail_msg("no %s of the same stamp as %s", name, event_string(event, "text"));
    return NULL;
}

static void
expect_call_of(struct batch *b, const char *event, int conn, const char *name,
               const char *arguments)
{
    const json_t *told = batch_event(b, event, conn), *call = call_of(b, told, name);

    assert_between(event_number(call, "seconds"), 0, 60);
    if (strstr(event_string(call, "args"), arguments) == NULL)
        fail_msg("%s is not in %s", arguments, event_string(call, "args"));
    if (strcmp(event, "accepted") != 0 && event_has(told, "worker"))
        assert_int_equal(event_pid(call), event_pid(told));
}

static void
each_call_is_shown_with_the_stamp_of_what_it_did(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;

    batch_start(b, NULL);
    assert_int_equal(stage_run(s, "calls on"), 0);
    listen_in_mode(s);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "send ping"), 0);
    assert_int_equal(stage_run(s, "expect ping"), 0);
    assert_int_equal(stage_run(s, "close"), 0);
    batch_event(b, "closed", 2);
    stage_quit(s, 0);

    expect_call_of(b, "accepted", 2, "accept4", "sin_addr=inet_addr(\"127.0.0.1\")}, [128 => 16]");
    expect_call_of(b, "received", 2, "recvfrom", ", \"ping\", 1024, 0, NULL, NULL");
    expect_call_of(b, "sent", 2, "sendto", ", \"ping\", 4, MSG_NOSIGNAL, NULL, 0");
    expect_call_of(b, "received", 1, "recvfrom", ", \"ping\", 1024, 0, NULL, NULL");
    expect_call_of(b, "eof", 2, "recvfrom", ", \"\", 1024, 0, NULL, NULL");
    expect_call_of(b, "stopped", 0, "close", "");
}

static void
an_accept_that_blocks_already_is_seen(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    const json_t *accepted;

    batch_start(b, NULL);
    listen_in_mode(s);
    assert_int_equal(stage_run(s, "calls on"), 0);
    assert_int_equal(stage_run(s, "wait 300ms"), 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    accepted = batch_event(b, "accepted", 2);
    assert_true(event_number(call_of(b, accepted, "accept4"), "seconds") >= 0.05);
    assert_int_equal(batch_count(b, "lost", 0), 0);
    stage_quit(s, 0);
}

static void
off_is_silent(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;

    batch_start(b, NULL);
    listen_in_mode(s);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "ping"), 0);
    assert_int_equal(batch_count(b, "call", 0), 0);
    assert_int_equal(stage_run(s, "calls on"), 0);
    assert_int_equal(stage_run(s, "ping"), 0);
    assert_int_equal(stage_run(s, "calls off"), 0);
    assert_true(batch_count(b, "call", 1) >= 2);
    while (batch_count(b, "sent", 2) < 2)       /* the last that the other end reports */
        batch_event(b, "sent", 2);
    int before = batch_count(b, "call", 0);

    assert_int_equal(stage_run(s, "ping"), 0);
    stage_quit(s, 0);
    assert_int_equal(batch_count(b, "call", 0), before);
}

static void
a_failed_call_names_its_errno(void **state)
{
    struct stage *s = *state;
    const json_t *call;
    char connect[32];

    snprintf(connect, sizeof(connect), "connect %s", stage_free_port(s));
    batch_start(&s->batch, "-E", "calls on", "-E", connect, NULL);
    assert_int_equal(batch_wait(&s->batch), 7);
    while (!is_call(call = batch_event(&s->batch, "call", 1), "connect"))
        ;
    assert_false(event_has(call, "result"));
    assert_event_string(call, "errno", "EINPROGRESS");
    assert_non_null(strstr(event_string(call, "text"), " = -1 EINPROGRESS ("));
}

static void
only_on_and_off_are_values(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-E", "calls", "-E", "calls maybe", NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_int_equal(batch_count(&s->batch, "failed", 0), 2);
}

/* --- strace ---------------------------------------------------------------------------- */

enum { SEEN_MAX = 512, TEXT_MAX = 512 };

/* A call, once as strace wrote it and once as the lens showed it. */
struct seen {
    int tid;
    char text[TEXT_MAX];
};

struct sight {
    struct seen list[SEEN_MAX];
    int count;
};

static struct seen *
add_seen(struct sight *sight, int tid)
{
    struct seen *seen = &sight->list[sight->count++];

    assert_true(sight->count <= SEEN_MAX);
    seen->tid = tid;
    return seen;
}

static void
cut_at(char *text, const char *mark)
{
    char *at = strstr(text, mark);

    if (at != NULL)
        *at = '\0';
}

/* Takes "<TCP:[...]>" behind descriptors out; false when there was none. */
static bool
strip_sockets(char *text)
{
    bool is_tcp = false;
    char *at;

    while ((at = strstr(text, "<TCP:[")) != NULL) {
        char *end = strstr(at, "]>");

        assert_non_null(end);
        memmove(at, end + 2, strlen(end + 2) + 1);
        is_tcp = true;
    }
    return is_tcp;
}

/* "= 7", or "= -1 EAGAIN" without its sentence. With a handler that has no SA_RESTART,
 * what the kernel calls ERESTARTSYS is EINTR to the program. */
static void
simplify_result(char *text)
{
    char *padded, *restart;

    while ((padded = strstr(text, ")  ")) != NULL)      /* strace aligns short lines */
        memmove(padded + 1, padded + 2, strlen(padded + 2) + 1);
    if ((restart = strstr(text, "= ? ERESTARTSYS")) != NULL)
        strcpy(restart, "= -1 EINTR");
    if (strstr(text, "= -1 E") != NULL)
        cut_at(strstr(text, "= -1 E"), " (");
}

static bool
is_shown_by_the_lens(const char *text)
{
    return strncmp(text, "sendmsg(", 8) != 0 && strncmp(text, "recvmsg(", 8) != 0 &&
           strstr(text, "TCP_INFO") == NULL;
}

static struct seen *
find_unfinished(struct sight *unfinished, int tid)
{
    for (int i = 0; i < unfinished->count; i++)
        if (unfinished->list[i].tid == tid)
            return &unfinished->list[i];
    return add_seen(unfinished, tid);
}

/* A line of strace's: whole, or one of the two parts of a call that others interrupted. */
static void
take_line(struct sight *sight, struct sight *unfinished, char *line)
{
    int tid = atoi(line);
    char *text = line + strspn(line, "0123456789 "), *rest;
    char whole[2 * TEXT_MAX];

    cut_at(text, "\n");
    if ((rest = strstr(text, " <unfinished ...>")) != NULL) {
        *rest = '\0';
        snprintf(find_unfinished(unfinished, tid)->text, TEXT_MAX, "%.*s", TEXT_MAX - 1, text);
        return;
    }
    if (strncmp(text, "<... ", 5) == 0) {
        rest = strstr(text, " resumed>");
        assert_non_null(rest);
        snprintf(whole, sizeof(whole), "%s%s", find_unfinished(unfinished, tid)->text, rest + 9);
    } else {
        snprintf(whole, sizeof(whole), "%s", text);
    }
    simplify_result(whole);
    if (strstr(whole, ") = ") == NULL || !is_shown_by_the_lens(whole) || !strip_sockets(whole))
        return;
    snprintf(add_seen(sight, tid)->text, TEXT_MAX, "%.*s", TEXT_MAX - 1, whole);
}

static void
read_strace(struct sight *sight, const char *path)
{
    struct sight *unfinished = calloc(1, sizeof(*unfinished));
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;

    assert_non_null(file);
    assert_non_null(unfinished);
    while (getline(&line, &size, file) > 0)
        take_line(sight, unfinished, line);
    free(line);
    fclose(file);
    free(unfinished);
}

static void
read_lens(struct sight *sight, const struct batch *b)
{
    json_t *event;
    size_t i;

    json_array_foreach(b->events, i, event) {
        const json_t *worker = json_object_get(event, "worker");
        struct seen *seen;
        int n;

        if (strcmp(event_string(event, "event"), "call") != 0)
            continue;
        seen = add_seen(sight, (int)event_number(worker, "tid"));
        n = snprintf(seen->text, sizeof(seen->text), "%s(%s) = ", event_string(event, "call"),
                     event_string(event, "args"));
        if (event_has(event, "errno"))
            snprintf(seen->text + n, sizeof(seen->text) - (size_t)n, "-1 %s",
                     event_string(event, "errno"));
        else
            snprintf(seen->text + n, sizeof(seen->text) - (size_t)n, "%.0f",
                     event_number(event, "result"));
    }
}

/* The next of the thread from *at on, NULL behind the last. */
static const struct seen *
next_of(const struct sight *sight, int tid, int *at)
{
    while (*at < sight->count)
        if (sight->list[(*at)++].tid == tid)
            return &sight->list[*at - 1];
    return NULL;
}

static bool
is_first_of_its_thread(const struct sight *sight, int index)
{
    int at = 0;

    return next_of(sight, sight->list[index].tid, &at) == &sight->list[index];
}

static void
compare_thread(const struct sight *a, const struct sight *b, int tid)
{
    const struct seen *x, *y;
    int at = 0, bt = 0;

    do {
        x = next_of(a, tid, &at);
        y = next_of(b, tid, &bt);
        if ((x == NULL) != (y == NULL) || (x != NULL && strcmp(x->text, y->text) != 0))
            fail_msg("thread %d\n  strace: %s\n  lens:   %s", tid, x != NULL ? x->text : "-",
                     y != NULL ? y->text : "-");
    } while (x != NULL);
}

/* The spawner closes its copies of the listening socket, and nobody watches it. */
static bool
only_closes(const struct sight *sight, int tid)
{
    const struct seen *seen;
    int at = 0;

    while ((seen = next_of(sight, tid, &at)) != NULL)
        if (strncmp(seen->text, "close(", 6) != 0)
            return false;
    return true;
}

static void
compare(const struct sight *strace, const struct sight *lens)
{
    int unwatched = 0, at;

    assert_true(lens->count > 20);
    for (int i = 0; i < lens->count; i++)
        if (is_first_of_its_thread(lens, i))
            compare_thread(strace, lens, lens->list[i].tid);
    for (int i = 0; i < strace->count; i++) {
        if (!is_first_of_its_thread(strace, i) ||
            next_of(lens, strace->list[i].tid, (at = 0, &at)) != NULL)
            continue;
        if (!only_closes(strace, strace->list[i].tid) || unwatched++ > 0)
            compare_thread(strace, lens, strace->list[i].tid);
    }
}

/* Skips the test where there is no strace, or it may not trace. */
static void
need_strace(void)
{
#ifdef __SANITIZE_ADDRESS__
    skip();                     /* its leak check does not work under ptrace */
#endif
    if (system("strace -qq -o /dev/null true >/dev/null 2>&1") != 0)
        skip();
}

static void
start_under_strace(struct batch *b, const char *path)
{
    const char *argv[] = {
        "strace", "-f", "-qq", "-yy", "-e", "trace=network,close", "-e", "signal=none", "-o", path,
        "./sockdeck", "--no-rc", "--batch", "--json", NULL,
    };

    b->events = json_array();
    process_start(&b->process, argv);
}

static void
strace_sees_the_same_calls(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    struct sight *strace, *lens;
    char path[] = "/tmp/sockdeck-strace-XXXXXX";
    int fd;

    need_strace();
    strace = calloc(1, sizeof(*strace));
    lens = calloc(1, sizeof(*lens));
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    start_under_strace(b, path);
    assert_int_equal(stage_run(s, "calls on"), 0);
    listen_in_mode(s);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "ping count=2 interval=10ms"), 0);
    assert_int_equal(stage_run(s, "send 0123456789012345678901234567890123456789"), 0);
    assert_int_equal(stage_run(s, "expect 9012345678901234567890123456789"), 0);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    batch_event(b, "closed", 1);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(b, "accepted", 4);
    assert_int_equal(stage_run(s, "reset #3"), 0);
    batch_event(b, "closed", 4);
    assert_int_equal(stage_run(s, "close L1"), 0);
    stage_quit(s, 0);
    read_strace(strace, path);
    unlink(path);
    read_lens(lens, b);
    compare(strace, lens);
    free(strace);
    free(lens);
}

#define OF_MODE(f, mode) \
    { .name = #f, .test_func = f, .setup_func = stage_setup, .teardown_func = stage_teardown, \
      .initial_state = (void *)(uintptr_t)(mode) }

int
main(void)
{
    enum { PER_MODE = 2 };
    struct CMUnitTest tests[MODES * PER_MODE + 6] = { 0 };
    char names[MODES * PER_MODE][96];
    size_t n = 0;

    for (size_t i = 0; i < MODES; i++) {
        tests[n] = (struct CMUnitTest)
            OF_MODE(each_call_is_shown_with_the_stamp_of_what_it_did, modes[i]);
        snprintf(names[n], sizeof(names[n]), "%s_in_%s", tests[n].name, modes[i]);
        tests[n].name = names[n];
        n++;
        tests[n] = (struct CMUnitTest) OF_MODE(strace_sees_the_same_calls, modes[i]);
        snprintf(names[n], sizeof(names[n]), "%s_in_%s", tests[n].name, modes[i]);
        tests[n].name = names[n];
        n++;
    }
    tests[n++] = (struct CMUnitTest) OF_MODE(an_accept_that_blocks_already_is_seen, "serial");
    tests[n++] = (struct CMUnitTest) OF_MODE(an_accept_that_blocks_already_is_seen, "prefork");
    tests[n++] = (struct CMUnitTest) OF_MODE(off_is_silent, "prefork-threads");
    tests[n++] = (struct CMUnitTest) OF_MODE(off_is_silent, "epoll");
    tests[n++] = (struct CMUnitTest) OF_MODE(a_failed_call_names_its_errno, NULL);
    tests[n++] = (struct CMUnitTest) OF_MODE(only_on_and_off_are_values, NULL);
    return _cmocka_run_group_tests("calls", tests, n, NULL, NULL);
}
