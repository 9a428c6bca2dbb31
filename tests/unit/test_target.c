/* test_target.c - targets: how they are written, and what they mean to the model. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/focus.h"
#include "sockdeck/cmd/target.h"

enum { CONNECTIONS = TAKES_CONNECTIONS | TAKES_BARE };

static void
assert_target(const char *word, unsigned takes, enum target_kind kind, uint32_t first, uint32_t last)
{
    struct target target = { 0 };

    assert_int_equal(target_parse(word, takes, &target, NULL), 1);
    assert_int_equal(target.kind, kind);
    assert_int_equal(target.first, first);
    assert_int_equal(target.last, last);
}

static void
reads_each_form(void **state)
{
    (void)state;
    assert_target("#3", CONNECTIONS, TARGET_NUMBERS, 3, 3);
    assert_target("#2-5", CONNECTIONS, TARGET_NUMBERS, 2, 5);
    assert_target("3", CONNECTIONS, TARGET_NUMBERS, 3, 3);
    assert_target("@focus", CONNECTIONS, TARGET_FOCUS, 0, 0);
    assert_target("@all", CONNECTIONS, TARGET_ALL, 0, 0);
    assert_target("@in", CONNECTIONS, TARGET_IN, 0, 0);
    assert_target("@out", CONNECTIONS, TARGET_OUT, 0, 0);
    assert_target("L1", TAKES_LISTENER, TARGET_LISTENER, 1, 1);
    assert_target("W2", TAKES_WORKER, TARGET_WORKER, 2, 2);
    assert_target("default", TAKES_DEFAULT, TARGET_DEFAULT, 0, 0);
}

static void
other_words_are_no_targets(void **state)
{
    static const char *const words[] = { "", "#", "#x", "#3x", "#-1", "#1-", "@", "@fo", "L", "l1",
                                         "W1x", "L1-2", "default", "ping" };
    struct target target;

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        assert_int_equal(target_parse(words[i], TAKES_CONNECTIONS, &target, NULL), 0);
    assert_int_equal(target_parse("3", TAKES_CONNECTIONS, &target, NULL), 0);
}

static void
a_target_of_the_wrong_kind_is_refused(void **state)
{
    struct target target;
    struct error err = { 0 };

    (void)state;
    assert_int_equal(target_parse("#1", TAKES_LISTENER, &target, &err), -EINVAL);
    assert_string_equal(err.text, "#1: this command takes a listener such as L1");
    assert_int_equal(target_parse("#5-2", CONNECTIONS, &target, &err), -EINVAL);
}

static void
a_number_too_large_is_no_connection(void **state)
{
    struct target target;
    struct error err = { 0 };

    (void)state;
    assert_int_equal(target_parse("#99999999999999999999", CONNECTIONS, &target, &err), -EINVAL);
    assert_string_equal(err.text, "#99999999999999999999: there is no such number; ids are counted "
                                  "from 1");
    assert_int_equal(target_parse("#2-4294967296", CONNECTIONS, &target, &err), -EINVAL);
}

static void
a_target_is_written_as_it_is_read(void **state)
{
    static const char *const words[] = { "#3", "#2-5", "@focus", "@all", "@in", "@out", "L1", "W2" };
    struct target target;
    char buf[32];

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        assert_int_equal(target_parse(words[i], CONNECTIONS, &target, NULL), 1);
        assert_string_equal(target_text(&target, buf), words[i]);
    }
}

/* --- what they mean -------------------------------------------------------------- */

static void
open_connection(struct model *model, uint32_t id, uint16_t listener)
{
    struct event *event = record_of_peers(listener != 0 ? EVENT_ACCEPTED : EVENT_CONNECTED, id,
                                          "127.0.0.1:1", "127.0.0.1:2");

    event->listener = listener;
    if (listener == 0)
        event->flags = EVENT_DIALLED;
    record_apply(model, event);
}

static void
close_connection(struct model *model, uint32_t id)
{
    record_apply(model, record_new(EVENT_CLOSED, id, NULL, 0));
}

static void
open_listener(struct model *model, uint16_t id)
{
    struct event *event = record_new(EVENT_LISTENING, 0, "127.0.0.1:9", 12);

    event->listener = id;
    record_apply(model, event);
}

/* #1 dialled, #2 and #3 accepted by L1, #4 closed. */
static int
set_up(void **state)
{
    struct model *model = model_new(1 << 20);

    open_listener(model, 1);
    open_connection(model, 1, 0);
    open_connection(model, 2, 1);
    open_connection(model, 3, 1);
    open_connection(model, 4, 0);
    close_connection(model, 4);
    *state = model;
    return 0;
}

static int
tear_down(void **state)
{
    model_free(*state);
    return 0;
}

/* The ids as digits: "12". */
static int
resolve(struct model *model, const char *word, uint32_t focus, char digits[16], struct error *err)
{
    struct target target = { 0 };
    struct id_list list = { 0 };
    int code;

    if (word != NULL)
        assert_int_equal(target_parse(word, CONNECTIONS, &target, err), 1);
    code = target_connections(&target, model, focus, &list, err);
    memset(digits, 0, 16);
    for (size_t i = 0; i < list.count; i++)
        digits[i] = (char)('0' + list.ids[i]);
    id_list_fini(&list);
    return code;
}

static void
sets_mean_the_open_connections(void **state)
{
    static const char *const cases[][2] = {
        { "@all", "123" }, { "@in", "23" }, { "@out", "1" }, { "L1", "23" },
        { "#2-4", "23" }, { "#1", "1" }, { "@focus", "2" },
    };
    char digits[16];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(resolve(*state, cases[i][0], 2, digits, NULL), 0);
        assert_string_equal(digits, cases[i][1]);
    }
}

static void
no_target_is_the_focus_or_an_error_that_names_the_open_ones(void **state)
{
    struct error err = { 0 };
    char digits[16];

    assert_int_equal(resolve(*state, NULL, 3, digits, NULL), 0);
    assert_string_equal(digits, "3");
    assert_int_equal(resolve(*state, NULL, 0, digits, &err), -ENOENT);
    assert_string_equal(err.text, "no connection has the focus; name one: #1, #2 or #3");
}

static void
a_connection_that_closed_and_one_that_never_was_are_told_apart(void **state)
{
    struct error err = { 0 };
    char digits[16];

    assert_int_equal(resolve(*state, "#4", 1, digits, &err), -EPIPE);
    assert_string_equal(err.text, "#4 is closed");
    assert_string_equal(digits, "4");
    assert_int_equal(resolve(*state, "#9", 1, digits, &err), -ENOENT);
    assert_string_equal(err.text, "#9: there is no such connection; open: #1, #2 or #3");
}

static void
a_listener_left_out_is_the_only_one(void **state)
{
    const struct target none = { 0 };
    struct error err = { 0 };

    assert_int_equal(target_listener(&none, *state, &err), 1);
    open_listener(*state, 2);
    assert_int_equal(target_listener(&none, *state, &err), -ENOENT);
    assert_string_equal(err.text, "which listener? name one: L1 or L2");
}

/* --- the focus ------------------------------------------------------------------- */

static uint32_t
focus_now(struct focus *focus, struct model *model)
{
    model_lock(model);
    focus_update(focus, model);
    model_unlock(model);
    return focus->conn;
}

static int
set_up_empty(void **state)
{
    *state = model_new(1 << 20);
    return 0;
}

static void
the_first_accepted_takes_the_focus_when_nothing_has_it(void **state)
{
    struct focus focus = { 0 };

    open_connection(*state, 1, 1);
    open_connection(*state, 2, 1);
    assert_int_equal(focus_now(&focus, *state), 1);
}

static void
an_accepted_one_does_not_take_the_focus_from_another(void **state)
{
    struct focus focus = { 0 };

    open_connection(*state, 1, 0);
    focus_set(&focus, 1);
    open_connection(*state, 2, 1);
    assert_int_equal(focus_now(&focus, *state), 1);
}

static void
the_only_open_one_takes_over(void **state)
{
    struct focus focus = { 0 };

    open_connection(*state, 1, 0);
    open_connection(*state, 2, 1);
    focus_set(&focus, 1);
    assert_int_equal(focus_now(&focus, *state), 1);
    close_connection(*state, 1);
    assert_int_equal(focus_now(&focus, *state), 2);
}

static void
with_several_open_none_takes_over_until_a_new_one_comes(void **state)
{
    struct focus focus = { 0 };

    for (uint32_t id = 1; id <= 3; id++)
        open_connection(*state, id, 1);
    assert_int_equal(focus_now(&focus, *state), 1);
    close_connection(*state, 1);
    assert_int_equal(focus_now(&focus, *state), 0);
    assert_int_equal(focus_now(&focus, *state), 0);
    open_connection(*state, 4, 1);
    assert_int_equal(focus_now(&focus, *state), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_each_form),
        cmocka_unit_test(other_words_are_no_targets),
        cmocka_unit_test(a_target_of_the_wrong_kind_is_refused),
        cmocka_unit_test(a_number_too_large_is_no_connection),
        cmocka_unit_test(a_target_is_written_as_it_is_read),
        cmocka_unit_test_setup_teardown(sets_mean_the_open_connections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_target_is_the_focus_or_an_error_that_names_the_open_ones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_connection_that_closed_and_one_that_never_was_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_listener_left_out_is_the_only_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_accepted_takes_the_focus_when_nothing_has_it, set_up_empty, tear_down),
        cmocka_unit_test_setup_teardown(an_accepted_one_does_not_take_the_focus_from_another, set_up_empty, tear_down),
        cmocka_unit_test_setup_teardown(the_only_open_one_takes_over, set_up_empty, tear_down),
        cmocka_unit_test_setup_teardown(with_several_open_none_takes_over_until_a_new_one_comes, set_up_empty, tear_down),
    };

    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
