/* test_requests.c - what the user asks for acts within 50 ms on a connection, blocked or
 * not, in whichever thread or process it lives. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

#define SOON_NS (50 * NS_PER_MS)

/* A busy machine may take long once; not every time. */
enum { TRIES = 8 };

struct act {
    const char *verb, *rest;    /* around the connection */
    const char *seen;           /* what the client then receives; "": the end */
    int failure;                /* or the errno of its recv */
};

/* How long until the client of a fresh connection sees what was asked for. */
static int64_t
time_until_seen(struct stage *s, const struct act *act)
{
    char line[64], buf[16];
    int conn, fd = each_mode_connect(s, &conn);
    int64_t begun;
    ssize_t got;

    snprintf(line, sizeof(line), "%s #%d %s\n", act->verb, conn, act->rest);
    begun = clock_mono_ns();
    process_write(&s->batch.process, line);
    got = recv(fd, buf, sizeof(buf), 0);
    begun = clock_mono_ns() - begun;
    if (act->failure != 0) {
        assert_int_equal(got, -1);
        assert_int_equal(errno, act->failure);
    } else {
        assert_int_equal(got, strlen(act->seen));
        assert_memory_equal(buf, act->seen, (size_t)got);
    }
    close(fd);
    batch_event(&s->batch, "closed", conn);
    return begun;
}

static void
acts_soon(struct stage *s, const struct act *act)
{
    for (int i = 0; i < TRIES; i++)
        if (time_until_seen(s, act) < SOON_NS)
            return;
    fail_msg("%s %s: takes longer than 50 ms", act->verb, act->rest);
}

static void
each_request_acts_on_a_blocked_connection_within_50_ms(void **state)
{
    static const struct act acts[] = {
        { "send", "now", "now", 0 },
        { "ping", "wait=10ms", "ping", 0 },
        { "shutdown", "write", "", 0 },
        { "timeout", "read 1ms", "", 0 },
        { "timeout", "idle 1ms", "", 0 },
        { "close", "", "", 0 },
        { "reset", "", NULL, ECONNRESET },
    };
    struct stage *s = *state;

    each_mode_listen(s, "");
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
        acts_soon(s, &acts[i]);
    stage_quit(s, 1);           /* the pings had no answer */
}

/* The client's held message is echoed this long after the command line was written. */
static int64_t
time_until_resumed(struct stage *s, int fd, int conn)
{
    char line[64], buf[4];
    int64_t begun = clock_mono_ns();

    snprintf(line, sizeof(line), "resume #%d\n", conn);
    process_write(&s->batch.process, line);
    assert_true(fixture_read(fd, buf, 4));
    assert_memory_equal(buf, "held", 4);
    return clock_mono_ns() - begun;
}

static void
pause_holds_the_bytes_and_resume_lets_them_through_within_50_ms(void **state)
{
    struct stage *s = *state;
    int64_t best = CLOCK_NEVER;
    int conn, fd;

    each_mode_listen(s, "handler=echo");
    fd = each_mode_connect(s, &conn);
    for (int i = 0; i < TRIES && best >= SOON_NS; i++) {
        char buf[1];
        int64_t took;

        assert_int_equal(stage_run(s, "pause #%d", conn), 0);
        assert_int_equal(send(fd, "held", 4, 0), 4);
        assert_int_equal(stage_run(s, "wait 60ms"), 0);
        assert_int_equal(recv(fd, buf, 1, MSG_DONTWAIT), -1);
        took = time_until_resumed(s, fd, conn);
        assert_int_equal(batch_done(&s->batch), 0);
        if (took < best)
            best = took;
    }
    assert_true(best < SOON_NS);
    close(fd);
    stage_quit(s, 0);
}

static void
another_handler_holds_for_connections_that_are_open(void **state)
{
    struct stage *s = *state;
    char buf[4];
    int conn, fd;

    each_mode_listen(s, "handler=print");
    fd = each_mode_connect(s, &conn);
    assert_int_equal(stage_run(s, "handler L1 pong"), 0);
    /* The connection is told after the command is done; then it stays so. */
    for (int i = 0; i < TRIES; i++) {
        assert_int_equal(send(fd, "x", 1, 0), 1);
        if (recv(fd, buf, 4, i < TRIES - 1 ? MSG_DONTWAIT : 0) == 4)
            break;
        assert_int_equal(stage_run(s, "wait 10ms"), 0);
    }
    assert_memory_equal(buf, "pong", 4);
    close(fd);
    stage_quit(s, 0);
}

/* With both ends here: what ends one ends the other, which may be before its own turn. */
static void
what_has_ended_meanwhile_does_not_fail_a_command_that_ends_all(void **state)
{
    static const char *const ends[] = { "close @all", "reset @all", "shutdown @all both" };
    struct stage *s = *state;

    each_mode_listen(s, "handler=echo");
    for (int round = 0; round < 12; round++) {
        assert_int_equal(stage_run(s, "connect %s count=8", s->port), 0);
        batch_event(&s->batch, "accepted", 0);
        assert_int_equal(stage_run(s, "%s", ends[round % 3]), 0);
    }
    stage_quit(s, 0);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        EACH_MODE(each_request_acts_on_a_blocked_connection_within_50_ms),
        EACH_MODE(pause_holds_the_bytes_and_resume_lets_them_through_within_50_ms),
        EACH_MODE(another_handler_holds_for_connections_that_are_open),
        EACH_MODE(what_has_ended_meanwhile_does_not_fail_a_command_that_ends_all),
    };

    return each_mode_run("requests", suite, sizeof(suite) / sizeof(suite[0]));
}
