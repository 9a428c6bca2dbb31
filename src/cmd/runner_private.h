/* runner_private.h - a job and what it runs. Private to runner*.c. */
#ifndef SOCKDECK_SRC_CMD_RUNNER_PRIVATE_H
#define SOCKDECK_SRC_CMD_RUNNER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/runner.h"
#include "sockdeck/cmd/words.h"

struct error;
struct run;

enum input_kind { INPUT_LINE, INPUT_WORDS, INPUT_FILE, INPUT_SOURCE };

struct input {
    STAILQ_ENTRY(input) link;
    enum input_kind kind;
    char *text;                 /* the line, or the path */
    bool may_be_missing;
    struct words words;
    struct line_source source;
};

STAILQ_HEAD(input_list, input);

struct frame {
    struct line_source source;  /* next NULL: one line, which is in words */
    char *name;                 /* owned copy of a path, or NULL */
    struct words words;         /* of the current line */
    size_t at;                  /* the next word */
    size_t line;                /* the current line's number */
    struct run *entered_by;     /* the `source` that ends with this frame */
    bool is_demo;               /* failures in it are meant */
    bool is_rc;                 /* sockdeckrc, which serves screen and batch alike */
};

struct job {
    TAILQ_ENTRY(job) link;
    struct console *console;
    uint32_t number;
    struct input_list inputs;
    struct frame frames[SOURCE_DEPTH_MAX + 1];
    int depth;                  /* frames in use */
    struct run *run;            /* the command under way, NULL: none */
    bool stopped;               /* by a failure with stop-on-error */
    bool wants_line;
    bool is_refresh;
    bool has_more;              /* the budget was used up: step again at once */
};

void input_free(struct input *input);

/* Puts a frame on top: the file at path, or the lines of a source. With
 * `entered_by` it is what that command runs, which ends with it. 0 or a negative errno
 * with a sentence. */
int job_push_file(struct job *job, const char *path, struct run *entered_by, struct error *err);
int job_push_lines(struct job *job, const struct line_source *source, struct run *entered_by,
                   struct error *err);
void frame_clear(struct frame *frame);

#endif
