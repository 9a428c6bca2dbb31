/* args.h - the words behind a verb: its target, its keys, the rest. By the verb's
 * tables only. Pure; any thread. */
#ifndef SOCKDECK_CMD_ARGS_H
#define SOCKDECK_CMD_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/cmd/choice.h"
#include "sockdeck/cmd/target.h"

struct buffer;
struct command;
struct error;
struct word;

enum value_kind { VALUE_DURATION, VALUE_SIZE, VALUE_NUMBER, VALUE_CHOICE, VALUE_TEXT };

/* One key of a verb (or one preference): what it takes and what it is when left out. */
struct key {
    const char *name;
    enum value_kind kind;
    const char *fallback;       /* as a word; NULL: none */
    const char *summary;
    uint64_t min, max;          /* VALUE_NUMBER, VALUE_SIZE */
    choice_list *choices;       /* VALUE_CHOICE */
    const char *form;           /* how usage writes the value, "ADDR[:PORT]"; NULL: by the rest */
};

struct value {
    bool given;
    int64_t number;             /* ns or DURATION_NONE, bytes, a number, a choice's place */
    const char *text;           /* VALUE_TEXT: the word's, NULL: none */
};

enum { KEYS_MAX = 16, ARGS_MAX = 8 };

struct args {
    struct target target;
    struct value values[KEYS_MAX];      /* by the place of the key in the verb's table */
    const struct word *words[ARGS_MAX]; /* the other words, of a verb without data */
    size_t count;
    const struct word *data;            /* of a verb with data: the first of its words */
    size_t data_count;
};

/* Reads n words (the verb not among them); args refers to them. 0, or -EINVAL with
 * a sentence that names the word and what may stand there. */
int args_parse(struct args *args, const struct command *command, const struct word *words,
               size_t n, struct error *err);

/* The text of the i-th other word, NULL when there is none. */
const char *args_word(const struct args *args, size_t i);

/* Reads a value as its key wants it. 0 or -EINVAL, -ERANGE with a sentence. */
int key_parse(const struct key *key, const char *word, struct value *value, struct error *err);

/* The key that a name is or is the only prefix of: its place, -ENOENT, or -EEXIST
 * when it begins several. */
int key_find(const struct key *keys, const char *name, size_t n);

#endif
