/* test_engine.c - the engine from outside: starting, dialling, listeners and their changes. */
#include "config.h"

#include "test.h"

#include <errno.h>
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

static void
ignore(void *ctx, const struct event *const *batch, size_t n)
{
    (void)ctx, (void)batch, (void)n;
}

static int
dial(struct fixture *f, const char *host, uint16_t port, uint32_t *conn)
{
    struct endpoint to = { .port = port };
    struct request request = { .type = REQUEST_DIAL, .data_size = sizeof(to) };

    strcpy(to.host, host);
    return fixture_request(f, &request, &to, conn);
}

static uint16_t
closed_port(struct fixture *f)
{
    uint16_t port;
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };

    close_it.listener = fixture_listen(f, mode_find("serial"), 1, &f->settings, &port);
    assert_int_equal(fixture_request(f, &close_it, NULL, NULL), 0);
    return port;
}

static void
dials_its_own_listener_and_talks(void **state)
{
    struct fixture *f = *state;
    struct request send_it = { .type = REQUEST_SEND, .data_size = 4 };
    const struct event *event;
    uint32_t conn;
    uint16_t port;

    fixture_listen(f, mode_find("serial"), 1, &f->settings, &port);
    assert_int_equal(dial(f, "127.0.0.1", port, &conn), 0);
    assert_non_null(fixture_wait_type(f, 0, 5000, EVENT_CONNECTED, conn, NULL));
    send_it.conn = conn;
    assert_int_equal(fixture_request(f, &send_it, "ping", NULL), 0);
    event = fixture_wait_type(f, 0, 5000, EVENT_RECEIVED, conn, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.message.bytes, 4);
    assert_memory_equal(event->data, "ping", 4);
}

static void
says_refused_at_once_for_a_closed_port(void **state)
{
    struct fixture *f = *state;
    const struct event *event;
    uint32_t conn;
    uint16_t port = closed_port(f);
    int64_t before = clock_mono_ns();

    assert_int_equal(dial(f, "127.0.0.1", port, &conn), -ECONNREFUSED);
    assert_true(clock_mono_ns() - before < NS_PER_S);
    event = fixture_wait_type(f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.code, ECONNREFUSED);
    event = fixture_wait_type(f, 0, 5000, EVENT_CLOSED, conn, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.closed.fate, STATUS_CONNECT);
}

static void
fails_a_name_that_does_not_exist_with_its_own_status(void **state)
{
    struct fixture *f = *state;
    const struct event *event;

    assert_true(dial(f, "no-such-host.invalid", 80, NULL) < 0);
    event = fixture_wait_type(f, 0, 5000, EVENT_REPLY, 0, NULL);
    assert_int_equal(event->u.reply.status, STATUS_RESOLVE);
    event = fixture_wait_type(f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.call, CALL_GETADDRINFO);
}

static void
rebinds_the_port_of_a_closed_listener(void **state)
{
    struct fixture *f = *state;
    uint16_t port = closed_port(f);
    struct endpoint endpoint = { .host = "127.0.0.1", .port = port };
    struct request request = {
        .type = REQUEST_LISTEN,
        .u.listen = { .backlog = 16, .settings = f->settings },
        .data_size = sizeof(endpoint),
    };

    assert_int_equal(fixture_request(f, &request, &endpoint, NULL), 0);
    assert_int_equal(fixture_request(f, &request, &endpoint, NULL), -EADDRINUSE);
}

/* The reply to a listener's change means that its open connections have it, in every mode. */
static void
has_changed_every_connection_when_it_replies(void **state)
{
    struct fixture *f = *state;
    struct request change = { .type = REQUEST_SETTINGS, .u.settings = { .bits = SET_HANDLER } };
    char buf[4];

    for (uint32_t mode = 0; mode < mode_count; mode++) {
        uint16_t port;
        int fd;

        change.listener = fixture_listen(f, modes[mode], 2, &f->settings, &port);
        fd = fixture_connect(port);
        for (int i = 0; i < 20; i++) {
            change.u.settings.values.handler = i % 2 == 0 ? HANDLER_PONG : HANDLER_ECHO;
            assert_int_equal(fixture_request(f, &change, NULL, NULL), 0);
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
    struct fixture *f = *state;
    struct endpoint endpoint = { .host = "127.0.0.1" };
    struct request listen_it = {
        .type = REQUEST_LISTEN,
        .u.listen = { .backlog = 1, .mode = mode_index(mode_find("epoll")), .settings = f->settings },
        .data_size = sizeof(endpoint),
    };
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };
    const struct event *event;
    size_t from;

    if (getenv("SOCKDECK_LONG") == NULL)
        skip();
    for (uint32_t i = 1; i <= UINT16_MAX; i++) {
        assert_int_equal(fixture_request(f, &listen_it, &endpoint, &close_it.listener), 0);
        assert_int_equal(close_it.listener, i);
        assert_int_equal(fixture_request(f, &close_it, NULL, NULL), 0);
    }
    from = fixture_mark(f);
    assert_int_equal(fixture_request(f, &listen_it, &endpoint, NULL), -EOVERFLOW);
    event = fixture_wait_type(f, from, 5000, EVENT_ERROR, 0, NULL);
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
    struct fixture *f = *state;
    struct request change = { .type = REQUEST_SETTINGS, .u.settings = { .bits = SET_HANDLER } };
    char buf[4];

    for (uint32_t mode = 0; mode < mode_count; mode++) {
        uint16_t port;
        int fd;

        change.listener = fixture_listen(f, modes[mode], 2, &f->settings, &port);
        fd = fixture_connect(port);
        for (int i = 0; i < 20; i++) {
            int64_t begun_ns = clock_mono_ns();
            uint32_t first, second;

            change.u.settings.values.handler = i % 2 == 0 ? HANDLER_ECHO : HANDLER_PONG;
            first = engine_post(f->engine, &change, NULL);
            change.u.settings.values.handler = i % 2 == 0 ? HANDLER_PONG : HANDLER_ECHO;
            second = engine_post(f->engine, &change, NULL);
            assert_non_null(fixture_wait(f, 0, 5000, is_reply_to, &first, NULL));
            assert_non_null(fixture_wait(f, 0, 5000, is_reply_to, &second, NULL));
            assert_true(clock_mono_ns() - begun_ns < 400 * NS_PER_MS);
            assert_int_equal(send(fd, "ping", 4, 0), 4);
            assert_true(fixture_read(fd, buf, 4));
            assert_memory_equal(buf, i % 2 == 0 ? "pong" : "ping", 4);
        }
        close(fd);
    }
}

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(dials_its_own_listener_and_talks),
        ENGINE_TEST(says_refused_at_once_for_a_closed_port),
        ENGINE_TEST(fails_a_name_that_does_not_exist_with_its_own_status),
        ENGINE_TEST(rebinds_the_port_of_a_closed_listener),
        ENGINE_TEST(has_changed_every_connection_when_it_replies),
        ENGINE_TEST(a_listener_beyond_the_last_id_is_refused),
        ENGINE_TEST(two_changes_under_way_at_once_are_both_made),
        cmocka_unit_test(a_start_without_descriptors_names_the_cause),
    };

    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
