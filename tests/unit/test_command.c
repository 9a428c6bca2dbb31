/* test_command.c - the command table: complete, without doubles, found by prefix. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/choice.h"
#include "sockdeck/cmd/command.h"

static const struct command *
find(const char *word)
{
    return command_find(word, NULL);
}

static void
assert_refused(const char *word, const char *sentence)
{
    struct error err = { 0 };

    assert_null(command_find(word, &err));
    assert_string_equal(err.text, sentence);
}

static void
every_command_says_what_it_does_and_can_be_run(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++) {
        assert_non_null(command->usage);
        assert_true(command->summary != NULL && command->summary[0] != '\0');
        assert_non_null(command->start);
        assert_true(command->takes_data || command->min_words <= command->max_words);
        assert_true(command->max_words <= ARGS_MAX);
    }
}

static void
names_and_aliases_are_unique(void **state)
{
    (void)state;
    for (const struct command *a = commands; a->name != NULL; a++)
        for (const struct command *b = a + 1; b->name != NULL; b++) {
            assert_string_not_equal(a->name, b->name);
            assert_true(a->alias == NULL || strcmp(a->alias, b->name) != 0);
            assert_true(b->alias == NULL || strcmp(b->alias, a->name) != 0);
        }
}

static void
every_key_can_be_typed_and_its_default_is_one_of_its_values(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++) {
        int count = 0;

        for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++, count++) {
            struct value value = { 0 };

            assert_int_equal(key_find(command->keys, key->name, strlen(key->name)), count);
            assert_non_null(key->summary);
            assert_true(key->kind != VALUE_CHOICE || key->choices != NULL);
            if (key->fallback != NULL)
                assert_int_equal(key_parse(key, key->fallback, &value, NULL), 0);
        }
        assert_true(count <= KEYS_MAX);
    }
}

static void
an_exact_name_wins_over_longer_ones(void **state)
{
    (void)state;
    assert_string_equal(find("send")->name, "send");
    assert_string_equal(find("?")->name, "help");
    assert_string_equal(find("exit")->name, "quit");
}

static void
a_unique_prefix_is_enough(void **state)
{
    (void)state;
    assert_string_equal(find("li")->name, "listen");
    assert_string_equal(find("sendh")->name, "sendhex");
    assert_string_equal(find("exi")->name, "quit");
    assert_refused("res", "res: not unique: resume or reset");
    assert_refused("sendx", "sendx: unknown command; did you mean send?");
}

static void
an_unknown_verb_is_named_with_what_is_near(void **state)
{
    (void)state;
    assert_refused("lisen", "lisen: unknown command; did you mean listen?");
    assert_refused("colse", "colse: unknown command; did you mean close?");
    assert_refused("xyzzy", "xyzzy: unknown command; 'help' lists them");
    assert_refused("", "\"\": no command; 'help' lists them");
    assert_refused("wait 1ms", "\"wait 1ms\": one word, and no command; to a shell write its words "
                   "without quotes, or -E 'LINE'");
    assert_refused("#3", "#3: unknown command; 'help' lists them");
}

static void
hostile_bytes_in_a_verb_are_escaped(void **state)
{
    (void)state;
    assert_refused("a\x1b[2J", "a\\x1b[2J: unknown command; 'help' lists them");
}

static void
distance_counts_single_slips(void **state)
{
    (void)state;
    assert_int_equal(choice_distance("listen", "listen"), 0);
    assert_int_equal(choice_distance("lisen", "listen"), 1);
    assert_int_equal(choice_distance("lsiten", "listen"), 1);
    assert_int_equal(choice_distance("listenn", "listen"), 1);
    assert_int_equal(choice_distance("lixten", "listen"), 1);
    assert_int_equal(choice_distance("", "abc"), 3);
    assert_int_equal(choice_distance("LISTEN", "listen"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_says_what_it_does_and_can_be_run),
        cmocka_unit_test(names_and_aliases_are_unique),
        cmocka_unit_test(every_key_can_be_typed_and_its_default_is_one_of_its_values),
        cmocka_unit_test(an_exact_name_wins_over_longer_ones),
        cmocka_unit_test(a_unique_prefix_is_enough),
        cmocka_unit_test(an_unknown_verb_is_named_with_what_is_near),
        cmocka_unit_test(hostile_bytes_in_a_verb_are_escaped),
        cmocka_unit_test(distance_counts_single_slips),
    };

    return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
