/* test_layouts.c - panes that are hidden, grown, zoomed; the same layout at the next start;
 * Workers; storms of sizes; only what changed is written. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen_stage.h"

/* The row of the screen that holds the text, -1: none. */
static int
row_with(struct screen_stage *s, const char *text)
{
    for (int row = 0; row < 60; row++)
        if (strstr(pty_screen_row(s->pty, row), text) != NULL)
            return row;
    return -1;
}

static bool
is_at_row(struct pty_screen *pty, void *ctx)
{
    const struct { int row; const char *text; } *at = ctx;

    return strstr(pty_screen_row(pty, at->row), at->text) != NULL;
}

static void
assert_at_row(struct screen_stage *s, int row, const char *text)
{
    struct { int row; const char *text; } at = { row, text };

    assert_true(pty_screen_wait(s->pty, is_at_row, &at, PTY_WAIT_MS));
}

static void
panes_grow_shrink_and_go(void **state)
{
    struct screen_stage *s = *state;
    int row;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on");
    row = row_with(s, " Events ");
    screen_stage_run(s, "layout grow events");
    assert_at_row(s, row - 1, " Events ");
    screen_stage_run(s, "layout shrink events");
    assert_at_row(s, row, " Events ");
    screen_stage_run(s, "layout hide connections");
    assert_gone(s, " Connections ");
    screen_stage_run(s, "layout hide messages");
    assert_gone(s, " Messages ");
    screen_stage_run(s, "layout hide events");
    assert_shown(s, "the last pane stays");
    screen_stage_run(s, "layout show nonsense");
    assert_shown(s, "nonsense: no such pane");
    screen_stage_run(s, "layout wider");
    assert_shown(s, "panes stand side by side from 150 columns on");
    screen_stage_run(s, "layout");
    assert_shown(s, "hidden: Connections, Workers, Messages, Calls");
    screen_stage_run(s, "layout reset");
    assert_shown(s, " Connections ");
    assert_at_row(s, row, " Events ");
    screen_stage_quit(s);
}

static void
keys_resize_and_zoom_the_pane_that_has_them(void **state)
{
    struct screen_stage *s = *state;
    int row;

    screen_stage_start(s, 30, 100);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on");
    row = row_with(s, " Messages ");
    pty_screen_send(s->pty, F6);
    assert_shown(s, "[Connections]");
    pty_screen_send(s->pty, "++");
    assert_at_row(s, row + 2, " Messages ");
    pty_screen_send(s->pty, "-");
    assert_at_row(s, row + 1, " Messages ");
    pty_screen_send(s->pty, "z");
    assert_gone(s, " Messages ");
    pty_screen_send(s->pty, "z");
    assert_at_row(s, row + 1, " Messages ");
    pty_screen_send(s->pty, "i");
    assert_shown(s, "sockdeck>");
    screen_stage_quit(s);
}

static void
the_layout_is_kept_between_runs(void **state)
{
    struct screen_stage *s = *state;
    char path[160];
    struct stat st;
    int row;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "layout hide connections");
    assert_gone(s, " Connections ");
    row = row_with(s, " Events ") - 2;
    screen_stage_run(s, "layout grow events");
    screen_stage_run(s, "layout grow events");
    assert_at_row(s, row, " Events ");
    screen_stage_quit(s);
    pty_screen_close(s->pty);
    snprintf(path, sizeof(path), "%s/sockdeck/layout", s->home);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    screen_stage_start(s, 24, 80);
    assert_at_row(s, row, " Events ");
    assert_false(pty_screen_has(s->pty, " Connections "));
    screen_stage_quit(s);
}

static void
workers_are_shown_with_what_they_do(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 40, 120);
    screen_stage_run(s, "layout show workers");
    assert_shown(s, "No listener is open.");
    screen_stage_run(s, "listen %u mode=prefork workers=2", s->port);
    assert_shown(s, "prefork, 2 workers");
    assert_shown(s, "2 standing");
    assert_shown(s, "blocked in accept");
    assert_shown(s, "PRIVATE");
    fd = screen_stage_dial(s);
    assert_shown(s, "serving #1");
    screen_stage_run(s, "kill W2 STOP");
    assert_shown(s, "stopped");
    screen_stage_run(s, "mode threads");
    assert_shown(s, "threads: 0 live of 0");
    close(fd);
    screen_stage_quit(s);
}

static void
deadlines_count_down_and_the_kernel_names_the_state(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 30, 130);
    screen_stage_run(s, "set motion off");
    fd = screen_stage_peer(s, "handler=echo read-timeout=30s");
    assert_shown(s, "ESTABLISHED");
    assert_shown(s, "read      28 s █");
    screen_stage_run(s, "timeout #1 idle 9s");
    assert_shown(s, "idle  ");
    screen_stage_run(s, "timeout #1 idle none");
    assert_shown(s, "read ");
    assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
    assert_shown(s, "read      29 s █");
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    assert_shown(s, "closed by peer");
    assert_gone(s, "ESTABLISHED");
    close(fd);
    screen_stage_quit(s);
}

static void
bytes_that_nobody_reads_are_seen_in_the_kernel(void **state)
{
    struct screen_stage *s = *state;
    char bytes[4096] = "";
    int fd;

    screen_stage_start(s, 30, 130);
    fd = screen_stage_peer(s, "handler=stall");
    assert_int_equal(send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL), sizeof(bytes));
    assert_shown(s, "→░░░ ←█░░");
    close(fd);
    screen_stage_quit(s);
}

/* Many sizes, one after another, while something goes on: the last frame is right. */
static void
after_a_storm_of_sizes_the_last_frame_is_right(void **state)
{
    struct screen_stage *s = *state;
    unsigned seed = 1;

    screen_stage_start(s, 24, 80);
    screen_stage_both_ends(s, "handler=echo");
    screen_stage_run(s, "ping count=200 interval=10ms");
    for (int i = 0; i < 1000; i++) {
        seed = seed * 1103515245u + 12345u;
        pty_screen_resize(s->pty, 1 + (int)(seed >> 8) % 200, 1 + (int)(seed >> 16) % 500);
        if (i % 50 == 0)
            pty_screen_wait(s->pty, is_at_row, &(struct { int row; const char *text; }) {
                0, "nothing says this" }, 5);
    }
    pty_screen_resize(s->pty, 24, 80);
    assert_shown(s, "; 200 sent, 200");
    assert_at_row(s, 0, " sockdeck  2 open");
    assert_at_row(s, 2, " Connections ");
    assert_at_row(s, 23, " F1 help  F2 send  F3 view");
    screen_stage_run(s, "redraw");
    screen_stage_quit(s);
}

/* A letter is a few bytes, an idle screen none. */
static void
only_what_changed_is_written(void **state)
{
    struct screen_stage *s = *state;
    size_t before, after;

    screen_stage_start(s, 60, 200);
    screen_stage_both_ends(s, "handler=echo mode=prefork");
    pty_screen_send(s->pty, "zz");
    assert_shown(s, "sockdeck #1> zz");
    pty_screen_wait(s->pty, is_at_row, &(struct { int row; const char *text; }) {
        0, "nothing says this" }, 1500);
    pty_screen_raw(s->pty, &before);
    pty_screen_send(s->pty, "q");
    assert_shown(s, "sockdeck #1> zzq");
    pty_screen_wait(s->pty, is_at_row, &(struct { int row; const char *text; }) {
        0, "nothing says this" }, 300);
    pty_screen_raw(s->pty, &after);
    assert_in_range(after - before, 1, 160);
    pty_screen_wait(s->pty, is_at_row, &(struct { int row; const char *text; }) {
        0, "nothing says this" }, 1500);
    pty_screen_raw(s->pty, &before);
    assert_int_equal(before, after);
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "zzq");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(panes_grow_shrink_and_go),
        screen_stage_test(keys_resize_and_zoom_the_pane_that_has_them),
        screen_stage_test(the_layout_is_kept_between_runs),
        screen_stage_test(workers_are_shown_with_what_they_do),
        screen_stage_test(deadlines_count_down_and_the_kernel_names_the_state),
        screen_stage_test(bytes_that_nobody_reads_are_seen_in_the_kernel),
        screen_stage_test(after_a_storm_of_sizes_the_last_frame_is_right),
        screen_stage_test(only_what_changed_is_written),
    };

    return cmocka_run_group_tests_name("layouts", tests, NULL, NULL);
}
