/* test_use.c - filters, finding, keys of one's own, preferences, the mouse, screenshots. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen_stage.h"

static void
say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void
a_filter_hides_and_counts_what_does_not_pass(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 24, 100);
    fd = screen_stage_peer(s, "handler=echo");
    say(fd, "alpha");
    assert_shown(s, "→      5  alpha");
    say(fd, "beta");
    assert_shown(s, "→      4  beta");
    screen_stage_run(s, "filter text~ALP");
    assert_shown(s, "4 hidden by text~ALP");
    assert_gone(s, "beta");
    screen_stage_run(s, "filter text~alp dir=in");
    assert_shown(s, "3 hidden by text~alp dir=in");
    assert_gone(s, "→      5");
    say(fd, "alphabet");
    assert_shown(s, "←     8  alphabet");
    assert_shown(s, "4 hidden by text~alp dir=in");
    screen_stage_run(s, "filter");
    assert_shown(s, "→      4  beta");
    screen_stage_run(s, "filter colour=red");
    assert_shown(s, "colour=red: not a term");
    close(fd);
    screen_stage_quit(s);
}

static void
kinds_filter_the_events_and_leave_the_messages(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 30, 100);
    fd = screen_stage_peer(s, "handler=print");
    say(fd, "hello");
    assert_shown(s, "hello");
    screen_stage_run(s, "filter kind=accepted");
    assert_gone(s, "listening on");
    assert_shown(s, "accepted");
    assert_shown(s, "hello");
    assert_shown(s, "hidden by kind=accepted");
    close(fd);
    screen_stage_quit(s);
}

static void
focus_follows_one_conversation(void **state)
{
    struct screen_stage *s = *state;
    int one, two;

    screen_stage_start(s, 24, 100);
    one = screen_stage_peer(s, "handler=print mode=threads");
    two = screen_stage_dial(s);
    assert_shown(s, "2 open");
    say(one, "from one");
    say(two, "from two");
    assert_shown(s, "from two");
    assert_shown(s, "from one");
    screen_stage_run(s, "focus #2");
    assert_gone(s, "from one");
    assert_shown(s, "1 hidden by conn=2");
    say(two, "more of two");
    assert_shown(s, "more of two");
    screen_stage_run(s, "filter");
    assert_shown(s, "from one");
    close(one);
    close(two);
    screen_stage_quit(s);
}

static void
find_goes_up_and_down_and_round_the_end(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 24, 100);
    fd = screen_stage_peer(s, "handler=print");
    for (int i = 0; i < 60; i++) {
        char text[32], shown[40];

        snprintf(text, sizeof(text), i == 5 || i == 20 ? "needle %d" : "straw %d", i);
        snprintf(shown, sizeof(shown), "  %s", text);
        say(fd, text);
        assert_shown(s, shown);
    }
    pty_screen_send(s->pty, F6 F6 "/");
    assert_shown(s, "#1> find");
    pty_screen_send(s->pty, "needle\r");
    assert_shown(s, "▸");
    assert_shown(s, "needle 20");
    assert_shown(s, "keys go to Messages");
    pty_screen_send(s->pty, "n");
    assert_shown(s, "needle 5");
    pty_screen_send(s->pty, "N");
    assert_shown(s, "needle 20");
    pty_screen_send(s->pty, "N");
    assert_shown(s, "the search went round the end");
    assert_shown(s, "needle 5");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_run(s, "follow");
    screen_stage_run(s, "find straw 59");
    assert_gone(s, "the search went round");
    assert_shown(s, "straw 59");
    screen_stage_run(s, "find haystack");
    assert_shown(s, "not in Messages: haystack");
    close(fd);
    screen_stage_quit(s);
}

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
    say(fd, "ping");
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
        say(fd, "\xd0\x96");
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

static bool
second_is_first(struct pty_screen *pty, void *ctx)
{
    (void)ctx;
    return strstr(pty_screen_row(pty, 4), "#2") != NULL &&
           strstr(pty_screen_row(pty, 5), "#1") != NULL;
}

static void
connections_are_sorted(void **state)
{
    struct screen_stage *s = *state;
    int one, two;

    screen_stage_start(s, 24, 100);
    one = screen_stage_peer(s, "handler=print mode=threads");
    two = screen_stage_dial(s);
    assert_shown(s, "2 open");
    say(two, "many bytes");
    assert_shown(s, "many bytes");
    assert_non_null(strstr(pty_screen_row(s->pty, 4), "#1"));
    screen_stage_run(s, "set sort in");
    assert_shown(s, "2 open, 0 closed, by in");
    assert_true(pty_screen_wait(s->pty, second_is_first, NULL, PTY_WAIT_MS));
    close(one);
    close(two);
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
        say(fd, text);
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

static void
read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, text, size - 1);

    close(fd);
    assert_true(n > 0);
    text[n] = '\0';
}

/* Not as it was drawn last: the commands before it on its line have changed it. */
static void
a_screenshot_shows_the_screen_as_it_is(void **state)
{
    struct screen_stage *s = *state;
    char path[128], text[8192];

    screen_stage_start(s, 24, 100);
    snprintf(path, sizeof(path), "%s/shot", s->home);
    screen_stage_run(s, "listen 0; screenshot %s", path);
    assert_shown(s, "24 rows, 100 columns");
    read_text(path, text, sizeof(text));
    assert_non_null(strstr(text, "listening on 127.0.0.1:"));
    assert_non_null(strstr(text, " L1 127.0.0.1:"));
    assert_null(strstr(text, "Nothing is open yet"));
    screen_stage_quit(s);
}

static void
a_screenshot_is_a_new_file_and_nothing_else(void **state)
{
    struct screen_stage *s = *state;
    char path[128], text[8192];
    struct stat st;

    screen_stage_start(s, 24, 100);
    snprintf(path, sizeof(path), "%s/shot", s->home);
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "24 rows, 100 columns");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    read_text(path, text, sizeof(text));
    assert_non_null(strstr(text, "Nothing is open yet. Try, one at a time:\n"));
    assert_non_null(strstr(text, "─ Connections ─"));
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "a screenshot replaces nothing");
    snprintf(path, sizeof(path), "%s/link", s->home);
    assert_int_equal(symlink("/tmp/sockdeck-no-such-target", path), 0);
    pty_screen_send(s->pty, "\f");
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "link: is there already");
    assert_int_equal(access("/tmp/sockdeck-no-such-target", F_OK), -1);
    screen_stage_run(s, "screenshot %s/no/such", s->home);
    assert_shown(s, "No such file");
    screen_stage_quit(s);
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

static void
a_character_in_two_messages_is_shown_whole_either_way(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    screen_stage_run(s, "listen %u mode=epoll handler=echo", s->port);
    assert_shown(s, "listening on");
    screen_stage_run(s, "connect %u", s->port);
    assert_shown(s, "2 open, 0 closed");
    screen_stage_run(s, "sendhex d0; expect '.'; sendhex 9f");
    assert_shown(s, "#1 →      1  П");
    assert_shown(s, "#2  ←     1  П");
    assert_shown(s, "#2 →      1  П");
    assert_shown(s, "#1  ←     1  П");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_filter_hides_and_counts_what_does_not_pass),
        screen_stage_test(kinds_filter_the_events_and_leave_the_messages),
        screen_stage_test(focus_follows_one_conversation),
        screen_stage_test(a_character_in_two_messages_is_shown_whole_either_way),
        screen_stage_test(find_goes_up_and_down_and_round_the_end),
        screen_stage_test(a_key_can_be_bound_and_reset),
        screen_stage_test(help_lists_the_keys_of_what_has_the_focus),
        screen_stage_test(preferences_are_kept_in_sockdeckrc),
        screen_stage_test(the_values_of_preferences_are_completed),
        screen_stage_test(the_projector_theme_has_nothing_dim_and_a_white_ground),
        screen_stage_test(no_color_is_heard),
        screen_stage_test(works_on_old_terminals_and_in_the_c_locale),
        screen_stage_test(connections_are_sorted),
        screen_stage_test(the_mouse_focuses_selects_and_scrolls),
        screen_stage_test(a_screenshot_is_a_new_file_and_nothing_else),
        screen_stage_test(a_screenshot_shows_the_screen_as_it_is),
        screen_stage_test(pasted_lines_are_sent_after_a_yes),
        screen_stage_test(a_hostile_inputrc_holds_nothing_up),
        screen_stage_test(vi_mode_of_the_users_inputrc_is_heard),
    };

    return cmocka_run_group_tests_name("use", tests, NULL, NULL);
}
