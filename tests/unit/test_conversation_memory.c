/* test_conversation_memory.c - conversation: no memory ends that connection, and says so.
 *
 * Linked with --wrap=malloc, calloc and realloc: memory that runs out at one place
 * cannot be provoked otherwise. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/status.h"
#include "talk.h"

static bool memory_is_out;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);

void *
__wrap_malloc(size_t n)
{
    return memory_is_out ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return memory_is_out ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t n)
{
    return memory_is_out ? NULL : __real_realloc(old, n);
}

/* The records are read by the test itself, so memory is back before that. */
static void
advance_without_memory(struct talk *talk, short revents)
{
    talk_wait_ready(talk, revents);
    memory_is_out = true;
    conversation_advance(&talk->c, &talk->ctx, revents, talk->now_ns);
    memory_is_out = false;
}

static void
ask_without_memory(struct talk *talk, const struct request *request, const char *data)
{
    memory_is_out = true;
    conversation_request(&talk->c, &talk->ctx, request, data, talk->now_ns);
    memory_is_out = false;
}

static void
expect_end(struct talk *talk)
{
    talk_expect_error(talk, CALL_NONE, ENOMEM, SEVERITY_ERROR);
    assert_int_equal(talk->records[talk->next]->u.closed.fate, STATUS_INTERNAL);
    assert_int_equal(talk->records[talk->next]->u.closed.by, BY_ERROR);
    talk_expect(talk, EVENT_CLOSED);
    assert_true(conversation_wants(&talk->c).ended);
}

static void
none_to_receive_into(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    talk_accept(talk, &settings, 0);
    peer_send(talk, "x");
    advance_without_memory(talk, POLLIN);
    expect_end(talk);
    talk_expect_nothing(talk);
}

static void
none_for_an_answer_that_work_precedes(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    settings.handler = HANDLER_ECHO;
    settings.work_ns = SECONDS(1);
    talk_accept(talk, &settings, 0);
    assert_non_null(context_scratch(&talk->ctx, settings.recv_size));
    peer_send(talk, "x");
    advance_without_memory(talk, POLLIN);
    talk_expect_message(talk, EVENT_RECEIVED, "x");
    expect_end(talk);
    talk_expect_nothing(talk);
}

static void
none_for_what_the_kernel_does_not_take(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    char *data = calloc(1, REQUEST_DATA_MAX);
    const struct request request = {
        .type = REQUEST_SEND, .id = 1, .data_size = REQUEST_DATA_MAX,
    };

    talk_accept(talk, &settings, TALK_SMALL);
    ask_without_memory(talk, &request, data);
    talk_skip_messages(talk, EVENT_SENT);
    expect_end(talk);
    talk_expect_reply(talk, 1, -ENOMEM, STATUS_INTERNAL);
    talk_expect_nothing(talk);
    free(data);
}

static void
none_for_a_run_of_pings(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();
    const struct request request = {
        .type = REQUEST_PING, .id = 1, .u.ping = { .count = 1, .size = 4, .eol = -1 },
    };

    talk_accept(talk, &settings, 0);
    ask_without_memory(talk, &request, NULL);
    expect_end(talk);
    talk_expect_reply(talk, 1, -ENOMEM, STATUS_INTERNAL);
    talk_expect_nothing(talk);
}

static void
none_to_dial(void **state)
{
    struct talk *talk = *state;
    struct settings settings = talk_settings();

    memory_is_out = true;
    conversation_dial(&talk->c, &talk->ctx, TALK_CONN, &talk->address, 1, NULL, &settings, 1,
                      talk->now_ns);
    memory_is_out = false;
    talk->has_conversation = true;
    expect_end(talk);
    talk_expect_reply(talk, 1, -ENOMEM, STATUS_INTERNAL);
    talk_expect_nothing(talk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TALK(none_to_receive_into),
        TALK(none_for_an_answer_that_work_precedes),
        TALK(none_for_what_the_kernel_does_not_take),
        TALK(none_for_a_run_of_pings),
        TALK(none_to_dial),
    };

    return cmocka_run_group_tests_name("conversation memory", tests, NULL, NULL);
}
