/* test_modes.c - the contract of all modes: one suite, run over the table. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

struct of_mode {
    const struct mode *mode;
    struct fixture f;
    struct settings settings;
};

static int
setup(void **state)
{
    struct of_mode *t = *state;

    settings_init(&t->settings);
    t->settings.handler = HANDLER_ECHO;
    fixture_start(&t->f);
    return 0;
}

static int
teardown(void **state)
{
    struct of_mode *t = *state;

    fixture_stop(&t->f);
    return 0;
}

static void
echoes_and_reports_exact_sums(void **state)
{
    struct of_mode *t = *state;
    char buf[16];
    uint16_t port;
    const struct event *closed;
    int fd;

    fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    for (int i = 0; i < 3; i++) {
        size_t from = fixture_mark(&t->f);

        fd = fixture_connect(port);
        assert_int_equal(send(fd, "hello", 5, 0), 5);
        assert_true(fixture_read(fd, buf, 5));
        assert_memory_equal(buf, "hello", 5);
        close(fd);
        closed = fixture_wait_type(&t->f, from, 5000, EVENT_CLOSED, 0, NULL);
        assert_non_null(closed);
        assert_int_equal(closed->u.closed.in, 5);
        assert_int_equal(closed->u.closed.out, 5);
        assert_int_equal(closed->u.closed.by, BY_PEER);
    }
    assert_int_equal(fixture_count_type(&t->f, EVENT_ACCEPTED), 3);
    assert_int_equal(fixture_count_type(&t->f, EVENT_EOF), 3);
}

static void
closes_by_read_timeout_and_goes_on(void **state)
{
    struct of_mode *t = *state;
    const struct event *event;
    uint16_t port;
    char buf[1];

    t->settings.timeout_ns[TIMEOUT_READ] = 100 * NS_PER_MS;
    fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    for (int i = 0; i < 2; i++) {
        size_t from = fixture_mark(&t->f);
        int fd = fixture_connect(port);

        assert_int_equal(recv(fd, buf, 1, 0), 0);
        event = fixture_wait_type(&t->f, from, 5000, EVENT_TIMEOUT, 0, NULL);
        assert_non_null(event);
        assert_int_equal(event->u.timeout.kind, TIMEOUT_READ);
        assert_true(event->u.timeout.after_ns >= 100 * NS_PER_MS);
        event = fixture_wait_type(&t->f, from, 5000, EVENT_CLOSED, 0, NULL);
        assert_non_null(event);
        assert_int_equal(event->u.closed.by, BY_TIMEOUT);
        close(fd);
    }
}

static void
answers_requests_on_a_blocked_connection(void **state)
{
    struct of_mode *t = *state;
    struct request send_it = { .type = REQUEST_SEND, .data_size = 2 };
    struct request close_it = { .type = REQUEST_CLOSE };
    const struct event *accepted;
    uint16_t port;
    char buf[2];
    int fd;

    fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    fd = fixture_connect(port);
    accepted = fixture_wait_type(&t->f, 0, 5000, EVENT_ACCEPTED, 0, NULL);
    assert_non_null(accepted);
    send_it.conn = close_it.conn = accepted->conn;
    assert_int_equal(fixture_request(&t->f, &send_it, "hi", NULL), 0);
    assert_true(fixture_read(fd, buf, 2));
    assert_memory_equal(buf, "hi", 2);
    assert_int_equal(fixture_request(&t->f, &close_it, NULL, NULL), 0);
    assert_int_equal(recv(fd, buf, 1, 0), 0);
    close(fd);
    assert_int_equal(fixture_request(&t->f, &send_it, "hi", NULL), -ENOENT);
}

static void
changes_a_timeout_under_a_blocked_read(void **state)
{
    struct of_mode *t = *state;
    struct request change = {
        .type = REQUEST_SETTINGS,
        .u.settings = {
            .bits = 1u << TIMEOUT_READ,
            .values.timeout_ns[TIMEOUT_READ] = 50 * NS_PER_MS,
        },
    };
    uint16_t port;
    char buf[1];
    int fd;

    change.listener = fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    fd = fixture_connect(port);
    assert_non_null(fixture_wait_type(&t->f, 0, 5000, EVENT_ACCEPTED, 0, NULL));
    assert_int_equal(fixture_request(&t->f, &change, NULL, NULL), 0);
    assert_int_equal(recv(fd, buf, 1, 0), 0);
    assert_non_null(fixture_wait_type(&t->f, 0, 5000, EVENT_TIMEOUT, 0, NULL));
    close(fd);
}

static void
stops_with_everything_open(void **state)
{
    struct of_mode *t = *state;
    uint16_t port;
    int fd[2];

    fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    for (int i = 0; i < 2; i++)
        fd[i] = fixture_connect(port);
    assert_non_null(fixture_wait_type(&t->f, 0, 5000, EVENT_ACCEPTED, 0, NULL));
    engine_stop(t->f.engine);
    t->f.is_stopped = true;
    assert_int_equal(fixture_count_type(&t->f, EVENT_CLOSED),
                     fixture_count_type(&t->f, EVENT_ACCEPTED));
    assert_int_equal(fixture_count_type(&t->f, EVENT_STOPPED), 1);
    for (int i = 0; i < 2; i++)
        close(fd[i]);
}

static void
reports_a_killed_process_and_closes_once(void **state)
{
    struct of_mode *t = *state;
    const struct event *event;
    uint32_t conn;
    uint16_t port;
    char buf[4];
    int fd;

    if (!t->mode->in_process)
        skip();
    fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    fd = fixture_connect(port);
    assert_int_equal(send(fd, "ping", 4, 0), 4);
    assert_true(fixture_read(fd, buf, 4));
    event = fixture_wait_type(&t->f, 0, 5000, EVENT_SENT, 0, NULL);
    assert_non_null(event);
    conn = event->conn;
    assert_int_not_equal(event->pid, getpid());
    kill(event->pid, SIGKILL);
    event = fixture_wait_type(&t->f, 0, 5000, EVENT_CLOSED, conn, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.closed.in, 4);
    assert_int_equal(event->u.closed.out, 4);
    assert_true(event->u.closed.uncertain);
    assert_int_equal(recv(fd, buf, 1, 0), 0);
    close(fd);

    /* It goes on: another client is served, by another process where one died for good. */
    fd = fixture_connect(port);
    assert_int_equal(send(fd, "more", 4, 0), 4);
    assert_true(fixture_read(fd, buf, 4));
    close(fd);
    assert_int_equal(fixture_count_type(&t->f, EVENT_CLOSED) <= 2, 1);
}

static void
lets_another_mode_take_over_without_losing_a_client(void **state)
{
    struct of_mode *t = *state;
    struct request change = { .type = REQUEST_MODE };
    uint16_t port;
    char buf[4];
    int old[2], fd;

    change.listener = fixture_listen(&t->f, t->mode, 2, &t->settings, &port);
    old[0] = fixture_connect(port);
    assert_non_null(fixture_wait_type(&t->f, 0, 5000, EVENT_ACCEPTED, 0, NULL));
    for (uint32_t i = 0; i < mode_count; i++) {
        if (modes[i] == t->mode)
            continue;           /* serial would rightly go on with its one client */
        change.u.mode.mode = i;
        assert_int_equal(fixture_request(&t->f, &change, NULL, NULL), 0);
        fd = fixture_connect(port);
        assert_int_equal(send(fd, "ping", 4, 0), 4);
        assert_true(fixture_read(fd, buf, 4));
        close(fd);
    }
    assert_int_equal(send(old[0], "here", 4, 0), 4);
    assert_true(fixture_read(old[0], buf, 4));
    close(old[0]);
}

static int
run_over(const struct mode *mode)
{
    struct of_mode t = { .mode = mode };
    const struct CMUnitTest tests[] = {
        { "echoes_and_reports_exact_sums", echoes_and_reports_exact_sums, setup, teardown, &t },
        { "closes_by_read_timeout_and_goes_on", closes_by_read_timeout_and_goes_on, setup,
          teardown, &t },
        { "answers_requests_on_a_blocked_connection", answers_requests_on_a_blocked_connection,
          setup, teardown, &t },
        { "changes_a_timeout_under_a_blocked_read", changes_a_timeout_under_a_blocked_read, setup,
          teardown, &t },
        { "reports_a_killed_process_and_closes_once", reports_a_killed_process_and_closes_once,
          setup, teardown, &t },
        { "lets_another_mode_take_over_without_losing_a_client",
          lets_another_mode_take_over_without_losing_a_client, setup, teardown, &t },
        { "stops_with_everything_open", stops_with_everything_open, setup, teardown, &t },
    };

    return cmocka_run_group_tests_name(mode->name, tests, NULL, NULL);
}

int
main(int argc, char **argv)
{
    int failed = 0;

    for (uint32_t i = 0; i < mode_count; i++)
        if (argc < 2 || strcmp(argv[1], modes[i]->name) == 0)
            failed += run_over(modes[i]);
    return failed != 0;
}
