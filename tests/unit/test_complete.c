/* test_complete.c - completion: what may stand at the cursor. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "made_record.h"
#include "sockdeck/cmd/console.h"

enum { CANDIDATES = 64 };

struct fixture {
    struct model *model;
    struct console *console;
    struct candidate list[CANDIDATES];
    size_t count, start;
};

static int
set_up(void **state)
{
    static struct fixture f;
    struct console_options options = { 0 };
    struct event *event;

    memset(&f, 0, sizeof(f));
    f.model = options.model = model_new(1 << 20);
    f.console = console_new(&options);
    event = record_of_peers(EVENT_CONNECTED, 1, "127.0.0.1:1", "127.0.0.1:2");
    event->flags = EVENT_DIALLED;
    record_apply(f.model, event);
    event = record_of_peers(EVENT_ACCEPTED, 12, "127.0.0.1:1", "127.0.0.1:2");
    event->listener = 1;
    record_apply(f.model, event);
    event = record_new(EVENT_LISTENING, 0, "127.0.0.1:9", 12);
    event->listener = 1;
    record_apply(f.model, event);
    *state = &f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    console_free(f->console);
    model_free(f->model);
    return 0;
}

static void
complete(struct fixture *f, const char *line)
{
    f->count = console_complete(f->console, line, strlen(line), &f->start, f->list, CANDIDATES);
}

static bool
has(const struct fixture *f, const char *text)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->list[i].text, text) == 0)
            return true;
    return false;
}

static void
an_empty_line_offers_every_verb_with_its_summary(void **state)
{
    struct fixture *f = *state;

    complete(f, "");
    assert_true(has(f, "listen") && has(f, "quit"));
    assert_non_null(f->list[0].summary);
    assert_int_equal(f->start, 0);
}

static void
a_verb_is_completed_by_its_beginning_also_behind_a_semicolon(void **state)
{
    struct fixture *f = *state;

    complete(f, "send");
    assert_int_equal(f->count, 3);
    complete(f, "listen 1; conn");
    assert_int_equal(f->count, 1);
    assert_string_equal(f->list[0].text, "connect");
    assert_int_equal(f->start, 10);
}

static void
targets_are_those_that_exist_now(void **state)
{
    struct fixture *f = *state;

    complete(f, "close #");
    assert_int_equal(f->count, 2);
    assert_string_equal(f->list[0].text, "#1");
    assert_string_equal(f->list[1].text, "#12");
    assert_int_equal(f->start, 6);
    complete(f, "close ");
    assert_true(has(f, "L1") && has(f, "@all"));
    record_apply(f->model, record_new(EVENT_CLOSED, 1, NULL, 0));
    complete(f, "close #");
    assert_int_equal(f->count, 1);
}

static void
a_listener_verb_is_offered_listeners_only(void **state)
{
    struct fixture *f = *state;

    complete(f, "mode ");
    assert_true(has(f, "L1") && has(f, "serial"));
    assert_false(has(f, "#1") || has(f, "@all"));
    complete(f, "mode L1 pre");
    assert_true(has(f, "prefork"));
    assert_false(has(f, "serial"));
}

static void
keys_and_their_values_are_completed(void **state)
{
    struct fixture *f = *state;

    complete(f, "listen 1 read");
    assert_int_equal(f->count, 1);
    assert_string_equal(f->list[0].text, "read-timeout=");
    complete(f, "listen 1 handler=");
    assert_int_equal(f->count, 4);
    assert_true(has(f, "handler=echo"));
    complete(f, "listen 1 mode=ser");
    assert_int_equal(f->count, 1);
    assert_int_equal(f->start, 9);
}

static void
words_are_completed_by_what_they_may_be(void **state)
{
    struct fixture *f = *state;

    complete(f, "timeout #1 re");
    assert_true(has(f, "read"));
    complete(f, "show list");
    assert_true(has(f, "listeners"));
    complete(f, "help pi");
    assert_true(has(f, "ping"));
    complete(f, "set stop");
    assert_true(has(f, "stop-on-error"));
}

static void
a_word_that_is_explained_twice_is_offered_once(void **state)
{
    struct fixture *f = *state;

    complete(f, "explain thread");      /* threads: a mode, and a figure of compare */
    assert_true(has(f, "threads"));
    for (size_t i = 0; i < f->count; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(f->list[i].text, f->list[j].text);
}

static void
data_is_not_completed(void **state)
{
    struct fixture *f = *state;

    complete(f, "send hello e");
    assert_int_equal(f->count, 0);
    complete(f, "send e");
    assert_true(has(f, "eol="));
}

static void
paths_are_completed_in_their_folder(void **state)
{
    struct fixture *f = *state;
    char folder[] = "/tmp/sockdeck-test-XXXXXX", path[64], line[96];
    int fd;

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/script", folder);
    fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    close(fd);
    snprintf(line, sizeof(line), "source %s/sc", folder);
    complete(f, line);
    unlink(path);
    snprintf(path, sizeof(path), "%s/", folder);
    rmdir(folder);
    assert_int_equal(f->count, 1);
    assert_non_null(strstr(f->list[0].text, "/script"));
    assert_int_equal(f->start, 7);
}

static void
an_unknown_verb_offers_nothing(void **state)
{
    struct fixture *f = *state;

    complete(f, "xyzzy ");
    assert_int_equal(f->count, 0);
}

static void
no_more_than_asked_for_are_given(void **state)
{
    struct fixture *f = *state;
    struct candidate one;
    size_t start;

    assert_int_equal(console_complete(f->console, "", 0, &start, &one, 1), 1);
}

static void
the_hint_is_the_usage_of_the_command_at_the_end(void **state)
{
    struct fixture *f = *state;

    assert_string_equal(console_hint(f->console, "quit; eol #1"), "eol [T] none|lf|cr|crlf");
    assert_null(console_hint(f->console, ""));
    assert_null(console_hint(f->console, "xyzzy"));
    assert_non_null(console_hint(f->console, "send 'unfinished"));
}

static void
the_hint_tells_what_the_key_is_that_is_being_written(void **state)
{
    struct fixture *f = *state;

    assert_string_equal(console_hint(f->console, "listen 0 read-t"),
                        "read-timeout=: each wait for bytes; none at first");
    assert_string_equal(console_hint(f->console, "ping eol=c"),
                        "eol=: line ending behind it; the connection's if left out: none, lf, "
                        "cr or crlf");
    assert_non_null(strstr(console_hint(f->console, "listen 0 wo"), "listen ["));
    assert_non_null(strstr(console_hint(f->console, "listen 0 read-timeout=5s "), "listen ["));
    assert_non_null(strstr(console_hint(f->console, "send hello eol"), "send ["));
    assert_non_null(strstr(console_hint(f->console, "listen"), "listen ["));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_line_offers_every_verb_with_its_summary),
        TEST(a_verb_is_completed_by_its_beginning_also_behind_a_semicolon),
        TEST(targets_are_those_that_exist_now),
        TEST(a_listener_verb_is_offered_listeners_only),
        TEST(keys_and_their_values_are_completed),
        TEST(words_are_completed_by_what_they_may_be),
        TEST(a_word_that_is_explained_twice_is_offered_once),
        TEST(data_is_not_completed),
        TEST(paths_are_completed_in_their_folder),
        TEST(an_unknown_verb_offers_nothing),
        TEST(no_more_than_asked_for_are_given),
        TEST(the_hint_is_the_usage_of_the_command_at_the_end),
        TEST(the_hint_tells_what_the_key_is_that_is_being_written),
    };

    return cmocka_run_group_tests_name("complete", tests, NULL, NULL);
}
