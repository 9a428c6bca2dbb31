/* test_engine_accept.c - the engine from outside: the accept queue, and silence. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

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
    struct fixture *f = *state;
    struct event_queue waiting = { .state = QUEUE_WAITING, .waiting = 1 };
    struct event_queue empty = { .state = QUEUE_EMPTY };
    const struct event *event;
    uint16_t port;
    int first, second;

    fixture_listen(f, mode_find("serial"), 1, &f->settings, &port);
    first = fixture_connect(port);
    assert_non_null(fixture_wait_type(f, 0, 5000, EVENT_ACCEPTED, 0, NULL));
    second = fixture_connect(port);
    event = fixture_wait(f, 0, 5000, is_queue_of, &waiting, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.queue.waiting, 1);
    assert_int_equal(event->u.queue.limit, 128);
    close(first);
    assert_non_null(fixture_wait(f, 0, 5000, is_queue_of, &empty, NULL));
    close(second);
}

static void
reports_each_silence_once(void **state)
{
    struct fixture *f = *state;
    const struct event *event;
    size_t from;
    uint16_t port;
    int fd;

    f->settings.timeout_ns[TIMEOUT_ACCEPT] = 100 * NS_PER_MS;
    fixture_listen(f, mode_find("serial"), 1, &f->settings, &port);
    event = fixture_wait_type(f, 0, 5000, EVENT_TIMEOUT, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.timeout.kind, TIMEOUT_ACCEPT);
    assert_true(event->u.timeout.after_ns >= 100 * NS_PER_MS);
    /* None follows in the same silence; one does after the next client. */
    from = fixture_mark(f);
    assert_null(fixture_wait_type(f, from, 300, EVENT_TIMEOUT, 0, NULL));
    fd = fixture_connect(port);
    close(fd);
    assert_non_null(fixture_wait_type(f, from, 5000, EVENT_TIMEOUT, 0, NULL));
}

static int
change_accept_limit(struct fixture *f, uint16_t listener, int64_t limit_ns)
{
    struct request request = { .type = REQUEST_SETTINGS, .listener = listener };

    request.u.settings.bits = 1u << TIMEOUT_ACCEPT;
    request.u.settings.values.timeout_ns[TIMEOUT_ACCEPT] = limit_ns;
    return fixture_request(f, &request, NULL, NULL);
}

static void
another_limit_may_end_the_same_silence_once_more(void **state)
{
    struct fixture *f = *state;
    const struct event *event;
    uint16_t listener, port;
    size_t from;

    f->settings.timeout_ns[TIMEOUT_ACCEPT] = NS_PER_MS;
    listener = (uint16_t)fixture_listen(f, mode_find("threads"), 1, &f->settings, &port);
    assert_non_null(fixture_wait_type(f, 0, 5000, EVENT_TIMEOUT, 0, NULL));
    from = fixture_mark(f);
    assert_int_equal(change_accept_limit(f, listener, 2 * NS_PER_MS), 0);
    event = fixture_wait_type(f, from, 5000, EVENT_TIMEOUT, 0, NULL);
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
    struct fixture *f = *state;
    static const struct event_waits runs = { .running = 1u << TIMEOUT_ACCEPT }, rests;
    const struct event *event;
    uint16_t port;
    size_t from;
    int fd;

    f->settings.timeout_ns[TIMEOUT_ACCEPT] = 3600 * NS_PER_S;
    fixture_listen(f, mode_find("serial"), 1, &f->settings, &port);
    event = fixture_wait(f, 0, 5000, tells_accept_limit, &runs, NULL);
    assert_non_null(event);
    assert_true(event->u.waits.active_ns > 0);
    from = fixture_mark(f);
    fd = fixture_connect(port);         /* it serves, nobody waits in accept */
    assert_non_null(fixture_wait(f, from, 5000, tells_accept_limit, &rests, &from));
    close(fd);
    assert_non_null(fixture_wait(f, from, 5000, tells_accept_limit, &runs, NULL));
}

static void
says_once_that_accept_would_block_when_its_timeout_is_0(void **state)
{
    struct fixture *f = *state;
    const struct event *event;
    uint16_t port;
    size_t from;
    int fd;

    f->settings.timeout_ns[TIMEOUT_ACCEPT] = 0;
    fixture_listen(f, mode_find("serial"), 1, &f->settings, &port);
    event = fixture_wait_type(f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.code, EAGAIN);
    assert_int_equal(event->u.error.call, CALL_ACCEPT);
    assert_true(event->u.error.would_block);
    from = fixture_mark(f);
    fd = fixture_connect(port);
    close(fd);
    assert_non_null(fixture_wait_type(f, from, 5000, EVENT_CLOSED, 0, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(tells_that_a_second_client_waits_in_serial),
        ENGINE_TEST(reports_each_silence_once),
        ENGINE_TEST(another_limit_may_end_the_same_silence_once_more),
        ENGINE_TEST(tells_whenever_the_accept_limit_begins_or_ceases_to_run),
        ENGINE_TEST(says_once_that_accept_would_block_when_its_timeout_is_0),
    };

    return cmocka_run_group_tests_name("engine accept", tests, NULL, NULL);
}
