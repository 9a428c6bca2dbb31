/* explain.c - see explain.h: finding a word, and what is shown of it. */
#include "config.h"

#include "sockdeck/cmd/explain.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "explanations.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/table.h"

enum {
    ERRNO_MAX = 133,
    WIDTH = 74, INDENT = 8,     /* of lines */
};

const char *const explanation_kind_names[EXPLAINS_KINDS] = {
    [EXPLAINS_ERRNO] = "errno",
    [EXPLAINS_TIMEOUT] = "timeout",
    [EXPLAINS_EVENT] = "event",
    [EXPLAINS_CALL] = "call",
    [EXPLAINS_STATE] = "TCP state",
    [EXPLAINS_MODE] = "mode",
    [EXPLAINS_COUNTER] = "counter",
    [EXPLAINS_RESULT] = "what a command has measured",
    [EXPLAINS_TERM] = "term",
};

static const struct explanation_list *const lists[EXPLAINS_KINDS] = {
    [EXPLAINS_ERRNO] = &explained_errnos,
    [EXPLAINS_TIMEOUT] = &explained_timeouts,
    [EXPLAINS_EVENT] = &explained_events,
    [EXPLAINS_CALL] = &explained_calls,
    [EXPLAINS_STATE] = &explained_states,
    [EXPLAINS_MODE] = &explained_modes,
    [EXPLAINS_COUNTER] = &explained_counters,
    [EXPLAINS_RESULT] = &explained_results,
    [EXPLAINS_TERM] = &explained_terms,
};

bool
choice_explained(size_t i, struct choice *choice)
{
    struct listed_word listed;

    for (int kind = 0; kind < EXPLAINS_KINDS; kind++) {
        if (i < lists[kind]->count) {
            *choice = (struct choice){ lists[kind]->list[i].word, explanation_kind_names[kind] };
            return true;
        }
        i -= lists[kind]->count;
    }
    if (!explained_elsewhere(i, &listed))
        return false;
    *choice = listed.word;
    return true;
}

/* --- finding --------------------------------------------------------------------------- */

/* As one writes it: FIN-WAIT1 is FIN_WAIT1, and accept queue is accept-queue. */
static char
folded(char c)
{
    return c == '_' || c == ' ' ? '-' : (char)tolower((unsigned char)c);
}

static bool
is_same(const char *a, size_t n, const char *b)
{
    for (size_t i = 0; i < n; i++)
        if (folded(a[i]) != folded(b[i]))
            return false;
    return b[n] == '\0';
}

/* Whether word is one of the words, which have blanks between them. */
static bool
is_among(const char *words, const char *word)
{
    while (words != NULL && *words != '\0') {
        size_t length = strcspn(words, " ");

        if (is_same(words, length, word))
            return true;
        words += length + (words[length] == ' ');
    }
    return false;
}

static bool
is_called(const char *name, const char *word)
{
    return is_same(name, strlen(name), word);
}

const struct explanation *
explain_find(enum explanation_kind kind, const char *word)
{
    const struct explanation_list *list = lists[kind];

    for (size_t i = 0; i < list->count; i++)
        if (strcasecmp(list->list[i].word, word) == 0)
            return &list->list[i];
    return NULL;
}

const struct explanation *
explain_event(const struct event *event, enum explanation_kind *kind)
{
    char buf[16], name[32];

    switch (event->type) {
    case EVENT_ERROR:
        *kind = EXPLAINS_ERRNO;
        return explain_find(*kind, error_name(event->u.error.code, buf));
    case EVENT_TIMEOUT:
        *kind = EXPLAINS_TIMEOUT;
        snprintf(name, sizeof(name), "%s-timeout",
                 event_timeout_names[event->u.timeout.kind % TIMEOUT_KINDS]);
        return explain_find(*kind, name);
    default:
        *kind = EXPLAINS_EVENT;
        return explain_find(*kind, event_infos[event->type].name);
    }
}

/* The errno of that name or number, 0 for none. */
static int
errno_of(const char *word)
{
    char name[16];

    for (int code = 1; code <= ERRNO_MAX; code++) {
        char digits[16];

        snprintf(digits, sizeof(digits), "%d", code);
        if (strcasecmp(word, error_name(code, name)) == 0 || strcmp(word, digits) == 0)
            return code;
    }
    return 0;
}

/* --- showing ---------------------------------------------------------------------------- */

static void
begin(struct table *table)
{
    static const struct column columns[] = {
        { "field", "FIELD", false }, { "value", "VALUE", false },
    };

    table_init(table, "explain", columns, 2);
}

static void
add(struct table *table, const char *field, const char *value)
{
    if (value == NULL)
        return;
    table_row(table);
    table_text(table, 0, "%s", field);
    table_text(table, 1, "%s", value);
}

static void
add_head(struct table *table, enum explanation_kind kind, const char *word)
{
    char head[128];
    int code = kind == EXPLAINS_ERRNO ? errno_of(word) : 0;

    if (code != 0)
        snprintf(head, sizeof(head), "errno %d, %s", code, error_message(code));
    add(table, word, code != 0 ? head : explanation_kind_names[kind]);
}

static void
add_explanation(struct table *table, enum explanation_kind kind, const struct explanation *entry)
{
    struct choice figure;

    add_head(table, kind, entry->word);
    add(table, "means", entry->means);
    add(table, "from", entry->calls);
    for (size_t i = 0; i < EXPLANATION_CAUSES; i++)
        add(table, "cause", entry->causes[i]);
    for (size_t i = 0; entry->look_at != NULL && entry->look_at[i] != NULL; i++)
        add(table, "look", entry->look_at[i]);
    add(table, "try", entry->attempt);
    add(table, "python", entry->python);
    for (size_t i = 0; entry->figures != NULL && entry->figures(i, &figure); i++)
        add(table, figure.name, figure.summary);
}

static void
add_listed(struct table *table, const struct listed_word *listed)
{
    add(table, listed->word.name, listed->is);
    add(table, "means", listed->word.summary);
    add(table, "from", listed->from[0] != '\0' ? listed->from : NULL);
    add(table, "try", listed->attempt);
}

/* An errno that no call of the console is known to return. */
static void
add_strange_errno(struct table *table, int code)
{
    char name[16], text[160];

    add_head(table, EXPLAINS_ERRNO, error_name(code, name));
    add(table, "means", error_message(code));
    add(table, "from", N_("no call that the console makes is known to return it"));
    snprintf(text, sizeof(text), "# OSError: [Errno %d] %s", code, error_message(code));
    add(table, "python", text);
}

/* Everything that goes by the word; the number of entries. */
static size_t
add_all(struct table *table, const char *word)
{
    struct listed_word listed;
    size_t found = 0;
    bool is_name = false;       /* not merely another word for one */

    for (int kind = 0; kind < EXPLAINS_KINDS; kind++)
        for (size_t i = 0; i < lists[kind]->count; i++) {
            const struct explanation *entry = &lists[kind]->list[i];

            if (!is_called(entry->word, word) && !is_among(entry->also, word))
                continue;
            add_explanation(table, (enum explanation_kind)kind, entry);
            is_name = is_name || strcasecmp(entry->word, word) == 0;
            found++;
        }
    for (size_t i = 0; explained_elsewhere(i, &listed); i++)
        if (is_called(listed.word.name, word) && !(listed.stands_back && is_name)) {
            add_listed(table, &listed);
            found++;
        }
    return found;
}

int
explain_fill(struct table *table, const char *word, struct error *err)
{
    int code = errno_of(word);
    char name[16], shown[TEXT_WORD], names[128];

    if (code != 0)
        word = error_name(code, name);
    begin(table);
    if (add_all(table, word) > 0)
        return 0;
    if (code != 0) {
        add_strange_errno(table, code);
        return 0;
    }
    table_fini(table);
    text_word(shown, word);
    if (choice_nearest(choice_explained, word, "", names, sizeof(names)))
        return error_set(err, -ENOENT, "%s: nothing is known of it; did you mean %s?", shown, names);
    return error_set(err, -ENOENT, "%s: nothing is known of it; it takes an errno, event, call, "
                     "TCP state, mode, counter, timeout, or a word of help, info, load or compare",
                     shown);
}

void
explain_fill_event(struct table *table, const struct event *event, const char *sentence)
{
    enum explanation_kind kind;
    const struct explanation *entry = explain_event(event, &kind);

    begin(table);
    add(table, "said", sentence);
    if (entry != NULL)
        add_explanation(table, kind, entry);
    else if (kind == EXPLAINS_ERRNO)
        add_strange_errno(table, event->u.error.code);
}

/* --- lines ------------------------------------------------------------------------------ */

/* "field   value" as lines of at most WIDTH columns, the later ones set in. */
static void
add_wrapped(struct buffer *text, const char *field, const char *value)
{
    char label[32];
    size_t at = (size_t)snprintf(label, sizeof(label), "%-*s ", INDENT - 1, field);

    alloc_check(buffer_add_text(text, label));
    while (*value != '\0') {
        size_t n = strcspn(value, " ");

        if (at > INDENT && at + n > WIDTH) {
            snprintf(label, sizeof(label), "\n%*s", INDENT, "");
            alloc_check(buffer_add_text(text, label));
            at = INDENT;
        }
        n += value[n] == ' ';
        alloc_check(buffer_add(text, value, n));
        at += n;
        value += n;
    }
    alloc_check(buffer_add(text, "\n", 1));
}

void
explain_write(struct buffer *text, const struct table *table, size_t first)
{
    char field[64], value[64];

    for (size_t row = first; row < table->row_count; row++)
        add_wrapped(text, table_cell_text(table_cell(table, row, 0), field),
                    table_cell_text(table_cell(table, row, 1), value));
}
