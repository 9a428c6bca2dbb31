/* bench_typing.c - how long a typed letter takes to the screen: idle, and while messages
 * come in; and how many frames are drawn, and what they cost.
 *
 * usage: bench_typing [messages a second] [letters]. The peer sends lines of 32 bytes;
 * recv=32 makes each of them a message. */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pty_screen.h"
#include "sockdeck/base/clock.h"

enum { MESSAGE = 32, ROWS = 60, COLS = 200, SLICE_MS = 10, LETTERS_MAX = 2000 };

/* Sends at that pace until it is killed. */
static void
flood(unsigned port, unsigned long per_second)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    unsigned long slice = per_second * SLICE_MS / 1000;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int64_t next_ns = clock_mono_ns();
    char *bytes = malloc(slice * MESSAGE);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bytes == NULL || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        _exit(1);
    for (size_t i = 0; i < slice * MESSAGE; i++)
        bytes[i] = i % MESSAGE == MESSAGE - 1 ? '\n' : (char)('a' + i % 23);
    for (;;) {
        struct timespec until = { next_ns / NS_PER_S, next_ns % NS_PER_S };

        for (size_t at = 0; at < slice * MESSAGE;) {
            ssize_t n = send(fd, bytes + at, slice * MESSAGE - at, MSG_NOSIGNAL);

            if (n <= 0)
                _exit(1);
            at += (size_t)n;
        }
        next_ns += SLICE_MS * NS_PER_MS;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}

static bool
line_is(struct pty_screen *pty, void *ctx)
{
    return strstr(pty_screen_row(pty, ROWS - 3), ctx) != NULL;
}

static int
by_value(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;

    return one < two ? -1 : one > two;
}

static void
type_letters(struct pty_screen *pty, const char *what, size_t count)
{
    static double ms[LETTERS_MAX];
    char line[64] = "> ";
    size_t n = strlen(line);

    for (size_t i = 0; i < count; i++) {
        struct timespec pause = { 0, 7 * NS_PER_MS };
        char letter[2] = { (char)('A' + i % 26), '\0' };
        int64_t start_ns;

        if (n >= 40) {
            pty_screen_send(pty, "\025");       /* the line is emptied */
            n = 2;
            line[n] = '\0';
            assert_true(pty_screen_wait_no_text(pty, "ABCDEFGHIJ"));
        }
        nanosleep(&pause, NULL);
        line[n++] = letter[0];
        line[n] = '\0';
        start_ns = clock_mono_ns();
        pty_screen_send(pty, letter);
        assert_true(pty_screen_catch(pty, line_is, line, PTY_WAIT_MS));
        ms[i] = (double)(clock_mono_ns() - start_ns) / (double)NS_PER_MS;
    }
    pty_screen_send(pty, "\025");
    qsort(ms, count, sizeof(ms[0]), by_value);
    printf("%-28s p50 %6.2f ms   p99 %6.2f ms   max %6.2f ms\n", what, ms[count / 2],
           ms[count * 99 / 100], ms[count - 1]);
}

static double
cpu_seconds(pid_t pid)
{
    char path[64];
    unsigned long user = 0, kernel = 0;
    FILE *stat;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, pid);   /* the UI thread */
    stat = fopen(path, "re");
    if (stat == NULL || fscanf(stat, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                               &user, &kernel) != 2)
        user = kernel = 0;
    if (stat != NULL)
        fclose(stat);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

static bool
never(struct pty_screen *pty, void *ctx)
{
    (void)pty, (void)ctx;
    return false;
}

/* What the UI thread costs over some seconds, and what it writes. */
static void
watch(struct pty_screen *pty, const char *what)
{
    double cpu = cpu_seconds(pty_screen_pid(pty));
    size_t before, after;
    int64_t start_ns = clock_mono_ns();

    pty_screen_raw(pty, &before);
    pty_screen_wait(pty, never, NULL, 3000);
    pty_screen_raw(pty, &after);
    printf("%-28s UI thread %5.1f %% of a core   %8zu bytes/s written\n", what,
           100 * (cpu_seconds(pty_screen_pid(pty)) - cpu) * (double)NS_PER_S /
           (double)(clock_mono_ns() - start_ns), (after - before) / 3);
}

static unsigned
start_listening(struct pty_screen *pty)
{
    const char *shown;

    pty_screen_send(pty, "listen 0 mode=epoll handler=print recv=32\r");
    assert_true(pty_screen_wait_text(pty, "listening on 127.0.0.1:"));
    shown = strstr(pty_screen_text(pty), "listening on 127.0.0.1:");
    return (unsigned)strtoul(shown + strlen("listening on 127.0.0.1:"), NULL, 10);
}

int
main(int argc, char **argv)
{
    unsigned long per_second = argc > 1 ? strtoul(argv[1], NULL, 10) : 50000;
    size_t letters = argc > 2 ? strtoul(argv[2], NULL, 10) : 500;
    const char *program[] = { "./sockdeck", "--no-rc", NULL };
    const char *env[] = { "TERM=xterm-256color", "LC_ALL=C.UTF-8", "INPUTRC=/dev/null",
                          "XDG_STATE_HOME=/nonexistent", NULL };
    struct pty_options options = { .rows = ROWS, .cols = COLS, .argv = program, .env = env };
    struct pty_screen *pty = pty_screen_open(&options);
    unsigned port;
    char label[64];
    pid_t peer;

    assert_non_null(pty);
    letters = letters < LETTERS_MAX ? letters : LETTERS_MAX;
    assert_true(pty_screen_wait_text(pty, "sockdeck>"));
    port = start_listening(pty);
    type_letters(pty, "idle", letters);
    watch(pty, "idle");
    peer = fork();
    if (peer == 0)
        flood(port, per_second);
    assert_true(pty_screen_wait_text(pty, "1 open, 0 closed"));
    snprintf(label, sizeof(label), "%lu messages a second", per_second);
    watch(pty, label);
    type_letters(pty, label, letters);
    kill(peer, SIGKILL);
    waitpid(peer, NULL, 0);
    pty_screen_close(pty);
    return 0;
}
