/* test_unread.c - S7 of the ledger: a terminal that nobody reads, under load: traffic goes on,
 * memory stays bounded, counts are exact. For 4 seconds, or the ledger's 60 with
 * SOCKDECK_LONG=1. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "screen_stage.h"

enum { SECONDS = 4, LONG_SECONDS = 60, PIECE = 4096, GROWTH_MIB = 160, PATIENCE_S = 5 };

static double
seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long
resident_mib(pid_t pid)
{
    char path[64], line[128];
    long kib = -1;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL)
        sscanf(line, "VmRSS: %ld kB", &kib);
    fclose(file);
    assert_true(kib > 0);
    return kib / 1024;
}

/* Sends for some seconds while nobody reads the terminal; blocks for none of them longer than
 * the peer takes. */
static unsigned long
flood(int fd)
{
    static const char bytes[PIECE];
    double end = seconds_now() + (getenv("SOCKDECK_LONG") != NULL ? LONG_SECONDS : SECONDS);
    unsigned long total = 0;

    while (seconds_now() < end) {
        ssize_t n = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL);

        assert_true(n > 0);
        total += (unsigned long)n;
    }
    return total;
}

static void
a_terminal_that_nobody_reads_holds_nothing_up(void **state)
{
    struct screen_stage *s = *state;
    struct timeval patience = { .tv_sec = 2 };
    unsigned long total;
    char exact[32];
    long before;
    int fd;

    screen_stage_start(s, 50, 160);
    fd = screen_stage_peer(s, "handler=print");
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    before = resident_mib(pty_screen_pid(s->pty));
    total = flood(fd);
    assert_true(total > 1000 * PIECE);          /* it went on all the time */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_true(resident_mib(pty_screen_pid(s->pty)) < before + GROWTH_MIB);
#endif
    (void)before;
    shutdown(fd, SHUT_WR);
    assert_shown(s, "0 open, 1 closed");
    snprintf(exact, sizeof(exact), "%lu bytes in", total);
    assert_shown(s, exact);
    close(fd);
    screen_stage_quit(s);
}

/* In write(2) to the terminal: it gets no further until somebody reads, or helps. */
static bool
is_held_up(pid_t pid)
{
    char path[64];
    FILE *file;
    long call = -1;
    unsigned long fd = 0;

    snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    if (fscanf(file, "%ld %lx", &call, &fd) != 2)
        call = -1;
    fclose(file);
    return call == SYS_write && fd == STDOUT_FILENO;
}

/* Frames that differ in all they show, until one has no room (or, by chance, all had). */
static void
fill_the_terminal(struct screen_stage *s, int fd)
{
    static char text[64 * 1024];
    double end = seconds_now() + 2;

    for (int i = 0; seconds_now() < end && !is_held_up(pty_screen_pid(s->pty)); i++) {
        for (size_t at = 0; at + 2 <= sizeof(text); at += 2)
            memcpy(text + at, i % 2 == 0 ? "\xd0\x96" : "\xd1\x89", 2);
        assert_true(send(fd, text, sizeof(text), MSG_NOSIGNAL) > 0);
        usleep(20 * 1000);
    }
}

static void
ends_by_a_signal(struct screen_stage *s, int rows, int cols)
{
    siginfo_t info = { .si_pid = 0 };
    double begun;
    int fd;

    screen_stage_start(s, rows, cols);
    fd = screen_stage_peer(s, "handler=print");
    fill_the_terminal(s, fd);
    kill(pty_screen_pid(s->pty), SIGTERM);
    begun = seconds_now();
    do
        assert_int_equal(waitid(P_PID, (id_t)pty_screen_pid(s->pty), &info,
                                WEXITED | WNOHANG | WNOWAIT), 0);
    while (info.si_pid == 0 && seconds_now() - begun < PATIENCE_S);
    assert_int_not_equal(info.si_pid, 0);       /* nothing has been read meanwhile */
    assert_int_equal(WEXITSTATUS(pty_screen_wait_exit(s->pty, PTY_WAIT_MS)), 143);
    close(fd);
}

static void
a_signal_ends_it_while_a_frame_waits_for_a_reader(void **state)
{
    ends_by_a_signal(*state, 60, 200);
}

/* More than the kernel keeps of it, several times. */
static void
a_signal_ends_it_while_the_largest_frame_waits(void **state)
{
    ends_by_a_signal(*state, 200, 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_terminal_that_nobody_reads_holds_nothing_up),
        screen_stage_test(a_signal_ends_it_while_a_frame_waits_for_a_reader),
        screen_stage_test(a_signal_ends_it_while_the_largest_frame_waits),
    };

    return cmocka_run_group_tests_name("unread", tests, NULL, NULL);
}
