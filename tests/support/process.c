/* process.c - a program under test, or a peer of one, through pipes. */
#include "config.h"

#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "test.h"

static int64_t
deadline(void)
{
    return clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* --- start ------------------------------------------------------------------------ */

static void
become(const char *const argv[], int in, int out, int err)
{
    sigset_t none;

    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    execvp(argv[0], (char *const *)argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

void
process_start(struct process *p, const char *const argv[])
{
    int in[2], out[2], err[2];

    *p = (struct process){ .name = argv[0] };
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    signal(SIGPIPE, SIG_IGN);

    p->pid = fork();
    assert_true(p->pid >= 0);
    if (p->pid == 0)
        become(argv, in[0], out[1], err[1]);

    close(in[0]);
    close(out[1]);
    close(err[1]);
    p->in = in[1];
    p->out = out[0];
    p->err = err[0];
}

void
peer_start(struct process *p, const char *script, ...)
{
    const char *top = getenv("srcdir") != NULL ? getenv("srcdir") : ".";
    const char *argv[16] = { "python3" };
    char path[4096];
    int argc = 2;
    va_list ap;

    snprintf(path, sizeof(path), "%s/tests/support/peers/%s", top, script);
    argv[1] = path;
    va_start(ap, script);
    while (argc < 15 && (argv[argc] = va_arg(ap, const char *)) != NULL)
        argc++;
    va_end(ap);
    argv[argc] = NULL;
    process_start(p, argv);
    p->name = script;
}

/* --- pipes ------------------------------------------------------------------------ */

static void
take_in(int *fd, struct buffer *bytes)
{
    char chunk[65536];
    ssize_t n = read(*fd, chunk, sizeof(chunk));

    if (n > 0)
        assert_int_equal(buffer_add(bytes, chunk, (size_t)n), 0);
    else if (n == 0 || errno != EINTR)
        close_fd(fd);
}

/* Reads what comes on either output, once. False: nothing came until then, or
 * there is nothing left to read. */
static bool
read_more(struct process *p, int64_t until_ns)
{
    struct pollfd fds[2] = { { p->out, POLLIN, 0 }, { p->err, POLLIN, 0 } };

    if (p->out < 0 && p->err < 0)
        return false;
    if (poll(fds, 2, clock_poll_ms(until_ns, clock_mono_ns())) <= 0)
        return false;
    if (fds[0].revents != 0)
        take_in(&p->out, &p->out_bytes);
    if (fds[1].revents != 0)
        take_in(&p->err, &p->err_bytes);
    return true;
}

static _Noreturn void
fail_late(struct process *p, const char *wanted)
{
    fail_msg("%s (pid %d): waited in vain for %s\nits standard error: %s", p->name, (int)p->pid,
             wanted, process_error_text(p));
    abort();            /* fail_msg has jumped away */
}

void
process_write(struct process *p, const char *text)
{
    size_t n = strlen(text);

    assert_int_equal(write(p->in, text, n), (ssize_t)n);
}

void
process_close_input(struct process *p)
{
    close_fd(&p->in);
}

void
process_close_output(struct process *p)
{
    close_fd(&p->out);
}

static char *
take_line(struct buffer *bytes, size_t n, size_t with_newline)
{
    char *line = strndup(buffer_data(bytes), n);

    assert_non_null(line);
    buffer_take(bytes, with_newline);
    return line;
}

char *
process_line(struct process *p)
{
    int64_t until = deadline();
    size_t searched = 0;

    for (;;) {
        size_t size = buffer_size(&p->out_bytes);
        const char *newline = size == searched ? NULL
            : memchr(buffer_data(&p->out_bytes) + searched, '\n', size - searched);

        if (newline != NULL) {
            size_t n = (size_t)(newline - buffer_data(&p->out_bytes));
            return take_line(&p->out_bytes, n, n + 1);
        }
        if (p->out < 0)
            return size == 0 ? NULL : take_line(&p->out_bytes, size, size);
        searched = size;
        if (!read_more(p, until))
            fail_late(p, "a line");
    }
}

void
process_expect_line(struct process *p, const char *line)
{
    char *got = process_line(p);

    if (got == NULL)
        fail_late(p, line);
    assert_string_equal(got, line);
    free(got);
}

long
process_number(struct process *p)
{
    char *line = process_line(p), *end;
    long number;

    if (line == NULL)
        fail_late(p, "a number");
    number = strtol(line, &end, 10);
    assert_true(end != line && *end == '\0');
    free(line);
    return number;
}

const char *
process_error_text(struct process *p)
{
    assert_non_null(buffer_reserve(&p->err_bytes, 1));
    p->err_bytes.base[p->err_bytes.end] = '\0';
    return buffer_data(&p->err_bytes);
}

void
process_expect_error(struct process *p, const char *text)
{
    int64_t until = deadline();

    while (strstr(process_error_text(p), text) == NULL)
        if (p->err < 0 || !read_more(p, until))
            fail_late(p, text);
}

bool
process_is_silent(struct process *p, int ms)
{
    size_t had = buffer_size(&p->out_bytes) + buffer_size(&p->err_bytes);
    bool came = read_more(p, clock_mono_ns() + ms * NS_PER_MS);

    return !came && buffer_size(&p->out_bytes) + buffer_size(&p->err_bytes) == had;
}

/* --- end -------------------------------------------------------------------------- */

/* True once the child has ended; it is not reaped. */
static bool
ends_by(pid_t pid, int64_t until_ns)
{
    struct pollfd fd = { pidfd_open(pid, 0), POLLIN, 0 };
    bool ended;

    assert_true(fd.fd >= 0);
    ended = poll(&fd, 1, clock_poll_ms(until_ns, clock_mono_ns())) == 1;
    close(fd.fd);
    return ended;
}

int
process_wait(struct process *p)
{
    int64_t until = deadline();
    int status;

    process_close_input(p);
    while (read_more(p, until))
        ;
    if (p->out >= 0 || p->err >= 0)
        fail_late(p, "the end of its output");
    if (!ends_by(p->pid, until))
        fail_late(p, "its end");
    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    p->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
process_stop(struct process *p)
{
    if (p->pid > 0) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, NULL, 0);
        close_fd(&p->in);
        close_fd(&p->out);
        close_fd(&p->err);
    }
    buffer_fini(&p->out_bytes);
    buffer_fini(&p->err_bytes);
    *p = (struct process){ .in = -1, .out = -1, .err = -1 };
}

/* --- families --------------------------------------------------------------------- */

void
family_adopt(void)
{
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);       /* for sigtimedwait */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
}

static int
add_children_of(pid_t pid, pid_t *list, int n, int max)
{
    char path[64];
    struct dirent *entry;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    while (tasks != NULL && (entry = readdir(tasks)) != NULL) {
        char name[400];
        FILE *file;
        int child;

        snprintf(name, sizeof(name), "%s/%s/children", path, entry->d_name);
        file = fopen(name, "re");
        while (file != NULL && n < max && fscanf(file, "%d", &child) == 1)
            list[n++] = child;
        if (file != NULL)
            fclose(file);
    }
    if (tasks != NULL)
        closedir(tasks);
    return n;
}

int
family_list(pid_t pid, pid_t *list, int max)
{
    int n = 1;

    list[0] = pid;
    for (int i = 0; i < n; i++)
        n = add_children_of(list[i], list, n, max);
    return n;
}

static void
fail_with_leftovers(void)
{
    pid_t list[64];
    int n = family_list(getpid(), list, 64);

    for (int i = 1; i < n; i++)
        kill(list[i], SIGKILL);
    fail_msg("%d processes that the test's programs left behind still ran", n - 1);
}

void
family_expect_none(void)
{
    int64_t until = clock_mono_ns() + NS_PER_S;
    sigset_t child;
    pid_t pid;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
        int64_t left = until - clock_mono_ns();
        struct timespec wait = { left / NS_PER_S, left % NS_PER_S };

        if (pid == 0 && (left <= 0 || sigtimedwait(&child, NULL, &wait) < 0))
            fail_with_leftovers();
    }
    assert_int_equal(errno, ECHILD);
}

/* The number behind key in a /proc status file, or -1. */
static long
status_number(const char *path, const char *key)
{
    FILE *file = fopen(path, "re");
    char line[256];
    long number = -1;

    if (file == NULL)
        return -1;
    while (number < 0 && fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            number = strtol(line + strlen(key), NULL, 10);
    fclose(file);
    return number;
}

static long
switches_of(pid_t pid)
{
    char path[64], name[400];
    struct dirent *entry;
    long sum = 0;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    assert_non_null(tasks);
    while ((entry = readdir(tasks)) != NULL) {
        snprintf(name, sizeof(name), "%s/%s/status", path, entry->d_name);
        if (entry->d_name[0] != '.')
            sum += status_number(name, "voluntary_ctxt_switches:");
    }
    closedir(tasks);
    return sum;
}

long
family_switches(pid_t pid)
{
    pid_t list[64];
    int n = family_list(pid, list, 64);
    long sum = 0;

    for (int i = 0; i < n; i++)
        sum += switches_of(list[i]);
    return sum;
}

int
process_descriptors(pid_t pid)
{
    char path[64];
    int n = -2;         /* "." and ".." */
    DIR *dir;

    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    dir = opendir(path);
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

int
process_threads(pid_t pid)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    return (int)status_number(path, "Threads:");
}

long
process_resident_kib(pid_t pid, bool peak)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
    return status_number(path, peak ? "VmHWM:" : "VmRSS:");
}
