/* test_history.c - the history on disk: private, bounded, never through a link. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "own_file.h"
#include "sockdeck/base/error.h"
#include "sockdeck/ui/history.h"

struct fixture {
    struct own_file file;
    char lines[64][64];         /* the first of them, with '>' before those of the send prompt */
    int count;
};

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    return own_file_make(&f->file, "history");
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    own_file_remove(&f->file);
    free(f);
    return 0;
}

static void
take_line(void *ctx, bool is_send, const char *text)
{
    struct fixture *f = ctx;

    if (f->count < 64)
        snprintf(f->lines[f->count], sizeof(f->lines[0]), "%s%s", is_send ? ">" : "", text);
    f->count++;
}

static int
read_all(struct fixture *f, struct error *err)
{
    struct history history;
    int code;

    f->count = 0;
    code = history_open(&history, f->file.path, take_line, f, err);
    history_close(&history);
    return code;
}

static void
write_file(struct fixture *f, const char *text, size_t n)
{
    int fd = open(f->file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    close(fd);
}

static void
lines_come_back_in_order_and_know_their_prompt(void **state)
{
    struct fixture *f = *state;
    struct history history;

    assert_int_equal(history_open(&history, f->file.path, take_line, f, NULL), 0);
    history_append(&history, false, "listen 1");
    history_append(&history, true, "привет");
    history_close(&history);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(f->count, 2);
    assert_string_equal(f->lines[0], "listen 1");
    assert_string_equal(f->lines[1], ">привет");
}

static void
the_file_is_for_its_user_only(void **state)
{
    struct fixture *f = *state;
    struct stat st;

    write_file(f, "a\n", 2);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(stat(f->file.path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}

static void
a_link_or_a_pipe_is_refused_and_left_alone(void **state)
{
    struct fixture *f = *state;
    struct error err = { 0 };
    char target[128];
    struct stat st;

    snprintf(target, sizeof(target), "%s/target", f->file.folder);
    assert_int_equal(symlink(target, f->file.path), 0);
    assert_true(read_all(f, &err) < 0);
    assert_non_null(strstr(err.text, "symbolic link"));
    assert_int_equal(stat(target, &st), -1);
    unlink(f->file.path);
    assert_int_equal(mkfifo(f->file.path, 0600), 0);
    assert_int_equal(read_all(f, &err), -EPERM);
}

static void
damaged_lines_are_skipped(void **state)
{
    static const char text[] = "good\n\033[31mbad\nno\0nul\n\xff\xfe\n\nlast\nunfinished";
    struct fixture *f = *state;

    write_file(f, text, sizeof(text) - 1);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(f->count, 2);
    assert_string_equal(f->lines[0], "good");
    assert_string_equal(f->lines[1], "last");
}

static void
only_the_newest_lines_are_read(void **state)
{
    struct fixture *f = *state;
    FILE *file = fopen(f->file.path, "we");

    for (int i = 0; i < 5000; i++)
        fprintf(file, "line %d\n", i);
    fclose(file);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(f->count, HISTORY_LINES);
    assert_string_equal(f->lines[0], "line 4000");
}

static void
a_file_that_grew_too_long_is_shortened(void **state)
{
    struct fixture *f = *state;
    FILE *file = fopen(f->file.path, "we");
    struct stat st;

    for (int i = 0; i < 200000; i++)
        fprintf(file, "line %d\n", i);
    fclose(file);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(stat(f->file.path, &st), 0);
    assert_true(st.st_size < 20000);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(f->count, HISTORY_LINES);
}

static void
what_cannot_be_shown_is_not_written(void **state)
{
    struct fixture *f = *state;
    struct history history;

    assert_int_equal(history_open(&history, f->file.path, take_line, f, NULL), 0);
    history_append(&history, false, "two\nlines");
    history_append(&history, false, "");
    history_close(&history);
    assert_int_equal(read_all(f, NULL), 0);
    assert_int_equal(f->count, 0);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(lines_come_back_in_order_and_know_their_prompt),
        TEST(the_file_is_for_its_user_only),
        TEST(a_link_or_a_pipe_is_refused_and_left_alone),
        TEST(damaged_lines_are_skipped),
        TEST(only_the_newest_lines_are_read),
        TEST(a_file_that_grew_too_long_is_shortened),
        TEST(what_cannot_be_shown_is_not_written),
    };

    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
