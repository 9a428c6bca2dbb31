/* test_switch.c - the mode of a live listener is changed while clients come without
 * pause: none is refused, reset or lost. */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "stage.h"
#include "sockdeck/serve/mode.h"

enum { SWITCHES = 100, CLIENTS = 1000 };

static void
open_connections_stay_with_the_old_mode_and_new_ones_go_to_the_new(void **state)
{
    struct stage *s = *state;
    json_t *mode;

    stage_listen(s, "listen 0 mode=serial handler=echo");
    peer_start(&s->peers[0], "staying_client.py", s->port, "answers", NULL);
    assert_int_equal(event_pid(batch_event(&s->batch, "accepted", 1)), s->batch.process.pid);
    assert_int_equal(stage_run(s, "mode L1 prefork workers=2"), 0);
    mode = batch_event(&s->batch, "mode", 0);
    assert_event_string(mode, "from", "serial");
    assert_event_string(mode, "to", "prefork");

    peer_start(&s->peers[1], "staying_client.py", s->port, "answers", NULL);
    assert_int_not_equal(event_pid(batch_event(&s->batch, "accepted", 2)),
                         s->batch.process.pid);
    for (int i = 0; i < 2; i++) {
        process_expect_line(&s->peers[i], "connected");
        process_write(&s->peers[i], "hello\n");
        process_expect_line(&s->peers[i], "hello");
    }
    stage_quit(s, 0);
}

static void
workers_grow_at_once_and_shrink_when_they_are_done(void **state)
{
    struct stage *s = *state;

    stage_listen(s, "listen 0 mode=prefork workers=1 handler=echo");
    peer_start(&s->peers[0], "staying_client.py", s->port, "answers", NULL);
    batch_event(&s->batch, "accepted", 1);
    assert_int_equal(stage_run(s, "mode L1 prefork workers=3"), 0);
    for (int i = 1; i < 3; i++) {
        peer_start(&s->peers[i], "staying_client.py", s->port, "answers", NULL);
        batch_event(&s->batch, "accepted", i + 1);
    }
    assert_int_equal(stage_run(s, "mode L1 prefork workers=1"), 0);
    for (int i = 0; i < 3; i++) {
        process_expect_line(&s->peers[i], "connected");
        process_write(&s->peers[i], "hello\n");
        process_expect_line(&s->peers[i], "hello");
        assert_int_equal(process_wait(&s->peers[i]), 0);
    }
    stage_quit(s, 0);
}

static void
a_hundred_switches_across_all_modes_lose_no_client(void **state)
{
    struct stage *s = *state;
    char count[8];
    long bytes;
    int64_t in = 0;

    stage_listen(s, "listen 0 mode=serial handler=echo");
    snprintf(count, sizeof(count), "%d", CLIENTS);
    peer_start(&s->peers[0], "many_clients.py", s->port, count, "4", NULL);
    for (uint32_t i = 0, from = 0; i < SWITCHES; i++) {
        uint32_t to = (from + 1 + i / mode_count % (mode_count - 1)) % mode_count;

        assert_int_equal(stage_run(s, "mode L1 %s", modes[to]->name), 0);
        from = to;
    }
    bytes = process_number(&s->peers[0]);
    assert_int_equal(process_wait(&s->peers[0]), 0);
    for (int i = 0; i < CLIENTS; i++)
        in += (int64_t)event_number(batch_event(&s->batch, "closed", 0), "in");
    assert_int_equal(in, bytes);
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "closed", 0), CLIENTS);
    assert_int_equal(batch_count(&s->batch, "mode", 0), SWITCHES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(open_connections_stay_with_the_old_mode_and_new_ones_go_to_the_new),
        stage_test(workers_grow_at_once_and_shrink_when_they_are_done),
        stage_test(a_hundred_switches_across_all_modes_lose_no_client),
    };

    return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}
