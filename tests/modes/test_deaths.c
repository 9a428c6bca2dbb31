/* test_deaths.c - processes that are killed or stopped, from outside and by command, the
 * console's own included: what it costs, what is told, what goes on. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"
#include "pty_screen.h"
#include "sockdeck/base/clock.h"

enum { WORKERS = EACH_MODE_WORKERS };

static void
start_talker(struct stage *s, int i)
{
    peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
    process_expect_line(&s->peers[i], "connected");
    process_write(&s->peers[i], "hello\n");
    process_expect_line(&s->peers[i], "hello");
}

static void
a_killed_process_costs_its_own_connection_only(void **state)
{
    struct stage *s = *state;
    json_t *accepted, *closed;

    each_mode_listen(s, "handler=echo");
    start_talker(s, 0);
    accepted = batch_event(&s->batch, "accepted", 0);
    batch_event(&s->batch, "sent", event_conn(accepted));
    kill(event_pid(accepted), SIGKILL);
    closed = batch_event(&s->batch, "closed", event_conn(accepted));
    assert_event_number(closed, "in", 5);
    assert_event_number(closed, "out", 5);
    assert_true(json_is_true(json_object_get(closed, "uncertain")));
    assert_event_string(batch_event(&s->batch, "worker", 0), "state",
                        each_mode_of(s)->has_workers ? "started" : "killed");
    for (int i = 1; i <= WORKERS; i++)
        start_talker(s, i);
    stage_quit(s, 0);
    for (int i = 1; i <= WORKERS + 1; i++) {
        assert_int_equal(batch_count(&s->batch, "accepted", i), 1);
        assert_int_equal(batch_count(&s->batch, "closed", i), 1);
    }
}

static void
a_request_to_a_stopped_process_fails_at_once(void **state)
{
    struct stage *s = *state;
    json_t *accepted, *event;
    char buf[6];
    int conn, fd;

    each_mode_listen(s, "handler=echo");
    fd = fixture_connect((uint16_t)atoi(s->port));
    accepted = batch_event(&s->batch, "accepted", 0);
    conn = event_conn(accepted);
    kill(event_pid(accepted), SIGSTOP);
    do
        event = batch_event(&s->batch, "worker", 0);
    while (strcmp(event_string(event, "state"), "stopped") != 0);
    assert_int_equal(event_pid(event), event_pid(accepted));
    assert_int_equal(stage_run(s, "send #%d frozen", conn), 56);
    kill(event_pid(accepted), SIGCONT);
    assert_event_string(batch_event(&s->batch, "worker", 0), "state", "continued");
    assert_int_equal(stage_run(s, "send #%d thawed", conn), 0);
    assert_true(fixture_read(fd, buf, 6));
    assert_memory_equal(buf, "thawed", 6);
    close(fd);
    stage_quit(s, 56);
}

/* A request that is under way when its process is stopped, or dies, is answered too. */
static void
a_request_under_way_is_answered_when_its_process_dies(void **state)
{
    struct stage *s = *state;
    json_t *accepted;
    int conn;

    each_mode_listen(s, "");
    peer_start(&s->peers[0], "silent_client.py", s->port, NULL);
    accepted = batch_event(&s->batch, "accepted", 0);
    conn = event_conn(accepted);
    process_write(&s->batch.process, "ping #1 wait=1h\n");
    batch_event(&s->batch, "sent", conn);
    kill(event_pid(accepted), SIGKILL);
    assert_int_not_equal(batch_done(&s->batch), 0);
    process_write(&s->batch.process, "quit\n");
    batch_wait(&s->batch);
    assert_int_equal(batch_count(&s->batch, "closed", conn), 1);
}

static void
kill_takes_four_signals_and_tells_what_they_did(void **state)
{
    struct stage *s = *state;

    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < WORKERS; i++)
        assert_event_string(batch_event(&s->batch, "worker", 0), "state", "started");
    assert_int_equal(stage_run(s, "kill W2 STOP"), 0);
    assert_event_string(batch_event(&s->batch, "worker", 0), "state", "stopped");
    assert_int_equal(stage_run(s, "kill W2 CONT"), 0);
    assert_event_string(batch_event(&s->batch, "worker", 0), "state", "continued");
    assert_int_equal(stage_run(s, "kill W2 TERM"), 0);
    assert_event_number(batch_event(&s->batch, "worker", 0), "signal", SIGTERM);
    assert_event_string(batch_event(&s->batch, "worker", 0), "state", "started");
    assert_int_equal(stage_run(s, "kill W3"), 0);
    assert_event_number(batch_event(&s->batch, "worker", 0), "signal", SIGKILL);
    assert_event_string(batch_event(&s->batch, "worker", 0), "state", "started");
    assert_int_equal(stage_run(s, "kill W2"), 2);       /* it has gone */
    stage_quit(s, 2);
}

static void
a_frozen_worker_does_not_hold_quit_up(void **state)
{
    struct stage *s = *state;
    int64_t begun;

    each_mode_listen(s, "handler=echo");
    assert_int_equal(stage_run(s, "kill W1 STOP"), 0);
    peer_start(&s->peers[0], "many_clients.py", s->port, "10", "1", NULL);
    process_number(&s->peers[0]);               /* the others serve them */
    begun = clock_mono_ns();
    stage_quit(s, 0);
    assert_true(clock_mono_ns() - begun < 3 * NS_PER_S);
}

/* Idle ones are killed; a busy one keeps its client, and leaves after it. */
static void
frozen_workers_do_not_hold_a_switch_up(void **state)
{
    struct stage *s = *state;
    json_t *accepted;

    each_mode_listen(s, "handler=echo");
    start_talker(s, 0);
    accepted = batch_event(&s->batch, "accepted", 0);
    for (int i = 1; i <= WORKERS; i++)
        assert_int_equal(stage_run(s, "kill W%d STOP", i), 0);
    assert_int_equal(stage_run(s, "mode L1 threads"), 0);
    start_talker(s, 1);
    kill(event_pid(accepted), SIGCONT);
    process_write(&s->peers[0], "still here\n");
    process_expect_line(&s->peers[0], "still here");
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 2);
}

static void
a_worker_that_dies_at_once_is_started_later_and_later(void **state)
{
    static const double delays[] = { 0.1, 0.2, 0.4 };
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=prefork workers=1 handler=echo");
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
        json_t *started = batch_event(&s->batch, "worker", 0), *killed;

        assert_event_string(started, "state", "started");
        kill(event_pid(started), SIGKILL);
        killed = batch_event(&s->batch, "worker", 0);
        if (!event_has(killed, "restart"))
            skip();             /* so busy a machine that it lived a second */
        assert_between(event_number(killed, "restart"), delays[i], delays[i]);
    }
    start_talker(s, 0);
    stage_quit(s, 0);
}

static void
the_accepting_process_of_fork_takes_its_children_with_it(void **state)
{
    struct stage *s = *state;
    pid_t list[16];

    stage_listen(s, "listen 0 mode=fork handler=echo");
    start_talker(s, 0);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(family_list(s->batch.process.pid, list, 16), 4);
    kill(list[2], SIGKILL);     /* after the console and the spawner */
    assert_event_string(batch_event(&s->batch, "worker", 0), "state", "killed");
    batch_event(&s->batch, "closed", 1);
    start_talker(s, 1);         /* another one accepts */
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "closed", 1), 1);
    assert_int_equal(batch_count(&s->batch, "closed", 2), 1);
}

static void
without_the_spawner_the_console_goes_on_with_threads(void **state)
{
    struct stage *s = *state;
    pid_t list[16];

    stage_listen(s, "listen 0 mode=prefork workers=2 handler=echo");
    start_talker(s, 0);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(family_list(s->batch.process.pid, list, 16), 4);
    kill(list[1], SIGKILL);
    batch_event(&s->batch, "closed", 1);
    assert_int_equal(stage_run(s, "mode L1 threads"), 0);
    start_talker(s, 1);
    stage_quit(s, 0);
}

/* --- the console itself -------------------------------------------------------------------- */

static bool
is_dead(pid_t pid)
{
    waitpid(pid, NULL, WNOHANG);        /* an orphan has become ours */
    return kill(pid, 0) == -1 && errno == ESRCH;
}

static bool
is_restored(struct pty_screen *pty, void *ctx)
{
    (void)ctx;
    return pty_screen_is_restored(pty);
}

static void
a_killed_console_leaves_no_worker_and_the_terminal_as_it_was(void **state)
{
    /* The shell leads the session: the kernel hangs the terminal of a dead leader up. */
    const char *const argv[] = { "sh", "-c", "./sockdeck --no-rc -E 'listen 0 mode=prefork "
                                 "workers=3; listen 0 mode=fork'; read wait", NULL };
    const struct pty_options options = { .rows = 24, .cols = 80, .argv = argv };
    struct pty_screen *pty;
    int64_t until;
    pid_t list[16];
    int n;

    (void)state;
    family_adopt();
    pty = pty_screen_open(&options);
    assert_true(pty_screen_wait_text(pty, "L2"));
    assert_false(pty_screen_is_restored(pty));
    n = family_list(pty_screen_pid(pty), list, 16);
    assert_int_equal(n, 7);     /* shell, console, spawner, three workers, one that forks */
    kill(list[1], SIGKILL);
    until = clock_mono_ns() + NS_PER_S;
    for (int i = 2; i < n; i++)
        while (!is_dead(list[i]))
            assert_true(clock_mono_ns() < until);
    assert_true(pty_screen_wait(pty, is_restored, NULL, PTY_WAIT_MS));
    pty_screen_close(pty);
    family_expect_none();
}

int
main(void)
{
    static const struct mode_test suite[] = {
        MODES_THAT(mode_has_processes, a_killed_process_costs_its_own_connection_only),
        MODES_THAT(mode_has_processes, a_request_to_a_stopped_process_fails_at_once),
        MODES_THAT(mode_has_processes, a_request_under_way_is_answered_when_its_process_dies),
        MODES_THAT(mode_has_workers, kill_takes_four_signals_and_tells_what_they_did),
        MODES_THAT(mode_has_workers, a_frozen_worker_does_not_hold_quit_up),
        MODES_THAT(mode_has_workers, frozen_workers_do_not_hold_a_switch_up),
    };
    const struct CMUnitTest tests[] = {
        stage_test(a_worker_that_dies_at_once_is_started_later_and_later),
        stage_test(the_accepting_process_of_fork_takes_its_children_with_it),
        stage_test(without_the_spawner_the_console_goes_on_with_threads),
        cmocka_unit_test(a_killed_console_leaves_no_worker_and_the_terminal_as_it_was),
    };
    int failed = each_mode_run("deaths", suite, sizeof(suite) / sizeof(suite[0]));

    return failed + cmocka_run_group_tests_name("deaths of one mode", tests, NULL, NULL);
}
