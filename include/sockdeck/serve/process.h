/* process.h - what every process of ours does to itself: its title, its death with
 * the parent, its descriptors. By the calling thread, for itself; what is about all of the
 * process wants it to have one thread only. */
#ifndef SOCKDECK_SERVE_PROCESS_H
#define SOCKDECK_SERVE_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

/* The memory of argv and environ, where ps reads a process's args. */
struct process_title {
    char *area;
    size_t size;                /* 0: titles cannot be set */
};

/* First thing in main: moves the environment to the heap (it stays reachable from
 * environ for ever). argv's strings may not be used after process_title_set. */
void process_title_init(struct process_title *title, int argc, char **argv);
void process_title_set(const struct process_title *title, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* comm of the calling thread: at most 15 bytes, the rest is cut. */
enum { PROCESS_NAME = 16 };     /* with the NUL: TASK_COMM_LEN of the kernel */
void process_name_thread(const char *format, ...) __attribute__((format(printf, 1, 2)));
void process_set_thread_name(const char *name);

/* After fork: SIGKILL when the parent dies; leaves at once if it has died already. */
void process_die_with(pid_t parent);

/* Closes every descriptor from 3 on but those n (-1 are skipped). */
void process_keep_descriptors(const int *keep, size_t n);

/* Default actions for all signals, none blocked, SIGPIPE and SIGXFSZ ignored. Only
 * HOST_STOP_SIGNAL stays as it is: it may come before the child has said a word. */
void process_reset_signals(void);

/* HOST_STOP_SIGNAL interrupts this process's system calls (see host.h). */
void process_catch_stop_signal(void);

/* Blocks all signals but those for faults on the calling thread; threads it starts
 * inherit that. process_allow_stop_signal lets the stop signal through again. */
void process_block_signals(void);
void process_allow_stop_signal(void);

#endif
