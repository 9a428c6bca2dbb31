/* process.c - see process.h. */
#include "config.h"

#include "sockdeck/serve/process.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sockdeck/serve/host.h"

/* The area reaches from argv[0] as far as the strings lie end to end. */
static char *
end_of_strings(char *end, char **strings)
{
    for (; *strings != NULL; strings++)
        if (*strings == end)
            end += strlen(*strings) + 1;
    return end;
}

void
process_title_init(struct process_title *title, int argc, char **argv)
{
    char **copy;
    size_t n = 0;
    char *end;

    *title = (struct process_title) { 0 };
    if (argc < 1)
        return;
    end = end_of_strings(end_of_strings(argv[0], argv), environ);
    while (environ[n] != NULL)
        n++;
    copy = calloc(n + 1, sizeof(*copy));
    if (copy == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        if ((copy[i] = strdup(environ[i])) == NULL)
            return;
    environ = copy;
    title->area = argv[0];
    title->size = (size_t)(end - argv[0]);
}

void
process_title_set(const struct process_title *title, const char *format, ...)
{
    va_list args;
    int used;

    if (title->size < 2)
        return;
    va_start(args, format);
    used = vsnprintf(title->area, title->size, format, args);
    va_end(args);
    if (used >= 0 && (size_t)used < title->size)
        memset(title->area + used, 0, title->size - (size_t)used);
}

void
process_set_thread_name(const char *name)
{
    prctl(PR_SET_NAME, name);
}

void
process_name_thread(const char *format, ...)
{
    char name[PROCESS_NAME];
    va_list args;

    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    process_set_thread_name(name);
}

void
process_die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
}

/* The least that is not below from; -1: there is none. */
static int
next_kept(const int *keep, size_t n, int from)
{
    int next = -1;

    for (size_t i = 0; i < n; i++)
        if (keep[i] >= from && (next == -1 || keep[i] < next))
            next = keep[i];
    return next;
}

void
process_keep_descriptors(const int *keep, size_t n)
{
    int from = STDERR_FILENO + 1;

    for (int next; (next = next_kept(keep, n, from)) != -1; from = next + 1)
        if (next > from)
            close_range((unsigned)from, (unsigned)next - 1, 0);
    close_range((unsigned)from, ~0u, 0);
}

void
process_reset_signals(void)
{
    sigset_t none;

    for (int number = 1; number < NSIG; number++)
        if (number != HOST_STOP_SIGNAL)
            signal(number, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
interrupt(int number)
{
    (void)number;
}

void
process_catch_stop_signal(void)
{
    struct sigaction action = { .sa_handler = interrupt };

    sigaction(HOST_STOP_SIGNAL, &action, NULL);
}

void
process_block_signals(void)
{
    sigset_t all;

    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
}

void
process_allow_stop_signal(void)
{
    sigset_t stop;

    sigemptyset(&stop);
    sigaddset(&stop, HOST_STOP_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
}
