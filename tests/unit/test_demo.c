/* test_demo.c - the steps of the tour, and the names in its commands. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/demo.h"

static void
each_step_is_a_known_command_in_order_with_a_caption_of_one_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < demo_step_count; i++) {
        const struct demo_step *step = &demo_steps[i];
        char verb[16];

        assert_true(strlen(step->caption) > 0 && strlen(step->caption) <= 78);
        assert_true(i == 0 || step->at_s > demo_steps[i - 1].at_s);
        strcpy(verb, "");
        strncat(verb, step->command, strcspn(step->command, " "));
        assert_true(i + 1 == demo_step_count ? *verb == '\0' : command_find(verb, NULL) != NULL);
    }
}

static void
begin_listener(struct model *model, uint16_t id, uint32_t mode, const char *address)
{
    struct event *event = record_new(EVENT_LISTENING, 0, address, strlen(address) + 1);

    event->listener = id;
    event->u.listening.mode = mode;
    record_apply(model, event);
}

static void
names_stand_for_what_the_tour_has_opened_and_for_nothing_older(void **state)
{
    struct model *model = model_new(1 << 20);
    struct error err = { 0 };
    struct demo demo;
    char line[DEMO_LINE];

    (void)state;
    begin_listener(model, 1, 0, "127.0.0.1:1111");
    record_apply(model, record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:1111", "127.0.0.1:2"));
    demo_init(&demo, model);
    assert_int_equal(demo_expand(&demo, model, "connect $P", line, &err), -ENOENT);
    assert_string_equal(err.text, "the tour's server is gone");
    begin_listener(model, 2, 0, "127.0.0.1:2222");
    begin_listener(model, 3, MODEL_MODE_HOLE, "127.0.0.1:3333");
    record_apply(model, record_of_peers(EVENT_CONNECTED, 2, "127.0.0.1:2222", "127.0.0.1:3"));
    assert_int_equal(demo_expand(&demo, model, "do $L $P, $H $B and $C x", line, NULL), 0);
    assert_string_equal(line, "do L2 2222, L3 3333 and #2 x");
    record_apply(model, record_new(EVENT_CLOSED, 2, NULL, 0));
    assert_int_equal(demo_expand(&demo, model, "ping $C", line, &err), -ENOENT);
    assert_string_equal(err.text, "the tour's client is gone");
    model_free(model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_step_is_a_known_command_in_order_with_a_caption_of_one_line),
        cmocka_unit_test(names_stand_for_what_the_tour_has_opened_and_for_nothing_older),
    };

    return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
