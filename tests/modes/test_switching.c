/* test_switching.c - modes switched a hundred times, across all pairs, while clients
 * connect without pause: none is refused, reset or lost, and the books are exact. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

enum { SWITCHES = 100, CLIENTS = 4 };

struct client {
    pthread_t thread;
    uint16_t port;
    atomic_bool *stop;
    atomic_ullong served;
    atomic_int failure;         /* errno, or -1 for a wrong answer; 0: none */
};

/* Errors are told, not asserted: this is not cmocka's thread. */
static int
talk_once(uint16_t port)
{
    char buf[4];
    int fd = fixture_connect(port);
    int rc = -1;

    if (send(fd, "ping", 4, MSG_NOSIGNAL) == 4 && fixture_read(fd, buf, 4) &&
        memcmp(buf, "ping", 4) == 0)
        rc = 0;
    else if (errno != 0)
        rc = errno;
    close(fd);
    return rc;
}

static void *
connect_without_pause(void *arg)
{
    struct client *client = arg;

    while (!atomic_load(client->stop) && client->failure == 0) {
        errno = 0;
        client->failure = talk_once(client->port);
        if (client->failure == 0)
            atomic_fetch_add(&client->served, 1);
    }
    return NULL;
}

static bool
is_closed_number(const struct event *event, const void *arg)
{
    uint64_t *left = *(uint64_t *const *)arg;

    return event->type == EVENT_CLOSED && --*left == 0;
}

/* Walks a circuit through all ordered pairs: i to i+step for every step. */
static uint32_t
next_mode(uint32_t mode, int number)
{
    uint32_t step = 1 + (uint32_t)number / mode_count % (mode_count - 1);

    return (mode + step) % mode_count;
}

static void
check_books(struct fixture *f, uint64_t served)
{
    uint64_t accepted = 0, closed = 0, in = 0, out = 0;

    for (size_t i = 0; i < f->count; i++) {
        const struct event *event = f->events[i];

        accepted += event->type == EVENT_ACCEPTED;
        if (event->type != EVENT_CLOSED)
            continue;
        closed++;
        in += event->u.closed.in;
        out += event->u.closed.out;
        assert_false(event->u.closed.uncertain);
    }
    assert_int_equal(accepted, served);
    assert_int_equal(closed, served);
    assert_int_equal(in, 4 * served);
    assert_int_equal(out, 4 * served);
}

/* Until every client was served twice more (once may have begun before the switch). */
static bool
wait_for_service(struct client *clients)
{
    int64_t deadline = clock_mono_ns() + 10 * NS_PER_S;
    unsigned long long before[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        before[i] = atomic_load(&clients[i].served);
    for (int i = 0; i < CLIENTS; i++)
        while (atomic_load(&clients[i].served) < before[i] + 2) {
            if (clock_mono_ns() > deadline || clients[i].failure != 0)
                return false;
            sched_yield();
        }
    return true;
}

static void
no_client_is_lost_in_a_hundred_switches(void **state)
{
    struct request change = { .type = REQUEST_MODE, .u.mode.workers = 2 };
    struct client clients[CLIENTS];
    struct settings settings;
    atomic_bool stop = false;
    struct fixture f;
    uint64_t served = 0, left;
    uint64_t *left_at = &left;
    uint32_t mode = 0;
    uint16_t port;

    (void)state;
    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    change.listener = fixture_listen(&f, modes[mode], 2, &settings, &port);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client) { .port = port, .stop = &stop };
        assert_int_equal(pthread_create(&clients[i].thread, NULL, connect_without_pause,
                                        &clients[i]), 0);
    }
    for (int i = 0; i < SWITCHES; i++) {
        mode = next_mode(mode, i);
        change.u.mode.mode = mode;
        assert_int_equal(fixture_request(&f, &change, NULL, NULL), 0);
        assert_true(wait_for_service(clients));
    }
    atomic_store(&stop, true);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        assert_int_equal(clients[i].failure, 0);
        served += clients[i].served;
    }
    assert_true(served >= SWITCHES);
    left = served;
    assert_non_null(fixture_wait(&f, 0, 10000, is_closed_number, &left_at, NULL));
    assert_int_equal(fixture_count_type(&f, EVENT_MODE), SWITCHES);
    check_books(&f, served);
    fixture_stop(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_client_is_lost_in_a_hundred_switches),
    };

    return cmocka_run_group_tests_name("switching", tests, NULL, NULL);
}
