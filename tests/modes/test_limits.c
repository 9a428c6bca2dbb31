/* test_limits.c - so many are served at a time, in each mode that shares a limit; and what
 * is said of the queue of those that wait. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "each_mode.h"
#include "engine_fixture.h"
#include "sockdeck/base/clock.h"

/* A busy machine may take long once; not every time. */
enum { CLIENTS = 12, TRIES = 8 };

static bool
shares_a_limit(const struct mode *mode)
{
    return !mode->one_at_a_time;
}

static void
close_some(int *fds, int from, int to)
{
    for (int i = from; i < to; i++) {
        close(fds[i]);
        fds[i] = -1;
    }
}

/* Which ones are served is the kernel's choice: the others' ends come later. */
static void
a_limit_holds_and_can_be_changed_while_clients_wait(void **state)
{
    struct stage *s = *state;
    int fds[CLIENTS];

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set max-connections 4"), 0);
    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    stage_expect_open(s, 4);
    assert_int_equal(stage_run(s, "set max-connections 7"), 0);
    stage_expect_open(s, 7);
    assert_int_equal(stage_run(s, "set max-connections 5"), 0);
    stage_expect_open(s, 7);          /* those that are open stay */
    assert_int_equal(stage_run(s, "close #1-7"), 0);
    stage_expect_open(s, 5);          /* those that waited */
    close_some(fds, 0, CLIENTS);
    stage_expect_open(s, 0);
    assert_int_equal(stage_listener_number(s, "accepted"), CLIENTS);
    stage_quit(s, 0);
}

/* Also where all wait in accept: well before the time after which nobody is waited for. */
static void
a_limit_holds_everywhere_when_the_command_is_done(void **state)
{
    struct stage *s = *state;
    int64_t best = CLOCK_NEVER;
    int fds[CLIENTS];

    each_mode_listen(s, "handler=echo");
    for (int i = 0; i < TRIES && best >= 100 * NS_PER_MS; i++) {
        int64_t begun = clock_mono_ns();

        assert_int_equal(stage_run(s, "set max-connections %d", 20 + i), 0);
        best = clock_mono_ns() - begun < best ? clock_mono_ns() - begun : best;
    }
    assert_true(best < 100 * NS_PER_MS);
    assert_int_equal(stage_run(s, "set max-connections 3"), 0);
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    stage_expect_open(s, each_mode_of(s)->one_at_a_time && !each_mode_of(s)->has_workers ? 1 : 3);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 0);
    close_some(fds, 0, CLIENTS);
    stage_quit(s, 0);
}

static void
a_limit_counts_what_the_former_mode_still_serves(void **state)
{
    struct stage *s = *state;
    int fds[CLIENTS];

    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "set max-connections 8"), 0);
    stage_listen(s, "listen 0 mode=epoll handler=echo");
    for (int i = 0; i < 6; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    stage_expect_open(s, 6);
    assert_int_equal(stage_run(s, "mode L1 %s", each_mode_of(s)->name), 0);
    for (int i = 6; i < CLIENTS; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    /* Each worker may have one at least. */
    stage_expect_open(s, each_mode_of(s)->has_workers ? 6 + EACH_MODE_WORKERS : 8);
    close_some(fds, 0, CLIENTS);
    stage_expect_open(s, 0);
    assert_int_equal(stage_listener_number(s, "accepted"), CLIENTS);
    stage_quit(s, 0);
}

static void
a_full_accept_queue_is_explained(void **state)
{
    struct stage *s = *state;
    json_t *queue;
    int fds[5];                 /* one is served; the kernel admits backlog + 1 */

    stage_listen(s, "listen 0 mode=serial backlog=3");
    for (int i = 0; i < 5; i++)
        fds[i] = fixture_connect((uint16_t)atoi(s->port));
    do
        queue = batch_event(&s->batch, "queue", 0);
    while (!json_is_true(json_object_get(queue, "full")));
    assert_event_number(queue, "waiting", 4);
    assert_event_number(queue, "limit", 3);
    assert_non_null(strstr(event_string(queue, "text"), "serial serves one at a time"));
    assert_non_null(strstr(event_string(queue, "text"), "drops further SYNs"));
    close_some(fds, 0, 5);
    queue = batch_event(&s->batch, "queue", 0);
    assert_event_number(queue, "waiting", 0);
    stage_quit(s, 0);
}

int
main(void)
{
    static const struct mode_test suite[] = {
        MODES_THAT(shares_a_limit, a_limit_holds_and_can_be_changed_while_clients_wait),
        EACH_MODE(a_limit_holds_everywhere_when_the_command_is_done),
        MODES_THAT(shares_a_limit, a_limit_counts_what_the_former_mode_still_serves),
    };

    const struct CMUnitTest tests[] = {
        stage_test(a_full_accept_queue_is_explained),
    };
    int failed = each_mode_run("limits", suite, sizeof(suite) / sizeof(suite[0]));

    return failed + cmocka_run_group_tests_name("accept queue", tests, NULL, NULL);
}
