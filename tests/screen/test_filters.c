/* test_filters.c - which records a pane shows: filters, the focus, kinds. */
#include "config.h"

#include "test.h"

#include <unistd.h>

#include "screen_stage.h"

static void
a_filter_hides_and_counts_what_does_not_pass(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 24, 100);
    fd = screen_stage_peer(s, "handler=echo");
    screen_stage_say(fd, "alpha");
    assert_shown(s, "→      5  alpha");
    screen_stage_say(fd, "beta");
    assert_shown(s, "→      4  beta");
    screen_stage_run(s, "filter text~ALP");
    assert_shown(s, "4 hidden by text~ALP");
    assert_gone(s, "beta");
    screen_stage_run(s, "filter text~alp dir=in");
    assert_shown(s, "3 hidden by text~alp dir=in");
    assert_gone(s, "→      5");
    screen_stage_say(fd, "alphabet");
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
    screen_stage_say(fd, "hello");
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
    screen_stage_say(one, "from one");
    screen_stage_say(two, "from two");
    assert_shown(s, "from two");
    assert_shown(s, "from one");
    screen_stage_run(s, "focus #2");
    assert_gone(s, "from one");
    assert_shown(s, "1 hidden by conn=2");
    screen_stage_say(two, "more of two");
    assert_shown(s, "more of two");
    screen_stage_run(s, "filter");
    assert_shown(s, "from one");
    close(one);
    close(two);
    screen_stage_quit(s);
}

static void
a_character_in_two_messages_is_shown_whole_either_way(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    screen_stage_both_ends(s, "mode=epoll handler=echo");
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
    };

    return cmocka_run_group_tests_name("filters", tests, NULL, NULL);
}
