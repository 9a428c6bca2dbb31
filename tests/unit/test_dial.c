/* test_dial.c - conversation: connecting, and what is said when it fails. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/socket.h"
#include "talk.h"

enum { REQUEST = 3, HOLE_CLIENTS = 8 };

static void
dial(struct talk *talk, const struct address *list, int n, const struct settings *settings)
{
    conversation_dial(&talk->c, &talk->ctx, TALK_CONN, list, n, NULL, settings, REQUEST,
                      talk->now_ns);
    talk->has_conversation = true;
}

/* A port that was just free and is closed again. */
static struct address
closed_port(void)
{
    const struct endpoint endpoint = { .host = "127.0.0.1" };
    struct address address;
    int fd;

    assert_int_equal(endpoint_address(&endpoint, &address), 0);
    fd = socket_listen(NULL, &address, 1, &(enum call_name) { CALL_NONE }, NULL);
    assert_true(fd >= 0);
    close(fd);
    return address;
}

/* Connects that fill the accept queue of a listener, so that one more hangs. */
struct hole {
    int listener;
    int clients[HOLE_CLIENTS];
    struct address address;
};

static bool
connects(int fd, const struct address *address)
{
    struct pollfd pollfd = { .fd = fd, .events = POLLOUT };

    connect(fd, &address->u.any, address->length);
    return poll(&pollfd, 1, 100) == 1;
}

static void
open_hole(struct hole *hole)
{
    const struct endpoint endpoint = { .host = "127.0.0.1" };
    bool hangs = false;

    assert_int_equal(endpoint_address(&endpoint, &hole->address), 0);
    hole->listener = socket_listen(NULL, &hole->address, 0, &(enum call_name) { CALL_NONE }, NULL);
    assert_true(hole->listener >= 0);
    for (int i = 0; i < HOLE_CLIENTS; i++) {
        hole->clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        hangs = hangs || !connects(hole->clients[i], &hole->address);
    }
    assert_true(hangs);
}

static void
close_hole(struct hole *hole)
{
    for (int i = 0; i < HOLE_CLIENTS; i++)
        close(hole->clients[i]);
    close(hole->listener);
}

static void
reports_connecting_and_connected_with_the_time_it_took(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char text[ADDRESS_TEXT];
    const struct event *event;

    dial(talk, &talk->address, 1, &settings);
    event = talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    assert_string_equal(event_peer_text(event), address_text(&talk->address, text));
    assert_string_equal(event_local_text(event), "");
    talk->now_ns += 500;
    talk_wait(talk, EVENT_CONNECTED);
    event = talk_expect(talk, EVENT_CONNECTED);
    assert_int_equal(event->u.peer.took_ns, 500);
    assert_string_equal(event_peer_text(event), address_text(&talk->address, text));
    assert_int_equal(strncmp(event_local_text(event), "127.0.0.1:", 10), 0);
    assert_int_equal(talk->records[talk->next]->u.reply.object, TALK_CONN);
    talk_expect_reply(talk, REQUEST, 0, STATUS_OK);
    talk_expect_nothing(talk);
    assert_null(talk->c.dial);
}

static void
a_closed_port_is_refused_with_the_cause(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct address address = closed_port();
    const struct event *error;

    dial(talk, &address, 1, &settings);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    error = talk->records[talk->next];
    talk_expect_error(talk, CALL_CONNECT, ECONNREFUSED, SEVERITY_ERROR);
    assert_non_null(memmem(error->data, error->data_size, "nothing listens there", 21));
    talk_expect_closed(talk, BY_ERROR, HOW_RST, STATUS_CONNECT);
    assert_int_equal(talk->records[talk->next]->u.reply.object, TALK_CONN);
    talk_expect_reply(talk, REQUEST, -ECONNREFUSED, STATUS_CONNECT);
    talk_expect_nothing(talk);
}

static void
the_next_address_is_tried_after_a_warning(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct address list[] = { closed_port(), talk->address };

    dial(talk, list, 2, &settings);
    talk_wait(talk, EVENT_CONNECTED);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_error(talk, CALL_CONNECT, ECONNREFUSED, SEVERITY_WARNING);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_CONNECTED);
    talk_expect_reply(talk, REQUEST, 0, STATUS_OK);
}

static void
every_address_refused_is_the_last_ones_failure(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct address list[] = { closed_port(), closed_port() };

    dial(talk, list, 2, &settings);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_error(talk, CALL_CONNECT, ECONNREFUSED, SEVERITY_WARNING);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect_error(talk, CALL_CONNECT, ECONNREFUSED, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_ERROR, HOW_RST, STATUS_CONNECT);
    talk_expect_reply(talk, REQUEST, -ECONNREFUSED, STATUS_CONNECT);
}

static void
an_address_to_connect_from_that_is_not_ours_fails_at_bind(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    const struct endpoint endpoint = { .host = "192.0.2.1" };
    struct address from;
    char text[ADDRESS_TEXT];

    assert_int_equal(endpoint_address(&endpoint, &from), 0);
    conversation_dial(&talk->c, &talk->ctx, TALK_CONN, &talk->address, 1, &from, &settings,
                      REQUEST, talk->now_ns);
    talk->has_conversation = true;
    assert_string_equal(event_local_text(talk_expect(talk, EVENT_CONNECTING)),
                        address_text(&from, text));
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_error(talk, CALL_BIND, EADDRNOTAVAIL, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_ERROR, HOW_FIN, STATUS_CONNECT);
    talk_expect_reply(talk, REQUEST, -EADDRNOTAVAIL, STATUS_CONNECT);
}

/* A broadcast address: TCP refuses it within the call. */
static void
an_address_without_a_route_fails_at_once(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct address list[] = { talk->address, talk->address };

    list[0].u.in.sin_addr.s_addr = INADDR_BROADCAST;
    dial(talk, list, 2, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_error(talk, CALL_CONNECT, ENETUNREACH, SEVERITY_WARNING);
    talk_wait(talk, EVENT_CONNECTED);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_CONNECTED);
}

/* Here the kernel is told to give up at its first retransmission, after a second. */
static void
the_kernels_own_timeout_is_an_error_with_status_28(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    const unsigned limit_ms = 1;
    struct hole hole;

    open_hole(&hole);
    dial(talk, &hole.address, 1, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    assert_int_equal(setsockopt(talk->c.fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms,
                                sizeof(limit_ms)), 0);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_error(talk, CALL_CONNECT, ETIMEDOUT, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
    talk_expect_reply(talk, REQUEST, -ETIMEDOUT, STATUS_TIMEOUT);
    close_hole(&hole);
}

static void
a_black_hole_ends_at_the_connect_limit(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    const struct event_timeout *timeout;
    struct hole hole;

    open_hole(&hole);
    settings.timeout_ns[TIMEOUT_CONNECT] = SECONDS(2);
    dial(talk, &hole.address, 1, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    assert_int_equal(conversation_wants(&talk->c).events, POLLOUT);
    assert_int_equal(conversation_wants(&talk->c).deadline_ns, talk->now_ns + SECONDS(2));
    talk_pass(talk, SECONDS(2) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    timeout = &talk_expect(talk, EVENT_TIMEOUT)->u.timeout;
    assert_int_equal(timeout->kind, TIMEOUT_CONNECT);
    assert_int_equal(timeout->limit_ns, SECONDS(2));
    assert_int_equal(timeout->after_ns, SECONDS(2));
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
    talk_expect_reply(talk, REQUEST, -ETIMEDOUT, STATUS_TIMEOUT);
    talk_expect_nothing(talk);
    close_hole(&hole);
}

static void
a_limit_changed_while_connecting_counts_from_the_first_syn(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct hole hole;

    open_hole(&hole);
    dial(talk, &hole.address, 1, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_pass(talk, SECONDS(5));
    settings.timeout_ns[TIMEOUT_CONNECT] = SECONDS(3);
    talk_change(talk, 1u << TIMEOUT_CONNECT, &settings);
    talk_settle(talk);
    assert_int_equal(talk_expect(talk, EVENT_TIMEOUT)->u.timeout.after_ns, SECONDS(5));
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
    talk_expect_reply(talk, REQUEST, -ETIMEDOUT, STATUS_TIMEOUT);
    close_hole(&hole);
}

static void
a_timed_out_address_is_followed_by_the_next(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct address list[2];
    struct hole hole;

    open_hole(&hole);
    list[0] = hole.address;
    list[1] = talk->address;
    settings.timeout_ns[TIMEOUT_CONNECT] = SECONDS(2);
    dial(talk, list, 2, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_pass(talk, SECONDS(2));
    assert_int_equal(talk_expect(talk, EVENT_TIMEOUT)->u.timeout.closes, 0);
    talk_wait(talk, EVENT_CONNECTED);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_CONNECTED);
    close_hole(&hole);
}

static void
connect_0_says_einprogress_once_and_goes_on(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.timeout_ns[TIMEOUT_CONNECT] = 0;
    dial(talk, &talk->address, 1, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_error(talk, CALL_CONNECT, EINPROGRESS, SEVERITY_INFO);
    assert_true(conversation_wants(&talk->c).deadline_ns == CLOCK_NEVER);
    talk_wait(talk, EVENT_CONNECTED);
    talk_expect(talk, EVENT_CONNECTED);
    talk_expect_reply(talk, REQUEST, 0, STATUS_OK);
    talk_expect_nothing(talk);
}

static void
close_cancel_and_reset_end_the_attempt(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct hole hole;

    open_hole(&hole);
    for (int way = 0; way < 3; way++) {
        dial(talk, &hole.address, 1, &settings);
        talk_expect(talk, EVENT_CONNECTING);
        talk_expect(talk, EVENT_SETTINGS);
        if (way == 0)
            talk_ask_simple(talk, REQUEST_CLOSE, 8);
        else if (way == 1)
            talk_ask_cancel(talk, 8, REQUEST);
        else
            talk_ask_simple(talk, REQUEST_RESET, 8);
        talk_expect_closed(talk, BY_US, way == 2 ? HOW_RST : HOW_FIN, STATUS_OK);
        talk_expect_reply(talk, REQUEST, -ECANCELED, STATUS_CONNECT);
        talk_expect_reply(talk, 8, 0, 0);
        talk_expect_nothing(talk);
    }
    close_hole(&hole);
}

static void
requests_that_need_a_connection_are_refused_while_connecting(void **state)
{
    static const enum request_type types[] = {
        REQUEST_SEND, REQUEST_PING, REQUEST_PAUSE, REQUEST_RESUME, REQUEST_SHUTDOWN,
    };
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct hole hole;

    open_hole(&hole);
    dial(talk, &hole.address, 1, &settings);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        talk_ask_simple(talk, types[i], 10);
        talk_expect_reply(talk, 10, -ENOTCONN, STATUS_CONNECT);
    }
    talk_ask_cancel(talk, 11, 77);
    talk_expect_reply(talk, 11, -ENOENT, STATUS_USAGE);
    talk_expect_nothing(talk);
    close_hole(&hole);
}

static void
what_came_with_the_connection_is_not_lost(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    peer_send(talk, "hello");
    peer_close(talk);
    talk_wait(talk, EVENT_EOF);
    talk_expect_message(talk, EVENT_RECEIVED, "hello");
    talk_expect(talk, EVENT_EOF);
    talk_expect_nothing(talk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(reports_connecting_and_connected_with_the_time_it_took),
        TALK(a_closed_port_is_refused_with_the_cause),
        TALK(the_next_address_is_tried_after_a_warning),
        TALK(every_address_refused_is_the_last_ones_failure),
        TALK(an_address_to_connect_from_that_is_not_ours_fails_at_bind),
        TALK(an_address_without_a_route_fails_at_once),
        TALK(the_kernels_own_timeout_is_an_error_with_status_28),
        TALK(a_black_hole_ends_at_the_connect_limit),
        TALK(a_limit_changed_while_connecting_counts_from_the_first_syn),
        TALK(a_timed_out_address_is_followed_by_the_next),
        TALK(connect_0_says_einprogress_once_and_goes_on),
        TALK(close_cancel_and_reset_end_the_attempt),
        TALK(requests_that_need_a_connection_are_refused_while_connecting),
        TALK(what_came_with_the_connection_is_not_lost),
    };

    return cmocka_run_group_tests_name("dial", tests, NULL, NULL);
}
