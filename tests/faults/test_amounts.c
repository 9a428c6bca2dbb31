/* test_amounts.c - a lot of everything: bytes, lines, connections, commands. Nothing is
 * lost, nothing grows without end, what is too much is refused by name. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = 1 };      /* memory that was freed is kept for a while */
#else
enum { IS_SANITIZED = 0 };
#endif

#define GIB ((uint64_t)1 << 30)

/* More than an int holds; under ThreadSanitizer that would take half a minute. */
#if defined(__SANITIZE_THREAD__)
#define FLOOD (GIB / 4)
#else
#define FLOOD (2 * GIB)
#endif

/* --- traffic ----------------------------------------------------------------------------- */

static void
a_flood_through_one_connection_leaves_memory_flat(void **state)
{
    struct stage *s = *state;
    char bytes[24];
    json_t *closed;
    long before;

    snprintf(bytes, sizeof(bytes), "%" PRIu64, FLOOD);
    s->batch.drop_received = true;
    stage_listen(s, "listen 0 handler=print recv=1M");
    assert_int_equal(stage_run(s, "set event-bytes 64"), 0);
    before = process_resident_kib(s->batch.process.pid, true);
    peer_start(&s->peers[0], "flood_client.py", s->port, bytes, NULL);
    closed = batch_event(&s->batch, "closed", 1);
    assert_true(event_number(closed, "in") == (double)FLOOD);
    assert_true(s->batch.received_bytes == FLOOD);
    /* the books' bound, the ring and the queue of lines */
    assert_true(IS_SANITIZED ||
                process_resident_kib(s->batch.process.pid, true) - before < 160 * 1024);
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "lost", 0), 0);
}

static void
a_hundred_thousand_lines_at_speed_are_counted_exactly(void **state)
{
    struct stage *s = *state;
    json_t *closed;

    s->batch.drop_received = true;
    stage_listen(s, "listen 0 handler=print mode=prefork");
    peer_start(&s->peers[0], "line_client.py", s->port, "100000", "50000", NULL);
    closed = batch_event(&s->batch, "closed", 1);
    assert_int_equal(process_number(&s->peers[0]), (long)event_number(closed, "in"));
    assert_true(s->batch.received_bytes == (uint64_t)event_number(closed, "in"));
    stage_quit(s, 0);
    assert_int_equal(batch_count(&s->batch, "lost", 0), 0);
}

/* --- connections ----------------------------------------------------------------------------- */

static void
end_with_a_hundred_peers(struct stage *s, const char *listen, int number, int status)
{
    stage_listen(s, listen);
    assert_int_equal(stage_run(s, "connect %s count=100", s->port), 0);
    for (int i = 0; i < 100; i++)
        batch_event(&s->batch, "accepted", 0);
    kill(s->batch.process.pid, number);
    assert_int_equal(batch_wait(&s->batch), status);
    assert_int_equal(batch_count(&s->batch, "closed", 0), 200);
    assert_int_equal(batch_count(&s->batch, "stopped", 0), 1);
    batch_stop(&s->batch);
}

static void
a_signal_closes_a_hundred_peers_in_order(void **state)
{
    struct stage *s = *state;

    end_with_a_hundred_peers(s, "listen 0 mode=epoll", SIGTERM, 143);
    end_with_a_hundred_peers(s, "listen 0 mode=threads", SIGINT, 130);
    end_with_a_hundred_peers(s, "listen 0 mode=fork", SIGTERM, 143);
}

/* --- commands --------------------------------------------------------------------------------- */

/* A file of the test; its name goes into path. */
static int
make_file(char path[static 32])
{
    int fd;

    strcpy(path, "/tmp/sockdeck-amount-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    return fd;
}

/* The one failure of a batch that runs this file. */
static void
expect_refusal(struct stage *s, const char *path, const char *why)
{
    const char *message;

    batch_start(&s->batch, "-f", path, NULL);
    assert_int_equal(batch_wait(&s->batch), 2);
    assert_int_equal(batch_count(&s->batch, "failed", 0), 1);
    message = event_string(batch_event(&s->batch, "failed", 0), "message");
    if (strstr(message, why) == NULL)
        fail_msg("not \"%s\": %s", why, message);
    batch_stop(&s->batch);
    unlink(path);
}

static void
a_script_that_includes_itself_is_cut_off(void **state)
{
    struct stage *s = *state;
    char path[32];
    int fd = make_file(path);

    dprintf(fd, "source %s\n", path);
    close(fd);
    expect_refusal(s, path, "nested deeper");
}

static void
a_line_of_a_gib_is_refused(void **state)
{
    struct stage *s = *state;
    char path[32];
    int fd = make_file(path);

    assert_int_equal(ftruncate(fd, (off_t)GIB), 0);
    close(fd);
    expect_refusal(s, path, "larger than 16 MiB");
}

static void
a_binary_file_is_refused(void **state)
{
    struct stage *s = *state;
    char path[32];
    int fd = make_file(path);

    assert_int_equal(write(fd, "\177ELF\2\1\1\0\0\0wait 1\n", 17), 17);
    close(fd);
    expect_refusal(s, path, "binary");
}

static void
an_endless_line_of_input_is_refused_and_the_next_one_runs(void **state)
{
    struct stage *s = *state;
    char *line = malloc(200001);

    assert_non_null(line);
    memset(line, 'x', 200000);
    line[200000] = '\0';
    batch_start(&s->batch, NULL);
    process_write(&s->batch.process, line);
    process_write(&s->batch.process, line);
    process_write(&s->batch.process, "\nshow modes\n");
    free(line);
    assert_int_equal(batch_done(&s->batch), 2);
    assert_int_equal(batch_done(&s->batch), 0);
    assert_non_null(strstr(event_string(batch_event(&s->batch, "failed", 0), "message"), "64 KiB"));
    stage_quit(s, 2);
}

static void
ten_thousand_commands_at_once_are_answered_each(void **state)
{
    struct stage *s = *state;
    struct buffer lines = { 0 };

    for (int i = 0; i < 10000; i++)
        assert_int_equal(buffer_add_text(&lines, "set time clock\n"), 0);
    assert_int_equal(buffer_add(&lines, "", 1), 0);
    batch_start(&s->batch, NULL);
    process_write(&s->batch.process, buffer_data(&lines));
    buffer_fini(&lines);
    process_close_input(&s->batch.process);
    assert_int_equal(batch_wait(&s->batch), 0);
    assert_int_equal(batch_count(&s->batch, "done", 0), 10000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        stage_test(a_flood_through_one_connection_leaves_memory_flat),
        stage_test(a_hundred_thousand_lines_at_speed_are_counted_exactly),
        stage_test(a_signal_closes_a_hundred_peers_in_order),
        stage_test(a_script_that_includes_itself_is_cut_off),
        stage_test(a_line_of_a_gib_is_refused),
        stage_test(a_binary_file_is_refused),
        stage_test(an_endless_line_of_input_is_refused_and_the_next_one_runs),
        stage_test(ten_thousand_commands_at_once_are_answered_each),
    };

    return cmocka_run_group_tests_name("amounts", tests, NULL, NULL);
}
