/* test_frame.c - a frame goes out with one write. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/ui/frame.h"

/* Standard output is a pipe of packets meanwhile: each write is one read. */
struct fixture {
    struct frame frame;
    int standard_output;
    int reader;
};

static int
open_frame(void **state)
{
    static struct fixture f;
    int fds[2];

    f.standard_output = dup(STDOUT_FILENO);
    if (pipe2(fds, O_DIRECT | O_NONBLOCK) != 0 || dup2(fds[1], STDOUT_FILENO) == -1)
        return -1;
    close(fds[1]);
    f.reader = fds[0];
    *state = &f;
    return frame_open(&f.frame);
}

static int
close_frame(void **state)
{
    struct fixture *f = *state;

    frame_close(&f->frame);
    dup2(f->standard_output, STDOUT_FILENO);
    close(f->standard_output);
    close(f->reader);
    return 0;
}

static void
write_as_curses_does(struct fixture *f, const char *text)
{
    assert_int_equal(write(fileno(f->frame.curses), text, strlen(text)), strlen(text));
}

/* What one write brought. */
static void
expect(struct fixture *f, const char *text)
{
    char buf[256] = "";

    assert_int_equal(read(f->reader, buf, sizeof(buf) - 1), strlen(text));
    assert_string_equal(buf, text);
}

static void
expect_nothing(struct fixture *f)
{
    struct pollfd pfd = { .fd = f->reader, .events = POLLIN };

    assert_int_equal(poll(&pfd, 1, 0), 0);
}

static void
holds_the_bytes_of_a_frame_together(void **state)
{
    struct fixture *f = *state;

    frame_begin(&f->frame);
    write_as_curses_does(f, "one ");
    write_as_curses_does(f, "two ");
    write_as_curses_does(f, "three");
    expect_nothing(f);
    frame_end(&f->frame);
    expect(f, "one two three");
    expect_nothing(f);
}

static void
a_short_frame_behind_a_long_one_holds_nothing_of_it(void **state)
{
    struct fixture *f = *state;

    frame_begin(&f->frame);
    write_as_curses_does(f, "a long frame");
    frame_end(&f->frame);
    expect(f, "a long frame");
    frame_begin(&f->frame);
    write_as_curses_does(f, "short");
    frame_end(&f->frame);
    expect(f, "short");
}

static void
a_frame_without_bytes_writes_none(void **state)
{
    struct fixture *f = *state;

    frame_begin(&f->frame);
    frame_end(&f->frame);
    expect_nothing(f);
}

static void
outside_a_frame_curses_writes_to_the_terminal(void **state)
{
    struct fixture *f = *state;

    write_as_curses_does(f, "before");
    expect(f, "before");
    frame_begin(&f->frame);
    frame_end(&f->frame);
    write_as_curses_does(f, "after");
    expect(f, "after");
}

static void
without_a_memory_file_frames_go_out_as_they_come(void **state)
{
    struct fixture *f = *state;

    close(f->frame.memory);
    f->frame.memory = -1;
    frame_begin(&f->frame);
    write_as_curses_does(f, "one");
    expect(f, "one");
    frame_end(&f->frame);
    expect_nothing(f);
}

int
main(void)
{
#define WITH_FRAME(test) cmocka_unit_test_setup_teardown(test, open_frame, close_frame)
    const struct CMUnitTest tests[] = {
        WITH_FRAME(holds_the_bytes_of_a_frame_together),
        WITH_FRAME(a_short_frame_behind_a_long_one_holds_nothing_of_it),
        WITH_FRAME(a_frame_without_bytes_writes_none),
        WITH_FRAME(outside_a_frame_curses_writes_to_the_terminal),
        WITH_FRAME(without_a_memory_file_frames_go_out_as_they_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
