/* test_accuracy.c - each of the five timeouts ends within 5 ms and 2 % of its limit, in the
 * median of 20. Only where the machine itself is that exact: not under sanitizers, nor
 * while others use it. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"
#include "sockdeck/base/clock.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

enum { RUNS = 20, LIMIT_MS = 100 };

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(double *values)
{
    qsort(values, RUNS, sizeof(*values), compare);
    return values[RUNS / 2];
}

/* By how much a wait of the test's own is late, in the median, in seconds. */
static double
lateness(void)
{
    double late[RUNS];

    for (int i = 0; i < RUNS; i++) {
        int64_t begun = clock_mono_ns();

        poll(NULL, 0, 10);
        late[i] = (double)(clock_mono_ns() - begun) / NS_PER_S - 0.010;
    }
    return median(late);
}

static void
need_an_exact_machine(void)
{
    if (IS_SANITIZED) {
        print_message("SKIP: sanitizers slow the program down\n");
        skip();
    }
    if (lateness() > 0.002) {
        print_message("SKIP: the machine is loaded: plain waits end late\n");
        skip();
    }
}

/* From a record to another, as their stamps say. */
static double
seconds_between(const json_t *from, const json_t *to)
{
    return event_number(to, "mono") - event_number(from, "mono");
}

static void
assert_exact(double *measured, const char *kind)
{
    const double limit = LIMIT_MS / 1e3;
    double middle;

    for (int i = 0; i < RUNS; i++)
        if (measured[i] < limit)
            fail_msg("%s: it ended after %f s, before its limit", kind, measured[i]);
    middle = median(measured);
    if (middle <= limit + 0.005 + 0.02 * limit)
        return;
    if (lateness() > 0.002) {
        print_message("SKIP: the machine became loaded meanwhile\n");
        skip();
    }
    fail_msg("%s: the median is %f s", kind, middle);
}

/* The next timeout of #conn, which must be of that kind. */
static json_t *
next_timeout(struct stage *s, int conn, const char *kind)
{
    json_t *timeout = batch_event(&s->batch, "timeout", conn);

    assert_event_string(timeout, "kind", kind);
    assert_between(event_number(timeout, "limit"), LIMIT_MS / 1e3, LIMIT_MS / 1e3);
    return timeout;
}

static void
a_connect_timeout_is_exact(void **state)
{
    struct stage *s = *state;
    double measured[RUNS];

    need_an_exact_machine();
    stage_listen(s, "hole");
    for (int i = 0; i < RUNS; i++) {
        json_t *connecting;

        assert_int_equal(stage_run(s, "connect %s connect-timeout=%dms", s->port, LIMIT_MS), 28);
        connecting = batch_event(&s->batch, "connecting", i + 1);
        measured[i] = seconds_between(connecting, next_timeout(s, i + 1, "connect"));
    }
    stage_quit(s, 28);
    assert_exact(measured, "connect");
}

/* Connects RUNS times with that key, to a listener that keeps silent. */
static void
measure_dialled(struct stage *s, const char *kind, double measured[RUNS])
{
    stage_listen(s, "listen 0 mode=epoll");
    for (int i = 0; i < RUNS; i++) {
        json_t *timeout, *connected;
        int conn;

        assert_int_equal(stage_run(s, "connect %s %s-timeout=%dms", s->port, kind, LIMIT_MS), 0);
        connected = batch_event(&s->batch, "connected", 0);
        conn = event_conn(connected);
        timeout = next_timeout(s, conn, kind);
        measured[i] = seconds_between(connected, timeout);
        stage_run(s, "close #%d", conn);
    }
}

static void
a_read_timeout_is_exact(void **state)
{
    struct stage *s = *state;
    double measured[RUNS];

    need_an_exact_machine();
    measure_dialled(s, "read", measured);
    stage_quit(s, 0);
    assert_exact(measured, "read");
}

static void
an_idle_timeout_is_exact(void **state)
{
    struct stage *s = *state;
    double measured[RUNS];

    need_an_exact_machine();
    measure_dialled(s, "idle", measured);
    process_write(&s->batch.process, "quit\n");
    batch_wait(&s->batch);              /* closing what has closed already is a failure */
    assert_exact(measured, "idle");
}

static void
a_send_timeout_is_exact(void **state)
{
    struct stage *s = *state;
    char path[] = "/tmp/sockdeck-send-XXXXXX";
    int fd = mkstemp(path);
    double measured[RUNS];

    need_an_exact_machine();
    assert_int_equal(ftruncate(fd, 16 << 20), 0);
    close(fd);
    stage_listen(s, "listen 0 mode=epoll handler=stall");
    for (int i = 0; i < RUNS; i++) {
        json_t *timeout;
        int conn;

        assert_int_equal(stage_run(s, "connect %s send-timeout=%dms", s->port, LIMIT_MS), 0);
        conn = event_conn(batch_event(&s->batch, "connected", 0));
        assert_int_equal(stage_run(s, "sendfile #%d %s", conn, path), 28);
        timeout = next_timeout(s, conn, "send");
        measured[i] = event_number(timeout, "after");
    }
    unlink(path);
    stage_quit(s, 28);
    assert_exact(measured, "send");
}

static void
an_accept_timeout_is_exact(void **state)
{
    struct stage *s = *state;
    double measured[RUNS];

    need_an_exact_machine();
    stage_listen(s, "listen 0 mode=epoll accept-timeout=100ms");
    next_timeout(s, 0, "accept");
    for (int i = 0; i < RUNS; i++) {
        json_t *accepted;

        assert_int_equal(stage_run(s, "connect %s", s->port), 0);
        accepted = batch_event(&s->batch, "accepted", 0);
        measured[i] = seconds_between(accepted, next_timeout(s, 0, "accept"));
    }
    stage_quit(s, 0);
    assert_exact(measured, "accept");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_connect_timeout_is_exact),
        stage_test(a_read_timeout_is_exact),
        stage_test(an_idle_timeout_is_exact),
        stage_test(a_send_timeout_is_exact),
        stage_test(an_accept_timeout_is_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
