/* test_line.c - the real program on a pseudo-terminal: the line that is typed: history,
 * completion, pasting, the send prompt, leaving. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen_stage.h"

static void
history_is_kept_between_runs_for_the_user_only(void **state)
{
    struct screen_stage *s = *state;
    char path[128];
    struct stat st;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "show modes");
    assert_shown(s, "prefork");
    screen_stage_quit(s);
    pty_screen_close(s->pty);
    snprintf(path, sizeof(path), "%s/sockdeck/history", s->home);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, UP UP);
    assert_shown(s, "sockdeck> show modes");
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "sockdeck> show modes");
    pty_screen_send(s->pty, CTRL_R "mod");
    assert_shown(s, "(reverse-i-search)`mod': show modes");
    pty_screen_send(s->pty, CTRL_C);
    screen_stage_quit(s);
}

static void
tab_offers_candidates_with_their_help(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, "se\t");
    assert_shown(s, "sendhex");
    assert_shown(s, "list, show or change preferences");
    pty_screen_send(s->pty, "ndf\t");
    assert_shown(s, "sockdeck> sendfile");
    assert_gone(s, "sendhex");
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "sendfile");
    screen_stage_quit(s);
}

static bool
cursor_is_at(struct pty_screen *pty, void *ctx)
{
    const int *want = ctx;
    int row, col;

    pty_screen_cursor(pty, &row, &col);
    return row == want[0] && col == want[1];
}

static void
wide_and_cyrillic_letters_are_edited_by_whole_characters(void **state)
{
    struct screen_stage *s = *state;
    int want[2] = { 21, 10 + 6 + 4 };

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, "привет世界");
    assert_shown(s, "sockdeck> привет世界");
    assert_true(pty_screen_wait(s->pty, cursor_is_at, want, PTY_WAIT_MS));
    pty_screen_send(s->pty, "\177");
    assert_gone(s, "界");
    want[1] -= 2;
    assert_true(pty_screen_wait(s->pty, cursor_is_at, want, PTY_WAIT_MS));
    pty_screen_send(s->pty, "\001\006\006\004");      /* home, two to the right, delete */
    assert_shown(s, "sockdeck> првет世");
    pty_screen_send(s->pty, CTRL_C);
    screen_stage_quit(s);
}

static void
a_pasted_line_waits_for_enter(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, PASTE("help\tquit\n"));
    assert_shown(s, "sockdeck> help quit");
    pty_screen_send(s->pty, "\037");    /* undo takes all of it */
    assert_gone(s, "help quit");
    screen_stage_quit(s);
}

static void
pasted_lines_are_shown_and_run_only_when_enter_follows(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, PASTE("wait 10ms\r\nquit\n"));
    assert_shown(s, "run 2 pasted lines?");
    assert_shown(s, "  wait 10ms");
    pty_screen_send(s->pty, "x");
    assert_gone(s, "pasted lines");
    assert_shown(s, "sockdeck> x");
    pty_screen_send(s->pty, CTRL_C);
    pty_screen_send(s->pty, PASTE("wait 10ms\r\nquit\n"));
    assert_shown(s, "run 2 pasted lines?");
    pty_screen_send(s->pty, "\r");
    assert_int_equal(pty_screen_wait_exit(s->pty, PTY_WAIT_MS), 0);
}

static void
the_send_prompt_sends_lines_as_they_are(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    screen_stage_echo(s);
    pty_screen_send(s->pty, F2);
    assert_shown(s, "send #1 lf>");
    screen_stage_run(s, "a \"b\" \\n; #2");
    assert_shown(s, "a \"b\" \\n; #2\\n");
    screen_stage_run(s, "::x");
    assert_shown(s, "3  :x\\n");
    screen_stage_run(s, ":close #1");
    assert_shown(s, "(closed)>");
    screen_stage_run(s, "kept");
    assert_shown(s, "the line is kept");
    assert_shown(s, "(closed)> kept");
    pty_screen_send(s->pty, CTRL_C CTRL_D);
    assert_shown(s, "sockdeck");
    assert_gone(s, "(closed)");
    screen_stage_quit(s);
}

static void
leaving_asks_while_something_is_open(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    pty_screen_send(s->pty, F10);
    assert_shown(s, "open: 0 connections, 1 listener; F10 again quits");
    pty_screen_send(s->pty, "a");
    assert_shown(s, "F10 quit");
    pty_screen_send(s->pty, CTRL_C);
    assert_shown(s, "sockdeck>");
    pty_screen_send(s->pty, F10 F10);
    assert_int_equal(pty_screen_wait_exit(s->pty, PTY_WAIT_MS), 0);
}

/* How often the text is in what the program has written. */
static int
times_written(struct screen_stage *s, const char *text)
{
    size_t n, length = strlen(text);
    const char *raw = pty_screen_raw(s->pty, &n), *end = raw + n;
    int times = 0;

    while ((raw = memmem(raw, (size_t)(end - raw), text, length)) != NULL) {
        raw += length;
        times++;
    }
    return times;
}

/* On a slow machine one of them may take so long that it is. */
static void
commands_that_are_over_at_once_are_not_announced(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "handler=echo");
    for (int i = 0; i < 5; i++) {
        screen_stage_run(s, "timeout #2 read 1h");
        assert_shown(s, " read  ");
        screen_stage_run(s, "timeout #2 read none");
        assert_gone(s, " read  ");
    }
    assert_true(times_written(s, "a command runs") < 5);
    screen_stage_quit(s);
}

static void
ctrl_c_clears_then_asks_then_quits(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, "words");
    assert_shown(s, "sockdeck> words");
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "words");
    pty_screen_send(s->pty, "wait 60\r");
    assert_shown(s, "a command runs; Ctrl-C cancels it");
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "a command runs");
    pty_screen_send(s->pty, CTRL_C);
    assert_shown(s, "again to quit");
    pty_screen_send(s->pty, CTRL_C);
    assert_int_equal(pty_screen_wait_exit(s->pty, PTY_WAIT_MS), 0);
}

static void
pasted_lines_are_sent_after_a_yes(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 24, 100);
    fd = screen_stage_peer(s, "handler=print");
    pty_screen_send(s->pty, F2);
    assert_shown(s, "send #1 lf>");
    pty_screen_send(s->pty, PASTE("one\ntwo"));
    assert_shown(s, "send 2 pasted lines?");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "→      4  one\\n");
    assert_shown(s, "→      4  two\\n");
    pty_screen_send(s->pty, F2);
    assert_shown(s, "sockdeck #1>");
    close(fd);
    screen_stage_quit(s);
}

static void
a_hostile_inputrc_holds_nothing_up(void **state)
{
    struct screen_stage *s = *state;
    char fifo[128], loop[128], setting[160], include[160];

    snprintf(fifo, sizeof(fifo), "%s/fifo", s->home);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    snprintf(setting, sizeof(setting), "INPUTRC=%s", fifo);
    screen_stage_env(s, setting);
    screen_stage_start(s, 24, 80);
    screen_stage_quit(s);
    pty_screen_close(s->pty);
    s->pty = NULL;
    snprintf(loop, sizeof(loop), "%s/loop", s->home);
    snprintf(include, sizeof(include), "$include %s\n", loop);
    screen_stage_write(s, "loop", include, strlen(include));
    snprintf(setting, sizeof(setting), "INPUTRC=%s", loop);
    screen_stage_start(s, 24, 80);
    screen_stage_quit(s);
}

static void
vi_mode_of_the_users_inputrc_is_heard(void **state)
{
    static const char vi[] = "set editing-mode vi\n";
    struct screen_stage *s = *state;
    char setting[160];

    screen_stage_write(s, "inputrc", vi, strlen(vi));
    snprintf(setting, sizeof(setting), "INPUTRC=%s/inputrc", s->home);
    screen_stage_env(s, setting);
    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, "wrong word" ESC);
    assert_shown(s, "sockdeck> wrong word");
    pty_screen_send(s->pty, "dd");
    assert_gone(s, "wrong");
    pty_screen_send(s->pty, "iquit\r");
    assert_int_equal(pty_screen_wait_exit(s->pty, PTY_WAIT_MS), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(history_is_kept_between_runs_for_the_user_only),
        screen_stage_test(tab_offers_candidates_with_their_help),
        screen_stage_test(wide_and_cyrillic_letters_are_edited_by_whole_characters),
        screen_stage_test(a_pasted_line_waits_for_enter),
        screen_stage_test(pasted_lines_are_shown_and_run_only_when_enter_follows),
        screen_stage_test(the_send_prompt_sends_lines_as_they_are),
        screen_stage_test(leaving_asks_while_something_is_open),
        screen_stage_test(commands_that_are_over_at_once_are_not_announced),
        screen_stage_test(ctrl_c_clears_then_asks_then_quits),
        screen_stage_test(pasted_lines_are_sent_after_a_yes),
        screen_stage_test(a_hostile_inputrc_holds_nothing_up),
        screen_stage_test(vi_mode_of_the_users_inputrc_is_heard),
    };

    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
