/* counters.h - the kernel's counters of TCP that explain what a single socket cannot:
 * queues that overflowed, segments sent again, resets. They count for all programs in
 * this network namespace. Any thread. */
#ifndef SOCKDECK_NET_COUNTERS_H
#define SOCKDECK_NET_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

enum { KERNEL_COUNTERS = 27 };

struct kernel_counter {
    const char *group;          /* as /proc/net/snmp and /proc/net/netstat write them */
    const char *name;
    const char *meaning;        /* one sentence */
};

extern const struct kernel_counter kernel_counters[KERNEL_COUNTERS];

struct kernel_counts {
    bool is_known[KERNEL_COUNTERS];     /* this kernel has it */
    uint64_t count[KERNEL_COUNTERS];
};

/* What they are now; one that cannot be read is not known. */
void kernel_counts_read(struct kernel_counts *counts);

/* Adds what a text of that form tells: a line of names, a line of numbers, each behind
 * its group. */
void kernel_counts_parse(struct kernel_counts *counts, const char *text);

#endif
