/* face_mouse.c - a click focuses and selects, the wheel scrolls what it is over. With
 * Shift the mouse is the terminal's: no report comes. */
#include "config.h"

#include "sockdeck/ui/face_parts.h"

enum { WHEEL_ROWS = 3 };

static bool
contains(struct area area, const struct keypress *key)
{
    return key->row >= area.row && key->row < area.row + area.rows && key->col >= area.col &&
           key->col < area.col + area.cols;
}

static void
click(struct face *face, const struct keypress *key)
{
    if (contains(face->layout.prompt, key))
        face_set_focus(face, FOCUS_PROMPT);
    if (face->overlay.is_open && contains(face->layout.body, key) &&
        key->row + 1 >= face->overlay.row) {
        face_set_focus(face, FOCUS_OVERLAY);
        overlay_click(&face->overlay, key->row);
    }
    for (int i = 0; i < UI_PANES && !face->overlay.is_open; i++) {
        if (!contains(face->layout.panes[i], key))
            continue;
        face->pane = (enum ui_pane)i;
        face_set_focus(face, FOCUS_PANE);
        panes[i].click(&face->deck, key->row - face_pane_body(face, (enum ui_pane)i).row);
    }
}

static void
scroll(struct face *face, const struct keypress *key)
{
    enum move move = key->code == KEYS_WHEEL_UP ? MOVE_UP : MOVE_DOWN;

    for (int n = 0; n < WHEEL_ROWS && face->overlay.is_open; n++)
        overlay_move(&face->overlay, move);
    for (int i = 0; i < UI_PANES && !face->overlay.is_open; i++)
        for (int n = 0; n < WHEEL_ROWS && contains(face->layout.panes[i], key); n++)
            panes[i].move(&face->deck, move, 1);
}

bool
face_take_mouse(struct face *face, const struct keypress *key)
{
    switch (key->code) {
    case KEYS_CLICK: click(face, key); break;
    case KEYS_WHEEL_UP:
    case KEYS_WHEEL_DOWN: scroll(face, key); break;
    default: return false;
    }
    face->is_dirty = true;
    return true;
}
