/* face_verbs.c - what keys and commands do to the display, one const table. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/ui/face_state.h"
#include "sockdeck/ui/screen.h"

static int
refuse(struct error *err, const char *verb, const char *word, const char *choices)
{
    return error_set(err, -EINVAL, "%s: %.60s is not one of %s", verb, word, choices);
}

/* The pane that a verb is about: that with the focus, or the last that had it. */
static const struct pane *
current_pane(const struct face *face)
{
    return &panes[face->pane];
}

/* --- how things are shown ------------------------------------------------------------ */

/* The place of word among names; the one after current for "next" or no word. */
static int
choose_name(const char *const *names, int count, int current, const char *word)
{
    if (word == NULL || strcmp(word, "next") == 0)
        return (current + 1) % count;
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], word) == 0)
            return i;
    return -1;
}

static int
run_view(struct face *face, int argc, char **argv, struct error *err)
{
    int look = choose_name(look_names, LOOKS, face->deck.look, argc > 0 ? argv[0] : NULL);

    if (look < 0)
        return refuse(err, "view", argv[0], "text, hex, both");
    face->deck.look = (enum look)look;
    return 0;
}

static int
run_time(struct face *face, int argc, char **argv, struct error *err)
{
    static const char *const words[TIME_MODES] = {
        "time as clock", "time since start", "time since the line before",
    };
    int mode = choose_name(time_mode_names, TIME_MODES, face->deck.time, argc > 0 ? argv[0] : NULL);

    if (mode < 0)
        return refuse(err, "time", argv[0], "clock, start, previous");
    face->deck.time = (enum time_mode)mode;
    face_set_message(face, false, words[mode]);
    return 0;
}

static int
run_freeze(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    face->deck.is_frozen = !face->deck.is_frozen;
    return 0;
}

static int
run_zoom(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    face->wish.zoomed = face->wish.zoomed >= 0 ? -1 : (int)face->pane;
    return 0;
}

static int
run_follow(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    face->deck.is_frozen = false;
    for (int i = 0; i < UI_PANES; i++)
        if (face->focus == FOCUS_PROMPT || i == (int)face->pane)
            panes[i].move(&face->deck, MOVE_LAST, 1);
    return 0;
}

static int
run_clear(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    for (int i = 0; i < UI_PANES; i++)
        if (face->focus == FOCUS_PROMPT || i == (int)face->pane)
            panes[i].clear(&face->deck);
    return 0;
}

static int
run_redraw(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    screen_redraw(face->screen);
    return 0;
}

/* --- where the keys go ---------------------------------------------------------------- */

static bool
is_shown(const struct face *face, int pane)
{
    return !face->wish.hidden[pane] &&
           (face->wish.zoomed >= 0 || face->layout.panes[pane].rows > 0);
}

/* Round by the prompt: prompt, pane, pane, pane, prompt. */
static int
run_next_pane(struct face *face, int argc, char **argv, struct error *err)
{
    int step = argc > 0 && strcmp(argv[0], "back") == 0 ? -1 : 1;
    int at = face->focus == FOCUS_PROMPT ? (step > 0 ? -1 : UI_PANES) : (int)face->pane;

    if (argc > 0 && step > 0)
        return refuse(err, "next-pane", argv[0], "back");
    if (face->overlay.is_open && face->focus == FOCUS_PROMPT) {
        face_set_focus(face, FOCUS_OVERLAY);
        return 0;
    }
    do
        at += step;
    while (at >= 0 && at < UI_PANES && !is_shown(face, at));
    if (at < 0 || at >= UI_PANES) {
        face_set_focus(face, FOCUS_PROMPT);
        return 0;
    }
    face->pane = (enum ui_pane)at;
    if (face->wish.zoomed >= 0)
        face->wish.zoomed = at;
    face_set_focus(face, FOCUS_PANE);
    return 0;
}

static int
run_back(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    if (prompt_candidates(face->prompt)->count > 0)
        prompt_close_candidates(face->prompt);
    else if (face->overlay.is_open)
        face_close_overlay(face);
    else
        face_set_focus(face, face->focus == FOCUS_PROMPT ? FOCUS_PANE : FOCUS_PROMPT);
    return 0;
}

static int
run_prompt(struct face *face, int argc, char **argv, struct error *err)
{
    const char *word = argc > 0 ? argv[0] : "";
    enum prompt_kind kind = prompt_kind(face->prompt);

    (void)err;
    if (strcmp(word, "other") == 0)
        kind = kind == PROMPT_COMMAND ? PROMPT_SEND : PROMPT_COMMAND;
    else if (strcmp(word, "command") == 0)
        kind = PROMPT_COMMAND;
    face_set_focus(face, FOCUS_PROMPT);
    if (kind != prompt_kind(face->prompt))
        face_switch_prompt(face, kind);
    return 0;
}

/* Enter on an empty command line sends what this wrote. */
static int
run_type(struct face *face, int argc, char **argv, struct error *err)
{
    uint32_t focus = console_focus(face->console);
    char line[64];

    (void)argc;
    if (prompt_kind(face->prompt) != PROMPT_COMMAND || !prompt_is_empty(face->prompt))
        return error_set(err, -EINVAL, "%s is written into an empty command line only", argv[0]);
    if (focus != 0)
        snprintf(line, sizeof(line), "%s #%u", argv[0], focus);
    else
        snprintf(line, sizeof(line), "%s ", argv[0]);
    face_set_focus(face, FOCUS_PROMPT);
    prompt_set_line(face->prompt, line);
    return 0;
}

/* --- moving and opening ----------------------------------------------------------------- */

static int
run_move(struct face *face, int argc, char **argv, struct error *err)
{
    static const char *const names[] = {
        [MOVE_UP] = "up", [MOVE_DOWN] = "down", [MOVE_PAGE_UP] = "page-up",
        [MOVE_PAGE_DOWN] = "page-down", [MOVE_FIRST] = "first", [MOVE_LAST] = "last",
    };
    enum ui_pane pane = face->pane;
    int move = choose_name(names, 6, 0, argc > 0 ? argv[0] : "");

    if (move < 0)
        return refuse(err, "move", argc > 0 ? argv[0] : "",
                      "up, down, page-up, page-down, first, last");
    if (face->overlay.is_open) {
        overlay_move(&face->overlay, move);
        return 0;
    }
    if (face->focus == FOCUS_PROMPT && face->wish.zoomed < 0)
        pane = UI_MESSAGES;
    panes[pane].move(&face->deck, (enum move)move, face_pane_body(face, pane).rows);
    return 0;
}

static int
run_shift(struct face *face, int argc, char **argv, struct error *err)
{
    (void)err;
    overlay_shift(&face->overlay, argc > 0 && strcmp(argv[0], "left") == 0 ? -8 : 8);
    return 0;
}

static int
run_open(struct face *face, int argc, char **argv, struct error *err)
{
    struct opened opened = { .command = "" };

    (void)argc, (void)argv, (void)err;
    current_pane(face)->open(&face->deck, &opened);
    if (opened.command[0] != '\0')
        console_submit(face->console, opened.command);
    if (buffer_size(&opened.text) > 0) {
        buffer_add(&opened.text, "", 1);
        face_front.show_text(face, opened.title, buffer_data(&opened.text));
    }
    buffer_fini(&opened.text);
    return 0;
}

static int
run_fold(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    if (current_pane(face)->fold != NULL)
        current_pane(face)->fold(&face->deck);
    return 0;
}

static int
run_target(struct face *face, int argc, char **argv, struct error *err)
{
    uint32_t conn = current_pane(face)->selected(&face->deck);

    (void)argc, (void)argv;
    if (conn == 0)
        return error_set(err, -EINVAL, "no connection is selected");
    console_set_focus(face->console, conn);
    return 0;
}

static int
run_choose(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    face_choose(face);
    return 0;
}

static int
run_form(struct face *face, int argc, char **argv, struct error *err)
{
    (void)err;
    if (argc > 0 && strcmp(argv[0], "modes") == 0)
        face_open_modes(face);
    else
        face_open_timeouts(face);
    return 0;
}

static int
run_keys(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    face_open_keys(face);
    return 0;
}

/* --- mouse --------------------------------------------------------------------------- */

static bool
contains(struct area area, int row, int col)
{
    return row >= area.row && row < area.row + area.rows && col >= area.col &&
           col < area.col + area.cols;
}

static int
run_click(struct face *face, int argc, char **argv, struct error *err)
{
    int row = face->key.row, col = face->key.col;

    (void)argc, (void)argv, (void)err;
    if (contains(face->layout.prompt, row, col))
        face_set_focus(face, FOCUS_PROMPT);
    if (face->overlay.is_open)
        return 0;
    for (int i = 0; i < UI_PANES; i++) {
        if (!contains(face->layout.panes[i], row, col))
            continue;
        face->pane = (enum ui_pane)i;
        face_set_focus(face, FOCUS_PANE);
        panes[i].click(&face->deck, row - face_pane_body(face, (enum ui_pane)i).row);
    }
    return 0;
}

static int
run_wheel(struct face *face, int argc, char **argv, struct error *err)
{
    enum move move = argc > 0 && strcmp(argv[0], "up") == 0 ? MOVE_UP : MOVE_DOWN;

    (void)err;
    for (int n = 0; n < 3; n++) {
        if (face->overlay.is_open) {
            overlay_move(&face->overlay, (int)move);
            continue;
        }
        for (int i = 0; i < UI_PANES; i++)
            if (contains(face->layout.panes[i], face->key.row, face->key.col))
                panes[i].move(&face->deck, move, 1);
    }
    return 0;
}

/* --- leaving ----------------------------------------------------------------------------- */

static void
ask(struct face *face, const char *command, int64_t until_ns, const char *text)
{
    face->ask.key = face->key.code;
    face->ask.until_ns = until_ns;
    snprintf(face->ask.command, sizeof(face->ask.command), "%s", command);
    snprintf(face->ask.text, sizeof(face->ask.text), "%s", text);
    face->is_prompt_dirty = true;
}

static int
run_quit(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    face->is_over = true;
    return 0;
}

static int
run_leave(struct face *face, int argc, char **argv, struct error *err)
{
    size_t connections, listeners;
    char text[128], name[16];

    (void)argc, (void)argv, (void)err;
    model_lock(face->deck.model);
    connections = model_open_connections(face->deck.model);
    listeners = model_open_listeners(face->deck.model);
    model_unlock(face->deck.model);
    if (connections + listeners == 0)
        return run_quit(face, 0, NULL, NULL);
    snprintf(text, sizeof(text), "open: %zu connection%s, %zu listener%s; %s again quits",
             connections, connections == 1 ? "" : "s", listeners, listeners == 1 ? "" : "s",
             keys_name(name, face->key.code));
    ask(face, "leave-now", CLOCK_NEVER, text);
    return 0;
}

static int
run_end_of_file(struct face *face, int argc, char **argv, struct error *err)
{
    if (prompt_kind(face->prompt) == PROMPT_COMMAND)
        return run_leave(face, argc, argv, err);
    face_switch_prompt(face, PROMPT_COMMAND);
    return 0;
}

static int
run_interrupt(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    if (!prompt_is_empty(face->prompt) || prompt_is_searching(face->prompt))
        prompt_interrupt(face->prompt);
    else if (console_is_busy(face->console))
        console_cancel(face->console);
    else
        ask(face, "leave-now", clock_mono_ns() + NS_PER_S, "again to quit");
    return 0;
}

static int
run_suspend(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    screen_suspend(face->screen);
    return 0;
}

static const struct verb {
    const char *name;
    int (*run)(struct face *face, int argc, char **argv, struct error *err);
} verbs[] = {
    { "back", run_back },
    { "choose", run_choose },
    { "clear", run_clear },
    { "click", run_click },
    { "end-of-file", run_end_of_file },
    { "fold", run_fold },
    { "follow", run_follow },
    { "form", run_form },
    { "freeze", run_freeze },
    { "interrupt", run_interrupt },
    { "keys", run_keys },
    { "leave", run_leave },
    { "leave-now", run_quit },
    { "move", run_move },
    { "next-pane", run_next_pane },
    { "open", run_open },
    { "prompt", run_prompt },
    { "redraw", run_redraw },
    { "shift", run_shift },
    { "suspend", run_suspend },
    { "target", run_target },
    { "time", run_time },
    { "type", run_type },
    { "view", run_view },
    { "wheel", run_wheel },
    { "zoom", run_zoom },
};

static const struct verb *
find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

bool
face_has_verb(const char *name)
{
    return find_verb(name) != NULL;
}

int
face_run_verb(struct face *face, const char *verb, int argc, char **argv, struct error *err)
{
    const struct verb *found = find_verb(verb);

    if (found == NULL)
        return error_set(err, -EINVAL, "%.60s: not a command of the screen", verb);
    face->is_dirty = true;
    return found->run(face, argc, argv, err);
}

void
face_run_command(struct face *face, const char *command)
{
    char words[96], *argv[4] = { NULL }, *rest = words;
    struct error err = { 0 };
    int argc = 0;

    snprintf(words, sizeof(words), "%s", command);
    while (argc < 3 && (argv[argc] = strsep(&rest, " ")) != NULL)
        argc++;
    if (argc == 0 || find_verb(argv[0]) == NULL)
        console_submit(face->console, command);
    else if (face_run_verb(face, argv[0], argc - 1, argv + 1, &err) != 0)
        face_set_message(face, true, err.text);
}
