/* load_report.h - what a load found, as named figures: for a table, for thresholds. */
#ifndef SOCKDECK_SRC_CMD_LOAD_REPORT_H
#define SOCKDECK_SRC_CMD_LOAD_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/cmd/choice.h"

struct error;
struct load_report;
struct table;

enum figure_kind { FIGURE_COUNT, FIGURE_RATE, FIGURE_TIME };

struct figure {
    const char *name;
    enum figure_kind kind;
    const char *meaning;
    double (*of)(const struct load_report *report);     /* times in seconds; NAN: there is none */
};

choice_list choice_load_figures;

/* "p99<300ms": a figure, < or >, a limit. */
struct threshold {
    const struct figure *figure;
    bool is_below;
    double limit;
};

/* 0 or -EINVAL with a sentence that names the word and what may stand there. */
int threshold_parse(const char *word, struct threshold *threshold, struct error *err);
/* One that needs a reply is not met without any. */
bool threshold_is_met(const struct threshold *threshold, const struct load_report *report);

/* A rate as it is shown: with three figures, or one decimal. */
double figure_rounded(double rate);

/* "412 ms", "12345", "none". */
const char *figure_text(const struct figure *figure, double value, char buf[static 64]);

/* Figures, then errors by call and errno, then the words of thresholds, met or not. */
void load_report_table(struct table *table, const struct load_report *report,
                       const struct threshold *thresholds, const char *const *words, size_t n);

#endif
