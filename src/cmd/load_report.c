/* load_report.c - see load_report.h. */
#include "config.h"

#include "load_report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/load.h"

/* --- figures ------------------------------------------------------------------------ */

static double
seconds(int64_t ns)
{
    return (double)ns / (double)NS_PER_S;
}

static double
part(const struct load_report *report, double part_of_all)
{
    return report->replies == 0 ? NAN : seconds(histogram_at(&report->times, part_of_all));
}

static double
of_replies(const struct load_report *report)
{
    return (double)report->replies;
}

static double
of_rate(const struct load_report *report)
{
    return load_report_rate(report);
}

static double
of_megabytes(const struct load_report *report)
{
    return report->took_ns <= 0 ? 0
           : (double)(report->bytes_in + report->bytes_out) / 1e6 / seconds(report->took_ns);
}

static double
of_errors(const struct load_report *report)
{
    return (double)report->failures;
}

static double
of_unanswered(const struct load_report *report)
{
    return (double)report->unanswered;
}

static double
of_unsent(const struct load_report *report)
{
    return (double)report->unsent;
}

static double
of_connects(const struct load_report *report)
{
    return (double)report->connects;
}

static double
of_took(const struct load_report *report)
{
    return seconds(report->took_ns);
}

static double
of_min(const struct load_report *report)
{
    return report->replies == 0 ? NAN : seconds(report->times.least);
}

static double
of_max(const struct load_report *report)
{
    return report->replies == 0 ? NAN : seconds(report->times.greatest);
}

static double
of_p50(const struct load_report *report)
{
    return part(report, 0.5);
}

static double
of_p90(const struct load_report *report)
{
    return part(report, 0.9);
}

static double
of_p99(const struct load_report *report)
{
    return part(report, 0.99);
}

static double
of_p999(const struct load_report *report)
{
    return part(report, 0.999);
}

/* Ends with a NULL name. */
static const struct figure load_figures[] = {
    { "replies", FIGURE_COUNT, "messages that came back in full", of_replies },
    { "rate", FIGURE_RATE, "replies a second", of_rate },
    { "MB/s", FIGURE_RATE, "million bytes a second, both ways together", of_megabytes },
    { "seconds", FIGURE_TIME, "from the start to the last reply", of_took },
    { "min", FIGURE_TIME, "the fastest reply", of_min },
    { "p50", FIGURE_TIME, "half of the replies took no longer", of_p50 },
    { "p90", FIGURE_TIME, "nine of ten", of_p90 },
    { "p99", FIGURE_TIME, "99 of 100", of_p99 },
    { "p99.9", FIGURE_TIME, "999 of 1000", of_p999 },
    { "max", FIGURE_TIME, "the slowest", of_max },
    { "connections", FIGURE_COUNT, "made; more than conns= where some had to be made again",
      of_connects },
    { "errors", FIGURE_COUNT, "messages that failed", of_errors },
    { "unanswered", FIGURE_COUNT, "under way at the end, and 1 s later still", of_unanswered },
    { "unsent", FIGURE_COUNT, "due by rate=, but no connection was free", of_unsent },
    { .name = NULL },
};

bool
choice_load_figures(size_t i, struct choice *choice)
{
    if (i >= sizeof(load_figures) / sizeof(load_figures[0]) - 1)
        return false;
    *choice = (struct choice){ load_figures[i].name, load_figures[i].meaning };
    return true;
}

static const char *
write_rate(char *text, size_t size, double rate)
{
    snprintf(text, size, rate < 100 ? "%.3g" : "%.1f", rate);
    return text;
}

double
figure_rounded(double rate)
{
    char text[32];

    return strtod(write_rate(text, sizeof(text), rate), NULL);
}

const char *
figure_text(const struct figure *figure, double value, char buf[static 64])
{
    if (isnan(value))
        return "none";
    if (figure->kind == FIGURE_RATE)
        return write_rate(buf, 64, value);
    if (figure->kind == FIGURE_TIME)
        duration_measured(buf, (int64_t)(value * 1e9 + 0.5));
    else
        snprintf(buf, 64, "%.0f", value);
    return buf;
}

/* --- thresholds ---------------------------------------------------------------------- */

static const struct figure *
find_figure(const char *name, size_t n)
{
    for (const struct figure *figure = load_figures; figure->name != NULL; figure++)
        if (strlen(figure->name) == n && strncmp(figure->name, name, n) == 0)
            return figure;
    return NULL;
}

static int
parse_limit(const char *word, const struct figure *figure, double *limit, struct error *err)
{
    int64_t ns;
    char *end;
    int rc;

    if (figure->kind == FIGURE_TIME) {
        rc = duration_parse(word, &ns, err);
        *limit = seconds(ns);
        return rc == 0 && ns < 0 ? error_set(err, -EINVAL, "none is no limit") : rc;
    }
    *limit = strtod(word, &end);
    if (end == word || *end != '\0' || !isfinite(*limit))
        return error_set(err, -EINVAL, "%.40s: not a number", word);
    return 0;
}

int
threshold_parse(const char *word, struct threshold *threshold, struct error *err)
{
    size_t n = strcspn(word, "<>");

    threshold->figure = find_figure(word, n);
    if (word[n] == '\0' || threshold->figure == NULL)
        return error_set(err, -EINVAL, "%.40s: a threshold is such as p99<300ms, errors<1 or "
                         "rate>1000 (of: replies, rate, MB/s, seconds, min, p50, p90, p99, "
                         "p99.9, max, connections, errors, unanswered, unsent)", word);
    threshold->is_below = word[n] == '<';
    return parse_limit(word + n + 1, threshold->figure, &threshold->limit, err);
}

bool
threshold_is_met(const struct threshold *threshold, const struct load_report *report)
{
    double value = threshold->figure->of(report);

    return threshold->is_below ? value < threshold->limit : value > threshold->limit;
}

/* --- the table ------------------------------------------------------------------------- */

static void
add_figure(struct table *table, const struct figure *figure, double value)
{
    table_row(table);
    table_text(table, 0, "%s", figure->name);
    if (isnan(value))
        table_text(table, 1, "none");
    else if (figure->kind == FIGURE_TIME)
        table_seconds(table, 1, (int64_t)(value * 1e9 + 0.5));
    else
        table_number(table, 1, figure->kind == FIGURE_COUNT ? value
                     : figure_rounded(value));
    table_text(table, 2, "%s", figure->meaning);
}

static void
add_error(struct table *table, const struct load_error *error)
{
    char name[16];

    table_row(table);
    table_text(table, 0, "%s %s", event_call_names[error->call],
               error->code == 0 ? "end" : error_name(-error->code, name));
    table_number(table, 1, (double)error->count);
    table_text(table, 2, "%s", error->code == 0 ? "the server ended the connection instead"
               : error_message(-error->code));
}

void
load_report_table(struct table *table, const struct load_report *report,
                  const struct threshold *thresholds, const char *const *words, size_t n)
{
    static const struct column columns[] = {
        { "field", "FIELD", false }, { "value", "VALUE", true }, { "meaning", "MEANING", false },
    };

    table_init(table, "load", columns, 3);
    for (const struct figure *figure = load_figures; figure->name != NULL; figure++)
        add_figure(table, figure, figure->of(report));
    for (size_t i = 0; i < LOAD_ERRORS && report->errors[i].count > 0; i++)
        add_error(table, &report->errors[i]);
    for (size_t i = 0; i < n; i++) {
        table_row(table);
        table_text(table, 0, "%s", words[i]);
        table_text(table, 1, "%s", threshold_is_met(&thresholds[i], report) ? "met" : "not met");
        table_text(table, 2, "threshold");
    }
}
