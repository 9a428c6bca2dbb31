/* args.c - targets, keys and words, as a verb's tables say. */
#include "config.h"

#include "sockdeck/cmd/args.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/size.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/help.h"
#include "sockdeck/cmd/words.h"

static int
parse_duration(const struct key *key, const char *word, struct value *value, struct error *err)
{
    struct error reason = { 0 };
    int code = duration_parse(word, &value->number, &reason);

    return code == 0 ? 0 : error_set(err, code, "%s=: %s", key->name, reason.text);
}

static int
parse_size(const struct key *key, const char *word, struct value *value, struct error *err)
{
    char least[32], most[32];
    struct error reason = { 0 };
    uint64_t size;
    int code = size_parse(word, &size, &reason);

    if (code != 0)
        return error_set(err, code, "%s=: %s", key->name, reason.text);
    if (size < key->min || size > key->max)
        return error_set(err, -ERANGE, "%s=%s: it is %s to %s", key->name, word,
                         size_word(least, key->min), size_word(most, key->max));
    value->number = (int64_t)size;
    return 0;
}

static int
parse_number(const struct key *key, const char *word, struct value *value, struct error *err)
{
    uint64_t number;
    int code = number_parse(key->name, word, key->min, key->max, &number, err);

    if (code == 0)
        value->number = (int64_t)number;
    return code;
}

static int
parse_choice(const struct key *key, const char *word, struct value *value, struct error *err)
{
    int place = choice_find(key->choices, key->name, word, err);

    if (place < 0)
        return place;
    value->number = place;
    return 0;
}

int
key_parse(const struct key *key, const char *word, struct value *value, struct error *err)
{
    value->text = word;
    switch (key->kind) {
    case VALUE_DURATION:
        return parse_duration(key, word, value, err);
    case VALUE_SIZE:
        return parse_size(key, word, value, err);
    case VALUE_NUMBER:
        return parse_number(key, word, value, err);
    case VALUE_CHOICE:
        return parse_choice(key, word, value, err);
    case VALUE_TEXT:
        break;
    }
    return 0;
}

int
key_find(const struct key *keys, const char *name, size_t n)
{
    int found = -ENOENT;

    if (keys == NULL || n == 0)
        return -ENOENT;
    for (int i = 0; keys[i].name != NULL; i++) {
        if (strncmp(keys[i].name, name, n) != 0)
            continue;
        if (keys[i].name[n] == '\0')
            return i;
        found = found == -ENOENT ? i : -EEXIST;
    }
    return found;
}

/* The length of the name in name=value, 0 when the word is not written like that. */
static size_t
key_length(const struct word *word)
{
    size_t n = strspn(word->text, "abcdefghijklmnopqrstuvwxyz-");

    return word->kind == WORD_PLAIN && word->text[n] == '=' ? n : 0;
}

/* A key that the word may stand for: one that contains it, or is a few slips away. */
static bool
is_alike(const char *name, const char *word, size_t n)
{
    char part[48];

    if (n >= sizeof(part))
        return false;
    snprintf(part, sizeof(part), "%.*s", (int)n, word);
    return strstr(name, part) != NULL || choice_distance(name, part) <= (n + 2) / 3;
}

/* The keys to name in an error: those that are alike, or all of them. */
static void
name_keys(const struct key *keys, const char *word, size_t n, char *buf, size_t size)
{
    size_t count = 0, alike = 0, left = 0;

    for (const struct key *key = keys; key->name != NULL; key++, left++)
        alike += is_alike(key->name, word, n);
    if (alike > 0)
        left = alike;
    for (const struct key *key = keys; key->name != NULL; key++)
        if (alike == 0 || is_alike(key->name, word, n))
            choice_enumerate(buf, size, &count, --left == 0, key->name, "=");
}

static int
refuse_key(const struct command *command, const struct word *word, size_t n, bool ambiguous,
           struct error *err)
{
    char names[192];

    if (command->keys == NULL)
        return error_set(err, -EINVAL, "%s takes no %.*s=", command->name, (int)n, word->text);
    name_keys(command->keys, word->text, n, names, sizeof(names));
    if (ambiguous)
        return error_set(err, -EINVAL, "%.*s= is not unique: %s", (int)n, word->text, names);
    return error_set(err, -EINVAL, "%.*s=: %s has no such key; use %s", (int)n, word->text,
                     command->name, names);
}

static int
refuse_nul(const struct word *word, struct error *err)
{
    char shown[TEXT_WORD];

    text_render_cells(shown, sizeof(shown), word->text, word->length, 40, TEXT_QUOTED);
    return error_set(err, -EINVAL, "%s: a NUL has no place in it", shown);
}

/* 1 when the word is a key and was read, 0 when it is an other word. */
static int
take_key(struct args *args, const struct command *command, const struct word *word,
         struct error *err)
{
    size_t n = key_length(word);
    int place, code;

    if (n == 0)
        return 0;
    place = key_find(command->keys, word->text, n);
    if (place == -ENOENT && command->takes_data)
        return 0;
    if (place < 0)
        return refuse_key(command, word, n, place == -EEXIST, err);
    if (strlen(word->text) != word->length)
        return refuse_nul(word, err);
    code = key_parse(&command->keys[place], word->text + n + 1, &args->values[place], err);
    if (code != 0)
        return code;
    args->values[place].given = true;
    return 1;
}

static void
set_fallbacks(struct args *args, const struct key *keys)
{
    for (size_t i = 0; keys != NULL && keys[i].name != NULL; i++)
        if (keys[i].fallback != NULL)
            key_parse(&keys[i], keys[i].fallback, &args->values[i], NULL);
}

/* A bare number is a target only where enough words for the verb follow:
 * `wait 3` waits three seconds, `wait 3 closed` for #3. */
static unsigned
what_is_taken(const struct command *command, size_t words_behind)
{
    if (command->takes_data || words_behind < command->min_words)
        return command->takes & ~(unsigned)TAKES_BARE;
    return command->takes;
}

/* 1 when the first word is the target. A verb with data that takes no target has none. */
static int
take_target(struct args *args, const struct command *command, const struct word *words, size_t n,
            struct error *err)
{
    if (n == 0 || words[0].kind != WORD_PLAIN || strlen(words[0].text) != words[0].length)
        return 0;
    if (command->takes == TAKES_NOTHING)
        return 0;
    return target_parse(words[0].text, what_is_taken(command, n - 1), &args->target, err);
}

static int
refuse_word(const struct command *command, const struct word *word, struct error *err)
{
    char shown[TEXT_WORD];

    return error_set(err, -EINVAL, "%s: one word too many for %s", text_word(shown, word->text),
                     command->name);
}

static int
take_word(struct args *args, const struct command *command, const struct word *word,
          struct error *err)
{
    if (strlen(word->text) != word->length)
        return refuse_nul(word, err);
    if (args->count == command->max_words)
        return refuse_word(command, word, err);
    args->words[args->count++] = word;
    return 0;
}

static int
check_count(const struct args *args, const struct command *command, struct error *err)
{
    size_t given = command->takes_data ? args->data_count : args->count;
    struct buffer usage = { 0 };

    if (given >= command->min_words)
        return 0;
    help_write_usage(&usage, command);
    error_set(err, -EINVAL, "a word is missing; usage: %.*s", (int)buffer_size(&usage),
              buffer_data(&usage));
    buffer_fini(&usage);
    return -EINVAL;
}

int
args_parse(struct args *args, const struct command *command, const struct word *words, size_t n,
           struct error *err)
{
    bool options_end = false;
    size_t i;
    int code;

    *args = (struct args){ 0 };
    set_fallbacks(args, command->keys);
    code = take_target(args, command, words, n, err);
    if (code < 0)
        return code;

    for (i = (size_t)code; i < n; i++) {
        if (!options_end && words[i].kind == WORD_PLAIN && strcmp(words[i].text, "--") == 0) {
            options_end = true;
            continue;
        }
        code = options_end ? 0 : take_key(args, command, &words[i], err);
        if (code == 0 && command->takes_data)
            break;
        if (code == 0)
            code = take_word(args, command, &words[i], err);
        if (code < 0)
            return code;
    }
    args->data = words + i;
    args->data_count = n - i;
    return check_count(args, command, err);
}

const char *
args_word(const struct args *args, size_t i)
{
    return i < args->count ? args->words[i]->text : NULL;
}
