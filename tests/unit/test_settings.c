/* test_settings.c - settings: the defaults, and changes that touch nothing else. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "sockdeck/serve/settings.h"

static void
begins_with_the_defaults_of_the_contract(void **state)
{
    struct settings settings;

    (void)state;
    memset(&settings, 0xff, sizeof(settings));
    settings_init(&settings);
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        assert_int_equal(settings.timeout_ns[kind], DURATION_NONE);
    assert_int_equal(settings.work_ns, 0);
    assert_int_equal(settings.accept_delay_ns, 0);
    assert_int_equal(settings.recv_size, 1024);
    assert_int_equal(settings.handler, HANDLER_PRINT);
    assert_int_equal(settings.work_blocks, 0);
    assert_int_equal(settings.read_then, THEN_DEFAULT);
    assert_int_equal(settings.on_eof, THEN_DEFAULT);
    assert_int_equal(settings.eol, EOL_NONE);
    assert_int_equal(settings.capture, CAPTURE_PART);
}

/* Each bit changes what it names and leaves all else: from two settings that
 * differ everywhere, the changes of all bits one after the other make them equal. */
static void
changes_only_what_a_bit_names(void **state)
{
    static const uint32_t bits[] = {
        1u << TIMEOUT_CONNECT, 1u << TIMEOUT_ACCEPT, 1u << TIMEOUT_READ, 1u << TIMEOUT_SEND,
        1u << TIMEOUT_IDLE, SET_WORK, SET_HANDLER, SET_READ_THEN, SET_ON_EOF, SET_EOL,
        SET_CAPTURE, SET_RECV, SET_ACCEPT_DELAY,
    };
    struct settings settings, values = {
        .timeout_ns = { 1, 2, 3, 4, 5 }, .work_ns = 6, .accept_delay_ns = 7, .recv_size = 8,
        .handler = HANDLER_PONG, .work_blocks = 1, .read_then = THEN_KEEP,
        .on_eof = THEN_CLOSE, .eol = EOL_CRLF, .capture = CAPTURE_WHOLE,
    };

    (void)state;
    settings_init(&settings);
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        struct settings before = settings;

        settings_change(&settings, &values, bits[i]);
        assert_memory_not_equal(&settings, &before, sizeof(settings));
        settings_change(&settings, &before, bits[i]);
        assert_memory_equal(&settings, &before, sizeof(settings));
        settings_change(&settings, &values, bits[i]);
    }
    assert_memory_equal(&settings, &values, sizeof(settings));
}

static void
changes_nothing_without_a_bit(void **state)
{
    struct settings settings, before, values = { .recv_size = 8 };

    (void)state;
    settings_init(&settings);
    before = settings;
    settings_change(&settings, &values, 0);
    assert_memory_equal(&settings, &before, sizeof(settings));
}

static void
names_and_explains_every_choice(void **state)
{
    (void)state;
    for (int i = 0; i < HANDLER_COUNT; i++)
        assert_true(*handler_names[i].name != '\0' && *handler_names[i].summary != '\0');
    for (int i = 0; i < EOL_COUNT; i++)
        assert_true(*eol_names[i].name != '\0' && *eol_names[i].summary != '\0');
    for (int i = 0; i < 3; i++)
        assert_true(*then_names[i].name != '\0' && *then_names[i].summary != '\0');
    assert_string_equal(eol_bytes[EOL_NONE], "");
    assert_string_equal(eol_bytes[EOL_LF], "\n");
    assert_string_equal(eol_bytes[EOL_CR], "\r");
    assert_string_equal(eol_bytes[EOL_CRLF], "\r\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_with_the_defaults_of_the_contract),
        cmocka_unit_test(changes_only_what_a_bit_names),
        cmocka_unit_test(changes_nothing_without_a_bit),
        cmocka_unit_test(names_and_explains_every_choice),
    };

    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
