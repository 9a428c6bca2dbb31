/* theme.c - the themes, one const table each. */
#include "config.h"

#include "sockdeck/ui/theme.h"

#include <stdlib.h>
#include <string.h>

/* 256-colour number, the same of 8 colours, further bits. */
#define INK(c256, c8, more) { c256, c8, COLOR_OWN, COLOR_OWN, more }
#define OWN(more) { COLOR_OWN, COLOR_OWN, COLOR_OWN, COLOR_OWN, more }
/* The same on a background. Where there are 8 colours only, it is reversed. */
#define ON(c256, b256, more) { c256, COLOR_OWN, b256, COLOR_OWN, more }

/* Ink and background, of 256 colours and of 8. */
#define PAINT(c256, c8, b256, b8, more) { c256, c8, b256, b8, more }
#define WHITE(more) PAINT(231, WHITE8, 16, BLACK8, more)
#define SLIDE(c256, c8, more) PAINT(c256, c8, 231, WHITE8, (more) | STYLE_BOLD)

enum { BLACK8, RED8, GREEN8, YELLOW8, BLUE8, MAGENTA8, CYAN8, WHITE8 };

static const struct theme dark = {
    .name = "dark",
    .selected_back_256 = 238,
    .styles = {
        [ROLE_TEXT] = OWN(0),
        [ROLE_DIM] = INK(245, COLOR_OWN, STYLE_DIM),
        [ROLE_BORDER] = INK(240, BLUE8, 0),
        [ROLE_BORDER_FOCUS] = INK(75, CYAN8, 0),
        [ROLE_TITLE] = INK(252, COLOR_OWN, STYLE_BOLD),
        [ROLE_TITLE_FOCUS] = INK(75, CYAN8, STYLE_BOLD),
        [ROLE_HEADER] = ON(252, 236, 0),
        [ROLE_HEADER_STRONG] = ON(117, 236, STYLE_BOLD),
        [ROLE_HEADER_DIM] = ON(246, 236, 0),
        [ROLE_HEADER_WARNING] = ON(215, 236, STYLE_BOLD),
        [ROLE_COLUMN] = INK(245, COLOR_OWN, STYLE_DIM),
        [ROLE_TIME] = INK(244, COLOR_OWN, STYLE_DIM),
        [ROLE_ID] = INK(180, YELLOW8, 0),
        [ROLE_SENT] = INK(110, CYAN8, 0),
        [ROLE_RECEIVED] = INK(114, GREEN8, 0),
        [ROLE_ESCAPE] = INK(139, MAGENTA8, 0),
        [ROLE_FOLD] = INK(244, COLOR_OWN, STYLE_BOLD),
        [ROLE_FOUND] = ON(16, 221, 0),
        [ROLE_OPEN] = INK(114, GREEN8, 0),
        [ROLE_WAITING] = INK(215, YELLOW8, 0),
        [ROLE_CLOSED] = INK(243, COLOR_OWN, STYLE_DIM),
        [ROLE_NOTICE] = INK(117, CYAN8, 0),
        [ROLE_WARNING] = INK(215, YELLOW8, 0),
        [ROLE_ERROR] = INK(203, RED8, STYLE_BOLD),
        [ROLE_PROMPT] = INK(75, CYAN8, STYLE_BOLD),
        [ROLE_PROMPT_IDLE] = INK(243, COLOR_OWN, STYLE_DIM),
        [ROLE_INPUT] = OWN(0),
        [ROLE_USAGE] = INK(245, COLOR_OWN, STYLE_DIM),
        [ROLE_HINT_KEY] = INK(75, CYAN8, STYLE_BOLD),
        [ROLE_HINT] = INK(246, COLOR_OWN, 0),
        [ROLE_POPUP] = ON(252, 237, 0),
        [ROLE_POPUP_DIM] = ON(246, 237, 0),
        [ROLE_POPUP_SELECTED] = ON(16, 75, 0),
    },
};

static const struct theme light = {
    .name = "light",
    .selected_back_256 = 254,
    .styles = {
        [ROLE_TEXT] = OWN(0),
        [ROLE_DIM] = INK(242, COLOR_OWN, 0),
        [ROLE_BORDER] = INK(248, BLUE8, 0),
        [ROLE_BORDER_FOCUS] = INK(25, BLUE8, 0),
        [ROLE_TITLE] = OWN(STYLE_BOLD),
        [ROLE_TITLE_FOCUS] = INK(25, BLUE8, STYLE_BOLD),
        [ROLE_HEADER] = ON(235, 253, 0),
        [ROLE_HEADER_STRONG] = ON(24, 253, STYLE_BOLD),
        [ROLE_HEADER_DIM] = ON(241, 253, 0),
        [ROLE_HEADER_WARNING] = ON(130, 253, STYLE_BOLD),
        [ROLE_COLUMN] = INK(242, COLOR_OWN, 0),
        [ROLE_TIME] = INK(242, COLOR_OWN, 0),
        [ROLE_ID] = INK(94, MAGENTA8, 0),
        [ROLE_SENT] = INK(25, BLUE8, 0),
        [ROLE_RECEIVED] = INK(28, GREEN8, 0),
        [ROLE_ESCAPE] = INK(90, MAGENTA8, 0),
        [ROLE_FOLD] = INK(242, COLOR_OWN, STYLE_BOLD),
        [ROLE_FOUND] = ON(16, 221, 0),
        [ROLE_OPEN] = INK(28, GREEN8, 0),
        [ROLE_WAITING] = INK(130, MAGENTA8, 0),
        [ROLE_CLOSED] = INK(245, COLOR_OWN, 0),
        [ROLE_NOTICE] = INK(24, BLUE8, 0),
        [ROLE_WARNING] = INK(130, MAGENTA8, 0),
        [ROLE_ERROR] = INK(160, RED8, STYLE_BOLD),
        [ROLE_PROMPT] = INK(25, BLUE8, STYLE_BOLD),
        [ROLE_PROMPT_IDLE] = INK(245, COLOR_OWN, 0),
        [ROLE_INPUT] = OWN(0),
        [ROLE_USAGE] = INK(242, COLOR_OWN, 0),
        [ROLE_HINT_KEY] = INK(25, BLUE8, STYLE_BOLD),
        [ROLE_HINT] = INK(240, COLOR_OWN, 0),
        [ROLE_POPUP] = ON(235, 254, 0),
        [ROLE_POPUP_DIM] = ON(241, 254, 0),
        [ROLE_POPUP_SELECTED] = ON(231, 25, 0),
    },
};

static const struct theme mono = {
    .name = "mono",
    .selected_back_256 = COLOR_OWN,
    .styles = {
        [ROLE_TEXT] = OWN(0),
        [ROLE_DIM] = OWN(STYLE_DIM),
        [ROLE_BORDER] = OWN(STYLE_DIM),
        [ROLE_BORDER_FOCUS] = OWN(0),
        [ROLE_TITLE] = OWN(STYLE_BOLD),
        [ROLE_TITLE_FOCUS] = OWN(STYLE_BOLD),
        [ROLE_HEADER] = OWN(STYLE_REVERSE),
        [ROLE_HEADER_STRONG] = OWN(STYLE_REVERSE | STYLE_BOLD),
        [ROLE_HEADER_DIM] = OWN(STYLE_REVERSE),
        [ROLE_HEADER_WARNING] = OWN(STYLE_REVERSE | STYLE_BOLD),
        [ROLE_COLUMN] = OWN(STYLE_DIM),
        [ROLE_TIME] = OWN(STYLE_DIM),
        [ROLE_ID] = OWN(0),
        [ROLE_SENT] = OWN(0),
        [ROLE_RECEIVED] = OWN(0),
        [ROLE_ESCAPE] = OWN(STYLE_UNDERLINE),
        [ROLE_FOLD] = OWN(STYLE_BOLD),
        [ROLE_FOUND] = OWN(STYLE_REVERSE),
        [ROLE_OPEN] = OWN(0),
        [ROLE_WAITING] = OWN(STYLE_BOLD),
        [ROLE_CLOSED] = OWN(STYLE_DIM),
        [ROLE_NOTICE] = OWN(0),
        [ROLE_WARNING] = OWN(STYLE_BOLD),
        [ROLE_ERROR] = OWN(STYLE_BOLD),
        [ROLE_PROMPT] = OWN(STYLE_BOLD),
        [ROLE_PROMPT_IDLE] = OWN(STYLE_DIM),
        [ROLE_INPUT] = OWN(0),
        [ROLE_USAGE] = OWN(STYLE_DIM),
        [ROLE_HINT_KEY] = OWN(STYLE_BOLD),
        [ROLE_HINT] = OWN(0),
        [ROLE_POPUP] = OWN(STYLE_REVERSE),
        [ROLE_POPUP_DIM] = OWN(STYLE_REVERSE),
        [ROLE_POPUP_SELECTED] = OWN(STYLE_BOLD),
    },
};

/* Black, white and few strong colours that people who do not tell red from green tell
 * apart: cyan, yellow, and white on red. */
static const struct theme contrast = {
    .name = "contrast",
    .selected_back_256 = 19,
    .styles = {
        [ROLE_TEXT] = WHITE(0),
        [ROLE_DIM] = WHITE(0),
        [ROLE_BORDER] = WHITE(0),
        [ROLE_BORDER_FOCUS] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_TITLE] = WHITE(STYLE_BOLD),
        [ROLE_TITLE_FOCUS] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_HEADER] = PAINT(16, BLACK8, 231, WHITE8, 0),
        [ROLE_HEADER_STRONG] = PAINT(16, BLACK8, 231, WHITE8, STYLE_BOLD),
        [ROLE_HEADER_DIM] = PAINT(16, BLACK8, 231, WHITE8, 0),
        [ROLE_HEADER_WARNING] = PAINT(231, WHITE8, 160, RED8, STYLE_BOLD),
        [ROLE_COLUMN] = WHITE(STYLE_UNDERLINE),
        [ROLE_TIME] = WHITE(0),
        [ROLE_ID] = WHITE(STYLE_BOLD),
        [ROLE_SENT] = PAINT(51, CYAN8, 16, BLACK8, STYLE_BOLD),
        [ROLE_RECEIVED] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_ESCAPE] = WHITE(STYLE_UNDERLINE),
        [ROLE_FOLD] = WHITE(STYLE_BOLD),
        [ROLE_FOUND] = PAINT(16, BLACK8, 226, YELLOW8, STYLE_BOLD),
        [ROLE_OPEN] = WHITE(STYLE_BOLD),
        [ROLE_WAITING] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_CLOSED] = WHITE(0),
        [ROLE_NOTICE] = PAINT(51, CYAN8, 16, BLACK8, STYLE_BOLD),
        [ROLE_WARNING] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_ERROR] = PAINT(231, WHITE8, 160, RED8, STYLE_BOLD),
        [ROLE_PROMPT] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_PROMPT_IDLE] = WHITE(0),
        [ROLE_INPUT] = WHITE(STYLE_BOLD),
        [ROLE_USAGE] = WHITE(0),
        [ROLE_HINT_KEY] = PAINT(226, YELLOW8, 16, BLACK8, STYLE_BOLD),
        [ROLE_HINT] = WHITE(0),
        [ROLE_POPUP] = PAINT(16, BLACK8, 231, WHITE8, 0),
        [ROLE_POPUP_DIM] = PAINT(16, BLACK8, 231, WHITE8, 0),
        [ROLE_POPUP_SELECTED] = PAINT(16, BLACK8, 226, YELLOW8, STYLE_BOLD),
    },
};

/* For a lecture hall: black on white, all of it bold, colours dark enough to be read. */
static const struct theme projector = {
    .name = "projector",
    .selected_back_256 = 252,
    .styles = {
        [ROLE_TEXT] = SLIDE(16, BLACK8, 0),
        [ROLE_DIM] = SLIDE(16, BLACK8, 0),
        [ROLE_BORDER] = SLIDE(16, BLACK8, 0),
        [ROLE_BORDER_FOCUS] = SLIDE(19, BLUE8, 0),
        [ROLE_TITLE] = SLIDE(16, BLACK8, 0),
        [ROLE_TITLE_FOCUS] = SLIDE(19, BLUE8, 0),
        [ROLE_HEADER] = PAINT(231, WHITE8, 16, BLACK8, STYLE_BOLD),
        [ROLE_HEADER_STRONG] = PAINT(231, WHITE8, 16, BLACK8, STYLE_BOLD),
        [ROLE_HEADER_DIM] = PAINT(231, WHITE8, 16, BLACK8, STYLE_BOLD),
        [ROLE_HEADER_WARNING] = PAINT(16, BLACK8, 226, YELLOW8, STYLE_BOLD),
        [ROLE_COLUMN] = SLIDE(16, BLACK8, STYLE_UNDERLINE),
        [ROLE_TIME] = SLIDE(16, BLACK8, 0),
        [ROLE_ID] = SLIDE(16, BLACK8, 0),
        [ROLE_SENT] = SLIDE(19, BLUE8, 0),
        [ROLE_RECEIVED] = SLIDE(16, BLACK8, 0),
        [ROLE_ESCAPE] = SLIDE(16, BLACK8, STYLE_UNDERLINE),
        [ROLE_FOLD] = SLIDE(16, BLACK8, 0),
        [ROLE_FOUND] = PAINT(16, BLACK8, 226, YELLOW8, STYLE_BOLD),
        [ROLE_OPEN] = SLIDE(16, BLACK8, 0),
        [ROLE_WAITING] = SLIDE(124, RED8, 0),
        [ROLE_CLOSED] = SLIDE(16, BLACK8, 0),
        [ROLE_NOTICE] = SLIDE(19, BLUE8, 0),
        [ROLE_WARNING] = SLIDE(124, RED8, 0),
        [ROLE_ERROR] = PAINT(231, WHITE8, 124, RED8, STYLE_BOLD),
        [ROLE_PROMPT] = SLIDE(19, BLUE8, 0),
        [ROLE_PROMPT_IDLE] = SLIDE(16, BLACK8, 0),
        [ROLE_INPUT] = SLIDE(16, BLACK8, 0),
        [ROLE_USAGE] = SLIDE(16, BLACK8, 0),
        [ROLE_HINT_KEY] = SLIDE(19, BLUE8, 0),
        [ROLE_HINT] = SLIDE(16, BLACK8, 0),
        [ROLE_POPUP] = PAINT(231, WHITE8, 16, BLACK8, STYLE_BOLD),
        [ROLE_POPUP_DIM] = PAINT(231, WHITE8, 16, BLACK8, STYLE_BOLD),
        [ROLE_POPUP_SELECTED] = PAINT(16, BLACK8, 226, YELLOW8, STYLE_BOLD),
    },
};

/* NULL at the end. */
static const struct theme *const themes[] = { &dark, &light, &contrast, &mono, &projector, NULL };

const struct theme *
theme_find(const char *name)
{
    for (size_t i = 0; themes[i] != NULL; i++)
        if (strcmp(themes[i]->name, name) == 0)
            return themes[i];
    return NULL;
}

/* COLORFGBG is "15;0" or "0;default;15": the background is the last number, and
 * 7 and 9 to 15 are light. */
static int
is_light(const char *colorfgbg)
{
    const char *last;
    long background;

    if (colorfgbg == NULL || (last = strrchr(colorfgbg, ';')) == NULL)
        return 0;
    background = strtol(last + 1, NULL, 10);
    return background == 7 || (background >= 9 && background <= 15);
}

const struct theme *
theme_from_environment(void)
{
    const char *no_color = getenv("NO_COLOR");

    if (no_color != NULL && *no_color != '\0')
        return &mono;
    return is_light(getenv("COLORFGBG")) ? &light : &dark;
}
