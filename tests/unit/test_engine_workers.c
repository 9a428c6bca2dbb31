/* test_engine_workers.c - the engine from outside: standing workers come, go, are killed and stopped. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine_fixture.h"

static bool
is_worker_state(const struct event *event, const void *arg)
{
    return event->type == EVENT_WORKER &&
           event->u.worker.state == *(const enum worker_state *)arg;
}

static const struct event *
wait_worker(struct fixture *f, size_t from, enum worker_state state)
{
    return fixture_wait(f, from, 5000, is_worker_state, &state, NULL);
}

static void
grows_and_shrinks_in_place(void **state)
{
    struct fixture *f = *state;
    struct request mode = { .type = REQUEST_MODE };
    const struct event *event;
    uint16_t port;
    size_t from;
    char buf[1];
    int fd[3];

    mode.listener = fixture_listen(f, mode_find("prefork"), 1, &f->settings, &port);
    mode.u.mode.mode = mode_index(mode_find("prefork"));
    mode.u.mode.workers = 3;
    assert_int_equal(fixture_request(f, &mode, NULL, NULL), 0);
    assert_int_equal(fixture_count_type(f, EVENT_WORKER), 3);
    for (int i = 0; i < 3; i++) {
        fd[i] = fixture_connect(port);
        assert_int_equal(send(fd[i], "x", 1, 0), 1);
        assert_true(fixture_read(fd[i], buf, 1));
    }
    from = fixture_mark(f);
    mode.u.mode.workers = 2;
    assert_int_equal(fixture_request(f, &mode, NULL, NULL), 0);
    /* The one that leaves finishes its connection first. */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send(fd[i], "y", 1, 0), 1);
        assert_true(fixture_read(fd[i], buf, 1));
        close(fd[i]);
    }
    event = wait_worker(f, from, WORKER_EXITED);
    assert_non_null(event);
    assert_int_equal(event->u.worker.status, 0);
}

static void
starts_a_new_worker_for_one_that_was_killed(void **state)
{
    struct fixture *f = *state;
    struct request kill_it = { .type = REQUEST_KILL, .u.kill.signal = SIGKILL };
    const struct event *event;
    uint16_t port;
    size_t from;

    fixture_listen(f, mode_find("prefork"), 2, &f->settings, &port);
    event = wait_worker(f, 0, WORKER_STARTED);
    assert_non_null(event);
    kill_it.u.kill.worker = event->worker;
    from = fixture_mark(f);
    assert_int_equal(fixture_request(f, &kill_it, NULL, NULL), 0);
    event = wait_worker(f, from, WORKER_KILLED);
    assert_non_null(event);
    assert_int_equal(event->u.worker.signal, SIGKILL);
    event = wait_worker(f, from, WORKER_STARTED);
    assert_non_null(event);
    assert_int_not_equal(event->worker, kill_it.u.kill.worker);
}

static void
answers_for_a_worker_that_is_stopped(void **state)
{
    struct fixture *f = *state;
    struct request signal_it = { .type = REQUEST_KILL, .u.kill.signal = SIGSTOP };
    struct request send_it = { .type = REQUEST_SEND, .data_size = 1 };
    const struct event *event;
    uint16_t port;
    int fd;

    fixture_listen(f, mode_find("prefork"), 1, &f->settings, &port);
    fd = fixture_connect(port);
    event = fixture_wait_type(f, 0, 5000, EVENT_ACCEPTED, 0, NULL);
    assert_non_null(event);
    send_it.conn = event->conn;
    signal_it.u.kill.worker = event->worker;
    assert_int_equal(fixture_request(f, &signal_it, NULL, NULL), 0);
    assert_non_null(wait_worker(f, 0, WORKER_STOPPED));
    assert_int_equal(fixture_request(f, &send_it, "x", NULL), -EBUSY);
    signal_it.u.kill.signal = SIGCONT;
    assert_int_equal(fixture_request(f, &signal_it, NULL, NULL), 0);
    assert_non_null(wait_worker(f, 0, WORKER_CONTINUED));
    assert_int_equal(fixture_request(f, &send_it, "x", NULL), 0);
    close(fd);
}

static void
closes_a_listener_whose_worker_is_stopped(void **state)
{
    struct fixture *f = *state;
    struct request signal_it = { .type = REQUEST_KILL, .u.kill.signal = SIGSTOP };
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };
    const struct event *event;
    uint16_t port;

    close_it.listener = fixture_listen(f, mode_find("prefork"), 1, &f->settings, &port);
    event = wait_worker(f, 0, WORKER_STARTED);
    assert_non_null(event);
    signal_it.u.kill.worker = event->worker;
    assert_int_equal(fixture_request(f, &signal_it, NULL, NULL), 0);
    assert_non_null(wait_worker(f, 0, WORKER_STOPPED));
    assert_int_equal(fixture_request(f, &close_it, NULL, NULL), 0);
    assert_non_null(fixture_wait_type(f, 0, 5000, EVENT_STOPPED, 0, NULL));
    assert_non_null(wait_worker(f, 0, WORKER_KILLED));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(grows_and_shrinks_in_place),
        ENGINE_TEST(starts_a_new_worker_for_one_that_was_killed),
        ENGINE_TEST(answers_for_a_worker_that_is_stopped),
        ENGINE_TEST(closes_a_listener_whose_worker_is_stopped),
    };

    return cmocka_run_group_tests_name("engine workers", tests, NULL, NULL);
}
