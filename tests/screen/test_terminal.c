/* test_terminal.c - the real program on a pseudo-terminal: what happens to the terminal: how
 * it is taken and left. */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "screen_stage.h"

#define CTRL_Z "\032"

#if defined(__SANITIZE_ADDRESS__)
#define HANDLES_CRASHES false   /* it leaves them to AddressSanitizer */
#else
#define HANDLES_CRASHES true    /* and restores the terminal before it dies */
#endif

static bool
is_restored(struct pty_screen *pty, void *ctx)
{
    (void)ctx;
    return pty_screen_is_restored(pty);
}

static void
quit_leaves_the_terminal_as_it_was(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_quit(s);
    assert_true(pty_screen_is_restored(s->pty));
}

/* The kernel may leave a child out of its list while others come and go. */
static pid_t
first_child(pid_t parent)
{
    char path[64];
    int pid = 0;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
    for (int i = 0; i < PTY_WAIT_MS && pid == 0; i++) {
        FILE *children = fopen(path, "re");

        assert_non_null(children);
        if (fscanf(children, "%d", &pid) != 1)
            usleep(1000);
        fclose(children);
    }
    assert_int_not_equal(pid, 0);
    return pid;
}

/* Under a shell: a terminal whose session leader dies is hung up by the kernel. */
static pid_t
start_under_a_shell(struct screen_stage *s)
{
    char command[512];
    const char *argv[] = { "sh", "-c", command, NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = s->env };

    snprintf(command, sizeof(command), "'%s'; echo back in the shell; read line",
             screen_stage_program());
    s->pty = pty_screen_open(&options);
    assert_shown(s, "sockdeck>");
    return first_child(pty_screen_pid(s->pty));
}

static void
start_with_limit(struct screen_stage *s, const char *limit)
{
    char command[512];
    const char *argv[] = { "sh", "-c", command, NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = s->env };

    snprintf(command, sizeof(command), "ulimit %s; exec '%s'", limit, screen_stage_program());
    s->pty = pty_screen_open(&options);
}

/* A frame is composed in a memory file, which such a limit holds for, too. */
static void
a_limit_on_file_sizes_does_not_cut_a_frame_off(void **state)
{
    struct screen_stage *s = *state;

    start_with_limit(s, "-f 1");
    assert_shown(s, "Nothing is open yet");
    assert_shown(s, "sockdeck>");
    screen_stage_run(s, "listen 0");
    assert_shown(s, "L1");
    assert_gone(s, "Nothing is open yet");
    screen_stage_quit(s);
    assert_true(pty_screen_is_restored(s->pty));
}

static bool
is_up(struct pty_screen *pty, void *ctx)
{
    *(int *)ctx = pty_screen_wait_exit(pty, 0);
    return *(int *)ctx != -1 || pty_screen_has(pty, "sockdeck>");
}

/* It says why it cannot begin, whatever it is that lacks one. */
static void
too_few_descriptors_are_told_not_died_of(void **state)
{
    struct screen_stage *s = *state;
    int status = 0, refused = 0;

    for (int n = 8; n < 64; n++) {
        char limit[16];

        snprintf(limit, sizeof(limit), "-n %d", n);
        start_with_limit(s, limit);
        assert_true(pty_screen_wait(s->pty, is_up, &status, PTY_WAIT_MS));
        if (status == -1)
            break;
        refused++;
        assert_true(WIFEXITED(status));
        assert_true(WEXITSTATUS(status) == 70 || WEXITSTATUS(status) == 2);
        assert_true(pty_screen_has(s->pty, "sockdeck: "));
        pty_screen_close(s->pty);
        s->pty = NULL;
    }
    assert_true(refused > 5 && status == -1);
    screen_stage_quit(s);
}

/* The shell has gone on, before or after the terminal was restored. */
static bool
has_returned(struct pty_screen *pty, void *ctx)
{
    static const char text[] = "back in the shell";
    size_t n;
    const char *raw = pty_screen_raw(pty, &n);

    (void)ctx;
    return memmem(raw, n, text, sizeof(text) - 1) != NULL;
}

static void
a_killed_console_leaves_a_terminal_fit_for_use(void **state)
{
    struct screen_stage *s = *state;
    pid_t pid = start_under_a_shell(s);

    screen_stage_echo(s);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_true(pty_screen_wait(s->pty, has_returned, NULL, PTY_WAIT_MS));
    assert_true(pty_screen_wait(s->pty, is_restored, NULL, PTY_WAIT_MS));
}

/* Gone, or dead and not waited for. */
static bool
has_ended(struct pty_screen *pty, void *ctx)
{
    char path[64], state = 'Z';
    FILE *file;

    (void)pty;
    snprintf(path, sizeof(path), "/proc/%d/stat", *(const pid_t *)ctx);
    file = fopen(path, "re");
    if (file == NULL)
        return true;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = 'Z';
    fclose(file);
    return state == 'Z';
}

/* A worker that is stopped too does not see that its channel has ended. */
static void
a_console_killed_on_a_stopped_terminal_leaves_no_worker(void **state)
{
    struct screen_stage *s = *state;
    pid_t pid = start_under_a_shell(s), worker;

    screen_stage_run(s, "listen %u mode=prefork workers=1", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    worker = first_child(first_child(pid));
    assert_int_equal(kill(worker, SIGSTOP), 0);
    assert_shown(s, "W1");
    assert_int_equal(tcflow(pty_screen_slave(s->pty), TCOOFF), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_true(pty_screen_wait(s->pty, has_ended, &worker, PTY_WAIT_MS));
    assert_int_equal(tcflow(pty_screen_slave(s->pty), TCOON), 0);
    assert_true(pty_screen_wait(s->pty, is_restored, NULL, PTY_WAIT_MS));
}

static void
a_crash_leaves_a_terminal_fit_for_use(void **state)
{
    struct screen_stage *s = *state;
    pid_t pid = start_under_a_shell(s);

    assert_int_equal(kill(pid, SIGSEGV), 0);
    assert_true(pty_screen_wait(s->pty, has_returned, NULL, PTY_WAIT_MS));
    if (HANDLES_CRASHES)
        assert_shown(s, "back in the shell");
    assert_true(pty_screen_wait(s->pty, is_restored, NULL, PTY_WAIT_MS));
}

/* Under an interactive shell, since a stopped orphan would be sent on its way. */
static void
ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(void **state)
{
    struct screen_stage *s = *state;
    const char *argv[] = { "bash", "--norc", "--noediting", "-i", NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = s->env };

    screen_stage_env(s, "PS1=ready$ ");
    s->pty = pty_screen_open(&options);
    assert_shown(s, "ready$");
    screen_stage_run(s, "%s", screen_stage_program());
    assert_shown(s, "sockdeck>");
    pty_screen_send(s->pty, "half a line");
    assert_shown(s, "half a line");
    pty_screen_send(s->pty, CTRL_Z);
    assert_shown(s, "Stopped");
    assert_false(pty_screen_is_alternate(s->pty));
    screen_stage_run(s, "stty -a | grep -o ' icanon'; fg");
    assert_shown(s, "sockdeck> half a line");
    assert_true(pty_screen_is_alternate(s->pty));
    pty_screen_send(s->pty, CTRL_C);
    assert_gone(s, "half a line");
    screen_stage_run(s, "quit");
    assert_true(pty_screen_wait(s->pty, is_restored, NULL, PTY_WAIT_MS));
    screen_stage_run(s, "exit");
    assert_true(pty_screen_wait_exit(s->pty, PTY_WAIT_MS) >= 0);
}

static void
a_terminal_that_goes_away_ends_the_console(void **state)
{
    struct screen_stage *s = *state;

    screen_stage_start(s, 24, 80);
    screen_stage_echo(s);
    pty_screen_hang_up(s->pty);
    assert_true(pty_screen_wait_exit(s->pty, 2000) > 0);
}

static void
a_signal_ends_it_in_order(void **state)
{
    struct screen_stage *s = *state;
    int status;

    screen_stage_start(s, 24, 80);
    screen_stage_echo(s);
    assert_int_equal(kill(pty_screen_pid(s->pty), SIGTERM), 0);
    status = pty_screen_wait_exit(s->pty, PTY_WAIT_MS);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 143);
    assert_true(pty_screen_is_restored(s->pty));
}

static void
a_signal_ends_it_while_the_terminal_is_stopped(void **state)
{
    struct screen_stage *s = *state;
    char data[4096];
    int fd, status;

    screen_stage_start(s, 24, 80);
    screen_stage_run(s, "listen %u", s->port);
    assert_shown(s, "listening on 127.0.0.1:");
    assert_int_equal(tcflow(pty_screen_slave(s->pty), TCOOFF), 0);
    fd = screen_stage_dial(s);
    memset(data, 'x', sizeof(data));
    for (int i = 0; i < 200; i++)
        assert_int_equal(send(fd, data, sizeof(data), 0), sizeof(data));
    assert_int_equal(kill(pty_screen_pid(s->pty), SIGTERM), 0);
    status = pty_screen_wait_exit(s->pty, PTY_WAIT_MS);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 143);
    close(fd);
}

static void
a_terminal_that_cannot_show_it_gets_one_line(void **state)
{
    static const char *const terms[] = { "TERM=dumb", "TERM=no-such-terminal", "TERM=" };
    struct screen_stage *s = *state;
    const char *argv[] = { screen_stage_program(), NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = s->env };

    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        int status;

        screen_stage_env(s, terms[i]);
        pty_screen_close(s->pty);
        s->pty = pty_screen_open(&options);
        status = pty_screen_wait_exit(s->pty, PTY_WAIT_MS);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 2);
        assert_shown(s, "use --batch");
        assert_false(pty_screen_is_alternate(s->pty));
    }
}

static void
no_color_is_honoured_and_ascii_is_enough(void **state)
{
    struct screen_stage *s = *state;
    const char *argv[] = { screen_stage_program(), "--ascii", NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = s->env };
    const char *raw;
    size_t n;

    screen_stage_env(s, "NO_COLOR=1");
    s->pty = pty_screen_open(&options);
    assert_shown(s, "Tab completes - help - demo: a tour - quit");
    raw = pty_screen_raw(s->pty, &n);
    for (size_t i = 0; i < n; i++)
        assert_true((unsigned char)raw[i] < 0x80);
    assert_null(strstr(pty_screen_dump(s->pty), "{f:"));
    screen_stage_quit(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        screen_stage_test(quit_leaves_the_terminal_as_it_was),
        screen_stage_test(a_limit_on_file_sizes_does_not_cut_a_frame_off),
        screen_stage_test(too_few_descriptors_are_told_not_died_of),
        screen_stage_test(a_killed_console_leaves_a_terminal_fit_for_use),
        screen_stage_test(a_console_killed_on_a_stopped_terminal_leaves_no_worker),
        screen_stage_test(a_crash_leaves_a_terminal_fit_for_use),
        screen_stage_test(ctrl_z_gives_the_terminal_back_and_fg_takes_it_again),
        screen_stage_test(a_terminal_that_goes_away_ends_the_console),
        screen_stage_test(a_signal_ends_it_in_order),
        screen_stage_test(a_signal_ends_it_while_the_terminal_is_stopped),
        screen_stage_test(a_terminal_that_cannot_show_it_gets_one_line),
        screen_stage_test(no_color_is_honoured_and_ascii_is_enough),
    };

    return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
