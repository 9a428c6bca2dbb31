/* help.c - help made of the command table. */
#include "config.h"

#include "sockdeck/cmd/help.h"

#include "sockdeck/base/buffer.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/command.h"

/* What stands for a value that has no default. */
static const char *
placeholder(const struct key *key)
{
    static const char *const words[] = {
        [VALUE_DURATION] = "D", [VALUE_SIZE] = "SIZE", [VALUE_NUMBER] = "N",
        [VALUE_CHOICE] = "WORD", [VALUE_TEXT] = "TEXT",
    };

    return key->fallback != NULL ? key->fallback : words[key->kind];
}

void
help_write_usage(struct buffer *out, const struct command *command)
{
    alloc_check(buffer_add_text(out, command->name));
    if (command->takes_data) {
        if (command->takes != TAKES_NOTHING)
            alloc_check(buffer_add_text(out, " [T]"));
        /* Options stand before the data. */
        for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++)
            alloc_check(buffer_printf(out, " [%s=%s]", key->name, placeholder(key)));
        alloc_check(buffer_printf(out, " %s", command->usage));
        return;
    }
    if (command->usage[0] != '\0')
        alloc_check(buffer_printf(out, " %s", command->usage));
    for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++)
        alloc_check(buffer_printf(out, " [%s=%s]", key->name, placeholder(key)));
}

static void
write_key(struct buffer *out, const struct key *key)
{
    char names[160];

    alloc_check(buffer_printf(out, "  %s=%-*s %s", key->name,
                              (int)(18 - __builtin_strlen(key->name)), placeholder(key),
                              key->summary));
    if (key->kind == VALUE_CHOICE) {
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
