/* usage.h - what a process has cost so far, as the kernel counts it in /proc. Any
 * thread; of any process of the same user. */
#ifndef SOCKDECK_SERVE_USAGE_H
#define SOCKDECK_SERVE_USAGE_H

#include <stdint.h>
#include <sys/types.h>

struct usage {
    int64_t cpu_ns;             /* user and system, of threads that have ended too */
    uint32_t threads;
    /* of the threads that live */
    uint64_t voluntary;         /* context switches: it waited for something */
    uint64_t involuntary;       /* its turn was over */
    /* bytes */
    uint64_t private_bytes;     /* its own: what a fork has not (or no longer) in common */
    uint64_t shared_bytes;      /* in common with other processes */
    uint64_t proportional_bytes;        /* PSS: each shared page divided by who has it */
};

/* 0, or -ESRCH when there is no such process (any more), or why it cannot be read. */
int usage_read(pid_t pid, struct usage *usage);

#endif
