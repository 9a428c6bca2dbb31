/* prompt.c - readline inside the screen; no other file includes it.
 *
 * DESIGN. Readline runs with its callback interface on /dev/null. Bytes of whole
 * keys wait in a queue; rl_callback_read_char is called while there are some, so
 * that a search or a numeric argument sees a key at a time. With our own redisplay
 * function readline never asks for the terminal. */
#include "config.h"

#include "sockdeck/ui/prompt.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/history.h"
#include "sockdeck/ui/inputrc.h"
#include "sockdeck/ui/paste.h"
#include "sockdeck/ui/sequences.h"

enum { QUEUE = 4096 };

struct prompt {
    struct prompt_options options;
    FILE *null;                 /* for readline, which neither reads nor writes */
    char queue[QUEUE];          /* bytes on their way to readline */
    size_t queue_at, queue_size;
    enum prompt_kind kind;
    char *kept_lines[PROMPTS];  /* of the prompt that is not shown */
    HISTORY_STATE *kept_history[PROMPTS];
    struct history history;
    struct candidates found;    /* by the last Tab */
    bool is_submitting;         /* readline empties the line when on_line returns */
    char *next_line;            /* what then stands there; NULL: nothing */
};

/* Readline's callbacks take no argument. */
static struct prompt *the_prompt;

/* --- what readline calls ------------------------------------------------------- */

static int
next_byte(FILE *stream)
{
    (void)stream;
    if (the_prompt->queue_at == the_prompt->queue_size)
        return 'G' & 0x1f;      /* EOF would submit the line */
    return (unsigned char)the_prompt->queue[the_prompt->queue_at++];
}

static int
has_byte(void)
{
    return the_prompt->queue_at < the_prompt->queue_size;
}

static void
redisplay_nothing(void)
{
}

/* Puts a line back for another try. */
static void
restore_line(const char *line)
{
    rl_replace_line(line, 1);
    rl_point = rl_end;
}

static void
remember(struct prompt *prompt, const char *line)
{
    const HIST_ENTRY *last = NULL;

    if (history_length > 0)
        last = history_get(history_base + history_length - 1);
    if (*line == '\0' || (last != NULL && strcmp(last->line, line) == 0))
        return;
    add_history(line);
    if (prompt->options.keeps_history)
        history_append(&prompt->history, prompt->kind == PROMPT_SEND, line);
}

static void
keep_next_line(struct prompt *prompt, const char *line)
{
    free(prompt->next_line);
    prompt->next_line = strdup(line);
}

/* Into the history of the prompt it was typed at, whichever is there now. */
static void
remember_as(struct prompt *prompt, enum prompt_kind kind, const char *line)
{
    enum prompt_kind now = prompt->kind;

    prompt_switch(prompt, kind);
    remember(prompt, line);
    prompt_switch(prompt, now);
}

static void
on_line(char *line)
{
    struct prompt *prompt = the_prompt;
    enum prompt_kind kind = prompt->kind;

    if (line == NULL)
        return;
    prompt->is_submitting = true;
    rl_replace_line("", 1);
    if (prompt->options.submit(prompt->options.ctx, kind, line))
        remember_as(prompt, kind, line);
    else
        keep_next_line(prompt, line);
    prompt->is_submitting = false;
    free(line);
}

/* --- completion ---------------------------------------------------------------- */

static void
replace(const struct replacement *replacement)
{
    rl_begin_undo_group();
    rl_delete_text((int)replacement->start, (int)replacement->end);
    rl_point = (int)replacement->start;
    rl_insert_text(replacement->text);
    rl_end_undo_group();
}

static void
start_completion(struct prompt *prompt)
{
    struct replacement replacement;

    if (candidates_find(&prompt->found, &prompt->options.completion,
                        prompt->kind == PROMPT_SEND, rl_line_buffer, (size_t)rl_point,
                        &replacement))
        replace(&replacement);
}

/* A further Tab takes the candidates one after the other. */
static void
cycle(struct candidates *found, int step)
{
    struct replacement replacement;

    candidates_step(found, step, &replacement);
    replace(&replacement);
}

static int
complete_forward(int count, int key)
{
    struct prompt *prompt = the_prompt;

    if (!candidates_apply(prompt->kind == PROMPT_SEND, rl_line_buffer))
        return rl_insert(count, key);
    if (prompt->found.count > 1)
        cycle(&prompt->found, 1);
    else
        start_completion(prompt);
    return 0;
}

static int
complete_backward(int count, int key)
{
    (void)count, (void)key;
    if (the_prompt->found.count > 1)
        cycle(&the_prompt->found, -1);
    return 0;
}

void
prompt_close_candidates(struct prompt *prompt)
{
    prompt->found.count = 0;
}

const struct candidates *
prompt_candidates(const struct prompt *prompt)
{
    return &prompt->found;
}

static void
bind_keys(Keymap map)
{
    for (const struct line_sequence *key = line_sequences; key->bytes != NULL; key++)
        rl_bind_keyseq_if_unbound_in_map(key->bytes, rl_named_function(key->function), map);
}

static void
bind_completion(Keymap map)
{
    rl_bind_keyseq_in_map("\t", complete_forward, map);
    rl_bind_keyseq_in_map("\033[Z", complete_backward, map);
    rl_unbind_function_in_map(rl_re_read_init_file, map);
}

static void
set_variables(struct prompt *prompt)
{
    rl_readline_name = "sockdeck";
    rl_change_environment = 0;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_instream = prompt->null;
    rl_outstream = prompt->null;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_getc_function = next_byte;
    rl_input_available_hook = has_byte;
    rl_redisplay_function = redisplay_nothing;
}

static void
keep_line(void *ctx, bool is_send, const char *text)
{
    struct prompt *prompt = ctx;
    enum prompt_kind kind = is_send ? PROMPT_SEND : PROMPT_COMMAND;

    if (kind != prompt->kind)
        prompt_switch(prompt, kind);
    add_history(text);
}

static void
load_history(struct prompt *prompt)
{
    char path[PATH_MAX];

    stifle_history(HISTORY_LINES);
    if (!prompt->options.keeps_history || !history_path(path, sizeof(path)))
        return;
    history_open(&prompt->history, path, keep_line, prompt, NULL);
    prompt_switch(prompt, PROMPT_COMMAND);
    using_history();
}

/* Readline reads the user's inputrc, unless that would do it harm: then it sees an
 * environment that names an empty one. */
static void
install_handler(void)
{
    static char none[] = "INPUTRC=/dev/null";
    char *bare[] = { none, NULL }, **before = environ;

    if (!inputrc_is_fit())
        environ = bare;
    rl_callback_handler_install("", on_line);
    environ = before;
}

static void
bind_variables(void)
{
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("enable-bracketed-paste", "off");
    rl_variable_bind("show-all-if-ambiguous", "on");
    if (text_locale_is_utf8())
        return;
    rl_variable_bind("input-meta", "on");       /* a byte beyond ASCII is data, not Meta and */
    rl_variable_bind("convert-meta", "off");    /* a letter that edits the line */
}

struct prompt *
prompt_open(const struct prompt_options *options, struct error *err)
{
    struct prompt *prompt = calloc(1, sizeof(*prompt));

    if (prompt == NULL)
        abort();
    prompt->options = *options;
    prompt->history.fd = -1;
    prompt->null = fopen("/dev/null", "r+e");
    if (prompt->null == NULL) {
        error_set(err, -errno, "/dev/null: %s", error_message(errno));
        free(prompt);
        return NULL;
    }
    the_prompt = prompt;
    set_variables(prompt);
    using_history();
    install_handler();
    bind_variables();
    bind_keys(emacs_standard_keymap);
    bind_keys(vi_insertion_keymap);
    bind_keys(vi_movement_keymap);
    bind_completion(emacs_standard_keymap);
    bind_completion(vi_insertion_keymap);
    load_history(prompt);
    return prompt;
}

static void
free_history(HISTORY_STATE *state)
{
    HISTORY_STATE none = { .entries = NULL };

    if (state == NULL)
        return;
    history_set_history_state(state);
    clear_history();
    free(state->entries);       /* which clear_history keeps */
    free(state);
    history_set_history_state(&none);
}

void
prompt_close(struct prompt *prompt)
{
    if (prompt == NULL)
        return;
    rl_callback_handler_remove();
    free(prompt->kept_history[prompt->kind]);
    prompt->kept_history[prompt->kind] = history_get_history_state();
    for (int i = 0; i < PROMPTS; i++) {
        free(prompt->kept_lines[i]);
        free_history(prompt->kept_history[i]);
    }
    history_close(&prompt->history);
    fclose(prompt->null);
    the_prompt = NULL;
    free(prompt);
}

/* --- keys in -------------------------------------------------------------------- */

void
prompt_feed(struct prompt *prompt, const char *bytes, size_t n)
{
    if (!candidates_take(bytes, n))
        prompt_close_candidates(prompt);
    if (n > QUEUE)
        return;
    memcpy(prompt->queue, bytes, n);
    prompt->queue_at = 0;
    prompt->queue_size = n;
    while (prompt->queue_at < prompt->queue_size)
        rl_callback_read_char();
    if (prompt->next_line != NULL)
        restore_line(prompt->next_line);
    free(prompt->next_line);
    prompt->next_line = NULL;
}

void
prompt_paste(struct prompt *prompt, const char *bytes, size_t n)
{
    char *text = paste_flatten(bytes, n);

    prompt_close_candidates(prompt);
    rl_begin_undo_group();
    rl_insert_text(text);
    rl_end_undo_group();
    free(text);
}

void
prompt_interrupt(struct prompt *prompt)
{
    prompt_close_candidates(prompt);
    rl_callback_sigcleanup();
    rl_clear_message();
    rl_free_line_state();
    using_history();            /* Up would be dead after a cancelled search */
    rl_replace_line("", 1);
}

bool
prompt_is_bound(void *prompt, const char *sequence, size_t n)
{
    int type;

    (void)prompt;
    return rl_function_of_keyseq_len(sequence, n, NULL, &type) != NULL && type != ISKMAP;
}

enum prompt_kind
prompt_kind(const struct prompt *prompt)
{
    return prompt->kind;
}

void
prompt_switch(struct prompt *prompt, enum prompt_kind kind)
{
    HISTORY_STATE empty = { .entries = NULL };
    const char *line;

    if (kind == prompt->kind)
        return;
    prompt_close_candidates(prompt);
    free(prompt->kept_lines[prompt->kind]);
    free(prompt->kept_history[prompt->kind]);
    prompt->kept_lines[prompt->kind] = strdup(rl_line_buffer != NULL ? rl_line_buffer : "");
    prompt->kept_history[prompt->kind] = history_get_history_state();
    prompt->kind = kind;
    history_set_history_state(prompt->kept_history[kind] != NULL ? prompt->kept_history[kind]
                                                                 : &empty);
    stifle_history(HISTORY_LINES);
    using_history();
    line = prompt->kept_lines[kind] != NULL ? prompt->kept_lines[kind] : "";
    restore_line(line);
    if (prompt->is_submitting)
        keep_next_line(prompt, line);
}

void
prompt_set_label(struct prompt *prompt, const char *label)
{
    (void)prompt;
    if (rl_prompt == NULL || strcmp(rl_prompt, label) != 0)
        rl_set_prompt(label);
}

const char *
prompt_line(const struct prompt *prompt)
{
    (void)prompt;
    return rl_line_buffer;
}

bool
prompt_is_empty(const struct prompt *prompt)
{
    (void)prompt;
    return rl_end == 0;
}

void
prompt_set_line(struct prompt *prompt, const char *line)
{
    prompt_close_candidates(prompt);
    if (prompt->is_submitting)
        keep_next_line(prompt, line);
    else
        restore_line(line);
}

void
prompt_keep_line(struct prompt *prompt)
{
    if (!prompt->is_submitting && rl_end > 0)
        remember(prompt, rl_line_buffer);
}

bool
prompt_is_searching(const struct prompt *prompt)
{
    (void)prompt;
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG) != 0;
}

bool
prompt_is_vi(const struct prompt *prompt)
{
    (void)prompt;
    return rl_editing_mode == 0;
}

const char *
prompt_label(const struct prompt *prompt)
{
    (void)prompt;
    return rl_display_prompt != NULL ? rl_display_prompt : "";
}

size_t
prompt_point(const struct prompt *prompt)
{
    (void)prompt;
    return (size_t)rl_point;
}
