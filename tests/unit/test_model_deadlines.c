/* test_model_deadlines.c - model: which limit ends first, as the records tell. */
#include "config.h"

#include "test.h"

#include "made_model.h"
#include "sockdeck/serve/settings.h"

static void
the_limit_that_ends_first_is_the_nearest_deadline(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct deadline nearest;
    struct event *event;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_READ] = 500;
    settings.timeout_ns[TIMEOUT_IDLE] = 300;
    model_accept(model, 1, 1, 0);
    record_apply(model, record_new(EVENT_SETTINGS, 1, &settings, sizeof(settings)));
    assert_false(model_nearest_deadline(model_connection(model, 1), &nearest));

    event = record_new(EVENT_WAITS, 1, NULL, 0);
    event->u.waits = (struct event_waits) {
        .running = 1u << TIMEOUT_READ | 1u << TIMEOUT_IDLE,
        .read_since_ns = 1000,
        .active_ns = 1300,
    };
    record_apply(model, event);
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_READ);
    assert_int_equal(nearest.since_ns, 1000);
    assert_int_equal(nearest.limit_ns, 500);

    event = record_new(EVENT_RECEIVED, 1, "x", 1);
    event->stamp_ns = 2000;
    record_apply(model, event);
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_IDLE);
    assert_int_equal(nearest.since_ns, 2000);
    record_apply(model, record_new(EVENT_CLOSED, 1, NULL, 0));
    assert_false(model_nearest_deadline(model_connection(model, 1), &nearest));
}

static void
a_connect_limit_runs_from_the_attempt_and_a_send_from_its_start(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct deadline nearest;
    struct event *event;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_CONNECT] = 5000;
    settings.timeout_ns[TIMEOUT_SEND] = 700;
    settings.timeout_ns[TIMEOUT_READ] = 100;
    event = record_of_peers(EVENT_CONNECTING, 1, "127.0.0.1:9", "");
    event->flags = EVENT_DIALLED;
    event->stamp_ns = 1000;
    record_apply(model, event);
    record_apply(model, record_new(EVENT_SETTINGS, 1, &settings, sizeof(settings)));
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_CONNECT);
    assert_int_equal(nearest.since_ns, 1000);

    event = record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:9", "127.0.0.1:5");
    event->stamp_ns = 2000;
    record_apply(model, event);
    assert_false(model_nearest_deadline(model_connection(model, 1), &nearest));
    event = record_new(EVENT_WAITS, 1, NULL, 0);
    event->u.waits = (struct event_waits) {
        .running = 1u << TIMEOUT_SEND,
        .send_since_ns = 3000,
    };
    record_apply(model, event);
    assert_true(model_nearest_deadline(model_connection(model, 1), &nearest));
    assert_int_equal(nearest.kind, TIMEOUT_SEND);
    assert_int_equal(nearest.since_ns, 3000);
    assert_int_equal(nearest.limit_ns, 700);
}

static void
a_listener_has_an_accept_deadline_that_each_client_begins_anew(void **state)
{
    struct model *model = *state;
    struct settings settings;
    struct deadline deadline;
    struct event *event;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_ACCEPT] = 500;
    model_listen(model, 1, "127.0.0.1:10001", "threads");
    event = record_new(EVENT_SETTINGS, 0, &settings, sizeof(settings));
    event->listener = 1;
    record_apply(model, event);
    assert_false(model_accept_deadline(model_listener(model, 1), &deadline));
    event = record_new(EVENT_WAITS, 0, NULL, 0);
    event->listener = 1;
    event->u.waits = (struct event_waits) { .running = 1u << TIMEOUT_ACCEPT, .active_ns = 700 };
    record_apply(model, event);
    assert_true(model_accept_deadline(model_listener(model, 1), &deadline));
    assert_int_equal(deadline.kind, TIMEOUT_ACCEPT);
    assert_int_equal(deadline.since_ns, 700);
    event = record_of_peers(EVENT_ACCEPTED, 1, "127.0.0.1:9", "127.0.0.1:10001");
    event->listener = 1;
    event->stamp_ns = 1100;
    record_apply(model, event);
    assert_true(model_accept_deadline(model_listener(model, 1), &deadline));
    assert_int_equal(deadline.since_ns, 1100);
    event = record_new(EVENT_WAITS, 0, NULL, 0);
    event->listener = 1;
    record_apply(model, event);
    assert_false(model_accept_deadline(model_listener(model, 1), &deadline));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MODEL_TEST(the_limit_that_ends_first_is_the_nearest_deadline),
        MODEL_TEST(a_connect_limit_runs_from_the_attempt_and_a_send_from_its_start),
        MODEL_TEST(a_listener_has_an_accept_deadline_that_each_client_begins_anew),
    };

    return cmocka_run_group_tests_name("model, deadlines", tests, NULL, NULL);
}
