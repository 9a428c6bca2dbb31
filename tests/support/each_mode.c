/* each_mode.c - see each_mode.h. */
#include "config.h"

#include "each_mode.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine_fixture.h"

enum { NAME = 128 };

int
each_mode_run(const char *group, const struct mode_test *suite, size_t n)
{
    size_t count = 0;
    struct CMUnitTest *tests = calloc(mode_count * n, sizeof(*tests));
    char (*names)[NAME] = calloc(mode_count * n, sizeof(*names));
    int failed;

    if (tests == NULL || names == NULL)
        return 99;
    for (uint32_t m = 0; m < mode_count; m++)
        for (size_t i = 0; i < n; i++) {
            if (suite[i].fits != NULL && !suite[i].fits(modes[m]))
                continue;
            snprintf(names[count], NAME, "%s: %s", modes[m]->name, suite[i].name);
            tests[count] = (struct CMUnitTest) { names[count], suite[i].run, stage_setup,
                                                 stage_teardown, (void *)(uintptr_t)modes[m] };
            count++;
        }
    failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(tests);
    free(names);
    return failed;
}

const struct mode *
each_mode_of(const struct stage *s)
{
    return s->subject;
}

void
each_mode_listen(struct stage *s, const char *keys)
{
    char line[160];
    int n = snprintf(line, sizeof(line), "listen 0 mode=%s %s", each_mode_of(s)->name, keys);

    if (each_mode_of(s)->has_workers)
        snprintf(line + n, sizeof(line) - (size_t)n, " workers=%d", EACH_MODE_WORKERS);
    stage_listen(s, line);
}

int
each_mode_served_at_once(const struct stage *s)
{
    return mode_serves_many(each_mode_of(s)) ? EACH_MODE_WORKERS : 1;
}

bool
mode_serves_many(const struct mode *mode)
{
    return !mode->one_at_a_time || mode->has_workers;
}

bool
mode_has_processes(const struct mode *mode)
{
    return mode->has_processes;
}

bool
mode_has_workers(const struct mode *mode)
{
    return mode->has_workers;
}

int
each_mode_connect(struct stage *s, int *conn)
{
    int fd = fixture_connect((uint16_t)atoi(s->port));

    *conn = event_conn(batch_event(&s->batch, "accepted", 0));
    return fd;
}
