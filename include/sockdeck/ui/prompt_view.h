/* prompt_view.h - the prompt's row: label, line, cursor, sideways scrolling. UI
 * thread only. */
#ifndef SOCKDECK_UI_PROMPT_VIEW_H
#define SOCKDECK_UI_PROMPT_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/ui/canvas.h"

struct prompt;

struct prompt_view { size_t left; };    /* cells scrolled off to the left */

/* Draws it into area (one row); the cursor's column on the canvas comes back. */
int prompt_view_draw(struct prompt_view *view, const struct prompt *prompt,
                     struct canvas *canvas, struct area area);

#endif
