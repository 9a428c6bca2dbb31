/* family.h - a process and all below it, as /proc shows them. */
#ifndef SOCKDECK_TESTS_BENCH_FAMILY_H
#define SOCKDECK_TESTS_BENCH_FAMILY_H

#include <stdint.h>
#include <sys/types.h>

struct family { pid_t *pids; int n; };

/* 0 or a negative errno. Those that come and go meanwhile may be missed. */
int family_find(struct family *family, pid_t root);
void family_free(struct family *family);

/* Proportional set size: shared pages are divided among those that share them, so that
 * the sum counts each page once. */
int64_t family_pss_bytes(const struct family *family);
/* Context switches of all threads, voluntary or not. */
int64_t family_switches(const struct family *family);
/* CPU time of all threads that still are. */
int64_t family_cpu_ns(const struct family *family);

#endif
