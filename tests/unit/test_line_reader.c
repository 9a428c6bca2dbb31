/* test_line_reader.c - lines from a pipe, as they arrive. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/line_reader.h"
#include "sockdeck/cmd/words.h"

struct fixture {
    struct line_reader reader;
    int in, out;
};

static int
set_up(void **state)
{
    static struct fixture f;
    int ends[2];

    if (pipe(ends) != 0)
        return -1;
    f.in = ends[0];
    f.out = ends[1];
    line_reader_init(&f.reader, f.in);
    *state = &f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;

    line_reader_fini(&f->reader);
    close(f->in);
    if (f->out >= 0)
        close(f->out);
    return 0;
}

static void
give(struct fixture *f, const char *data, size_t n)
{
    assert_int_equal(write(f->out, data, n), n);
    line_reader_fill(&f->reader);
}

static void
end(struct fixture *f)
{
    close(f->out);
    f->out = -1;
    line_reader_fill(&f->reader);
}

static void
assert_line(struct fixture *f, const char *expected)
{
    const char *line;
    size_t n;

    assert_int_equal(line_reader_next(&f->reader, &line, &n, NULL), 1);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(line, expected, n);
}

static int
next_code(struct fixture *f, struct error *err)
{
    const char *line;
    size_t n;

    return line_reader_next(&f->reader, &line, &n, err);
}

static void
a_line_is_given_when_it_is_whole(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(next_code(f, NULL), 0);
    give(f, "list", 4);
    assert_int_equal(next_code(f, NULL), 0);
    give(f, "en\nquit\n\n", 9);
    assert_line(f, "listen");
    assert_line(f, "quit");
    assert_line(f, "");
    assert_int_equal(next_code(f, NULL), 0);
}

static void
the_last_line_may_lack_its_end(void **state)
{
    struct fixture *f = *state;

    give(f, "a\nquit", 6);
    assert_line(f, "a");
    assert_int_equal(next_code(f, NULL), 0);
    end(f);
    assert_line(f, "quit");
    assert_int_equal(next_code(f, NULL), -ENODATA);
    assert_int_equal(next_code(f, NULL), -ENODATA);
}

static void
a_line_with_a_nul_is_refused_and_the_next_is_read(void **state)
{
    struct fixture *f = *state;
    struct error err = { 0 };

    give(f, "a\0b\nquit\n", 9);
    assert_int_equal(next_code(f, &err), -EINVAL);
    assert_string_equal(err.text, "a line holds a NUL byte; write it as \\0");
    assert_line(f, "quit");
}

static void
a_line_without_end_is_refused_once_and_skipped(void **state)
{
    struct fixture *f = *state;
    struct error err = { 0 };
    char part[16 * 1024];

    memset(part, 'x', sizeof(part));
    for (size_t n = 0; n <= LINE_MAX_BYTES; n += sizeof(part)) {
        assert_int_equal(next_code(f, NULL), 0);
        give(f, part, sizeof(part));
    }
    assert_int_equal(next_code(f, &err), -EINVAL);
    assert_string_equal(err.text, "a line is longer than 64 KiB");
    give(f, part, sizeof(part));
    assert_int_equal(next_code(f, NULL), 0);
    give(f, "x\nquit\n", 7);
    assert_line(f, "quit");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_given_when_it_is_whole),
        TEST(the_last_line_may_lack_its_end),
        TEST(a_line_with_a_nul_is_refused_and_the_next_is_read),
        TEST(a_line_without_end_is_refused_once_and_skipped),
    };

    return cmocka_run_group_tests_name("line_reader", tests, NULL, NULL);
}
