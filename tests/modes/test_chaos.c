/* test_chaos.c - workers killed and stopped at random moments under load: the listener
 * goes on, every connection is closed in the books exactly once, nothing is left. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

enum { BLOWS = 40, CLIENTS = 4 };

struct client {
    pthread_t thread;
    uint16_t port;
    atomic_bool *stop;
    atomic_uint *answered;
};

/* A killed worker ends its clients early; that is what they should see, not a fault. */
static void *
talk(void *arg)
{
    struct client *client = arg;
    char buf[4];

    while (!atomic_load(client->stop)) {
        int fd = fixture_connect(client->port);

        if (send(fd, "ping", 4, MSG_NOSIGNAL) == 4 && fixture_read(fd, buf, 4))
            atomic_fetch_add(client->answered, 1);
        close(fd);
    }
    return NULL;
}

/* --- choosing a victim ---------------------------------------------------------------- */

/* The process that last accepted, and those before it. */
static pid_t
some_server(struct fixture *f, uint32_t skip)
{
    pid_t pid = 0;

    pthread_mutex_lock(&f->mutex);
    for (size_t i = f->count; i-- > 0;)
        if (f->events[i]->type == EVENT_ACCEPTED && skip-- == 0) {
            pid = f->events[i]->pid;
            break;
        }
    pthread_mutex_unlock(&f->mutex);
    return pid;
}

static bool
is_accepted(const struct event *event, const void *arg)
{
    (void)arg;
    return event->type == EVENT_ACCEPTED;
}

/* Waits until somebody was accepted since, so that the blows fall under load. */
static void
strike(struct fixture *f, unsigned number)
{
    size_t from = fixture_mark(f);
    pid_t pid;

    assert_non_null(fixture_wait(f, from, 10000, is_accepted, NULL, NULL));
    pid = some_server(f, number % 3);
    if (pid <= 0 || pid == getpid())
        return;
    if (number % 4 == 3) {
        kill(pid, SIGSTOP);
        kill(pid, number % 8 == 7 ? SIGKILL : SIGCONT);
    } else {
        kill(pid, SIGKILL);
    }
}

/* --- the books ---------------------------------------------------------------------------- */

static void
check_books(struct fixture *f)
{
    uint32_t most = 0;
    uint8_t *accepted, *closed;

    for (size_t i = 0; i < f->count; i++)
        if (f->events[i]->conn > most)
            most = f->events[i]->conn;
    accepted = calloc(most + 1, 1);
    closed = calloc(most + 1, 1);
    for (size_t i = 0; i < f->count; i++) {
        accepted[f->events[i]->conn] += f->events[i]->type == EVENT_ACCEPTED;
        closed[f->events[i]->conn] += f->events[i]->type == EVENT_CLOSED;
    }
    for (uint32_t conn = 1; conn <= most; conn++) {
        assert_true(accepted[conn] <= 1);
        assert_int_equal(accepted[conn], closed[conn]);
    }
    free(accepted);
    free(closed);
}

static void
survives(const struct mode *mode)
{
    struct client clients[CLIENTS];
    struct settings settings;
    atomic_bool stop = false;
    atomic_uint answered = 0;
    unsigned before;
    struct fixture f;
    int64_t deadline;
    uint16_t port;

    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    fixture_listen(&f, mode, 3, &settings, &port);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client) { .port = port, .stop = &stop, .answered = &answered };
        assert_int_equal(pthread_create(&clients[i].thread, NULL, talk, &clients[i]), 0);
    }
    for (unsigned i = 0; i < BLOWS; i++)
        strike(&f, i);
    /* It still serves. */
    before = atomic_load(&answered);
    deadline = clock_mono_ns() + 15 * NS_PER_S;
    while (atomic_load(&answered) < before + CLIENTS)
        assert_true(clock_mono_ns() < deadline);
    atomic_store(&stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i].thread, NULL);
    engine_stop(f.engine);
    f.is_stopped = true;
    check_books(&f);
    fixture_stop(&f);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void
every_process_mode_survives_its_workers_deaths(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < mode_count; i++)
        if (modes[i]->has_processes)
            survives(modes[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_process_mode_survives_its_workers_deaths),
    };

    return cmocka_run_group_tests_name("chaos", tests, NULL, NULL);
}
