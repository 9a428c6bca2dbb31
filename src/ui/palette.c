/* palette.c - how the cells of a theme look on a terminal of so many colours. */
#include "config.h"

#include "sockdeck/ui/palette.h"

struct palette
palette_of(const struct theme *theme, int colors, int pairs)
{
    struct palette palette = { .theme = theme, .has_color = pairs >= PALETTE_PAIRS_8 };

    palette.has_256 = palette.has_color && colors >= 256 && pairs >= PALETTE_PAIRS_256;
    palette.has_direct = palette.has_256 && colors > 256;
    return palette;
}

static short
pair_number(const struct palette *palette, unsigned role, bool selected)
{
    if (!palette->has_color)
        return 0;
    return (short)(1 + role + (selected && palette->has_256 ? ROLE_COUNT : 0));
}

/* Has a background of its own where there are too few colours to show it. */
static bool
stands_out(const struct palette *palette, const struct style *style)
{
    return !palette->has_256 && style->back_256 != palette->theme->styles[ROLE_TEXT].back_256;
}

struct look
palette_look(const struct palette *palette, const struct canvas_cell *cell)
{
    const struct style *style = &palette->theme->styles[cell->role];
    struct look look = { style->bits, pair_number(palette, cell->role, cell->selected) };

    if (palette->has_256 && style->ink_256 != COLOR_OWN)
        look.bits &= ~(unsigned)STYLE_DIM;      /* the colour is dim already */
    if (!palette->has_256 && style->ink_8 == 0)
        look.bits &= ~(unsigned)STYLE_BOLD;     /* bold black is grey there */
    if (stands_out(palette, style) && !(palette->has_color && style->back_8 != COLOR_OWN))
        look.bits |= STYLE_REVERSE;
    if (cell->selected && !(palette->has_256 && palette->theme->selected_back_256 != COLOR_OWN))
        look.bits ^= STYLE_REVERSE;
    return look;
}

/* A colour of the 256 as this terminal counts: one with direct colours wants red, green
 * and blue (its first eight are the ANSI colours). */
static int
color_of(const struct palette *palette, int color)
{
    static const uint8_t levels[] = { 0, 95, 135, 175, 215, 255 };
    int n = color - 16, grey = 8 + 10 * (color - 232);

    if (!palette->has_direct || color < 16)
        return color < 8 || !palette->has_direct ? color : color - 8;
    if (color >= 232)
        return grey << 16 | grey << 8 | grey;
    return levels[n / 36] << 16 | levels[n / 6 % 6] << 8 | levels[n % 6];
}

struct pair
palette_pair(const struct palette *palette, enum role role, bool selected)
{
    const struct style *style = &palette->theme->styles[role];
    struct pair pair = { pair_number(palette, role, selected), style->ink_8, style->back_8 };

    if (!palette->has_256)
        return pair;
    pair.ink = color_of(palette, style->ink_256);
    pair.back = color_of(palette, style->back_256);
    if (selected && palette->theme->selected_back_256 != COLOR_OWN &&
        style->back_256 == palette->theme->styles[ROLE_TEXT].back_256)
        pair.back = color_of(palette, palette->theme->selected_back_256);
    return pair;
}
