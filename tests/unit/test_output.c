/* test_output.c - output: the queue, its bound, and readers that are slow or gone. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/model/model.h"

#include "made_record.h"

struct told {
    struct output *output;
    _Atomic int room, broken;
    int pipe[2];
};

static void
tell_room(void *ctx)
{
    atomic_fetch_add(&((struct told *)ctx)->room, 1);
}

static void
tell_broken(void *ctx)
{
    atomic_fetch_add(&((struct told *)ctx)->broken, 1);
}

static void
open_on(struct told *told, int fd)
{
    const struct output_options options = {
        .fd = fd, .event_bytes = 4 << 20, .room = tell_room, .broken = tell_broken, .ctx = told,
    };

    assert_int_equal(output_open(&told->output, &options, NULL), 0);
}

static int
open_pipe(void **state)
{
    struct told *told = test_calloc(1, sizeof(*told));

    *state = told;
    if (pipe2(told->pipe, O_CLOEXEC) != 0)
        return -1;
    open_on(told, told->pipe[1]);
    return 0;
}

static int
close_pipe(void **state)
{
    struct told *told = *state;

    output_close(told->output);
    if (told->pipe[0] != -1)
        close(told->pipe[0]);
    close(told->pipe[1]);
    test_free(told);
    return 0;
}

static bool
wait_for(_Atomic int *number, int wanted)
{
    int64_t deadline = clock_mono_ns() + 10 * NS_PER_S;

    while (atomic_load(number) < wanted && clock_mono_ns() < deadline)
        poll(NULL, 0, 1);
    return atomic_load(number) >= wanted;
}

static void
say(struct told *told, size_t n)
{
    char *data = test_malloc(n + 1);
    struct event *event;

    memset(data, 'x', n);
    event = record_of_message(EVENT_RECEIVED, 1, data, n);
    output_event(told->output, NULL, event, 0);
    test_free(event);
    test_free(data);
}

static bool
is_readable(int fd, int timeout_ms)
{
    struct pollfd pfd = { .fd = fd, .events = POLLIN };

    return poll(&pfd, 1, timeout_ms) == 1 && (pfd.revents & POLLIN);
}

static void
a_line_appears_without_more_being_said(void **state)
{
    struct told *told = *state;
    char buf[256];

    say(told, 4);
    assert_true(is_readable(told->pipe[0], 5000));
    assert_true(read(told->pipe[0], buf, sizeof(buf)) > 0);
}

/* Fills until there is no more room; the reader takes nothing. */
static int
fill(struct told *told)
{
    int lines = 0;

    while (output_has_room(told->output)) {
        say(told, 10000);
        lines++;
    }
    return lines;
}

static void *
read_all(void *arg)
{
    struct told *told = arg;
    char *buf = malloc(1 << 16);
    size_t newlines = 0;
    ssize_t n;

    while ((n = read(told->pipe[0], buf, 1 << 16)) > 0)
        for (ssize_t i = 0; i < n; i++)
            newlines += buf[i] == '\n';
    free(buf);
    return (void *)(uintptr_t)newlines;
}

static void
room_is_told_once_when_a_slow_reader_has_caught_up(void **state)
{
    struct told *told = *state;
    int lines = fill(told);
    pthread_t reader;
    void *newlines;

    assert_true(lines > 100 && lines < 130);
    assert_false(output_has_room(told->output));
    assert_int_equal(told->room, 0);
    pthread_create(&reader, NULL, read_all, told);
    assert_true(wait_for(&told->room, 1));
    assert_true(output_has_room(told->output));
    output_close(told->output);
    told->output = NULL;
    close(told->pipe[1]);
    pthread_join(reader, &newlines);
    told->pipe[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_int_equal((uintptr_t)newlines, lines);
    assert_int_equal(told->room, 1);
    assert_int_equal(told->broken, 0);
}

static void
a_single_long_line_is_let_through(void **state)
{
    struct told *told = *state;
    pthread_t reader;
    void *newlines;

    say(told, 3 << 20);
    assert_false(output_has_room(told->output));
    pthread_create(&reader, NULL, read_all, told);
    assert_true(wait_for(&told->room, 1));
    output_close(told->output);
    told->output = NULL;
    close(told->pipe[1]);
    pthread_join(reader, &newlines);
    told->pipe[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_int_equal((uintptr_t)newlines, 1);
}

static void
closing_gives_up_on_a_reader_that_takes_nothing(void **state)
{
    struct told *told = *state;
    int64_t started;

    fill(told);
    started = clock_mono_ns();
    output_close(told->output);
    told->output = NULL;
    assert_true(clock_mono_ns() - started >= 400 * NS_PER_MS);
    assert_true(clock_mono_ns() - started < 5 * NS_PER_S);
}

static void
closing_an_idle_one_does_not_wait(void **state)
{
    struct told *told = *state;
    int64_t started;

    say(told, 4);
    assert_true(is_readable(told->pipe[0], 5000));
    started = clock_mono_ns();
    output_close(told->output);
    told->output = NULL;
    assert_true(clock_mono_ns() - started < 400 * NS_PER_MS);
}

static void
a_reader_that_has_gone_is_told_once_and_holds_nobody_up(void **state)
{
    struct told *told = *state;

    close(told->pipe[0]);
    told->pipe[0] = -1;
    say(told, 4);
    assert_true(wait_for(&told->broken, 1));
    for (int i = 0; i < 1000; i++)
        say(told, 10000);
    assert_true(output_has_room(told->output));
    assert_int_equal(told->broken, 1);
    assert_int_equal(output_close(told->output), -EPIPE);
    told->output = NULL;
}

static void
a_reader_that_goes_while_lines_wait_lets_the_collector_go_on(void **state)
{
    struct told *told = *state;

    fill(told);
    close(told->pipe[0]);
    told->pipe[0] = -1;
    assert_true(wait_for(&told->broken, 1));
    assert_true(wait_for(&told->room, 1));
    assert_true(output_has_room(told->output));
}

static void
a_full_disk_is_a_failure_with_its_reason(void **state)
{
    struct told told = { .pipe = { -1, -1 } };
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

    (void)state;
    if (fd == -1)
        skip();
    open_on(&told, fd);
    say(&told, 4);
    assert_true(wait_for(&told.broken, 1));
    assert_int_equal(output_close(told.output), -ENOSPC);
    close(fd);
}

static void
a_terminal_that_is_stopped_does_not_hold_up_the_end(void **state)
{
    struct told told = { .pipe = { -1, -1 } };
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;
    int64_t started;

    (void)state;
    if (master == -1 || grantpt(master) != 0 || unlockpt(master) != 0)
        skip();
    slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(slave >= 0);
    open_on(&told, slave);
    say(&told, 100000);
    started = clock_mono_ns();
    output_close(told.output);
    assert_true(clock_mono_ns() - started < 5 * NS_PER_S);
    close(slave);
    close(master);
}

struct speaker { struct told *told; uint32_t conn; };

static void *
speak(void *arg)
{
    const struct speaker *speaker = arg;
    struct event event = { .size = sizeof(event), .type = EVENT_EOF, .conn = speaker->conn };

    for (int i = 0; i < 2000; i++)
        output_event(speaker->told->output, NULL, &event, 0);
    return NULL;
}

static void
lines_of_several_threads_stay_whole(void **state)
{
    struct told *told = *state;
    struct speaker speakers[3];
    pthread_t threads[3];
    FILE *in = fdopen(dup(told->pipe[0]), "r");
    char line[256];
    int counts[4] = { 0 };

    for (uint32_t i = 0; i < 3; i++) {
        speakers[i] = (struct speaker) { told, i + 1 };
        pthread_create(&threads[i], NULL, speak, &speakers[i]);
    }
    for (int i = 0; i < 6000; i++) {
        assert_non_null(fgets(line, sizeof(line), in));
        assert_non_null(strstr(line, "  recv returned 0 bytes (b\"\" in Python)\n"));
        assert_int_equal(line[14], '#');
        counts[line[15] - '0']++;
    }
    for (uint32_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(counts[i + 1], 2000);
    }
    fclose(in);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pipe, close_pipe)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_appears_without_more_being_said),
        TEST(room_is_told_once_when_a_slow_reader_has_caught_up),
        TEST(a_single_long_line_is_let_through),
        TEST(closing_gives_up_on_a_reader_that_takes_nothing),
        TEST(closing_an_idle_one_does_not_wait),
        TEST(a_reader_that_has_gone_is_told_once_and_holds_nobody_up),
        TEST(a_reader_that_goes_while_lines_wait_lets_the_collector_go_on),
        cmocka_unit_test(a_full_disk_is_a_failure_with_its_reason),
        cmocka_unit_test(a_terminal_that_is_stopped_does_not_hold_up_the_end),
        TEST(lines_of_several_threads_stay_whole),
    };

    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
