/* help.c - help made of the command table. */
#include "config.h"

#include "sockdeck/cmd/help.h"

#include <stdbool.h>
#include <stdio.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/command.h"

enum { FORM = 128 };

/* "none|lf|cr|crlf" */
static const char *
write_choices(char buf[static FORM], choice_list *choices)
{
    struct choice choice;
    size_t used = 0;

    buf[0] = '\0';
    for (size_t i = 0; choices(i, &choice) && used < FORM; i++)
        used += (size_t)snprintf(buf + used, FORM - used, "%s%s", i > 0 ? "|" : "", choice.name);
    return buf;
}

static bool
has_choices_as_form(const struct key *key)
{
    return key->kind == VALUE_CHOICE && key->fallback == NULL && key->form == NULL;
}

/* What stands for the value: its default, or what it may be. */
static const char *
form_of(const struct key *key, char buf[static FORM])
{
    static const char *const words[] = {
        [VALUE_DURATION] = "D", [VALUE_SIZE] = "SIZE", [VALUE_NUMBER] = "N", [VALUE_TEXT] = "TEXT",
    };

    if (key->form != NULL)
        return key->form;
    if (key->fallback != NULL)
        return key->fallback;
    return has_choices_as_form(key) ? write_choices(buf, key->choices) : words[key->kind];
}

static void
write_keys(struct buffer *out, const struct key *key)
{
    char buf[FORM];

    for (; key != NULL && key->name != NULL; key++)
        alloc_check(buffer_printf(out, " [%s=%s]", key->name, form_of(key, buf)));
}

void
help_write_usage(struct buffer *out, const struct command *command)
{
    alloc_check(buffer_add_text(out, command->name));
    if (command->takes_data) {
        if (command->takes != TAKES_NOTHING)
            alloc_check(buffer_add_text(out, " [T]"));
        /* Options stand before the data. */
        write_keys(out, command->keys);
        alloc_check(buffer_printf(out, " %s", command->usage));
        return;
    }
    if (command->usage[0] != '\0')
        alloc_check(buffer_printf(out, " %s", command->usage));
    write_keys(out, command->keys);
}

static void
write_key(struct buffer *out, const struct key *key)
{
    char names[160], buf[FORM];

    alloc_check(buffer_printf(out, "  %s=%-*s %s", key->name,
                              (int)(18 - __builtin_strlen(key->name)), form_of(key, buf),
                              key->summary));
    if (key->kind == VALUE_CHOICE && !has_choices_as_form(key)) {
        choice_names(key->choices, names, sizeof(names));
        alloc_check(buffer_printf(out, ": %s", names));
    }
    alloc_check(buffer_add_text(out, "\n"));
}

void
help_write(struct buffer *out, const struct command *command)
{
    help_write_usage(out, command);
    alloc_check(buffer_printf(out, "\n  %s\n", command->summary));
    if (command->alias != NULL)
        alloc_check(buffer_printf(out, "  %s is the same.\n", command->alias));
    if (command->help != NULL)
        alloc_check(buffer_printf(out, "%s", command->help));
    for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++)
        write_key(out, key);
    alloc_check(buffer_add(out, "", 1));
}
