/* test_args.c - arguments: what is a target, a key, a word, and what is data. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/words.h"

struct parsed {
    struct words words;
    struct args args;
    const struct command *command;
    struct error err;
};

static int
set_up(void **state)
{
    static struct parsed parsed;

    parsed = (struct parsed){ 0 };
    *state = &parsed;
    return 0;
}

static int
tear_down(void **state)
{
    struct parsed *parsed = *state;

    words_fini(&parsed->words);
    return 0;
}

static int
parse(struct parsed *p, const char *line)
{
    words_fini(&p->words);
    p->err = (struct error){ 0 };
    assert_int_equal(words_split(&p->words, line, strlen(line), NULL), 0);
    p->command = command_find(p->words.list[0].text, NULL);
    assert_non_null(p->command);
    return args_parse(&p->args, p->command, p->words.list + 1, p->words.count - 1, &p->err);
}

static const struct value *
value_of(const struct parsed *p, const char *key)
{
    int place = key_find(p->command->keys, key, strlen(key));

    assert_true(place >= 0);
    return &p->args.values[place];
}

static void
assert_data(const struct parsed *p, const char *expected)
{
    struct buffer data = { 0 };

    words_join(&data, p->args.data, p->args.data_count);
    assert_int_equal(buffer_size(&data), strlen(expected));
    assert_memory_equal(buffer_data(&data), expected, strlen(expected));
    buffer_fini(&data);
}

static void
assert_refused(struct parsed *p, const char *line, const char *sentence)
{
    assert_true(parse(p, line) < 0);
    assert_string_equal(p->err.text, sentence);
}

static void
keys_stand_anywhere_and_have_their_defaults(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "listen workers=5 10001 read-timeout=1.5"), 0);
    assert_string_equal(args_word(&p->args, 0), "10001");
    assert_int_equal(value_of(p, "workers")->number, 5);
    assert_true(value_of(p, "workers")->given);
    assert_int_equal(value_of(p, "read-timeout")->number, 1500000000);
    assert_int_equal(value_of(p, "backlog")->number, 128);
    assert_false(value_of(p, "backlog")->given);
    assert_int_equal(value_of(p, "recv")->number, 1024);
}

static void
a_unique_prefix_of_a_key_is_enough_and_an_exact_name_wins(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "connect 1 read=5s idle=none"), 0);
    assert_int_equal(value_of(p, "read-timeout")->number, 5000000000);
    assert_int_equal(value_of(p, "idle-timeout")->number, DURATION_NONE);
    assert_int_equal(parse(p, "listen 1 work=20ms"), 0);
    assert_int_equal(value_of(p, "work")->number, 20000000);
    assert_refused(p, "listen 1 re=5", "re= is not unique: recv= or read-timeout=");
}

static void
there_is_no_plain_timeout_and_the_error_names_the_four(void **state)
{
    assert_refused(*state, "connect 1 timeout=5",
                   "timeout=: connect has no such key; use connect-timeout=, read-timeout=, "
                   "send-timeout= or idle-timeout=");
}

static void
a_value_is_checked_by_its_kind(void **state)
{
    struct parsed *p = *state;

    assert_refused(p, "listen 1 workers=65", "workers=65: \"65\" is not a number from 1 to 64");
    assert_refused(p, "listen 1 handler=ech",
                   "ech: unknown handler; it is print, echo, pong or stall");
    assert_refused(p, "listen 1 recv=2M", "recv=2M: it is 1 to 1M");
    assert_true(parse(p, "listen 1 read=-1") < 0);
    assert_true(parse(p, "connect 1 count=99999999999999999999") < 0);
    assert_true(parse(p, "connect 1 count=") < 0);
}

static void
data_is_everything_from_the_first_other_word(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "send #3 eol=lf a=b  #1 eol=cr # x"), 0);
    assert_int_equal(p->args.target.first, 3);
    assert_int_equal(value_of(p, "eol")->number, 1);
    assert_data(p, "a=b #1 eol=cr # x");
}

static void
a_number_is_data_where_data_is_taken(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "send 3"), 0);
    assert_int_equal(p->args.target.kind, TARGET_NONE);
    assert_data(p, "3");
    assert_int_equal(parse(p, "close 3"), 0);
    assert_int_equal(p->args.target.first, 3);
}

static void
two_dashes_end_targets_and_keys(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "send #3 -- eol=lf --"), 0);
    assert_false(value_of(p, "eol")->given);
    assert_data(p, "eol=lf --");
    assert_int_equal(parse(p, "send -- #3"), 0);
    assert_int_equal(p->args.target.kind, TARGET_NONE);
    assert_data(p, "#3");
}

static void
a_quoted_word_is_neither_target_nor_key(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "send \"#3\" x"), 0);
    assert_int_equal(p->args.target.kind, TARGET_NONE);
    assert_data(p, "#3 x");
    assert_int_equal(parse(p, "send 'eol=lf'"), 0);
    assert_data(p, "eol=lf");
}

static void
wait_takes_a_bare_number_as_a_time_unless_more_follows(void **state)
{
    struct parsed *p = *state;

    assert_int_equal(parse(p, "wait 3"), 0);
    assert_int_equal(p->args.target.kind, TARGET_NONE);
    assert_string_equal(args_word(&p->args, 0), "3");
    assert_int_equal(parse(p, "wait 3 closed"), 0);
    assert_int_equal(p->args.target.first, 3);
    assert_string_equal(args_word(&p->args, 0), "closed");
}

static void
too_few_and_too_many_words_are_refused(void **state)
{
    assert_refused(*state, "eol", "a word is missing; usage: eol [T] none|lf|cr|crlf");
    assert_refused(*state, "send #3", "a word is missing; usage: send [T] [eol=none|lf|cr|crlf] DATA...");
    assert_refused(*state, "quit ask now", "now: one word too many for quit");
}

static void
a_nul_has_no_place_in_a_name(void **state)
{
    assert_true(parse(*state, "connect a\\0b") < 0);
    assert_true(parse(*state, "connect 1 from=a\\0b") < 0);
    assert_int_equal(parse(*state, "send a\\0b"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_stand_anywhere_and_have_their_defaults),
        TEST(a_unique_prefix_of_a_key_is_enough_and_an_exact_name_wins),
        TEST(there_is_no_plain_timeout_and_the_error_names_the_four),
        TEST(a_value_is_checked_by_its_kind),
        TEST(data_is_everything_from_the_first_other_word),
        TEST(a_number_is_data_where_data_is_taken),
        TEST(two_dashes_end_targets_and_keys),
        TEST(a_quoted_word_is_neither_target_nor_key),
        TEST(wait_takes_a_bare_number_as_a_time_unless_more_follows),
        TEST(too_few_and_too_many_words_are_refused),
        TEST(a_nul_has_no_place_in_a_name),
    };

    return cmocka_run_group_tests_name("args", tests, NULL, NULL);
}
