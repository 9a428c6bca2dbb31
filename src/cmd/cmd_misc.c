/* cmd_misc.c - focus, set, source, help. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/cmd/console_state.h"
#include "sockdeck/cmd/help.h"
#include "sockdeck/cmd/run.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/model/table.h"
#include "verbs.h"

/* On screen, Messages follows the conversation that was named. */
static void
narrow(struct run *run, uint32_t conn)
{
    const struct console_options *options = &run->console->options;
    char word[16], *argv[] = { word, NULL };

    snprintf(word, sizeof(word), "%u", conn);
    if (options->front != NULL && options->front->display != NULL)
        options->front->display(options->front_ctx, "narrow", 1, argv, NULL);
}

void
focus_start(struct run *run)
{
    uint32_t conn = run_take_one(run);

    if (conn == 0)
        return;
    console_set_focus(run->console, conn);
    if (run->args.target.kind != TARGET_NONE)
        narrow(run, conn);
}

static void
show_preferences(struct run *run, int only)
{
    static const struct column columns[] = {
        { "name", "NAME", false }, { "value", "VALUE", false }, { "summary", "WHAT", false },
    };
    struct table table;

    table_init(&table, "settings", columns, 3);
    for (int i = 0; i < PREFERENCES; i++)
        if (only < 0 || only == i)
            preference_row(&run->console->preferences, i, &table);
    run_show(run, &table);
}

void
set_start(struct run *run)
{
    const char *name = args_word(&run->args, 0), *value = args_word(&run->args, 1);
    struct error err = { 0 };
    uint32_t request = 0;
    int place = -1;

    if (name != NULL)
        place = preference_find(name, &err);
    if (place >= 0 && value != NULL)
        preference_set(run->console, place, value, &request, &err);
    if (err.code != 0)
        run_fail(run, STATUS_USAGE, "%s", err.text);
    else if (value == NULL)
        show_preferences(run, place);
    else if (request != 0)
        run_await(run, 0, request);
}

void
source_start(struct run *run)
{
    run->enters = args_word(&run->args, 0);
}

static void
show_commands(struct run *run)
{
    static const struct column columns[] = {
        { "command", "COMMAND", false }, { "summary", "WHAT IT DOES", false },
    };
    struct table table;

    table_init(&table, "help", columns, 2);
    for (const struct command *command = commands; command->name != NULL; command++) {
        table_row(&table);
        table_text(&table, 0, "%s", command->name);
        table_text(&table, 1, "%s", command->summary);
    }
    run_show(run, &table);
}

static void
show_keys(struct run *run)
{
    const struct console_options *options = &run->console->options;

    if (options->front == NULL)
        run_fail(run, STATUS_USAGE, "keys are the screen's; the man page lists them");
    else
        options->front->display(options->front_ctx, "keys", 0, NULL, NULL);
}

void
help_start(struct run *run)
{
    const char *word = args_word(&run->args, 0);
    const struct command *command;
    struct buffer text = { 0 };
    struct error err = { 0 };

    if (word == NULL) {
        show_commands(run);
        return;
    }
    if (strcmp(word, "keys") == 0) {
        show_keys(run);
        return;
    }
    command = command_find(word, &err);
    if (command == NULL) {
        run_fail(run, STATUS_USAGE, "%s", err.text);
        return;
    }
    help_write(&text, command);
    run_show_text(run, command->name, buffer_data(&text));
    buffer_fini(&text);
}
