/* test_preferences.c - keys and preferences of one's own, and what the environment asks for. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "screen_stage.h"

static void
a_key_can_be_bound_and_reset(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    screen_stage_run(s, "bind F9 set time next");
    pty_screen_send(s->pty, ESC "[20~");
    assert_shown(s, "time since start");
    screen_stage_run(s, "bind F9");
    assert_shown(s, "set time next");
    screen_stage_run(s, "bind F9 default");
    screen_stage_run(s, "bind F9");
    assert_shown(s, "F9: bound to nothing");
    screen_stage_run(s, "bind x help quit");
    screen_stage_run(s, "bind in=anywhere x help");
    assert_shown(s, "x is typed at the prompt; use in=pane");
    pty_screen_send(s->pty, F6 "x");
    assert_shown(s, "close everything and end");
    screen_stage_return(s);
    screen_stage_run(s, "bind F9 nonsense");
    assert_shown(s, "nonsense: unknown command");
    screen_stage_run(s, "bind Hyper-Q help");
    assert_shown(s, "Hyper-Q: no name of a key");
    screen_stage_quit(s);
}

static void
help_lists_the_keys_of_what_has_the_focus(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 30, 100);
    screen_stage_run(s, "help keys");
    assert_shown(s, "Keys at the prompt:");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "Keys at the prompt:");
    pty_screen_send(s->pty, F6 "?");
    assert_shown(s, "Keys in a pane:");
    assert_shown(s, "look for a text");
    screen_stage_return(s);
    screen_stage_quit(s);
}

static void
preferences_are_kept_in_sockdeckrc(void **state)
{
    static const char rc[] = "set theme contrast\nset view hex\nset ascii on\nbind F9 help\n";
    struct screen_stage *s = *state;
    int fd;

    screen_stage_write(s, "sockdeck/sockdeckrc", rc, strlen(rc));
    screen_stage_start(s, 24, 100);
    assert_shown(s, "- Connections -");
    fd = screen_stage_peer(s, "handler=print");
    screen_stage_say(fd, "ping");
    assert_shown(s, "0000  70 69 6e 67");
    assert_non_null(strstr(pty_screen_dump(s->pty), "{k:231}"));
    screen_stage_run(s, "set view next");
    assert_shown(s, "|ping|");
    screen_stage_run(s, "set theme nice");
    assert_shown(s, "nice: unknown theme; it is auto, dark, light, contrast, mono or projector");
    close(fd);
    screen_stage_quit(s);
}

static void
the_values_of_preferences_are_completed(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    pty_screen_send(s->pty, "set theme \t");
    assert_shown(s, "black on white, bold, nothing dim");
    pty_screen_send(s->pty, "pro\t");
    assert_shown(s, "sockdeck> set theme projector");
    pty_screen_send(s->pty, CTRL_C "filter d\t");
    assert_shown(s, "sockdeck> filter dir=");
    pty_screen_send(s->pty, "o\t");
    assert_shown(s, "sockdeck> filter dir=out");
    pty_screen_send(s->pty, CTRL_C);
    screen_stage_quit(s);
}

static void
the_projector_theme_has_nothing_dim_and_a_white_ground(void **state)
{
    struct screen_stage *s = *state;
    const char *dump;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "set theme projector");
    assert_shown(s, "sockdeck>");
    assert_true(pty_screen_wait_text(s->pty, "Nothing is open yet"));
    screen_stage_run(s, "set theme");
    assert_shown(s, "projector");
    dump = pty_screen_dump(s->pty);
    assert_non_null(strstr(dump, "{k:231}"));
    assert_null(strstr(dump, "{f:245}"));
    screen_stage_quit(s);
}

static void
no_color_is_heard(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_env(s, "NO_COLOR=1");
    screen_stage_start(s, 24, 80);
    assert_shown(s, "Nothing is open yet");
    assert_null(strstr(pty_screen_dump(s->pty), "{f:"));
    screen_stage_run(s, "set theme dark");
    assert_shown(s, "sockdeck>");
    screen_stage_run(s, "set theme");
    assert_shown(s, "the colours");
    assert_non_null(strstr(pty_screen_dump(s->pty), "{f:"));
    screen_stage_quit(s);
}

static void
works_on_old_terminals_and_in_the_c_locale(void **state)
{
    static const char *const terms[] = { "TERM=vt100", "TERM=linux", "TERM=screen",
                                         "TERM=tmux-256color" };
    struct screen_stage *s = *state;

    screen_stage_env(s, "LC_ALL=C");
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        int before = s->env_count, fd;

        screen_stage_env(s, terms[i]);
        screen_stage_start(s, 24, 80);
        assert_shown(s, "- Connections -");
        pty_screen_send(s->pty, F6);            /* as most terminals send it */
        assert_shown(s, "keys go to Connections");
        pty_screen_send(s->pty, ESC);
        assert_gone(s, "keys go to");
        fd = screen_stage_peer(s, "handler=print");
        screen_stage_say(fd, "\xd0\x96");
        assert_shown(s, "2  \\xd0\\x96");
        pty_screen_send(s->pty, "send \xd0\xa0");
        assert_shown(s, "> send \\xd0\\xa0");
        pty_screen_send(s->pty, "\r");
        assert_shown(s, ">      2  \\xd0\\xa0");
        close(fd);
        screen_stage_quit(s);
        pty_screen_close(s->pty);
        s->pty = NULL;
        s->env_count = before;
        s->env[before] = NULL;
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_key_can_be_bound_and_reset),
        screen_stage_test(help_lists_the_keys_of_what_has_the_focus),
        screen_stage_test(preferences_are_kept_in_sockdeckrc),
        screen_stage_test(the_values_of_preferences_are_completed),
        screen_stage_test(the_projector_theme_has_nothing_dim_and_a_white_ground),
        screen_stage_test(no_color_is_heard),
        screen_stage_test(works_on_old_terminals_and_in_the_c_locale),
    };

    return cmocka_run_group_tests_name("preferences", tests, NULL, NULL);
}
