/* test_conversation_end.c - conversation: every way to end, and what is said of it. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"
#include "sockdeck/net/socket.h"
#include "talk.h"

static int
peer_recv_error(struct talk *talk)
{
    char byte;

    return recv(talk->peer, &byte, 1, 0) == -1 ? errno : 0;
}

/* --- end of file --------------------------------------------------------------------- */

static void
an_accepted_connection_closes_after_the_end_of_file(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    peer_send(talk, "ping");
    peer_fin(talk);
    talk->now_ns += SECONDS(3);
    talk_wait(talk, EVENT_EOF);
    talk_expect_message(talk, EVENT_RECEIVED, "ping");
    talk_expect(talk, EVENT_EOF);
    assert_int_equal(talk->records[talk->next]->u.closed.open_ns, SECONDS(3));
    assert_int_equal(talk->records[talk->next]->u.closed.unacked, 0);
    assert_int_equal(talk->records[talk->next]->u.closed.in, 4);
    talk_expect_closed(talk, BY_PEER, HOW_FIN, STATUS_OK);
    talk_expect_nothing(talk);
    assert_int_equal(peer_read_all(talk, 1), 0);
}

static void
queued_answers_are_sent_before_it_closes(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_ECHO);
    int64_t end = clock_mono_ns() + TALK_PATIENCE_MS * NS_PER_MS;
    char data[1000];
    size_t sent = 0;

    memset(data, 'q', sizeof(data));
    talk_accept(talk, &settings, TALK_SMALL);
    while (buffer_size(&talk->c.queue) == 0) {
        ssize_t n = send(talk->peer, data, sizeof(data), MSG_DONTWAIT);

        sent += n > 0 ? (size_t)n : 0;
        talk_settle(talk);
        assert_true(clock_mono_ns() < end);
    }
    peer_fin(talk);
    talk_settle(talk);
    assert_false(conversation_wants(&talk->c).ended);
    assert_int_equal(peer_read_all(talk, sent + 1), sent);
    assert_int_equal(talk->c.out, sent);
    assert_true(conversation_wants(&talk->c).ended);
}

static void
a_dialled_connection_is_kept_and_can_still_send(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    peer_fin(talk);
    talk_expect_eof(talk);
    talk_settle(talk);
    talk_expect_nothing(talk);
    assert_int_equal(conversation_wants(&talk->c).events, 0);
    talk_ask_send(talk, 1, "still here", 10);
    talk_expect_message(talk, EVENT_SENT, "still here");
    talk_expect_reply(talk, 1, 0, 0);
    peer_expect(talk, "still here");
}

static void
on_eof_changes_what_both_do(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.on_eof = THEN_KEEP;
    talk_accept(talk, &settings, 0);
    peer_fin(talk);
    talk_expect_eof(talk);
    talk_settle(talk);
    talk_expect_nothing(talk);

    settings.on_eof = THEN_CLOSE;       /* takes effect on an end that has come already */
    {
        const struct request request = {
            .type = REQUEST_SETTINGS, .u.settings = { .bits = SET_ON_EOF, .values = settings },
        };

        talk_ask(talk, &request, NULL);
    }
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_closed(talk, BY_PEER, HOW_FIN, STATUS_OK);
}

static void
a_dialled_one_closes_when_told_so(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.on_eof = THEN_CLOSE;
    talk_dial(talk, &settings);
    peer_fin(talk);
    talk_expect_eof(talk);
    talk_expect_closed(talk, BY_PEER, HOW_FIN, STATUS_OK);
}

static void
the_first_fin_tells_who_closed(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    peer_fin(talk);
    talk_expect_eof(talk);
    talk_ask_simple(talk, REQUEST_CLOSE, 1);
    talk_expect_closed(talk, BY_PEER, HOW_FIN, STATUS_OK);
    talk_expect_reply(talk, 1, 0, 0);
}

/* --- resets and errors ------------------------------------------------------------------ */

static void
a_reset_by_the_peer_is_an_error_after_the_bytes_before_it(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.recv_size = 2;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "last");
    talk_wait_ready(talk, POLLIN);
    peer_reset(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_message(talk, EVENT_RECEIVED, "la");
    talk_expect_message(talk, EVENT_RECEIVED, "st");
    talk_expect_error(talk, CALL_RECV, ECONNRESET, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_RECEIVE);
    talk_expect_nothing(talk);
}

static void
a_paused_one_reads_what_was_left_before_a_reset(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_PAUSE, 0);
    talk_expect(talk, EVENT_SETTINGS);
    peer_send(talk, "kept");
    talk_wait_ready(talk, POLLIN);
    talk_settle(talk);
    talk_expect_nothing(talk);
    peer_reset(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_message(talk, EVENT_RECEIVED, "kept");
    talk_expect_error(talk, CALL_RECV, ECONNRESET, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_RECEIVE);
}

static void
a_working_one_gives_up_its_answer_after_a_reset(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_ECHO);

    settings.work_ns = SECONDS(10);
    talk_accept(talk, &settings, 0);
    peer_send(talk, "one");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "one");
    peer_send(talk, "two");
    talk_wait_ready(talk, POLLIN);
    peer_reset(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_message(talk, EVENT_RECEIVED, "two");
    talk_expect_error(talk, CALL_RECV, ECONNRESET, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_RECEIVE);
}

static void
a_stalled_one_notices_a_reset_and_names_what_it_did_not_read(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_STALL);
    const struct event *closed;
    uint32_t unread;

    talk_accept(talk, &settings, 0);
    peer_send(talk, "lost");
    talk_wait_ready(talk, POLLIN);
    peer_reset(talk);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_error(talk, CALL_POLL, ECONNRESET, SEVERITY_ERROR);
    closed = talk->records[talk->next];
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_RECEIVE);
    assert_int_equal(closed->data_size, sizeof(unread));
    memcpy(&unread, closed->data, sizeof(unread));
    assert_int_equal(unread, 4);
}

static void
a_stalled_one_does_not_notice_the_end_of_file(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_STALL);

    talk_accept(talk, &settings, 0);
    peer_fin(talk);
    talk_wait_ready(talk, POLLIN);
    talk_settle(talk);
    talk_expect_nothing(talk);
}

static void
a_send_after_the_peer_has_closed_fails(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    peer_close(talk);
    talk_expect_eof(talk);
    talk_ask_send(talk, 1, "a", 1);     /* the first one still succeeds */
    talk_expect_message(talk, EVENT_SENT, "a");
    talk_expect_reply(talk, 1, 0, 0);
    talk_wait_ready(talk, POLLERR);
    talk_ask_send(talk, 2, "b", 1);
    talk_expect_error(talk, CALL_SEND, EPIPE, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_SEND);
    talk_expect_reply(talk, 2, -EPIPE, STATUS_SEND);
    talk_expect_nothing(talk);
}

static void
a_refused_send_is_noticed_without_another_one(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_dial(talk, &settings);
    peer_close(talk);
    talk_expect_eof(talk);
    talk_ask_send(talk, 1, "a", 1);
    talk_expect(talk, EVENT_SENT);
    talk_expect_reply(talk, 1, 0, 0);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_error(talk, CALL_POLL, EPIPE, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_SEND);
}

static void
a_failed_send_still_reads_what_came_before(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    peer_send(talk, "before");
    talk_wait_ready(talk, POLLIN);
    peer_reset(talk);
    talk_wait_ready(talk, POLLERR);
    talk_ask_send(talk, 1, "late", 4);
    talk_wait(talk, EVENT_CLOSED);
    talk_expect_message(talk, EVENT_RECEIVED, "before");
    talk_expect_error(talk, CALL_SEND, ECONNRESET, SEVERITY_ERROR);
    talk_expect_closed(talk, BY_PEER, HOW_RST, STATUS_SEND);
    talk_expect_reply(talk, 1, -ECONNRESET, STATUS_SEND);
    talk_expect_nothing(talk);
}

/* The kernel gives up on a peer whose window stays shut. */
static void
a_peer_that_acknowledges_nothing_is_an_error(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);
    const unsigned limit_ms = 200;

    talk_accept(talk, &settings, TALK_SMALL);
    assert_int_equal(setsockopt(talk->c.fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms,
                                sizeof(limit_ms)), 0);
    talk_ask_send(talk, 1, data, REQUEST_DATA_MAX);
    talk_wait(talk, EVENT_CLOSED);
    talk_skip_messages(talk, EVENT_SENT);
    talk->next++;                       /* met by recv or by send, whichever comes first */
    assert_int_equal(talk->records[talk->next - 1]->u.error.code, ETIMEDOUT);
    talk_expect_closed(talk, BY_ERROR, HOW_RST, STATUS_TIMEOUT);
    talk_expect_reply(talk, 1, -ETIMEDOUT, STATUS_TIMEOUT);
    free(data);
}

/* --- by us -------------------------------------------------------------------------------- */

static void
close_sends_a_fin(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_CLOSE, 1);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
    talk_expect_reply(talk, 1, 0, 0);
    talk_expect_nothing(talk);
    assert_int_equal(peer_read_all(talk, 1), 0);
}

static void
close_with_unread_bytes_is_a_reset_and_is_said_to_be(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_with_handler(HANDLER_STALL);

    talk_accept(talk, &settings, 0);
    peer_send(talk, "unread");
    talk_wait_ready(talk, POLLIN);
    talk_ask_simple(talk, REQUEST_CLOSE, 1);
    talk_expect_closed(talk, BY_US, HOW_RST, STATUS_OK);
    talk_expect_reply(talk, 1, 0, 0);
    assert_int_equal(peer_recv_error(talk), ECONNRESET);
}

static void
close_counts_what_was_not_acknowledged(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);
    uint64_t taken;

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, data, REQUEST_DATA_MAX);
    talk_settle(talk);
    taken = talk_skip_messages(talk, EVENT_SENT);
    talk_ask_simple(talk, REQUEST_CLOSE, 2);
    assert_true(talk->records[talk->next]->u.closed.unacked >= REQUEST_DATA_MAX - taken);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
    talk_expect_reply(talk, 1, -ECANCELED, STATUS_SEND);
    talk_expect_reply(talk, 2, 0, 0);
    free(data);
}

static void
reset_sends_a_reset(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_RESET, 1);
    talk_expect_closed(talk, BY_US, HOW_RST, STATUS_OK);
    talk_expect_reply(talk, 1, 0, 0);
    assert_int_equal(peer_recv_error(talk), ECONNRESET);
}

static void
fini_closes_what_is_open(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    conversation_fini(&talk->c, &talk->ctx);
    talk_expect_closed(talk, BY_US, HOW_FIN, STATUS_OK);
    conversation_fini(&talk->c, &talk->ctx);
    talk_expect_nothing(talk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(an_accepted_connection_closes_after_the_end_of_file),
        TALK(queued_answers_are_sent_before_it_closes),
        TALK(a_dialled_connection_is_kept_and_can_still_send),
        TALK(on_eof_changes_what_both_do),
        TALK(a_dialled_one_closes_when_told_so),
        TALK(the_first_fin_tells_who_closed),
        TALK(a_reset_by_the_peer_is_an_error_after_the_bytes_before_it),
        TALK(a_paused_one_reads_what_was_left_before_a_reset),
        TALK(a_working_one_gives_up_its_answer_after_a_reset),
        TALK(a_stalled_one_notices_a_reset_and_names_what_it_did_not_read),
        TALK(a_stalled_one_does_not_notice_the_end_of_file),
        TALK(a_send_after_the_peer_has_closed_fails),
        TALK(a_refused_send_is_noticed_without_another_one),
        TALK(a_failed_send_still_reads_what_came_before),
        TALK(a_peer_that_acknowledges_nothing_is_an_error),
        TALK(close_sends_a_fin),
        TALK(close_with_unread_bytes_is_a_reset_and_is_said_to_be),
        TALK(close_counts_what_was_not_acknowledged),
        TALK(reset_sends_a_reset),
        TALK(fini_closes_what_is_open),
    };

    return cmocka_run_group_tests_name("conversation end", tests, NULL, NULL);
}
