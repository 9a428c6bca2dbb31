/* test_load.c - nothing is lost or grows under a flood, nothing stirs when idle. */
#include "config.h"

#include "test.h"

#include "stage.h"
#include "sockdeck/base/clock.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };      /* shadow memory and a background thread count too */
#else
enum { IS_SANITIZED = 0 };
#endif

enum { FLOOD_BYTES = 200 * 1000 * 1000, MOST_KIB = 160 * 1024, IDLE_MS = 10000 };

static void
a_flood_is_counted_to_the_byte_within_bounded_memory(void **state)
{
    struct stage *s = *state;
    struct batch *b = &s->batch;
    json_t *closed;
    char bytes[16];
    long peak;

    b->drop_received = true;
    stage_listen(s, "listen 0 handler=print recv=64k");
    snprintf(bytes, sizeof(bytes), "%d", FLOOD_BYTES);
    peer_start(&s->peers[0], "flood_client.py", s->port, bytes, NULL);
    batch_event(b, "accepted", 1);
    for (int i = 0; i < 10; i++) {
        int64_t begun = clock_mono_ns();

        assert_int_equal(stage_run(s, "show connections"), 0);
        assert_true(clock_mono_ns() - begun < 2 * NS_PER_S);
    }
    closed = batch_event(b, "closed", 1);
    assert_event_number(closed, "in", FLOOD_BYTES);
    assert_int_equal(b->received_bytes, FLOOD_BYTES);
    assert_int_equal(process_number(&s->peers[0]), FLOOD_BYTES);

    peak = process_resident_kib(b->process.pid, true);
    if (!IS_SANITIZED && peak > MOST_KIB)
        fail_msg("%ld KiB were resident", peak);
    stage_quit(s, 0);
    assert_int_equal(batch_count(b, "lost", 0), 0);     /* a batch keeps all */
}

static void
a_large_file_arrives_whole(void **state)
{
    struct stage *s = *state;
    struct process *server = &s->peers[0];

    peer_start(server, "counting_server.py", NULL);
    batch_start(&s->batch, NULL);
    assert_int_equal(stage_run(s, "connect %ld", process_number(server)), 0);
    assert_int_equal(stage_run(s, "sendfile ./sockdeck"), 0);
    assert_int_equal(stage_run(s, "close"), 0);
    stage_quit(s, 0);
    assert_int_equal(process_number(server),
                     (long)event_number(batch_event(&s->batch, "closed", 1), "out"));
    assert_int_equal(process_wait(server), 0);
}

static void
with_a_listener_and_a_connection_open_but_idle_no_thread_wakes_up(void **state)
{
    struct stage *s = *state;
    long switches;

    if (IS_SANITIZED)
        skip();
    stage_listen(s, "listen 0 mode=prefork workers=2 read-timeout=1h");
    assert_int_equal(stage_run(s, "connect %s idle-timeout=1h", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_true(process_is_silent(&s->batch.process, 500));     /* it comes to rest */

    switches = family_switches(s->batch.process.pid);
    assert_true(process_is_silent(&s->batch.process, IDLE_MS));
    assert_int_equal(family_switches(s->batch.process.pid), switches);
    stage_quit(s, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_flood_is_counted_to_the_byte_within_bounded_memory),
        stage_test(a_large_file_arrives_whole),
        stage_test(with_a_listener_and_a_connection_open_but_idle_no_thread_wakes_up),
    };

    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
