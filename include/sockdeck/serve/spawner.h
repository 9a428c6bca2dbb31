/* spawner.h - the single-threaded process that forks all others, and the guardian.
 *
 * fork(2) in a program with threads can hang for ever on another thread's lock and
 * is slow with much memory mapped, so main forks the spawner before any thread,
 * curses or readline exists. It forks hosts on order, passes signals to them,
 * reports what becomes of them, and when the console dies kills them and restores
 * the terminal. The functions are for the console, by one thread. */
#ifndef SOCKDECK_SERVE_SPAWNER_H
#define SOCKDECK_SERVE_SPAWNER_H

#include <stdint.h>
#include <sys/types.h>

#include "sockdeck/serve/host.h"
#include "sockdeck/serve/process.h"

struct arena;

struct spawner {
    int channel;                /* readable when there is a report; end: it died */
    pid_t pid;
};

enum spawner_report_type {
    SPAWNER_STARTED,            /* pid and cost_ns, of the order with that ring */
    SPAWNER_FAILED,             /* code: why fork failed */
    SPAWNER_EXITED,             /* value: exit status */
    SPAWNER_KILLED,             /* value: signal number */
    SPAWNER_STOPPED,
    SPAWNER_CONTINUED,
};

struct spawner_report {
    uint32_t type;
    int32_t pid;
    uint32_t ring;
    int32_t value;
    int32_t code;
    int64_t cost_ns;            /* what fork took, in the spawner */
};

/* Forks it. 0 or a negative errno. */
int spawner_start(struct spawner *spawner, struct arena *arena, const struct process_title *title);

/* Orders a host; a SPAWNER_STARTED or _FAILED report with its ring follows. Copies of the
 * descriptors travel: the caller keeps its own. */
int spawner_order_host(struct spawner *spawner, const struct host_order *order, int listen_fd,
                       int channel);
/* A signal to one of its children: through the parent, so that a pid cannot be reused. */
int spawner_signal(struct spawner *spawner, pid_t pid, int number);

/* 1 with the next report, -EAGAIN, or 0 when the spawner has died. */
int spawner_receive(struct spawner *spawner, struct spawner_report *report);

/* Closes the channel (it kills what is left and leaves) and reaps it. */
void spawner_stop(struct spawner *spawner);

#endif
