/* console.h - the console's command side: lines in, requests out, and what the
 * two faces (screen and batch) ask of it. One thread (the UI or batch thread).
 *
 * A line becomes a job: its commands run in order, each to its end, while other
 * jobs go on beside it. Nothing here blocks: the face calls console_step whenever
 * the model has changed or console_deadline has passed. */
#ifndef SOCKDECK_CMD_CONSOLE_H
#define SOCKDECK_CMD_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/status.h"

struct console;
struct engine;
struct error;
struct event;
struct line_source;
struct model;
struct options;
struct output;
struct settings;
struct table;
struct table_subject;

/* What only a screen can do. A batch passes none: such a command then fails with
 * "needs the screen". ctx is front_ctx. Words are checked by the callee. */
struct front {
    void (*show_table)(void *ctx, const struct table *table);
    /* The answer to console_refresh; NULL: its object is no more. */
    void (*refresh_table)(void *ctx, const struct table *table);
    void (*show_text)(void *ctx, const char *title, const char *text);  /* help, info */
    void (*message)(void *ctx, bool is_error, const char *text);        /* the line under the prompt */
    int (*display)(void *ctx, const char *verb, int argc, char **argv, struct error *err);
                                /* view, clear, next-pane, zoom ... : 0 or -EINVAL */
    void (*type)(void *ctx, const char *text);  /* demo: text appears in the prompt */
    /* A preference has another value; see console_preference. NULL: nobody cares. */
    void (*preference)(void *ctx, int id);
};

struct console_options {
    struct engine *engine;
    struct model *model;
    struct output *output;      /* batch; NULL on screen */
    const struct front *front;  /* screen; NULL in a batch */
    void *front_ctx;
    /* Publishes a record of the console's own (failed, matched): to the model and the output. */
    void (*publish)(void *ctx, struct event *event, const void *data, uint32_t n);
    void *publish_ctx;
    /* A command that was not understood, as one line (`lisen: unknown command; ...`): a
     * batch says it on standard error. NULL: nobody hears it. */
    void (*diagnose)(void *ctx, const char *text);
    void *diagnose_ctx;
};

struct console *console_new(const struct console_options *options);
void console_free(struct console *console);

/* Runs a line as a job of its own. Returns the job's number (> 0). */
uint32_t console_submit(struct console *console, const char *line);
/* Runs lines one after another, as those of a file. */
uint32_t console_submit_lines(struct console *console, const char *const *lines, size_t count);
/* Looks anew at the one object of a table that is open, and calls refresh_table once,
 * now or later. Nobody else hears of it. */
void console_refresh(struct console *console, const struct table_subject *subject);
/* What the command line asks for, one after another as one job: the rc file (NULL: none;
 * it may be missing), then the inputs in their order. A file that cannot be read fails as
 * a command does; a word `;` among words separates commands. stdin_lines gives the lines of `-f -`;
 * NULL where no input wants them. */
uint32_t console_start(struct console *console, const struct options *options, const char *rc,
                       const struct line_source *stdin_lines);

void console_step(struct console *console, int64_t now_ns);
int64_t console_deadline(const struct console *console);        /* CLOCK_NEVER: none */
bool console_is_busy(const struct console *console);            /* a job runs, but for a refresh */
bool console_runs(const struct console *console, uint32_t job);      /* that job has not ended */
bool console_wants_line(const struct console *console);         /* and waits for stdin_lines */
void console_cancel(struct console *console);                   /* Ctrl-C: the newest job */

bool console_quit_wanted(const struct console *console);        /* `quit` was run */
enum status console_status(const struct console *console);      /* the first that failed */

/* The focused connection, 0 for none (the model's truth: a closed one has lost it). */
uint32_t console_focus(struct console *console);
void console_set_focus(struct console *console, uint32_t conn);

/* --- for the prompt ------------------------------------------------------------- */

struct candidate { char text[128]; const char *summary; };      /* summary may be NULL */

/* Completes the word that ends at point: fills at most max candidates (in order) and
 * *start, where the word begins in line. Returns how many. */
size_t console_complete(struct console *console, const char *line, size_t point,
                        size_t *start, struct candidate *list, size_t max);

/* What the key is that is written at the end of line, else the usage of the command, NULL
 * when there is none yet. Good until the next call. */
const char *console_hint(struct console *console, const char *line);

/* A preference by its id (preferences.h): its value, and another one as a word. */
int64_t console_preference(const struct console *console, int id);
/* What connections and listeners are made with from now on. */
const struct settings *console_defaults(const struct console *console);

int console_set(struct console *console, int id, const char *word, struct error *err);

#endif
