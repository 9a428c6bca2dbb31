/* face_keys.c - where keys go: a question, the table of keys, readline. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/face_state.h"
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
    if (is_yes)
        face_run_command(face, face->ask.command);
    return is_yes;
}

/* x, X and R end a connection: "close" becomes "close #3", and is asked about. */
static void
ask_about_connection(struct face *face, const struct binding *binding)
{
    uint32_t conn = panes[face->pane].selected(&face->deck);
    size_t verb = strcspn(binding->command, " ");
    struct ask *ask = &face->ask;
    char name[16];

    if (conn == 0) {
        face_set_message(face, true, "no connection is selected");
        return;
    }
    snprintf(ask->command, sizeof(ask->command), "%.*s #%u%s", (int)verb, binding->command, conn,
             binding->command + verb);
    snprintf(ask->text, sizeof(ask->text), "%s? %s again does it", ask->command,
             keys_name(name, binding->key));
    ask->key = binding->key;
    ask->until_ns = CLOCK_NEVER;
    face->is_prompt_dirty = true;
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
        prompt_paste(face->prompt, buffer_data(&face->keys.paste), buffer_size(&face->keys.paste));
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
    if (!is_readlines(face, key))
        binding = keymap_find(face_place(face), key->code);
    if (binding != NULL && binding->asks)
        ask_about_connection(face, binding);
    else if (binding != NULL)
        face_run_command(face, binding->command);
    else if (face->focus == FOCUS_PROMPT)
        feed_prompt(face, key);
}

void
face_read_keys(struct face *face)
{
    struct keypress key;

    while (!face->is_over && keys_next(&face->keys, &key))
        handle_key(face, &key);
}
