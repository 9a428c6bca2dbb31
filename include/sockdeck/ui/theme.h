/* theme.h - what things on the screen mean, and how each theme shows it.
 *
 * A role is a meaning, never a colour. Every theme is one const table; what a
 * role says is always said by a word or a sign too. Colours are those of xterm: 0 to 7,
 * and 0 to 255. Pure. */
#ifndef SOCKDECK_UI_THEME_H
#define SOCKDECK_UI_THEME_H

#include <stdint.h>

enum role {
    ROLE_TEXT,
    ROLE_DIM,
    ROLE_BORDER, ROLE_BORDER_FOCUS,
    ROLE_TITLE, ROLE_TITLE_FOCUS,
    ROLE_HEADER, ROLE_HEADER_STRONG, ROLE_HEADER_DIM, ROLE_HEADER_WARNING,
    ROLE_COLUMN,                /* headings of columns */
    ROLE_TIME,
    ROLE_ID,                    /* #1, L1, W2 */
    ROLE_SENT, ROLE_RECEIVED,
    ROLE_ESCAPE,                /* a byte that was shown as an escape */
    ROLE_FOLD,                  /* here is more than is shown */
    ROLE_FOUND,                 /* what find looked for */
    ROLE_OPEN, ROLE_WAITING, ROLE_CLOSED,
    ROLE_NOTICE, ROLE_WARNING, ROLE_ERROR,
    ROLE_PROMPT, ROLE_PROMPT_IDLE, ROLE_INPUT, ROLE_USAGE,
    ROLE_HINT_KEY, ROLE_HINT,
    ROLE_POPUP, ROLE_POPUP_DIM, ROLE_POPUP_SELECTED,
    ROLE_COUNT
};

enum style_bits {
    STYLE_BOLD = 1 << 0, STYLE_DIM = 1 << 1, STYLE_REVERSE = 1 << 2, STYLE_UNDERLINE = 1 << 3,
};

enum { COLOR_OWN = -1 };        /* the terminal's own foreground or background */

struct style {
    int16_t ink_256, ink_8;
    int16_t back_256, back_8;
    uint8_t bits;
};

struct theme {
    const char *name;
    int16_t selected_back_256;  /* behind the selected row; elsewhere it is reversed */
    struct style styles[ROLE_COUNT];
};

const struct theme *theme_find(const char *name);       /* NULL: no such theme */

/* What the environment asks for: mono when NO_COLOR is set and not empty, light
 * when COLORFGBG tells of a light background, else dark. */
const struct theme *theme_from_environment(void);

#endif
