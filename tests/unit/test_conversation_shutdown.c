/* test_conversation_shutdown.c - conversation: one side ended, and then the other. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "sockdeck/base/status.h"
#include "talk.h"

static void
shutdown_write_ends_our_side_and_goes_on_receiving(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_shutdown(talk, 1, SHUTDOWN_WRITE);
    assert_int_equal(talk_expect(talk, EVENT_SHUTDOWN)->u.shutdown.which, SHUTDOWN_WRITE);
    talk_expect_reply(talk, 1, 0, 0);
    talk_ask_shutdown(talk, 2, SHUTDOWN_WRITE);
    talk_expect_reply(talk, 2, 0, 0);
    assert_int_equal(peer_read_all(talk, 1), 0);
    peer_send(talk, "more");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "more");

    talk_ask_send(talk, 3, "no", 2);
    talk_expect_reply(talk, 3, -EPIPE, STATUS_SEND);
    peer_fin(talk);
    talk_expect_eof(talk);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
}

static void
shutdown_write_follows_the_bytes_that_are_queued(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, data, REQUEST_DATA_MAX);
    talk_ask_shutdown(talk, 2, SHUTDOWN_WRITE);
    talk_ask_send(talk, 3, "no", 2);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_reply(talk, 3, -EPIPE, STATUS_SEND);
    talk_expect_nothing(talk);
    assert_int_equal(peer_read_all(talk, REQUEST_DATA_MAX + 1), REQUEST_DATA_MAX);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_reply(talk, 1, 0, 0);
    talk_expect(talk, EVENT_SHUTDOWN);
    talk_expect_reply(talk, 2, 0, 0);
    free(data);
}

static void
shutdown_read_hears_no_more_and_does_not_spin(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_shutdown(talk, 1, SHUTDOWN_READ);
    assert_int_equal(talk_expect(talk, EVENT_SHUTDOWN)->u.shutdown.which, SHUTDOWN_READ);
    talk_expect_reply(talk, 1, 0, 0);
    peer_send(talk, "unheard");
    talk_settle(talk);
    talk_expect_nothing(talk);
    talk_ask_send(talk, 2, "heard", 5);
    talk_expect_message(talk, EVENT_SENT, "heard");
    talk_expect_reply(talk, 2, 0, 0);
    peer_expect(talk, "heard");
}

static void
a_shutdown_that_comes_too_late_is_an_error(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    peer_reset(talk);
    talk_wait_ready(talk, POLLERR);
    talk_ask_shutdown(talk, 1, SHUTDOWN_WRITE);
    talk_expect_error(talk, CALL_SHUTDOWN, ENOTCONN, SEVERITY_ERROR);
    talk_expect_reply(talk, 1, -ENOTCONN, STATUS_SEND);
    talk_settle(talk);
    talk_expect_error(talk, CALL_RECV, ECONNRESET, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_RECEIVE);
}

static void
shutdown_of_both_sides_is_the_end(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_shutdown(talk, 1, SHUTDOWN_BOTH);
    assert_int_equal(talk_expect(talk, EVENT_SHUTDOWN)->u.shutdown.which, SHUTDOWN_BOTH);
    talk_expect_reply(talk, 1, 0, 0);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
    assert_int_equal(peer_read_all(talk, 1), 0);
}

static void
a_kept_one_ends_when_both_sides_have_sent_their_fin(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    peer_fin(talk);
    talk_expect_eof(talk);
    talk_ask_shutdown(talk, 1, SHUTDOWN_WRITE);
    talk_expect(talk, EVENT_SHUTDOWN);
    talk_expect_reply(talk, 1, 0, 0);
    talk_expect_closed(talk, BY_PEER, HOW_FIN, STATUS_OK);
}

static void
a_paused_one_reads_the_rest_when_both_sides_are_shut(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_PAUSE, 0);
    talk_expect(talk, EVENT_SETTINGS);
    talk_ask_shutdown(talk, 0, SHUTDOWN_WRITE);
    talk_expect(talk, EVENT_SHUTDOWN);
    peer_send(talk, "rest");
    peer_fin(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_message(talk, EVENT_RECEIVED, "rest");
    talk_expect(talk, EVENT_EOF);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
}

static void
a_stalled_one_ends_when_both_sides_are_shut(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_STALL);

    talk_accept(talk, &settings, 0);
    talk_ask_shutdown(talk, 0, SHUTDOWN_WRITE);
    talk_expect(talk, EVENT_SHUTDOWN);
    peer_fin(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
}

static void
an_echo_does_not_answer_after_its_side_is_shut(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_ECHO);

    talk_accept(talk, &settings, 0);
    talk_ask_shutdown(talk, 0, SHUTDOWN_WRITE);
    talk_expect(talk, EVENT_SHUTDOWN);
    peer_send(talk, "hello");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "hello");
    talk_expect_nothing(talk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(shutdown_write_ends_our_side_and_goes_on_receiving),
        TALK(shutdown_write_follows_the_bytes_that_are_queued),
        TALK(shutdown_read_hears_no_more_and_does_not_spin),
        TALK(a_shutdown_that_comes_too_late_is_an_error),
        TALK(shutdown_of_both_sides_is_the_end),
        TALK(a_kept_one_ends_when_both_sides_have_sent_their_fin),
        TALK(a_paused_one_reads_the_rest_when_both_sides_are_shut),
        TALK(a_stalled_one_ends_when_both_sides_are_shut),
        TALK(an_echo_does_not_answer_after_its_side_is_shut),
    };

    return cmocka_run_group_tests_name("conversation shutdown", tests, NULL, NULL);
}
