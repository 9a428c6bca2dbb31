/* face_state.h - the state of the screen face, for its own files only. */
#ifndef SOCKDECK_UI_FACE_STATE_H
#define SOCKDECK_UI_FACE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/cmd/demo.h"
#include "sockdeck/ui/deck.h"
#include "sockdeck/ui/face.h"
#include "sockdeck/ui/keymap.h"
#include "sockdeck/ui/keys.h"
#include "sockdeck/ui/overlay.h"
#include "sockdeck/ui/pace.h"
#include "sockdeck/ui/prompt_view.h"

struct screen;

enum focus { FOCUS_PROMPT, FOCUS_PANE, FOCUS_OVERLAY };

/* A line of an open menu: the command that it stands for. */
struct menu_item { char command[96]; };

/* The form of timeouts, while it is open. */
enum { FORM_EDIT = 14 };

struct form {
    bool is_open;
    uint32_t conn;              /* 0: what is made later */
    char targets[TIMEOUT_KINDS][16];    /* of each kind: "#3", "L1", "default" */
    int64_t values_ns[TIMEOUT_KINDS];
    char edits[TIMEOUT_KINDS][FORM_EDIT];       /* what was typed; "": nothing */
};

enum { MENU_ITEMS = 16 };

enum { FACE_COMMAND = 512 };    /* bytes of a key's command */

/* A question on the line of hints: the same key again means yes. */
struct ask {
    uint32_t key;               /* KEYS_NONE: nothing is asked */
    char text[FACE_COMMAND + 64];
    char command[FACE_COMMAND]; /* "": to run the lines that were pasted */
    int64_t until_ns;           /* CLOCK_NEVER: until another key comes */
};

/* The tour: a line is typed, stands there, runs, and is stayed with. */
enum tour_phase { TOUR_TYPES, TOUR_LOOKS, TOUR_RUNS, TOUR_STAYS };

struct tour {
    bool is_on, is_paused;
    enum tour_phase phase;
    struct demo names;
    size_t step;                /* in demo_steps */
    char line[DEMO_LINE];       /* its command */
    size_t typed;               /* of it */
    uint32_t job;               /* that runs it */
    int64_t begun_ns;           /* later by what pauses took */
    int64_t pace_ns;            /* how long to stay with a step, -1: the tour's own times */
    int64_t next_ns;            /* when the phase ends, CLOCK_NEVER: with the job */
};

struct face {
    const struct face_options *options;
    struct console *console;
    struct screen *screen;
    struct prompt *prompt;
    struct prompt_view prompt_view;
    struct canvas canvas;
    struct keys keys;
    struct keymap keymap;
    struct buffer pasted;       /* lines that wait for a yes */
    struct deck deck;
    struct layout layout;
    struct layout_choice choice;
    struct layout_wish wish;
    struct overlay overlay;
    bool is_refreshing;         /* console_refresh has not answered yet */
    int64_t refresh_ns;         /* when the overlay is looked at anew */
    struct menu_item menu[MENU_ITEMS];
    struct form form;
    enum focus focus, before_overlay;   /* where the keys go back to when it closes */
    enum ui_pane pane;          /* that has, or had last, the focus */
    char message[320];          /* under the prompt; "" for none */
    bool message_is_error;
    struct ask ask;
    struct tour tour;
    struct keypress key;        /* the one that is being handled, else KEYS_NONE */
    uint32_t send_conn;         /* target of the send prompt, 0: none yet */
    bool send_is_open;
    uint64_t seen_revision;     /* of the model, when it was last copied */
    struct pace pace;
    int find_pane;              /* where a search goes on, -1: nowhere */
    bool is_find_typed;         /* `/` began a find: its end goes back to the pane */
    bool is_dirty;              /* a person did something: draw all */
    bool has_news;              /* the model or a countdown has gone on: draw all */
    bool is_prompt_dirty;       /* draw the rows of the prompt at once */
    int64_t busy_ns;            /* since when a command runs, 0: none does */
    bool tells_busy;            /* it has run so long that the line under the prompt says so */
    bool is_blocked;            /* the terminal takes nothing: draw when it does again */
    int signals;                /* signalfd */
    bool is_over;
    int code;                   /* what face_run returns */
};

#endif
