/* face_forms.c - menus where a person would rather choose.
 * Each choice stands for a command, which is shown. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/serve/mode.h"
#include "sockdeck/ui/face_parts.h"

static void
open_menu(struct face *face, const char *title, struct buffer *text, int chosen)
{
    buffer_add(text, "", 1);
    overlay_open_menu(&face->overlay, title, buffer_data(text), chosen);
    face->form.is_open = false;
    face->message[0] = '\0';
    face_set_focus(face, FOCUS_OVERLAY);
    buffer_fini(text);
}

static bool
can_switch(const struct listener *row)
{
    return row != NULL && !row->stopped && !row->is_hole;
}

/* The listener of what is selected, at the prompt of the focused connection; 0: none. */
static uint32_t
listener_selected(const struct face *face)
{
    const struct pane *pane = face->focus == FOCUS_PANE ? &panes[face->pane] : NULL;
    uint32_t id = pane != NULL && pane->listener != NULL ? pane->listener(&face->deck) : 0;
    uint32_t conn = pane != NULL ? pane->selected(&face->deck) : console_focus(face->console);
    const struct connection *row;

    if (id != 0 || conn == 0)
        return id;
    model_lock(face->deck.model);
    row = model_connection(face->deck.model, conn);
    id = row != NULL && !row->dialled ? row->listener : 0;
    model_unlock(face->deck.model);
    return id;
}

/* The selected one, else the newest. Under the lock. */
static const struct listener *
listener_meant(const struct face *face, uint32_t selected)
{
    const struct listener *row = selected != 0 ? model_listener(face->deck.model, selected) : NULL;
    const struct listener *next;

    if (can_switch(row))
        return row;
    row = NULL;
    for (uint32_t from = 1; (next = model_next_listener(face->deck.model, from)) != NULL;
         from = next->id + 1u)
        if (can_switch(next))
            row = next;
    return row;
}

void
face_open_modes(struct face *face)
{
    uint32_t selected = listener_selected(face);
    const struct listener *row;
    struct buffer text = { 0 };
    char target[16], title[48];
    uint32_t current = 0, id = 0;

    model_lock(face->deck.model);
    row = listener_meant(face, selected);
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
        snprintf(face->menu[i].command, sizeof(face->menu[i].command), "mode %s %s", target,
                 modes[i]->name);
        buffer_printf(&text, "%s %-16s %s\n", i == current ? "*" : " ", modes[i]->name,
                      modes[i]->summary);
    }
    snprintf(title, sizeof(title), "Mode of %s", target);
    open_menu(face, title, &text, (int)current);
}

const char *
face_chosen(const struct face *face)
{
    int chosen = face->overlay.chosen;

    return face->form.is_open || chosen < 0 || chosen >= MENU_ITEMS ? "" : face->menu[chosen].command;
}

void
face_choose(struct face *face)
{
    int chosen = face->overlay.chosen;
    struct menu_item item;

    if (face_apply_form(face) || chosen < 0 || chosen >= MENU_ITEMS)
        return;
    item = face->menu[chosen];
    face_close_overlay(face);
    face_set_focus(face, FOCUS_PROMPT);
    face_set_message(face, false, item.command);
    console_submit(face->console, item.command);
}
