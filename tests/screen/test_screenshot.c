/* test_screenshot.c - screenshot: the screen as a text file. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "screen_stage.h"

static void
read_text(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, text, size - 1);

    close(fd);
    assert_true(n > 0);
    text[n] = '\0';
}

/* Not as it was drawn last: the commands before it on its line have changed it. */
static void
a_screenshot_shows_the_screen_as_it_is(void **state)
{
    struct screen_stage *s = *state;
    char path[128], text[8192];

    screen_stage_start(s, 24, 100);
    snprintf(path, sizeof(path), "%s/shot", s->home);
    screen_stage_run(s, "listen 0; screenshot %s", path);
    assert_shown(s, "24 rows, 100 columns");
    read_text(path, text, sizeof(text));
    assert_non_null(strstr(text, "listening on 127.0.0.1:"));
    assert_non_null(strstr(text, " L1 127.0.0.1:"));
    assert_null(strstr(text, "Nothing is open yet"));
    screen_stage_quit(s);
}

/* The line that asks for it is not shown as a command that runs. */
static void
a_screenshot_at_the_end_of_a_long_line_shows_no_command(void **state)
{
    struct screen_stage *s = *state;
    char path[128], text[8192];

    screen_stage_start(s, 24, 100);
    snprintf(path, sizeof(path), "%s/shot", s->home);
    screen_stage_run(s, "wait 400ms; screenshot %s", path);
    assert_shown(s, "a command runs; Ctrl-C cancels it");
    assert_shown(s, "24 rows, 100 columns");
    read_text(path, text, sizeof(text));
    assert_null(strstr(text, "a command runs"));
    screen_stage_quit(s);
}

static void
a_screenshot_is_a_new_file_and_nothing_else(void **state)
{
    struct screen_stage *s = *state;
    char path[128], text[8192];
    struct stat st;

    screen_stage_start(s, 24, 100);
    snprintf(path, sizeof(path), "%s/shot", s->home);
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "24 rows, 100 columns");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    read_text(path, text, sizeof(text));
    assert_non_null(strstr(text, "Nothing is open yet. Try, one at a time:\n"));
    assert_non_null(strstr(text, "─ Connections ─"));
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "a screenshot replaces nothing");
    snprintf(path, sizeof(path), "%s/link", s->home);
    assert_int_equal(symlink("/tmp/sockdeck-no-such-target", path), 0);
    pty_screen_send(s->pty, "\f");
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "link: is there already");
    assert_int_equal(access("/tmp/sockdeck-no-such-target", F_OK), -1);
    screen_stage_run(s, "screenshot %s/no/such", s->home);
    assert_shown(s, "No such file");
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(a_screenshot_is_a_new_file_and_nothing_else),
        screen_stage_test(a_screenshot_shows_the_screen_as_it_is),
        screen_stage_test(a_screenshot_at_the_end_of_a_long_line_shows_no_command),
    };

    return cmocka_run_group_tests_name("screenshot", tests, NULL, NULL);
}
