/* test_tour_screen.c - demo on screen: typed before one's eyes, paused, gone on with, stopped. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "screen_stage.h"

static void
the_tour_types_its_commands_with_a_caption_each(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "demo");
    assert_shown(s, "sockdeck> li");
    assert_shown(s, "A server: socket, bind, listen.");
    assert_shown(s, "tour 1/");
    assert_shown(s, "Space pauses");
    assert_shown(s, "listening on 127.0.0.1:");
    pty_screen_send(s->pty, " ");
    assert_shown(s, "PAUSED");
    pty_screen_send(s->pty, " ");
    assert_shown(s, "tour 2/");
    assert_shown(s, "2 open, 0 closed");
    pty_screen_send(s->pty, "x");               /* the tour is the one who types */
    pty_screen_send(s->pty, " ");
    assert_shown(s, "PAUSED");
    pty_screen_send(s->pty, " ");
    assert_shown(s, "ping #1 count=5");
    pty_screen_send(s->pty, ESC);
    assert_shown(s, "The tour has stopped; what is open stays open.");
    assert_gone(s, "tour 3/");
    assert_shown(s, "F1 help");
    screen_stage_run(s, "send still here");
    assert_shown(s, "still here");
    screen_stage_quit(s);
}

static void
what_is_typed_meanwhile_runs_nothing(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "set motion off");
    screen_stage_run(s, "demo");
    assert_shown(s, "listening on 127.0.0.1:");
    screen_stage_run(s, "quit");                /* not taken: the tour types */
    pty_screen_send(s->pty, " ");
    assert_shown(s, "PAUSED");
    pty_screen_send(s->pty, CTRL_C);
    assert_shown(s, "The tour has stopped");
    screen_stage_run(s, "demo");
    assert_shown(s, "tour 1/");
    assert_shown(s, "listen 0 handler=pong");
    pty_screen_send(s->pty, ESC);
    assert_shown(s, "The tour has stopped");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(the_tour_types_its_commands_with_a_caption_each),
        screen_stage_test(what_is_typed_meanwhile_runs_nothing),
    };

    return cmocka_run_group_tests_name("tour_screen", tests, NULL, NULL);
}
