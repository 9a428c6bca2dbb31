/* console.c - the command side as a whole: jobs, focus, and how commands end. */
#include "config.h"

#include "sockdeck/cmd/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/help.h"
#include "sockdeck/cmd/options.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/cmd/runner.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/model.h"
#include "sockdeck/model/table.h"

/* The usage line of every command, for the hint while one is typed. */
static char **
make_usages(void)
{
    size_t count = 0;
    char **usages;

    while (commands[count].name != NULL)
        count++;
    usages = alloc_zero((count + 1) * sizeof(*usages));
    for (size_t i = 0; i < count; i++) {
        struct buffer line = { 0 };

        help_write_usage(&line, &commands[i]);
        usages[i] = alloc_text(buffer_data(&line), buffer_size(&line));
        buffer_fini(&line);
    }
    return usages;
}

struct console *
console_new(const struct console_options *options)
{
    struct console *console = alloc_zero(sizeof(*console));

    console->options = *options;
    preferences_init(&console->preferences);
    settings_init(&console->defaults);
    SLIST_INIT(&console->matchers);
    TAILQ_INIT(&console->jobs);
    kernel_counts_read(&console->counts_at_start);
    console->usages = make_usages();
    return console;
}

void
console_free(struct console *console)
{
    if (console == NULL)
        return;
    while (!TAILQ_EMPTY(&console->jobs))
        job_free(TAILQ_FIRST(&console->jobs));
    matcher_list_fini(&console->matchers);
    for (char **usage = console->usages; *usage != NULL; usage++)
        free(*usage);
    free(console->usages);
    free(console);
}

/* Runs a job as far as it gets; one that has ended goes. */
static void
step(struct console *console, struct job *job, int64_t now_ns)
{
    struct job *outer = console->stepping;
    bool has_ended;

    console->stepping = job;
    has_ended = job_step(job, now_ns);
    console->stepping = outer;
    if (has_ended)
        job_free(job);
}

static uint32_t
begin(struct console *console, struct job *job)
{
    uint32_t number = job_number(job);

    step(console, job, clock_mono_ns());
    return number;
}

uint32_t
console_submit(struct console *console, const char *line)
{
    struct job *job = job_new(console);

    job_add_line(job, line);
    return begin(console, job);
}

static void
write_subject(char buf[static 32], const struct table_subject *subject)
{
    if (subject->conn != 0)
        snprintf(buf, 32, "info #%u", (unsigned)subject->conn);
    else if (subject->worker != 0)
        snprintf(buf, 32, "info W%u", (unsigned)subject->worker);
    else
        snprintf(buf, 32, "info L%u", (unsigned)subject->listener);
}

void
console_refresh(struct console *console, const struct table_subject *subject)
{
    struct job *job = job_new(console);
    char line[32];

    write_subject(line, subject);
    job_be_refresh(job);
    job_add_line(job, line);
    begin(console, job);
}

uint32_t
console_submit_lines(struct console *console, const char *const *lines, size_t count)
{
    struct job *job = job_new(console);

    for (size_t i = 0; i < count; i++)
        job_add_line(job, lines[i]);
    return begin(console, job);
}

uint32_t
console_start(struct console *console, const struct options *options, const char *rc,
              const struct line_source *stdin_lines)
{
    struct job *job = job_new(console);

    if (rc != NULL)
        job_add_file(job, rc, true);
    for (size_t i = 0; i < options->input_count; i++) {
        const struct option_input *input = &options->inputs[i];

        switch (input->kind) {
        case OPTION_LINE:
            job_add_line(job, input->text);
            break;
        case OPTION_FILE:
            job_add_file(job, input->text, false);
            break;
        case OPTION_STDIN:
            job_add_source(job, stdin_lines);
            break;
        case OPTION_WORDS:
            job_add_words(job, input->argc, input->argv);
            break;
        }
    }
    return begin(console, job);
}

void
console_step(struct console *console, int64_t now_ns)
{
    struct job *job, *next;

    for (job = TAILQ_FIRST(&console->jobs); job != NULL; job = next) {
        next = job_next(job);
        step(console, job, now_ns);
    }
}

int64_t
console_deadline(const struct console *console)
{
    int64_t deadline = CLOCK_NEVER;

    for (struct job *job = TAILQ_FIRST(&console->jobs); job != NULL; job = job_next(job))
        if (job_deadline(job) < deadline)
            deadline = job_deadline(job);
    return deadline;
}

/* The newest job that somebody asked for, but for the one that asks. */
static struct job *
newest(const struct console *console)
{
    struct job *job = NULL;

    for (struct job *each = TAILQ_FIRST(&console->jobs); each != NULL; each = job_next(each))
        if (!job_is_refresh(each) && each != console->stepping)
            job = each;
    return job;
}

bool
console_is_busy(const struct console *console)
{
    return newest(console) != NULL;
}

bool
console_runs(const struct console *console, uint32_t number)
{
    for (struct job *job = TAILQ_FIRST(&console->jobs); job != NULL; job = job_next(job))
        if (job_number(job) == number)
            return true;
    return false;
}

bool
console_wants_line(const struct console *console)
{
    for (struct job *job = TAILQ_FIRST(&console->jobs); job != NULL; job = job_next(job))
        if (job_is_waiting_for_line(job))
            return true;
    return false;
}

void
console_cancel(struct console *console)
{
    struct job *job = newest(console);
    int64_t now_ns = clock_mono_ns();

    if (job == NULL)
        return;
    job_cancel(job, now_ns);
    if (console->stepping == NULL)      /* else its turn comes */
        step(console, job, now_ns);
}

bool
console_quit_wanted(const struct console *console)
{
    return console->quit;
}

enum status
console_status(const struct console *console)
{
    return console->status;
}

uint32_t
console_focus(struct console *console)
{
    model_lock(console->options.model);
    focus_update(&console->focus, console->options.model);
    model_unlock(console->options.model);
    return console->focus.conn;
}

void
console_set_focus(struct console *console, uint32_t conn)
{
    focus_set(&console->focus, conn);
}

int64_t
console_preference(const struct console *console, int id)
{
    return console->preferences.values[id];
}

const struct settings *
console_defaults(const struct console *console)
{
    return &console->defaults;
}

int
console_set(struct console *console, int id, const char *word, struct error *err)
{
    uint32_t ignored;

    return preference_set(console, id, word, &ignored, err);
}

/* The record of a failure, for the screen's panes. */
static void
publish_failure(struct console *console, const struct ending *ending)
{
    struct event event = { .type = EVENT_FAILED, .stamp_ns = clock_mono_ns() };
    struct buffer data = { 0 };

    event.u.reply.status = ending->status;
    alloc_check(buffer_add(&data, ending->text, strlen(ending->text) + 1));
    alloc_check(buffer_add(&data, ending->message, strlen(ending->message) + 1));
    console->options.publish(console->options.publish_ctx, &event, buffer_data(&data),
                             (uint32_t)buffer_size(&data));
    buffer_fini(&data);
}

/* "PLACE: VERB: message"; the verb where the message does not begin with it. */
static void
write_line(char *buf, size_t size, const struct ending *ending)
{
    const char *place = ending->place != NULL ? ending->place : "";
    const char *verb = ending->verb != NULL ? ending->verb : "";

    if (strncmp(ending->message, verb, strlen(verb)) == 0)
        verb = "";
    snprintf(buf, size, "%s%s%s%s%s", place, *place != '\0' ? ": " : "", verb,
             *verb != '\0' ? ": " : "", ending->message);
}

static void
report_failure(struct console *console, const struct ending *ending)
{
    const struct console_options *options = &console->options;
    char line[512];

    write_line(line, sizeof(line), ending);
    if (options->output != NULL) {
        output_failed(options->output, ending->text, ending->message, ending->status,
                      clock_wall_ns());
    } else {
        publish_failure(console, ending);
        if (options->front != NULL)
            options->front->message(options->front_ctx, true, line);
    }
    if (options->diagnose != NULL && ending->status == STATUS_USAGE)
        options->diagnose(options->diagnose_ctx, line);
}

/* What a reply's round has to say comes out before the end of the command: publishing
 * waits until that round is written. */
static void
wait_for_lines(struct console *console, enum status status)
{
    struct event event = { .type = EVENT_DONE, .stamp_ns = clock_mono_ns() };

    event.u.reply.status = status;
    console->options.publish(console->options.publish_ctx, &event, NULL, 0);
}

void
console_report(struct console *console, const struct ending *ending)
{
    bool stops = console->preferences.values[PREFERENCE_STOP_ON_ERROR] != 0;

    if (console->options.output != NULL)
        wait_for_lines(console, ending->status);
    if (ending->status != STATUS_OK && ending->message[0] != '\0')
        report_failure(console, ending);
    if (console->options.output != NULL)
        output_done(console->options.output, ending->number, ending->text, ending->status,
                    clock_wall_ns());
    if (ending->status == STATUS_OK || ending->is_shown_off)
        return;
    if (console->status == STATUS_OK)
        console->status = ending->status;
    /* On screen the failing job stops, in a batch there is nothing else. */
    if (stops && console->options.output != NULL)
        console->quit = true;
}
