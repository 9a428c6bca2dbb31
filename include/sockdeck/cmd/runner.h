/* runner.h - jobs: lines to be run one after another, each command to its end,
 * while other jobs go on beside it. One thread. */
#ifndef SOCKDECK_CMD_RUNNER_H
#define SOCKDECK_CMD_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct console;
struct error;
struct job;

/* Where lines come from. next gives the next one (good until the call after):
 * 1 a line, 0 none yet (the job waits), -ENODATA the end, else a failure of this
 * line alone, with a sentence. */
struct line_source {
    int (*next)(void *ctx, const char **line, size_t *n, struct error *err);
    void (*close)(void *ctx);           /* NULL: nothing to give back */
    void *ctx;
    const char *name;                   /* for "NAME:12: ..."; NULL: says nothing */
};

enum { SOURCE_DEPTH_MAX = 8 };          /* scripts in scripts */

struct job *job_new(struct console *console);           /* takes its place at the end */
void job_free(struct job *job);
struct job *job_next(struct job *job);                  /* the one behind it, or NULL */
uint32_t job_number(const struct job *job);

/* Nobody asked for it: what it shows goes to refresh_table, how it ends is not reported. */
void job_be_refresh(struct job *job);
bool job_is_refresh(const struct job *job);

/* Adds what it shall run next, behind what it has. */
void job_add_line(struct job *job, const char *line);
void job_add_words(struct job *job, int argc, char *const *argv);
void job_add_file(struct job *job, const char *path, bool may_be_missing);
void job_add_source(struct job *job, const struct line_source *source);

/* Runs as far as it gets. true when the job has ended. */
bool job_step(struct job *job, int64_t now_ns);
int64_t job_deadline(const struct job *job);
void job_cancel(struct job *job, int64_t now_ns);       /* the command, and what is behind it */
bool job_is_waiting_for_line(const struct job *job);    /* its source said: none yet */

#endif
