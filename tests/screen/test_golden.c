/* test_golden.c - whole screens with real traffic, at the four sizes, against the texts in
 * golden/. What differs from run to run is masked. With SOCKDECK_GOLDEN=write the texts are
 * written instead: look at them before they are kept. */
#include "config.h"

#include "test.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "screen_stage.h"

enum { SCREEN_BYTES = 128 * 1024 };

/* A replacement of NULL: each digit becomes 0. In sentences, where lengths differ, the blanks
 * behind them go too; in columns a T stands at the end of as many cells. */
static const struct { const char *pattern, *replacement; bool is_column; } masks[] = {
    { "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?", NULL, false },
    { "127\\.0\\.0\\.1:[0-9]+", NULL, false },
    { "[0-9]+m[0-9]{2}s", NULL, false },
    { "\\(pid [0-9]+, tid [0-9]+\\) *", "(pid N, tid N) ", false },
    { " after [0-9.]+ [mu]?s: 3 bytes in, 3 bytes out *", " after T: 3 bytes in, 3 bytes out ", false },
    { " +[0-9.]+ (us|ms|s)", "T", true },
};

enum { MASKS = sizeof(masks) / sizeof(masks[0]) };

static void
put(char *out, const char *text, size_t n)
{
    strncat(out, text, n);
}

static void
put_masked(char *out, const char *text, size_t n, size_t which)
{
    const char *replacement = masks[which].replacement;
    size_t at = strlen(out);

    if (replacement != NULL) {
        sprintf(out + at, "%*s", masks[which].is_column ? (int)n : 0, replacement);
        return;
    }
    for (size_t i = 0; i < n; i++)
        out[at++] = text[i] >= '0' && text[i] <= '9' ? '0' : text[i];
    out[at] = '\0';
}

static void
mask(char *text, size_t which)
{
    static char out[SCREEN_BYTES];
    const char *p = text;
    regmatch_t match;
    regex_t regex;

    assert_int_equal(regcomp(&regex, masks[which].pattern, REG_EXTENDED), 0);
    *out = '\0';
    while (regexec(&regex, p, 1, &match, 0) == 0) {
        put(out, p, (size_t)match.rm_so);
        put_masked(out, p + match.rm_so, (size_t)(match.rm_eo - match.rm_so),
                   which);
        p += match.rm_eo;
    }
    strcat(out, p);
    regfree(&regex);
    strcpy(text, out);
}

struct golden {
    char name[32], path[512];
    char expected[SCREEN_BYTES], found[SCREEN_BYTES];
};

static bool
is_golden(struct pty_screen *pty, void *ctx)
{
    struct golden *golden = ctx;

    snprintf(golden->found, sizeof(golden->found), "%s", pty_screen_text(pty));
    for (size_t i = 0; i < MASKS; i++)
        mask(golden->found, i);
    return strcmp(golden->found, golden->expected) == 0;
}

static void
open_golden(struct golden *golden, int rows, int cols)
{
    const char *srcdir = getenv("srcdir");
    FILE *file;
    size_t n = 0;

    snprintf(golden->name, sizeof(golden->name), "%dx%d", cols, rows);
    snprintf(golden->path, sizeof(golden->path), "%s/tests/screen/golden/%s.txt",
             srcdir != NULL ? srcdir : ".", golden->name);
    file = fopen(golden->path, "r");
    if (file != NULL) {
        n = fread(golden->expected, 1, sizeof(golden->expected) - 1, file);
        fclose(file);
    }
    golden->expected[n] = '\0';
}

static void
keep(const struct golden *golden)
{
    FILE *file = fopen(golden->path, "w");

    assert_non_null(file);
    fputs(golden->found, file);
    fclose(file);
}

static void
check(struct screen_stage *s, int rows, int cols)
{
    static struct golden golden;
    const char *wish = getenv("SOCKDECK_GOLDEN");
    bool writes = wish != NULL && strcmp(wish, "write") == 0, is_right;

    open_golden(&golden, rows, cols);
    pty_screen_resize(s->pty, rows, cols);
    is_right = pty_screen_wait(s->pty, is_golden, &golden, writes ? 3500 : PTY_WAIT_MS);
    if (writes) {
        keep(&golden);
        return;
    }
    if (!is_right)
        print_error("%s: expected\n%s\nfound\n%s", golden.name, golden.expected, golden.found);
    assert_true(is_right);
}

/* One client that has left, one that talks, one that is silent; and a command that fails. */
static void
talk(struct screen_stage *s, int fds[2])
{
    char echoed[3];

    screen_stage_run(s, "set motion off");
    fds[0] = screen_stage_peer(s, "mode=threads handler=echo read-timeout=1h");
    screen_stage_say(fds[0], "bye");
    assert_shown(s, "→      3  bye");
    assert_int_equal(recv(fds[0], echoed, 3, MSG_WAITALL), 3);
    close(fds[0]);
    assert_shown(s, "0 open, 1 closed");
    fds[0] = screen_stage_dial(s);
    assert_shown(s, "1 open, 1 closed");
    fds[1] = screen_stage_dial(s);
    assert_shown(s, "2 open, 1 closed");
    screen_stage_say(fds[0], "hello, world\n");
    assert_shown(s, "→     13  hello, world\\n");
    screen_stage_say(fds[1], "\033]0;title\007\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82");
    assert_shown(s, "привет");
    screen_stage_run(s, "send #99 x");
    assert_shown(s, "send: #99");
}

static void
each_size_has_its_layout(void **state)
{
    struct screen_stage *s = *state;
    int fds[2];

    screen_stage_start(s, 24, 80);
    talk(s, fds);
    check(s, 24, 80);
    check(s, 16, 60);
    check(s, 30, 100);
    check(s, 60, 200);
    check(s, 15, 59);
    close(fds[0]);
    close(fds[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(each_size_has_its_layout),
    };

    return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
