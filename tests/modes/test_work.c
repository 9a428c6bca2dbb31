/* test_work.c - the lecture's measurement: eight clients at once, 200 ms of work each, and
 * what each mode makes of it. The lower bounds are strict: they are what the mode says. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "sockdeck/base/clock.h"
#include "stage.h"

/* A busy machine may be late once; not every time. */
enum { CLIENTS = 8, TRIES = 4 };

#define WORK_NS (200 * NS_PER_MS)

/* From the first request to the last answer. Each client leaves with its answer. */
static int64_t
serve_all(uint16_t port)
{
    int64_t begun = clock_mono_ns();
    int fds[CLIENTS];
    char buf[4];

    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = fixture_connect(port);
        assert_int_equal(send(fds[i], "work", 4, 0), 4);
        shutdown(fds[i], SHUT_WR);
    }
    for (int i = 0; i < CLIENTS; i++) {
        assert_true(fixture_read(fds[i], buf, 4));
        close(fds[i]);
    }
    return clock_mono_ns() - begun;
}

/* rounds: how many pieces of work must follow one another. */
static void
takes_rounds(void **state, const char *mode, const char *block, int rounds)
{
    struct stage *s = *state;
    int64_t took = 0;
    char line[64];

    snprintf(line, sizeof(line), "listen 0 mode=%s", mode);
    stage_listen(s, line);
    assert_int_equal(stage_run(s, "handler L1 echo work=200ms block=%s", block), 0);
    for (int i = 0; i < TRIES; i++) {
        took = serve_all((uint16_t)atoi(s->port));
        assert_true(took >= rounds * WORK_NS);
        if (took < (rounds + 1) * WORK_NS)
            break;
    }
    assert_true(took < (rounds + 1) * WORK_NS);
    stage_quit(s, 0);
}

static void
serial_does_one_after_the_other(void **state)
{
    takes_rounds(state, "serial", "no", CLIENTS);
}

static void
two_workers_take_half_as_long(void **state)
{
    takes_rounds(state, "prefork workers=2", "no", CLIENTS / 2);
}

static void
threads_do_all_at_once(void **state)
{
    takes_rounds(state, "threads", "no", 1);
}

static void
processes_do_all_at_once(void **state)
{
    takes_rounds(state, "fork", "no", 1);
}

static void
threads_of_workers_do_all_at_once(void **state)
{
    takes_rounds(state, "prefork-threads workers=2", "no", 1);
}

static void
a_loop_does_all_at_once(void **state)
{
    takes_rounds(state, "epoll", "no", 1);
}

static void
a_blocking_call_makes_a_loop_as_slow_as_serial(void **state)
{
    takes_rounds(state, "epoll", "yes", CLIENTS);
}

static void
a_blocking_call_holds_up_nobody_in_threads(void **state)
{
    takes_rounds(state, "threads", "yes", 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(serial_does_one_after_the_other),
        stage_test(two_workers_take_half_as_long),
        stage_test(threads_do_all_at_once),
        stage_test(processes_do_all_at_once),
        stage_test(threads_of_workers_do_all_at_once),
        stage_test(a_loop_does_all_at_once),
        stage_test(a_blocking_call_makes_a_loop_as_slow_as_serial),
        stage_test(a_blocking_call_holds_up_nobody_in_threads),
    };

    return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
