/* test_model.c - model: exact sums, journals and replies from records. */
#include "config.h"

#include "test.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <stdatomic.h>

#include "made_model.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"

static void
records_lie_in_the_journal_of_their_pane(void **state)
{
    struct model *model = *state;

    model_accept(model, 1, 0, 0);
    model_message(model, EVENT_RECEIVED, 1, "ping");
    record_apply(model, record_new(EVENT_CALL, 1, "fd", 2));
    record_apply(model, record_new(EVENT_REPLY, 0, NULL, 0));
    assert_int_equal(model_journal_end(model, JOURNAL_EVENTS), 1);
    assert_int_equal(model_journal_end(model, JOURNAL_MESSAGES), 1);
    assert_int_equal(model_journal_end(model, JOURNAL_CALLS), 1);
    assert_int_equal(model_journal_at(model, JOURNAL_MESSAGES, 0)->type, EVENT_RECEIVED);
    assert_memory_equal(model_journal_at(model, JOURNAL_MESSAGES, 0)->data, "ping", 4);
    assert_null(model_journal_at(model, JOURNAL_MESSAGES, 1));
    assert_int_equal(model_totals(model)->events, 3);
}

static void
sums_stay_exact_when_records_have_gone(void **state)
{
    struct model *model = *state;
    struct event *event = record_of_message(EVENT_RECEIVED, 1, NULL, 0);
    const struct event *batch[512];

    model_set_memory(model, 1 << 20);
    model_accept(model, 1, 0, 0);
    event->u.message.bytes = 1000;
    for (int i = 0; i < 512; i++)
        batch[i] = event;
    for (int i = 0; i < 200; i++)
        model_apply(model, batch, 512, 0);
    assert_true(model_journal_begin(model, JOURNAL_MESSAGES) > 0);
    assert_int_equal(model_journal_end(model, JOURNAL_MESSAGES), 200 * 512);
    assert_int_equal(model_connection(model, 1)->in, 1000 * 200 * 512);
    assert_int_equal(model_connection(model, 1)->in_messages, 200 * 512);
    test_free(event);
}

static void
reply_to(struct model *model, uint32_t request, const char *text)
{
    struct event *event = record_new(EVENT_REPLY, 0, text, strlen(text));

    event->u.reply = (struct event_reply) { request, -1, 7, STATUS_CONNECT };
    record_apply(model, event);
}

static void
a_reply_is_taken_once(void **state)
{
    struct model *model = *state;
    struct reply reply;

    reply_to(model, 3, "connect: Connection refused");
    assert_false(model_take_reply(model, 4, &reply));
    assert_true(model_take_reply(model, 3, &reply));
    assert_string_equal(reply.text, "connect: Connection refused");
    assert_int_equal(reply.reply.object, 7);
    assert_int_equal(reply.reply.status, STATUS_CONNECT);
    assert_false(model_take_reply(model, 3, &reply));
}

static void
however_many_replies_come_at_once_each_is_there_to_be_taken(void **state)
{
    enum { REPLIES = 10000 };
    struct model *model = *state;
    struct reply reply;

    for (uint32_t request = 1; request <= REPLIES; request++)
        reply_to(model, request, "");
    reply_to(model, 0, "");
    assert_false(model_take_reply(model, 0, &reply));
    for (uint32_t request = 1; request <= REPLIES; request++)
        assert_true(model_take_reply(model, request, &reply));
}

static void
a_stamp_keeps_its_wall_time_when_the_clock_jumps(void **state)
{
    struct model *model = *state;
    struct event *event = record_new(EVENT_EOF, 1, NULL, 0);
    const struct event *batch[] = { event };

    event->stamp_ns = 1 * NS_PER_S;
    model_apply(model, batch, 1, 1000 * NS_PER_S);
    event->stamp_ns = 2 * NS_PER_S;
    model_apply(model, batch, 1, 1000 * NS_PER_S + 20 * NS_PER_US);
    event->stamp_ns = 3 * NS_PER_S;
    model_apply(model, batch, 1, 5000 * NS_PER_S);
    assert_int_equal(model_wall_ns(model, 1 * NS_PER_S), 1001 * NS_PER_S);
    assert_int_equal(model_wall_ns(model, 2 * NS_PER_S), 1002 * NS_PER_S);
    assert_int_equal(model_wall_ns(model, 3 * NS_PER_S), 5003 * NS_PER_S);
    test_free(event);
}

static void
the_revision_grows_with_every_change(void **state)
{
    struct model *model = *state;
    uint64_t before = model_revision(model);

    model_apply(model, NULL, 0, 0);
    assert_int_equal(model_revision(model), before);
    model_accept(model, 1, 0, 0);
    assert_true(model_revision(model) > before);
}

struct race {
    struct model *model;
    _Atomic bool stop;
};

static void *
apply_without_end(void *arg)
{
    struct race *race = arg;
    struct event event = { .size = sizeof(event), .type = EVENT_RECEIVED, .conn = 1 };
    const struct event *batch[1024];

    event.u.message.bytes = 1;
    for (int i = 0; i < 1024; i++)
        batch[i] = &event;
    while (!atomic_load(&race->stop))
        model_apply(race->model, batch, 1024, 0);
    return NULL;
}

static void
a_reader_gets_its_turn_while_records_pour_in(void **state)
{
    struct race race = { .model = *state };
    pthread_t thread;
    int64_t started;

    model_accept(race.model, 1, 0, 0);
    pthread_create(&thread, NULL, apply_without_end, &race);
    started = clock_mono_ns();
    for (int i = 0; i < 200; i++) {
        const struct connection *c;

        model_lock(race.model);
        c = model_connection(race.model, 1);
        assert_int_equal(c->in, c->in_messages);
        assert_int_equal(c->in, model_totals(race.model)->in);
        model_unlock(race.model);
    }
    assert_true(clock_mono_ns() - started < 10 * NS_PER_S);
    atomic_store(&race.stop, true);
    pthread_join(thread, NULL);
}

/* What the kept records of one direction show as text, one after another. */
static void
shown_text(struct model *model, enum event_type type, char *out, size_t size)
{
    size_t used = 0;

    for (uint64_t i = model_journal_begin(model, JOURNAL_MESSAGES);
         i < model_journal_end(model, JOURNAL_MESSAGES); i++) {
        const struct event *event = model_journal_at(model, JOURNAL_MESSAGES, i);
        const struct event_message *message = &event->u.message;
        size_t n = message->carried + event->data_size;
        char whole[64];

        if (event->type != type)
            continue;
        memcpy(whole, message->carry, message->carried);
        memcpy(whole + message->carried, event->data, event->data_size);
        if (message->hides_end)
            n -= message->held;
        assert_true(used + n < size);
        assert_int_equal(text_whole(whole, n), n);      /* each shows whole characters only */
        memcpy(out + used, whole, n);
        used += n;
    }
    out[used] = '\0';
}

static void
characters_split_between_messages_are_shown_whole(void **state)
{
    static const char text[] = "a\303\251\342\202\254\360\237\230\200z";

    (void)state;
    for (size_t piece = 1; piece < sizeof(text); piece++) {
        struct model *model = model_new(MODEL_MEMORY_DEFAULT);
        char shown[64];

        record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:1", "127.0.0.1:2"));
        for (size_t at = 0; at < sizeof(text) - 1; at += piece) {
            size_t n = sizeof(text) - 1 - at < piece ? sizeof(text) - 1 - at : piece;

            record_apply(model, record_of_message(EVENT_RECEIVED, 1, text + at, n));
            record_apply(model, record_of_message(EVENT_SENT, 1, text + at, n));    /* echoed */
        }
        shown_text(model, EVENT_RECEIVED, shown, sizeof(shown));
        assert_string_equal(shown, text);
        shown_text(model, EVENT_SENT, shown, sizeof(shown));
        assert_string_equal(shown, text);
        model_free(model);
    }
}

static void
a_character_that_is_never_finished_hides_nothing(void **state)
{
    struct model *model = model_new(MODEL_MEMORY_DEFAULT);
    const struct event *event;

    (void)state;
    record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:1", "127.0.0.1:2"));
    record_apply(model, record_of_message(EVENT_RECEIVED, 1, "\303", 1));
    record_apply(model, record_of_message(EVENT_RECEIVED, 1, "x", 1));
    event = model_journal_at(model, JOURNAL_MESSAGES, 0);
    assert_false(event->u.message.hides_end);
    event = model_journal_at(model, JOURNAL_MESSAGES, 1);
    assert_int_equal(event->u.message.carried, 0);
    model_free(model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MODEL_TEST(records_lie_in_the_journal_of_their_pane),
        MODEL_TEST(sums_stay_exact_when_records_have_gone),
        MODEL_TEST(a_reply_is_taken_once),
        MODEL_TEST(however_many_replies_come_at_once_each_is_there_to_be_taken),
        MODEL_TEST(a_stamp_keeps_its_wall_time_when_the_clock_jumps),
        MODEL_TEST(the_revision_grows_with_every_change),
        MODEL_TEST(a_reader_gets_its_turn_while_records_pour_in),
        cmocka_unit_test(characters_split_between_messages_are_shown_whole),
        cmocka_unit_test(a_character_that_is_never_finished_hides_nothing),
    };

    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
