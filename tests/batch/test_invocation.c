/* test_invocation.c - how the program is started, how it ends, and with which status. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stage.h"

/* Runs ./sockdeck with these words to its end, as the first peer. */
#define run(s, ...) \
    run_words(s, (const char *const[]){ "./sockdeck", __VA_ARGS__, NULL })

static int
run_words(struct stage *s, const char *const argv[])
{
    process_stop(&s->peers[0]);
    process_start(&s->peers[0], argv);
    return process_wait(&s->peers[0]);
}

static const char *
error_text(struct stage *s)
{
    return process_error_text(&s->peers[0]);
}

static void
help_and_version_go_to_standard_output(void **state)
{
    struct stage *s = *state;
    char *line;

    assert_int_equal(run(s, "--version"), 0);
    process_expect_line(&s->peers[0], PACKAGE_STRING);
    assert_int_equal(run(s, "--help"), 0);
    line = process_line(&s->peers[0]);
    assert_non_null(strstr(line, "sockdeck [OPTION]... [COMMAND [ARG]...]"));
    free(line);
    assert_string_equal(error_text(s), "");
}

static void
an_unknown_option_is_a_usage_error(void **state)
{
    struct stage *s = *state;

    assert_int_equal(run(s, "--frobnicate"), 2);
    assert_non_null(strstr(error_text(s), "frobnicate"));
    assert_null(process_line(&s->peers[0]));
}

/* `env` gives it a home of its own. */
static void
a_batch_passes_over_what_sockdeckrc_says_to_the_screen(void **state)
{
    static const char text[] = "set theme light\nbind F9 help\nset sort in\n";
    struct stage *s = *state;
    char home[] = "/tmp/sockdeck-rc-XXXXXX", folder[64], path[96], setting[96];
    FILE *rc;

    assert_non_null(mkdtemp(home));
    snprintf(folder, sizeof(folder), "%s/sockdeck", home);
    snprintf(path, sizeof(path), "%s/sockdeckrc", folder);
    snprintf(setting, sizeof(setting), "XDG_CONFIG_HOME=%s", home);
    assert_int_equal(mkdir(folder, 0700), 0);
    rc = fopen(path, "we");
    assert_non_null(rc);
    fputs(text, rc);
    fclose(rc);
    assert_int_equal(run_words(s, (const char *const[]){ "env", setting, "./sockdeck", "--batch",
                                                         "-E", "set theme", NULL }), 0);
    assert_string_equal(error_text(s), "");
    assert_int_equal(run_words(s, (const char *const[]){ "env", setting, "./sockdeck", "--batch",
                                                         "-E", "bind F9 help", NULL }), 2);
    unlink(path);
    rmdir(folder);
    rmdir(home);
}

static void
without_a_terminal_one_line_names_batch(void **state)
{
    struct stage *s = *state;
    const char *newline;

    assert_int_equal(run(s, "--no-rc", "listen", "0"), 2);
    assert_non_null(strstr(error_text(s), "--batch"));
    newline = strchr(error_text(s), '\n');
    assert_non_null(newline);
    assert_string_equal(newline, "\n");
}

static void
an_unknown_command_is_named_with_the_nearest_ones_and_status_2(void **state)
{
    struct stage *s = *state;
    json_t *failed;

    batch_start(&s->batch, "lisen", "0", NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    failed = batch_event(&s->batch, "failed", 0);
    assert_event_number(failed, "status", 2);
    assert_non_null(strstr(event_string(failed, "message"), "lisen"));
    assert_non_null(strstr(event_string(failed, "message"), "listen"));
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
}

static void
bad_words_change_nothing_and_are_named(void **state)
{
    static const struct { const char *line, *word; } cases[] = {
        { "listen 65536", "65536" },
        { "listen 0 workers=x", "workers" },
        { "listen 0 moed=serial", "moed" },
        { "listen 0 mode=parallel", "parallel" },
        { "connect 1 timeout=2s", "connect-timeout" },
        { "connect 1 from=", "\"\" is neither" },
        { "connect 1 from=foo", "from=foo: give a numeric address of this machine" },
        { "timeout read -1", "-1" },
        { "timeout default read 99999999999999999999", "99999999999999999999" },
        { "send hello", "connect" },
        { "close #7", "#7" },
        { "close L9", "L9" },
        { "handler shout", "shout" },
        { "send 'unfinished", "'" },
        { "expect within=abc x", "abc" },
    };
    struct stage *s = *state;

    batch_start(&s->batch, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *message;

        assert_int_equal(stage_run(s, "%s", cases[i].line), 2);
        message = event_string(batch_event(&s->batch, "failed", 0), "message");
        if (strstr(message, cases[i].word) == NULL || strchr(message, '\n') != NULL)
            fail_msg("%s: %s", cases[i].line, message);
    }
    process_close_input(&s->batch.process);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
    assert_int_equal(batch_count(&s->batch, "connecting", 0), 0);
}

static void
an_unreadable_file_is_status_2(void **state)
{
    struct stage *s = *state;

    assert_int_equal(run(s, "--no-rc", "--batch", "-f", "no such file"), 2);
    assert_non_null(strstr(error_text(s), "no such file"));
}

static void
a_file_of_commands_runs_in_order_with_its_comments(void **state)
{
    struct stage *s = *state;
    char path[] = "/tmp/sockdeck-test-XXXXXX", text[256];
    int fd = mkstemp(path);
    int n = snprintf(text, sizeof(text),
                     "#!/usr/bin/env -S sockdeck --batch -f\n"
                     "# a comment; not a command\n"
                     "listen %s handler=echo\n\n"
                     "  connect %s\n"
                     "send #1 to that one # all of it\n"
                     "quit\n", stage_free_port(s), s->port);

    assert_int_equal(write(fd, text, (size_t)n), n);
    close(fd);
    batch_start(&s->batch, "-f", path, NULL);
    assert_int_equal(batch_wait(&s->batch), 0);
    unlink(path);
    assert_event_string(batch_event(&s->batch, "sent", 1), "data", "to that one # all of it");
    for (int n_done = 1; n_done <= 3; n_done++)
        assert_event_number(batch_event(&s->batch, "done", 0), "n", n_done);
}

static void
a_name_that_does_not_resolve_is_status_6(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "connect", "a..b:1", NULL);
    assert_int_equal(batch_wait(&s->batch), 6);
    assert_event_string(batch_event(&s->batch, "error", 0), "call", "getaddrinfo");
    batch_stop(&s->batch);

    batch_start(&s->batch, "listen", "a..b:1", NULL);
    assert_int_equal(batch_wait(&s->batch), 6);
    assert_event_string(batch_event(&s->batch, "error", 0), "call", "getaddrinfo");
}

static void
a_taken_port_is_status_7_and_names_the_cause(void **state)
{
    struct stage *s = *state;
    json_t *error;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "listen %s", s->port), 7);
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "errno", "EADDRINUSE");
    assert_null(strstr(strstr(event_string(error, "text"), "EADDRINUSE") + 1, "EADDRINUSE"));
    stage_quit(s, 7);
}

static void
later_commands_run_after_one_that_failed_and_the_first_failure_counts(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-E", "connect 1", "-E", "nonsense", "-E", "listen 0; quit", NULL);
    assert_int_equal(batch_wait(&s->batch), 7);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 1);
    assert_int_equal(batch_count(&s->batch, "failed", 0), 2);
}

static void
stop_on_error_ends_there(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "-E", "set stop-on-error on", "-E", "nonsense", "-E", "listen 0", NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 0);
}

static void
an_option_ends_at_the_command_and_a_lone_semicolon_separates(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "listen", stage_free_port(s), ";", "connect", s->port, ";", "send",
                "--json  two  blanks\\n", ";", "quit", NULL);
    assert_int_equal(batch_wait(&s->batch), 0);
    assert_event_string(batch_event(&s->batch, "sent", 1), "data", "--json  two  blanks\n");
}

static void
a_batch_with_something_open_says_what_it_waits_for(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0");
    process_close_input(&s->batch.process);
    process_expect_error(&s->batch.process,
                         "sockdeck: waiting for L1; 'close' or 'quit' ends it\n");
    peer_start(&s->peers[0], "lecture_client.py", s->port, NULL);
    batch_event(&s->batch, "closed", 1);        /* it still serves */
    kill(s->batch.process.pid, SIGTERM);
    assert_int_equal(batch_wait(&s->batch), 143);
}

static void
a_batch_ends_when_its_last_peer_has_sent_its_end(void **state)
{
    struct stage *s = *state;
    struct process *server = &s->peers[0];
    char line[64];

    peer_start(server, "greeting_server.py", "welcome", NULL);
    snprintf(line, sizeof(line), "connect %ld", process_number(server));
    batch_start(&s->batch, "-E", line, NULL);
    assert_int_equal(batch_wait(&s->batch), 0);
    assert_event_string(batch_event(&s->batch, "received", 1), "data", "welcome");
    batch_event(&s->batch, "eof", 1);
    assert_event_string(batch_event(&s->batch, "closed", 1), "by", "peer");
}

static void
end_with(struct stage *s, int number, int status)
{
    stage_listen(s, "listen 0 mode=prefork workers=2");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    kill(s->batch.process.pid, number);
    assert_int_equal(batch_wait(&s->batch), status);
    assert_int_equal(batch_count(&s->batch, "closed", 1), 1);
    assert_int_equal(batch_count(&s->batch, "closed", 2), 1);
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 1);
}

static void
sigterm_closes_all_in_order_and_is_status_143(void **state)
{
    end_with(*state, SIGTERM, 143);
}

static void
sigint_closes_all_in_order_and_is_status_130(void **state)
{
    end_with(*state, SIGINT, 130);
}

static void
kill_9_leaves_no_worker(void **state)
{
    struct stage *s = *state;
    pid_t family[32];

    stage_listen(s, "listen 0 mode=prefork workers=3");
    assert_true(family_list(s->batch.process.pid, family, 32) >= 5);
    kill(s->batch.process.pid, SIGKILL);
    assert_int_equal(batch_wait(&s->batch), 128 + SIGKILL);
    family_expect_none();
}

static void
a_reader_that_goes_away_ends_it_quietly(void **state)
{
    struct stage *s = *state;

    batch_start(&s->batch, "listen", stage_free_port(s), NULL);
    batch_event(&s->batch, "listening", 0);
    process_expect_error(&s->batch.process, "waiting for L1");
    process_close_output(&s->batch.process);
    peer_start(&s->peers[0], "lecture_client.py", s->port, NULL);
    assert_int_equal(process_wait(&s->batch.process), 0);
    assert_string_equal(process_error_text(&s->batch.process),
                        "sockdeck: waiting for L1; 'close' or 'quit' ends it\n");
}

static void
the_same_port_can_be_used_again_at_once(void **state)
{
    struct stage *s = *state;
    char listen[64];

    snprintf(listen, sizeof(listen), "listen %s read-timeout=20ms", stage_free_port(s));
    for (int run = 0; run < 2; run++) {
        batch_start(&s->batch, "-E", listen, NULL);
        batch_event(&s->batch, "listening", 0);
        peer_start(&s->peers[run], "silent_client.py", s->port, NULL);
        batch_event(&s->batch, "closed", 1);    /* by us first: TIME_WAIT is here */
        kill(s->batch.process.pid, SIGTERM);
        assert_int_equal(batch_wait(&s->batch), 143);
        batch_stop(&s->batch);
    }
}

static void
text_lines_have_a_time_a_subject_and_a_sentence(void **state)
{
    struct stage *s = *state;
    char *line;
    int hours, minutes, at = 0;
    float seconds;

    process_start(&s->peers[0], (const char *const[]){ "./sockdeck", "--no-rc", "--batch", "-E",
                                                      "listen 0; quit", NULL });
    line = process_line(&s->peers[0]);
    assert_int_equal(sscanf(line, "%2d:%2d:%6f%n", &hours, &minutes, &seconds, &at), 3);
    assert_int_equal(at, strlen("HH:MM:SS.mmm"));
    assert_memory_equal(line + at, "  L1  listening", strlen("  L1  listening"));
    free(line);
    assert_int_equal(process_wait(&s->peers[0]), 0);
}

static void
bytes_of_a_peer_cannot_forge_a_line_or_reach_the_terminal(void **state)
{
    static const char shown[] = "a\\x1b[2J\\r\\n12:00:00.000  #9 forged\\0\\x9b";
    struct stage *s = *state;
    bool seen = false;

    process_start(&s->peers[0],
                  (const char *const[]){ "./sockdeck", "--no-rc", "--batch", "listen",
                                         stage_free_port(s), NULL });
    process_expect_error(&s->peers[0], "waiting for L1");
    peer_start(&s->peers[1], "bytes_client.py", s->port,
               "611b5b324a0d0a31323a30303a30302e3030302020233920666f72676564009b", NULL);
    while (!seen) {
        char *line = process_line(&s->peers[0]);

        assert_non_null(line);
        for (const char *p = line; *p != '\0'; p++)
            assert_true(*p >= 0x20 && *p <= 0x7e);
        assert_int_not_equal(strncmp(line, "12:00:00.000  #9", 16), 0);
        seen = strstr(line, shown) != NULL;
        free(line);
    }
    kill(s->peers[0].pid, SIGTERM);
    assert_int_equal(process_wait(&s->peers[0]), 143);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(help_and_version_go_to_standard_output),
        stage_test(a_batch_passes_over_what_sockdeckrc_says_to_the_screen),
        stage_test(an_unknown_option_is_a_usage_error),
        stage_test(without_a_terminal_one_line_names_batch),
        stage_test(an_unknown_command_is_named_with_the_nearest_ones_and_status_2),
        stage_test(bad_words_change_nothing_and_are_named),
        stage_test(an_unreadable_file_is_status_2),
        stage_test(a_file_of_commands_runs_in_order_with_its_comments),
        stage_test(a_name_that_does_not_resolve_is_status_6),
        stage_test(a_taken_port_is_status_7_and_names_the_cause),
        stage_test(later_commands_run_after_one_that_failed_and_the_first_failure_counts),
        stage_test(stop_on_error_ends_there),
        stage_test(an_option_ends_at_the_command_and_a_lone_semicolon_separates),
        stage_test(a_batch_with_something_open_says_what_it_waits_for),
        stage_test(a_batch_ends_when_its_last_peer_has_sent_its_end),
        stage_test(sigterm_closes_all_in_order_and_is_status_143),
        stage_test(sigint_closes_all_in_order_and_is_status_130),
        stage_test(kill_9_leaves_no_worker),
        stage_test(a_reader_that_goes_away_ends_it_quietly),
        stage_test(the_same_port_can_be_used_again_at_once),
        stage_test(text_lines_have_a_time_a_subject_and_a_sentence),
        stage_test(bytes_of_a_peer_cannot_forge_a_line_or_reach_the_terminal),
    };

    return cmocka_run_group_tests_name("invocation", tests, NULL, NULL);
}
