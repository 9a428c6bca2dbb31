/* test_surroundings.c - what the program is started in: closed standard descriptors, a full
 * disk, no home, poor locales and terminals. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

/* Runs a line of sh, in which $S is the program without sockdeckrc, to its end. */
static int
shell(struct stage *s, const char *line)
{
    char script[512];

    snprintf(script, sizeof(script), "S='./sockdeck --no-rc'; %s", line);
    process_stop(&s->peers[0]);
    process_start(&s->peers[0], (const char *const[]){ "sh", "-c", script, NULL });
    return process_wait(&s->peers[0]);
}

/* Nothing but this is on standard error. */
static void
expect_error(struct stage *s, const char *text)
{
    assert_string_equal(process_error_text(&s->peers[0]), text);
}

static void
a_closed_standard_input_is_the_end_of_the_commands(void **state)
{
    struct stage *s = *state;

    assert_int_equal(shell(s, "exec $S --batch <&-"), 0);
    expect_error(s, "");
    assert_int_equal(shell(s, "exec $S --batch -f - -E 'show modes' <&-"), 0);
    assert_true(buffer_size(&s->peers[0].out_bytes) > 0);
}

static void
a_closed_standard_output_is_told_and_status_70(void **state)
{
    struct stage *s = *state;

    assert_int_equal(shell(s, "exec $S --batch show modes >&-"), 70);
    expect_error(s, "sockdeck: standard output: Bad file descriptor\n");
    assert_int_equal(shell(s, "exec $S --batch --json listen 0 <&- >&- 2>&-"), 70);
}

static void
a_full_disk_behind_standard_output_is_told_and_status_70(void **state)
{
    static const char told[] = "sockdeck: standard output: No space left on device\n";
    static const char *const lines[] = {
        "exec $S --batch show modes >/dev/full",
        "exec $S --batch --json wait 1ms >/dev/full",
        "exec $S --batch nonsense 2>/dev/null >/dev/full",
    };
    struct stage *s = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(shell(s, lines[i]), 70);
        if (strstr(lines[i], "2>") == NULL)
            expect_error(s, told);
    }
    /* one with something open ends then, too */
    assert_int_equal(shell(s, "exec $S --batch -E 'listen 0' >/dev/full"), 70);
    assert_non_null(strstr(process_error_text(&s->peers[0]), told));
}

static void
a_batch_needs_no_home_no_locale_and_no_terminal(void **state)
{
    static const char *const lines[] = {
        "exec env -i ./sockdeck --batch wait 1ms",
        "exec env -i HOME=/nonexistent ./sockdeck --batch wait 1ms",
        "exec env -i HOME=relative XDG_CONFIG_HOME=too ./sockdeck --batch wait 1ms",
        "LC_ALL=C TERM=dumb exec $S --batch wait 1ms",
        "LC_ALL=xx_YY.nonsense TERM=nonsense exec $S --batch wait 1ms",
        "INPUTRC=/dev/zero exec $S --batch wait 1ms",
    };
    struct stage *s = *state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_int_equal(shell(s, lines[i]), 0);
        expect_error(s, "");
    }
}

static void
json_is_the_same_in_every_locale(void **state)
{
    struct stage *s = *state;

    assert_int_equal(setenv("LC_ALL", "C", 1), 0);
    stage_listen(s, "listen 0 handler=print");
    unsetenv("LC_ALL");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    assert_int_equal(stage_run(s, "send \xd0\xbf\xd1\x80 \xe2\x82\xac"), 0);
    assert_event_string(batch_event(&s->batch, "received", 2), "data",
                        "\xd0\xbf\xd1\x80 \xe2\x82\xac");
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_closed_standard_input_is_the_end_of_the_commands),
        stage_test(a_closed_standard_output_is_told_and_status_70),
        stage_test(a_full_disk_behind_standard_output_is_told_and_status_70),
        stage_test(a_batch_needs_no_home_no_locale_and_no_terminal),
        stage_test(json_is_the_same_in_every_locale),
    };

    return cmocka_run_group_tests_name("surroundings", tests, NULL, NULL);
}
