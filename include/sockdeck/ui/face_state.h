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
#include "sockdeck/ui/panes.h"
#include "sockdeck/ui/prompt.h"
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
    bool has_work;              /* of the deck's, that goes on in small steps */
    bool is_dirty;              /* a person did something: draw all */
    bool has_news;              /* the model or a countdown has gone on: draw all */
    bool is_prompt_dirty;       /* draw the rows of the prompt at once */
    bool is_blocked;            /* the terminal takes nothing: draw when it does again */
    int signals;                /* signalfd */
    bool is_over;
    int code;                   /* what face_run returns */
};

/* face_draw.c */
void face_draw(struct face *face, int64_t now_ns);
void face_draw_prompt(struct face *face);
void face_compose(struct face *face);           /* the canvas as it would be shown now */
struct area face_pane_body(const struct face *face, enum ui_pane pane);

/* face_keys.c */
void face_read_keys(struct face *face);
enum place face_place(const struct face *face);

/* face_verbs.c: a verb of the screen. -EINVAL with a sentence. */
int face_run_verb(struct face *face, const char *verb, int argc, char **argv, struct error *err);

/* face_demo.c */
int face_demo(struct face *face, int argc, char **argv, struct error *err);
void face_step_tour(struct face *face, int64_t now_ns);
int64_t face_tour_deadline(const struct face *face);
bool face_take_tour(struct face *face, const struct keypress *key);     /* false: not its key */
void face_draw_tour(const struct face *face, struct pen *message, struct pen *hints);

/* face_layout.c */
int face_layout(struct face *face, int argc, char **argv, struct error *err);
void face_load_layout(struct face *face);
void face_arrange(struct face *face);           /* what is wished of the layout now */

/* face_find.c */
int face_filter(struct face *face, int argc, char **argv, struct error *err);
int face_narrow(struct face *face, int argc, char **argv, struct error *err);
int face_find(struct face *face, int argc, char **argv, struct error *err);
void face_tell_find(struct face *face);         /* how a search has ended */

/* face_bind.c */
int face_bind(struct face *face, int argc, char **argv, struct error *err);
void face_open_keys(struct face *face);

/* face_mouse.c: false when the key is none of the mouse's. */
bool face_take_mouse(struct face *face, const struct keypress *key);

/* face_paste.c: a paste of several lines is shown and asked about. */
void face_paste(struct face *face);
void face_run_paste(struct face *face);

/* face_screenshot.c */
int face_screenshot(struct face *face, int argc, char **argv, struct error *err);

/* face_preferences.c: what `set` has set. */
void face_apply_preference(void *ctx, int id);
void face_apply_preferences(struct face *face);

/* face_timeouts.c */
void face_open_timeouts(struct face *face);
void face_refresh_form(struct face *face);
bool face_take_form(struct face *face, const struct keypress *key);     /* false: not its key */
bool face_apply_form(struct face *face);        /* false: it is not open */

/* face_forms.c */
void face_open_modes(struct face *face);
void face_choose(struct face *face);
const char *face_chosen(const struct face *face);        /* the command of the chosen line */

/* face_front.c: what the console and the prompt call. */
extern const struct front face_front;
bool face_submit(void *ctx, enum prompt_kind kind, const char *line);
size_t face_complete(void *ctx, const char *line, size_t point, size_t *start,
                     struct candidate *list, size_t max);
char *face_line(struct face *face, const char *text);   /* as a command; NULL: refused, blank */
void face_set_message(struct face *face, bool is_error, const char *text);
void face_set_focus(struct face *face, enum focus focus);
void face_close_overlay(struct face *face);
/* When an overlay that is live is to be looked at anew, CLOCK_NEVER for one that is not. */
int64_t face_refresh_deadline(const struct face *face);
void face_refresh_overlay(struct face *face, int64_t now_ns);
void face_update_label(struct face *face);
void face_switch_prompt(struct face *face, enum prompt_kind kind);

#endif
