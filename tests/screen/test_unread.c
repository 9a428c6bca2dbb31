/* test_unread.c - S7 of the ledger: a terminal that nobody reads, under load: traffic goes on,
 * memory stays bounded, counts are exact. For 4 seconds, or the ledger's 60 with
 * SOCKDECK_LONG=1. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "screen_stage.h"

enum { SECONDS = 4, LONG_SECONDS = 60, PIECE = 4096, GROWTH_MIB = 160 };

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_terminal_that_nobody_reads_holds_nothing_up),
    };

    return cmocka_run_group_tests_name("unread", tests, NULL, NULL);
}
