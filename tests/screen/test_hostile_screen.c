/* test_hostile_screen.c - bytes that are not ours, on every path to the terminal: what
 * the program writes is read as a terminal would, and must hold nothing but its own. */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hostile.h"
#include "screen_stage.h"
#include "sockdeck/base/text.h"

/* A title, a clipboard write, colours, a report request, a device control string, C1 as
 * bytes and as code points, bidi, zero-width and tag characters, and what forges lines. */
#define EVIL \
    "\033]0;EVIL\007\033]52;c;ZXZpbA==\007\033[31mRED\033[6n\033P1;2q\033\\" \
    "\302\233" "32m\2332J\342\200\256abc\342\200\213\363\240\201\201\b\b\b\r#9 forged\n\0end%n%s"

/* --- reading what was written -------------------------------------------------------- */

/* The length of a control sequence that curses writes for this terminal, 0 for any other. */
static size_t
own_sequence(const char *p, size_t n)
{
    size_t at = 2;

    if (n < 2)
        return 0;
    if (p[1] == '(' || p[1] == ')')
        return n > 2 && (p[2] == 'B' || p[2] == '0') ? 3 : 0;
    if (strchr("78=>M", p[1]) != NULL)
        return 2;
    if (p[1] != '[')
        return 0;
    while (at < n && (p[at] == '?' || p[at] == '>' || p[at] == ';' || (p[at] >= '0' && p[at] <= '9')))
        at++;
    return at < n && strchr("ABCDGHJKLMPSTXZ@bcdhlmrt", p[at]) != NULL ? at + 1 : 0;
}

/* Characters that no pane may show: what hides, reorders or controls. */
static bool
is_dangerous(uint32_t code)
{
    static const struct { uint32_t first, last; } ranges[] = {
        { 0x80, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
        { 0x2060, 0x206f }, { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xe000, 0xf8ff },
        { 0xe0000, 0x10ffff },
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

/* Fails at the first thing that is not the program's own. */
static void
assert_harmless(struct screen_stage *s)
{
    size_t n;
    const char *raw = pty_screen_raw(s->pty, &n);

    for (size_t at = 0; at < n;) {
        unsigned char byte = (unsigned char)raw[at];
        uint32_t code = 0;
        int used;

        if (byte == 27) {
            size_t length = own_sequence(raw + at, n - at);

            if (length == 0)
                fail_msg("a foreign sequence at %zu: ESC %.12s", at, raw + at + 1);
            at += length;
            continue;
        }
        if (byte < 0x20 || byte == 0x7f) {
            assert_non_null(memchr("\a\b\t\n\r\016\017", byte, 7));
            at++;
            continue;
        }
        used = text_decode(raw + at, n - at, &code);
        if (used <= 0)
            fail_msg("an invalid byte %02x at %zu", byte, at);
        if (is_dangerous(code))
            fail_msg("U+%04X at %zu", code, at);
        at += (size_t)used;
    }
}

/* --- the paths ----------------------------------------------------------------------- */

static void
messages_and_their_details(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 40, 120);
    fd = screen_stage_peer(s, "handler=echo");
    assert_int_equal(send(fd, EVIL, sizeof(EVIL) - 1, 0), sizeof(EVIL) - 1);
    assert_shown(s, "\\x1b]0;EVIL\\x07");
    assert_shown(s, "←");
    pty_screen_send(s->pty, F6 F6 "g ");
    assert_shown(s, "\\n");
    assert_shown(s, "\\0end%n%s");
    pty_screen_send(s->pty, F3);
    assert_shown(s, " hex, ");
    pty_screen_send(s->pty, F3);
    assert_shown(s, " both, ");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "[#1 received");
    screen_stage_return(s);
    assert_harmless(s);
    close(fd);
    screen_stage_quit(s);
}

/* A line that goes on is marked, so that no peer begins one of ours. */
static void
no_peer_forges_a_line(void **state)
{
    static const char forged[] = "hello\n 12:00:00.000    #9 ←      4  ping\n";
    struct screen_stage *s = *state;
    const char *all, *text;
    int fd;

    screen_stage_start(s, 30, 120);
    fd = screen_stage_peer(s, "handler=print");
    assert_int_equal(send(fd, forged, sizeof(forged) - 1, 0), sizeof(forged) - 1);
    assert_shown(s, "hello");
    pty_screen_send(s->pty, F6 F6 " ");
    assert_shown(s, "┊");
    all = pty_screen_text(s->pty);
    text = strstr(all, "12:00:00.000");
    while (text > all && text[-1] != '\n')
        text--;
    assert_non_null(strstr(text, "┊"));
    assert_true(strstr(text, "┊") < strstr(text, "12:00:00.000"));
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "keys go to");
    assert_harmless(s);
    close(fd);
    screen_stage_quit(s);
}

static void
events_that_quote_a_peer(void **state)
{
    struct screen_stage *s = *state;
    int fd;

    screen_stage_start(s, 30, 120);
    fd = screen_stage_peer(s, "handler=print");
    screen_stage_run(s, "expect end");
    assert_shown(s, "a command runs");
    assert_int_equal(send(fd, EVIL, sizeof(EVIL) - 1, 0), sizeof(EVIL) - 1);
    assert_shown(s, "matched");
    screen_stage_run(s, "info #1");
    assert_shown(s, "Esc closes");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "Esc closes");
    assert_harmless(s);
    close(fd);
    screen_stage_quit(s);
}

static void
the_prompt_its_errors_and_the_search(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 30, 120);
    pty_screen_send(s->pty, PASTE("\033]0;X\007\342\200\256evil\302\233"));
    assert_shown(s, "evil");
    pty_screen_send(s->pty, "\r");
    assert_shown(s, "unknown command");
    pty_screen_send(s->pty, CTRL_R "evil");
    assert_shown(s, "evil");
    pty_screen_send(s->pty, CTRL_C);
    screen_stage_run(s, "find \\x1b]0;Y\\x07\\xc2\\x9b");
    assert_shown(s, "not in Messages");
    screen_stage_run(s, "filter \"text~\\x1b]0;Z\\x07\"");
    assert_shown(s, "hidden by");
    screen_stage_run(s, "bind F9 send \"\\x1b]0;W\\x07\"");
    screen_stage_run(s, "bind F9");
    assert_shown(s, "send \"\\x1b");
    pty_screen_send(s->pty, ESC);
    assert_gone(s, "Esc closes");
    screen_stage_run(s, "screenshot \"/no/such/\\x1b]0;V\"");
    assert_shown(s, "No such file");
    assert_harmless(s);
    screen_stage_quit(s);
}

static void
a_history_that_somebody_else_wrote(void **state)
{
    static const char history[] = "good\n\033]0;EVIL\007\nbad \302\233 line\n\342\200\256turned\n";
    struct screen_stage *s = *state;

    screen_stage_write(s, "sockdeck/history", history, sizeof(history) - 1);
    screen_stage_start(s, 24, 100);
    pty_screen_send(s->pty, UP UP UP UP UP);
    assert_shown(s, "sockdeck> good");
    pty_screen_send(s->pty, CTRL_R "turned");
    assert_shown(s, "turned");
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "turned");
    assert_harmless(s);
    screen_stage_quit(s);
}

static void
names_of_files_among_the_candidates(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_write(s, "files/one\033]0;EVIL\007", "x", 1);
    screen_stage_write(s, "files/one\302\233\342\200\256two", "x", 1);
    screen_stage_start(s, 24, 120);
    pty_screen_send(s->pty, "sendfile ");
    pty_screen_send(s->pty, s->home);
    pty_screen_send(s->pty, "/files/o\t");
    assert_shown(s, "one\\x1b]0;EVIL");
    pty_screen_send(s->pty, "\t");
    assert_shown(s, "/files/one\\x");
    assert_harmless(s);
    pty_screen_send(s->pty, CTRL_C);
    screen_stage_quit(s);
}

static void
a_screenshot_of_them(void **state)
{
    struct screen_stage *s = *state;
    char path[128], text[16384];
    ssize_t n;
    int fd, file;

    screen_stage_start(s, 24, 100);
    fd = screen_stage_peer(s, "handler=print");
    assert_int_equal(send(fd, EVIL, sizeof(EVIL) - 1, 0), sizeof(EVIL) - 1);
    assert_shown(s, "\\x1b]0;EVIL");
    snprintf(path, sizeof(path), "%s/shot", s->home);
    screen_stage_run(s, "screenshot %s", path);
    assert_shown(s, "24 rows, 100 columns");
    file = open(path, O_RDONLY | O_CLOEXEC);
    n = read(file, text, sizeof(text));
    close(file);
    assert_true(n > 0);
    for (ssize_t i = 0; i < n; i++)
        assert_true((unsigned char)text[i] >= 0x20 || text[i] == '\n');
    assert_true(text_is_utf8(text, (size_t)n));
    close(fd);
    screen_stage_quit(s);
}

static void
a_flood_of_anything(void **state)
{
    struct screen_stage *s = *state;
    uint64_t seed = 20240607;
    char bytes[512];
    int fd;

    screen_stage_start(s, 24, 80);
    fd = screen_stage_peer(s, "handler=print");
    for (int i = 0; i < 200; i++) {
        size_t n = hostile_bytes(bytes, sizeof(bytes), &seed);

        assert_int_equal(send(fd, bytes, n, MSG_NOSIGNAL), n);
    }
    screen_stage_say(fd, "~~~~");
    screen_stage_run(s, "expect within=30s ~~~~$");
    assert_shown(s, "matched");
    screen_stage_say(fd, "the end");        /* all else has come: a message of its own */
    assert_shown(s, "the end");
    pty_screen_send(s->pty, F6 F6 "G ");
    assert_shown(s, "keys go to Messages");
    pty_screen_send(s->pty, "gk  jj  " F3 "jjkk" F3 "jj" ESC);
    assert_gone(s, "keys go to");
    screen_stage_run(s, "wait 10ms");
    assert_harmless(s);
    close(fd);
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(messages_and_their_details),
        screen_stage_test(no_peer_forges_a_line),
        screen_stage_test(events_that_quote_a_peer),
        screen_stage_test(the_prompt_its_errors_and_the_search),
        screen_stage_test(a_history_that_somebody_else_wrote),
        screen_stage_test(names_of_files_among_the_candidates),
        screen_stage_test(a_screenshot_of_them),
        screen_stage_test(a_flood_of_anything),
    };

    return cmocka_run_group_tests_name("hostile_screen", tests, NULL, NULL);
}
