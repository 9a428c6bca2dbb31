/* runner.c - jobs and the lines they run.
 *
 * A job holds a queue of inputs (lines, words, files, a stream) and a stack of
 * frames: the input that is being read, and on it the scripts that `source` entered.
 * The top frame gives the next line; a line's commands run one after another. */
#include "config.h"

#include "sockdeck/cmd/runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/words.h"

#include "runner_private.h"

/* Commands that a job starts in one step, so that a long script leaves room for the
 * screen. */
enum { STEP_BUDGET = 256 };

struct job *
job_new(struct console *console)
{
    struct job *job = alloc_zero(sizeof(*job));

    job->console = console;
    job->number = ++console->last_job;
    STAILQ_INIT(&job->inputs);
    TAILQ_INSERT_TAIL(&console->jobs, job, link);
    return job;
}

struct job *
job_next(struct job *job)
{
    return TAILQ_NEXT(job, link);
}

uint32_t
job_number(const struct job *job)
{
    return job->number;
}

void
job_be_refresh(struct job *job)
{
    job->is_refresh = true;
}

bool
job_is_refresh(const struct job *job)
{
    return job->is_refresh;
}

/* "FILE:12", where a failure happened; NULL where nobody needs it. */
static const char *
describe_place(const struct job *job, char *buf, size_t size)
{
    const struct frame *frame = job->depth > 0 ? &job->frames[job->depth - 1] : NULL;
    char shown[TEXT_WORD];

    if (frame == NULL || frame->source.name == NULL)
        return NULL;
    snprintf(buf, size, "%s:%zu", text_word(shown, frame->source.name), frame->line);
    return buf;
}

static bool
is_in_demo(const struct job *job)
{
    for (int i = 0; i < job->depth; i++)
        if (job->frames[i].is_demo)
            return true;
    return false;
}

static void
report(struct job *job, const struct ending *ending)
{
    const struct preferences *preferences = &job->console->preferences;
    struct ending placed = *ending;
    char buf[TEXT_WORD + 24];

    placed.place = describe_place(job, buf, sizeof(buf));
    placed.is_shown_off = is_in_demo(job);
    if (placed.is_shown_off) {
        console_report(job->console, &placed);
        return;
    }
    if (ending->status != STATUS_OK && preferences->values[PREFERENCE_STOP_ON_ERROR] != 0)
        job->stopped = true;
    /* What fails in a script is the script's failure too, said once. */
    for (int i = 0; i < job->depth && ending->status != STATUS_OK; i++) {
        struct run *script = job->frames[i].entered_by;

        if (script != NULL && script->status == STATUS_OK)
            script->status = ending->status;
    }
    console_report(job->console, &placed);
}

/* A line or file that gave no command: it counts as one that failed. */
static void
report_unreadable(struct job *job, const char *text, size_t n, const char *message)
{
    char shown[128];
    struct ending ending = {
        .number = ++job->console->last_command,
        .text = shown,
        .status = STATUS_USAGE,
        .message = message,
    };

    text_render_cells(shown, sizeof(shown), text, n, 100, 0);
    report(job, &ending);
}

static void
end_run(struct job *job, struct run *run)
{
    struct ending ending = {
        .number = run->number,
        .text = run->text,
        .verb = run->command != NULL ? run->command->name : NULL,
        .status = run->status,
        .message = run->message,
    };

    if (!job->is_refresh)
        report(job, &ending);
    else if (run->status != STATUS_OK)
        run_refresh(run, NULL);
    run_free(run);
}

static void
pop_frame(struct job *job)
{
    struct frame *frame = &job->frames[--job->depth];
    struct run *run = frame->entered_by;

    frame_clear(frame);
    if (run != NULL)
        end_run(job, run);
}

static void
open_file(struct job *job, const struct input *input)
{
    struct error err = { 0 };
    int code = job_push_file(job, input->text, NULL, &err);

    if (code == 0)
        job->frames[job->depth - 1].is_rc = input->may_be_missing;
    else if (code != -ENOENT || !input->may_be_missing)
        report_unreadable(job, input->text, strlen(input->text), err.text);
}

/* `source`: the command ends with the file that it names. */
static bool
enter_file(struct job *job, struct run *run)
{
    struct error err = { 0 };

    if (job_push_file(job, run->enters, run, &err) == 0)
        return true;
    run_fail(run, STATUS_USAGE, "%s", err.text);
    return false;
}

/* `demo`: the same with the lines that it gives. */
static bool
enter_lines(struct job *job, struct run *run)
{
    struct error err = { 0 };

    if (job_push_lines(job, run->gives, run, &err) != 0) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return false;
    }
    job->frames[job->depth - 1].is_demo = true;
    return true;
}

/* A command that is other commands: it ends with the last of them. */
static bool
enter(struct job *job, struct run *run)
{
    if (run->enters != NULL)
        return enter_file(job, run);
    return run->gives != NULL && enter_lines(job, run);
}

static void
split_line(struct job *job, struct frame *frame, const char *line, size_t n)
{
    struct error err = { 0 };

    words_fini(&frame->words);
    frame->at = 0;
    if (words_split(&frame->words, line, n, &err) == 0)
        return;
    words_fini(&frame->words);
    report_unreadable(job, line, n, err.text);
}

/* Opens the next input as the bottom frame. */
static void
take_input(struct job *job)
{
    struct input *input = STAILQ_FIRST(&job->inputs);
    struct frame *frame = &job->frames[0];

    STAILQ_REMOVE_HEAD(&job->inputs, link);
    if (input->kind == INPUT_FILE) {
        open_file(job, input);
        input_free(input);
        return;
    }
    job->depth = 1;
    if (input->kind == INPUT_LINE)
        split_line(job, frame, input->text, strlen(input->text));
    frame->source = input->source;
    if (input->kind == INPUT_WORDS)
        frame->words = input->words;
    input->source = (struct line_source){ 0 };
    input->words = (struct words){ 0 };
    input_free(input);
}

/* The next line of the top frame: false when there is none yet. */
static bool
take_line(struct job *job)
{
    struct frame *frame = &job->frames[job->depth - 1];
    struct error err = { 0 };
    const char *line;
    size_t n;
    int code = -ENODATA;

    if (frame->source.next != NULL)
        code = frame->source.next(frame->source.ctx, &line, &n, &err);
    job->wants_line = code == 0;
    if (code == -ENODATA) {
        pop_frame(job);
        return true;
    }
    frame->line += code != 0;
    if (code == 1)
        split_line(job, frame, line, n);
    else if (code < 0)
        report_unreadable(job, "", 0, err.text);
    return code != 0;
}

/* Starts the next command of the current line; false when the line is used up. */
static bool
start_command(struct job *job, int64_t now_ns)
{
    struct frame *frame = &job->frames[job->depth - 1];
    struct run *run;
    size_t first, n = 0;

    while (frame->at < frame->words.count && frame->words.list[frame->at].kind == WORD_END)
        frame->at++;
    first = frame->at;
    while (first + n < frame->words.count && frame->words.list[first + n].kind != WORD_END)
        n++;
    if (n == 0)
        return false;
    frame->at += n;
    job->console->is_in_rc = job->frames[0].is_rc;
    run = run_new(job->console, frame->words.list + first, n, now_ns);
    if (!enter(job, run))
        job->run = run;
    run->is_refresh = job->is_refresh;
    return true;
}

/* After a failure with stop-on-error, a cancel, or quit: nothing of it runs any more. */
static void
drop_rest(struct job *job)
{
    struct input *input;

    while (job->depth > 0)
        pop_frame(job);
    while ((input = STAILQ_FIRST(&job->inputs)) != NULL) {
        STAILQ_REMOVE_HEAD(&job->inputs, link);
        input_free(input);
    }
}

static bool
must_stop(const struct job *job)
{
    return job->console->quit || job->stopped;
}

/* A step of the command under way; false while it goes on. */
static bool
advance_run(struct job *job, int64_t now_ns)
{
    struct run *run = job->run;
    bool cancelled = run->cancelled;

    if (!run_step(run, now_ns))
        return false;
    job->run = NULL;
    end_run(job, run);
    if (cancelled)
        drop_rest(job);
    return true;
}

/* One thing: a step of the command under way, a command, a line or an input. false
 * when it has to wait or all is done. */
static bool
advance(struct job *job, int64_t now_ns)
{
    if (job->run != NULL)
        return advance_run(job, now_ns);
    if (must_stop(job))
        drop_rest(job);
    if (job->depth > 0)
        return start_command(job, now_ns) || take_line(job);
    if (STAILQ_EMPTY(&job->inputs))
        return false;
    take_input(job);
    return true;
}

bool
job_step(struct job *job, int64_t now_ns)
{
    int budget = STEP_BUDGET;

    job->wants_line = false;
    while (budget > 0 && advance(job, now_ns))
        budget--;
    job->has_more = budget == 0;
    return !job->has_more && job->run == NULL && job->depth == 0 && STAILQ_EMPTY(&job->inputs);
}

int64_t
job_deadline(const struct job *job)
{
    if (job->has_more)
        return 0;
    return job->run != NULL ? job->run->deadline_ns : CLOCK_NEVER;
}

bool
job_is_waiting_for_line(const struct job *job)
{
    return job->wants_line;
}

void
job_cancel(struct job *job, int64_t now_ns)
{
    if (job->run != NULL)
        run_cancel(job->run, now_ns);
    else
        drop_rest(job);
}

void
job_free(struct job *job)
{
    TAILQ_REMOVE(&job->console->jobs, job, link);
    run_free(job->run);
    while (job->depth > 0) {
        struct frame *frame = &job->frames[--job->depth];

        run_free(frame->entered_by);
        frame_clear(frame);
    }
    drop_rest(job);
    free(job);
}
