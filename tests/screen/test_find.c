/* test_find.c - looking for a text in lists, in journals and in what is open; orders of
 * Connections while the display stands still. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "screen_stage.h"

/* The mark of what was found, as pty_screen_dump writes it: on yellow. */
#define MARKED(text) "{k:221}" text "{}"

static bool
has_dump(struct pty_screen *pty, void *text)
{
    return strstr(pty_screen_dump(pty), text) != NULL;
}

static bool
has_no_dump(struct pty_screen *pty, void *text)
{
    return !has_dump(pty, text);
}

static void
assert_dumped(const struct screen_stage *s, const char *text, bool is_there)
{
    if (pty_screen_wait(s->pty, is_there ? has_dump : has_no_dump, (void *)(uintptr_t)text,
                        PTY_WAIT_MS))
        return;
    fail_msg("waited for %s; the screen is:\n%s", text, pty_screen_dump(s->pty));
}

static void
a_connection_is_found_by_any_of_its_words_and_marked(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_env(s, "COLORFGBG=15;0");
    screen_stage_start(s, 24, 100);
    screen_stage_both_ends(s, "mode=epoll");
    pty_screen_send(s->pty, F6 "/");
    assert_shown(s, "> find");
    pty_screen_send(s->pty, "#2\r");
    assert_shown(s, "▸   #2");
    assert_dumped(s, MARKED("#2"), true);
    pty_screen_send(s->pty, "/ESTAB\r");
    assert_dumped(s, MARKED("ESTAB"), true);
    assert_shown(s, "keys go to Connections");
    pty_screen_send(s->pty, "/straw\r");
    assert_shown(s, "not in Connections: straw");
    pty_screen_send(s->pty, "/#1\r");
    assert_dumped(s, MARKED("#1"), true);
    pty_screen_send(s->pty, "n");
    assert_shown(s, "the search went round the end");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    assert_dumped(s, MARKED("#1"), false);
    screen_stage_quit(s);
}

static void
a_worker_is_found_in_workers(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 40, 160);
    screen_stage_run(s, "listen %u mode=prefork workers=3", s->port);
    assert_shown(s, "blocked in accept");
    pty_screen_send(s->pty, F6 F6);
    assert_shown(s, "keys go to Workers");
    pty_screen_send(s->pty, "/w2\r");
    assert_shown(s, "▸ W2");
    pty_screen_send(s->pty, "/w9\r");
    assert_shown(s, "not in Workers: w9");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
what_is_open_is_searched_from_its_top_down(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_env(s, "COLORFGBG=15;0");
    screen_stage_start(s, 24, 80);
    pty_screen_send(s->pty, F6 "?");
    assert_shown(s, "[Keys");
    pty_screen_send(s->pty, "/");
    assert_shown(s, "> find");
    pty_screen_send(s->pty, "freeze\r");
    assert_dumped(s, MARKED("freeze"), true);
    assert_shown(s, "keys go to Keys");
    pty_screen_send(s->pty, "/straw\r");
    assert_shown(s, "not in Keys: straw");
    pty_screen_send(s->pty, "/Ctrl-Z\r");
    assert_dumped(s, MARKED("Ctrl-Z"), true);
    pty_screen_send(s->pty, "n");
    assert_shown(s, "the search went round the end");
    pty_screen_send(s->pty, "q");
    assert_shown(s, "keys go to Connections");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
an_order_takes_effect_while_the_display_is_frozen(void **state)
{
    struct screen_stage *s = *state;
    int one, two;

    screen_stage_start(s, 24, 100);
    one = screen_stage_peer(s, "handler=print mode=epoll");
    two = screen_stage_dial(s);
    assert_shown(s, "2 open, 0 closed");
    assert_int_equal(send(two, "more", 4, MSG_NOSIGNAL), 4);
    assert_shown(s, "     4  more");
    pty_screen_send(s->pty, F6 "p");
    assert_shown(s, " frozen ");
    pty_screen_send(s->pty, "g");
    assert_shown(s, "▸   #1");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_run(s, "set sort in");
    assert_shown(s, ", by in");
    assert_true(strstr(pty_screen_row(s->pty, 4), "#2") != NULL);
    assert_true(strstr(pty_screen_row(s->pty, 5), "#1") != NULL);
    assert_shown(s, " frozen ");
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
        screen_stage_say(fd, text);
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
    screen_stage_say(two, "many bytes");
    assert_shown(s, "many bytes");
    assert_non_null(strstr(pty_screen_row(s->pty, 4), "#1"));
    screen_stage_run(s, "set sort in");
    assert_shown(s, "2 open, 0 closed, by in");
    assert_true(pty_screen_wait(s->pty, second_is_first, NULL, PTY_WAIT_MS));
    close(one);
    close(two);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_connection_is_found_by_any_of_its_words_and_marked),
        screen_stage_test(a_worker_is_found_in_workers),
        screen_stage_test(what_is_open_is_searched_from_its_top_down),
        screen_stage_test(an_order_takes_effect_while_the_display_is_frozen),
        screen_stage_test(find_goes_up_and_down_and_round_the_end),
        screen_stage_test(connections_are_sorted),
    };

    return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
