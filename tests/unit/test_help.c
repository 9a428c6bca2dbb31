/* test_help.c - help says what the tables say. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/help.h"

static void
assert_usage(const char *verb, const char *usage)
{
    struct buffer out = { 0 };

    help_write_usage(&out, command_find(verb, NULL));
    assert_int_equal(buffer_size(&out), strlen(usage));
    assert_memory_equal(buffer_data(&out), usage, strlen(usage));
    buffer_fini(&out);
}

static void
usage_shows_keys_with_their_defaults(void **state)
{
    (void)state;
    assert_usage("ping", "ping [T] [count=1] [interval=1s] [size=4] [wait=1s] [eol=none|lf|cr|crlf]");
    assert_usage("quit", "quit [ask]");
    assert_usage("connect", "connect [ADDR:]PORT [connect-timeout=D] [read-timeout=D] [send-timeout=D] "
                 "[idle-timeout=D] [recv=1024] [count=1] [from=ADDR[:PORT]]");
    assert_usage("handler", "handler [L] print|echo|pong|stall [work=D] [block=yes]");
    assert_usage("timeout", "timeout [T|L|default] [connect|accept|read|send|idle D] [then=close|keep]");
    assert_usage("eol", "eol [T] none|lf|cr|crlf");
}

static void
options_stand_before_the_data(void **state)
{
    (void)state;
    assert_usage("send", "send [T] [eol=none|lf|cr|crlf] DATA...");
    assert_usage("expect", "expect [T] [within=2s] PATTERN");
    assert_usage("sendhex", "sendhex [T] HEX...");
}

static void
help_names_every_key_and_its_values(void **state)
{
    (void)state;
    for (const struct command *command = commands; command->name != NULL; command++) {
        struct buffer out = { 0 };

        help_write(&out, command);
        assert_non_null(strstr(buffer_data(&out), command->summary));
        for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++) {
            char line[64];

            snprintf(line, sizeof(line), "\n  %s=", key->name);
            assert_non_null(strstr(buffer_data(&out), line));
            assert_non_null(strstr(buffer_data(&out), key->summary));
        }
        buffer_fini(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usage_shows_keys_with_their_defaults),
        cmocka_unit_test(options_stand_before_the_data),
        cmocka_unit_test(help_names_every_key_and_its_values),
    };

    return cmocka_run_group_tests_name("help", tests, NULL, NULL);
}
