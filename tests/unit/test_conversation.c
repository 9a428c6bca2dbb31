/* test_conversation.c - conversation: bytes in, their records, the answers. */
#include "config.h"

#include "test.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sockdeck/base/clock.h"
#include "talk.h"

static void
reports_accepted_with_both_addresses_and_its_settings(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings(), reported;
    char text[ADDRESS_TEXT];
    const struct event *event;

    settings.recv_size = 77;
    talk_accept(talk, &settings, 0);
    event = talk->records[0];
    assert_int_equal(event->stamp_ns, talk->now_ns);
    assert_string_equal(event_local_text(event), address_text(&talk->address, text));
    assert_int_equal(strncmp(event_peer_text(event), "127.0.0.1:", 10), 0);
    assert_int_equal(event->listener, 1);
    assert_int_equal(event->worker, 2);
    memcpy(&reported, talk->records[1]->data, sizeof(reported));
    assert_memory_equal(&reported, &settings, sizeof(settings));
    talk_expect_nothing(talk);
}

static void
receives_one_record_for_each_recv(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.recv_size = 4;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "hello world");
    talk_turn(talk, POLLIN);
    talk_expect_message(talk, EVENT_RECEIVED, "hell");
    talk_expect_nothing(talk);
    talk_settle(talk);
    talk_expect_message(talk, EVENT_RECEIVED, "o wo");
    talk_expect_message(talk, EVENT_RECEIVED, "rld");
    talk_expect_nothing(talk);
    assert_int_equal(talk->c.in, 11);
}

static void
waits_for_bytes_without_a_deadline(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct wants wants;

    talk_accept(talk, &settings, 0);
    wants = conversation_wants(&talk->c);
    assert_int_equal(wants.events, POLLIN);
    assert_true(wants.deadline_ns == CLOCK_NEVER);
    assert_false(wants.ended);
}

/* "é" takes two bytes, so with one byte before it 4096 falls into a character. */
static void
keeps_the_first_part_of_a_message_cut_at_a_character(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char text[5002] = "x";
    const struct event *event;

    for (int i = 1; i < 5001; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    settings.recv_size = 65536;
    talk_accept(talk, &settings, 0);
    peer_send(talk, text);
    talk_wait(talk, EVENT_RECEIVED);
    event = talk_expect(talk, EVENT_RECEIVED);
    assert_int_equal(event->u.message.bytes, 5001);
    assert_int_equal(event->data_size, 4095);
    assert_true(event->flags & EVENT_CUT);
}

static void
keeps_all_of_a_message_when_capture_is_whole(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char text[20001];
    const struct event *event;

    memset(text, 'x', 20000);
    text[20000] = '\0';
    settings.recv_size = 65536;
    settings.capture = CAPTURE_WHOLE;
    talk_accept(talk, &settings, 0);
    peer_send(talk, text);
    talk_wait(talk, EVENT_RECEIVED);
    event = talk_expect(talk, EVENT_RECEIVED);
    assert_int_equal(event->data_size, 20000);
    assert_false(event->flags & EVENT_CUT);
}

static void
print_shows_and_answers_nothing(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    peer_send(talk, "ping");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "ping");
    talk_expect_nothing(talk);
}

static void
echo_sends_back_what_came(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.handler = HANDLER_ECHO;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "hello");
    talk_wait(talk, EVENT_SENT);
    talk_expect_message(talk, EVENT_RECEIVED, "hello");
    talk_expect_message(talk, EVENT_SENT, "hello");
    peer_expect(talk, "hello");
    assert_int_equal(talk->c.out, 5);
    assert_null(talk->c.queue.base);
}

static void
pong_answers_each_message(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.handler = HANDLER_PONG;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "ping");
    talk_wait(talk, EVENT_SENT);
    talk_expect_message(talk, EVENT_RECEIVED, "ping");
    talk_expect_message(talk, EVENT_SENT, "pong");
    peer_expect(talk, "pong");
}

static void
stall_never_reads_until_its_handler_is_changed(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.handler = HANDLER_STALL;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "ping");
    assert_int_equal(conversation_wants(&talk->c).events, 0);
    talk_turn(talk, POLLIN);
    talk_expect_nothing(talk);
    settings.handler = HANDLER_PONG;
    talk_change(talk, SET_HANDLER, &settings);
    talk_wait(talk, EVENT_SENT);
    talk_expect_message(talk, EVENT_RECEIVED, "ping");
    talk_expect_message(talk, EVENT_SENT, "pong");
}

/* Fills both directions until the echo is held. */
static size_t
push_until_held(struct talk *talk)
{
    int64_t end = clock_mono_ns() + TALK_PATIENCE_MS * NS_PER_MS;
    char data[1000];
    size_t sent = 0;

    memset(data, 'e', sizeof(data));
    while (conversation_wants(&talk->c).events != POLLOUT) {
        ssize_t n = send(talk->peer, data, sizeof(data), MSG_DONTWAIT);

        sent += n > 0 ? (size_t)n : 0;
        talk_settle(talk);
        assert_true(clock_mono_ns() < end);
    }
    while (send(talk->peer, data, 1, MSG_DONTWAIT) == 1)    /* what it does not read now */
        sent++;
    return sent;
}

static void
echo_does_not_read_while_its_answer_is_queued(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    size_t sent;

    settings.handler = HANDLER_ECHO;
    talk_accept(talk, &settings, TALK_SMALL);
    sent = push_until_held(talk);
    assert_int_equal(conversation_wants(&talk->c).events, POLLOUT);
    assert_true(talk->c.in < sent);
    assert_int_equal(talk->c.in, talk->c.out + buffer_size(&talk->c.queue));

    assert_int_equal(peer_read_all(talk, sent), sent);
    assert_int_equal(talk->c.in, sent);
    assert_int_equal(talk->c.out, sent);
    assert_int_equal(conversation_wants(&talk->c).events, POLLIN);
    assert_null(talk->c.queue.base);
}

static void
print_reads_on_while_a_send_is_queued(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);

    talk_accept(talk, &settings, TALK_SMALL);
    talk_ask_send(talk, 1, data, REQUEST_DATA_MAX);
    assert_int_equal(conversation_wants(&talk->c).events, POLLIN | POLLOUT);
    free(data);
}

static void
counts_every_byte_both_ways(void **state)
{
    enum { CHUNK = 50000, CHUNKS = 40 };
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = malloc(CHUNK);
    uint64_t received = 0, sent = 0;

    memset(data, 'n', CHUNK);
    settings.handler = HANDLER_ECHO;
    settings.recv_size = 3000;
    talk_accept(talk, &settings, 0);
    for (int i = 0; i < CHUNKS; i++) {
        size_t given = 0;

        while (given < CHUNK) {
            ssize_t n = send(talk->peer, data + given, CHUNK - given, MSG_DONTWAIT);

            given += n > 0 ? (size_t)n : 0;
            talk_settle(talk);
        }
        assert_int_equal(peer_read_all(talk, CHUNK), CHUNK);
    }
    for (; talk->next < talk->count; talk->next++) {
        const struct event *event = talk->records[talk->next];

        if (event->type == EVENT_RECEIVED)
            received += event->u.message.bytes;
        else if (event->type == EVENT_SENT)
            sent += event->u.message.bytes;
    }
    assert_int_equal(received, CHUNK * CHUNKS);
    assert_int_equal(sent, CHUNK * CHUNKS);
    assert_int_equal(talk->c.in, received);
    assert_int_equal(talk->c.out, sent);
    free(data);
}

static void
work_passes_before_the_answer_and_nothing_is_read_meanwhile(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.handler = HANDLER_ECHO;
    settings.work_ns = SECONDS(1);
    talk_accept(talk, &settings, 0);
    peer_send(talk, "one");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "one");
    assert_int_equal(conversation_wants(&talk->c).events, 0);
    assert_int_equal(conversation_wants(&talk->c).deadline_ns, talk->now_ns + SECONDS(1));

    peer_send(talk, "two");
    talk_pass(talk, SECONDS(1) - 1);
    talk_expect_nothing(talk);
    talk_pass(talk, 1);
    talk_expect_message(talk, EVENT_SENT, "one");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "two");
    talk_pass(talk, SECONDS(1));
    talk_expect_message(talk, EVENT_SENT, "two");
    assert_null(talk->c.work);
}

static void
work_does_not_hold_what_the_user_sends(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.handler = HANDLER_PONG;
    settings.work_ns = SECONDS(1);
    talk_accept(talk, &settings, 0);
    peer_send(talk, "one");
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect(talk, EVENT_RECEIVED);
    talk_ask_send(talk, 3, "hi", 2);
    talk_expect_message(talk, EVENT_SENT, "hi");
    talk_expect_reply(talk, 3, 0, 0);
    talk_pass(talk, SECONDS(1));
    talk_expect_message(talk, EVENT_SENT, "pong");
}

static void
work_that_blocks_keeps_the_thread(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    int64_t begun;

    settings.handler = HANDLER_PONG;
    settings.work_ns = 30 * NS_PER_MS;
    settings.work_blocks = 1;
    talk_accept(talk, &settings, 0);
    peer_send(talk, "ping");
    begun = clock_mono_ns();
    talk_wait(talk, EVENT_SENT);
    assert_true(clock_mono_ns() - begun >= 30 * NS_PER_MS);
    talk_expect(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_SENT, "pong");
}

static void
pause_stops_reading_and_resume_goes_on(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    talk_ask_simple(talk, REQUEST_PAUSE, 1);
    assert_true(((const struct settings *)(const void *)
                 talk_expect(talk, EVENT_SETTINGS)->data)->paused);
    talk_expect_reply(talk, 1, 0, 0);
    talk_ask_simple(talk, REQUEST_PAUSE, 2);
    talk_expect_reply(talk, 2, 0, 0);
    peer_send(talk, "held");
    assert_int_equal(conversation_wants(&talk->c).events, 0);
    talk_turn(talk, POLLIN);
    talk_expect_nothing(talk);
    talk_ask_simple(talk, REQUEST_RESUME, 3);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_reply(talk, 3, 0, 0);
    talk_ask_simple(talk, REQUEST_RESUME, 4);
    talk_expect_reply(talk, 4, 0, 0);
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, "held");
}

static void
takes_an_urgent_byte_in_its_place(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    uint64_t sum = 0;

    talk_accept(talk, &settings, 0);
    peer_send(talk, "ab");
    assert_int_equal(send(talk->peer, "!", 1, MSG_OOB), 1);
    peer_send(talk, "cd");
    while (sum < 5) {
        talk_wait(talk, EVENT_RECEIVED);
        sum += talk_skip_messages(talk, EVENT_RECEIVED);
    }
    assert_int_equal(talk->c.in, 5);
    talk_settle(talk);
    talk_expect_nothing(talk);
}

static void
takes_little_memory_while_idle(void **state)
{
    (void)state;
    assert_true(sizeof(struct conversation) <= 256);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(reports_accepted_with_both_addresses_and_its_settings),
        TALK(receives_one_record_for_each_recv),
        TALK(waits_for_bytes_without_a_deadline),
        TALK(keeps_the_first_part_of_a_message_cut_at_a_character),
        TALK(keeps_all_of_a_message_when_capture_is_whole),
        TALK(print_shows_and_answers_nothing),
        TALK(echo_sends_back_what_came),
        TALK(pong_answers_each_message),
        TALK(stall_never_reads_until_its_handler_is_changed),
        TALK(echo_does_not_read_while_its_answer_is_queued),
        TALK(print_reads_on_while_a_send_is_queued),
        TALK(counts_every_byte_both_ways),
        TALK(work_passes_before_the_answer_and_nothing_is_read_meanwhile),
        TALK(work_does_not_hold_what_the_user_sends),
        TALK(work_that_blocks_keeps_the_thread),
        TALK(pause_stops_reading_and_resume_goes_on),
        TALK(takes_an_urgent_byte_in_its_place),
        cmocka_unit_test(takes_little_memory_while_idle),
    };

    return cmocka_run_group_tests_name("conversation", tests, NULL, NULL);
}
