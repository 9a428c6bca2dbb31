/* subject.c - see subject.h. */
#include "config.h"

#include "subject.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"

enum { PATIENCE_MS = 10000, BACKLOG = 4096, COLUMNS = 120, LINES = 40,
       MOST_CONNECTIONS = 12000 };

static const char program[] = "./sockdeck", bare_program[] = "tests/bench/bare_server";

static void
sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ .tv_nsec = ms * NS_PER_MS }, NULL);
}

/* --- ports ------------------------------------------------------------------------ */

static struct sockaddr_in
loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons(port),
    };
}

/* One that nothing listens on now. */
static uint16_t
free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    close(fd);
    return ntohs(address.sin_port);
}

static int
wait_until_it_listens(uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    int64_t give_up = clock_mono_ns() + PATIENCE_MS * NS_PER_MS;

    while (clock_mono_ns() < give_up) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int rc = connect(fd, (struct sockaddr *)&address, sizeof(address));

        close(fd);
        if (rc == 0)
            return 0;
        sleep_ms(5);
    }
    return -ETIMEDOUT;
}

/* --- the bare server ---------------------------------------------------------------- */

static _Noreturn void
run_bare(const struct subject_order *order, int out)
{
    char recv_size[24], workers[24];

    snprintf(recv_size, sizeof(recv_size), "%zu", order->recv_size);
    snprintf(workers, sizeof(workers), "%d", order->workers);
    setsid();                   /* as a terminal makes one: autogroups share processors among sessions */
    dup2(out, STDOUT_FILENO);
    execl(bare_program, bare_program, order->mode, order->answers ? "echo" : "sink", recv_size,
          workers, (char *)NULL);
    perror(bare_program);
    _exit(127);
}

static int
start_bare(struct subject *subject, const struct subject_order *order)
{
    char line[16] = "";
    int fds[2];
    ssize_t n;

    if (pipe(fds) != 0)
        return -errno;
    subject->pid = fork();
    if (subject->pid == 0)
        run_bare(order, fds[1]);
    close(fds[1]);
    n = read(fds[0], line, sizeof(line) - 1);
    close(fds[0]);
    subject->port = (uint16_t)atoi(line);
    return n > 0 && subject->port != 0 ? 0 : -ECHILD;
}

/* --- sockdeck ------------------------------------------------------------------------- */

static void *
read_terminal(void *arg)
{
    struct subject *subject = arg;
    char buf[65536];

    while (read(subject->terminal, buf, sizeof(buf)) > 0)
        ;
    return NULL;
}

/* command NULL: none. */
static int
start_on_terminal(struct subject *subject, const char *command)
{
    struct winsize size = { .ws_row = LINES, .ws_col = COLUMNS };

    subject->pid = forkpty(&subject->terminal, NULL, NULL, &size);
    if (subject->pid < 0)
        return -errno;
    if (subject->pid > 0)
        return 0;
    setenv("TERM", "xterm-256color", 1);
    unsetenv("XDG_STATE_HOME");     /* no history is written */
    unsetenv("HOME");
    execl(program, program, "--no-rc", command != NULL ? "-E" : NULL, command, (char *)NULL);
    perror(program);
    _exit(127);
}

static int
start_deck(struct subject *subject, const struct subject_order *order)
{
    char command[256];
    int rc;

    subject->port = free_port();
    snprintf(command, sizeof(command),
             "calls %s; set max-connections %d; listen 127.0.0.1:%u mode=%s workers=%d backlog=%d handler=%s recv=%zu",
             order->lens ? "on" : "off", MOST_CONNECTIONS, subject->port, order->mode,
             order->workers, BACKLOG,
             order->answers ? "echo" : "print", order->recv_size);
    rc = start_on_terminal(subject, command);
    if (rc == 0)
        rc = -pthread_create(&subject->reader, NULL, read_terminal, subject);
    return rc != 0 ? rc : wait_until_it_listens(subject->port);
}

/* --- both --------------------------------------------------------------------------- */

int
subject_start(struct subject *subject, enum subject_kind kind, const struct subject_order *order)
{
    *subject = (struct subject){ .terminal = -1 };
    return kind == SUBJECT_BARE ? start_bare(subject, order) : start_deck(subject, order);
}

/* Asks it to end; the terminal's reader goes on until then. */
static void
end_process(pid_t pid)
{
    int64_t give_up = clock_mono_ns() + PATIENCE_MS * NS_PER_MS;

    kill(pid, SIGTERM);
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        if (clock_mono_ns() > give_up)
            kill(pid, SIGKILL);
        sleep_ms(2);
    }
}

void
subject_stop(struct subject *subject)
{
    end_process(subject->pid);
    if (subject->terminal < 0)
        return;
    pthread_join(subject->reader, NULL);
    close(subject->terminal);
}

int
subject_time_first_frame(int64_t *took_ns)
{
    struct subject subject = { .terminal = -1 };
    char text[65536];
    size_t n = 0;
    int64_t begun = clock_mono_ns();
    int rc = start_on_terminal(&subject, NULL);

    if (rc != 0)
        return rc;
    rc = -EPROTO;
    while (rc != 0 && n < sizeof(text)) {
        ssize_t got = read(subject.terminal, text + n, sizeof(text) - n);

        if (got <= 0)
            break;
        n += (size_t)got;
        if (memmem(text, n, "sockdeck>", 9) != NULL)
            rc = 0;
    }
    *took_ns = clock_mono_ns() - begun;
    if (pthread_create(&subject.reader, NULL, read_terminal, &subject) != 0)
        abort();
    subject_stop(&subject);
    return rc;
}
