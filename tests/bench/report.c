/* report.c - see report.h. */
#include "config.h"

#include "report.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"

/* --- numbers ------------------------------------------------------------------------ */

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double
median(const double *values, int n)
{
    double sorted[ROUNDS_MAX];

    memcpy(sorted, values, (size_t)n * sizeof(*values));
    qsort(sorted, (size_t)n, sizeof(*sorted), ascending);
    return n % 2 != 0 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static void
range(const double *values, int n, double *least, double *most)
{
    *least = *most = values[0];
    for (int i = 1; i < n; i++) {
        if (values[i] < *least)
            *least = values[i];
        if (values[i] > *most)
            *most = values[i];
    }
}

/* --- the table ---------------------------------------------------------------------- */

void
report_head(const struct plan *plan)
{
    struct utsname system;
    char model[256] = "unknown", line[256];
    double load[1] = { 0 };
    FILE *f = fopen("/proc/cpuinfo", "re");

    while (f != NULL && fgets(line, sizeof(line), f) != NULL)
        if (sscanf(line, "model name : %255[^\n]", model) == 1)
            break;
    if (f != NULL)
        fclose(f);
    uname(&system);
    getloadavg(load, 1);
    printf("%s %s, %ld CPUs (%s), load %.1f; medians of %d rounds of %d ms in turn\n",
           system.sysname, system.release, sysconf(_SC_NPROCESSORS_ONLN), model, load[0],
           plan->rounds, (int)(plan->for_ns / NS_PER_MS));
    printf("%-34s %12s %12s %7s  %12s  %s\n", "", "bare", "sockdeck", "ratio", "spread", "goal");
}

static bool
is_met(const struct goal *goal, double value)
{
    return goal->kind == AT_LEAST ? value >= goal->value : value <= goal->value;
}

static void
print_goal(struct plan *plan, const struct goal *goal, double value)
{
    if (!is_met(goal, value))
        plan->n_missed++;
    printf("  %s %g%s\n", goal->kind == AT_LEAST ? ">=" : "<=", goal->value,
           is_met(goal, value) ? "" : "  MISSED");
}

void
report_ratio(struct plan *plan, const char *title, const struct side sides[SUBJECT_KINDS],
             const struct goal *goal)
{
    double ratios[ROUNDS_MAX] = { 0 }, least, most;
    int n = plan->rounds;

    for (int i = 0; i < n; i++)
        ratios[i] = sides[SUBJECT_DECK].values[i] / sides[SUBJECT_BARE].values[i];
    range(ratios, n, &least, &most);
    printf("%-34s %12.0f %12.0f %7.2f  %5.2f..%5.2f", title,
           median(sides[SUBJECT_BARE].values, n), median(sides[SUBJECT_DECK].values, n),
           median(ratios, n), least, most);
    print_goal(plan, goal, median(ratios, n));
    fflush(stdout);
}

void
report_value(struct plan *plan, const char *title, const double *values, int n,
            const struct goal *goal)
{
    double least, most;

    range(values, n, &least, &most);
    printf("%-34s %12s %12.6g %7s  %5.4g..%5.4g", title, "", median(values, n), "", least, most);
    print_goal(plan, goal, median(values, n));
    fflush(stdout);
}

void
report_failure(struct plan *plan, const char *title, int code)
{
    printf("%-34s failed: %s\n", title, strerror(-code));
    plan->n_missed++;
}

void
report_pair(struct plan *plan, const char *title, const double values[SUBJECT_KINDS],
            const struct goal *goal)
{
    printf("%-34s %12.2f %12.2f %7s %13s", title, values[SUBJECT_BARE], values[SUBJECT_DECK], "",
           "");
    print_goal(plan, goal, values[SUBJECT_DECK]);
    fflush(stdout);
}
