/* test_engine.c - the engine from outside: dialling, the accept queue, silence, workers. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/address.h"

static struct fixture f;
static struct settings settings;

static void
ignore(void *ctx, const struct event *const *batch, size_t n)
{
    (void)ctx, (void)batch, (void)n;
}

static int
setup(void **state)
{
    (void)state;
    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    fixture_stop(&f);
    return 0;
}

static int
dial(const char *host, uint16_t port, uint32_t *conn)
{
    struct endpoint to = { .port = port };
    struct request request = { .type = REQUEST_DIAL, .data_size = sizeof(to) };

    strcpy(to.host, host);
    return fixture_request(&f, &request, &to, conn);
}

static uint16_t
closed_port(void)
{
    uint16_t port;
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };

    close_it.listener = fixture_listen(&f, mode_find("serial"), 1, &settings, &port);
    assert_int_equal(fixture_request(&f, &close_it, NULL, NULL), 0);
    return port;
}

static bool
is_worker_state(const struct event *event, const void *arg)
{
    return event->type == EVENT_WORKER &&
           event->u.worker.state == *(const enum worker_state *)arg;
}

static const struct event *
wait_worker(size_t from, enum worker_state state)
{
    return fixture_wait(&f, from, 5000, is_worker_state, &state, NULL);
}

/* --- dialling ------------------------------------------------------------------- */

static void
dials_its_own_listener_and_talks(void **state)
{
    struct request send_it = { .type = REQUEST_SEND, .data_size = 4 };
    const struct event *event;
    uint32_t conn;
    uint16_t port;

    (void)state;
    fixture_listen(&f, mode_find("serial"), 1, &settings, &port);
    assert_int_equal(dial("127.0.0.1", port, &conn), 0);
    assert_non_null(fixture_wait_type(&f, 0, 5000, EVENT_CONNECTED, conn, NULL));
    send_it.conn = conn;
    assert_int_equal(fixture_request(&f, &send_it, "ping", NULL), 0);
    event = fixture_wait_type(&f, 0, 5000, EVENT_RECEIVED, conn, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.message.bytes, 4);
    assert_memory_equal(event->data, "ping", 4);
}

static void
says_refused_at_once_for_a_closed_port(void **state)
{
    const struct event *event;
    uint32_t conn;
    uint16_t port = closed_port();
    int64_t before = clock_mono_ns();

    (void)state;
    assert_int_equal(dial("127.0.0.1", port, &conn), -ECONNREFUSED);
    assert_true(clock_mono_ns() - before < NS_PER_S);
    event = fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.code, ECONNREFUSED);
    event = fixture_wait_type(&f, 0, 5000, EVENT_CLOSED, conn, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.closed.fate, STATUS_CONNECT);
}

static void
fails_a_name_that_does_not_exist_with_its_own_status(void **state)
{
    const struct event *event;

    (void)state;
    assert_true(dial("no-such-host.invalid", 80, NULL) < 0);
    event = fixture_wait_type(&f, 0, 5000, EVENT_REPLY, 0, NULL);
    assert_int_equal(event->u.reply.status, STATUS_RESOLVE);
    event = fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.call, CALL_GETADDRINFO);
}

static void
rebinds_the_port_of_a_closed_listener(void **state)
{
    uint16_t port = closed_port();
    struct endpoint endpoint = { .host = "127.0.0.1", .port = port };
    struct request request = {
        .type = REQUEST_LISTEN,
        .u.listen = { .backlog = 16, .settings = settings },
        .data_size = sizeof(endpoint),
    };

    (void)state;
    assert_int_equal(fixture_request(&f, &request, &endpoint, NULL), 0);
    assert_int_equal(fixture_request(&f, &request, &endpoint, NULL), -EADDRINUSE);
}

/* --- the accept queue and silence ------------------------------------------------- */

static bool
is_queue_of(const struct event *event, const void *arg)
{
    const struct event_queue *wanted = arg;

    return event->type == EVENT_QUEUE && event->u.queue.state == wanted->state &&
           event->u.queue.waiting >= wanted->waiting;
}

static void
tells_that_a_second_client_waits_in_serial(void **state)
{
    struct event_queue waiting = { .state = QUEUE_WAITING, .waiting = 1 };
    struct event_queue empty = { .state = QUEUE_EMPTY };
    const struct event *event;
    uint16_t port;
    int first, second;

    (void)state;
    fixture_listen(&f, mode_find("serial"), 1, &settings, &port);
    first = fixture_connect(port);
    assert_non_null(fixture_wait_type(&f, 0, 5000, EVENT_ACCEPTED, 0, NULL));
    second = fixture_connect(port);
    event = fixture_wait(&f, 0, 5000, is_queue_of, &waiting, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.queue.waiting, 1);
    assert_int_equal(event->u.queue.limit, 128);
    close(first);
    assert_non_null(fixture_wait(&f, 0, 5000, is_queue_of, &empty, NULL));
    close(second);
}

static void
reports_each_silence_once(void **state)
{
    const struct event *event;
    size_t from;
    uint16_t port;
    int fd;

    (void)state;
    settings.timeout_ns[TIMEOUT_ACCEPT] = 100 * NS_PER_MS;
    fixture_listen(&f, mode_find("serial"), 1, &settings, &port);
    event = fixture_wait_type(&f, 0, 5000, EVENT_TIMEOUT, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.timeout.kind, TIMEOUT_ACCEPT);
    assert_true(event->u.timeout.after_ns >= 100 * NS_PER_MS);
    /* None follows in the same silence; one does after the next client. */
    from = fixture_mark(&f);
    assert_null(fixture_wait_type(&f, from, 300, EVENT_TIMEOUT, 0, NULL));
    fd = fixture_connect(port);
    close(fd);
    assert_non_null(fixture_wait_type(&f, from, 5000, EVENT_TIMEOUT, 0, NULL));
}

static int
change_accept_limit(uint16_t listener, int64_t limit_ns)
{
    struct request request = { .type = REQUEST_SETTINGS, .listener = listener };

    request.u.settings.bits = 1u << TIMEOUT_ACCEPT;
    request.u.settings.values.timeout_ns[TIMEOUT_ACCEPT] = limit_ns;
    return fixture_request(&f, &request, NULL, NULL);
}

static void
another_limit_may_end_the_same_silence_once_more(void **state)
{
    const struct event *event;
    uint16_t listener, port;
    size_t from;

    (void)state;
    settings.timeout_ns[TIMEOUT_ACCEPT] = NS_PER_MS;
    listener = (uint16_t)fixture_listen(&f, mode_find("threads"), 1, &settings, &port);
    assert_non_null(fixture_wait_type(&f, 0, 5000, EVENT_TIMEOUT, 0, NULL));
    from = fixture_mark(&f);
    assert_int_equal(change_accept_limit(listener, 2 * NS_PER_MS), 0);
    event = fixture_wait_type(&f, from, 5000, EVENT_TIMEOUT, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.timeout.limit_ns, 2 * NS_PER_MS);
}

static bool
tells_accept_limit(const struct event *event, const void *arg)
{
    const struct event_waits *wanted = arg;

    return event->type == EVENT_WAITS && event->conn == 0 &&
           event->u.waits.running == wanted->running;
}

static void
tells_whenever_the_accept_limit_begins_or_ceases_to_run(void **state)
{
    static const struct event_waits runs = { .running = 1u << TIMEOUT_ACCEPT }, rests;
    const struct event *event;
    uint16_t port;
    size_t from;
    int fd;

    (void)state;
    settings.timeout_ns[TIMEOUT_ACCEPT] = 3600 * NS_PER_S;
    fixture_listen(&f, mode_find("serial"), 1, &settings, &port);
    event = fixture_wait(&f, 0, 5000, tells_accept_limit, &runs, NULL);
    assert_non_null(event);
    assert_true(event->u.waits.active_ns > 0);
    from = fixture_mark(&f);
    fd = fixture_connect(port);         /* it serves, nobody waits in accept */
    assert_non_null(fixture_wait(&f, from, 5000, tells_accept_limit, &rests, &from));
    close(fd);
    assert_non_null(fixture_wait(&f, from, 5000, tells_accept_limit, &runs, NULL));
}

static void
says_once_that_accept_would_block_when_its_timeout_is_0(void **state)
{
    const struct event *event;
    uint16_t port;
    size_t from;
    int fd;

    (void)state;
    settings.timeout_ns[TIMEOUT_ACCEPT] = 0;
    fixture_listen(&f, mode_find("serial"), 1, &settings, &port);
    event = fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.code, EAGAIN);
    assert_int_equal(event->u.error.call, CALL_ACCEPT);
    assert_true(event->u.error.would_block);
    from = fixture_mark(&f);
    fd = fixture_connect(port);
    close(fd);
    assert_non_null(fixture_wait_type(&f, from, 5000, EVENT_CLOSED, 0, NULL));
}

/* --- workers ------------------------------------------------------------------------ */

static void
grows_and_shrinks_in_place(void **state)
{
    struct request mode = { .type = REQUEST_MODE };
    const struct event *event;
    uint16_t port;
    size_t from;
    char buf[1];
    int fd[3];

    (void)state;
    mode.listener = fixture_listen(&f, mode_find("prefork"), 1, &settings, &port);
    mode.u.mode.mode = mode_index(mode_find("prefork"));
    mode.u.mode.workers = 3;
    assert_int_equal(fixture_request(&f, &mode, NULL, NULL), 0);
    assert_int_equal(fixture_count_type(&f, EVENT_WORKER), 3);
    for (int i = 0; i < 3; i++) {
        fd[i] = fixture_connect(port);
        assert_int_equal(send(fd[i], "x", 1, 0), 1);
        assert_true(fixture_read(fd[i], buf, 1));
    }
    from = fixture_mark(&f);
    mode.u.mode.workers = 2;
    assert_int_equal(fixture_request(&f, &mode, NULL, NULL), 0);
    /* The one that leaves finishes its connection first. */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send(fd[i], "y", 1, 0), 1);
        assert_true(fixture_read(fd[i], buf, 1));
        close(fd[i]);
    }
    event = wait_worker(from, WORKER_EXITED);
    assert_non_null(event);
    assert_int_equal(event->u.worker.status, 0);
}

static void
starts_a_new_worker_for_one_that_was_killed(void **state)
{
    struct request kill_it = { .type = REQUEST_KILL, .u.kill.signal = SIGKILL };
    const struct event *event;
    uint16_t port;
    size_t from;

    (void)state;
    fixture_listen(&f, mode_find("prefork"), 2, &settings, &port);
    event = wait_worker(0, WORKER_STARTED);
    assert_non_null(event);
    kill_it.u.kill.worker = event->worker;
    from = fixture_mark(&f);
    assert_int_equal(fixture_request(&f, &kill_it, NULL, NULL), 0);
    event = wait_worker(from, WORKER_KILLED);
    assert_non_null(event);
    assert_int_equal(event->u.worker.signal, SIGKILL);
    event = wait_worker(from, WORKER_STARTED);
    assert_non_null(event);
    assert_int_not_equal(event->worker, kill_it.u.kill.worker);
}

static void
answers_for_a_worker_that_is_stopped(void **state)
{
    struct request signal_it = { .type = REQUEST_KILL, .u.kill.signal = SIGSTOP };
    struct request send_it = { .type = REQUEST_SEND, .data_size = 1 };
    const struct event *event;
    uint16_t port;
    int fd;

    (void)state;
    fixture_listen(&f, mode_find("prefork"), 1, &settings, &port);
    fd = fixture_connect(port);
    event = fixture_wait_type(&f, 0, 5000, EVENT_ACCEPTED, 0, NULL);
    assert_non_null(event);
    send_it.conn = event->conn;
    signal_it.u.kill.worker = event->worker;
    assert_int_equal(fixture_request(&f, &signal_it, NULL, NULL), 0);
    assert_non_null(wait_worker(0, WORKER_STOPPED));
    assert_int_equal(fixture_request(&f, &send_it, "x", NULL), -EBUSY);
    signal_it.u.kill.signal = SIGCONT;
    assert_int_equal(fixture_request(&f, &signal_it, NULL, NULL), 0);
    assert_non_null(wait_worker(0, WORKER_CONTINUED));
    assert_int_equal(fixture_request(&f, &send_it, "x", NULL), 0);
    close(fd);
}

static void
closes_a_listener_whose_worker_is_stopped(void **state)
{
    struct request signal_it = { .type = REQUEST_KILL, .u.kill.signal = SIGSTOP };
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };
    const struct event *event;
    uint16_t port;

    (void)state;
    close_it.listener = fixture_listen(&f, mode_find("prefork"), 1, &settings, &port);
    event = wait_worker(0, WORKER_STARTED);
    assert_non_null(event);
    signal_it.u.kill.worker = event->worker;
    assert_int_equal(fixture_request(&f, &signal_it, NULL, NULL), 0);
    assert_non_null(wait_worker(0, WORKER_STOPPED));
    assert_int_equal(fixture_request(&f, &close_it, NULL, NULL), 0);
    assert_non_null(fixture_wait_type(&f, 0, 5000, EVENT_STOPPED, 0, NULL));
    assert_non_null(wait_worker(0, WORKER_KILLED));
}

/* The reply to a listener's change means that its open connections have it, in every mode. */
static void
has_changed_every_connection_when_it_replies(void **state)
{
    struct request change = { .type = REQUEST_SETTINGS, .u.settings = { .bits = SET_HANDLER } };
    char buf[4];

    (void)state;
    for (uint32_t mode = 0; mode < mode_count; mode++) {
        uint16_t port;
        int fd;

        change.listener = fixture_listen(&f, modes[mode], 2, &settings, &port);
        fd = fixture_connect(port);
        for (int i = 0; i < 20; i++) {
            change.u.settings.values.handler = i % 2 == 0 ? HANDLER_PONG : HANDLER_ECHO;
            assert_int_equal(fixture_request(&f, &change, NULL, NULL), 0);
            assert_int_equal(send(fd, "ping", 4, 0), 4);
            assert_true(fixture_read(fd, buf, 4));
            assert_memory_equal(buf, i % 2 == 0 ? "pong" : "ping", 4);
        }
        close(fd);
    }
}

/* Ids are 16 bits and never used twice: the last one is told. With SOCKDECK_LONG=1 only. */
static void
a_listener_beyond_the_last_id_is_refused(void **state)
{
    struct endpoint endpoint = { .host = "127.0.0.1" };
    struct request listen_it = {
        .type = REQUEST_LISTEN,
        .u.listen = { .backlog = 1, .mode = mode_index(mode_find("epoll")), .settings = settings },
        .data_size = sizeof(endpoint),
    };
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };
    const struct event *event;
    size_t from;

    (void)state;
    if (getenv("SOCKDECK_LONG") == NULL)
        skip();
    for (uint32_t i = 1; i <= UINT16_MAX; i++) {
        assert_int_equal(fixture_request(&f, &listen_it, &endpoint, &close_it.listener), 0);
        assert_int_equal(close_it.listener, i);
        assert_int_equal(fixture_request(&f, &close_it, NULL, NULL), 0);
    }
    from = fixture_mark(&f);
    assert_int_equal(fixture_request(&f, &listen_it, &endpoint, NULL), -EOVERFLOW);
    event = fixture_wait_type(&f, from, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_non_null(memmem(event->data, event->data_size, "L65535 was the last", 19));
}

static bool
is_reply_to(const struct event *event, const void *arg)
{
    return event->type == EVENT_REPLY && event->u.reply.request == *(const uint32_t *)arg;
}

/* Neither is lost, and none waits for the engine to give up on it. */
static void
two_changes_under_way_at_once_are_both_made(void **state)
{
    struct request change = { .type = REQUEST_SETTINGS, .u.settings = { .bits = SET_HANDLER } };
    char buf[4];

    (void)state;
    for (uint32_t mode = 0; mode < mode_count; mode++) {
        uint16_t port;
        int fd;

        change.listener = fixture_listen(&f, modes[mode], 2, &settings, &port);
        fd = fixture_connect(port);
        for (int i = 0; i < 20; i++) {
            int64_t begun_ns = clock_mono_ns();
            uint32_t first, second;

            change.u.settings.values.handler = i % 2 == 0 ? HANDLER_ECHO : HANDLER_PONG;
            first = engine_post(f.engine, &change, NULL);
            change.u.settings.values.handler = i % 2 == 0 ? HANDLER_PONG : HANDLER_ECHO;
            second = engine_post(f.engine, &change, NULL);
            assert_non_null(fixture_wait(&f, 0, 5000, is_reply_to, &first, NULL));
            assert_non_null(fixture_wait(&f, 0, 5000, is_reply_to, &second, NULL));
            assert_true(clock_mono_ns() - begun_ns < 400 * NS_PER_MS);
            assert_int_equal(send(fd, "ping", 4, 0), 4);
            assert_true(fixture_read(fd, buf, 4));
            assert_memory_equal(buf, i % 2 == 0 ? "pong" : "ping", 4);
        }
        close(fd);
    }
}

/* --- starting ------------------------------------------------------------------------ */

static int
start_with_descriptors(int n, struct error *err)
{
    const struct process_title no_title = { 0 };
    const struct engine_sink sink = { .apply = ignore };
    struct rlimit before, few;
    struct engine *engine;
    int rc, lowest_free;

    assert_int_equal(engine_spawn(&engine, &no_title, err), 0);
    lowest_free = dup(STDIN_FILENO);
    close(lowest_free);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    few = (struct rlimit){ (rlim_t)(lowest_free + n), before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    rc = engine_start(engine, &sink, err);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    engine_stop(engine);
    engine_free(engine);
    return rc;
}

static void
a_start_without_descriptors_names_the_cause(void **state)
{
    struct error err;
    int n = 0;

    (void)state;
    for (; start_with_descriptors(n, &err) != 0; n++) {
        assert_int_equal(err.code, -EMFILE);
        assert_non_null(strstr(err.text, "Too many open files"));
    }
    assert_true(n > 3);
}

#define ENGINE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(dials_its_own_listener_and_talks),
        ENGINE_TEST(says_refused_at_once_for_a_closed_port),
        ENGINE_TEST(fails_a_name_that_does_not_exist_with_its_own_status),
        ENGINE_TEST(rebinds_the_port_of_a_closed_listener),
        ENGINE_TEST(tells_that_a_second_client_waits_in_serial),
        ENGINE_TEST(reports_each_silence_once),
        ENGINE_TEST(another_limit_may_end_the_same_silence_once_more),
        ENGINE_TEST(tells_whenever_the_accept_limit_begins_or_ceases_to_run),
        ENGINE_TEST(says_once_that_accept_would_block_when_its_timeout_is_0),
        ENGINE_TEST(grows_and_shrinks_in_place),
        ENGINE_TEST(starts_a_new_worker_for_one_that_was_killed),
        ENGINE_TEST(answers_for_a_worker_that_is_stopped),
        ENGINE_TEST(closes_a_listener_whose_worker_is_stopped),
        ENGINE_TEST(has_changed_every_connection_when_it_replies),
        ENGINE_TEST(a_listener_beyond_the_last_id_is_refused),
        ENGINE_TEST(two_changes_under_way_at_once_are_both_made),
        cmocka_unit_test(a_start_without_descriptors_names_the_cause),
    };

    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
