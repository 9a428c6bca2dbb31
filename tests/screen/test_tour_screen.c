/* test_tour_screen.c - demo on screen: typed before one's eyes, paused, gone on with, stopped. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "process.h"
#include "screen_stage.h"
#include "sockdeck/cmd/demo.h"

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

/* What a step brings to the screen, by how its caption begins. */
static const struct { const char *caption, *shown; } effects[] = {
    { "A server", "listening on 127.0.0.1:" },
    { "A client", "2 open, 0 closed" },
    { "Four bytes there", "5 sent, 5 replied, 0 lost" },
    { "The lens: ", "Calls" },
    { "serial serves one", "L1: 1 client is connected but not accepted" },
    { "A thread for each", "4 open, 0 closed" },
    { "A read timeout", "read timeout after 3.0" },
    { "A black hole", "L2 is a black hole at 127.0.0.1:" },
    { "A connect timeout", "connect timeout after 2.0" },
    { "Three processes", "prefork x3" },
    { "Six clients", "L1: 3 clients are connected but not accepted" },
    { "Their pids", "serving #" },
};

/* The descriptors of the console, the processes below it. */
struct holdings { int descriptors, family; };

static struct holdings
holdings_of(const struct screen_stage *s)
{
    pid_t pids[64], pid = pty_screen_pid(s->pty);

    return (struct holdings) { process_descriptors(pid), family_list(pid, pids, 64) };
}

static bool
holds_what_it_held(struct pty_screen *pty, void *ctx)
{
    pid_t pids[64], pid = pty_screen_pid(pty);
    const struct holdings *before = ctx;

    return process_descriptors(pid) <= before->descriptors &&
           family_list(pid, pids, 64) <= before->family;
}

static void
see_effects_of(struct screen_stage *s, const struct demo_step *step)
{
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
        if (strncmp(step->caption, effects[i].caption, strlen(effects[i].caption)) == 0)
            assert_shown(s, effects[i].shown);
}

static void
the_whole_tour_shows_each_step_and_ends_with_all_of_it_open(void **state)
{
    struct screen_stage *s = *state;
    struct holdings before;

    screen_stage_start(s, 40, 100);
    before = holdings_of(s);
    screen_stage_run(s, "demo pace=150ms");
    for (size_t i = 0; i < demo_step_count; i++) {
        char head[48];

        snprintf(head, sizeof(head), "%.44s", demo_steps[i].caption);
        assert_shown(s, head);
        see_effects_of(s, &demo_steps[i]);
    }
    assert_gone(s, "Space pauses");
    assert_shown(s, "13 open, 1 closed");
    assert_true(holdings_of(s).family >= before.family + 3);
    screen_stage_run(s, "close @out; close L1; close L2");
    assert_shown(s, "0 open, ");
    assert_true(pty_screen_wait(s->pty, holds_what_it_held, &before, PTY_WAIT_MS));
    screen_stage_quit(s);
    family_expect_none();
}

static void
a_caption_is_shown_whole_on_60_columns(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 16, 60);
    screen_stage_run(s, "demo");
    assert_shown(s, " A server: socket, bind, listen. Port 0 takes a free one. It\n"
                    " waits in accept.  tour 1/15   Space pauses  Esc stops\n");
    pty_screen_send(s->pty, ESC);
    assert_shown(s, "The tour has stopped");
    screen_stage_quit(s);
}

static void
a_pace_is_a_time(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "demo pace=none");
    assert_shown(s, "pace= needs a time, not none");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(the_tour_types_its_commands_with_a_caption_each),
        screen_stage_test(what_is_typed_meanwhile_runs_nothing),
        screen_stage_test(the_whole_tour_shows_each_step_and_ends_with_all_of_it_open),
        screen_stage_test(a_caption_is_shown_whole_on_60_columns),
        screen_stage_test(a_pace_is_a_time),
    };

    family_adopt();
    return cmocka_run_group_tests_name("tour_screen", tests, NULL, NULL);
}
