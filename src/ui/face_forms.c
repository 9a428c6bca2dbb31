/* face_forms.c - menus where a person would rather choose.
 * Each choice stands for a command, which is shown. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/serve/mode.h"
#include "sockdeck/ui/face_state.h"

static void
add_item(struct face *face, int index, bool is_typed, const char *format, const char *target,
         const char *word)
{
    struct menu_item *item = &face->menu[index];

    snprintf(item->command, sizeof(item->command), "%s %s %s%s", format, target, word,
             is_typed ? " " : "");
    item->is_typed = is_typed;
}

static void
open_menu(struct face *face, const char *title, struct buffer *text, int chosen)
{
    buffer_add(text, "", 1);
    overlay_open_menu(&face->overlay, title, buffer_data(text), chosen);
    face_set_focus(face, FOCUS_OVERLAY);
    buffer_fini(text);
}

void
face_open_timeouts(struct face *face)
{
    uint32_t focus = console_focus(face->console);
    const struct connection *row;
    struct settings settings;
    struct buffer text = { 0 };
    char target[16] = "default", title[48], word[32];

    settings_init(&settings);
    model_lock(face->deck.model);
    row = model_connection(face->deck.model, focus);
    if (row != NULL) {
        settings = row->settings;
        snprintf(target, sizeof(target), "#%u", focus);
    }
    model_unlock(face->deck.model);
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++) {
        add_item(face, kind, true, "timeout", target, event_timeout_names[kind]);
        buffer_printf(&text, "%-8s %s\n", event_timeout_names[kind],
                      row != NULL ? duration_text(word, settings.timeout_ns[kind]) : "");
    }
    snprintf(title, sizeof(title), "Timeouts of %s", row != NULL ? target : "what is made later");
    open_menu(face, title, &text, TIMEOUT_READ);
}

void
face_open_modes(struct face *face)
{
    const struct listener *row = NULL, *next;
    struct buffer text = { 0 };
    char target[16], title[48];
    uint32_t current = 0, id = 0;

    model_lock(face->deck.model);
    for (uint32_t from = 1; (next = model_next_listener(face->deck.model, from)) != NULL;
         from = next->id + 1u)
        if (!next->stopped && !next->is_hole)
            row = next;
    if (row != NULL) {
        id = row->id;
        current = row->mode;
    }
    model_unlock(face->deck.model);
    if (id == 0) {
        face_set_message(face, true, "there is no listener whose mode could change");
        return;
    }
    snprintf(target, sizeof(target), "L%u", id);
    for (uint32_t i = 0; i < mode_count && i < MENU_ITEMS; i++) {
        add_item(face, (int)i, false, "mode", target, modes[i]->name);
        buffer_printf(&text, "%s %-16s %s\n", i == current ? "*" : " ", modes[i]->name,
                      modes[i]->summary);
    }
    snprintf(title, sizeof(title), "Mode of %s", target);
    open_menu(face, title, &text, (int)current);
}

void
face_choose(struct face *face)
{
    int chosen = face->overlay.chosen;
    struct menu_item item;

    if (chosen < 0 || chosen >= MENU_ITEMS)
        return;
    item = face->menu[chosen];
    face_close_overlay(face);
    face_set_focus(face, FOCUS_PROMPT);
    if (item.is_typed) {
        face_front.type(face, item.command);
    } else {
        face_set_message(face, false, item.command);
        console_submit(face->console, item.command);
    }
}
