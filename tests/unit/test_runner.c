/* test_runner.c - jobs: requests go out, replies end commands, the next one starts. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>

#include "console_fixture.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/mode.h"

static void
a_command_ends_with_its_reply_and_the_next_starts(void **state)
{
    struct fixture *f = *state;
    const struct request *request;

    fixture_run(f, "listen 10001 workers=2 mode=prefork handler=echo read=5s; connect 10001");
    request = fixture_posted(f, 0, REQUEST_LISTEN);
    assert_string_equal(modes[request->u.listen.mode]->name, "prefork");
    assert_int_equal(request->u.listen.workers, 2);
    assert_int_equal(request->u.listen.settings.handler, HANDLER_ECHO);
    assert_int_equal(request->u.listen.settings.timeout_ns[TIMEOUT_READ], 5 * NS_PER_S);
    assert_int_equal(((const struct endpoint *)f->engine.data[0])->port, 10001);
    fixture_step(f);
    assert_int_equal(f->engine.count, 1);

    fixture_reply(f, 0, 0, 1, 0, "");
    fixture_posted(f, 1, REQUEST_DIAL);
    assert_true(console_is_busy(f->console));
    fixture_reply(f, 1, 0, 1, 0, "");
    fixture_assert_idle(f, STATUS_OK);
}

static void
a_failure_has_its_class_and_later_commands_still_run(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "connect 1; lisen 2; connect 3");
    fixture_reply(f, 0, -ECONNREFUSED, 0, STATUS_CONNECT, "refused");
    fixture_posted(f, 1, REQUEST_DIAL);
    fixture_reply(f, 1, -ETIMEDOUT, 0, 0, "");
    fixture_assert_failed(f, 0, STATUS_CONNECT, "refused");
    fixture_assert_failed(f, 1, STATUS_USAGE, "lisen: unknown command; did you mean listen?");
    fixture_assert_failed(f, 2, STATUS_TIMEOUT, "Connection timed out");
    fixture_assert_idle(f, STATUS_CONNECT);
    assert_string_equal(f->told, "lisen: unknown command; did you mean listen?");
}

static void
stop_on_error_drops_what_is_behind(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "set stop-on-error on; lisen 2; connect 3");
    assert_int_equal(f->engine.count, 0);
    fixture_assert_idle(f, STATUS_USAGE);
    fixture_run(f, "connect 3");
    fixture_posted(f, 0, REQUEST_DIAL);
}

static void
jobs_run_beside_each_other(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "connect 1");
    fixture_run(f, "connect 2");
    assert_int_equal(f->engine.count, 2);
    fixture_reply(f, 1, 0, 1, 0, "");
    assert_true(console_is_busy(f->console));
    fixture_reply(f, 0, 0, 2, 0, "");
    fixture_assert_idle(f, STATUS_OK);
}

static void
the_first_of_count_gets_the_focus(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "connect 10001 count=3");
    for (size_t i = 0; i < 3; i++) {
        fixture_posted(f, i, REQUEST_DIAL);
        fixture_open(f, 7 + (uint32_t)i);
    }
    fixture_reply(f, 1, 0, 8, 0, "");
    fixture_reply(f, 0, 0, 7, 0, "");
    fixture_reply(f, 2, 0, 9, 0, "");
    assert_int_equal(console_focus(f->console), 7);
    fixture_assert_idle(f, STATUS_OK);
}

static void
many_requests_go_out_in_a_window(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "connect 10001 count=1100");
    assert_int_equal(f->engine.count, RUN_WINDOW);
    for (size_t i = 0; i < 1100; i++)
        fixture_reply(f, i, 0, (uint32_t)i + 1, 0, "");
    assert_int_equal(f->engine.count, 1100);
    fixture_assert_idle(f, STATUS_OK);
}

static void
a_cancel_ends_the_request_early_and_drops_the_rest(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_run(f, "ping count=100; close");
    fixture_posted(f, 0, REQUEST_PING);
    console_cancel(f->console);
    assert_int_equal(fixture_posted(f, 1, REQUEST_CANCEL)->u.cancel.request, 1);
    assert_true(console_is_busy(f->console));
    fixture_agree(f, 0);
    assert_int_equal(f->engine.count, 2);
    fixture_assert_idle(f, STATUS_SIGINT);
}

static void
what_waits_on_an_ended_connection_fails_with_its_class(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    assert_int_equal(console_focus(f->console), 1);
    fixture_close(f, 1, STATUS_RECEIVE);
    fixture_run(f, "send x");
    fixture_run(f, "ping");
    fixture_run(f, "expect x");
    fixture_step(f);
    assert_int_equal(f->engine.count, 1);       /* expect asks for whole capture */
    assert_int_equal(f->failed_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(f->status[i], STATUS_RECEIVE);
}

static void
timeouts_go_to_connections_listeners_and_defaults(void **state)
{
    struct fixture *f = *state;
    const struct request *request;

    fixture_open(f, 1);
    fixture_open_listener(f, 1);
    fixture_run(f, "timeout #1 read 5s then=close; timeout L1 accept none; timeout default idle 0; "
                   "listen 0");
    request = fixture_posted(f, 0, REQUEST_SETTINGS);
    assert_int_equal(request->conn, 1);
    assert_int_equal(request->u.settings.bits, 1 << TIMEOUT_READ | SET_READ_THEN);
    assert_int_equal(request->u.settings.values.read_then, THEN_CLOSE);
    fixture_agree(f, 0);
    request = fixture_posted(f, 1, REQUEST_SETTINGS);
    assert_int_equal(request->listener, 1);
    assert_int_equal(request->conn, 0);
    assert_int_equal(request->u.settings.values.timeout_ns[TIMEOUT_ACCEPT], DURATION_NONE);
    fixture_agree(f, 1);
    fixture_posted(f, 2, REQUEST_DEFAULTS);
    fixture_agree(f, 2);
    request = fixture_posted(f, 3, REQUEST_LISTEN);
    assert_int_equal(request->u.listen.settings.timeout_ns[TIMEOUT_IDLE], 0);
}

static void
what_makes_no_sense_changes_nothing(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_run(f, "timeout #1 accept 5s; timeout idle 5s then=keep; timeout red 5; timeout read; "
                   "handler; mode frok; kill W9; shutdown up; eol lff; on-eof x; focus L1; "
                   "set nothing 1");
    assert_int_equal(f->engine.count, 0);
    assert_int_equal(f->failed_count, 12);
    for (size_t i = 0; i < f->failed_count; i++)
        assert_int_equal(f->status[i], STATUS_USAGE);
}

static void
preferences_take_effect(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "set max-connections 50; set event 1k");
    assert_int_equal(fixture_posted(f, 0, REQUEST_LIMIT)->u.limit.max_connections, 50);
    assert_int_equal(console_preference(f->console, PREFERENCE_EVENT_BYTES), 4096);
    fixture_agree(f, 0);                        /* it holds everywhere: the next command runs */
    assert_int_equal(console_preference(f->console, PREFERENCE_EVENT_BYTES), 1024);
    fixture_run(f, "set max-connections 0");
    assert_int_equal(f->engine.count, 1);
    assert_int_equal(f->status[0], STATUS_USAGE);
}

static void
what_needs_the_screen_fails_without_one(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "zoom");
    fixture_assert_failed(f, 0, STATUS_USAGE, "needs the screen");
    assert_string_equal(f->told, "zoom: needs the screen");
}

static void
quit_drops_what_is_behind(void **state)
{
    struct fixture *f = *state;

    fixture_run(f, "quit; connect 1");
    assert_true(console_quit_wanted(f->console));
    assert_int_equal(f->engine.count, 0);
    fixture_assert_idle(f, STATUS_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_command_ends_with_its_reply_and_the_next_starts),
        FIXTURE_TEST(a_failure_has_its_class_and_later_commands_still_run),
        FIXTURE_TEST(stop_on_error_drops_what_is_behind),
        FIXTURE_TEST(jobs_run_beside_each_other),
        FIXTURE_TEST(the_first_of_count_gets_the_focus),
        FIXTURE_TEST(many_requests_go_out_in_a_window),
        FIXTURE_TEST(a_cancel_ends_the_request_early_and_drops_the_rest),
        FIXTURE_TEST(what_waits_on_an_ended_connection_fails_with_its_class),
        FIXTURE_TEST(timeouts_go_to_connections_listeners_and_defaults),
        FIXTURE_TEST(what_makes_no_sense_changes_nothing),
        FIXTURE_TEST(preferences_take_effect),
        FIXTURE_TEST(what_needs_the_screen_fails_without_one),
        FIXTURE_TEST(quit_drops_what_is_behind),
    };

    return cmocka_run_group_tests_name("runner", tests, NULL, NULL);
}
