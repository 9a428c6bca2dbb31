/* output_lines.c - what both forms of a line share. */
#include "config.h"

#include "sockdeck/base/clock.h"

#include "output_private.h"

enum { SUBJECT_COLUMNS = 2 };   /* "#1" */

void
lines_init(struct lines *lines, size_t event_bytes, int64_t start_ns)
{
    *lines = (struct lines) {
        .event_bytes = event_bytes,
        .start_ns = start_ns,
        .second = INT64_MIN,
        .subject_columns = SUBJECT_COLUMNS,
    };
}

void
lines_fini(struct lines *lines)
{
    buffer_fini(&lines->sentence);
}

const char *
lines_second(struct lines *lines, int64_t wall_ns, void (*format)(char *buf, int64_t wall_ns),
             int64_t *ns)
{
    int64_t second = wall_ns / NS_PER_S;

    *ns = wall_ns % NS_PER_S;
    if (*ns < 0) {
        *ns += NS_PER_S;
        second--;
    }
    if (second != lines->second) {
        format(lines->second_text, second * NS_PER_S);
        lines->second = second;
    }
    return lines->second_text;
}
