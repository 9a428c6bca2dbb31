/* pty_screen.c - a pseudo-terminal and libvterm. */
#include "config.h"

#include "pty_screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <utmp.h>
#include <unistd.h>

#include <vterm.h>

#include "sockdeck/base/buffer.h"
#include "vterm_cells.h"

enum { WHOLE_MS = 500 };        /* the most that the rest of a frame is waited for */

struct pty_screen {
    pid_t pid;
    int master, slave;          /* -1: not open */
    int status;                 /* of waitpid, -1: it runs */
    VTerm *vterm;
    VTermScreen *screen;
    int rows, cols;
    VTermPos cursor;
    struct termios modes;       /* before the program ran */
    bool is_alternate;
    struct buffer raw;          /* all that it has written */
    struct buffer text;         /* what was handed out last */
};

static long
now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- the terminal -------------------------------------------------------------------- */

static int
on_move_cursor(VTermPos to, VTermPos from, int visible, void *user)
{
    struct pty_screen *pty = user;

    (void)from, (void)visible;
    pty->cursor = to;
    return 1;
}

static int
on_property(VTermProp property, VTermValue *value, void *user)
{
    struct pty_screen *pty = user;

    if (property == VTERM_PROP_ALTSCREEN)
        pty->is_alternate = value->boolean != 0;
    return 1;
}

static const VTermScreenCallbacks callbacks = {
    .movecursor = on_move_cursor,
    .settermprop = on_property,
};

static void
open_terminal(struct pty_screen *pty, int rows, int cols)
{
    pty->rows = rows;
    pty->cols = cols;
    pty->vterm = vterm_new(rows, cols);
    vterm_set_utf8(pty->vterm, 1);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
}

/* --- the program --------------------------------------------------------------------- */

static void
run_program(const struct pty_options *options)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    for (size_t i = 0; options->env != NULL && options->env[i] != NULL; i++) {
        if (strchr(options->env[i], '=') != NULL)
            putenv(strdup(options->env[i]));
        else
            unsetenv(options->env[i]);
    }
    execvp(options->argv[0], (char *const *)options->argv);
    _exit(127);
}

struct pty_screen *
pty_screen_open(const struct pty_options *options)
{
    struct winsize size = {
        .ws_row = (unsigned short)options->rows, .ws_col = (unsigned short)options->cols,
    };
    struct pty_screen *pty = calloc(1, sizeof(*pty));
    int slave;

    if (pty == NULL)
        abort();
    pty->status = -1;
    pty->slave = -1;
    if (openpty(&pty->master, &slave, NULL, NULL, &size) == -1) {
        free(pty);
        return NULL;
    }
    tcgetattr(slave, &pty->modes);
    pty->pid = fork();
    if (pty->pid == -1)
        abort();
    if (pty->pid == 0) {
        close(pty->master);
        login_tty(slave);
        run_program(options);
    }
    close(slave);
    fcntl(pty->master, F_SETFL, fcntl(pty->master, F_GETFL) | O_NONBLOCK);
    fcntl(pty->master, F_SETFD, FD_CLOEXEC);
    open_terminal(pty, options->rows, options->cols);
    return pty;
}

static bool
has_ended(struct pty_screen *pty)
{
    int status;

    if (pty->status == -1 && waitpid(pty->pid, &status, WNOHANG) == pty->pid)
        pty->status = status;
    return pty->status != -1;
}

void
pty_screen_close(struct pty_screen *pty)
{
    if (pty == NULL)
        return;
    if (!has_ended(pty)) {
        kill(pty->pid, SIGKILL);
        waitpid(pty->pid, &pty->status, 0);
    }
    pty_screen_hang_up(pty);
    vterm_free(pty->vterm);
    buffer_fini(&pty->raw);
    buffer_fini(&pty->text);
    free(pty);
}

pid_t
pty_screen_pid(const struct pty_screen *pty)
{
    return pty->pid;
}

int
pty_screen_master(const struct pty_screen *pty)
{
    return pty->master;
}

int
pty_screen_slave(struct pty_screen *pty)
{
    if (pty->slave == -1)
        pty->slave = open(ptsname(pty->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    return pty->slave;
}

void
pty_screen_hang_up(struct pty_screen *pty)
{
    if (pty->slave != -1)
        close(pty->slave);
    if (pty->master != -1)
        close(pty->master);
    pty->master = pty->slave = -1;
}

/* --- in and out ---------------------------------------------------------------------- */

static void
must(int rc)
{
    if (rc != 0)
        abort();
}

static void
take_output(struct pty_screen *pty, const char *bytes, size_t n)
{
    must(buffer_add(&pty->raw, bytes, n));
    vterm_input_write(pty->vterm, bytes, n);
}

/* Takes what is there; false when the other side is closed. */
static bool
read_output(struct pty_screen *pty)
{
    char bytes[16384];
    ssize_t n;

    while ((n = read(pty->master, bytes, sizeof(bytes))) > 0)
        take_output(pty, bytes, (size_t)n);
    vterm_screen_flush_damage(pty->screen);
    return n == -1 && (errno == EAGAIN || errno == EINTR);
}

void
pty_screen_send_bytes(struct pty_screen *pty, const char *bytes, size_t n)
{
    struct pollfd pfd = { .fd = pty->master, .events = POLLIN | POLLOUT };

    while (n > 0) {
        ssize_t written = write(pty->master, bytes, n);

        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        } else if (written == -1 && errno != EAGAIN && errno != EINTR) {
            return;
        } else {
            poll(&pfd, 1, 100);
            read_output(pty);
        }
    }
}

void
pty_screen_send(struct pty_screen *pty, const char *bytes)
{
    pty_screen_send_bytes(pty, bytes, strlen(bytes));
}

void
pty_screen_resize(struct pty_screen *pty, int rows, int cols)
{
    struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

    read_output(pty);
    pty->rows = rows;
    pty->cols = cols;
    vterm_set_size(pty->vterm, rows, cols);
    ioctl(pty->master, TIOCSWINSZ, &size);
}

/* Whether its first thread, which draws, is on a processor or about to be. */
static bool
is_running(pid_t pid)
{
    char path[32], line[256] = "", *end;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return false;
    if (fgets(line, sizeof(line), file) == NULL)
        line[0] = '\0';
    fclose(file);
    end = strrchr(line, ')');
    return end != NULL && end[1] == ' ' && end[2] == 'R';
}

/* No frame is half here: a frame is one write, and a terminal takes it in pieces. */
static bool
is_at_rest(const struct pty_screen *pty)
{
    struct pollfd pfd = { .fd = pty->master, .events = POLLIN };

    return !is_running(pty->pid) && poll(&pfd, 1, 0) == 0;
}

static bool
wait_for(struct pty_screen *pty, bool (*is_so)(struct pty_screen *pty, void *ctx), void *ctx,
         int timeout_ms, int whole_ms)
{
    long deadline = now_ms() + timeout_ms, whole_by = 0;

    for (;;) {
        struct pollfd pfd = { .fd = pty->master, .events = POLLIN };
        bool is_open = read_output(pty), holds = is_so(pty, ctx);
        long now = now_ms(), left = deadline - now;

        whole_by = holds && whole_by == 0 ? now + whole_ms : whole_by;
        if (holds && (now >= whole_by || !is_open || is_at_rest(pty)))
            return true;
        if (left <= 0)
            return holds;
        if (holds || left > 20)
            left = holds ? 1 : 20;
        poll(is_open ? &pfd : NULL, is_open ? 1 : 0, (int)left);
    }
}

bool
pty_screen_wait(struct pty_screen *pty, bool (*is_so)(struct pty_screen *pty, void *ctx),
                void *ctx, int timeout_ms)
{
    return wait_for(pty, is_so, ctx, timeout_ms, WHOLE_MS);
}

bool
pty_screen_catch(struct pty_screen *pty, bool (*is_so)(struct pty_screen *pty, void *ctx),
                 void *ctx, int timeout_ms)
{
    return wait_for(pty, is_so, ctx, timeout_ms, 0);
}

static bool
has_text(struct pty_screen *pty, void *text)
{
    return pty_screen_has(pty, text);
}

static bool
has_no_text(struct pty_screen *pty, void *text)
{
    return !pty_screen_has(pty, text);
}

bool
pty_screen_wait_text(struct pty_screen *pty, const char *text)
{
    bool is_there = pty_screen_wait(pty, has_text, (void *)(uintptr_t)text, PTY_WAIT_MS);

    if (!is_there)
        fprintf(stderr, "waited for \"%s\"; the screen is:\n%s", text, pty_screen_text(pty));
    return is_there;
}

bool
pty_screen_wait_no_text(struct pty_screen *pty, const char *text)
{
    bool is_gone = pty_screen_wait(pty, has_no_text, (void *)(uintptr_t)text, PTY_WAIT_MS);

    if (!is_gone)
        fprintf(stderr, "waited for \"%s\" to go; the screen is:\n%s", text, pty_screen_text(pty));
    return is_gone;
}

static bool
is_over(struct pty_screen *pty, void *ctx)
{
    (void)ctx;
    return has_ended(pty);
}

int
pty_screen_wait_exit(struct pty_screen *pty, int timeout_ms)
{
    pty_screen_wait(pty, is_over, NULL, timeout_ms);
    read_output(pty);
    return pty->status;
}

/* --- what is on the screen ------------------------------------------------------------- */

static const char *
rows_text(struct pty_screen *pty, int first, int last, bool with_attributes)
{
    buffer_clear(&pty->text);
    for (int row = first; row < last; row++) {
        cells_add_row(&pty->text, pty->screen, row, pty->cols, with_attributes);
        if (last - first > 1)
            must(buffer_add_text(&pty->text, "\n"));
    }
    must(buffer_add(&pty->text, "", 1));
    return buffer_data(&pty->text);
}

const char *
pty_screen_text(struct pty_screen *pty)
{
    return rows_text(pty, 0, pty->rows, false);
}

const char *
pty_screen_row(struct pty_screen *pty, int row)
{
    return rows_text(pty, row, row + 1, false);
}

const char *
pty_screen_dump(struct pty_screen *pty)
{
    return rows_text(pty, 0, pty->rows, true);
}

bool
pty_screen_has(struct pty_screen *pty, const char *text)
{
    return strstr(pty_screen_text(pty), text) != NULL;
}

void
pty_screen_cursor(const struct pty_screen *pty, int *row, int *col)
{
    *row = pty->cursor.row;
    *col = pty->cursor.col;
}

bool
pty_screen_is_restored(const struct pty_screen *pty)
{
    struct termios now;

    return !pty->is_alternate && tcgetattr(pty->master, &now) == 0 &&
           now.c_lflag == pty->modes.c_lflag && now.c_iflag == pty->modes.c_iflag &&
           now.c_oflag == pty->modes.c_oflag && now.c_cflag == pty->modes.c_cflag;
}

bool
pty_screen_is_alternate(const struct pty_screen *pty)
{
    return pty->is_alternate;
}

const char *
pty_screen_raw(const struct pty_screen *pty, size_t *n)
{
    *n = buffer_size(&pty->raw);
    return *n > 0 ? buffer_data(&pty->raw) : "";
}
