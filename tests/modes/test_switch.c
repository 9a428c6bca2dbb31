/* test_switch.c - the mode of a live listener, and the number of its workers, are changed
 * while connections are open. */
#include "config.h"

#include "test.h"

#include "stage.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(open_connections_stay_with_the_old_mode_and_new_ones_go_to_the_new),
        stage_test(workers_grow_at_once_and_shrink_when_they_are_done),
    };

    return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}
