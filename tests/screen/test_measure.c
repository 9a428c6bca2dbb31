/* test_measure.c - load and compare on screen: progress while they run, a table at the end,
 * what to look at in it, and Ctrl-C. */
#include "config.h"

#include "test.h"

#include <string.h>

#include "screen_stage.h"

#define PAGE_DOWN "\033[6~"

static void
listen_to_echo(struct screen_stage *s)
{
    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "listen %u mode=epoll handler=echo", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
}

/* Out of what was asked for from the prompt. */
static void
return_to_prompt(struct screen_stage *s)
{
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
}

/* Enter in the table; its explanation, from the beginning. */
static void
ask_what_to_look_at(struct screen_stage *s, const char *means)
{
    assert_shown(s, "F6 Enter explains, ");
    pty_screen_send(s->pty, F6 "\r");
    assert_shown(s, "keys go to explain");
    assert_shown(s, means);
    assert_shown(s, "  look ");
}

static void
a_load_shows_its_progress_and_then_its_figures(void **state)
{
    struct screen_stage *s = *state;

    listen_to_echo(s);
    screen_stage_run(s, "load %u conns=4 size=32 for=1s", s->port);
    assert_shown(s, " replies, ");              /* on the line under the prompt */
    assert_shown(s, "/s, p99 ");
    assert_shown(s, "; Ctrl-C ends it");
    assert_shown(s, "replies a second");        /* the table */
    assert_shown(s, "99 of 100");
    assert_gone(s, "; Ctrl-C ends it");
    assert_shown(s, "0 open, 4 closed");
    ask_what_to_look_at(s, "how long each reply took");
    return_to_prompt(s);
    screen_stage_quit(s);
}

static void
a_load_that_is_cancelled_shows_what_it_has_found(void **state)
{
    struct screen_stage *s = *state;

    listen_to_echo(s);
    screen_stage_run(s, "load %u conns=4 for=1h", s->port);
    assert_shown(s, " replies, ");
    pty_screen_send(s->pty, CTRL_C);
    assert_shown(s, "cancelled");
    assert_shown(s, "messages that came back in full");
    assert_shown(s, "0 open, 4 closed");        /* none of its connections stays */
    screen_stage_quit(s);
}

/* The line of that mode in the table. */
static const char *
line_of(struct screen_stage *s, const char *mode)
{
    for (int row = 0; row < 24; row++) {
        const char *line = pty_screen_row(s->pty, row);

        if (strncmp(line, "  ", 2) == 0 && strncmp(line + 2, mode, strlen(mode)) == 0)
            return line;
    }
    fail_msg("the table has no %s", mode);
    return "";
}

static size_t
bar_of(struct screen_stage *s, const char *mode)
{
    const char *bar = strchr(line_of(s, mode), '#');

    return bar == NULL ? 0 : strspn(bar, "#");
}

static void
compare_shows_each_mode_with_a_bar_and_what_to_look_at(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "compare modes=serial,threads clients=4 work=50ms for=400ms");
    assert_shown(s, "compare: serial (1 of 2), ");
    assert_shown(s, "compare: threads (2 of 2), ");
    assert_shown(s, "PER S");
    assert_int_equal(bar_of(s, "threads"), 16);         /* four at once, one after another */
    assert_in_range(bar_of(s, "serial"), 1, 8);
    assert_shown(s, "no listener");
    pty_screen_send(s->pty, F6);
    assert_shown(s, "[compare]");
    pty_screen_send(s->pty, RIGHT RIGHT RIGHT RIGHT RIGHT);
    assert_shown(s, "LAST ANSWER");
    assert_shown(s, "PROCESSES");
    return_to_prompt(s);

    screen_stage_run(s, "explain compare");
    assert_shown(s, "Several at once?");
    screen_stage_quit(s);
}

static void
compare_that_is_cancelled_shows_the_modes_that_are_done(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "compare modes=epoll,threads,fork clients=2 work=5ms for=1s");
    assert_shown(s, "compare: threads (2 of 3), ");
    pty_screen_send(s->pty, CTRL_C);
    assert_shown(s, "PER S");
    assert_int_equal(bar_of(s, "epoll"), 16);
    assert_false(pty_screen_has(s->pty, "  threads   "));
    assert_shown(s, "no listener");             /* nothing of it stays */
    ask_what_to_look_at(s, "The same load on each mode in turn");
    pty_screen_send(s->pty, PAGE_DOWN PAGE_DOWN PAGE_DOWN PAGE_DOWN);
    assert_shown(s, "accepted_by how many connections");
    return_to_prompt(s);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_load_shows_its_progress_and_then_its_figures),
        screen_stage_test(a_load_that_is_cancelled_shows_what_it_has_found),
        screen_stage_test(compare_shows_each_mode_with_a_bar_and_what_to_look_at),
        screen_stage_test(compare_that_is_cancelled_shows_the_modes_that_are_done),
    };

    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
