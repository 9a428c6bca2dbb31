/* report.h - the table that bench_console prints: medians of rounds, their spread, and whether
 * each goal is met. */
#ifndef SOCKDECK_TESTS_REPORT_H
#define SOCKDECK_TESTS_REPORT_H

#include <stdint.h>

#include "subject.h"

enum { ROUNDS_MAX = 31 };

struct plan {
    int rounds;
    int64_t for_ns;             /* each */
    int n_words;
    char **words;
    int n_missed;               /* goals, and what could not be measured */
};

enum goal_kind { AT_LEAST, AT_MOST };
struct goal { enum goal_kind kind; double value; };

struct side { double values[ROUNDS_MAX]; };

void report_head(const struct plan *plan);
/* Of both sides, round by round; the goal is for the ratio. */
void report_ratio(struct plan *plan, const char *title, const struct side sides[SUBJECT_KINDS],
                  const struct goal *goal);
/* The goal is for the value itself; n values, at most ROUNDS_MAX. */
void report_value(struct plan *plan, const char *title, const double *values, int n,
                  const struct goal *goal);
/* One number of each side; the goal is for sockdeck's. */
void report_pair(struct plan *plan, const char *title, const double values[SUBJECT_KINDS],
                 const struct goal *goal);
void report_failure(struct plan *plan, const char *title, int code);

#endif
