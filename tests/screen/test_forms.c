/* test_forms.c - forms and menus, details, the ladder, and what asks before it is done. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "screen_stage.h"

static void
the_form_of_timeouts_shows_edits_and_applies(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "handler=print accept-timeout=1m");
    pty_screen_send(s->pty, F4);
    assert_shown(s, "[Timeouts of #1]");
    assert_shown(s, "accept   L1        1m             while no client comes");
    assert_shown(s, "▸ read     #1        none           from the start of each wait for bytes");
    pty_screen_send(s->pty, "30x\177s");
    assert_shown(s, "▸ read     #1       [30s_         ] Enter: timeout #1 read 30s");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "▸ read     #1        30s ");
    assert_shown(s, " timeout #1 read 30s");       /* under the prompt: the command it stands for */
    pty_screen_send(s->pty, DOWN DOWN RIGHT RIGHT);
    assert_shown(s, "[200ms_       ] Enter: timeout #1 idle 200ms");
    pty_screen_send(s->pty, "x\r");
    assert_shown(s, "200msx");                      /* refused by the command, as it would be typed */
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "Timeouts of #1]");
    screen_stage_quit(s);
}

static void
the_form_of_a_connection_that_ends_is_about_what_is_made_later(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "handler=print");
    pty_screen_send(s->pty, F4 "7s");           /* typed for #1, and never applied */
    assert_shown(s, "Enter: timeout #1 read 7s");
    pty_screen_send(s->pty, DOWN DOWN RIGHT RIGHT "\r");
    assert_shown(s, "[Timeouts of what is made later (#1 has closed)]");
    assert_shown(s, "▸ idle     default   none ");
    assert_shown(s, "  read     default   none ");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "#1 has closed");
    screen_stage_quit(s);
}

static void
without_a_connection_the_form_is_about_what_is_made_later(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, F4);
    assert_shown(s, "[Timeouts of what is made later]");
    pty_screen_send(s->pty, "2s\r");
    assert_shown(s, "▸ read     default   2s ");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "made later");
    screen_stage_quit(s);
}

static void
the_menu_of_modes_runs_the_command_that_it_names(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    pty_screen_send(s->pty, F7);
    assert_shown(s, "there is no listener whose mode could change");
    screen_stage_both_ends(s, "handler=echo");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "▸ * serial           one thread");
    assert_shown(s, " mode L1 serial");
    pty_screen_send(s->pty, DOWN);
    assert_shown(s, " mode L1 threads");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "mode serial to threads");
    screen_stage_quit(s);
}

static void
the_menu_of_modes_is_of_the_listener_of_the_focused_connection(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 24, 100);
    fd = screen_stage_peer(s, "handler=echo");
    assert_shown(s, "sockdeck #1>");
    screen_stage_run(s, "listen 0 mode=epoll");
    assert_shown(s, "(epoll, backlog 128)");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "[Mode of L1]");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "[Mode of");
    close(fd);
    assert_shown(s, "sockdeck>");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "[Mode of L2]");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "[Mode of");
    screen_stage_quit(s);
}

static void
the_menu_of_modes_is_of_the_selected_listener(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 40, 160);
    screen_stage_run(s, "listen 0 mode=prefork workers=2; listen 0 mode=epoll");
    assert_shown(s, "blocked in accept");
    assert_shown(s, "(epoll, backlog 128)");
    pty_screen_send(s->pty, F6 F6);
    assert_shown(s, "keys go to Workers");
    pty_screen_send(s->pty, "g");
    assert_shown(s, "▸L1 ");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "[Mode of L1]");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "[Mode of");
    pty_screen_send(s->pty, "G");
    assert_shown(s, "▸L2 ");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "[Mode of L2]");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "[Mode of");
    pty_screen_send(s->pty, F6 F6);
    assert_shown(s, "keys go to Events");
    pty_screen_send(s->pty, "g");
    assert_shown(s, "▸");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "[Mode of L1]");
    pty_screen_send(s->pty, ESC ESC);
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
details_show_a_message_whole_and_explain_an_event(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 30, 100);
    screen_stage_both_ends(s, "handler=print");
    screen_stage_run(s, "send \"first\\nsecond\\x00 \\x1b]0;x\\x07\"");
    assert_shown(s, "first\\nsecond\\0");
    pty_screen_send(s->pty, F6 F6 "\r");
    assert_shown(s, " 20 bytes]");
    assert_shown(s, "0000  66 69 72 73 74 0a 73 65  63 6f 6e 64 00 20 1b 5d");
    assert_shown(s, "┊ second\\0 \\x1b]0;x\\x07");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "0000  66");
    pty_screen_send(s->pty, F6 "\r");
    assert_shown(s, "keys go to Event: ");
    assert_shown(s, "means ");
    assert_shown(s, "python ");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "means ");
    pty_screen_send(s->pty, "g");               /* chosen, no longer followed */
    assert_shown(s, "newer, F follows");
    pty_screen_send(s->pty, "i");
    screen_stage_run(s, "explain");
    assert_shown(s, " Event: listening ");
    screen_stage_quit(s);
}

static void
details_of_a_worker_and_its_listener_are_a_key_away(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 40, 120);
    screen_stage_run(s, "layout show workers");
    screen_stage_run(s, "listen %u mode=prefork workers=2", s->port);
    assert_shown(s, "2 standing");
    pty_screen_send(s->pty, F6 F6);
    assert_shown(s, "keys go to Workers");
    pty_screen_send(s->pty, "g\r");
    assert_shown(s, "keys go to info L1");
    pty_screen_send(s->pty, ESC);
    assert_shown(s, "keys go to Workers");
    pty_screen_send(s->pty, "G\r");
    assert_shown(s, "keys go to info W2");
    pty_screen_send(s->pty, ESC);
    assert_shown(s, "keys go to Workers");
    pty_screen_send(s->pty, "i");
    screen_stage_quit(s);
}

static void
a_ladder_has_what_is_sent_left_and_what_comes_right(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "handler=pong");
    screen_stage_run(s, "focus #1");
    screen_stage_run(s, "set ladder on");
    assert_shown(s, "here | there");
    screen_stage_run(s, "send over");
    assert_shown(s, "→      4  over                    │");
    assert_shown(s, "←     4                          │ pong");
    screen_stage_run(s, "set ladder off");
    assert_shown(s, "←     4  pong");
    pty_screen_send(s->pty, F6 F6 "L");
    assert_shown(s, "here | there");
    pty_screen_send(s->pty, "i");
    screen_stage_quit(s);
}

static void
what_ends_a_connection_asks_on_the_line_of_hints(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "mode=threads handler=print");
    pty_screen_send(s->pty, F6 "g");
    assert_shown(s, "[Connections]");
    pty_screen_send(s->pty, "n");
    assert_shown(s, "a text is missing");
    pty_screen_send(s->pty, "X");
    assert_shown(s, "shutdown #1 write? X again does it");
    assert_gone(s, "a text is missing");        /* what went wrong before is not about this */
    pty_screen_send(s->pty, "j");               /* any other key: no */
    assert_gone(s, "again does it");
    pty_screen_send(s->pty, "gXX");
    assert_shown(s, "closed by us");
    pty_screen_send(s->pty, "i");
    screen_stage_run(s, "connect %u", s->port);
    assert_shown(s, "2 open, 2 closed");
    pty_screen_send(s->pty, F6 "G");
    pty_screen_send(s->pty, "R");
    assert_shown(s, "reset #4? R again does it");
    pty_screen_send(s->pty, "R");
    assert_shown(s, "reset by us");
    pty_screen_send(s->pty, "i");
    screen_stage_quit(s);
}

static void
leaving_asks_while_anything_is_open(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "handler=pong");
    pty_screen_send(s->pty, F5);
    assert_shown(s, "sockdeck #1> ping #1");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "1 sent, 1");
    pty_screen_send(s->pty, CTRL_D);
    assert_shown(s, "open: 2 connections, 1 listener; Ctrl-D again quits");
    pty_screen_send(s->pty, "x");
    assert_gone(s, "again quits");
    pty_screen_send(s->pty, CTRL_C);
    pty_screen_send(s->pty, F10);
    assert_shown(s, "F10 again quits");
    pty_screen_send(s->pty, F10);
    assert_int_equal(pty_screen_wait_exit(s->pty, PTY_WAIT_MS), 0);
}

static int
row_of(const struct screen_stage *s, const char *text)
{
    int row = 0;

    while (row < 24 && strstr(pty_screen_row(s->pty, row), text) == NULL)
        row++;
    return row;
}

static void
a_click_chooses_a_line_of_a_menu(void **state)
{
    struct screen_stage *s = *state;
    char click[64];

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on");
    pty_screen_send(s->pty, F7);
    assert_shown(s, "▸ * serial");
    snprintf(click, sizeof(click), "\033[<0;10;%dM\033[<0;10;%dm", row_of(s, "epoll ") + 1,
             row_of(s, "epoll ") + 1);
    pty_screen_send(s->pty, click);
    assert_shown(s, "▸   epoll");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "mode L1 epoll");
    assert_shown(s, "mode serial to epoll");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(the_form_of_timeouts_shows_edits_and_applies),
        screen_stage_test(the_form_of_a_connection_that_ends_is_about_what_is_made_later),
        screen_stage_test(without_a_connection_the_form_is_about_what_is_made_later),
        screen_stage_test(the_menu_of_modes_runs_the_command_that_it_names),
        screen_stage_test(the_menu_of_modes_is_of_the_listener_of_the_focused_connection),
        screen_stage_test(the_menu_of_modes_is_of_the_selected_listener),
        screen_stage_test(details_show_a_message_whole_and_explain_an_event),
        screen_stage_test(details_of_a_worker_and_its_listener_are_a_key_away),
        screen_stage_test(a_ladder_has_what_is_sent_left_and_what_comes_right),
        screen_stage_test(what_ends_a_connection_asks_on_the_line_of_hints),
        screen_stage_test(leaving_asks_while_anything_is_open),
        screen_stage_test(a_click_chooses_a_line_of_a_menu),
    };

    return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
