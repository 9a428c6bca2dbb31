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

static bool
is_serial(const struct mode *mode)
{
    return strcmp(mode->name, "serial") == 0;
}

static bool
serves_one_at_a_time(const struct mode *mode)
{
    return mode->one_at_a_time;
}

/* That the thread which accepted it served before, 0: none. */
static int
served_before(json_t *events, size_t accepted)
{
    const json_t *worker = json_object_get(json_array_get(events, accepted), "worker");
    int last = 0;

    for (size_t i = 0; i < accepted; i++) {
        const json_t *event = json_array_get(events, i);

        if (is(event, "accepted") && json_equal(json_object_get(event, "worker"), worker))
            last = event_conn(event);
    }
    return last;
}

static bool
has_closed(json_t *events, size_t before, int conn)
{
    for (size_t i = 0; i < before; i++) {
        const json_t *event = json_array_get(events, i);

        if (is(event, "closed") && event_conn(event) == conn)
            return true;
    }
    return false;
}

/* Those that wait are open still when the one before them ends. */
static void
who_is_served_next_stands_below_the_end_of_the_last(void **state)
{
    enum { CLIENTS = 24 };
    struct stage *s = *state;
    int conns[CLIENTS];
    size_t i, followers = 0;
    json_t *event;

    each_mode_listen(s, "handler=print");
    assert_int_equal(stage_run(s, "connect %s count=%d", s->port, CLIENTS), 0);
    for (int n = 0; n < CLIENTS; n++)
        conns[n] = event_conn(batch_event(&s->batch, "connected", 0));
    for (int n = 0; n < CLIENTS; n++) {
        batch_event(&s->batch, "accepted", 0);
        assert_int_equal(stage_run(s, "close #%d", conns[n]), 0);
    }
    stage_quit(s, 0);
    json_array_foreach(s->batch.events, i, event) {
        int last = is(event, "accepted") ? served_before(s->batch.events, i) : 0;

        followers += last != 0;
        if (last != 0 && !has_closed(s->batch.events, i, last))
            fail_msg("#%d was accepted before #%d has closed", event_conn(event), last);
    }
    assert_true(followers >= CLIENTS - EACH_MODE_WORKERS);
}

/* Its FIN was sent before it was accepted: nothing more is to come. */
static void
an_end_that_came_before_it_was_accepted_is_shown_at_once(void **state)
{
    enum { TRIES = 8, SHORT_MS = 150 };         /* less than anything is held back for */
    struct stage *s = *state;
    int64_t shortest_ms = INT64_MAX;

    stage_listen(s, "listen 0 handler=print");
    for (int i = 0; i < TRIES && shortest_ms > SHORT_MS; i++) {
        int first, second, server;
        int64_t begun_ns;

        assert_int_equal(stage_run(s, "connect %s", s->port), 0);
        first = event_conn(batch_event(&s->batch, "connected", 0));
        batch_event(&s->batch, "accepted", 0);
        assert_int_equal(stage_run(s, "connect %s", s->port), 0);
        second = event_conn(batch_event(&s->batch, "connected", 0));
        assert_int_equal(stage_run(s, "shutdown #%d write", second), 0);
        begun_ns = clock_mono_ns();
        assert_int_equal(stage_run(s, "close #%d", first), 0);
        server = event_conn(batch_event(&s->batch, "accepted", 0));
        batch_event(&s->batch, "eof", server);
        if ((clock_mono_ns() - begun_ns) / NS_PER_MS < shortest_ms)
            shortest_ms = (clock_mono_ns() - begun_ns) / NS_PER_MS;
        batch_event(&s->batch, "closed", second);
    }
    stage_quit(s, 0);
    assert_true(shortest_ms <= SHORT_MS);
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
        MODES_THAT(serves_one_at_a_time, who_is_served_next_stands_below_the_end_of_the_last),
        MODES_THAT(is_serial, an_end_that_came_before_it_was_accepted_is_shown_at_once),
        MODES_THAT(mode_has_processes, a_process_that_stops_now_and_then_is_waited_for),
    };

    return each_mode_run("order", suite, sizeof(suite) / sizeof(suite[0]));
}
