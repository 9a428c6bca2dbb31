/* test_crowd.c - R6 of the ledger: 2,000 connects with a limit of 50, in each mode that shares
 * a limit: never more than 50 are served at a time, and all sums are exact. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "each_mode.h"

/* Reached: by so many at least. Processes come too slowly for it under sanitizers; under
 * ThreadSanitizer so slowly that fewer of them must do. */
#if defined(__SANITIZE_THREAD__)
enum { CLIENTS = 500, LIMIT = 50, REACHED = 1 };
#elif defined(__SANITIZE_ADDRESS__)
enum { CLIENTS = 2000, LIMIT = 50, REACHED = 1 };
#else
enum { CLIENTS = 2000, LIMIT = 50, REACHED = LIMIT / 2 };
#endif

struct sums { int accepted, closed, open, most; double in, out, received, sent; };

/* What the events tell, in their order. */
static struct sums
add_up(const struct batch *b)
{
    struct sums sums = { 0 };
    json_t *event;
    size_t i;

    json_array_foreach(b->events, i, event) {
        const char *name = event_string(event, "event");

        if (strcmp(name, "accepted") == 0) {
            sums.accepted++;
            sums.open++;
        } else if (strcmp(name, "closed") == 0) {
            sums.closed++;
            sums.open--;
            sums.in += event_number(event, "in");
            sums.out += event_number(event, "out");
        } else if (strcmp(name, "received") == 0) {
            sums.received += event_number(event, "bytes");
        } else if (strcmp(name, "sent") == 0) {
            sums.sent += event_number(event, "bytes");
        }
        sums.most = sums.open > sums.most ? sums.open : sums.most;
    }
    return sums;
}

static void
expect_sums(struct stage *s, long bytes)
{
    struct sums sums = add_up(&s->batch);

    assert_int_equal(sums.accepted, CLIENTS);
    assert_int_equal(sums.closed, CLIENTS);
    assert_int_equal(sums.received, bytes);
    assert_int_equal(sums.sent, bytes);
    assert_int_equal(sums.in, bytes);
    assert_int_equal(sums.out, bytes);
    assert_in_range(sums.most, REACHED, LIMIT);
}

static void
of_a_crowd_never_more_than_fifty_are_served_at_a_time(void **state)
{
    struct stage *s = *state;
    struct process *clients = &s->peers[0];
    char count[16];
    long bytes;

    snprintf(count, sizeof(count), "%d", CLIENTS);
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set max-connections %d", LIMIT), 0);
    each_mode_listen(s, "handler=echo work=30ms backlog=1024");
    peer_start(clients, "many_clients.py", s->port, count, "200", NULL);
    for (int i = 0; i < CLIENTS; i++)           /* reads along, so that nothing waits for us */
        batch_event(&s->batch, "closed", 0);
    bytes = process_number(clients);
    assert_int_equal(process_wait(clients), 0);
    assert_int_equal(stage_listener_number(s, "accepted"), CLIENTS);
    assert_int_equal(stage_listener_number(s, "open"), 0);
    stage_quit(s, 0);
    expect_sums(s, bytes);
}

static bool
shares_a_limit(const struct mode *mode)
{
    return !mode->one_at_a_time;
}

int
main(void)
{
    static const struct mode_test suite[] = {
        MODES_THAT(shares_a_limit, of_a_crowd_never_more_than_fifty_are_served_at_a_time),
    };

    return each_mode_run("crowd", suite, sizeof(suite) / sizeof(suite[0]));
}
