/* print_tables.c - what the program's tables list, a line each, for check-tables.sh. */
#include "config.h"

#include <stdio.h>

#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/event/event.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/settings.h"
#include "sockdeck/ui/keymap.h"
#include "sockdeck/ui/keys.h"

static void
print_commands(void)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        printf("%s %s\n", command->needs_screen ? "screen-verb" : "verb", command->name);
        if (command->alias != NULL)
            printf("alias %s\n", command->alias);
        for (const struct key *key = command->keys; key != NULL && key->name != NULL; key++)
            printf("key %s %s\n", command->name, key->name);
    }
}

static void
print_choices(const char *kind, choice_list *list)
{
    struct choice choice;

    for (size_t i = 0; list(i, &choice); i++)
        printf("%s %s\n", kind, choice.name);
}

static void
print_keys(void)
{
    char name[16];

    for (const struct binding *binding = keymap_defaults; binding->key != KEYS_NONE; binding++)
        printf("press %s\n", keys_name(name, binding->key));
}

int
main(void)
{
    print_commands();
    print_choices("preference", choice_preferences);
    print_keys();
    print_choices("field", choice_kernel_fields);
    print_choices("counter", choice_kernel_counters);
    for (uint32_t i = 0; i < mode_count; i++)
        printf("mode %s\n", modes[i]->name);
    for (int i = 0; i < HANDLER_COUNT; i++)
        printf("handler %s\n", handler_names[i].name);
    for (int i = 0; i < EVENT_TYPE_COUNT; i++)
        printf("event %s\n", event_infos[i].name);
    return 0;
}
