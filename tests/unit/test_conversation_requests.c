/* test_conversation_requests.c - conversation: sends and runs of pings that a user
 * asked for, and that each request is replied to exactly once. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "talk.h"

/* --- sends --------------------------------------------------------------------------- */

static void
a_send_is_replied_to_when_the_kernel_has_taken_it(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.eol = EOL_CRLF;            /* appended by who asks, never here */
    talk_accept(talk, &settings, 0);
    talk_ask_send(talk, 1, "hello", 5);
    talk_expect_message(talk, EVENT_SENT, "hello");
    talk_expect_reply(talk, 1, 0, 0);
    talk_expect_nothing(talk);
    peer_expect(talk, "hello");
}

static void
a_send_of_nothing_is_done_at_once(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_send(talk, 1, "", 0);
    talk_expect_reply(talk, 1, 0, 0);
    talk_expect_nothing(talk);
}

static void
sends_are_done_in_order_each_at_its_own_last_byte(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);
    uint64_t sent = 0;

    talk_accept(talk, &settings, TALK_SMALL);
    for (uint32_t id = 1; id <= 3; id++)
        talk_ask_send(talk, id, data, REQUEST_DATA_MAX);
    assert_int_equal(peer_read_all(talk, 3 * REQUEST_DATA_MAX), 3 * REQUEST_DATA_MAX);
    for (uint32_t id = 1; id <= 3; id++) {
        sent += talk_skip_messages(talk, EVENT_SENT);
        assert_true(sent >= id * (uint64_t)REQUEST_DATA_MAX);
        talk_expect_reply(talk, id, 0, 0);
    }
    talk_expect_nothing(talk);
    assert_null(talk->c.queue.base);
    assert_null(talk->c.pending);
    free(data);
}

static void
cancel_ends_the_wait_of_a_send_but_not_its_bytes(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, data, REQUEST_DATA_MAX);
    talk_settle(talk);
    talk_skip_messages(talk, EVENT_SENT);
    talk_ask_cancel(talk, 2, 1);
    talk_expect_reply(talk, 1, -ECANCELED, STATUS_SEND);
    talk_expect_reply(talk, 2, 0, 0);
    talk_ask_cancel(talk, 3, 1);
    talk_expect_reply(talk, 3, -ENOENT, STATUS_USAGE);
    assert_int_equal(peer_read_all(talk, REQUEST_DATA_MAX), REQUEST_DATA_MAX);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_nothing(talk);
    free(data);
}

static void
a_request_of_a_listener_is_refused(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_LISTEN, 1);
    talk_expect_reply(talk, 1, -EINVAL, STATUS_INTERNAL);
    talk_ask_simple(talk, REQUEST_TYPES, 2);
    talk_expect_reply(talk, 2, -EINVAL, STATUS_INTERNAL);
    talk_expect_nothing(talk);
}

static void
a_request_that_nobody_waits_for_has_no_reply(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_PAUSE, 0);
    talk_expect(talk, EVENT_SETTINGS);
    talk_ask_simple(talk, REQUEST_CLOSE, 0);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
    talk_expect_nothing(talk);
}

/* --- pings ---------------------------------------------------------------------------- */

static void
ask_ping(struct talk *talk, uint32_t id, uint32_t count, uint32_t size, int32_t eol)
{
    const struct request request = {
        .type = REQUEST_PING, .id = id, .conn = TALK_CONN,
        .u.ping = {
            .count = count, .size = size, .interval_ns = SECONDS(1), .wait_ns = SECONDS(1) / 2,
            .eol = eol,
        },
    };

    talk_ask(talk, &request, NULL);
}

static void
expect_reply_to_ping(struct talk *talk, uint32_t seq, int64_t rtt_ns)
{
    const struct event *event = talk_expect(talk, EVENT_PING);

    assert_int_equal(event->u.ping.seq, seq);
    assert_int_equal(event->u.ping.rtt_ns, rtt_ns);
    assert_int_equal(event->flags & EVENT_LAST, 0);
    assert_int_equal(event->data_size, 0);
}

static void
expect_last(struct talk *talk, uint32_t seq, int64_t rtt_ns, uint32_t sent, uint32_t replied)
{
    const struct event *event = talk_expect(talk, EVENT_PING);
    struct ping_summary summary;

    assert_int_equal(event->u.ping.seq, seq);
    assert_int_equal(event->u.ping.rtt_ns, rtt_ns);
    assert_true(event->flags & EVENT_LAST);
    assert_int_equal(event->data_size, sizeof(summary));
    memcpy(&summary, event->data, sizeof(summary));
    assert_int_equal(summary.sent, sent);
    assert_int_equal(summary.replied, replied);
    assert_int_equal(summary.lost, sent - replied);
    assert_int_equal(summary.request, 5);
}

/* The peer's answer, in pieces, that long after now. */
static void
answer(struct talk *talk, int64_t after_ns, const char *first, const char *second)
{
    talk->now_ns += after_ns;
    peer_send(talk, first);
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, first);
    if (second == NULL)
        return;
    talk_expect_nothing(talk);
    peer_send(talk, second);
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, second);
}

static void
pings_are_messages_whose_replies_are_timed(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 2, 4, -1);
    talk_expect_message(talk, EVENT_SENT, "ping");
    peer_expect(talk, "ping");
    answer(talk, 30, "po", "ng");
    expect_reply_to_ping(talk, 1, 30);
    talk_pass(talk, SECONDS(1) - 31);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_message(talk, EVENT_SENT, "ping");
    answer(talk, 20, "ping", NULL);
    expect_last(talk, 2, 20, 2, 2);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
    talk_expect_nothing(talk);
    assert_null(talk->c.pings);
}

static void
a_run_without_any_reply_ends_with_status_1(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 2, 4, -1);
    talk_expect_message(talk, EVENT_SENT, "ping");
    talk_pass(talk, SECONDS(1) / 2);
    assert_int_equal(talk->records[talk->next]->u.ping.limit_ms, 500);
    expect_reply_to_ping(talk, 1, -1);
    talk_pass(talk, SECONDS(1) / 2);
    talk_expect_message(talk, EVENT_SENT, "ping");
    talk_pass(talk, SECONDS(1) / 2);
    expect_last(talk, 2, -1, 2, 0);
    talk_expect_reply(talk, 5, 0, STATUS_UNMET);
    talk_expect_nothing(talk);
}

static void
a_late_reply_pays_the_lost_ping(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 2, 4, -1);
    talk_expect(talk, EVENT_SENT);
    talk_pass(talk, SECONDS(1) / 2);
    expect_reply_to_ping(talk, 1, -1);
    talk_pass(talk, SECONDS(1) / 2);
    talk_expect(talk, EVENT_SENT);
    answer(talk, 10, "pong", NULL);
    talk_expect_nothing(talk);
    answer(talk, 10, "pong", NULL);
    expect_last(talk, 2, 20, 2, 1);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
}

static void
a_ping_takes_the_line_ending_of_the_order_or_the_connection(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.eol = EOL_LF;
    talk_dial(talk, &settings);
    ask_ping(talk, 5, 1, 4, EOL_CRLF);
    talk_expect_message(talk, EVENT_SENT, "ping\r\n");
    answer(talk, 1, "ping\r\n", NULL);
    expect_last(talk, 1, 1, 1, 1);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
    ask_ping(talk, 5, 1, 9, -1);
    talk_expect_message(talk, EVENT_SENT, "ping 1 ..\n");
    answer(talk, 1, "ping 1 ..\n", NULL);
    expect_last(talk, 1, 1, 1, 1);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
}

static void
only_one_run_at_a_time(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 1, 4, -1);
    talk_expect(talk, EVENT_SENT);
    ask_ping(talk, 6, 1, 4, -1);
    assert_true(talk->records[talk->next]->data_size > 0);
    talk_expect_reply(talk, 6, -EBUSY, STATUS_USAGE);
    answer(talk, 1, "pong", NULL);
    expect_last(talk, 1, 1, 1, 1);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
}

static void
an_order_out_of_bounds_is_refused(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 6, 0, 4, -1);
    talk_expect_reply(talk, 6, -EINVAL, STATUS_USAGE);
    ask_ping(talk, 6, 1, 3, -1);
    talk_expect_reply(talk, 6, -EINVAL, STATUS_USAGE);
    talk_expect_nothing(talk);
}

static void
a_ping_after_our_side_is_shut_is_refused(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    talk_ask_shutdown(talk, 0, SHUTDOWN_WRITE);
    talk_expect(talk, EVENT_SHUTDOWN);
    ask_ping(talk, 6, 1, 4, -1);
    talk_expect_reply(talk, 6, -EPIPE, STATUS_SEND);
    talk_expect_nothing(talk);
}

/* Pings that can no longer be sent do not keep the run open; the one that is on its way is
 * still waited for. */
static void
a_run_ends_when_our_side_is_shut(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 10, 4, -1);
    talk_expect(talk, EVENT_SENT);
    talk_ask_shutdown(talk, 6, SHUTDOWN_WRITE);
    talk_expect(talk, EVENT_SHUTDOWN);
    talk_expect_reply(talk, 6, 0, 0);
    answer(talk, 10, "pong", NULL);
    expect_last(talk, 1, 10, 1, 1);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
}

static void
cancel_ends_a_run_and_loses_what_is_unanswered(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 10, 4, -1);
    talk_expect(talk, EVENT_SENT);
    talk_ask_cancel(talk, 6, 5);
    expect_last(talk, 1, -1, 1, 0);
    talk_expect_reply(talk, 5, 0, STATUS_UNMET);
    talk_expect_reply(talk, 6, 0, 0);
    talk_pass(talk, SECONDS(10));
    talk_expect_nothing(talk);
}

static void
cancel_between_pings_still_sums_up(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 10, 4, -1);
    talk_expect(talk, EVENT_SENT);
    answer(talk, 1, "pong", NULL);
    expect_reply_to_ping(talk, 1, 1);
    talk_ask_cancel(talk, 6, 5);
    expect_last(talk, 0, 0, 1, 1);
    talk_expect_reply(talk, 5, 0, STATUS_OK);
    talk_expect_reply(talk, 6, 0, 0);
}

static void
a_run_fails_with_the_class_of_what_ended_the_connection(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 3, 4, -1);
    talk_expect(talk, EVENT_SENT);
    peer_reset(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_error(talk, CALL_RECV, ECONNRESET, SEVERITY_ERROR);
    assert_int_equal(talk->records[talk->next]->u.ping.limit_ms, 0);
    expect_last(talk, 1, -1, 1, 0);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_RECEIVE);
    talk_expect_reply(talk, 5, -ECONNRESET, STATUS_RECEIVE);
    talk_expect_nothing(talk);
}

static void
a_run_ends_with_the_end_of_file(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    ask_ping(talk, 5, 3, 4, -1);
    talk_expect(talk, EVENT_SENT);
    peer_fin(talk);
    talk_wait(talk, EVENT_EOF);
    talk_expect(talk, EVENT_EOF);
    expect_last(talk, 1, -1, 1, 0);
    talk_expect_reply(talk, 5, 0, STATUS_UNMET);
    talk_expect_nothing(talk);
}

static void
a_ping_that_the_kernel_does_not_take_is_lost_in_time(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, data, REQUEST_DATA_MAX);
    talk_settle(talk);
    talk_skip_messages(talk, EVENT_SENT);
    ask_ping(talk, 5, 1, 4, -1);
    talk_expect_nothing(talk);
    talk_pass(talk, SECONDS(1) / 2);
    talk_skip_messages(talk, EVENT_SENT);
    expect_last(talk, 1, -1, 1, 0);
    talk_expect_reply(talk, 5, 0, STATUS_UNMET);
    free(data);
}

/* A peer that never reads: the queue takes pings up to its bound, then the run holds,
 * and waits instead of spinning. */
static void
pings_do_not_fill_memory(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    const struct request request = {
        .type = REQUEST_PING, .id = 5,
        .u.ping = { .count = 1000, .size = 16384, .wait_ns = SECONDS(1), .eol = -1 },
    };

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask(talk, &request, NULL);
    talk_settle(talk);
    talk_skip_messages(talk, EVENT_SENT);
    talk_expect_nothing(talk);
    assert_true(buffer_size(&talk->c.queue) <= 256 * 1024 + 16384);
    talk_pass(talk, SECONDS(2));
    assert_true(conversation_wants(&talk->c).deadline_ns == CLOCK_NEVER);
    assert_int_equal(talk->records[talk->next]->type, EVENT_PING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(a_send_is_replied_to_when_the_kernel_has_taken_it),
        TALK(a_send_of_nothing_is_done_at_once),
        TALK(sends_are_done_in_order_each_at_its_own_last_byte),
        TALK(cancel_ends_the_wait_of_a_send_but_not_its_bytes),
        TALK(a_request_of_a_listener_is_refused),
        TALK(a_request_that_nobody_waits_for_has_no_reply),
        TALK(pings_are_messages_whose_replies_are_timed),
        TALK(a_run_without_any_reply_ends_with_status_1),
        TALK(a_late_reply_pays_the_lost_ping),
        TALK(a_ping_takes_the_line_ending_of_the_order_or_the_connection),
        TALK(only_one_run_at_a_time),
        TALK(an_order_out_of_bounds_is_refused),
        TALK(a_ping_after_our_side_is_shut_is_refused),
        TALK(a_run_ends_when_our_side_is_shut),
        TALK(cancel_ends_a_run_and_loses_what_is_unanswered),
        TALK(cancel_between_pings_still_sums_up),
        TALK(a_run_fails_with_the_class_of_what_ended_the_connection),
        TALK(a_run_ends_with_the_end_of_file),
        TALK(a_ping_that_the_kernel_does_not_take_is_lost_in_time),
        TALK(pings_do_not_fill_memory),
    };

    return cmocka_run_group_tests_name("conversation requests", tests, NULL, NULL);
}
