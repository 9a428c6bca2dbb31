/* test_descriptors.c - R1 of the ledger: no descriptors left. Who accepts waits without
 * turning, says so seldom, and serves all once there are some again. */
#include "config.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

enum { MANY = 64, DESCRIPTORS = 24 };

static void
limit_descriptors(pid_t pid)
{
    const struct rlimit few = { DESCRIPTORS, DESCRIPTORS };
    pid_t list[64];
    int n = family_list(pid, list, 64);

    for (int i = 0; i < n; i++)
        assert_int_equal(prlimit(list[i], RLIMIT_NOFILE, &few, NULL), 0);
}

static int64_t
cpu_ns(pid_t pid)
{
    pid_t list[64];
    int n = family_list(pid, list, 64);
    int64_t sum = 0;

    for (int i = 0; i < n; i++) {
        struct timespec spent;
        clockid_t clock;

        if (clock_getcpuclockid(list[i], &clock) == 0 && clock_gettime(clock, &spent) == 0)
            sum += spent.tv_sec * NS_PER_S + spent.tv_nsec;
    }
    return sum;
}

static void
serve_one(uint16_t port)
{
    int fd = fixture_connect(port);
    char buf[2];

    assert_int_equal(send(fd, "hi", 2, 0), 2);
    assert_true(fixture_read(fd, buf, 2));
    close(fd);
}

static int
count_complaints(struct stage *s)
{
    json_t *event;
    size_t i;
    int n = 0;

    json_array_foreach(s->batch.events, i, event)
        n += strcmp(event_string(event, "event"), "error") == 0 && !event_has(event, "conn") &&
             strcmp(event_string(event, "errno"), "EMFILE") == 0;
    return n;
}

static void
without_descriptors_it_waits_quietly_and_loses_nobody(void **state)
{
    struct stage *s = *state;
    int fds[MANY], complaints;
    int64_t cpu;

    each_mode_listen(s, "handler=echo");
    limit_descriptors(s->batch.process.pid);
    for (int i = 0; i < MANY; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    assert_int_equal(stage_run(s, "wait 300ms"), 0);
    complaints = count_complaints(s);
    cpu = cpu_ns(s->batch.process.pid);
    assert_int_equal(stage_run(s, "wait 2"), 0);
    assert_true(cpu_ns(s->batch.process.pid) - cpu < 100 * NS_PER_MS);      /* 5 % */
    assert_true(count_complaints(s) - complaints <= 3);
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    serve_one((uint16_t)atoi(s->port));
    stage_expect_open(s, 0);
    assert_int_equal(stage_listener_number(s, "accepted"), MANY + 1);
    stage_quit(s, 0);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        EACH_MODE(without_descriptors_it_waits_quietly_and_loses_nobody),
    };

    return each_mode_run("descriptors", suite, sizeof(suite) / sizeof(suite[0]));
}
