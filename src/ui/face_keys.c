/* face_keys.c - where keys go: a question, the table of keys, readline. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/command.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/screen.h"

enum place
face_place(const struct face *face)
{
    switch (face->focus) {
    case FOCUS_PANE: return panes[face->pane].place;
    case FOCUS_OVERLAY: return PLACE_OVERLAY;
    case FOCUS_PROMPT: break;
    }
    return PLACE_PROMPT;
}

/* Answers a question that stands on the line of hints; any other key drops it.
 * True when the key was the answer. */
static bool
answer(struct face *face, const struct keypress *key)
{
    bool is_yes = face->ask.key == key->code && clock_mono_ns() <= face->ask.until_ns;

    if (face->ask.key == KEYS_NONE)
        return false;
    face->ask.key = KEYS_NONE;
    face->is_prompt_dirty = true;
    if (is_yes && face->ask.command[0] != '\0')
        console_submit(face->console, face->ask.command);
    else if (is_yes)
        face_run_paste(face);
    else if (face->ask.command[0] == '\0')
        face_close_overlay(face);
    return is_yes;
}

static bool
begins_with_target(const char *words)
{
    return *words == '#' || *words == '@' || ((*words == 'L' || *words == 'W') &&
                                              words[1] >= '0' && words[1] <= '9');
}

/* In a pane, a command that takes a connection and names none is about the selected one:
 * "close" becomes "close #3". false: there is none. */
static bool
fill_in_target(const struct face *face, const struct binding *binding, char *buf, size_t size)
{
    size_t n = strcspn(binding->command, " ");
    char verb[32];
    const char *words = binding->command + n + strspn(binding->command + n, " ");
    const struct command *command;
    uint32_t conn;

    snprintf(buf, size, "%s", binding->command);
    snprintf(verb, sizeof(verb), "%.*s", (int)n, binding->command);
    command = command_find(verb, NULL);
    if (face->focus != FOCUS_PANE || command == NULL || !(command->takes & TAKES_SELECTED) ||
        begins_with_target(words))
        return true;
    conn = panes[face->pane].selected(&face->deck);
    snprintf(buf, size, "%s #%u%s%s", verb, conn, *words != '\0' ? " " : "", words);
    return conn != 0;
}

static void
ask_first(struct face *face, const struct binding *binding, const char *command)
{
    struct ask *ask = &face->ask;
    char name[16];

    snprintf(ask->command, sizeof(ask->command), "%s", command);
    snprintf(ask->text, sizeof(ask->text), "%s? %s again does it", ask->command,
             keys_name(name, binding->key));
    ask->key = binding->key;
    ask->until_ns = CLOCK_NEVER;
    face_set_message(face, false, "");
}

static void
run_binding(struct face *face, const struct binding *binding)
{
    char command[FACE_COMMAND];

    if (!fill_in_target(face, binding, command, sizeof(command)))
        face_set_message(face, true, "no connection is selected");
    else if (binding->asks)
        ask_first(face, binding, command);
    else
        console_submit(face->console, command);
}

/* Keys that are the prompt's own in some of its states. */
static bool
is_readlines(const struct face *face, const struct keypress *key)
{
    if (face->focus != FOCUS_PROMPT)
        return false;
    if (key->code == KEYS_ESC)
        return prompt_is_searching(face->prompt) || prompt_is_vi(face->prompt);
    if (key->code == KEYS_CTRL('D'))
        return !prompt_is_empty(face->prompt);
    return false;
}

static void
feed_prompt(struct face *face, const struct keypress *key)
{
    bool was_open = prompt_candidates(face->prompt)->count > 0;

    face->message[0] = '\0';
    face->is_prompt_dirty = true;
    if (key->code == KEYS_PASTE)
        face_paste(face);
    else
        prompt_feed(face->prompt, key->text, key->size);
    if (was_open || prompt_candidates(face->prompt)->count > 0)
        face->is_dirty = true;  /* the candidates lie over the panes */
}

static void
handle_key(struct face *face, const struct keypress *key)
{
    const struct binding *binding = NULL;

    face->key = *key;
    if (answer(face, key))
        return;
    if (face_take_tour(face, key) || face_take_form(face, key) || face_take_mouse(face, key))
        return;
    if (!is_readlines(face, key))
        binding = keymap_find(&face->keymap, face_place(face), key->code);
    if (binding != NULL)
        run_binding(face, binding);
    else if (face->focus == FOCUS_PROMPT)
        feed_prompt(face, key);
}

void
face_read_keys(struct face *face)
{
    struct keypress key;

    while (!face->is_over && keys_next(&face->keys, &key))
        handle_key(face, &key);
    face->key.code = KEYS_NONE;
}
