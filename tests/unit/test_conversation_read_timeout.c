/* test_conversation_read_timeout.c - conversation: what none, 0 and a limit on reading do. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <poll.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "talk.h"

static void
a_read_timeout_closes_an_accepted_connection(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(5));

    talk_accept(talk, &settings, 0);
    assert_int_equal(conversation_wants(&talk->c).deadline_ns, talk->now_ns + SECONDS(5));
    talk_pass(talk, SECONDS(5) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 3 * NS_PER_MS + 1);
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(5), SECONDS(5) + 3 * NS_PER_MS, true);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
    talk_expect_nothing(talk);
    assert_int_equal(peer_read_all(talk, 1), 0);
}

static void
a_read_timeout_counts_from_the_last_byte(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(5));

    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(4));
    talk_receive(talk, "x");
    talk_pass(talk, SECONDS(5) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(5), SECONDS(5), true);
}

static void
a_byte_that_came_in_time_beats_the_read_timer(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    talk_accept(talk, &settings, 0);
    peer_send(talk, "x");
    talk->now_ns += SECONDS(2);
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "x");
    talk_expect_nothing(talk);
}

static void
a_kept_read_timeout_is_reported_once_and_armed_by_the_next_byte(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    settings.read_then = THEN_KEEP;
    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), false);
    assert_true(conversation_wants(&talk->c).deadline_ns == CLOCK_NEVER);
    talk_pass(talk, SECONDS(100));
    talk_expect_nothing(talk);
    talk_receive(talk, "x");
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), false);
    talk_expect_nothing(talk);
}

static void
a_kept_read_timeout_is_armed_by_a_byte_that_goes_out_too(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    talk_dial(talk, &settings);
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), false);
    talk_pass(talk, SECONDS(7));
    talk_ask_send(talk, 3, "x", 1);
    talk_expect_message(talk, EVENT_SENT, "x");
    talk_expect_reply(talk, 3, 0, STATUS_OK);
    talk_pass(talk, SECONDS(1) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), false);
}

static void
a_dialled_connection_is_kept_unless_told_otherwise(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    talk_dial(talk, &settings);
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), false);
    talk_expect_nothing(talk);
    talk_receive(talk, "x");
    settings.read_then = THEN_CLOSE;
    talk_change(talk, SET_READ_THEN, &settings);
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), true);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
}

static void
a_changed_limit_counts_from_the_start_of_the_wait(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(60));

    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(2));
    talk_change_limit(talk, TIMEOUT_READ, SECONDS(3));
    talk_pass(talk, SECONDS(1) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(3), SECONDS(3), true);
}

static void
a_changed_limit_that_has_passed_ends_the_wait_at_once(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(10));
    talk_change_limit(talk, TIMEOUT_READ, SECONDS(3));
    talk_settle(talk);
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(3), SECONDS(10), true);
    talk_expect_closed(talk, BY_TIMEOUT, HOW_FIN, STATUS_TIMEOUT);
}

static void
a_changed_limit_is_reported_again_in_a_kept_wait(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    talk_dial(talk, &settings);
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), false);
    talk_change_limit(talk, TIMEOUT_READ, SECONDS(1));      /* the same: nothing new */
    talk_settle(talk);
    talk_expect_nothing(talk);
    talk_change_limit(talk, TIMEOUT_READ, SECONDS(5));
    talk_pass(talk, SECONDS(4));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(5), SECONDS(5), false);
}

static void
the_read_timer_rests_while_paused_and_starts_anew(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_PAUSE, 0);
    talk_expect(talk, EVENT_SETTINGS);
    talk_pass(talk, SECONDS(10));
    talk_expect_nothing(talk);
    talk_ask_simple(talk, REQUEST_RESUME, 0);
    talk_expect(talk, EVENT_SETTINGS);
    talk_pass(talk, SECONDS(1) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), true);
}

static void
the_read_timer_rests_while_stalled(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    settings.handler = HANDLER_STALL;
    talk_accept(talk, &settings, 0);
    talk_pass(talk, SECONDS(10));
    talk_expect_nothing(talk);
    assert_true(conversation_wants(&talk->c).deadline_ns == CLOCK_NEVER);
}

static void
the_read_timer_rests_while_working(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    settings.handler = HANDLER_ECHO;
    settings.work_ns = SECONDS(3);
    talk_accept(talk, &settings, 0);
    talk_receive(talk, "x");
    talk_pass(talk, SECONDS(3));
    talk_expect_message(talk, EVENT_SENT, "x");
    talk_pass(talk, SECONDS(1));
    talk_expect_timeout(talk, TIMEOUT_READ, SECONDS(1), SECONDS(1), true);
}

static void
the_read_timer_rests_while_an_answer_is_queued(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));
    char *data = calloc(1, REQUEST_DATA_MAX);

    settings.handler = HANDLER_ECHO;
    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 0, data, REQUEST_DATA_MAX);
    talk_skip_messages(talk, EVENT_SENT);
    talk_pass(talk, SECONDS(10));
    talk_expect_nothing(talk);
    free(data);
}

static void
the_read_timer_rests_after_the_end_of_file(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, SECONDS(1));

    talk_dial(talk, &settings);
    peer_fin(talk);
    talk_wait(talk, EVENT_EOF);
    talk_expect(talk, EVENT_EOF);
    talk_pass(talk, SECONDS(10));
    talk_expect_nothing(talk);
}

static void
read_0_finds_nothing_once_for_each_wait(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_limit(TIMEOUT_READ, 0);

    talk_accept(talk, &settings, 0);
    assert_true(conversation_wants(&talk->c).deadline_ns <= talk->now_ns);
    talk_settle(talk);
    talk_expect_error(talk, CALL_RECV, EAGAIN, SEVERITY_INFO);
    assert_true(conversation_wants(&talk->c).deadline_ns == CLOCK_NEVER);
    talk_pass(talk, SECONDS(100));
    talk_turn(talk, POLLIN);          /* a wake-up for nothing */
    talk_expect_nothing(talk);
    talk_receive(talk, "x");
    talk_settle(talk);
    talk_expect_error(talk, CALL_RECV, EAGAIN, SEVERITY_INFO);
    talk_expect_nothing(talk);
}

static void
read_0_takes_what_is_there_without_an_error(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    peer_send(talk, "x");
    talk_wait_ready(talk, POLLIN);
    talk_change_limit(talk, TIMEOUT_READ, 0);
    talk_turn(talk, 0);
    talk_expect_message(talk, EVENT_RECEIVED, "x");
    talk_expect_nothing(talk);
}

static void
read_0_takes_effect_on_a_wait_that_goes_on(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_settle(talk);
    talk_expect_nothing(talk);
    talk_change_limit(talk, TIMEOUT_READ, 0);
    talk_settle(talk);
    talk_expect_error(talk, CALL_RECV, EAGAIN, SEVERITY_INFO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(a_read_timeout_closes_an_accepted_connection),
        TALK(a_read_timeout_counts_from_the_last_byte),
        TALK(a_byte_that_came_in_time_beats_the_read_timer),
        TALK(a_kept_read_timeout_is_reported_once_and_armed_by_the_next_byte),
        TALK(a_kept_read_timeout_is_armed_by_a_byte_that_goes_out_too),
        TALK(a_dialled_connection_is_kept_unless_told_otherwise),
        TALK(a_changed_limit_counts_from_the_start_of_the_wait),
        TALK(a_changed_limit_that_has_passed_ends_the_wait_at_once),
        TALK(a_changed_limit_is_reported_again_in_a_kept_wait),
        TALK(the_read_timer_rests_while_paused_and_starts_anew),
        TALK(the_read_timer_rests_while_stalled),
        TALK(the_read_timer_rests_while_working),
        TALK(the_read_timer_rests_while_an_answer_is_queued),
        TALK(the_read_timer_rests_after_the_end_of_file),
        TALK(read_0_finds_nothing_once_for_each_wait),
        TALK(read_0_takes_what_is_there_without_an_error),
        TALK(read_0_takes_effect_on_a_wait_that_goes_on),
    };

    return cmocka_run_group_tests_name("conversation, read timeout", tests, NULL, NULL);
}
