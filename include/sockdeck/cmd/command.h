/* command.h - the one table of commands: dispatch, help, completion, hints and the
 * test of the man page read it, and nothing else knows the list. Its functions run
 * on the console's thread. */
#ifndef SOCKDECK_CMD_COMMAND_H
#define SOCKDECK_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/cmd/args.h"

struct error;
struct pending;
struct reply;
struct run;

enum { COMMAND_WORDS = 3 };

struct command {
    const char *name;
    const char *alias;          /* NULL for none */
    const char *usage;          /* target and words: "[T] DATA..."; keys are in their table */
    const char *summary;        /* one line for help, completion and the man page */
    const char *help;           /* the rest of it: lines, NULL for none */
    const struct key *keys;     /* ends with a NULL name; NULL for none */
    unsigned takes;             /* enum takes: which targets */
    bool takes_data;            /* from the first other word on all is data */
    bool takes_path;            /* that is the name of a file (completion) */
    bool needs_screen;          /* fails in a batch */
    bool asks;                  /* a key that runs it asks first */
    uint8_t min_words, max_words;       /* without target and keys */
    choice_list *words[COMMAND_WORDS];  /* what the other words may be (completion) */
    choice_list *each_word;     /* what any word of its data may be (completion) */

    /* Begins it: checks what the tables cannot, then posts requests (or sets
     * run->post), or waits, or is done at once. It fails by run_fail. */
    void (*start)(struct run *run);
    /* Posts the request for the index-th of run->count; NULL when start posts. */
    void (*post)(struct run *run, size_t index);
    /* A reply to one of its requests; NULL: a failure fails the command. */
    void (*replied)(struct run *run, const struct pending *pending, const struct reply *reply);
    /* Called on each step while run->waits. */
    void (*step)(struct run *run, int64_t now_ns);
    /* Gives back run->state; NULL: free is enough. */
    void (*finish)(struct run *run);
};

/* In the order of help; ends with a NULL name. */
extern const struct command commands[];

choice_list choice_commands;            /* the verbs with their summaries */
choice_list choice_help;                /* what help tells of: they, and the keys */

/* The command of that name, alias or unique prefix of either (an exact name wins), or NULL
 * with a sentence that names the word and the nearest verbs. */
const struct command *command_find(const char *word, struct error *err);

#endif
