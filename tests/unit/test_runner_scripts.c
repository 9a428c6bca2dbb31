/* test_runner_scripts.c - jobs of many lines: files, and what the command line asks for. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console_fixture.h"
#include "sockdeck/cmd/options.h"
#include "sockdeck/cmd/runner.h"
#include "sockdeck/net/address.h"

static void
write_script(char path[static 32], const void *text, size_t n)
{
    int fd;

    strcpy(path, "/tmp/sockdeck-test-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    close(fd);
}

static void
source_runs_a_file_and_goes_on_behind_it(void **state)
{
    static const char text[] = "# a comment\n\nconnect 1\nconnect 2";
    struct fixture *f = *state;
    char path[32], line[64];

    write_script(path, text, strlen(text));
    snprintf(line, sizeof(line), "source %s; connect 3", path);
    fixture_run(f, line);
    unlink(path);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(f->engine.count, i + 1);
        assert_int_equal(((const struct endpoint *)f->engine.data[i])->port, i + 1);
        fixture_agree(f, i);
    }
    fixture_assert_idle(f, STATUS_OK);
}

static void
a_failure_in_a_script_names_its_line(void **state)
{
    struct fixture *f = *state;
    char path[32], told[128];

    write_script(path, "set\nlisen\n", 10);
    fixture_source(f, path);
    unlink(path);
    snprintf(told, sizeof(told), "%s:2: lisen: unknown command; did you mean listen?", path);
    assert_string_equal(f->told, told);
    assert_int_equal(f->failed_count, 1);
}

static void
a_script_that_includes_itself_is_stopped(void **state)
{
    struct fixture *f = *state;
    char path[32], line[64];
    FILE *file;

    write_script(path, "", 0);
    file = fopen(path, "w");
    fprintf(file, "source %s\n", path);
    fclose(file);
    snprintf(line, sizeof(line), "source %s", path);
    fixture_run(f, line);
    unlink(path);
    assert_int_equal(f->failed_count, 1);
    assert_non_null(strstr(f->failed[0], "nested deeper than 8"));
    fixture_assert_idle(f, STATUS_USAGE);
}

static void
what_is_no_script_is_refused_before_its_first_line(void **state)
{
    struct fixture *f = *state;
    char path[32];
    char *text = test_malloc(80000);

    write_script(path, "connect 1\na\0b\n", 14);
    fixture_source(f, path);
    unlink(path);
    assert_non_null(strstr(f->failed[0], "binary"));

    memset(text, 'x', 80000);
    memcpy(text, "connect 1\n", 10);
    write_script(path, text, 80000);
    test_free(text);
    fixture_source(f, path);
    unlink(path);
    assert_non_null(strstr(f->failed[1], ":2: the line is longer than 64 KiB"));

    fixture_source(f, "/dev/null");
    fixture_source(f, "/no/such/place");
    fixture_assert_failed(f, 2, STATUS_USAGE, "/dev/null: not a regular file (for a pipe: -f -)");
    fixture_assert_failed(f, 3, STATUS_USAGE, "/no/such/place: No such file or directory");
    assert_int_equal(f->engine.count, 0);
}

/* Lines that another thread could give one by one. */
struct lines { const char *const *next; bool more; };

static int
next_line(void *ctx, const char **line, size_t *n, struct error *err)
{
    struct lines *lines = ctx;

    (void)err;
    if (*lines->next == NULL)
        return lines->more ? 0 : -ENODATA;
    *line = *lines->next++;
    *n = strlen(*line);
    return 1;
}

static void
start_up_runs_its_inputs_in_order_and_waits_for_lines(void **state)
{
    static const char *const given[] = { "connect 2", "bad", NULL };
    static const char *const later[] = { "connect 3", NULL };
    struct fixture *f = *state;
    struct lines lines = { given, true };
    const struct line_source source = { .next = next_line, .ctx = &lines };
    char verb[] = "connect", port[] = "4";
    char *words[] = { verb, port };
    struct option_input inputs[] = {
        { .kind = OPTION_LINE, .text = "connect 1" },
        { .kind = OPTION_STDIN },
        { .kind = OPTION_WORDS, .argc = 2, .argv = words },
    };
    const struct options options = { .inputs = inputs, .input_count = 3 };

    console_start(f->console, &options, "/no/such/place/sockdeckrc", &source);
    assert_int_equal(f->engine.count, 1);
    assert_false(console_wants_line(f->console));
    fixture_agree(f, 0);
    fixture_agree(f, 1);
    assert_true(console_wants_line(f->console));
    lines.next = later;
    fixture_step(f);
    fixture_agree(f, 2);
    lines.more = false;
    fixture_step(f);
    assert_int_equal(f->engine.count, 4);
    fixture_agree(f, 3);
    fixture_assert_idle(f, STATUS_USAGE);
    assert_int_equal(f->failed_count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(source_runs_a_file_and_goes_on_behind_it),
        FIXTURE_TEST(a_failure_in_a_script_names_its_line),
        FIXTURE_TEST(a_script_that_includes_itself_is_stopped),
        FIXTURE_TEST(what_is_no_script_is_refused_before_its_first_line),
        FIXTURE_TEST(start_up_runs_its_inputs_in_order_and_waits_for_lines),
    };

    return cmocka_run_group_tests_name("runner, scripts", tests, NULL, NULL);
}
