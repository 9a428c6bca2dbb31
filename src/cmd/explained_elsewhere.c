/* explained_elsewhere.c - words that other tables of the program list and explain. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "explanations.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/net/counters.h"

static bool
take_counter(size_t i, struct choice *word, const char **owner)
{
    if (!choice_kernel_counters(i, word))
        return false;
    *owner = strcmp(kernel_counters[i].group, "Tcp") == 0 ? "snmp, Tcp" : "netstat, TcpExt";
    return true;
}

static bool
take_figure(size_t i, struct choice *word, const char **owner)
{
    for (size_t n = 0; n < explained_results.count; n++) {
        const struct explanation *result = &explained_results.list[n];

        *owner = result->word;
        for (size_t at = 0; result->figures(at, word); at++)
            if (i-- == 0)
                return true;
    }
    return false;
}

static bool
take_title(size_t i, struct choice *word, const char **owner)
{
    *owner = "compare";
    return choice_compare_titles(i, word);
}

static bool
take_key(size_t i, struct choice *word, const char **owner)
{
    for (const struct command *command = commands; command->name != NULL; command++)
        for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++)
            if (i-- == 0) {
                *word = (struct choice){ key->name, key->summary };
                *owner = command->name;
                return true;
            }
    return false;
}

/* Of a list whose words need no owner. */
static bool
take(choice_list *list, size_t i, struct choice *word, const char **owner)
{
    if (!list(i, word))
        return false;
    *owner = word->name;
    return true;
}

static bool
take_command(size_t i, struct choice *word, const char **owner)
{
    return take(choice_commands, i, word, owner);
}

static bool
take_handler(size_t i, struct choice *word, const char **owner)
{
    return take(choice_handlers, i, word, owner);
}

static bool
take_preference(size_t i, struct choice *word, const char **owner)
{
    return take(choice_preferences, i, word, owner);
}

static bool
take_field(size_t i, struct choice *word, const char **owner)
{
    return take(choice_info_fields, i, word, owner);
}

/* The forms have one %s, the owner, or none. */
static const struct source {
    bool (*take)(size_t i, struct choice *word, const char **owner);
    const char *is, *from, *attempt;
    bool stands_back;           /* where an entry has the word as its name */
} sources[] = {
    { take_counter, N_("counter of the kernel, for all programs of this machine"), "/proc/net/%s",
      "show counters", false },
    { take_figure, N_("figure of %s"), NULL, N_("explain %s, for all of its figures"), false },
    { take_title, N_("column of %s"), NULL, N_("explain %s, for all of its figures"), false },
    { take_command, N_("command"), NULL, "help %s", true },
    { take_handler, N_("handler"), NULL, "listen 10001 handler=%s", true },
    { take_preference, N_("preference"), NULL, "set %s", true },
    { take_key, N_("key of %s"), NULL, "help %s", true },
    { take_field, N_("field of info"), NULL, "info", true },
};

/* Writes the form with the owner in it. */
static void
fill_in(char text[static LISTED_TEXT], const char *form, const char *owner)
{
    const char *place = form != NULL ? strstr(form, "%s") : NULL;

    if (place == NULL)
        snprintf(text, LISTED_TEXT, "%s", form != NULL ? form : "");
    else
        snprintf(text, LISTED_TEXT, "%.*s%s%s", (int)(place - form), form, owner, place + 2);
}

bool
explained_elsewhere(size_t i, struct listed_word *listed)
{
    const char *owner;

    for (size_t n = 0; n < sizeof(sources) / sizeof(sources[0]); n++) {
        const struct source *source = &sources[n];
        size_t count = 0;

        for (; source->take(count, &listed->word, &owner); count++)
            if (count == i) {
                listed->stands_back = source->stands_back;
                fill_in(listed->is, source->is, owner);
                fill_in(listed->from, source->from, owner);
                fill_in(listed->attempt, source->attempt, owner);
                return true;
            }
        i -= count;
    }
    return false;
}
