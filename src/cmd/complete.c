/* complete.c - what may stand at the cursor: verbs, targets, keys, values, paths. */
#include "config.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/model/model.h"

/* Where candidates go: those that begin with prefix. */
struct list {
    struct candidate *candidates;
    size_t count, max;
    const char *prefix;
};

static bool
is_listed(const struct list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->candidates[i].text, text) == 0)
            return true;
    return false;
}

/* What is there twice, such as a word that explain knows as a call and as a mode, is one. */
static void
add(struct list *list, const char *before, const char *name, const char *behind, const char *summary)
{
    struct candidate *candidate;
    char text[sizeof(candidate->text)];
    int n = snprintf(text, sizeof(text), "%s%s%s", before, name, behind);

    if (list->count == list->max || n < 0 || (size_t)n >= sizeof(text) ||
        strncmp(text, list->prefix, strlen(list->prefix)) != 0 || is_listed(list, text))
        return;
    candidate = &list->candidates[list->count++];
    memcpy(candidate->text, text, (size_t)n + 1);
    candidate->summary = summary;
}

static void
add_choices(struct list *list, const char *before, choice_list *choices)
{
    struct choice choice;

    for (size_t i = 0; choices(i, &choice); i++)
        add(list, before, choice.name, "", choice.summary);
}

static void
add_keys(struct list *list, const struct key *keys)
{
    for (const struct key *key = keys; key != NULL && key->name != NULL; key++)
        add(list, "", key->name, "=", key->summary);
}

/* The values of name= that stands in the word already. */
static void
add_values(struct list *list, const struct key *keys, size_t name_length)
{
    int place = key_find(keys, list->prefix, name_length);
    char before[64];

    if (place < 0 || keys[place].kind != VALUE_CHOICE || name_length + 2 > sizeof(before))
        return;
    snprintf(before, sizeof(before), "%.*s=", (int)name_length, list->prefix);
    add_choices(list, before, keys[place].choices);
}

/* "dir=" first; what may stand behind the sign once it is there. */
static void
add_terms(struct list *list, choice_list *terms)
{
    struct choice term;

    for (size_t i = 0; terms(i, &term); i++) {
        const char *sign = strpbrk(term.name, "=<>~");
        const char *value = sign != NULL ? sign + strspn(sign, "=<>~") : "";

        if (term.name[0] != '\0' && (*value != '\0') == (strpbrk(list->prefix, "=<>~") != NULL))
            add(list, "", term.name, "", term.summary);
    }
}

static void
add_connections(struct list *list, const struct model *model)
{
    const struct connection *conn = model_next_connection(model, 0);

    for (; conn != NULL; conn = model_next_connection(model, conn->id + 1)) {
        char name[16];

        if (conn->state == CONN_CLOSED)
            continue;
        snprintf(name, sizeof(name), "#%" PRIu32, conn->id);
        add(list, "", name, "", conn->dialled ? "dialled" : "accepted");
    }
}

static void
add_listeners(struct list *list, const struct model *model)
{
    const struct listener *listener = model_next_listener(model, 0);

    for (; listener != NULL; listener = model_next_listener(model, listener->id + 1U)) {
        char name[16];

        snprintf(name, sizeof(name), "L%u", (unsigned)listener->id);
        if (!listener->stopped)
            add(list, "", name, "", model_mode_name(listener->mode));
    }
}

static void
add_workers(struct list *list, const struct model *model)
{
    const struct worker *worker = model_next_worker(model, 0);

    for (; worker != NULL; worker = model_next_worker(model, worker->id + 1U)) {
        char name[16];

        snprintf(name, sizeof(name), "W%u", (unsigned)worker->id);
        if (worker->state != WORKER_EXITED && worker->state != WORKER_KILLED)
            add(list, "", name, "", model_mode_name(worker->mode));
    }
}

/* The targets that exist now. An empty word is not offered every one of them where
 * words may stand there too: they begin with a letter of their own. */
static void
add_targets(struct list *list, const struct command *command, struct model *model)
{
    if (command->takes == TAKES_NOTHING)
        return;
    model_lock(model);
    if (command->takes & TAKES_CONNECTIONS) {
        add_connections(list, model);
        add(list, "", "@focus", "", "the focused connection");
        add(list, "", "@all", "", "all open connections");
        add(list, "", "@in", "", "those that were accepted");
        add(list, "", "@out", "", "those that were dialled");
    }
    if (command->takes & (TAKES_CONNECTIONS | TAKES_LISTENER))
        add_listeners(list, model);
    if (command->takes & (TAKES_CONNECTIONS | TAKES_WORKER))
        add_workers(list, model);
    if (command->takes & TAKES_DEFAULT)
        add(list, "", "default", "", "what is made later");
    model_unlock(model);
}

static bool
is_directory(const char *folder, const char *name)
{
    char path[4096];
    struct stat st;
    int n = snprintf(path, sizeof(path), "%s/%s", folder, name);

    return n > 0 && (size_t)n < sizeof(path) && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->text, ((const struct candidate *)b)->text);
}

/* Files and folders that begin with the word; hidden ones when it says so. */
static void
add_paths(struct list *list)
{
    const char *slash = strrchr(list->prefix, '/');
    size_t n = slash != NULL ? (size_t)(slash - list->prefix) + 1 : 0;
    char *before = alloc_text(list->prefix, n);
    const char *folder = n > 0 ? before : ".";
    size_t first = list->count;
    struct dirent *entry;
    DIR *dir = opendir(folder);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' && list->prefix[n] != '.')
            continue;
        add(list, before, entry->d_name, is_directory(folder, entry->d_name) ? "/" : "", NULL);
    }
    if (dir != NULL)
        closedir(dir);
    if (list->count > first)
        qsort(list->candidates + first, list->count - first, sizeof(*list->candidates), by_text);
    free(before);
}

static bool
is_key(const struct word *word)
{
    return word->kind == WORD_PLAIN && strchr(word->text, '=') != NULL;
}

/* How many other words stand before the one at the cursor; *has_target tells of a
 * target. */
static size_t
count_words(const struct command *command, const struct word *words, size_t n, bool *has_target)
{
    struct target target;
    size_t count = 0;

    *has_target = n > 0 && words[0].kind == WORD_PLAIN && command->takes != TAKES_NOTHING &&
                  target_parse(words[0].text, command->takes, &target, NULL) == 1;
    for (size_t i = *has_target; i < n; i++)
        count += !is_key(&words[i]);
    return count;
}

/* The arguments of a command: words are those behind the verb and before the cursor. */
static void
add_arguments(struct list *list, const struct command *command, struct model *model,
              const struct word *words, size_t n)
{
    const char *equals = strchr(list->prefix, '=');
    bool has_target;
    size_t count = count_words(command, words, n, &has_target);

    if (command->each_word != NULL) {
        add_terms(list, command->each_word);
        return;
    }
    if (command->takes_data && count > 0 && !command->takes_path)
        return;
    if (equals != NULL) {
        add_values(list, command->keys, (size_t)(equals - list->prefix));
        return;
    }
    if (command->words[0] == choice_preferences && count == 1) {
        int place = preference_find(words[0].text, NULL);

        if (place >= 0 && preference_choices(place) != NULL)
            add_choices(list, "", preference_choices(place));
        return;
    }
    if (count < COMMAND_WORDS && command->words[count] != NULL)
        add_choices(list, "", command->words[count]);
    if (command->takes_path)
        add_paths(list);
    if (n == 0)
        add_targets(list, command, model);
    if (list->prefix[0] != '\0' || command->words[0] == NULL || count > 0)
        add_keys(list, command->keys);
}

/* The first word of the command that the cursor is in. */
static size_t
command_start(const struct words *words)
{
    size_t first = words->count;

    while (first > 0 && words->list[first - 1].kind != WORD_END)
        first--;
    return first;
}

size_t
console_complete(struct console *console, const char *line, size_t point, size_t *start,
                 struct candidate *candidates, size_t max)
{
    struct list list = { .candidates = candidates, .max = max, .prefix = "" };
    struct words words = { 0 };
    size_t first, n;

    words_split(&words, line, point, NULL);
    first = command_start(&words);
    n = words.count - first;
    *start = point;
    if (n > 0 && words.list[words.count - 1].end == point) {
        *start = words.list[words.count - 1].start;
        list.prefix = words.list[words.count - 1].text;
        n--;
    }
    if (n == 0) {
        add_choices(&list, "", choice_commands);
    } else {
        const struct command *command = command_find(words.list[first].text, NULL);

        if (command != NULL)
            add_arguments(&list, command, console->options.model, words.list + first + 1, n - 1);
    }
    words_fini(&words);
    return list.count;
}

/* The key that is written at the end of the line, NULL: none. Words of data are none. */
static const struct key *
key_at_end(const struct command *command, const struct word *words, size_t n, size_t end)
{
    const struct word *last = &words[n - 1];
    size_t length = strcspn(last->text, "=");
    bool has_target;
    int key;

    if (n < 2 || last->kind != WORD_PLAIN || last->end != end || command->keys == NULL ||
        (command->takes_data && count_words(command, words + 1, n - 2, &has_target) > 0))
        return NULL;
    key = key_find(command->keys, last->text, length);
    return key >= 0 && (length > 1 || last->text[length] == '=') ? &command->keys[key] : NULL;
}

/* "mode=: how connections are served: serial, threads or fork". */
static const char *
describe_key(struct console *console, const struct key *key)
{
    char choices[160] = "";

    if (key->choices != NULL)
        choice_names(key->choices, choices, sizeof(choices));
    snprintf(console->hint, sizeof(console->hint), "%s=: %s%s%s", key->name, key->summary,
             *choices != '\0' ? ": " : "", choices);
    return console->hint;
}

const char *
console_hint(struct console *console, const char *line)
{
    size_t end = strlen(line), first;
    const struct command *command = NULL;
    const struct key *key = NULL;
    struct words words = { 0 };

    words_split(&words, line, end, NULL);
    first = command_start(&words);
    if (first < words.count)
        command = command_find(words.list[first].text, NULL);
    if (command != NULL)
        key = key_at_end(command, words.list + first, words.count - first, end);
    words_fini(&words);
    if (key != NULL)
        return describe_key(console, key);
    return command != NULL ? console->usages[command - commands] : NULL;
}
