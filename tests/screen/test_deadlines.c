/* test_deadlines.c - what counts down is seen to, whichever limit it is and whoever holds the
 * connection. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"
#include "process.h"
#include "screen_stage.h"
#include "sockdeck/serve/mode.h"

/* More than the kernel takes for a peer that does not read. */
enum { MUCH = 24 << 20 };

static void
write_much(struct screen_stage *s)
{
    char *bytes = calloc(1, MUCH);

    screen_stage_write(s, "much", bytes, MUCH);
    free(bytes);
}

/* Of a connection that is open: read, idle, then a send that waits, which a changed limit
 * ends. */
static void
watch_limits(struct screen_stage *s, int id)
{
    screen_stage_run(s, "timeout #%d read 70s", id);
    assert_shown(s, "read      6");
    screen_stage_run(s, "timeout #%d idle 50s", id);
    assert_shown(s, "idle      4");
    screen_stage_run(s, "timeout #%d idle none", id);
    assert_shown(s, "read      6");
    screen_stage_run(s, "timeout #%d send 40s", id);
    screen_stage_run(s, "sendfile #%d %s/much", id, s->home);
    assert_shown(s, "send      3");
    screen_stage_run(s, "timeout #%d send 1ms", id);
    assert_gone(s, "send      3");
    assert_shown(s, "0 open");
}

static void
each_limit_of_a_served_connection_is_seen_in_every_mode(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 40, 130);
    write_much(s);
    screen_stage_run(s, "set motion off");
    for (uint32_t i = 0; i < mode_count; i++) {
        char text[32];
        int fd;

        screen_stage_run(s, "listen %u mode=%s accept-timeout=70s", s->port, modes[i]->name);
        snprintf(text, sizeof(text), " L%u 127.0.0.1:", i + 1);
        assert_shown(s, text);
        assert_shown(s, "  accept 6");
        screen_stage_run(s, "timeout L%u accept none", i + 1);
        assert_gone(s, "  accept 6");
        fd = screen_stage_dial(s);
        assert_shown(s, "1 open");
        watch_limits(s, (int)i + 1);
        close(fd);
        screen_stage_run(s, "close L%u", i + 1);
        assert_gone(s, text);
    }
    screen_stage_quit(s);
}

static void
each_limit_of_a_dialled_connection_is_seen(void **state)
{
    struct address address = loopback_address("127.0.0.1", 0);
    int listener = loopback_listen(&address, 1);
    struct screen_stage *s = *state;
    char text[ADDRESS_TEXT];

    screen_stage_start(s, 40, 130);
    write_much(s);
    screen_stage_run(s, "set motion off");
    screen_stage_run(s, "hole %u", s->port);
    assert_shown(s, "is a black hole");
    screen_stage_run(s, "connect %u connect-timeout=40s", s->port);
    assert_shown(s, "connect   3");
    screen_stage_run(s, "timeout #1 connect 1ms");
    assert_shown(s, "connect timeout after");
    screen_stage_run(s, "close L1");
    assert_gone(s, " L1 127.0.0.1:");
    screen_stage_run(s, "connect %s", address_text(&address, text));
    assert_shown(s, "1 open");
    watch_limits(s, 2);
    close(listener);
    screen_stage_quit(s);
}

/* Whether it works on a timer or keeps its thread: it does not wait for bytes then. */
static void
the_read_limit_rests_while_a_handler_works(void **state)
{
    static const char *const ways[] = { "no", "yes" };
    struct screen_stage *s = *state;
    char byte;
    int fd;

    screen_stage_start(s, 30, 130);
    screen_stage_run(s, "set motion off");
    fd = screen_stage_peer(s, "mode=threads read-timeout=30s");
    assert_shown(s, "read      2");
    for (int i = 0; i < 2; i++) {
        screen_stage_run(s, "handler L1 echo work=2s block=%s; send #1 x", ways[i]);
        assert_int_equal(recv(fd, &byte, 1, 0), 1);
        assert_int_equal(send(fd, "x", 1, MSG_NOSIGNAL), 1);
        assert_gone(s, "read      2");
        assert_shown(s, "read      2");
        assert_int_equal(recv(fd, &byte, 1, 0), 1);
    }
    close(fd);
    screen_stage_quit(s);
}

/* --- how often it is drawn ------------------------------------------------------------- */

static bool
never(struct pty_screen *pty, void *ctx)
{
    (void)pty, (void)ctx;
    return false;
}

/* No thread of the console or its processes is woken for so long. */
static bool
sleeps(struct screen_stage *s, int ms)
{
    long before = family_switches(pty_screen_pid(s->pty));

    pty_screen_wait(s->pty, never, NULL, ms);
    return family_switches(pty_screen_pid(s->pty)) == before;
}

/* Ages alone change at whole minutes: not in two spans in a row that are shorter. */
static void
nothing_wakes_where_nothing_counts_but_ages_each_minute(void **state)
{
    struct screen_stage *s = *state;
    bool is_quiet = false;
    int fd;

#if defined(__SANITIZE_THREAD__)
    skip();                     /* its runtime has a thread that wakes up */
#endif
    screen_stage_start(s, 60, 200);
    fd = screen_stage_peer(s, "mode=prefork workers=2 handler=echo");
    screen_stage_run(s, "connect %u; ping count=3 interval=10ms", s->port);
    assert_shown(s, "; 3 sent, 3");
    for (int i = 0; i < 20 && !is_quiet; i++)
        is_quiet = sleeps(s, 1000);     /* the past of its rates has gone by */
    assert_true(is_quiet);
    assert_true(sleeps(s, 4000) || sleeps(s, 4000));
    screen_stage_run(s, "timeout #1 read 1h");
    assert_shown(s, "read    59m5");
    assert_false(sleeps(s, 2500));      /* what counts is drawn */
    close(fd);
    screen_stage_quit(s);
}

static bool
is_blocked_for_2_s(struct pty_screen *pty, void *ctx)
{
    const char *at = strstr(pty_screen_text(pty), "<blocked ");

    (void)ctx;
    return at != NULL && atof(at + strlen("<blocked ")) >= 2.0;
}

static void
calls_in_progress_count_without_motion_too(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 30, 130);
    screen_stage_run(s, "set motion off; calls on; listen %u", s->port);
    assert_shown(s, "<blocked ");
    assert_true(pty_screen_wait(s->pty, is_blocked_for_2_s, NULL, PTY_WAIT_MS));
    screen_stage_quit(s);
}

/* Seconds suffice there: "read▄12s". */
static void
the_smallest_screen_has_a_short_form_while_there_are_limits(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 16, 60);
    fd = screen_stage_peer(s, "handler=echo read-timeout=95s");
    assert_shown(s, "read█9");
    screen_stage_run(s, "timeout #1 read none");
    assert_gone(s, "read█9");
    assert_shown(s, " us");             /* the room is the round trip's */
    close(fd);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(each_limit_of_a_served_connection_is_seen_in_every_mode),
        screen_stage_test(each_limit_of_a_dialled_connection_is_seen),
        screen_stage_test(the_read_limit_rests_while_a_handler_works),
        screen_stage_test(nothing_wakes_where_nothing_counts_but_ages_each_minute),
        screen_stage_test(calls_in_progress_count_without_motion_too),
        screen_stage_test(the_smallest_screen_has_a_short_form_while_there_are_limits),
    };

    return cmocka_run_group_tests_name("deadlines", tests, NULL, NULL);
}
