/* test_options.c - the command line. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/options.h"

enum { WORDS_MAX = 12 };

struct line {
    struct options options;
    struct error err;
    char words[256];            /* argv's strings lie here */
    char *argv[WORDS_MAX + 1];
    int argc;
};

static int
set_up(void **state)
{
    static struct line line;

    line = (struct line){ 0 };
    *state = &line;
    return 0;
}

static int
tear_down(void **state)
{
    struct line *line = *state;

    options_fini(&line->options);
    return 0;
}

/* Words parted by '|'. */
static int
parse(struct line *line, const char *words)
{
    char *rest = line->words, *word;

    options_fini(&line->options);
    line->argc = 0;
    strcpy(line->words, words);
    while ((word = strsep(&rest, "|")) != NULL)
        line->argv[line->argc++] = word;
    line->argv[line->argc] = NULL;
    return options_parse(&line->options, line->argc, line->argv, &line->err);
}

static void
assert_refused(struct line *line, const char *words, const char *sentence)
{
    line->err = (struct error){ 0 };
    assert_int_equal(parse(line, words), -EINVAL);
    assert_string_equal(line->err.text, sentence);
}

static void
without_words_nothing_is_asked_for(void **state)
{
    struct line *line = *state;

    assert_int_equal(parse(line, "sockdeck"), 0);
    assert_false(line->options.batch);
    assert_int_equal(line->options.input_count, 0);
}

static void
options_end_at_the_command(void **state)
{
    struct line *line = *state;
    const struct option_input *input;

    assert_int_equal(parse(line, "sockdeck|-b|listen|10001|--json|-E"), 0);
    assert_false(line->options.json);
    assert_int_equal(line->options.input_count, 1);
    input = &line->options.inputs[0];
    assert_int_equal(input->kind, OPTION_WORDS);
    assert_int_equal(input->argc, 4);
    assert_string_equal(input->argv[2], "--json");
}

static void
inputs_keep_the_order_of_the_command_line(void **state)
{
    struct line *line = *state;
    const struct option_input *inputs;

    assert_int_equal(parse(line, "sockdeck|-bj|-E|a b|--file=x|--execute|c|-f|-|quit"), 0);
    assert_true(line->options.batch && line->options.json);
    inputs = line->options.inputs;
    assert_int_equal(line->options.input_count, 5);
    assert_int_equal(inputs[0].kind, OPTION_LINE);
    assert_string_equal(inputs[0].text, "a b");
    assert_int_equal(inputs[1].kind, OPTION_FILE);
    assert_string_equal(inputs[1].text, "x");
    assert_string_equal(inputs[2].text, "c");
    assert_int_equal(inputs[3].kind, OPTION_STDIN);
    assert_int_equal(inputs[4].kind, OPTION_WORDS);
}

static void
a_batch_reads_standard_input_only_when_nothing_else_was_given(void **state)
{
    struct line *line = *state;

    assert_int_equal(parse(line, "sockdeck|--batch"), 0);
    assert_int_equal(line->options.input_count, 1);
    assert_int_equal(line->options.inputs[0].kind, OPTION_STDIN);
    assert_int_equal(parse(line, "sockdeck|--batch|-E|quit"), 0);
    assert_int_equal(line->options.input_count, 1);
    assert_int_equal(line->options.inputs[0].kind, OPTION_LINE);
}

static void
mistakes_are_named(void **state)
{
    assert_refused(*state, "sockdeck|--foo", "--foo: unknown option");
    assert_refused(*state, "sockdeck|--jsn", "--jsn: unknown option; did you mean --json?");
    assert_refused(*state, "sockdeck|-bx", "-x: unknown option");
    assert_refused(*state, "sockdeck|-E", "-E: its argument is missing");
    assert_refused(*state, "sockdeck|--file", "--file: its argument is missing");
    assert_refused(*state, "sockdeck|--batch=1", "--batch=1: takes no argument");
    assert_refused(*state, "sockdeck|-j", "--json goes with --batch");
    assert_refused(*state, "sockdeck|-f|-",
                   "-f - goes with --batch: the screen takes standard input");
    assert_refused(*state, "sockdeck|-b|-f|-|-f|-", "-f -: standard input is read once");
}

static void
demo_is_a_line_to_run(void **state)
{
    struct line *line = *state;
    const struct options *options = &line->options;

    assert_int_equal(parse(line, "sockdeck|--demo|-E|show modes"), 0);
    assert_int_equal(options->input_count, 2);
    assert_int_equal(options->inputs[0].kind, OPTION_LINE);
    assert_string_equal(options->inputs[0].text, "demo");
}

static void
help_lists_every_option(void **state)
{
    static const char *const names[] = { "-E, --execute LINE", "-f, --file FILE", "-b, --batch",
                                         "-j, --json", "--demo", "--no-rc", "--ascii", "-h, --help",
                                         "-V, --version" };
    struct buffer out = { 0 };

    (void)state;
    options_write_help(&out);
    assert_int_equal(buffer_add(&out, "", 1), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_non_null(strstr(buffer_data(&out), names[i]));
    buffer_fini(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_words_nothing_is_asked_for),
        TEST(options_end_at_the_command),
        TEST(inputs_keep_the_order_of_the_command_line),
        TEST(a_batch_reads_standard_input_only_when_nothing_else_was_given),
        TEST(mistakes_are_named),
        TEST(demo_is_a_line_to_run),
        TEST(help_lists_every_option),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
