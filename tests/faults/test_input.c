/* test_input.c - bad input and exit statuses: one line that names the word and what may
 * stand there, and nothing has changed; each status of the contract as it comes about. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

/* --- what is not understood ---------------------------------------------------------------- */

static const struct bad {
    const char *line;           /* a command that nobody can do */
    const char *word;           /* the line names it */
    const char *choice;         /* and what may stand there */
} bad_lines[] = {
    /* unknown verbs, keys and values */
    { "lisen 0", "lisen", "listen" },
    { "s 1", "s", "send" },
    { "listen 0 mode=forked", "forked", "prefork" },
    { "listen 0 colour=red", "colour=", "mode=" },
    { "listen 0 handler=ecko", "ecko", "echo" },
    { "connect 1 timeout=2s", "timeout=", "read-timeout=" },
    { "mode threadz", "threadz", "threads" },
    { "handler ecko", "ecko", "echo" },
    { "timeout conect 1s", "conect", "connect" },
    { "timeout read 1s then=stay", "stay", "keep" },
    { "eol crfl", "crfl", "crlf" },
    { "shutdown #1 rite", "rite", "write" },
    { "kill W1 HUP", "HUP", "TERM" },
    { "show conections", "conections", "connections" },
    { "set memry 1M", "memry", "memory" },
    { "on-eof #1 kep", "kep", "keep" },
    { "explain ECONREFUSED", "ECONREFUSED", "ECONNREFUSED" },
    { "help lisen", "lisen", "listen" },
    /* missing words and targets */
    { "show", "what?", "connections" },
    { "listen", "listen", "[ADDR:]PORT" },
    { "connect", "connect", "[ADDR:]PORT" },
    { "timeout read", "the limit", "none or 0" },
    { "send hello", "send", "connect 10001" },
    { "send #7 hello", "#7", "connect 10001" },
    { "close L7", "L7", "L1" },
    { "handler L7 echo", "L7", "L1" },
    { "kill", "kill", "W1" },
    { "kill W7", "W7", "show workers" },
    { "close W7", "W7", "there is no such worker" },
    { "mode #1 threads", "#1", "L1" },
    /* numbers that overflow, and negative ones */
    { "listen 0 backlog=99999999999999999999", "99999999999999999999", "0 to 65535" },
    { "listen 0 mode=prefork workers=0", "workers=0", "1 to" },
    { "connect 1 count=-1", "-1", "1 to" },
    { "send #99999999999999999999 x", "#99999999999999999999", "counted from 1" },
    { "close #3-1", "#3-1", "backwards" },
    { "ping size=99999999999999999999", "99999999999999999999", "" },
    { "ping size=5", "size=5", "4, or 7" },
    { "ping count=10 size=7", "size=7", "4, or 8" },
    { "listen 0 recv=0", "recv=0", "1 to 1M" },
    /* durations */
    { "listen 0 work=-1s", "-1s", "200ms" },
    { "timeout #1 read -5", "-5", "none or 0" },
    { "connect 1 read-timeout=5x", "5x", "200ms" },
    { "wait 99999999999999999999h", "99999999999999999999h", "366 days" },
    { "set resolve-timeout soon", "soon", "200ms" },
    /* ports and places */
    { "listen 65536", "65536", "1 to 65535" },
    { "connect 65536", "65536", "1 to 65535" },
    { "connect 127.0.0.1:65536", "65536", "1 to 65535" },
    { "connect 0", "\"0\"", "1 to 65535" },
    { "hole 65536", "65536", "1 to 65535" },
    { "hole example.org:80", "example.org:80", "127.0.0.1" },
    { "connect udp:53", "udp:", "" },
    { "quit now", "now", "ask" },
    { "connect 10001 10002", "10001", "HOST:PORT" },
    /* a name with a NUL */
    { "connect \"a\\0b\" 80", "a\\0b", "NUL" },
    { "listen \"0\\0\"", "0\\0", "NUL" },
    { "explain \"E\\0\"", "E\\0", "NUL" },
    { "sendfile #1 \"a\\0b\"", "name", "NUL" },
    /* what is not finished, or too much */
    { "send #1 \"open", "open", "quote" },
    { "send #1 'open", "open", "quote" },
    { "sendhex #1 7", "7", "70 69 6e67" },
    { "expect (", "(", "" },
    { "close #1 #2 #3 now", "#2", "close" },
    { "source /no/such/place/file", "/no/such/place/file", "No such file" },
    { "sendfile #1 /no/such/place/file", "/no/such/place/file", "" },
};

static void
expect_refused(struct stage *s, const struct bad *bad)
{
    json_t *failed;
    const char *message;
    int status = stage_run(s, "%s", bad->line);

    if (status != 2)
        fail_msg("%s: status %d", bad->line, status);
    failed = batch_event(&s->batch, "failed", 0);
    message = event_string(failed, "message");
    assert_event_number(failed, "status", 2);
    if (strstr(event_string(failed, "text"), bad->word) == NULL ||
        strstr(message, bad->choice) == NULL)
        fail_msg("%s: names not \"%s\" and \"%s\": %s", bad->line, bad->word, bad->choice, message);
    if (strchr(message, '\n') != NULL)
        fail_msg("%s: more than one line: %s", bad->line, message);
}

static void
bad_input_is_one_line_that_names_the_word_and_nothing_changes(void **state)
{
    struct stage *s = *state;
    const char *p;
    size_t lines = 0;

    stage_listen(s, "listen 0");        /* no connection; something to be left alone */
    for (size_t i = 0; i < sizeof(bad_lines) / sizeof(bad_lines[0]); i++)
        expect_refused(s, &bad_lines[i]);
    assert_int_equal(stage_run(s, "show listeners"), 0);
    assert_int_equal(json_array_size(json_object_get(batch_event(&s->batch, "table", 0), "rows")),
                     1);
    stage_quit(s, 2);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 1);
    assert_int_equal(batch_count(&s->batch, "connecting", 0), 0);
    assert_int_equal(batch_count(&s->batch, "mode", 0), 0);
    for (p = process_error_text(&s->batch.process); (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    assert_int_equal(lines, sizeof(bad_lines) / sizeof(bad_lines[0]));
}

static void
the_line_on_standard_error_names_the_program_the_verb_and_the_word(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-E", "listen 65536", "-E", "lisen 0", NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_string_equal(process_error_text(&s->batch.process),
                        "sockdeck: listen: \"65536\" is not a port: ports are 1 to 65535, and 0 takes "
                        "a free one\n"
                        "sockdeck: lisen: unknown command; did you mean listen?\n");
}

static void
a_bad_line_of_a_file_is_named_by_file_and_line(void **state)
{
    struct stage *s = *state;
    char path[] = "/tmp/sockdeck-script-XXXXXX", expected[128];
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_true(write(fd, "# a comment\nlisen 0\n", 20) == 20);
    close(fd);
    batch_start(&s->batch, "-f", path, NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    unlink(path);
    snprintf(expected, sizeof(expected), "sockdeck: %s:2: lisen: unknown command; did you mean listen?\n",
             path);
    assert_string_equal(process_error_text(&s->batch.process), expected);
}

/* --- exit statuses ---------------------------------------------------------------------------- */

/* Runs these lines on a listener of its own, with PORT in place of its port. */
static void
expect_status(struct stage *s, const char *listen, const char *line, int status)
{
    int got;

    stage_listen(s, listen);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    got = stage_run(s, "%s", line);
    if (got != status)
        fail_msg("%s: status %d, not %d", line, got, status);
    stage_quit(s, status);
    batch_stop(&s->batch);
}

static void
waits_that_are_not_met_are_1(void **state)
{
    struct stage *s = *state;

    expect_status(s, "listen 0", "expect within=50ms never", 1);
    expect_status(s, "listen 0", "wait #1 closed within=50ms", 1);
    expect_status(s, "listen 0", "ping count=1 wait=50ms", 1);
    expect_status(s, "listen 0 handler=pong", "ping count=2 interval=10ms", 0);
    expect_status(s, "listen 0", "wait 10ms", 0);
}

static void
a_name_that_does_not_exist_is_6(void **state)
{
    struct stage *s = *state;
    json_t *error;

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set resolve-timeout 10s"), 0);
    assert_int_equal(stage_run(s, "connect no.such.name.invalid:80"), 6);
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "call", "getaddrinfo");
    assert_non_null(strstr(event_string(error, "text"), "no.such.name.invalid"));
    stage_quit(s, 6);
}

static void
refused_and_taken_are_7(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "listen %s", s->port), 7);
    assert_int_equal(stage_run(s, "close L1"), 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 7);
    stage_quit(s, 7);
}

static void
timeouts_are_28_for_the_command_that_waits(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s idle-timeout=100ms", s->port), 0);
    assert_int_equal(stage_run(s, "wait #1 closed"), 28);
    assert_int_equal(stage_run(s, "send #1 late"), 28);
    stage_quit(s, 28);
}

static void
a_reset_is_56_for_who_waits_and_a_shut_side_55_for_who_sends(void **state)
{
    struct stage *s = *state;
    struct process *server = &s->peers[0];

    peer_start(server, "resetting_server.py", NULL);
    snprintf(s->port, sizeof(s->port), "%ld", process_number(server));
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    assert_int_equal(stage_run(s, "send #1 late"), 55);
    process_write(server, "\n");
    assert_int_equal(stage_run(s, "wait #1 closed"), 56);
    stage_quit(s, 55);
}

static void
what_a_peer_does_while_no_command_waits_is_no_failure(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];

    stage_listen(s, "listen 0");
    peer_start(client, "resetting_client.py", s->port, "x", NULL);
    batch_event(&s->batch, "received", 1);
    process_write(client, "\n");
    batch_event(&s->batch, "error", 1);
    batch_event(&s->batch, "closed", 1);
    stage_quit(s, 0);
}

static void
signals_are_130_and_143(void **state)
{
    static const struct { int number, status; } signals[] = { { SIGINT, 130 }, { SIGTERM, 143 } };
    struct stage *s = *state;

    for (int i = 0; i < 2; i++) {
        stage_listen(s, "listen 0");
        kill(s->batch.process.pid, signals[i].number);
        assert_int_equal(batch_wait(&s->batch), signals[i].status);
        assert_int_equal(batch_count(&s->batch, "stopped", 0), 1);
        batch_stop(&s->batch);
    }
}

static void
the_first_failure_sets_the_status_and_later_commands_still_run(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %s", stage_free_port(s)), 7);
    assert_int_equal(stage_run(s, "lisen 0"), 2);
    assert_int_equal(stage_run(s, "listen 0"), 0);
    stage_quit(s, 7);
    batch_stop(&s->batch);

    batch_start(&s->batch, "-E", "set stop-on-error on", "-E", "lisen 0", "-E", "listen 0", NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(bad_input_is_one_line_that_names_the_word_and_nothing_changes),
        stage_test(the_line_on_standard_error_names_the_program_the_verb_and_the_word),
        stage_test(a_bad_line_of_a_file_is_named_by_file_and_line),
        stage_test(waits_that_are_not_met_are_1),
        stage_test(a_name_that_does_not_exist_is_6),
        stage_test(refused_and_taken_are_7),
        stage_test(timeouts_are_28_for_the_command_that_waits),
        stage_test(a_reset_is_56_for_who_waits_and_a_shut_side_55_for_who_sends),
        stage_test(what_a_peer_does_while_no_command_waits_is_no_failure),
        stage_test(signals_are_130_and_143),
        stage_test(the_first_failure_sets_the_status_and_later_commands_still_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
