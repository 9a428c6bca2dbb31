/* test_limits.c - limits that protect: so many served at a time, no descriptors left; and
 * that waiting costs nothing. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

/* A busy machine may take long once; not every time. */
enum { CLIENTS = 12, MANY = 64, DESCRIPTORS = 24, TRIES = 8 };

/* --- how many are served -------------------------------------------------------------- */

static double
listener_number(struct stage *s, const char *key)
{
    json_t *table;

    assert_int_equal(stage_run(s, "show listeners"), 0);
    table = batch_event(&s->batch, "table", 0);
    return json_number_value(json_object_get(json_array_get(json_object_get(table, "rows"), 0),
                                             key));
}

/* Comes to be exactly n, and stays so. */
static void
expect_open(struct stage *s, int n)
{
    int64_t until = clock_mono_ns() + 10 * NS_PER_S;

    while ((int)listener_number(s, "open") != n) {
        assert_true(clock_mono_ns() < until);
        assert_int_equal(stage_run(s, "wait 10ms"), 0);
    }
    assert_int_equal(stage_run(s, "wait 150ms"), 0);
    assert_int_equal(listener_number(s, "open"), n);
}

static bool
shares_a_limit(const struct mode *mode)
{
    return !mode->one_at_a_time;
}

static void
close_some(int *fds, int from, int to)
{
    for (int i = from; i < to; i++) {
        close(fds[i]);
        fds[i] = -1;
    }
}

/* Which ones are served is the kernel's choice: the others' ends come later. */
static void
a_limit_holds_and_can_be_changed_while_clients_wait(void **state)
{
    struct stage *s = *state;
    int fds[CLIENTS];

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set max-connections 4"), 0);
    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    expect_open(s, 4);
    assert_int_equal(stage_run(s, "set max-connections 7"), 0);
    expect_open(s, 7);
    assert_int_equal(stage_run(s, "set max-connections 5"), 0);
    expect_open(s, 7);          /* those that are open stay */
    assert_int_equal(stage_run(s, "close #1-7"), 0);
    expect_open(s, 5);          /* those that waited */
    close_some(fds, 0, CLIENTS);
    expect_open(s, 0);
    assert_int_equal(listener_number(s, "accepted"), CLIENTS);
    stage_quit(s, 0);
}

/* Also where all wait in accept: well before the time after which nobody is waited for. */
static void
a_limit_holds_everywhere_when_the_command_is_done(void **state)
{
    struct stage *s = *state;
    int64_t best = CLOCK_NEVER;
    int fds[CLIENTS];

    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < TRIES && best >= 100 * NS_PER_MS; i++) {
        int64_t begun = clock_mono_ns();

        assert_int_equal(stage_run(s, "set max-connections %d", 20 + i), 0);
        best = clock_mono_ns() - begun < best ? clock_mono_ns() - begun : best;
    }
    assert_true(best < 100 * NS_PER_MS);
    assert_int_equal(stage_run(s, "set max-connections 3"), 0);
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    expect_open(s, each_mode_of(s)->one_at_a_time && !each_mode_of(s)->has_workers ? 1 : 3);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 0);
    close_some(fds, 0, CLIENTS);
    stage_quit(s, 0);
}

static void
a_limit_counts_what_the_former_mode_still_serves(void **state)
{
    struct stage *s = *state;
    int fds[CLIENTS];

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set max-connections 8"), 0);
    stage_listen(s, "listen 0 mode=epoll handler=echo");
    for (int i = 0; i < 6; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    expect_open(s, 6);
    assert_int_equal(stage_run(s, "mode L1 %s", each_mode_of(s)->name), 0);
    for (int i = 6; i < CLIENTS; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    /* Each worker may have one at least. */
    expect_open(s, each_mode_of(s)->has_workers ? 6 + EACH_MODE_WORKERS : 8);
    close_some(fds, 0, CLIENTS);
    expect_open(s, 0);
    assert_int_equal(listener_number(s, "accepted"), CLIENTS);
    stage_quit(s, 0);
}

static void
a_full_accept_queue_is_explained(void **state)
{
    struct stage *s = *state;
    json_t *queue;
    int fds[5];                 /* one is served; the kernel admits backlog + 1 */

    stage_listen(s, "listen 0 mode=serial backlog=3");
    for (int i = 0; i < 5; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    do
        queue = batch_event(&s->batch, "queue", 0);
    while (!json_is_true(json_object_get(queue, "full")));
    assert_event_number(queue, "waiting", 4);
    assert_event_number(queue, "limit", 3);
    assert_non_null(strstr(event_string(queue, "text"), "serial serves one at a time"));
    assert_non_null(strstr(event_string(queue, "text"), "drops further SYNs"));
    close_some(fds, 0, 5);
    queue = batch_event(&s->batch, "queue", 0);
    assert_event_number(queue, "waiting", 0);
    stage_quit(s, 0);
}

/* --- no descriptors (R1) ----------------------------------------------------------------- */

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
    close_some(fds, 0, MANY);
    serve_one((uint16_t)atoi(s->port));
    expect_open(s, 0);
    assert_int_equal(listener_number(s, "accepted"), MANY + 1);
    stage_quit(s, 0);
}

/* --- idle ----------------------------------------------------------------------------------- */

/* Until a while has passed in which nobody woke. */
static long
settled_switches(pid_t pid)
{
    int64_t until = clock_mono_ns() + 10 * NS_PER_S;
    long before, now = family_switches(pid);

    do {
        assert_true(clock_mono_ns() < until);
        before = now;
        usleep(200000);
        now = family_switches(pid);
    } while (now != before);
    return now;
}

static void
nobody_wakes_while_nothing_happens(void **state)
{
    struct stage *s = *state;
    int conn, fd;
    long before;
    char buf[2];

#if defined(__SANITIZE_THREAD__)
    skip();                     /* its runtime has a thread that wakes up */
#endif
    each_mode_listen(s, "handler=echo read-timeout=1h");
    fd = each_mode_connect(s, &conn);
    assert_int_equal(send(fd, "hi", 2, 0), 2);
    assert_true(fixture_read(fd, buf, 2));
    before = settled_switches(s->batch.process.pid);
    usleep(3000000);
    assert_int_equal(family_switches(s->batch.process.pid), before);
    close(fd);
    stage_quit(s, 0);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        MODES_THAT(shares_a_limit, a_limit_holds_and_can_be_changed_while_clients_wait),
        EACH_MODE(a_limit_holds_everywhere_when_the_command_is_done),
        MODES_THAT(shares_a_limit, a_limit_counts_what_the_former_mode_still_serves),
        EACH_MODE(without_descriptors_it_waits_quietly_and_loses_nobody),
        EACH_MODE(nobody_wakes_while_nothing_happens),
    };

    const struct CMUnitTest tests[] = {
        stage_test(a_full_accept_queue_is_explained),
    };
    int failed = each_mode_run("limits", suite, sizeof(suite) / sizeof(suite[0]));

    return failed + cmocka_run_group_tests_name("accept queue", tests, NULL, NULL);
}
