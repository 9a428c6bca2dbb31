/* compare_table.c - the table of `compare`: a row for each mode. */
#include "config.h"

#include "compare.h"

#include <stdio.h>
#include <string.h>

#include "load_report.h"
#include "sockdeck/model/table.h"
#include "sockdeck/serve/mode.h"

enum { BAR = 16 };

enum column_place {
    AT_MODE, AT_RATE, AT_BAR, AT_P50, AT_P99, AT_LAST, AT_REPLIES, AT_ERRORS, AT_PROCESSES,
    AT_THREADS, AT_IDLE, AT_FORKS, AT_FORK_COST, AT_STARTS, AT_START_COST, AT_SWITCHES, AT_CPU,
    AT_ACCEPTED, COLUMNS
};

static const struct column columns[COLUMNS] = {
    [AT_MODE] = { "mode", "MODE", false },
    [AT_RATE] = { "rate", "PER S", true },
    [AT_BAR] = { "bar", "", false },
    [AT_P50] = { "p50", "P50", true },
    [AT_P99] = { "p99", "P99", true },
    [AT_LAST] = { "last_answer", "LAST ANSWER", true },
    [AT_REPLIES] = { "replies", "REPLIES", true },
    [AT_ERRORS] = { "errors", "ERRORS", true },
    [AT_PROCESSES] = { "processes", "PROCESSES", true },
    [AT_THREADS] = { "threads", "THREADS", true },
    [AT_IDLE] = { "memory", "PSS/CONN", true },
    [AT_FORKS] = { "forks", "FORKS", true },
    [AT_FORK_COST] = { "fork_cost", "EACH", true },
    [AT_STARTS] = { "thread_starts", "STARTS", true },
    [AT_START_COST] = { "thread_cost", "EACH", true },
    [AT_SWITCHES] = { "switches", "SWITCHES", true },
    [AT_CPU] = { "cpu", "CPU", true },
    [AT_ACCEPTED] = { "accepted_by", "ACCEPTED", false },
};

static const char memory_meaning[] =
    "PSS/CONN: memory of a connection that is only open, of all our processes, shared pages "
    "divided; in prefork that of a worker, which serves one; in serial -, since the one thread "
    "that serves stands before, and nothing is added";

/* The titles stand before the meaning where they are other words. */
static const char *const meanings[COLUMNS] = {
    [AT_MODE] = "how connections were served",
    [AT_RATE] = "PER S: replies a second; the bar compares it with the best mode",
    [AT_P50] = "half of the replies took no longer, from connect on",
    [AT_P99] = "99 of 100",
    [AT_LAST] = "when the last of the clients had its first answer",
    [AT_REPLIES] = "messages that came back in full",
    [AT_ERRORS] = "messages that failed",
    [AT_PROCESSES] = "more than before it listened, at most",
    [AT_THREADS] = "more than before it listened, at most, of all processes",
    [AT_IDLE] = memory_meaning,
    [AT_FORKS] = "processes that were started, standing workers too",
    [AT_FORK_COST] = "EACH: how long one fork took; - without any",
    [AT_STARTS] = "STARTS: threads that were started for connections",
    [AT_START_COST] = "EACH: how long one start took; - without any",
    [AT_SWITCHES] = "of our processes; those of a child that came and went within 100 ms are missing",
    [AT_CPU] = "what our processes took, without the client, but with what showing it took",
    [AT_ACCEPTED] = "how many connections; by worker where there are standing ones",
};

bool
choice_compare_columns(size_t i, struct choice *choice)
{
    for (size_t column = 0; column < COLUMNS; column++)
        if (meanings[column] != NULL && i-- == 0) {
            *choice = (struct choice){ columns[column].key, meanings[column] };
            return true;
        }
    return false;
}

static bool
is_only_title(size_t column)
{
    for (size_t other = 0; other < COLUMNS; other++)
        if (other != column && strcmp(columns[other].title, columns[column].title) == 0)
            return false;
    return true;
}

bool
choice_compare_titles(size_t i, struct choice *choice)
{
    for (size_t column = 0; column < COLUMNS; column++) {
        const char *title = columns[column].title;
        size_t length = strlen(title);

        if (meanings[column] == NULL || strncmp(meanings[column], title, length) != 0 ||
            meanings[column][length] != ':' || !is_only_title(column))
            continue;
        if (i-- == 0) {
            *choice = (struct choice){ title, meanings[column] + length + 2 };
            return true;
        }
    }
    return false;
}

/* The greatest one is full; anything at all has one mark. */
static void
add_bar(struct table *table, double value, double most)
{
    int marks = most <= 0 ? 0 : (int)(value / most * BAR + 0.5);

    if (marks == 0 && value > 0)
        marks = 1;
    table_text(table, AT_BAR, "%.*s", marks, "################");
}

/* How many were started and what one took. */
static void
add_starts(struct table *table, size_t column, uint64_t total, int64_t sum_ns)
{
    table_number(table, column, (double)total);
    if (total > 0)
        table_seconds(table, column + 1, sum_ns / (int64_t)total);
    else
        table_none(table, column + 1);
}

static void
add_times(struct table *table, const struct load_report *report)
{
    if (report->replies == 0)
        return;
    table_seconds(table, AT_P50, histogram_at(&report->times, 0.5));
    table_seconds(table, AT_P99, histogram_at(&report->times, 0.99));
    table_seconds(table, AT_LAST, report->served_ns);
}

static void
add_mode(struct table *table, const struct compared *c, double most)
{
    const struct starts *workers = &c->starts[STARTED_WORKERS];
    const struct starts *children = &c->starts[STARTED_CHILDREN];
    const struct starts *threads = &c->starts[STARTED_THREADS];
    double rate = load_report_rate(&c->report);

    table_row(table);
    table_text(table, AT_MODE, "%s", modes[c->mode]->name);
    table_number(table, AT_RATE, figure_rounded(rate));
    add_bar(table, rate, most);
    add_times(table, &c->report);
    table_number(table, AT_REPLIES, (double)c->report.replies);
    table_number(table, AT_ERRORS, (double)c->report.failures);
    table_number(table, AT_PROCESSES, c->processes);
    table_number(table, AT_THREADS, c->threads);
    if (c->idle_bytes >= 0)
        table_size(table, AT_IDLE, (uint64_t)c->idle_bytes);
    else
        table_none(table, AT_IDLE);
    add_starts(table, AT_FORKS, workers->total + children->total,
               workers->sum_ns + children->sum_ns);
    add_starts(table, AT_STARTS, threads->total, threads->sum_ns);
    table_number(table, AT_SWITCHES, (double)c->switches);
    table_seconds(table, AT_CPU, c->cpu_ns);
    table_text(table, AT_ACCEPTED, "%s", c->accepted_by);
}

void
compare_table(struct table *table, const struct compared *list, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        if (load_report_rate(&list[i].report) > most)
            most = load_report_rate(&list[i].report);
    table_init(table, "compare", columns, COLUMNS);
    for (size_t i = 0; i < n; i++)
        add_mode(table, &list[i], most);
}
