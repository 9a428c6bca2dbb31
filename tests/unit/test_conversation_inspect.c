/* test_conversation_inspect.c - conversation: what it tells of its socket when asked. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/serve/inspection.h"
#include "talk.h"

static struct inspection
inspect(struct talk *talk)
{
    struct inspection inspection;
    const struct event *reply;

    talk_ask_simple(talk, REQUEST_INSPECT, 9);
    reply = talk_expect(talk, EVENT_REPLY);
    assert_int_equal(reply->u.reply.request, 9);
    assert_int_equal(reply->u.reply.code, 0);
    assert_int_equal(reply->data_size, sizeof(inspection));
    memcpy(&inspection, reply->data, sizeof(inspection));
    return inspection;
}

static void
tells_its_options_and_its_address(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct inspection inspection;
    char local[ADDRESS_TEXT];

    talk_accept(talk, &settings, 4096);
    inspection = inspect(talk);
    assert_int_equal(inspection.options[OPTION_SNDBUF], 2 * 4096);
    assert_int_equal(inspection.options[OPTION_NONBLOCK], 1);
    assert_int_equal(inspection.queued, 0);
    assert_string_equal(inspection.local, address_text(&talk->address, local));
}

static void
tells_since_when_each_wait_goes_on(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    struct inspection inspection;
    int64_t begun_ns;

    talk_accept(talk, &settings, 0);
    begun_ns = inspect(talk).since_ns[TIMEOUT_READ];
    assert_true(begun_ns != 0);
    talk_pass(talk, SECONDS(3));
    inspection = inspect(talk);
    assert_true(inspection.since_ns[TIMEOUT_READ] == begun_ns);
    assert_true(inspection.since_ns[TIMEOUT_IDLE] == begun_ns);
    assert_true(inspection.since_ns[TIMEOUT_SEND] == 0);
    assert_true(inspection.since_ns[TIMEOUT_CONNECT] == 0);

    peer_send(talk, "hello");
    talk_wait(talk, EVENT_RECEIVED);
    talk_skip_messages(talk, EVENT_RECEIVED);
    assert_true(inspect(talk).since_ns[TIMEOUT_READ] >= begun_ns + SECONDS(3));
    talk_ask_simple(talk, REQUEST_PAUSE, 2);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect_reply(talk, 2, 0, 0);
    assert_true(inspect(talk).since_ns[TIMEOUT_READ] == 0);
}

static void
tells_what_waits_for_room_in_the_kernel(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    static const char data[REQUEST_DATA_MAX];
    struct inspection inspection;

    talk_accept(talk, &settings, 4096);
    for (uint32_t id = 1; id <= 3; id++)
        talk_ask_send(talk, id, data, sizeof(data));
    talk_settle(talk);
    while (talk->next < talk->count)
        talk->next++;                   /* what was sent and done so far */
    inspection = inspect(talk);
    assert_true(inspection.queued > 0);
    assert_true(inspection.queued <= 3 * sizeof(data));
    assert_true(inspection.since_ns[TIMEOUT_SEND] != 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(tells_its_options_and_its_address),
        TALK(tells_since_when_each_wait_goes_on),
        TALK(tells_what_waits_for_room_in_the_kernel),
    };

    return cmocka_run_group_tests_name("conversation_inspect", tests, NULL, NULL);
}
