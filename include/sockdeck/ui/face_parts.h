/* face_parts.h - what the files of the screen face do for each other, by file. */
#ifndef SOCKDECK_UI_FACE_PARTS_H
#define SOCKDECK_UI_FACE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/cmd/console.h"
#include "sockdeck/ui/face_state.h"
#include "sockdeck/ui/panes.h"
#include "sockdeck/ui/prompt.h"

struct error;

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
