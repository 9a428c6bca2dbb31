/* test_wall.c - S10 of the ledger: the wall clock jumps, and neither deadlines nor rates nor
 * the order of events mind; only the time that is shown does.
 *
 * The program is tests/support/sockdeck_wall: the real one, but for the clock that jumps. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stage.h"

#define PROGRAM "tests/support/sockdeck_wall"

enum { HOUR = 3600 };

/* --- the clock ----------------------------------------------------------------------------- */

static char path[] = "/tmp/sockdeck-wall-XXXXXX";
static _Atomic int64_t *seconds;

static int
make_clock(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    if (fd == -1 || ftruncate(fd, sizeof(*seconds)) != 0)
        return -1;
    seconds = mmap(NULL, sizeof(*seconds), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    setenv("SOCKDECK_TEST_WALL", path, 1);
    return seconds == MAP_FAILED ? -1 : 0;
}

static int
remove_clock(void **state)
{
    (void)state;
    munmap((void *)seconds, sizeof(*seconds));
    return unlink(path);
}

/* --- what is shown -------------------------------------------------------------------------- */

static int
hour_of(const json_t *event)
{
    const char *time = event_string(event, "time");     /* 2026-01-02T03:04:05.678901Z */

    return atoi(strchr(time, 'T') + 1);
}

/* mono never goes back, whatever time does. */
static void
expect_ascending(const struct batch *b)
{
    double before = 0;
    json_t *event;
    size_t i;

    json_array_foreach(b->events, i, event) {
        assert_true(event_number(event, "mono") >= before - 0.05);      /* of two processes */
        before = event_number(event, "mono");
    }
}

static void
start(struct stage *s)
{
    *seconds = 0;
    batch_start_as(&s->batch, (const char *const[]) {
        PROGRAM, "--no-rc", "--batch", "--json", NULL });
    stage_listen(s, "listen 0 mode=threads handler=pong");
}

/* While a read timeout of 400 ms runs, the clock is set by so many seconds. */
static void
jump_during_a_timeout(struct stage *s, int64_t by)
{
    json_t *begun, *timeout;

    assert_int_equal(stage_run(s, "connect %s read-timeout=400ms", s->port), 0);
    begun = batch_event(&s->batch, "connected", 0);
    assert_int_equal(stage_run(s, "wait 50ms"), 0);
    *seconds += by;
    timeout = batch_event(&s->batch, "timeout", 0);
    assert_between(event_number(timeout, "after"), 0.4, 2);
    assert_between(event_number(timeout, "mono") - event_number(begun, "mono"), 0.4, 2);
    assert_int_equal((hour_of(timeout) - hour_of(begun) + 24 * 10) % 24,
                     (int)(by / HOUR + 24 * 10) % 24);
    assert_int_equal(stage_run(s, "close @out"), 0);
}

static void
deadlines_end_in_time_whatever_the_wall_clock_does(void **state)
{
    struct stage *s = *state;

    start(s);
    jump_during_a_timeout(s, 5 * HOUR);
    jump_during_a_timeout(s, -9 * HOUR);
    stage_quit(s, 0);
    expect_ascending(&s->batch);
}

/* 20 pings, one each 20 ms, and a clock that is set between each two of them. */
static void
pings_keep_their_pace_and_their_times(void **state)
{
    struct stage *s = *state;
    json_t *first, *last, *summary;

    start(s);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    process_write(&s->batch.process, "ping count=20 interval=20ms\n");
    first = last = batch_event(&s->batch, "ping", 0);
    for (int i = 1; i < 20; i++) {
        *seconds += i % 2 == 0 ? 10 * HOUR : -10 * HOUR;
        last = batch_event(&s->batch, "ping", 0);
        assert_between(event_number(last, "rtt"), 0, 1);
    }
    assert_int_equal(batch_done(&s->batch), 0);
    assert_between(event_number(last, "mono") - event_number(first, "mono"), 0.36, 5);
    summary = json_object_get(last, "summary");
    assert_event_number(summary, "replied", 20);
    assert_between(event_number(summary, "max"), 0, 1);
    stage_quit(s, 0);
    expect_ascending(&s->batch);
}

static void
a_load_is_measured_by_the_other_clock(void **state)
{
    struct stage *s = *state;
    json_t *rows, *row;
    size_t i;

    start(s);
    assert_int_equal(stage_run(s, "handler L1 echo"), 0);
    process_write(&s->batch.process, "load ");
    process_write(&s->batch.process, s->port);
    process_write(&s->batch.process, " conns=2 for=400ms rate=100\n");
    batch_event(&s->batch, "received", 0);
    *seconds += 7 * HOUR;
    assert_int_equal(batch_done(&s->batch), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row) {
        if (strcmp(event_string(row, "field"), "seconds") == 0)
            assert_between(event_number(row, "value"), 0.3, 3);
        if (strcmp(event_string(row, "field"), "max") == 0)
            assert_between(event_number(row, "value"), 0, 2);
    }
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(deadlines_end_in_time_whatever_the_wall_clock_does),
        stage_test(pings_keep_their_pace_and_their_times),
        stage_test(a_load_is_measured_by_the_other_clock),
    };

    return cmocka_run_group_tests_name("wall clock", tests, make_clock, remove_clock);
}
