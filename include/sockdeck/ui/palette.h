/* palette.h - how the cells of a theme look on a terminal of so many colours. Pure.
 *
 * A pair is a text and a background colour under a number. 0 is the terminal's own;
 * each role has one, and a second for the selected row where there are 256 colours. */
#ifndef SOCKDECK_UI_PALETTE_H
#define SOCKDECK_UI_PALETTE_H

#include <stdbool.h>

#include "sockdeck/ui/canvas.h"
#include "sockdeck/ui/theme.h"

enum { PALETTE_PAIRS_8 = ROLE_COUNT + 1, PALETTE_PAIRS_256 = 2 * ROLE_COUNT + 1 };

struct palette {
    const struct theme *theme;
    bool has_color, has_256;
    bool has_direct;            /* colours are red, green and blue, not places in a table */
};

struct look {
    unsigned bits;              /* enum style_bits */
    short pair;
};

struct pair { short number; int ink, back; };

/* A terminal with so many colours and pairs; 0: without. */
struct palette palette_of(const struct theme *theme, int colors, int pairs);

struct look palette_look(const struct palette *palette, const struct canvas_cell *cell);

/* A role's pair; for the selected row only where it has 256 colours. */
struct pair palette_pair(const struct palette *palette, enum role role, bool selected);

#endif
