/* test_conversation_timeouts.c - conversation: what none, 0 and a limit on sending and on
 * silence do, and which limits are told to run. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <poll.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "talk.h"

static void
assert_running(struct talk *talk, uint32_t running)
{
    talk_expect_nothing(talk);
    assert_int_equal(talk->waits.running, running);
}

static void
which_limits_run_is_told_whenever_it_changes(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(5)), change = talk_settings();

    talk_accept(talk, &settings, 0);
    assert_running(talk, 1u << TIMEOUT_READ);
    assert_int_equal(talk->waits.read_since_ns, talk->c.read_since_ns);
    change.timeout_ns[TIMEOUT_IDLE] = SECONDS(9);
    talk_change(talk, 1u << TIMEOUT_IDLE, &change);
    assert_running(talk, 1u << TIMEOUT_READ | 1u << TIMEOUT_IDLE);
    talk_ask_simple(talk, REQUEST_PAUSE, 3);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_reply(talk, 3, 0, 0);
    assert_running(talk, 1u << TIMEOUT_IDLE);
}

static void
a_handler_that_blocks_tells_when_it_waits_again(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(5));

    settings.work_ns = 10 * NS_PER_MS;
    settings.work_blocks = 1;
    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(1));
    talk_receive(talk, "x");
    assert_running(talk, 1u << TIMEOUT_READ);
    assert_int_equal(talk->waits.read_since_ns, talk->now_ns);
}

static uint64_t
send_much(struct talk *talk, uint32_t request)
{
    char *data = calloc(1, REQUEST_DATA_MAX);
    uint64_t taken;

    talk_ask_send(talk, request, data, REQUEST_DATA_MAX);
    talk_settle(talk);
    free(data);
    taken = talk_skip_messages(talk, EVENT_SENT);
    assert_true(taken < REQUEST_DATA_MAX);
    return taken;
}

static void
a_send_timeout_reports_what_was_taken_and_cuts_the_stream(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_SEND, SECONDS(2));
    uint64_t taken;

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, "first", 5);
    talk_expect_message(talk, EVENT_SENT, "first");
    talk_expect_reply(talk, 1, 0, 0);
    talk_pass(talk, SECONDS(10));
    taken = send_much(talk, 2);
    talk_pass(talk, SECONDS(2) - 1);
    taken += talk_skip_messages(talk, EVENT_SENT);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    assert_int_equal(talk->records[talk->next]->u.timeout.taken, taken);
    talk_expect_timeout(talk, TIMEOUT_SEND, SECONDS(2), SECONDS(2), true);
    assert_true(talk->records[talk->next]->u.closed.unacked >= REQUEST_DATA_MAX - taken);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
    talk_expect_reply(talk, 2, -ETIMEDOUT, STATUS_TIMEOUT);
    talk_expect_nothing(talk);
    assert_int_equal(talk->c.out, 5 + taken);
}

static void
a_send_in_several_pieces_has_one_limit_and_one_count(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_SEND, SECONDS(2));
    struct request piece = { .type = REQUEST_SEND, .id = 2, .conn = TALK_CONN, .data_size = 4,
                             .u.send.continues = true };
    char *data = calloc(1, REQUEST_DATA_MAX);

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, "first", 5);
    talk_expect_message(talk, EVENT_SENT, "first");
    talk_expect_reply(talk, 1, 0, 0);
    talk_pass(talk, SECONDS(1));
    talk_ask(talk, &piece, "more");
    talk_expect_message(talk, EVENT_SENT, "more");
    talk_expect_reply(talk, 2, 0, 0);

    piece.id = 3;
    piece.data_size = REQUEST_DATA_MAX;
    talk_ask(talk, &piece, data);
    free(data);
    talk_settle(talk);
    talk_skip_messages(talk, EVENT_SENT);
    talk_pass(talk, SECONDS(1));
    talk_skip_messages(talk, EVENT_SENT);
    assert_int_equal(talk->records[talk->next]->u.timeout.taken, talk->c.out);
    talk_expect_timeout(talk, TIMEOUT_SEND, SECONDS(2), SECONDS(2), true);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
    talk_expect_reply(talk, 3, -ETIMEDOUT, STATUS_TIMEOUT);
}

static void
a_send_that_is_taken_in_time_has_no_timeout(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_SEND, SECONDS(2));

    talk_accept(talk, &settings, TALK_SMALL);
    send_much(talk, 2);
    assert_int_equal(peer_read_all(talk, REQUEST_DATA_MAX), REQUEST_DATA_MAX);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_reply(talk, 2, 0, 0);
    talk_pass(talk, SECONDS(10));
    talk_expect_nothing(talk);
}

static void
a_changed_send_limit_ends_a_send_that_waits(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, TALK_SMALL);
    send_much(talk, 2);
    talk_pass(talk, SECONDS(7));
    talk_change_limit(talk, TIMEOUT_SEND, SECONDS(3));
    talk_settle(talk);
    talk_expect_timeout(talk, TIMEOUT_SEND, SECONDS(3), SECONDS(7), true);
}

static void
send_0_finds_no_room_once_for_each_send(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_SEND, 0);

    talk_accept(talk, &settings, TALK_SMALL);
    send_much(talk, 2);
    talk_expect_error(talk, CALL_SEND, EAGAIN, SEVERITY_INFO);
    talk_pass(talk, SECONDS(100));
    talk_turn(talk, POLLOUT);         /* a wake-up for nothing */
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_nothing(talk);
    assert_int_equal(peer_read_all(talk, REQUEST_DATA_MAX), REQUEST_DATA_MAX);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_reply(talk, 2, 0, 0);
    talk_expect_nothing(talk);
}

static void
send_0_takes_effect_on_a_send_that_waits(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, TALK_SMALL);
    send_much(talk, 2);
    talk_change_limit(talk, TIMEOUT_SEND, 0);
    talk_settle(talk);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_error(talk, CALL_SEND, EAGAIN, SEVERITY_INFO);
    talk_expect_nothing(talk);
}

static void
idle_closes_when_nothing_went_in_or_out(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_IDLE, SECONDS(5));

    talk_dial(talk, &settings);
    talk_pass(talk, SECONDS(4));
    talk_receive(talk, "in");
    talk_pass(talk, SECONDS(4));
    talk_ask_send(talk, 0, "out", 3);
    talk_expect_message(talk, EVENT_SENT, "out");
    talk_pass(talk, SECONDS(5) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_timeout(talk, TIMEOUT_IDLE, SECONDS(5), SECONDS(5), true);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
}

static void
idle_runs_while_stalled_and_names_unread_bytes_by_rst(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_IDLE, SECONDS(5));

    settings.handler = HANDLER_STALL;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "unread");
    talk_wait_ready(talk, POLLIN);
    talk_pass(talk, SECONDS(5));
    talk_expect_timeout(talk, TIMEOUT_IDLE, SECONDS(5), SECONDS(5), true);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_RST, STATUS_TIMEOUT);
}

static void
idle_0_never_ends(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_IDLE, 0);

    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(1000));
    talk_expect_nothing(talk);
    assert_true(conversation_wants(&talk->c).deadline_ns == CLOCK_NEVER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(which_limits_run_is_told_whenever_it_changes),
        TALK(a_handler_that_blocks_tells_when_it_waits_again),
        TALK(a_send_timeout_reports_what_was_taken_and_cuts_the_stream),
        TALK(a_send_in_several_pieces_has_one_limit_and_one_count),
        TALK(a_send_that_is_taken_in_time_has_no_timeout),
        TALK(a_changed_send_limit_ends_a_send_that_waits),
        TALK(send_0_finds_no_room_once_for_each_send),
        TALK(send_0_takes_effect_on_a_send_that_waits),
        TALK(idle_closes_when_nothing_went_in_or_out),
        TALK(idle_runs_while_stalled_and_names_unread_bytes_by_rst),
        TALK(idle_0_never_ends),
    };

    return cmocka_run_group_tests_name("conversation, timeouts", tests, NULL, NULL);
}
