/* test_refused.c - the system refuses threads, processes or places in an epoll set: the
 * listener lives, each client that was accepted in vain gets a clean close, and events say so. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine_fixture.h"
#include "process.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/address.h"

/* Shared with the processes of the engine. */
struct refusal {
    _Atomic bool forks, threads, loops, watches;
    _Atomic int threads_left;   /* so many come about before the next is refused; -1: all do */
};

static struct refusal *
refusal(void)
{
    static struct refusal *shared;

    if (shared == NULL)
        shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                      -1, 0);
    return shared;
}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
int __real_epoll_create1(int);
int __wrap_epoll_create1(int);
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __real_epoll_ctl(int, int, int, struct epoll_event *);
int __wrap_epoll_ctl(int, int, int, struct epoll_event *);

pid_t
__wrap_fork(void)
{
    if (!refusal()->forks)
        return __real_fork();
    errno = EAGAIN;
    return -1;
}

int
__wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                      void *(*run)(void *), void *arg)
{
    if (refusal()->threads || refusal()->threads_left == 0)
        return EAGAIN;
    if (refusal()->threads_left > 0)
        refusal()->threads_left--;
    return __real_pthread_create(thread, attributes, run, arg);
}

/* Only of threads: the engine's own is made by the main one. */
int
__wrap_epoll_create1(int flags)
{
    if (!refusal()->loops || gettid() == getpid())
        return __real_epoll_create1(flags);
    errno = EMFILE;
    return -1;
}

int
__wrap_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event)
{
    if (!refusal()->watches || operation != EPOLL_CTL_ADD)
        return __real_epoll_ctl(epoll_fd, operation, fd, event);
    errno = ENOSPC;
    return -1;
}

static void
is_served(uint16_t port)
{
    int fd = fixture_connect(port);
    char buf[5];

    assert_int_equal(send(fd, "hello", 5, 0), 5);
    assert_true(fixture_read(fd, buf, 5));
    close(fd);
}

/* A FIN, though it has sent bytes that nobody will read. */
static void
is_closed_cleanly(uint16_t port)
{
    int fd = fixture_connect(port);
    char buf[1];

    assert_int_equal(send(fd, "hello", 5, 0), 5);
    assert_int_equal(recv(fd, buf, 1, 0), 0);
    close(fd);
}

/* With a RST where its bytes have come by then. */
static void
is_closed(uint16_t port)
{
    int fd = fixture_connect(port);
    char buf[1];

    assert_true(recv(fd, buf, 1, 0) <= 0);
    close(fd);
}

static size_t
count_refusals(struct fixture *f, enum call_name call)
{
    size_t n = 0;

    pthread_mutex_lock(&f->mutex);
    for (size_t i = 0; i < f->count; i++)
        if (f->events[i]->type == EVENT_ERROR && f->events[i]->conn == 0) {
            assert_int_equal(f->events[i]->u.error.call, call);
            assert_int_equal(f->events[i]->u.error.code, EAGAIN);
            n++;
        }
    pthread_mutex_unlock(&f->mutex);
    return n;
}

static void
survives_refusal(const char *mode, _Atomic bool *refused, enum call_name call)
{
    struct settings settings;
    struct fixture f;
    int64_t begun;
    uint16_t port;

    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    fixture_listen(&f, mode_find(mode), 1, &settings, &port);
    is_served(port);
    *refused = true;
    begun = clock_mono_ns();
    for (int i = 0; i < 3; i++)
        is_closed_cleanly(port);
    assert_non_null(fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL));
    assert_true(count_refusals(&f, call) <= 1 + (size_t)((clock_mono_ns() - begun) / NS_PER_S));
    *refused = false;
    is_served(port);
    fixture_stop(&f);
}

static void
a_refused_thread_is_a_clean_close(void **state)
{
    (void)state;
    survives_refusal("threads", &refusal()->threads, CALL_PTHREAD_CREATE);
}

static void
a_refused_thread_of_a_worker_is_a_clean_close(void **state)
{
    (void)state;
    survives_refusal("prefork-threads", &refusal()->threads, CALL_PTHREAD_CREATE);
}

static void
a_refused_process_is_a_clean_close(void **state)
{
    (void)state;
    survives_refusal("fork", &refusal()->forks, CALL_FORK);
}

/* It ends by an error that names the cause, not as if we had closed it. */
static void
a_connection_that_cannot_be_watched_ends_by_an_error(void **state)
{
    const struct event *error, *closed;
    struct settings settings;
    struct fixture f;
    uint16_t port;

    (void)state;
    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    fixture_listen(&f, mode_find("epoll"), 1, &settings, &port);
    is_served(port);
    refusal()->watches = true;
    is_closed(port);
    error = fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL);
    refusal()->watches = false;
    assert_non_null(error);
    assert_int_equal(error->u.error.call, CALL_POLL);
    assert_int_equal(error->u.error.code, ENOSPC);
    closed = fixture_wait_type(&f, 0, 5000, EVENT_CLOSED, error->conn, NULL);
    assert_non_null(closed);
    assert_int_equal(closed->u.closed.by, BY_ERROR);
    is_served(port);
    fixture_stop(&f);
}

/* Hosts themselves: the switch is done, and they are started once they can be. */
static void
workers_that_cannot_be_forked_come_later(void **state)
{
    struct request change = { .type = REQUEST_MODE, .u.mode.mode = mode_index(mode_find("prefork")) };
    struct settings settings;
    struct fixture f;
    uint16_t port;

    (void)state;
    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    change.listener = fixture_listen(&f, mode_find("epoll"), 1, &settings, &port);
    refusal()->forks = true;
    assert_int_equal(fixture_request(&f, &change, NULL, NULL), 0);
    assert_non_null(fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL));
    refusal()->forks = false;
    is_served(port);
    fixture_stop(&f);
}

/* The refusal is known after the close only: nothing is tried again for what is no more. */
static void
a_listener_that_closes_while_a_worker_is_refused_is_gone(void **state)
{
    struct request more = { .type = REQUEST_MODE, .u.mode.workers = 2 };
    struct request close_it = { .type = REQUEST_CLOSE_LISTENER };
    struct settings settings;
    struct fixture f;
    uint16_t port;
    size_t from;

    (void)state;
    settings_init(&settings);
    settings.handler = HANDLER_ECHO;
    fixture_start(&f);
    more.u.mode.mode = mode_index(mode_find("prefork"));
    more.listener = close_it.listener = fixture_listen(&f, mode_find("prefork"), 1, &settings, &port);
    refusal()->forks = true;
    engine_post(f.engine, &more, NULL);
    assert_int_equal(fixture_request(&f, &close_it, NULL, NULL), 0);
    from = fixture_mark(&f);
    assert_null(fixture_wait_type(&f, from, 300, EVENT_ERROR, 0, NULL));
    refusal()->forks = false;
    fixture_listen(&f, mode_find("prefork"), 1, &settings, &port);
    is_served(port);
    fixture_stop(&f);
}

static int
dial(struct fixture *f, uint16_t port)
{
    struct endpoint to = { .host = "127.0.0.1", .port = port };
    struct request request = { .type = REQUEST_DIAL, .data_size = sizeof(to) };

    return fixture_request(f, &request, &to, NULL);
}

static void
a_client_loop_without_a_descriptor_comes_later(void **state)
{
    const struct event *event;
    struct settings settings;
    struct fixture f;
    uint16_t port;
    int rc = -1;

    (void)state;
    settings_init(&settings);
    refusal()->loops = true;
    fixture_start(&f);
    fixture_listen(&f, mode_find("threads"), 1, &settings, &port);
    event = fixture_wait_type(&f, 0, 5000, EVENT_ERROR, 0, NULL);
    assert_non_null(event);
    assert_int_equal(event->u.error.code, EMFILE);
    for (int i = 0; i < 3; i++) {
        size_t from = fixture_mark(&f);

        assert_true(dial(&f, port) < 0);
        event = fixture_wait_type(&f, from, 5000, EVENT_REPLY, 0, NULL);
        assert_non_null(event);
        assert_int_equal(event->u.reply.status, STATUS_CONNECT);
    }
    refusal()->loops = false;
    for (int i = 0; i < 10 && rc != 0; i++)     /* the first may find one that is ending */
        rc = dial(&f, port);
    assert_int_equal(rc, 0);
    fixture_stop(&f);
}

static void
ignore(void *ctx, const struct event *const *batch, size_t n)
{
    (void)ctx, (void)batch, (void)n;
}

/* What had been started by then has ended: nothing uses what is freed. */
static void
an_engine_whose_second_thread_is_refused_leaves_no_first_one(void **state)
{
    const struct process_title no_title = { 0 };
    const struct engine_sink sink = { .apply = ignore };
    int before = process_threads(getpid());
    int64_t give_up_ns = clock_mono_ns() + 5 * NS_PER_S;
    struct engine *engine;
    struct error err;

    (void)state;
    assert_int_equal(engine_spawn(&engine, &no_title, &err), 0);
    refusal()->threads_left = 1;
    assert_int_equal(engine_start(engine, &sink, &err), -EAGAIN);
    refusal()->threads_left = -1;
    engine_stop(engine);
    engine_free(engine);
    while (process_threads(getpid()) > before && clock_mono_ns() < give_up_ns)
        sched_yield();
    assert_true(process_threads(getpid()) <= before);   /* a joined one is counted a moment longer */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_thread_is_a_clean_close),
        cmocka_unit_test(a_refused_thread_of_a_worker_is_a_clean_close),
        cmocka_unit_test(a_refused_process_is_a_clean_close),
        cmocka_unit_test(a_connection_that_cannot_be_watched_ends_by_an_error),
        cmocka_unit_test(workers_that_cannot_be_forked_come_later),
        cmocka_unit_test(a_client_loop_without_a_descriptor_comes_later),
        cmocka_unit_test(an_engine_whose_second_thread_is_refused_leaves_no_first_one),
        cmocka_unit_test(a_listener_that_closes_while_a_worker_is_refused_is_gone),
    };

    refusal()->threads_left = -1;       /* before any fork */
    return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
