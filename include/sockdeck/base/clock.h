/* clock.h - the two clocks. Deadlines and durations use the monotonic one only,
 * so that a jump of the wall clock disturbs nothing. Any thread. */
#ifndef SOCKDECK_BASE_CLOCK_H
#define SOCKDECK_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)

/* A deadline that never comes. */
#define CLOCK_NEVER INT64_MAX

int64_t clock_mono_ns(void);    /* CLOCK_MONOTONIC */
int64_t clock_wall_ns(void);    /* CLOCK_REALTIME, since the Epoch */

/* Milliseconds from now to deadline for poll(2): rounded up so that the deadline
 * has passed when poll returns; -1 for CLOCK_NEVER; 0 when it has passed. */
int clock_poll_ms(int64_t deadline_ns, int64_t now_ns);

/* "HH:MM:SS.mmm" in local time. */
void clock_format_time(char buf[static 16], int64_t wall_ns);
/* "2026-11-24T20:14:32.123456Z" (RFC 3339, UTC). */
void clock_format_rfc3339(char buf[static 32], int64_t wall_ns);

#endif
