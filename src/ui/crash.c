/* crash.c - the handler of fatal signals while the screen is up. */
#include "config.h"

#include "sockdeck/ui/crash.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if !defined(__SANITIZE_ADDRESS__)

static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };

enum { FATAL_COUNT = sizeof(fatal_signals) / sizeof(fatal_signals[0]), STACK_BYTES = 64 * 1024 };

/* The crash handler's restore record: a handler has no other way to it. */
static struct {
    volatile sig_atomic_t is_armed;
    struct crash_record record;
    char *stack;
} crash;

static void
copy_captured(int from, int to)
{
    char buf[4096];
    ssize_t n;

    if (from < 0 || to < 0 || lseek(from, 0, SEEK_SET) != 0)
        return;
    while ((n = read(from, buf, sizeof(buf))) > 0)
        if (write(to, buf, (size_t)n) != n)
            break;
}

static void
on_fatal_signal(int number)
{
    const struct crash_record *record = &crash.record;

    if (crash.is_armed) {
        crash.is_armed = 0;
        if (write(record->tty, record->restore, strlen(record->restore)) > 0)
            tcsetattr(record->tty, TCSANOW, &record->modes);
        copy_captured(record->captured, record->standard_error);
        if (record->set_up != NULL)
            record->set_up(record->ctx, false);
    }
    raise(number);              /* the action is the default again (SA_RESETHAND) */
}

void
crash_arm(const struct crash_record *record)
{
    struct sigaction action = { .sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER };
    stack_t stack = { .ss_size = STACK_BYTES };

    crash.is_armed = 0;
    crash.record = *record;
    if (crash.stack == NULL)
        crash.stack = malloc(STACK_BYTES);
    stack.ss_sp = crash.stack;
    if (crash.stack != NULL)
        sigaltstack(&stack, NULL);
    action.sa_handler = on_fatal_signal;
    sigemptyset(&action.sa_mask);
    crash.is_armed = 1;
    for (int i = 0; i < FATAL_COUNT; i++)
        sigaction(fatal_signals[i], &action, NULL);
}

void
crash_disarm(void)
{
    stack_t none = { .ss_flags = SS_DISABLE };

    crash.is_armed = 0;
    for (int i = 0; i < FATAL_COUNT; i++)
        signal(fatal_signals[i], SIG_DFL);
    sigaltstack(&none, NULL);
    free(crash.stack);
    crash.stack = NULL;
}

#else

void
crash_arm(const struct crash_record *record)
{
    (void)record;
}

void
crash_disarm(void)
{
}

#endif
