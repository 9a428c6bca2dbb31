/* clock.c - the two clocks. */
#include "config.h"

#include "sockdeck/base/clock.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t
read_clock(clockid_t id)
{
    struct timespec now = { 0 };

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t
clock_mono_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

int
clock_poll_ms(int64_t deadline_ns, int64_t now_ns)
{
    int64_t left_ns, ms;

    if (deadline_ns == CLOCK_NEVER)
        return -1;
    if (deadline_ns <= now_ns)
        return 0;
    left_ns = deadline_ns - now_ns;
    ms = left_ns / NS_PER_MS + (left_ns % NS_PER_MS != 0);
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Whole seconds, rounded down also before the Epoch; the rest is in *ns. */
static time_t
split_seconds(int64_t wall_ns, long *ns)
{
    int64_t seconds = wall_ns / NS_PER_S;
    int64_t rest = wall_ns % NS_PER_S;

    if (rest < 0) {
        rest += NS_PER_S;
        seconds--;
    }
    *ns = (long)rest;
    return (time_t)seconds;
}

void
clock_format_time(char buf[static 16], int64_t wall_ns)
{
    struct tm tm = { 0 };
    time_t seconds;
    size_t n;
    long ns;

    seconds = split_seconds(wall_ns, &ns);
    localtime_r(&seconds, &tm);
    n = strftime(buf, 16, "%H:%M:%S", &tm);
    snprintf(buf + n, 16 - n, ".%03ld", ns / (long)NS_PER_MS);
}

void
clock_format_rfc3339(char buf[static 32], int64_t wall_ns)
{
    struct tm tm = { 0 };
    time_t seconds;
    size_t n;
    long ns;

    seconds = split_seconds(wall_ns, &ns);
    gmtime_r(&seconds, &tm);
    n = strftime(buf, 32, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(buf + n, 32 - n, ".%06ldZ", ns / (long)NS_PER_US);
}
