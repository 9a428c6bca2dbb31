/* test_explain.c - a walk over the table behind `explain`: what it lists is made to happen
 * to the real program, and what happens is in it. Errnos and TCP states have walks of their
 * own. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "entries.h"
#include "walk.h"
#include "sockdeck/event/event.h"

/* --- events and calls ------------------------------------------------------------------------ */

/* A long conversation in which everything happens that can happen on loopback. */
static const char *const scene[] = {
    "calls on",
    "listen 0 mode=prefork workers=1 handler=pong accept-timeout=50ms",
    "connect PORT connect-timeout=0 read-timeout=0",
    "ping count=1 wait=10s",
    "connect PORT",             /* connected and not accepted: the only worker is busy */
    "wait 500ms",
    "mode L1 threads",
    "send #1 hello",
    "expect #1 pong",
    "shutdown #1 write",
    "wait #1 closed within=10s",
    "timeout default idle 100ms",
    "connect PORT",
    "wait 300ms",
    "timeout default idle none",
    "connect PORT read-timeout=50ms",
    "wait 200ms",
    "close @out",
    "listen 0 handler=stall",
    "lisen",
    "connect 1",
    "explain",
    "close L1",
    "calls off",
};

static void
play(struct stage *s)
{
    char port[8] = "";

    batch_start(&s->batch, NULL);
    for (size_t i = 0; i < sizeof(scene) / sizeof(scene[0]); i++) {
        const char *place = strstr(scene[i], "PORT");

        if (place != NULL)
            stage_run(s, "%.*s%s%s", (int)(place - scene[i]), scene[i], port, place + 4);
        else
            stage_run(s, "%s", scene[i]);
        if (i == 1)
            snprintf(port, sizeof(port), "%d", batch_port(&s->batch));
    }
    process_write(&s->batch.process, "quit\n");
    batch_wait(&s->batch);
}

/* Something of that name has come; nothing has come that is not explained. */
static bool
has_come(const struct batch *b, const char *event_name, const char *key, const char *word)
{
    json_t *event;
    size_t i;

    json_array_foreach(b->events, i, event) {
        const char *name = event_string(event, "event");

        if (explain_find(EXPLAINS_EVENT, name) == NULL)
            fail_msg("the event %s is not explained", name);
        if ((event_name == NULL || strcmp(name, event_name) == 0) && event_has(event, key) &&
            strcmp(event_string(event, key), word) == 0)
            return true;
    }
    return false;
}

static void
see_event(struct stage *s, const struct explanation *entry)
{
    if (!has_come(&s->batch, NULL, "event", entry->word))
        fail_msg("the event %s did not happen", entry->word);
}

static void
see_call(struct stage *s, const struct explanation *entry)
{
    if (!has_come(&s->batch, "call", "call", entry->word))
        fail_msg("the call %s was not seen", entry->word);
}

/* More than the small ring of a forked child holds until it is read. */
static void
flood_a_child(struct screen_stage *s)
{
    static const char bytes[4096];
    int fd = screen_stage_peer(s, "mode=fork recv=4k");

    for (int i = 0; i < 4096 && !pty_screen_has(s->pty, "not kept in full"); i++)
        assert_int_equal(send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL), sizeof(bytes));
    assert_shown(s, "not kept in full");
    close(fd);
}

static const struct provocation event_provocations[] = {
    { "lost", .on_screen = flood_a_child },
};

static const struct walk events = {
    EXPLAINS_EVENT, WALK(event_provocations), .scene = play, .otherwise = see_event,
};

/* --- calls that are named by what failed ----------------------------------------------------- */

static void
expect_failed_call(struct stage *s, const char *call, const char *name)
{
    json_t *error;

    do {
        error = batch_event(&s->batch, "error", 0);
    } while (strcmp(event_string(error, "call"), call) != 0);
    assert_event_string(error, "errno", name);
    expect_explained(s, call);
    process_write(&s->batch.process, "quit\n");
    batch_wait(&s->batch);
}

/* strace(1) makes a call fail: in each thread and process by itself from when= on. */
static void
make_fail(struct stage *s, const char *inject)
{
    batch_start_as(&s->batch, (const char *const[]) {
        "strace", "-f", "-q", "-o", "/dev/null", "-e", inject, "./sockdeck", "--no-rc", "--batch",
        "--json", NULL });
}

/* The console forks one process before, and the accepting one a child for each client. */
static void
refuse_a_process(struct stage *s)
{
    make_fail(s, "inject=clone:error=EAGAIN:when=2+");
    stage_listen(s, "listen 0 mode=fork");
    stage_run(s, "connect %s count=2", s->port);
    expect_failed_call(s, "fork", "EAGAIN");
}

/* The console starts less than five threads before. */
static void
refuse_a_thread(struct stage *s)
{
    make_fail(s, "inject=clone3:error=EAGAIN:when=5+");
    stage_listen(s, "listen 0 mode=threads");
    stage_run(s, "connect %s count=5", s->port);
    expect_failed_call(s, "pthread_create", "EAGAIN");
}

static void
ask_for_a_name(struct stage *s)
{
    batch_start(&s->batch, NULL);
    stage_run(s, "connect no.such.name.invalid:80");
    do
        expect_explained(s, "getaddrinfo");
    while (!has_come(&s->batch, "error", "call", "getaddrinfo"));
    stage_quit(s, 6);
}

static void
be_reset(struct stage *s)
{
    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "reset #1"), 0);
    expect_failed_call(s, "recv", "ECONNRESET");
}

/* The console does not read there, so it is poll that tells. */
static void
be_reset_where_nobody_reads(struct stage *s)
{
    stage_listen(s, "listen 0 handler=stall");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "reset #1"), 0);
    expect_failed_call(s, "poll", "ECONNRESET");
}

static void
be_reset_before_a_send(struct stage *s)
{
    make_fail(s, "inject=sendto:error=ECONNRESET");
    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "send #1 hello"), 55);
    expect_failed_call(s, "send", "ECONNRESET");
}

static const struct provocation call_provocations[] = {
    { "fork", .in_batch = refuse_a_process },
    { "getaddrinfo", .in_batch = ask_for_a_name },
    { "poll", .in_batch = be_reset_where_nobody_reads },
    { "pthread_create", .in_batch = refuse_a_thread },
    { "recv", .in_batch = be_reset },
    { "send", .in_batch = be_reset_before_a_send },
};

static const struct walk calls = {
    EXPLAINS_CALL, WALK(call_provocations), .scene = play, .otherwise = see_call,
};

/* explain alone now tells of a timeout of that kind. */
static void
expect_newest(struct stage *s, enum timeout_kind kind)
{
    char word[32];
    json_t *rows;

    assert_event_string(batch_event(&s->batch, "timeout", 0), "kind", event_timeout_names[kind]);
    assert_int_equal(stage_run(s, "explain"), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    snprintf(word, sizeof(word), "%s-timeout", event_timeout_names[kind]);
    assert_event_string(json_array_get(rows, 0), "field", "said");
    assert_event_string(json_array_get(rows, 1), "field", word);
}

static void
each_timeout_is_what_explain_alone_tells_next(void **state)
{
    struct stage *s = *state;
    char path[] = "/tmp/sockdeck-send-XXXXXX";
    int fd = mkstemp(path), port;

    assert_int_equal(entries_count(EXPLAINS_TIMEOUT), TIMEOUT_KINDS);
    assert_int_equal(ftruncate(fd, 16 << 20), 0);
    close(fd);
    stage_listen(s, "hole");
    assert_int_equal(stage_run(s, "listen 0 mode=epoll handler=stall"), 0);
    port = batch_port(&s->batch);

    assert_int_equal(stage_run(s, "connect %s connect-timeout=50ms", s->port), 28);
    expect_newest(s, TIMEOUT_CONNECT);
    assert_int_equal(stage_run(s, "timeout L2 accept 50ms"), 0);
    expect_newest(s, TIMEOUT_ACCEPT);
    assert_int_equal(stage_run(s, "timeout L2 accept none"), 0);
    assert_int_equal(stage_run(s, "connect %d read-timeout=50ms", port), 0);
    expect_newest(s, TIMEOUT_READ);
    assert_int_equal(stage_run(s, "timeout read none"), 0);     /* a byte sent would arm it again */
    assert_int_equal(stage_run(s, "timeout send 50ms"), 0);
    assert_int_equal(stage_run(s, "sendfile %s", path), 28);
    unlink(path);
    expect_newest(s, TIMEOUT_SEND);
    assert_int_equal(stage_run(s, "connect %d idle-timeout=50ms", port), 0);
    expect_newest(s, TIMEOUT_IDLE);
    stage_quit(s, 28);
}

/* --- modes, counters, words ------------------------------------------------------------------ */

static void
listen_in_mode(struct stage *s, const struct explanation *entry)
{
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, strcmp(entry->word, "hole") == 0 ? "%s" : "listen 0 mode=%s",
                               entry->word), 0);
    assert_event_string(batch_event(&s->batch, "listening", 0), "mode", entry->word);
    expect_explained(s, entry->word);
    stage_quit(s, 0);
}

static const struct walk modes = { EXPLAINS_MODE, .otherwise = listen_in_mode };

/* Each has a row. */
static void
count(struct stage *s, const struct explanation *entry)
{
    json_t *rows, *row;
    size_t i;

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "show counters"), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row)
        if (strcmp(event_string(row, "counter"), entry->word) == 0) {
            expect_explained(s, entry->word);
            stage_quit(s, 0);
            return;
        }
    fail_msg("show counters has no %s", entry->word);
}

static const struct walk counters = { EXPLAINS_COUNTER, .otherwise = count };

static void
need_strace(void)
{
    if (system("strace -f -o /dev/null -e trace=none true 2>/dev/null") == 0)
        return;
    print_message("SKIP: strace(1) is missing, or may not trace here\n");
    skip();
}

static void
each_event_happens_in_a_long_session(void **state)
{
    walk_check(&events);
    walk_in_batch(&events, state);
}

static void
records_that_are_lost_are_told_on_screen(void **state)
{
    walk_on_screen(&events, state);
}

static void
each_call_is_seen_or_fails_by_its_name(void **state)
{
    walk_check(&calls);
    need_strace();
    walk_in_batch(&calls, state);
}

static void
each_mode_is_listened_in_and_each_counter_counted(void **state)
{
    walk_in_batch(&modes, state);
    walk_in_batch(&counters, state);
}

static void
every_word_of_the_table_has_an_answer(void **state)
{
    struct stage *s = *state;
    struct choice choice;

    batch_start(&s->batch, NULL);
    for (size_t i = 0; choice_explained(i, &choice); i++)
        expect_explained(s, choice.name);
    assert_int_equal(stage_run(s, "explain"), 2);       /* nothing has failed here */
    assert_int_equal(stage_run(s, "explain accept queue"), 0);
    assert_int_equal(stage_run(s, "explain nonesuch"), 2);
    stage_quit(s, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(every_word_of_the_table_has_an_answer),
        stage_test(each_timeout_is_what_explain_alone_tells_next),
        stage_test(each_event_happens_in_a_long_session),
        screen_stage_test(records_that_are_lost_are_told_on_screen),
        stage_test(each_call_is_seen_or_fails_by_its_name),
        stage_test(each_mode_is_listened_in_and_each_counter_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
