/* test_load.c - the load client against a small echo server on a thread of its own. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/serve/load.h"

enum { CLIENTS = 32, OVER_MS = 20000 };

enum manner { ECHOES, ENDS_AT_ONCE, NEVER_ANSWERS };

struct server {
    struct address address;
    int listener, stop;
    enum manner manner;
    int64_t stall_ns;           /* before the first answer */
    pthread_t thread;
    struct load *load;
    struct load_report report;
};

static void
answer(struct server *server, int *fd)
{
    char buf[4096];
    ssize_t n = recv(*fd, buf, sizeof(buf), 0);

    if (n > 0 && server->stall_ns > 0) {
        poll(NULL, 0, (int)(server->stall_ns / NS_PER_MS));
        server->stall_ns = 0;
    }
    if (n > 0 && server->manner == ECHOES && send(*fd, buf, (size_t)n, MSG_NOSIGNAL) == n)
        return;
    if (n > 0 && server->manner == NEVER_ANSWERS)
        return;
    close(*fd);
    *fd = -1;
}

static int *
free_place(int *fds)
{
    for (int i = 0; i < CLIENTS; i++)
        if (fds[i] == -1)
            return &fds[i];
    return NULL;
}

static void *
serve(void *arg)
{
    struct server *server = arg;
    int fds[CLIENTS];

    for (int i = 0; i < CLIENTS; i++)
        fds[i] = -1;
    for (;;) {
        struct pollfd pfds[CLIENTS + 2] = {
            { .fd = server->stop, .events = POLLIN },
            { .fd = free_place(fds) != NULL ? server->listener : -1, .events = POLLIN },
        };

        for (int i = 0; i < CLIENTS; i++)
            pfds[2 + i] = (struct pollfd) { .fd = fds[i], .events = POLLIN };
        poll(pfds, CLIENTS + 2, -1);
        for (int i = 0; i < CLIENTS; i++)
            if (fds[i] != -1 && pfds[2 + i].revents != 0)
                answer(server, &fds[i]);
        if (pfds[1].revents != 0)
            *free_place(fds) = accept(server->listener, NULL, NULL);
        if (pfds[0].revents != 0)
            break;
    }
    for (int i = 0; i < CLIENTS; i++)
        if (fds[i] != -1)
            close(fds[i]);
    return NULL;
}

static void
start(struct server *server)
{
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static int
make(void **state)
{
    struct server *server = calloc(1, sizeof(*server));

    assert_non_null(server);
    server->address = loopback_address("127.0.0.1", 0);
    server->listener = loopback_listen(&server->address, 128);
    server->stop = eventfd(0, EFD_CLOEXEC);
    *state = server;
    return 0;
}

static int
drop(void **state)
{
    struct server *server = *state;

    load_free(server->load);
    if (server->thread != 0) {
        eventfd_write(server->stop, 1);
        pthread_join(server->thread, NULL);
    }
    close(server->listener);
    close(server->stop);
    free(server);
    return 0;
}

static void
run_to_end(struct server *server, struct load_plan plan)
{
    int64_t give_up = clock_mono_ns() + OVER_MS * NS_PER_MS;
    struct error err;

    plan.to = server->address;
    assert_int_equal(load_start(&server->load, &plan, &err), 0);
    do {
        poll(NULL, 0, 5);
        load_look(server->load, &server->report);
    } while (!server->report.is_over && clock_mono_ns() < give_up);
    assert_true(server->report.is_over);
}

static void
a_number_of_messages_is_answered_to_the_last(void **state)
{
    struct server *server = *state;
    const struct load_report *report = &server->report;

    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 4, .size = 100, .count = 200, .for_ns = 60 * NS_PER_S,
    });
    assert_int_equal(report->sent, 200);
    assert_int_equal(report->replies, 200);
    assert_int_equal(report->times.count, 200);
    assert_int_equal(report->connects, 4);
    assert_int_equal(report->served, 4);
    assert_int_equal(report->bytes_out, 20000);
    assert_int_equal(report->bytes_in, 20000);
    assert_int_equal(report->failures + report->unanswered + report->unsent, 0);
    assert_true(report->served_ns > 0 && report->served_ns <= report->took_ns);
    assert_true(load_report_rate(report) > 0);
}

static void
messages_larger_than_a_socket_takes_at_once_come_back_whole(void **state)
{
    struct server *server = *state;

    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 2, .size = LOAD_SIZE_MAX, .count = 6, .for_ns = 60 * NS_PER_S,
    });
    assert_int_equal(server->report.replies, 6);
    assert_int_equal(server->report.bytes_in, 6 * LOAD_SIZE_MAX);
}

static void
a_time_ends_it_and_the_last_replies_are_waited_for(void **state)
{
    struct server *server = *state;

    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 3, .size = 64, .for_ns = 100 * NS_PER_MS,
    });
    assert_true(server->report.replies > 0);
    assert_int_equal(server->report.replies, server->report.sent);
    assert_true(server->report.took_ns >= 100 * NS_PER_MS);
}

static void
thinking_slows_a_closed_loop_down(void **state)
{
    struct server *server = *state;

    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 2, .size = 8, .for_ns = 200 * NS_PER_MS, .think_ns = 50 * NS_PER_MS,
    });
    assert_in_range(server->report.replies, 2, 2 * 5);
}

static void
a_rate_is_kept_to(void **state)
{
    struct server *server = *state;
    const struct load_report *report = &server->report;

    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 8, .size = 64, .for_ns = 500 * NS_PER_MS, .rate = 200,
    });
    assert_in_range(report->sent + report->unsent, 100, 102);
}

/* 30 messages are due within the stall; a closed loop would be charged with one. */
static void
a_stall_is_charged_to_every_message_that_was_due_in_it(void **state)
{
    struct server *server = *state;

    server->stall_ns = 300 * NS_PER_MS;
    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 1, .size = 64, .count = 50, .for_ns = 60 * NS_PER_S, .rate = 100,
    });
    assert_int_equal(server->report.replies, 50);
    assert_true(histogram_at(&server->report.times, 0.7) >= 100 * NS_PER_MS);
}

static void
a_connection_for_each_message_is_counted_as_such(void **state)
{
    struct server *server = *state;

    start(server);
    run_to_end(server, (struct load_plan) {
        .conns = 3, .size = 64, .count = 30, .for_ns = 60 * NS_PER_S, .reconnects = true,
    });
    assert_int_equal(server->report.replies, 30);
    assert_int_equal(server->report.connects, 30);
}

static void
errors_are_counted_by_call_and_errno(void **state)
{
    struct server *server = *state;
    const struct load_report *report = &server->report;

    close(server->listener);
    server->listener = -1;
    run_to_end(server, (struct load_plan) { .conns = 2, .size = 64, .count = 5,
                                            .for_ns = 60 * NS_PER_S });
    assert_int_equal(report->replies, 0);
    assert_int_equal(report->failures, 5);
    assert_int_equal(report->errors[0].call, CALL_CONNECT);
    assert_int_equal(report->errors[0].code, ECONNREFUSED);
    assert_int_equal(report->errors[0].count, 5);
}

static void
a_peer_that_ends_the_connection_is_an_error_of_its_own(void **state)
{
    struct server *server = *state;
    const struct load_report *report = &server->report;

    server->manner = ENDS_AT_ONCE;
    start(server);
    run_to_end(server, (struct load_plan) { .conns = 1, .size = 64, .count = 2,
                                            .for_ns = 60 * NS_PER_S });
    assert_int_equal(report->failures, 2);
    assert_int_equal(report->errors[0].call, CALL_RECV);
    assert_int_equal(report->errors[0].code, 0);
}

static void
what_is_never_answered_is_told(void **state)
{
    struct server *server = *state;

    server->manner = NEVER_ANSWERS;
    start(server);
    run_to_end(server, (struct load_plan) { .conns = 3, .size = 64, .for_ns = 50 * NS_PER_MS });
    assert_int_equal(server->report.replies, 0);
    assert_int_equal(server->report.unanswered, 3);
}

static void
it_can_be_stopped_early_and_freed_under_way(void **state)
{
    struct server *server = *state;
    const struct load_plan plan = {
        .to = server->address, .conns = 4, .size = 64, .for_ns = 3600 * NS_PER_S,
    };
    struct error err;

    start(server);
    assert_int_equal(load_start(&server->load, &plan, &err), 0);
    do
        load_look(server->load, &server->report);
    while (server->report.replies == 0);
    load_stop(server->load);
    do
        load_look(server->load, &server->report);
    while (!server->report.is_over);
    load_free(server->load);
    assert_int_equal(load_start(&server->load, &plan, &err), 0);
}

/* It may be looked at before its thread has begun. */
static void
a_look_at_once_finds_no_more_time_than_has_passed(void **state)
{
    struct server *server = *state;
    const struct load_plan plan = {
        .to = server->address, .conns = 1, .size = 64, .for_ns = 3600 * NS_PER_S,
    };
    struct error err;

    start(server);
    for (int i = 0; i < 50; i++) {
        int64_t before_ns = clock_mono_ns();

        assert_int_equal(load_start(&server->load, &plan, &err), 0);
        load_look(server->load, &server->report);
        assert_true(server->report.took_ns >= 0);
        assert_true(server->report.took_ns <= clock_mono_ns() - before_ns);
        load_free(server->load);
        server->load = NULL;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_number_of_messages_is_answered_to_the_last, make, drop),
        cmocka_unit_test_setup_teardown(
            messages_larger_than_a_socket_takes_at_once_come_back_whole, make, drop),
        cmocka_unit_test_setup_teardown(a_time_ends_it_and_the_last_replies_are_waited_for, make,
                                        drop),
        cmocka_unit_test_setup_teardown(thinking_slows_a_closed_loop_down, make, drop),
        cmocka_unit_test_setup_teardown(a_rate_is_kept_to, make, drop),
        cmocka_unit_test_setup_teardown(a_stall_is_charged_to_every_message_that_was_due_in_it,
                                        make, drop),
        cmocka_unit_test_setup_teardown(a_connection_for_each_message_is_counted_as_such, make,
                                        drop),
        cmocka_unit_test_setup_teardown(errors_are_counted_by_call_and_errno, make, drop),
        cmocka_unit_test_setup_teardown(a_peer_that_ends_the_connection_is_an_error_of_its_own,
                                        make, drop),
        cmocka_unit_test_setup_teardown(what_is_never_answered_is_told, make, drop),
        cmocka_unit_test_setup_teardown(it_can_be_stopped_early_and_freed_under_way, make, drop),
        cmocka_unit_test_setup_teardown(a_look_at_once_finds_no_more_time_than_has_passed, make,
                                        drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
