/* test_screen.c - the real program on a pseudo-terminal: what a person sees: the first screen,
 * sizes, panes, keys and the mouse. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "screen_stage.h"

static void
the_first_screen_says_what_to_try(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    assert_true(pty_screen_is_alternate(s->pty));
    assert_shown(s, "Nothing is open yet. Try, one at a time:");
    assert_shown(s, "listen 10001 handler=echo");
    assert_shown(s, "connect 10001");
    assert_shown(s, "ping count=3");
    assert_shown(s, "Tab completes · help · demo: a tour · quit");
    assert_shown(s, " Connections ");
    assert_shown(s, " Events ");
    screen_stage_run(s, "listen %u", s->port);
    assert_gone(s, "Nothing is open yet");
    screen_stage_quit(s);
}

static void
pings_show_both_ends_and_a_summary(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 30, 100);
    screen_stage_echo(s);
    screen_stage_run(s, "ping count=3 interval=20ms");
    assert_shown(s, "min/avg/p50/p99/max");
    assert_shown(s, "3 sent, 3 replied");
    assert_shown(s, "#1 →      4  ping");
    assert_shown(s, "#2  ←     4  ping");
    assert_shown(s, "2 open, 0 closed");
    screen_stage_quit(s);
}

static void
a_new_size_lays_everything_out_anew(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_echo(s);
    pty_screen_resize(s->pty, 60, 200);
    assert_shown(s, "QUEUES");
    pty_screen_resize(s->pty, 10, 40);
    assert_shown(s, "sockdeck needs 60 columns and");
    pty_screen_resize(s->pty, 16, 60);
    assert_shown(s, "sockdeck #1>");
    assert_shown(s, " Messages ");
    screen_stage_quit(s);
}

static void
a_storm_of_sizes_ends_in_the_right_frame(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    for (int i = 0; i < 200; i++)
        pty_screen_resize(s->pty, 1 + i * 7 % 90, 1 + i * 13 % 300);
    pty_screen_resize(s->pty, 24, 80);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    assert_shown(s, "F10 quit");
    assert_string_equal(pty_screen_row(s->pty, 21), "sockdeck>");
    screen_stage_quit(s);
}

static void
keys_go_to_a_pane_only_while_it_has_the_focus(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_echo(s);
    pty_screen_send(s->pty, "send hello\r");
    assert_shown(s, "hello");
    pty_screen_send(s->pty, F6);
    assert_shown(s, "[Connections]");
    assert_shown(s, "keys go to Connections; Esc returns");
    pty_screen_send(s->pty, "z");
    assert_gone(s, " Messages");
    pty_screen_send(s->pty, "z");
    assert_shown(s, " Messages");
    pty_screen_send(s->pty, "gx");
    assert_shown(s, "close #1? x again does it");
    pty_screen_send(s->pty, "x");
    assert_shown(s, "closed by us");
    pty_screen_send(s->pty, ESC);
    assert_shown(s, "sockdeck");
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
help_opens_above_the_prompt_and_esc_closes_it(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, F1);
    assert_shown(s, "Keys at the prompt:");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "Keys at the prompt:");
    screen_stage_run(s, "nonsense");
    assert_shown(s, "nonsense");
    screen_stage_quit(s);
}

/* The markers of what is selected and of what belongs to it. */
static bool
has_two_marked(struct pty_screen *pty, void *ctx)
{
    const char *first = strstr(pty_screen_text(pty), "▸");

    (void)ctx;
    return first != NULL && strstr(first + 1, "▸") != NULL;
}

static void
calls_are_shown_as_they_are_made_and_mark_what_they_did(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 30, 110);
    screen_stage_run(s, "listen %u handler=echo mode=prefork workers=2", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    assert_false(pty_screen_has(s->pty, " Calls "));
    screen_stage_run(s, "calls on");
    assert_shown(s, " Calls ");
    assert_shown(s, "accept4(7, ...) <blocked ");
    assert_shown(s, "<blocked 2.");
    screen_stage_run(s, "connect %u", s->port);
    assert_shown(s, "sockdeck #1>");
    screen_stage_run(s, "ping");
    assert_shown(s, "0 lost");
    assert_shown(s, ", \"ping\", 4, MSG_NOSIGNAL, NULL, 0) = 4 <");
    assert_false(has_two_marked(s->pty, NULL));
    pty_screen_send(s->pty, F6 F6 F6 F6);
    assert_shown(s, "[Calls]");
    assert_true(pty_screen_wait(s->pty, has_two_marked, NULL, PTY_WAIT_MS));
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "[Call: ");
    assert_shown(s, "  message   ");
    assert_shown(s, " 4 bytes \"ping\"");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "[Call: ");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_run(s, "calls off");
    assert_gone(s, " Calls ");
    screen_stage_quit(s);
}

static void
the_mouse_focuses_and_selects(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_echo(s);
    pty_screen_send(s->pty, ESC "[<0;10;5M" ESC "[<0;10;5m");
    assert_shown(s, "[Connections]");
    assert_shown(s, "▸   #1");
    pty_screen_send(s->pty, ESC "[<0;10;22M" ESC "[<0;10;22m");
    assert_gone(s, "[Connections]");
    screen_stage_quit(s);
}

static void
bytes_of_a_peer_never_reach_the_terminal_raw(void **state)
{
    static const char hostile[] =
        "\033]0;EVIL\007\033[31mRED\302\233" "32m\342\200\256abc\r#9 forged\n\033P1;2q\033\\";
    struct screen_stage *s = *state;
    const char *raw;
    size_t n;
    int fd;

    screen_stage_start(s, 24, 120);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    fd = screen_stage_dial(s);
    assert_int_equal(send(fd, hostile, sizeof(hostile) - 1, 0), sizeof(hostile) - 1);
    assert_shown(s, "\\x1b]0;EVIL\\x07");
    pty_screen_send(s->pty, F3 F3);
    assert_shown(s, "both, 1");
    pty_screen_send(s->pty, F6 F6 "\r");
    assert_shown(s, "[#1 received");
    raw = pty_screen_raw(s->pty, &n);
    assert_null(memmem(raw, n, "\033]0;", 4));
    assert_null(memmem(raw, n, "\033[31mRED", 8));
    assert_null(memmem(raw, n, "\302\233", 2));
    assert_null(memmem(raw, n, "\342\200\256", 3));
    assert_null(memmem(raw, n, "\033P", 2));
    close(fd);
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "[#1 received");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
the_mouse_focuses_selects_and_scrolls(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 24, 80);
    fd = screen_stage_peer(s, "handler=print");
    for (int i = 0; i < 30; i++) {
        char text[32];

        snprintf(text, sizeof(text), "line %d.", i);
        screen_stage_say(fd, text);
        assert_shown(s, text);
    }
    pty_screen_send(s->pty, ESC "[<0;10;14M" ESC "[<0;10;14m");
    assert_shown(s, "[Messages]");
    assert_shown(s, "F follows");
    for (int i = 0; i < 10; i++)
        pty_screen_send(s->pty, ESC "[<64;10;14M");
    assert_shown(s, "line 2.");
    screen_stage_run(s, ":set mouse off");
    close(fd);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(the_first_screen_says_what_to_try),
        screen_stage_test(pings_show_both_ends_and_a_summary),
        screen_stage_test(a_new_size_lays_everything_out_anew),
        screen_stage_test(a_storm_of_sizes_ends_in_the_right_frame),
        screen_stage_test(keys_go_to_a_pane_only_while_it_has_the_focus),
        screen_stage_test(help_opens_above_the_prompt_and_esc_closes_it),
        screen_stage_test(calls_are_shown_as_they_are_made_and_mark_what_they_did),
        screen_stage_test(the_mouse_focuses_and_selects),
        screen_stage_test(bytes_of_a_peer_never_reach_the_terminal_raw),
        screen_stage_test(the_mouse_focuses_selects_and_scrolls),
    };

    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
