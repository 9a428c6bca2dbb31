/* layout.h - where everything is on a screen of a size. Pure. */
#ifndef SOCKDECK_UI_LAYOUT_H
#define SOCKDECK_UI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/ui/canvas.h"

/* In the order in which they take the keys. */
enum ui_pane { UI_CONNECTIONS, UI_WORKERS, UI_MESSAGES, UI_EVENTS, UI_CALLS, UI_PANES };

enum { LAYOUT_MIN_ROWS = 16, LAYOUT_MIN_COLS = 60, LAYOUT_WIDE_COLS = 150 };

/* What a user has chosen, kept between runs. */
enum pane_choice { PANE_AUTO, PANE_SHOWN, PANE_HIDDEN, PANE_CHOICES };

enum { LAYOUT_GROW_MAX = 100, LAYOUT_SHIFT_MAX = 200 };

struct layout_choice {
    enum pane_choice panes[UI_PANES];
    int grow[UI_PANES];         /* rows more or fewer than its share */
    int shift;                  /* cells that the wall stands further to the right */
};

struct layout_wish {
    bool hidden[UI_PANES];
    int grow[UI_PANES];
    int shift;
    int zoomed;                 /* the pane that takes all the room, -1: none */
    int listeners;              /* that the header would like to show */
};

struct layout {
    bool too_small;             /* nothing but a sentence fits */
    struct area header;
    struct area panes[UI_PANES];        /* with the title's row; rows 0: not shown */
    int wall_col;               /* a wall between columns of panes, -1: none */
    struct area body;           /* all panes together: where overlays go */
    struct area prompt, message, hints;
};

struct layout layout_compute(int rows, int cols, const struct layout_wish *wish);

#endif
