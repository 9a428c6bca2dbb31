/* test_folding.c - lines of Events that stand for many: repeats, and bursts. */
#include "config.h"

#include "test.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "screen_stage.h"

static unsigned
port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t size = sizeof(address);

    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

static void
repeats_are_folded_with_their_count(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 100);
    for (int i = 0; i < 3; i++)
        screen_stage_run(s, "nonsense");
    assert_shown(s, "(3 times)");
    screen_stage_quit(s);
}

static void
a_storm_of_connections_is_a_line_that_opens_to_single_ones(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 40, 120);
    screen_stage_run(s, "listen %u handler=echo mode=epoll", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    for (int i = 0; i < 100; i++)
        close(screen_stage_dial(s));
    assert_shown(s, "0 open, 100 closed");
    assert_shown(s, "100 accepted, 100 end of file, 100 closed by peer (FIN): #1 to #100");
    screen_stage_run(s, "filter conn=77");
    assert_shown(s, "hidden by conn=77");
    assert_gone(s, "100 accepted, 100 end");
    screen_stage_run(s, "filter");
    assert_shown(s, "100 accepted, 100 end");
    pty_screen_send(s->pty, F6);
    assert_shown(s, "keys go to Connections");
    pty_screen_send(s->pty, F6);
    assert_shown(s, "keys go to Messages");
    pty_screen_send(s->pty, F6);
    assert_shown(s, "keys go to Events");
    pty_screen_send(s->pty, "\r");
    assert_gone(s, "100 accepted, 100 end");
    assert_shown(s, "299 newer");
    pty_screen_send(s->pty, " ");
    assert_shown(s, "100 accepted, 100 end");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
find_opens_the_burst_that_holds_the_text(void **state)
{
    struct screen_stage *s = *state;
    char text[32], shown[64];

    screen_stage_start(s, 40, 120);
    screen_stage_run(s, "listen %u handler=echo mode=epoll", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    for (int i = 0; i < 100; i++) {
        int fd = screen_stage_dial(s);

        if (i == 42)
            snprintf(text, sizeof(text), "127.0.0.1:%u (", port_of(fd));
        close(fd);
    }
    assert_shown(s, "100 accepted, 100 end of file, 100 closed by peer (FIN): #1 to #100");
    pty_screen_send(s->pty, F6 F6 F6);
    assert_shown(s, "keys go to Events");
    pty_screen_send(s->pty, "/");
    assert_shown(s, "> find");
    screen_stage_run(s, "%s", text);
    assert_gone(s, "100 accepted, 100 end");
    snprintf(shown, sizeof(shown), "#43   accepted %s", text);
    assert_shown(s, shown);
    pty_screen_send(s->pty, "n");
    assert_shown(s, "the search went round the end");
    assert_shown(s, shown);
    pty_screen_send(s->pty, " ");
    assert_shown(s, "100 accepted, 100 end");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    screen_stage_quit(s);
}

static void
lost_pings_are_one_line_with_their_cause(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 40, 160);
    screen_stage_both_ends(s, "handler=print mode=epoll");
    screen_stage_run(s, "ping #1 count=12 interval=10ms wait=100ms");
    assert_shown(s, "12 sent, 0 replied, 12 lost");
    assert_shown(s, "ping 12: no answer in 0.1 s (L1 has handler=print");
    assert_shown(s, "(12 times)");
    assert_gone(s, "ping 11: no answer");
    screen_stage_run(s, "connect %u count=20", s->port);
    assert_shown(s, "42 open, 0 closed");
    assert_shown(s, "(12 times)");
    screen_stage_run(s, "ping @out wait=100ms");
    assert_shown(s, "21 pings lost: #1 to #");
    assert_shown(s, "last: ping 1: no answer in 0.1 s (L1 has");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(repeats_are_folded_with_their_count),
        screen_stage_test(a_storm_of_connections_is_a_line_that_opens_to_single_ones),
        screen_stage_test(find_opens_the_burst_that_holds_the_text),
        screen_stage_test(lost_pings_are_one_line_with_their_cause),
    };

    return cmocka_run_group_tests_name("folding", tests, NULL, NULL);
}
