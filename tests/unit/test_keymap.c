/* test_keymap.c - the table of keys: complete, unambiguous, and every command known. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/ui/face_state.h"

static const struct keymap none;        /* as at first */

static void
every_key_has_help_and_a_name(void **state)
{
    char name[16];

    (void)state;
    for (const struct binding *b = keymap_defaults; b->key != KEYS_NONE; b++) {
        assert_true(b->help != NULL && *b->help != '\0');
        assert_true(*keys_name(name, b->key) != '\0');
    }
}

static void
no_key_means_two_things_in_one_place(void **state)
{
    (void)state;
    for (const struct binding *b = keymap_defaults; b->key != KEYS_NONE; b++)
        for (const struct binding *other = keymap_defaults; other < b; other++)
            assert_false(other->key == b->key && other->place == b->place);
}

static void
every_key_runs_a_command_that_exists(void **state)
{
    (void)state;
    for (const struct binding *b = keymap_defaults; b->key != KEYS_NONE; b++) {
        char verb[32];

        snprintf(verb, sizeof(verb), "%.*s", (int)strcspn(b->command, " "), b->command);
        assert_non_null(command_find(verb, NULL));
        assert_string_equal(command_find(verb, NULL)->name, verb);
    }
}

static void
a_place_falls_back_to_what_it_is_in(void **state)
{
    (void)state;
    assert_string_equal(keymap_find(&none, PLACE_EVENTS, 'j')->command, "go down");
    assert_string_equal(keymap_find(&none, PLACE_EVENTS, KEYS_F3)->command, "view next");
    assert_string_equal(keymap_find(&none, PLACE_OVERLAY, 'q')->command, "back");
    assert_null(keymap_find(&none, PLACE_OVERLAY, 'x'));
    assert_null(keymap_find(&none, PLACE_PROMPT, 'j'));
}

static void
what_ends_a_connection_asks_first(void **state)
{
    (void)state;
    assert_true(keymap_find(&none, PLACE_CONNECTIONS, 'x')->asks);
    assert_true(keymap_find(&none, PLACE_MESSAGES, 'X')->asks);
    assert_true(keymap_find(&none, PLACE_EVENTS, 'R')->asks);
}

static void
figures_in_a_pane_are_the_function_keys(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 7; n++)
        assert_string_equal(keymap_find(&none, PLACE_MESSAGES, '0' + n)->command,
                            keymap_find(&none, PLACE_ANYWHERE, KEYS_F0 + n)->command);
}

static void
a_key_that_asks_runs_a_command_that_ends_something(void **state)
{
    (void)state;
    for (const struct binding *b = keymap_defaults; b->key != KEYS_NONE; b++) {
        char verb[32];

        snprintf(verb, sizeof(verb), "%.*s", (int)strcspn(b->command, " "), b->command);
        assert_int_equal(b->asks, command_find(verb, NULL)->asks);
    }
}

static void
a_key_can_be_given_another_command_and_its_own_again(void **state)
{
    struct keymap keymap;

    (void)state;
    keymap_init(&keymap);
    keymap_bind(&keymap, PLACE_PANE, 'x', "info", false);
    keymap_bind(&keymap, PLACE_EVENTS, 'x', "open", false);
    assert_string_equal(keymap_find(&keymap, PLACE_MESSAGES, 'x')->command, "info");
    assert_string_equal(keymap_find(&keymap, PLACE_EVENTS, 'x')->command, "open");
    keymap_bind(&keymap, PLACE_PANE, 'x', "fold", false);
    assert_string_equal(keymap_find(&keymap, PLACE_MESSAGES, 'x')->command, "fold");
    keymap_bind(&keymap, PLACE_PANE, 'x', NULL, false);
    assert_string_equal(keymap_find(&keymap, PLACE_MESSAGES, 'x')->command, "close");
    keymap_fini(&keymap);
    assert_string_equal(keymap_find(&keymap, PLACE_EVENTS, 'x')->command, "close");
}

static void
places_are_found_by_their_words(void **state)
{
    (void)state;
    for (int i = 0; i < PLACE_COUNT; i++)
        assert_int_equal(keymap_place_find(keymap_place_word((enum place)i)), i);
    assert_int_equal(keymap_place_find("nowhere"), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_help_and_a_name),
        cmocka_unit_test(no_key_means_two_things_in_one_place),
        cmocka_unit_test(every_key_runs_a_command_that_exists),
        cmocka_unit_test(a_place_falls_back_to_what_it_is_in),
        cmocka_unit_test(what_ends_a_connection_asks_first),
        cmocka_unit_test(a_key_that_asks_runs_a_command_that_ends_something),
        cmocka_unit_test(a_key_can_be_given_another_command_and_its_own_again),
        cmocka_unit_test(places_are_found_by_their_words),
        cmocka_unit_test(figures_in_a_pane_are_the_function_keys),
    };

    return cmocka_run_group_tests_name("keymap", tests, NULL, NULL);
}
