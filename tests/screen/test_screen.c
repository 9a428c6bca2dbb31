/* test_screen.c - the real program on a pseudo-terminal: what a person sees. */
#include "config.h"

#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pty_screen.h"

#define CTRL_C "\003"
#define CTRL_D "\004"
#define CTRL_R "\022"
#define CTRL_Z "\032"
#define ESC "\033"
#define F1 "\033OP"
#define F2 "\033OQ"
#define F3 "\033OR"
#define F6 "\033[17~"
#define F10 "\033[21~"
#define UP "\033OA"

#if defined(__SANITIZE_ADDRESS__)
#define HANDLES_CRASHES false   /* it leaves them to AddressSanitizer */
#else
#define HANDLES_CRASHES true    /* and restores the terminal before it dies */
#endif

struct fixture {
    struct pty_screen *pty;
    char home[64];              /* everything that is kept between runs */
    char state[96], config[96];
    const char *env[16];
    unsigned port;              /* free a moment ago */
};

static const char *
program(void)
{
    const char *path = getenv("SOCKDECK");

    return path != NULL ? path : "./sockdeck";
}

static unsigned
free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int
dial(unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    int n = 0;

    strcpy(f->home, "/tmp/sockdeck-screen-XXXXXX");
    if (mkdtemp(f->home) == NULL)
        return -1;
    snprintf(f->state, sizeof(f->state), "XDG_STATE_HOME=%s", f->home);
    snprintf(f->config, sizeof(f->config), "XDG_CONFIG_HOME=%s", f->home);
    f->env[n++] = f->state;
    f->env[n++] = f->config;
    f->env[n++] = "TERM=xterm-256color";
    f->env[n++] = "LC_ALL=C.UTF-8";
    f->env[n++] = "INPUTRC=/dev/null";
    f->env[n++] = "NO_COLOR";
    f->env[n++] = "ESCDELAY";
    f->port = free_port();
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    char path[128];

    pty_screen_close(f->pty);
    snprintf(path, sizeof(path), "%s/sockdeck/history", f->home);
    unlink(path);
    snprintf(path, sizeof(path), "%s/sockdeck", f->home);
    rmdir(path);
    rmdir(f->home);
    free(f);
    return 0;
}

static void
start(struct fixture *f, int rows, int cols)
{
    const char *argv[] = { program(), NULL };
    struct pty_options options = { .rows = rows, .cols = cols, .argv = argv, .env = f->env };

    f->pty = pty_screen_open(&options);
    assert_non_null(f->pty);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck>"));
}

/* Types a command and Enter. */
static void
run(struct fixture *f, const char *format, ...)
{
    char line[256];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof(line) - 1, format, args);
    va_end(args);
    strcat(line, "\r");
    pty_screen_send(f->pty, line);
}

static void
listen_and_connect(struct fixture *f)
{
    run(f, "listen %u handler=echo", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    run(f, "connect %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck #1>"));
    assert_true(pty_screen_wait_text(f->pty, "#2"));
}

static void
stop(struct fixture *f)
{
    run(f, "quit");
    assert_int_equal(pty_screen_wait_exit(f->pty, PTY_WAIT_MS), 0);
}

static bool
is_restored(struct pty_screen *pty, void *ctx)
{
    (void)ctx;
    return pty_screen_is_restored(pty);
}

static void
the_first_screen_says_what_to_try(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    assert_true(pty_screen_is_alternate(f->pty));
    assert_true(pty_screen_wait_text(f->pty, "Nothing is open yet. Try, one at a time:"));
    assert_true(pty_screen_wait_text(f->pty, "listen 10001 handler=echo"));
    assert_true(pty_screen_wait_text(f->pty, "connect 10001"));
    assert_true(pty_screen_wait_text(f->pty, "ping count=3"));
    assert_true(pty_screen_wait_text(f->pty, "Tab completes · help · demo: a tour · quit"));
    assert_true(pty_screen_wait_text(f->pty, " Connections "));
    assert_true(pty_screen_wait_text(f->pty, " Events "));
    run(f, "listen %u", f->port);
    assert_true(pty_screen_wait_no_text(f->pty, "Nothing is open yet"));
    stop(f);
}

static void
pings_show_both_ends_and_a_summary(void **state)
{
    struct fixture *f = *state;

    start(f, 30, 100);
    listen_and_connect(f);
    run(f, "ping count=3 interval=20ms");
    assert_true(pty_screen_wait_text(f->pty, "min/avg/p50/p99/max"));
    assert_true(pty_screen_wait_text(f->pty, "3 sent, 3 replied"));
    assert_true(pty_screen_wait_text(f->pty, "#1 →      4  ping"));
    assert_true(pty_screen_wait_text(f->pty, "#2  ←     4  ping"));
    assert_true(pty_screen_wait_text(f->pty, "2 open, 0 closed"));
    stop(f);
}

static void
a_new_size_lays_everything_out_anew(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    listen_and_connect(f);
    pty_screen_resize(f->pty, 60, 200);
    assert_true(pty_screen_wait_text(f->pty, "QUEUES"));
    pty_screen_resize(f->pty, 10, 40);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck needs 60 columns and"));
    pty_screen_resize(f->pty, 16, 60);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck #1>"));
    assert_true(pty_screen_wait_text(f->pty, " Messages "));
    stop(f);
}

static void
a_storm_of_sizes_ends_in_the_right_frame(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    for (int i = 0; i < 200; i++)
        pty_screen_resize(f->pty, 1 + i * 7 % 90, 1 + i * 13 % 300);
    pty_screen_resize(f->pty, 24, 80);
    run(f, "listen %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    assert_true(pty_screen_wait_text(f->pty, "F10 quit"));
    assert_string_equal(pty_screen_row(f->pty, 21), "sockdeck>");
    stop(f);
}

static void
history_is_kept_between_runs_for_the_user_only(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct stat st;

    start(f, 24, 80);
    run(f, "show modes");
    assert_true(pty_screen_wait_text(f->pty, "prefork"));
    stop(f);
    pty_screen_close(f->pty);
    snprintf(path, sizeof(path), "%s/sockdeck/history", f->home);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    start(f, 24, 80);
    pty_screen_send(f->pty, UP UP);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> show modes"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "sockdeck> show modes"));
    pty_screen_send(f->pty, CTRL_R "mod");
    assert_true(pty_screen_wait_text(f->pty, "(reverse-i-search)`mod': show modes"));
    pty_screen_send(f->pty, CTRL_C);
    stop(f);
}

static void
tab_offers_candidates_with_their_help(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    pty_screen_send(f->pty, "se\t");
    assert_true(pty_screen_wait_text(f->pty, "sendhex"));
    assert_true(pty_screen_wait_text(f->pty, "list, show or change preferences"));
    pty_screen_send(f->pty, "ndf\t");
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> sendfile"));
    assert_true(pty_screen_wait_no_text(f->pty, "sendhex"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "sendfile"));
    stop(f);
}

static bool
cursor_is_at(struct pty_screen *pty, void *ctx)
{
    const int *want = ctx;
    int row, col;

    pty_screen_cursor(pty, &row, &col);
    return row == want[0] && col == want[1];
}

static void
wide_and_cyrillic_letters_are_edited_by_whole_characters(void **state)
{
    struct fixture *f = *state;
    int want[2] = { 21, 10 + 6 + 4 };

    start(f, 24, 80);
    pty_screen_send(f->pty, "привет世界");
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> привет世界"));
    assert_true(pty_screen_wait(f->pty, cursor_is_at, want, PTY_WAIT_MS));
    pty_screen_send(f->pty, "\177");
    assert_true(pty_screen_wait_no_text(f->pty, "界"));
    want[1] -= 2;
    assert_true(pty_screen_wait(f->pty, cursor_is_at, want, PTY_WAIT_MS));
    pty_screen_send(f->pty, "\001\006\006\004");      /* home, two to the right, delete */
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> првет世"));
    pty_screen_send(f->pty, CTRL_C);
    stop(f);
}

static void
a_pasted_line_waits_for_enter(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    pty_screen_send(f->pty, ESC "[200~help\tquit\n" ESC "[201~");
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> help quit"));
    pty_screen_send(f->pty, "\037");    /* undo takes all of it */
    assert_true(pty_screen_wait_no_text(f->pty, "help quit"));
    stop(f);
}

static void
pasted_lines_are_shown_and_run_only_when_enter_follows(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    pty_screen_send(f->pty, ESC "[200~wait 10ms\r\nquit\n" ESC "[201~");
    assert_true(pty_screen_wait_text(f->pty, "run 2 pasted lines?"));
    assert_true(pty_screen_wait_text(f->pty, "  wait 10ms"));
    pty_screen_send(f->pty, "x");
    assert_true(pty_screen_wait_no_text(f->pty, "pasted lines"));
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> x"));
    pty_screen_send(f->pty, CTRL_C);
    pty_screen_send(f->pty, ESC "[200~wait 10ms\r\nquit\n" ESC "[201~");
    assert_true(pty_screen_wait_text(f->pty, "run 2 pasted lines?"));
    pty_screen_send(f->pty, "\r");
    assert_int_equal(pty_screen_wait_exit(f->pty, PTY_WAIT_MS), 0);
}

static void
quit_leaves_the_terminal_as_it_was(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    stop(f);
    assert_true(pty_screen_is_restored(f->pty));
}

/* Under a shell: a terminal whose session leader dies is hung up by the kernel. */
static pid_t
start_under_a_shell(struct fixture *f)
{
    char command[512], path[64];
    const char *argv[] = { "sh", "-c", command, NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = f->env };
    FILE *children;
    int pid = 0;

    snprintf(command, sizeof(command), "'%s'; echo back in the shell; read line", program());
    f->pty = pty_screen_open(&options);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck>"));
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pty_screen_pid(f->pty),
             pty_screen_pid(f->pty));
    children = fopen(path, "re");
    assert_non_null(children);
    assert_int_equal(fscanf(children, "%d", &pid), 1);
    fclose(children);
    return pid;
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
    struct fixture *f = *state;
    pid_t pid = start_under_a_shell(f);

    listen_and_connect(f);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_true(pty_screen_wait(f->pty, has_returned, NULL, PTY_WAIT_MS));
    assert_true(pty_screen_wait(f->pty, is_restored, NULL, PTY_WAIT_MS));
}

static void
a_crash_leaves_a_terminal_fit_for_use(void **state)
{
    struct fixture *f = *state;
    pid_t pid = start_under_a_shell(f);

    assert_int_equal(kill(pid, SIGSEGV), 0);
    assert_true(pty_screen_wait(f->pty, has_returned, NULL, PTY_WAIT_MS));
    if (HANDLES_CRASHES)
        assert_true(pty_screen_wait_text(f->pty, "back in the shell"));
    assert_true(pty_screen_wait(f->pty, is_restored, NULL, PTY_WAIT_MS));
}

static void
bytes_of_a_peer_never_reach_the_terminal_raw(void **state)
{
    static const char hostile[] =
        "\033]0;EVIL\007\033[31mRED\302\233" "32m\342\200\256abc\r#9 forged\n\033P1;2q\033\\";
    struct fixture *f = *state;
    const char *raw;
    size_t n;
    int fd;

    start(f, 24, 120);
    run(f, "listen %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    fd = dial(f->port);
    assert_int_equal(send(fd, hostile, sizeof(hostile) - 1, 0), sizeof(hostile) - 1);
    assert_true(pty_screen_wait_text(f->pty, "\\x1b]0;EVIL\\x07"));
    pty_screen_send(f->pty, F3 F3);
    assert_true(pty_screen_wait_text(f->pty, "both, 1"));
    pty_screen_send(f->pty, F6 F6 "\r");
    assert_true(pty_screen_wait_text(f->pty, "[#1 received"));
    raw = pty_screen_raw(f->pty, &n);
    assert_null(memmem(raw, n, "\033]0;", 4));
    assert_null(memmem(raw, n, "\033[31mRED", 8));
    assert_null(memmem(raw, n, "\302\233", 2));
    assert_null(memmem(raw, n, "\342\200\256", 3));
    assert_null(memmem(raw, n, "\033P", 2));
    close(fd);
    pty_screen_send(f->pty, ESC);
    assert_true(pty_screen_wait_no_text(f->pty, "[#1 received"));
    pty_screen_send(f->pty, ESC);
    assert_true(pty_screen_wait_no_text(f->pty, "keys go to"));
    stop(f);
}

static void
keys_go_to_a_pane_only_while_it_has_the_focus(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    listen_and_connect(f);
    pty_screen_send(f->pty, "send hello\r");
    assert_true(pty_screen_wait_text(f->pty, "hello"));
    pty_screen_send(f->pty, F6);
    assert_true(pty_screen_wait_text(f->pty, "[Connections]"));
    assert_true(pty_screen_wait_text(f->pty, "keys go to Connections; Esc returns"));
    pty_screen_send(f->pty, "z");
    assert_true(pty_screen_wait_no_text(f->pty, " Messages"));
    pty_screen_send(f->pty, "z");
    assert_true(pty_screen_wait_text(f->pty, " Messages"));
    pty_screen_send(f->pty, "gx");
    assert_true(pty_screen_wait_text(f->pty, "close #1? x again does it"));
    pty_screen_send(f->pty, "x");
    assert_true(pty_screen_wait_text(f->pty, "closed by us"));
    pty_screen_send(f->pty, ESC);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck"));
    assert_true(pty_screen_wait_no_text(f->pty, "keys go to"));
    stop(f);
}

static void
the_send_prompt_sends_lines_as_they_are(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 100);
    listen_and_connect(f);
    pty_screen_send(f->pty, F2);
    assert_true(pty_screen_wait_text(f->pty, "send #1 lf>"));
    run(f, "a \"b\" \\n; #2");
    assert_true(pty_screen_wait_text(f->pty, "a \"b\" \\n; #2\\n"));
    run(f, "::x");
    assert_true(pty_screen_wait_text(f->pty, "3  :x\\n"));
    run(f, ":close #1");
    assert_true(pty_screen_wait_text(f->pty, "(closed)>"));
    run(f, "kept");
    assert_true(pty_screen_wait_text(f->pty, "the line is kept"));
    assert_true(pty_screen_wait_text(f->pty, "(closed)> kept"));
    pty_screen_send(f->pty, CTRL_C CTRL_D);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck"));
    assert_true(pty_screen_wait_no_text(f->pty, "(closed)"));
    stop(f);
}

static void
leaving_asks_while_something_is_open(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    run(f, "listen %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    pty_screen_send(f->pty, F10);
    assert_true(pty_screen_wait_text(f->pty, "open: 0 connections, 1 listener; F10 again quits"));
    pty_screen_send(f->pty, "a");
    assert_true(pty_screen_wait_text(f->pty, "F10 quit"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck>"));
    pty_screen_send(f->pty, F10 F10);
    assert_int_equal(pty_screen_wait_exit(f->pty, PTY_WAIT_MS), 0);
}

static void
ctrl_c_clears_then_asks_then_quits(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    pty_screen_send(f->pty, "words");
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> words"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "words"));
    pty_screen_send(f->pty, "wait 60\r");
    assert_true(pty_screen_wait_text(f->pty, "a command runs; Ctrl-C cancels it"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "a command runs"));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_text(f->pty, "again to quit"));
    pty_screen_send(f->pty, CTRL_C);
    assert_int_equal(pty_screen_wait_exit(f->pty, PTY_WAIT_MS), 0);
}

static void
help_opens_above_the_prompt_and_esc_closes_it(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    pty_screen_send(f->pty, F1);
    assert_true(pty_screen_wait_text(f->pty, "Keys at the prompt:"));
    pty_screen_send(f->pty, ESC);
    assert_true(pty_screen_wait_no_text(f->pty, "Keys at the prompt:"));
    run(f, "nonsense");
    assert_true(pty_screen_wait_text(f->pty, "nonsense"));
    stop(f);
}

/* Under an interactive shell, since a stopped orphan would be sent on its way. */
static void
ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(void **state)
{
    struct fixture *f = *state;
    const char *argv[] = { "bash", "--norc", "--noediting", "-i", NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = f->env };

    f->env[7] = "PS1=ready$ ";
    f->pty = pty_screen_open(&options);
    assert_true(pty_screen_wait_text(f->pty, "ready$"));
    run(f, "%s", program());
    assert_true(pty_screen_wait_text(f->pty, "sockdeck>"));
    pty_screen_send(f->pty, "half a line");
    assert_true(pty_screen_wait_text(f->pty, "half a line"));
    pty_screen_send(f->pty, CTRL_Z);
    assert_true(pty_screen_wait_text(f->pty, "Stopped"));
    assert_false(pty_screen_is_alternate(f->pty));
    run(f, "stty -a | grep -o ' icanon'; fg");
    assert_true(pty_screen_wait_text(f->pty, "sockdeck> half a line"));
    assert_true(pty_screen_is_alternate(f->pty));
    pty_screen_send(f->pty, CTRL_C);
    assert_true(pty_screen_wait_no_text(f->pty, "half a line"));
    run(f, "quit");
    assert_true(pty_screen_wait(f->pty, is_restored, NULL, PTY_WAIT_MS));
    run(f, "exit");
    assert_true(pty_screen_wait_exit(f->pty, PTY_WAIT_MS) >= 0);
}

/* Voluntary context switches of all threads of the console. */
static long
count_wake_ups(pid_t pid)
{
    char path[64], line[256];
    struct dirent *entry;
    long sum = 0, n;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", pid);
    tasks = opendir(path);
    assert_non_null(tasks);
    while ((entry = readdir(tasks)) != NULL) {
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/task/%.20s/status", pid, entry->d_name);
        file = entry->d_name[0] != '.' ? fopen(path, "re") : NULL;
        while (file != NULL && fgets(line, sizeof(line), file) != NULL)
            if (sscanf(line, "voluntary_ctxt_switches: %ld", &n) == 1)
                sum += n;
        if (file != NULL)
            fclose(file);
    }
    closedir(tasks);
    return sum;
}

struct quiet { long wake_ups; int still; };

static bool
stays_quiet(struct pty_screen *pty, void *ctx)
{
    struct quiet *quiet = ctx;
    long wake_ups = count_wake_ups(pty_screen_pid(pty));

    quiet->still = wake_ups == quiet->wake_ups ? quiet->still + 1 : 0;
    quiet->wake_ups = wake_ups;
    return quiet->still >= 75;          /* looks 20 ms apart: 1.5 s without a wake-up */
}

static void
an_idle_screen_is_never_woken(void **state)
{
    struct fixture *f = *state;
    struct quiet quiet = { 0, 0 };

#if defined(__SANITIZE_THREAD__)
    skip();                     /* its runtime has a thread that wakes up */
#endif
    start(f, 24, 80);
    listen_and_connect(f);
    run(f, "ping");
    assert_true(pty_screen_wait_text(f->pty, "0 lost"));
    assert_true(pty_screen_wait(f->pty, stays_quiet, &quiet, 10000));
    stop(f);
}

static bool
shows_seven_unread(struct pty_screen *pty, void *ctx)
{
    const char *row = strstr(pty_screen_text(pty), "\n  SIOCINQ");
    int unread;

    (void)ctx;
    return row != NULL && sscanf(row, " SIOCINQ %d", &unread) == 1 && unread == 7;
}

static void
details_stay_live_while_they_are_open_and_wake_nobody_afterwards(void **state)
{
    struct fixture *f = *state;
    struct quiet quiet = { 0, 0 };
    int peer;

    start(f, 40, 110);
    run(f, "listen %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    peer = dial(f->port);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck #1>"));
    run(f, "pause #1");
    run(f, "info #1");
    assert_true(pty_screen_wait_text(f->pty, " info #1 "));
    assert_true(pty_screen_wait_text(f->pty, "SIOCINQ"));
    assert_false(shows_seven_unread(f->pty, NULL));
    assert_int_equal(send(peer, "1234567", 7, MSG_NOSIGNAL), 7);
    assert_true(pty_screen_wait(f->pty, shows_seven_unread, NULL, PTY_WAIT_MS));
    assert_false(pty_screen_has(f->pty, "CLOSE_WAIT"));
    shutdown(peer, SHUT_WR);
    assert_true(pty_screen_wait_text(f->pty, "CLOSE_WAIT"));
    assert_true(pty_screen_wait_text(f->pty, "FIN_WAIT2"));

    pty_screen_send(f->pty, "\033");
    assert_true(pty_screen_wait_no_text(f->pty, "SIOCINQ"));
#if !defined(__SANITIZE_THREAD__)
    assert_true(pty_screen_wait(f->pty, stays_quiet, &quiet, 10000));
#endif
    (void)quiet;
    close(peer);
    stop(f);
}

static void
details_tell_of_a_connect_that_nobody_answers(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), first;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(listener, 0), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    first = dial(ntohs(address.sin_port));      /* all that its queue admits */
    start(f, 40, 110);
    run(f, "connect %u connect-timeout=600s", ntohs(address.sin_port));
    assert_true(pty_screen_wait_text(f->pty, "connecting"));
    run(f, "info #1");
    assert_true(pty_screen_wait_text(f->pty, "SYN_SENT"));
    assert_true(pty_screen_wait_text(f->pty, "connect time left"));
    assert_true(pty_screen_wait_text(f->pty, "600 s"));
    close(first);
    close(listener);
    stop(f);
}

static void
a_terminal_that_goes_away_ends_the_console(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    listen_and_connect(f);
    pty_screen_hang_up(f->pty);
    assert_true(pty_screen_wait_exit(f->pty, 2000) > 0);
}

static void
a_signal_ends_it_in_order(void **state)
{
    struct fixture *f = *state;
    int status;

    start(f, 24, 80);
    listen_and_connect(f);
    assert_int_equal(kill(pty_screen_pid(f->pty), SIGTERM), 0);
    status = pty_screen_wait_exit(f->pty, PTY_WAIT_MS);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 143);
    assert_true(pty_screen_is_restored(f->pty));
}

static void
a_signal_ends_it_while_the_terminal_is_stopped(void **state)
{
    struct fixture *f = *state;
    char data[4096];
    int fd, status;

    start(f, 24, 80);
    run(f, "listen %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    assert_int_equal(tcflow(pty_screen_slave(f->pty), TCOOFF), 0);
    fd = dial(f->port);
    memset(data, 'x', sizeof(data));
    for (int i = 0; i < 200; i++)
        assert_int_equal(send(fd, data, sizeof(data), 0), sizeof(data));
    assert_int_equal(kill(pty_screen_pid(f->pty), SIGTERM), 0);
    status = pty_screen_wait_exit(f->pty, PTY_WAIT_MS);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 143);
    close(fd);
}

/* The markers of what is selected and of what belongs to it. */
static bool
has_two_marked(struct pty_screen *pty, void *ctx)
{
    const char *first = strstr(pty_screen_text(pty), "▸");

    (void)ctx;
    return first != NULL && strstr(first + 1, "▸") != NULL;
}

static void
calls_are_shown_as_they_are_made_and_mark_what_they_did(void **state)
{
    struct fixture *f = *state;

    start(f, 30, 110);
    run(f, "listen %u handler=echo mode=prefork workers=2", f->port);
    assert_true(pty_screen_wait_text(f->pty, "listening on 127.0.0.1:"));
    assert_false(pty_screen_has(f->pty, " Calls "));
    run(f, "calls on");
    assert_true(pty_screen_wait_text(f->pty, " Calls "));
    assert_true(pty_screen_wait_text(f->pty, "accept4(7, ...) <blocked "));
    assert_true(pty_screen_wait_text(f->pty, "<blocked 2."));
    run(f, "connect %u", f->port);
    assert_true(pty_screen_wait_text(f->pty, "sockdeck #1>"));
    run(f, "ping");
    assert_true(pty_screen_wait_text(f->pty, "0 lost"));
    assert_true(pty_screen_wait_text(f->pty, ", \"ping\", 4, MSG_NOSIGNAL, NULL, 0) = 4 <"));
    assert_false(has_two_marked(f->pty, NULL));
    pty_screen_send(f->pty, F6 F6 F6 F6);
    assert_true(pty_screen_wait_text(f->pty, "[Calls]"));
    assert_true(pty_screen_wait(f->pty, has_two_marked, NULL, PTY_WAIT_MS));
    pty_screen_send(f->pty, "\r");
    assert_true(pty_screen_wait_text(f->pty, "[Call: "));
    assert_true(pty_screen_wait_text(f->pty, "  message   "));
    assert_true(pty_screen_wait_text(f->pty, " 4 bytes \"ping\""));
    pty_screen_send(f->pty, ESC);
    assert_true(pty_screen_wait_no_text(f->pty, "[Call: "));
    pty_screen_send(f->pty, ESC);
    assert_true(pty_screen_wait_no_text(f->pty, "keys go to"));
    run(f, "calls off");
    assert_true(pty_screen_wait_no_text(f->pty, " Calls "));
    stop(f);
}

static void
the_mouse_focuses_and_selects(void **state)
{
    struct fixture *f = *state;

    start(f, 24, 80);
    listen_and_connect(f);
    pty_screen_send(f->pty, ESC "[<0;10;5M" ESC "[<0;10;5m");
    assert_true(pty_screen_wait_text(f->pty, "[Connections]"));
    assert_true(pty_screen_wait_text(f->pty, "▸   #1"));
    pty_screen_send(f->pty, ESC "[<0;10;22M" ESC "[<0;10;22m");
    assert_true(pty_screen_wait_no_text(f->pty, "[Connections]"));
    stop(f);
}

static void
a_terminal_that_cannot_show_it_gets_one_line(void **state)
{
    static const char *const terms[] = { "TERM=dumb", "TERM=no-such-terminal", "TERM=" };
    struct fixture *f = *state;
    const char *argv[] = { program(), NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = f->env };

    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
        int status;

        f->env[2] = terms[i];
        pty_screen_close(f->pty);
        f->pty = pty_screen_open(&options);
        status = pty_screen_wait_exit(f->pty, PTY_WAIT_MS);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 2);
        assert_true(pty_screen_wait_text(f->pty, "use --batch"));
        assert_false(pty_screen_is_alternate(f->pty));
    }
}

static void
no_color_is_honoured_and_ascii_is_enough(void **state)
{
    struct fixture *f = *state;
    const char *argv[] = { program(), "--ascii", NULL };
    struct pty_options options = { .rows = 24, .cols = 80, .argv = argv, .env = f->env };
    const char *raw;
    size_t n;

    f->env[5] = "NO_COLOR=1";
    f->pty = pty_screen_open(&options);
    assert_true(pty_screen_wait_text(f->pty, "Tab completes - help - demo: a tour - quit"));
    raw = pty_screen_raw(f->pty, &n);
    for (size_t i = 0; i < n; i++)
        assert_true((unsigned char)raw[i] < 0x80);
    assert_null(strstr(pty_screen_dump(f->pty), "{f:"));
    stop(f);
}

#define SCREEN_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SCREEN_TEST(the_first_screen_says_what_to_try),
        SCREEN_TEST(pings_show_both_ends_and_a_summary),
        SCREEN_TEST(a_new_size_lays_everything_out_anew),
        SCREEN_TEST(a_storm_of_sizes_ends_in_the_right_frame),
        SCREEN_TEST(history_is_kept_between_runs_for_the_user_only),
        SCREEN_TEST(tab_offers_candidates_with_their_help),
        SCREEN_TEST(wide_and_cyrillic_letters_are_edited_by_whole_characters),
        SCREEN_TEST(a_pasted_line_waits_for_enter),
        SCREEN_TEST(pasted_lines_are_shown_and_run_only_when_enter_follows),
        SCREEN_TEST(quit_leaves_the_terminal_as_it_was),
        SCREEN_TEST(a_killed_console_leaves_a_terminal_fit_for_use),
        SCREEN_TEST(a_crash_leaves_a_terminal_fit_for_use),
        SCREEN_TEST(bytes_of_a_peer_never_reach_the_terminal_raw),
        SCREEN_TEST(keys_go_to_a_pane_only_while_it_has_the_focus),
        SCREEN_TEST(the_send_prompt_sends_lines_as_they_are),
        SCREEN_TEST(leaving_asks_while_something_is_open),
        SCREEN_TEST(ctrl_c_clears_then_asks_then_quits),
        SCREEN_TEST(help_opens_above_the_prompt_and_esc_closes_it),
        SCREEN_TEST(ctrl_z_gives_the_terminal_back_and_fg_takes_it_again),
        SCREEN_TEST(an_idle_screen_is_never_woken),
        SCREEN_TEST(details_stay_live_while_they_are_open_and_wake_nobody_afterwards),
        SCREEN_TEST(details_tell_of_a_connect_that_nobody_answers),
        SCREEN_TEST(a_terminal_that_goes_away_ends_the_console),
        SCREEN_TEST(a_signal_ends_it_in_order),
        SCREEN_TEST(a_signal_ends_it_while_the_terminal_is_stopped),
        SCREEN_TEST(calls_are_shown_as_they_are_made_and_mark_what_they_did),
        SCREEN_TEST(the_mouse_focuses_and_selects),
        SCREEN_TEST(a_terminal_that_cannot_show_it_gets_one_line),
        SCREEN_TEST(no_color_is_honoured_and_ascii_is_enough),
    };

    return cmocka_run_group_tests_name("screen", tests, NULL, NULL);
}
