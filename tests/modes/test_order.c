/* test_order.c - with both ends of a connection in one console, what caused is shown
 * above what it caused, whoever serves. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <string.h>
#include <time.h>

#include "each_mode.h"
#include "sockdeck/base/clock.h"

enum { CONNS = 256, CALLED = CONNS, AT_ONCE = 2, ENDINGS = 12 };

/* What was shown of one end so far: bytes, and the stamps of the sends that brought them. */
struct end {
    int other;                  /* 0: not known yet */
    double sent, received, sent_at;
    bool has_ended;
};

static bool
is(const json_t *event, const char *name)
{
    return strcmp(event_string(event, "event"), name) == 0;
}

/* Those of connections, and from CALLED on those of their calls. */
static void
find_other(struct end *ends, json_t *events, const json_t *event)
{
    const int conn = event_conn(event);
    json_t *twin;
    size_t i;

    json_array_foreach(events, i, twin) {
        if (twin == event)
            return;
        if ((!is(twin, "connected") && !is(twin, "accepted")) ||
            strcmp(event_string(twin, "peer"), event_string(event, "local")) != 0 ||
            strcmp(event_string(twin, "local"), event_string(event, "peer")) != 0)
            continue;
        ends[conn].other = event_conn(twin);
        ends[ends[conn].other].other = conn;
        ends[CALLED + conn].other = CALLED + ends[conn].other;
        ends[CALLED + ends[conn].other].other = CALLED + conn;
    }
}

static void
check_received(const struct end *ends, struct end *end, const json_t *event, double bytes)
{
    const struct end *other = &ends[end->other];

    end->received += bytes;
    if (end->received > other->sent)
        fail_msg("%s: %.0f bytes of %.0f that were sent", event_string(event, "text"),
                 end->received, other->sent);
    if (end->received == other->sent && event_number(event, "mono") < other->sent_at)
        fail_msg("%s: stamped before it was sent", event_string(event, "text"));
}

static void
check_call(struct end *ends, const json_t *event)
{
    struct end *end = &ends[CALLED + event_conn(event)];
    const char *call = event_string(event, "call");

    if (!event_has(event, "result") || event_number(event, "result") <= 0)
        return;
    if (strcmp(call, "sendto") == 0)
        end->sent += event_number(event, "result");
    else if (strcmp(call, "recvfrom") == 0)
        check_received(ends, end, event, event_number(event, "result"));
}

static void
check_event(struct end *ends, json_t *events, const json_t *event)
{
    struct end *end = &ends[event_conn(event)];

    if (is(event, "connected") || is(event, "accepted")) {
        find_other(ends, events, event);
    } else if (is(event, "sent")) {
        end->sent += event_number(event, "bytes");
        end->sent_at = event_number(event, "mono");
    } else if (is(event, "received")) {
        check_received(ends, end, event, event_number(event, "bytes"));
    } else if (is(event, "call")) {
        check_call(ends, event);
    } else if (is(event, "eof")) {
        if (!ends[end->other].has_ended)
            fail_msg("#%d: an end of file before #%d has ended", event_conn(event), end->other);
    } else if (is(event, "shutdown") || is(event, "closed")) {
        end->has_ended = true;
    }
}

/* Of all that the batch has written; how many bytes were received. */
static double
check_order(const struct batch *b)
{
    struct end ends[2 * CONNS] = { { 0 } };
    double received = 0;
    json_t *event;
    size_t i;

    json_array_foreach(b->events, i, event) {
        if (!event_has(event, "conn"))
            continue;
        assert_true(event_conn(event) < CONNS);
        check_event(ends, b->events, event);
    }
    for (i = 0; i < CONNS; i++)
        received += ends[i].received;
    return received;
}

/* Some 1,500 a mode, a part of them watched by the lens. */
static void
what_is_received_stands_below_what_was_sent(void **state)
{
    static const char *const runs[] = { "interval=1ms", "interval=0", "interval=1ms" };
    enum { PINGS = 250, RUNS = 3, BYTES = 4 };
    struct stage *s = *state;
    int n = each_mode_served_at_once(s) < AT_ONCE ? 1 : AT_ONCE;

    each_mode_listen(s, "handler=echo");
    assert_int_equal(stage_run(s, "connect %s count=%d", s->port, n), 0);
    for (int i = 0; i < RUNS; i++) {
        if (i == RUNS - 1)
            assert_int_equal(stage_run(s, "calls on"), 0);
        assert_int_equal(stage_run(s, "ping @out count=%d %s wait=10s", PINGS, runs[i]), 0);
    }
    stage_quit(s, 0);
    assert_int_equal(check_order(&s->batch), n * RUNS * PINGS * BYTES * 2);
}

static void
what_ends_stands_above_the_end_that_is_seen(void **state)
{
    static const char *const ends[] = { "close", "shutdown write", "reset" };
    enum { BYTES = 5 };
    struct stage *s = *state;

    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < ENDINGS; i++) {
        assert_int_equal(stage_run(s, "connect %s", s->port), 0);
        assert_int_equal(stage_run(s, "send hello"), 0);
        assert_int_equal(stage_run(s, "expect hello"), 0);
        assert_int_equal(stage_run(s, "%s", ends[i % 3]), 0);
        batch_event(&s->batch, "closed", 2 * i + 1);
        batch_event(&s->batch, "closed", 2 * i + 2);
    }
    stage_quit(s, 0);
    assert_int_equal(check_order(&s->batch), ENDINGS * BYTES * 2);
}

/* Each time too short for what it has not reported yet to be given up. */
static void
stop_for_a_moment(pid_t pid)
{
    const struct timespec moment = { .tv_nsec = 5 * NS_PER_MS };

    assert_int_equal(kill(pid, SIGSTOP), 0);
    nanosleep(&moment, NULL);
    assert_int_equal(kill(pid, SIGCONT), 0);
}

static void
a_process_that_stops_now_and_then_is_waited_for(void **state)
{
    enum { STOPS = 20, PINGS = 400 };
    struct stage *s = *state;
    pid_t pid;

    each_mode_listen(s, "handler=echo");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    pid = event_pid(batch_event(&s->batch, "accepted", 0));
    process_write(&s->batch.process, "ping count=400 interval=1ms wait=10s\n");
    for (int i = 0; i < STOPS; i++) {
        batch_event(&s->batch, "ping", 1);
        stop_for_a_moment(pid);
    }
    assert_int_equal(batch_done(&s->batch), 0);
    stage_quit(s, 0);
    assert_int_equal(check_order(&s->batch), 2 * PINGS * 4);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        EACH_MODE(what_is_received_stands_below_what_was_sent),
        EACH_MODE(what_ends_stands_above_the_end_that_is_seen),
        MODES_THAT(mode_has_processes, a_process_that_stops_now_and_then_is_waited_for),
    };

    return each_mode_run("order", suite, sizeof(suite) / sizeof(suite[0]));
}
