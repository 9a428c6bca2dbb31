/* cmd_demo.c - demo: on screen the front takes the tour; in a batch its commands run one
 * after another, whatever comes of them, and close what they opened. */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/demo.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/runner.h"
#include "verbs.h"

const struct key demo_keys[] = {
    { "pace", VALUE_DURATION, NULL, "how long to stay with each step; left out: three minutes in all",
      .min = 0 },
    { .name = NULL },
};

struct tour {
    struct line_source source;
    struct model *model;
    struct demo demo;
    size_t step, ending;
    bool settles;               /* the step has run, what follows from it is waited for */
    char line[DEMO_LINE];
};

static int
give(struct tour *tour, const char **line, size_t *n)
{
    *line = tour->line;
    *n = __builtin_strlen(tour->line);
    return 1;
}

/* What is gone needs no closing. */
static int
next_ending(struct tour *tour, const char **line, size_t *n)
{
    while (demo_ending[tour->ending] != NULL)
        if (demo_expand(&tour->demo, tour->model, demo_ending[tour->ending++], tour->line, NULL) == 0)
            return give(tour, line, n);
    return -ENODATA;
}

static int
next_line(void *ctx, const char **line, size_t *n, struct error *err)
{
    struct tour *tour = ctx;
    const struct demo_step *step = &demo_steps[tour->step];
    int code;

    if (tour->step == demo_step_count || *step->command == '\0')
        return next_ending(tour, line, n);
    if (tour->settles) {
        snprintf(tour->line, sizeof(tour->line), "wait %dms", step->settle_ms);
        tour->settles = false;
        tour->step++;
        return give(tour, line, n);
    }
    code = demo_expand(&tour->demo, tour->model, step->command, tour->line, err);
    tour->settles = step->settle_ms > 0;
    tour->step += !tour->settles;
    return code == 0 ? give(tour, line, n) : code;
}

static void
start_on_screen(struct run *run)
{
    const struct console_options *options = &run->console->options;
    const struct value *pace = &run->args.values[0];
    char word[24], *words[] = { word };
    struct error err = { 0 };

    snprintf(word, sizeof(word), "%lld", (long long)pace->number);
    if (options->front->display(options->front_ctx, "demo", pace->given, words, &err) != 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
}

void
demo_start(struct run *run)
{
    const struct console_options *options = &run->console->options;
    struct tour *tour;

    if (run->args.values[0].given && run->args.values[0].number < 0) {
        run_fail(run, STATUS_USAGE, "pace= needs a time, not none");
        return;
    }
    if (options->front != NULL) {
        start_on_screen(run);
        return;
    }
    tour = alloc_zero(sizeof(*tour));
    tour->model = options->model;
    tour->source = (struct line_source) { .next = next_line, .ctx = tour };
    demo_init(&tour->demo, options->model);
    run->state = tour;
    run->gives = &tour->source;
}
