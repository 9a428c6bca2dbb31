/* process.h - a program under test, or a peer of one, through pipes.
 *
 * Every wait has a deadline; one that passes fails the running test with what was
 * read so far. Pipes are read while waiting, so a program never blocks on us. */
#ifndef SOCKDECK_TESTS_PROCESS_H
#define SOCKDECK_TESTS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "sockdeck/base/buffer.h"

struct process {
    const char *name;           /* for messages: argv[0] or the script's name */
    pid_t pid;                  /* 0: never started, or reaped */
    int in, out, err;           /* our ends; -1 once closed */
    struct buffer out_bytes;    /* read and not yet taken */
    struct buffer err_bytes;    /* all of it */
};

/* Longer than any wait of a healthy run takes, sanitizers and two cores included. */
enum { PROCESS_DEADLINE_MS = 20000 };

/* Starts argv[0] (found as execvp does) with three pipes. */
void process_start(struct process *p, const char *const argv[]);

/* Starts python3 on a script of tests/support/peers; words follow, NULL at the end. */
void peer_start(struct process *p, const char *script, ...);

void process_write(struct process *p, const char *text);
void process_close_input(struct process *p);
void process_close_output(struct process *p);   /* as a reader that goes away does */

/* The next line without its newline, to be freed; NULL at the end of file. */
char *process_line(struct process *p);
/* The next line is exactly this. */
void process_expect_line(struct process *p, const char *line);
/* The next line is a whole number. */
long process_number(struct process *p);
/* Waits until standard error holds text. */
void process_expect_error(struct process *p, const char *text);
/* Standard error so far, NUL-terminated. */
const char *process_error_text(struct process *p);
/* True if no byte comes within ms. */
bool process_is_silent(struct process *p, int ms);

/* Waits for its end: the exit status, or 128 and the number of the signal. Closes its
 * input and reads both outputs to their ends first, which come only when no process of its
 * family holds them open any more. */
int process_wait(struct process *p);

/* For teardown: ends it if it runs, reaps it, frees all. */
void process_stop(struct process *p);

/* --- families --------------------------------------------------------------------- */

/* Called once, first: orphans of what we start become ours, so that the next
 * function sees them. */
void family_adopt(void);
/* Fails the test unless all that was ever started ends by itself within a second. */
void family_expect_none(void);

/* The pid and all below it, at most max; returns how many. */
int family_list(pid_t pid, pid_t *list, int max);
/* Voluntary context switches of all their threads. */
long family_switches(pid_t pid);
int process_descriptors(pid_t pid);             /* how many it has open */
int process_threads(pid_t pid);
long process_resident_kib(pid_t pid, bool peak);/* memory, now or the most it had */

#endif
