/* test_explain.c - a walk over the table behind `explain`: what it lists is made to happen
 * to the real program, and what happens is in it.
 *
 * Errnos that no peer and no network provokes are put into the calls by strace(1). */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/explain.h"
#include "sockdeck/event/event.h"

/* The first row of the next table `explain`, whose word must be that one. */
static void
expect_explained(struct stage *s, const char *word)
{
    json_t *rows, *row;
    size_t i;

    if (stage_run(s, "explain %s", word) != 0)
        fail_msg("explain %s fails", word);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row)
        if (strcmp(event_string(row, "field"), word) == 0)
            return;
    fail_msg("explain %s does not explain it", word);
}

/* --- errnos ------------------------------------------------------------------------------------ */

/* What cannot be shown, and why. */
static const char *const never_shown[] = {
    "EINTR",            /* the call is made again */
    "ECANCELED",        /* no call returns it: the console says it by itself */
    "EILSEQ", "EIO", "ENOENT",  /* of name servers: other tests provoke what can be provoked */
    "ENOSPC",           /* of epoll_ctl, where it ends the program's start */
};

/* Which calls are made to fail, in the order of preference: the first one that the
 * entry names. command makes the call for the first time. */
static const struct {
    const char *call, *inject, *command;
} injections[] = {
    { "connect", "connect", "connect 1" },
    { "bind", "bind", "listen 0" },
    { "socket", "socket", "listen 0" },
    { "setsockopt", "setsockopt", "listen 0" },
    { "recv", "recvfrom", "connect PORT" },
    { "send", "sendto", "connect PORT" },
    { "shutdown", "shutdown", "connect PORT" },
    { "accept4", "accept4", "listen 0" },
    { "any", "connect", "connect 1" },
};

static bool
is_never_shown(const char *word)
{
    for (size_t i = 0; i < sizeof(never_shown) / sizeof(never_shown[0]); i++)
        if (strcmp(never_shown[i], word) == 0)
            return true;
    return false;
}

static size_t
injection_of(const struct explanation *entry)
{
    const char *best = NULL;
    size_t found = 0;

    for (size_t i = 0; i < sizeof(injections) / sizeof(injections[0]); i++) {
        const char *at = strstr(entry->calls, injections[i].call);

        if (at != NULL && (best == NULL || at < best)) {
            best = at;
            found = i;
        }
    }
    if (best == NULL)
        fail_msg("%s: no call can be made to return it: %s", entry->word, entry->calls);
    return found;
}

static void
need_strace(void)
{
    if (system("strace -f -o /dev/null -e trace=none true 2>/dev/null") == 0)
        return;
    print_message("SKIP: strace(1) is missing, or may not trace here\n");
    skip();
}

/* Starts a batch in which the first such call returns that errno. */
static void
start_injected(struct stage *s, const char *call, const char *name)
{
    char trace[64], inject[64];

    snprintf(trace, sizeof(trace), "trace=%s", call);
    snprintf(inject, sizeof(inject), "inject=%s:error=%s:when=1", call, name);
    batch_start_as(&s->batch, (const char *const[]) {
        "strace", "-f", "-q", "-o", "/dev/null", "-e", trace, "-e", inject,
        "./sockdeck", "--no-rc", "--batch", "--json", NULL });
}

/* A connection of ours to a Python server that has sent something. */
static void
make_first_call(struct stage *s, const char *call, const char *command)
{
    struct process *server = &s->peers[0];

    if (strstr(command, "PORT") == NULL) {
        stage_run(s, "%s", command);
        if (strcmp(call, "accept4") == 0)
            stage_run(s, "connect %d", batch_port(&s->batch));
        return;
    }
    peer_start(server, "listening_server.py", NULL);
    assert_int_equal(stage_run(s, "connect %ld", process_number(server)), 0);
    process_write(server, "send bytes\n");
    if (strcmp(call, "sendto") == 0)
        stage_run(s, "send #1 hello");
    if (strcmp(call, "shutdown") == 0)
        stage_run(s, "shutdown #1 write");
}

static void
provoke_errno(struct stage *s, const struct explanation *entry)
{
    size_t at = injection_of(entry);
    json_t *error;

    start_injected(s, injections[at].inject, entry->word);
    make_first_call(s, injections[at].inject, injections[at].command);
    error = batch_event(&s->batch, "error", 0);
    if (strcmp(event_string(error, "errno"), entry->word) != 0)
        fail_msg("%s put into %s shows %s", entry->word, injections[at].inject,
                 event_string(error, "text"));
    if (explain_find(EXPLAINS_CALL, event_string(error, "call")) == NULL)
        fail_msg("%s is not explained", event_string(error, "call"));
    expect_explained(s, entry->word);
    process_write(&s->batch.process, "quit\n");
    batch_wait(&s->batch);
    batch_stop(&s->batch);
    process_stop(&s->peers[0]);
}

static void
each_errno_is_shown_when_its_call_returns_it(void **state)
{
    const struct explanation_list *errnos = explain_list(EXPLAINS_ERRNO);
    size_t provoked = 0;

    need_strace();
    for (size_t i = 0; i < errnos->count; i++)
        if (!is_never_shown(errnos->list[i].word) &&
            strcmp(errnos->list[i].word, "EAGAIN") != 0 &&
            strcmp(errnos->list[i].word, "EINPROGRESS") != 0) {
            provoke_errno(*state, &errnos->list[i]);
            provoked++;
        }
    assert_true(provoked > 30);
}

/* --- events, timeouts, calls, states, modes, counters --------------------------------------------- */

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

/* The events and calls whose name has come, one bit each. */
static void
note_what_came(const struct batch *b, bool events[EVENT_TYPE_COUNT], bool calls[CALL_COUNT],
               bool timeouts[TIMEOUT_KINDS])
{
    json_t *event;
    size_t i;

    json_array_foreach(b->events, i, event) {
        const char *name = event_string(event, "event");

        if (explain_find(EXPLAINS_EVENT, name) == NULL)
            fail_msg("the event %s is not explained", name);
        events[event_type_by_name(name)] = true;
        for (int call = 0; call < CALL_COUNT; call++)
            if (strcmp(name, "call") == 0 && strcmp(event_call_names[call], event_string(event, "call")) == 0)
                calls[call] = true;
        for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
            if (strcmp(name, "timeout") == 0 &&
                strcmp(event_timeout_names[kind], event_string(event, "kind")) == 0)
                timeouts[kind] = true;
    }
}

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

static void
each_event_of_a_long_session_is_explained_and_each_entry_happens(void **state)
{
    static const char *const elsewhere[] = { "lost" };  /* wants more traffic than this */
    bool events[EVENT_TYPE_COUNT] = { false }, calls[CALL_COUNT] = { false };
    bool timeouts[TIMEOUT_KINDS] = { false };
    const struct explanation_list *list = explain_list(EXPLAINS_EVENT);
    struct stage *s = *state;

    play(s);
    note_what_came(&s->batch, events, calls, timeouts);
    for (size_t i = 0; i < list->count; i++)
        if (!events[event_type_by_name(list->list[i].word)] &&
            strcmp(list->list[i].word, elsewhere[0]) != 0)
            fail_msg("the event %s did not happen", list->list[i].word);
    for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
        if (calls[call] && explain_find(EXPLAINS_CALL, event_call_names[call]) == NULL)
            fail_msg("the call %s is not explained", event_call_names[call]);
    assert_true(calls[CALL_CONNECT] && calls[CALL_ACCEPT] && calls[CALL_CLOSE]);
    assert_true(timeouts[TIMEOUT_READ] && timeouts[TIMEOUT_ACCEPT] && timeouts[TIMEOUT_IDLE]);
}

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
    assert_int_equal(stage_run(s, "timeout send 50ms"), 0);
    assert_int_equal(stage_run(s, "sendfile %s", path), 28);
    unlink(path);
    expect_newest(s, TIMEOUT_SEND);
    assert_int_equal(stage_run(s, "connect %d idle-timeout=50ms", port), 0);
    expect_newest(s, TIMEOUT_IDLE);
    stage_quit(s, 28);
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
    assert_int_equal(stage_run(s, "explain nonesuch"), 2);
    stage_quit(s, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(every_word_of_the_table_has_an_answer),
        stage_test(each_timeout_is_what_explain_alone_tells_next),
        stage_test(each_event_of_a_long_session_is_explained_and_each_entry_happens),
        stage_test(each_errno_is_shown_when_its_call_returns_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
