/* spawner_process.c - the life of the spawner: orders in, forks, reports out.
 *
 * DESIGN. Single-threaded, in a session of its own, so that the terminal's signals
 * do not reach it or its children. It waits for orders on its channel and for
 * SIGCHLD on a signalfd. End of file on the channel is the console's death, or its
 * orderly end: then all children are killed and, if screen_up is set, the terminal
 * gets back the settings it had when the program started. It is the subreaper of
 * what its children leave behind, so every pid ends here. */
#include "config.h"

#include "spawner_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/serve/channel.h"
#include "sockdeck/serve/mode.h"

struct guardian {
    int channel, signals;
    struct arena *arena;
    const struct process_title *title;
    const struct termios *terminal;     /* as it was when the program started; NULL: none */
    pid_t *children;
    size_t n_children, capacity;
};

static void
report(struct guardian *g, const struct spawner_report *what)
{
    struct pollfd fd = { .fd = g->channel, .events = POLLOUT };

    while (channel_send(g->channel, what, sizeof(*what), NULL, 0, NULL, 0) == -EAGAIN)
        poll(&fd, 1, -1);
}

/* --- the terminal ---------------------------------------------------------------- */

/* What curses and the prompt may have switched on, switched off: alternate screen,
 * bracketed paste, mouse, attributes, keypad; the cursor back. */
static const char terminal_restore[] =
    "\033[?1049l\033[?2004l\033[?1000l\033[?1002l\033[?1006l\033[m\033[?1l\033>\033[?25h\r\n";

static void
restore_terminal(const struct guardian *g)
{
    if (g->terminal == NULL || atomic_load(arena_screen_up(g->arena)) == 0)
        return;
    if (write(STDOUT_FILENO, terminal_restore, sizeof(terminal_restore) - 1) == -1)
        return;
    tcsetattr(STDOUT_FILENO, TCSADRAIN, g->terminal);
}

/* --- children -------------------------------------------------------------------- */

/* A place for one more, before it is forked: one that cannot be remembered is never there. */
static int
reserve_place(struct guardian *g)
{
    size_t capacity = g->capacity > 0 ? 2 * g->capacity : 64;
    pid_t *children;

    if (g->n_children < g->capacity)
        return 0;
    children = realloc(g->children, capacity * sizeof(*children));
    if (children == NULL)
        return -ENOMEM;
    g->children = children;
    g->capacity = capacity;
    return 0;
}

static void
forget(struct guardian *g, pid_t pid)
{
    for (size_t i = 0; i < g->n_children; i++)
        if (g->children[i] == pid) {
            g->children[i] = g->children[--g->n_children];
            return;
        }
}

static bool
is_child(const struct guardian *g, pid_t pid)
{
    for (size_t i = 0; i < g->n_children; i++)
        if (g->children[i] == pid)
            return true;
    return false;
}

static void
quiet_standard_descriptors(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null == -1)
        return;
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    if (null > STDERR_FILENO)
        close(null);
}

static void
name_host(const struct process_title *title, const struct host_order *order)
{
    const char *mode = modes[order->mode]->name;

    if (order->worker != 0) {
        process_title_set(title, "sockdeck: L%u %s W%u", order->listener, mode, order->worker);
        process_name_thread("L%u/W%u", order->listener, order->worker);
    } else {
        process_title_set(title, "sockdeck: L%u %s", order->listener, mode);
        process_name_thread("L%u/%s", order->listener, mode);
    }
}

/* The child: becomes the host and leaves with _exit. */
static noreturn void
become_host(struct guardian *g, const struct host_order *order, int channel, int listen_fd,
            pid_t spawner)
{
    const int keep[] = { channel, listen_fd, arena_eventfd(g->arena) };
    struct ring_writer writer;
    struct host host;

    process_die_with(spawner);
    process_reset_signals();
    process_keep_descriptors(keep, sizeof(keep) / sizeof(keep[0]));
    quiet_standard_descriptors();
    name_host(g->title, order);
    free(g->children);

    ring_writer_init(&writer, g->arena, arena_ring(g->arena, order->ring));
    if (host_init(&host, order, g->arena, &writer, arena_host_flags(g->arena, order->ring),
                  listen_fd, channel) != 0)
        _exit(1);
    host_run(&host);
    host_fini(&host);
    _exit(0);
}

/* The pid, or a negative errno. */
static pid_t
fork_host(struct guardian *g, const struct host_order *order, int channel, int listen_fd)
{
    pid_t spawner = getpid(), pid;
    int rc = reserve_place(g);

    if (rc != 0)
        return rc;
    pid = fork();
    if (pid == -1)
        return -errno;
    if (pid == 0)
        become_host(g, order, channel, listen_fd, spawner);
    g->children[g->n_children++] = pid;
    return pid;
}

/* The descriptors are closed here. Where there was no room for them, they are -1. */
static void
start_host(struct guardian *g, const struct host_order *order, int channel, int listen_fd)
{
    struct spawner_report result = { .ring = order->ring };
    int64_t before = clock_mono_ns();
    bool is_whole = channel != -1 && listen_fd != -1;
    pid_t pid = is_whole ? fork_host(g, order, channel, listen_fd) : -EMFILE;

    result.cost_ns = clock_mono_ns() - before;
    result.type = pid > 0 ? SPAWNER_STARTED : SPAWNER_FAILED;
    result.pid = pid > 0 ? pid : -1;
    result.code = pid > 0 ? 0 : pid;
    if (channel != -1)
        close(channel);
    if (listen_fd != -1)
        close(listen_fd);
    report(g, &result);
}

static void
pass_signal(struct guardian *g, pid_t pid, int number)
{
    if (is_child(g, pid))
        kill(pid, number);
}

/* False at the end of the channel. */
static bool
take_order(struct guardian *g)
{
    struct spawner_message message;
    int fds[2];
    ssize_t got = channel_receive(g->channel, &message, sizeof(message), fds, 2);

    if (got == 0)
        return false;
    if (got != sizeof(message))
        return true;
    if (message.type == SPAWNER_HOST)
        start_host(g, &message.order, fds[0], fds[1]);
    else
        pass_signal(g, message.pid, message.number);
    return true;
}

static enum spawner_report_type
report_type(const siginfo_t *info)
{
    switch (info->si_code) {
    case CLD_EXITED:
        return SPAWNER_EXITED;
    case CLD_STOPPED:
    case CLD_TRAPPED:
        return SPAWNER_STOPPED;
    case CLD_CONTINUED:
        return SPAWNER_CONTINUED;
    default:
        return SPAWNER_KILLED;
    }
}

static void
reap(struct guardian *g)
{
    struct signalfd_siginfo ignored;
    siginfo_t info;

    while (read(g->signals, &ignored, sizeof(ignored)) > 0)
        ;
    for (;;) {
        struct spawner_report what;

        info.si_pid = 0;
        if (waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG) != 0 ||
            info.si_pid == 0)
            return;
        what = (struct spawner_report) {
            .type = report_type(&info),
            .pid = info.si_pid,
            .value = info.si_status,
        };
        if (what.type == SPAWNER_EXITED || what.type == SPAWNER_KILLED)
            forget(g, info.si_pid);
        report(g, &what);
    }
}

/* Everything that is left dies now: before the terminal is written to, which may be
 * stopped and hold up who does. What they leave behind comes here and dies too. */
static void
kill_all(const struct guardian *g)
{
    for (size_t i = 0; i < g->n_children; i++)
        kill(g->children[i], SIGKILL);
}

static void
reap_all(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
}

noreturn void
spawner_process_run(int channel, pid_t console, struct arena *arena,
                    const struct process_title *title, const struct termios *terminal)
{
    struct guardian g = {
        .channel = channel,
        .arena = arena,
        .title = title,
        .terminal = terminal,
    };
    sigset_t child;
    const int keep[] = { channel, arena_eventfd(arena) };

    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    process_reset_signals();
    process_catch_stop_signal();        /* its children inherit that */
    signal(SIGTTOU, SIG_IGN);
    process_keep_descriptors(keep, sizeof(keep) / sizeof(keep[0]));
    process_title_set(title, "sockdeck: spawner of %d", (int)console);
    process_name_thread("spawner");

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    g.signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    for (;;) {
        struct pollfd fds[] = {
            { .fd = channel, .events = POLLIN },
            { .fd = g.signals, .events = POLLIN },
        };

        if (poll(fds, 2, -1) == -1 && errno != EINTR)
            break;
        if (fds[1].revents != 0)
            reap(&g);
        if (fds[0].revents != 0 && !take_order(&g))
            break;
    }
    kill_all(&g);
    restore_terminal(&g);
    reap_all();
    _exit(0);
}
