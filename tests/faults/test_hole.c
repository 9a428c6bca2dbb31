/* test_hole.c - a black hole on loopback: connects to it hang, ours and everybody's. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "stage.h"

static void
start_with_hole(struct stage *s, const char *line)
{
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "%s", line), 0);
    snprintf(s->port, sizeof(s->port), "%d", batch_port(&s->batch));
}

static void
a_connect_of_python_to_the_hole_ends_with_socket_timeout(void **state)
{
    struct stage *s = *state;
    struct process *client = &s->peers[0];

    start_with_hole(s, "hole");
    peer_start(client, "connecting_client.py", s->port, "0.3", NULL);
    process_expect_line(client, "socket.timeout");
    assert_true(process_number(client) >= 300);
    assert_int_equal(process_wait(client), 0);
    stage_quit(s, 0);
}

static void
a_connect_of_ours_to_the_hole_ends_by_connect_timeout(void **state)
{
    struct stage *s = *state;
    json_t *timeout, *closed;

    start_with_hole(s, "hole");
    assert_int_equal(stage_run(s, "connect %s connect-timeout=200ms", s->port), 28);
    timeout = batch_event(&s->batch, "timeout", 1);
    assert_event_string(timeout, "kind", "connect");
    assert_between(event_number(timeout, "limit"), 0.2, 0.2);
    assert_between(event_number(timeout, "after"), 0.2, 2);
    closed = batch_event(&s->batch, "closed", 1);
    assert_event_string(closed, "by", "timeout");
    assert_non_null(strstr(event_string(closed, "text"), "never opened: timed out"));
    assert_int_equal(batch_count(&s->batch, "connected", 0), 0);
    stage_quit(s, 28);
}

static void
its_sentence_names_the_port_and_what_to_try(void **state)
{
    struct stage *s = *state;
    char sentence[160];
    json_t *listening;

    batch_start(&s->batch, "hole", NULL);
    listening = batch_event(&s->batch, "listening", 0);
    assert_event_string(listening, "mode", "hole");
    assert_event_string(listening, "listener", "L1");
    snprintf(s->port, sizeof(s->port), "%s", strrchr(event_string(listening, "address"), ':') + 1);
    snprintf(sentence, sizeof(sentence), "L1 is a black hole at 127.0.0.1:%s: its accept queue is "
             "full; try: connect %s connect-timeout=2s", s->port, s->port);
    assert_event_string(listening, "text", sentence);
    process_expect_error(&s->batch.process, "waiting for L1");
    kill(s->batch.process.pid, SIGTERM);
    assert_int_equal(batch_wait(&s->batch), 143);
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 1);
}

static void
the_connections_that_fill_it_are_in_no_count(void **state)
{
    struct stage *s = *state;
    json_t *row;

    start_with_hole(s, "hole");
    assert_int_equal(stage_run(s, "show listeners"), 0);
    row = batch_only_row(&s->batch, "listeners");
    assert_event_string(row, "mode", "hole");
    assert_event_number(row, "backlog", 0);
    assert_event_number(row, "open", 0);
    assert_event_number(row, "accepted", 0);
    assert_true(json_is_true(json_object_get(row, "full")));

    assert_int_equal(stage_run(s, "show connections"), 0);
    assert_int_equal(json_array_size(json_object_get(batch_event(&s->batch, "table", 0), "rows")),
                     0);
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "connected", 0), 0);
    assert_int_equal(batch_count(&s->batch, "accepted", 0), 0);
}

static void
close_ends_it_and_its_port_serves_again_at_once(void **state)
{
    struct stage *s = *state;

    start_with_hole(s, "hole");
    assert_int_equal(stage_run(s, "close L1"), 0);
    batch_event(&s->batch, "stopped", 0);
    assert_int_equal(stage_run(s, "connect %s", s->port), 7);
    assert_int_equal(stage_run(s, "listen %s", s->port), 0);
    assert_int_equal(stage_run(s, "connect %s connect-timeout=5s", s->port), 0);
    stage_quit(s, 7);
}

static void
it_serves_nobody_and_says_so_to_other_verbs(void **state)
{
    struct stage *s = *state;
    json_t *failed;

    start_with_hole(s, "hole");
    assert_int_equal(stage_run(s, "mode L1 threads"), 2);
    failed = batch_event(&s->batch, "failed", 0);
    assert_event_string(failed, "message",
                        "L1 is a black hole: it serves nobody; close L1 ends it");
    assert_int_equal(stage_run(s, "mode threads"), 2);
    assert_int_equal(stage_run(s, "listen 0"), 0);
    assert_int_equal(stage_run(s, "mode threads"), 0);
    assert_event_string(batch_event(&s->batch, "mode", 0), "listener", "L2");
    stage_quit(s, 2);
}

static void
a_port_that_is_taken_or_no_port_at_all_is_refused(void **state)
{
    struct stage *s = *state;
    json_t *error;

    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "hole %s", s->port), 7);
    error = batch_event(&s->batch, "error", 0);
    assert_event_string(error, "errno", "EADDRINUSE");
    assert_int_equal(stage_run(s, "hole 65536"), 2);
    assert_int_equal(stage_run(s, "hole example.org:80"), 2);
    assert_int_equal(batch_count(&s->batch, "listening", 0), 1);
    stage_quit(s, 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_connect_of_python_to_the_hole_ends_with_socket_timeout),
        stage_test(a_connect_of_ours_to_the_hole_ends_by_connect_timeout),
        stage_test(its_sentence_names_the_port_and_what_to_try),
        stage_test(the_connections_that_fill_it_are_in_no_count),
        stage_test(close_ends_it_and_its_port_serves_again_at_once),
        stage_test(it_serves_nobody_and_says_so_to_other_verbs),
        stage_test(a_port_that_is_taken_or_no_port_at_all_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
