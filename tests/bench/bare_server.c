/* bare_server.c - the least that each mode needs to serve: what sockdeck is compared
 * with. `bare_server MODE echo|sink RECV WORKERS` prints its port and serves on
 * 127.0.0.1 until it is killed. No events, no timeouts, no requests, no screen. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKLOG = 4096, STACK_SIZE = 128 * 1024, ROUND_EVENTS = 256 };

/* Set once, before any thread or process is started. */
struct bare {
    int listener;
    bool answers;
    size_t recv_size;
    int workers;
};

struct served {
    const struct bare *bare;
    int fd;
};

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

/* --- one connection --------------------------------------------------------------- */

/* All of it; a socket that is full is waited for. False: the peer is gone. */
static bool
send_all(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, data, n, MSG_NOSIGNAL);
        struct pollfd room = { .fd = fd, .events = POLLOUT };

        if (sent >= 0) {
            data += sent;
            n -= (size_t)sent;
        } else if (errno != EAGAIN || poll(&room, 1, -1) < 0) {
            return false;
        }
    }
    return true;
}

/* One recv and its answer. False: it is over. */
static bool
serve_message(const struct bare *bare, int fd, char *buf)
{
    ssize_t n = recv(fd, buf, bare->recv_size, 0);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    return n > 0 && (!bare->answers || send_all(fd, buf, (size_t)n));
}

static void
serve(const struct bare *bare, int fd)
{
    char *buf = malloc(bare->recv_size);

    while (buf != NULL && serve_message(bare, fd, buf))
        ;
    free(buf);
    close(fd);
}

static int
accept_one(const struct bare *bare, int flags)
{
    return accept4(bare->listener, NULL, NULL, SOCK_CLOEXEC | flags);
}

/* --- the modes -------------------------------------------------------------------- */

static void
run_serial(const struct bare *bare)
{
    for (;;) {
        int fd = accept_one(bare, 0);

        if (fd >= 0)
            serve(bare, fd);
    }
}

static void *
run_thread(void *arg)
{
    struct served served = *(struct served *)arg;

    free(arg);
    serve(served.bare, served.fd);
    return NULL;
}

static void
start_thread(const struct bare *bare, int fd, const pthread_attr_t *attributes)
{
    struct served *served = malloc(sizeof(*served));
    pthread_t thread;

    if (served == NULL)
        die("malloc");
    *served = (struct served){ .bare = bare, .fd = fd };
    if (pthread_create(&thread, attributes, run_thread, served) != 0)
        die("pthread_create");
}

static void
run_threads(const struct bare *bare)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept_one(bare, 0);

        if (fd >= 0)
            start_thread(bare, fd, &attributes);
    }
}

static void
run_fork(const struct bare *bare)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept_one(bare, 0);
        pid_t pid = fd >= 0 ? fork() : -1;

        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            serve(bare, fd);
            _exit(0);
        }
        if (fd >= 0)
            close(fd);
    }
}

static void
run_workers(const struct bare *bare, void (*body)(const struct bare *))
{
    for (int i = 0; i < bare->workers; i++) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            body(bare);
        }
    }
    for (;;)
        pause();
}

static void
run_prefork(const struct bare *bare)
{
    run_workers(bare, run_serial);
}

static void
run_prefork_threads(const struct bare *bare)
{
    run_workers(bare, run_threads);
}

static void
watch(int epoll, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

static void
take(const struct bare *bare, int epoll, int fd, char *buf)
{
    int client;

    if (fd == bare->listener) {
        client = accept_one(bare, SOCK_NONBLOCK);
        if (client >= 0)
            watch(epoll, client);
    } else if (!serve_message(bare, fd, buf)) {
        close(fd);
    }
}

static void
run_epoll(const struct bare *bare)
{
    struct epoll_event events[ROUND_EVENTS];
    char *buf = malloc(bare->recv_size);
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (buf == NULL || epoll < 0)
        die("epoll_create1");
    watch(epoll, bare->listener);
    for (;;) {
        int n = epoll_wait(epoll, events, ROUND_EVENTS, -1);

        for (int i = 0; i < n; i++)
            take(bare, epoll, events[i].data.fd, buf);
    }
}

static const struct bare_mode {
    const char *name;
    void (*run)(const struct bare *bare);
} bare_modes[] = {
    { "serial", run_serial },
    { "threads", run_threads },
    { "fork", run_fork },
    { "prefork", run_prefork },
    { "prefork-threads", run_prefork_threads },
    { "epoll", run_epoll },
};

/* --- start ------------------------------------------------------------------------ */

static int
listen_anywhere(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        die("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int
main(int argc, char **argv)
{
    struct bare bare = { .listener = -1 };

    if (argc != 5) {
        fprintf(stderr, "usage: bare_server MODE echo|sink RECV WORKERS\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bare.answers = strcmp(argv[2], "echo") == 0;
    bare.recv_size = (size_t)atoi(argv[3]);
    bare.workers = atoi(argv[4]);
    for (size_t i = 0; i < sizeof(bare_modes) / sizeof(bare_modes[0]); i++) {
        if (strcmp(bare_modes[i].name, argv[1]) == 0) {
            bare.listener = listen_anywhere();
            bare_modes[i].run(&bare);
        }
    }
    fprintf(stderr, "bare_server: no mode %s\n", argv[1]);
    return 2;
}
