/* test_runner_data.c - jobs that send, and that wait for what is received or for a time. */
#include "config.h"

#include "test.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console_fixture.h"
#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/options.h"

static void
send_joins_words_and_appends_the_line_ending(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_run(f, "send #1 eol=crlf GET  /a=b");
    fixture_posted(f, 0, REQUEST_SEND);
    assert_int_equal(f->engine.posted[0].conn, 1);
    assert_string_equal(f->engine.data[0], "GET /a=b\r\n");
    fixture_agree(f, 0);
    fixture_run(f, "sendhex 70 69 6E67");
    assert_string_equal(f->engine.data[1], "ping");
    fixture_agree(f, 1);
    fixture_assert_idle(f, STATUS_OK);
    fixture_run(f, "sendhex 7 0");
    fixture_assert_failed(f, 0, STATUS_USAGE, "7: not pairs of hexadecimal digits, such as 70 69 6e67");
}

static void
long_data_goes_in_pieces_one_after_another(void **state)
{
    struct fixture *f = *state;
    size_t n = REQUEST_DATA_MAX;
    char *words[3], *long_word = test_malloc(n + 1);
    char verb[] = "send", ending[] = "eol=lf";

    fixture_open(f, 1);
    memset(long_word, 'x', n);
    long_word[n] = '\0';
    words[0] = verb;
    words[1] = ending;
    words[2] = long_word;
    fixture_start(f, &(struct option_input) { .kind = OPTION_WORDS, .argc = 3, .argv = words });
    assert_int_equal(f->engine.count, 1);
    assert_int_equal(fixture_posted(f, 0, REQUEST_SEND)->data_size, n);
    fixture_agree(f, 0);
    assert_string_equal(f->engine.data[1], "\n");
    fixture_agree(f, 1);
    fixture_assert_idle(f, STATUS_OK);
    test_free(long_word);
}

static void
sendfile_reads_a_regular_file_and_refuses_others(void **state)
{
    struct fixture *f = *state;
    char path[] = "/tmp/sockdeck-test-XXXXXX", line[64];
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a\0b", 3), 3);
    close(fd);
    fixture_open(f, 1);
    snprintf(line, sizeof(line), "sendfile %s", path);
    fixture_run(f, line);
    unlink(path);
    assert_int_equal(fixture_posted(f, 0, REQUEST_SEND)->data_size, 3);
    assert_memory_equal(f->engine.data[0], "a\0b", 3);
    fixture_agree(f, 0);
    fixture_assert_idle(f, STATUS_OK);
    fixture_run(f, "sendfile /");
    fixture_run(f, "sendfile /no/such/place");
    fixture_assert_failed(f, 0, STATUS_USAGE, "/: not a regular file");
    fixture_assert_failed(f, 1, STATUS_USAGE, "/no/such/place: No such file or directory");
}

static void
expect_matches_across_messages_and_uses_up_what_matched(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_receive(f, 1, "hel", 3);
    fixture_run(f, "expect 'hello [a-z]+\\.'; expect rest");
    assert_true(console_is_busy(f->console));
    fixture_receive(f, 1, "lo wor", 6);
    fixture_step(f);
    assert_true(console_is_busy(f->console));
    fixture_receive(f, 1, "ld.the rest", 11);
    fixture_step(f);
    fixture_assert_idle(f, STATUS_OK);
    assert_string_equal(f->matched, "rest");
    fixture_run(f, "expect within=0 world");
    fixture_assert_failed(f, 0, STATUS_UNMET, "no match on #1 in 0 s; nothing came");
}

static void
expect_passes_over_nuls(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_receive(f, 1, "a\0b\0\0ping", 9);
    fixture_run(f, "expect ping");
    fixture_assert_idle(f, STATUS_OK);
    assert_string_equal(f->matched, "ping");
}

static void
expect_says_what_came_when_its_time_is_up(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_receive(f, 1, "no\n", 3);
    fixture_run(f, "expect within=30ms yes");
    fixture_run_out_of_time(f);
    fixture_assert_failed(f, 0, STATUS_UNMET, "no match on #1 in 30 ms; last received \"no\\n\"");
}

static void
expect_ends_with_the_end_of_file(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_run(f, "expect yes");
    record_apply(f->model, record_new(EVENT_EOF, 1, NULL, 0));
    fixture_step(f);
    fixture_assert_failed(f, 0, STATUS_UNMET, "end of file on #1 before a match; nothing came");
    fixture_assert_idle(f, STATUS_UNMET);
}

static void
expect_finds_what_came_before_the_end(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    assert_int_equal(console_focus(f->console), 1);
    fixture_receive(f, 1, "bye", 3);
    fixture_close(f, 1, STATUS_OK);
    fixture_run(f, "expect bye");
    fixture_assert_idle(f, STATUS_OK);
    assert_string_equal(f->matched, "bye");
}

static void
a_pattern_that_is_none_is_refused(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_run(f, "expect '(a'");
    fixture_run(f, "expect a\\0b");
    assert_int_equal(f->status[0], STATUS_USAGE);
    fixture_assert_failed(f, 1, STATUS_USAGE, "a pattern holds no NUL; . matches one");
}

static void
wait_passes_a_time(void **state)
{
    struct fixture *f = *state;
    int64_t begun = clock_mono_ns();

    fixture_run(f, "wait 30ms");
    fixture_run_out_of_time(f);
    assert_true(clock_mono_ns() - begun >= 30 * NS_PER_MS);
    fixture_assert_idle(f, STATUS_OK);
}

static void
wait_closed_ends_with_the_connection_or_its_time(void **state)
{
    struct fixture *f = *state;

    fixture_open(f, 1);
    fixture_open(f, 2);
    fixture_run(f, "wait #1 closed within=30ms");
    fixture_run_out_of_time(f);
    fixture_assert_failed(f, 0, STATUS_UNMET, "#1 has not closed within 30 ms");
    fixture_run(f, "wait @all closed");
    fixture_close(f, 1, STATUS_OK);
    fixture_step(f);
    assert_true(console_is_busy(f->console));
    fixture_close(f, 2, STATUS_TIMEOUT);
    fixture_step(f);
    assert_false(console_is_busy(f->console));
    fixture_assert_failed(f, 1, STATUS_TIMEOUT, "#2 did not end in order");
}

static void
wait_closed_fails_at_the_end_of_file_of_one_that_is_kept(void **state)
{
    struct fixture *f = *state;
    struct event *event;
    struct settings settings;

    fixture_open(f, 1);
    fixture_run(f, "wait #1 closed");
    record_apply(f->model, record_new(EVENT_EOF, 1, NULL, 0));
    fixture_step(f);
    assert_false(console_is_busy(f->console));
    fixture_assert_failed(f, 0, STATUS_UNMET, "end of file on #1, which is kept; "
                          "try: close #1, or before it: on-eof #1 close");

    fixture_open(f, 2);                 /* it will close by itself */
    settings_init(&settings);
    settings.on_eof = THEN_CLOSE;
    record_apply(f->model, record_new(EVENT_SETTINGS, 2, &settings, sizeof(settings)));
    fixture_run(f, "wait #2 closed");
    record_apply(f->model, record_new(EVENT_EOF, 2, NULL, 0));
    fixture_step(f);
    assert_true(console_is_busy(f->console));
    fixture_close(f, 2, STATUS_OK);
    fixture_step(f);
    assert_false(console_is_busy(f->console));

    fixture_open(f, 3);                 /* both sides have ended: so will it */
    record_apply(f->model, record_new(EVENT_EOF, 3, NULL, 0));
    event = record_new(EVENT_SHUTDOWN, 3, NULL, 0);
    event->u.shutdown.which = SHUTDOWN_WRITE;
    record_apply(f->model, event);
    fixture_run(f, "wait #3 closed");
    fixture_step(f);
    assert_true(console_is_busy(f->console));
    fixture_close(f, 3, STATUS_OK);
    fixture_step(f);
    fixture_assert_idle(f, STATUS_UNMET);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(send_joins_words_and_appends_the_line_ending),
        FIXTURE_TEST(long_data_goes_in_pieces_one_after_another),
        FIXTURE_TEST(sendfile_reads_a_regular_file_and_refuses_others),
        FIXTURE_TEST(expect_matches_across_messages_and_uses_up_what_matched),
        FIXTURE_TEST(expect_passes_over_nuls),
        FIXTURE_TEST(expect_says_what_came_when_its_time_is_up),
        FIXTURE_TEST(expect_ends_with_the_end_of_file),
        FIXTURE_TEST(expect_finds_what_came_before_the_end),
        FIXTURE_TEST(a_pattern_that_is_none_is_refused),
        FIXTURE_TEST(wait_passes_a_time),
        FIXTURE_TEST(wait_closed_ends_with_the_connection_or_its_time),
        FIXTURE_TEST(wait_closed_fails_at_the_end_of_file_of_one_that_is_kept),
    };

    return cmocka_run_group_tests_name("runner, data", tests, NULL, NULL);
}
