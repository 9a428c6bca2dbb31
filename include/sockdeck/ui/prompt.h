/* prompt.h - the line that is typed: the one file that knows readline.
 *
 * Readline edits, searches and keeps the histories; it never sees the terminal.
 * Keys come in as bytes, what is shown is asked for. There are two prompts, for
 * commands and for sending, each with its own line and history. Peers' bytes
 * never come here. UI thread only; one at a time (readline is not reentrant). */
#ifndef SOCKDECK_UI_PROMPT_H
#define SOCKDECK_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/ui/candidates.h"

struct error;
struct prompt;

enum prompt_kind { PROMPT_COMMAND, PROMPT_SEND, PROMPTS };

struct prompt_options {
    bool keeps_history;         /* on disk, where history_path says */
    /* Enter: true when the line is done with, false when it is to stay for another try. */
    bool (*submit)(void *ctx, enum prompt_kind kind, const char *line);
    void *ctx;
    struct completion completion;
};

/* NULL with a sentence. */
struct prompt *prompt_open(const struct prompt_options *options, struct error *err);
void prompt_close(struct prompt *prompt);       /* NULL is fine */

void prompt_feed(struct prompt *prompt, const char *bytes, size_t n);   /* one key */
/* A paste, as one step of undo; controls become blanks. */
void prompt_paste(struct prompt *prompt, const char *bytes, size_t n);

enum prompt_kind prompt_kind(const struct prompt *prompt);
void prompt_switch(struct prompt *prompt, enum prompt_kind kind);       /* each keeps its line */
void prompt_set_label(struct prompt *prompt, const char *label);

const char *prompt_line(const struct prompt *prompt);
bool prompt_is_empty(const struct prompt *prompt);
/* Also while a line is being submitted: then it is the next one. */
void prompt_set_line(struct prompt *prompt, const char *line);
void prompt_keep_line(struct prompt *prompt);           /* in the history, for another time */
/* Ctrl-C: ends a search, an argument, a macro; clears the line. */
void prompt_interrupt(struct prompt *prompt);
bool prompt_is_searching(const struct prompt *prompt);
bool prompt_is_vi(const struct prompt *prompt);         /* Esc is readline's then */

/* Whether readline has a function for this sequence of a special key. */
bool prompt_is_bound(void *prompt, const char *sequence, size_t n);

/* Those of the last Tab; any other key closes them. */
const struct candidates *prompt_candidates(const struct prompt *prompt);
void prompt_close_candidates(struct prompt *prompt);

/* What stands before the line (a search's words, while there is one), and the
 * place of the cursor in the line, in bytes. */
const char *prompt_label(const struct prompt *prompt);
size_t prompt_point(const struct prompt *prompt);

#endif
