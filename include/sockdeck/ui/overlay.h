/* overlay.h - a drawer above the prompt: help, tables of `show`, details. It
 * scrolls; Esc closes it. UI thread only. */
#ifndef SOCKDECK_UI_OVERLAY_H
#define SOCKDECK_UI_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/needle.h"
#include "sockdeck/model/table.h"
#include "sockdeck/ui/canvas.h"
#include "sockdeck/ui/move.h"

struct overlay {
    bool is_open;
    char title[64];
    struct buffer text;         /* lines, each ended by a newline */
    int lines, widest;
    int heading;                /* lines at the top that do not scroll */
    int top, left;
    int row, rows, cols;        /* of the body, when it was last drawn */
    int found;                  /* the line that a search stands at, -1: none */
    const char *explained;      /* the word that Enter explains, NULL: none */
    struct table_subject live;  /* what it is asked about again and again; zeros: nothing */
    /* A menu: one line is chosen. */
    int chosen;                 /* -1: not a menu */
};

void overlay_open_text(struct overlay *overlay, const char *title, const char *text);
void overlay_open_table(struct overlay *overlay, const struct table *table);
/* The same table anew, where it was scrolled to: true when it reads differently. */
bool overlay_update_table(struct overlay *overlay, const struct table *table);
/* It is open and its table is about one object, which may change. */
bool overlay_is_live(const struct overlay *overlay);
void overlay_open_menu(struct overlay *overlay, const char *title, const char *text, int chosen);
/* The same menu with other lines; what is chosen stays so. */
void overlay_set_text(struct overlay *overlay, const char *text);
void overlay_set_title(struct overlay *overlay, const char *title);
void overlay_close(struct overlay *overlay);
void overlay_fini(struct overlay *overlay);

/* move: enum move of deck.h; columns: how far to the side. */
void overlay_move(struct overlay *overlay, enum move move);
/* A row of the screen: the line of a menu in it is chosen. */
void overlay_click(struct overlay *overlay, int row);
void overlay_shift(struct overlay *overlay, int columns);

/* Brings the next line that has the text into sight, in the direction of step, round the
 * end: 0, 1 when it went round the end, -ENOENT. The first time it begins with what is on top. */
int overlay_find(struct overlay *overlay, const struct needle *needle, int step);

/* Draws it at the bottom of body, with the text of marks (NULL: none) marked. */
void overlay_draw(struct overlay *overlay, struct canvas *canvas, struct area body,
                  bool has_focus, const struct needle *marks);

#endif
