/* face_verbs.c - what keys and commands do to the display, one const table. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/screen.h"

/* The pane that a verb is about: that with the focus, or the last that had it. */
static const struct pane *
current_pane(const struct face *face)
{
    return &panes[face->pane];
}

/* --- how things are shown ------------------------------------------------------------ */

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

    (void)err;
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
    if (face->focus == FOCUS_PROMPT)
        face->deck.marks_found = face->is_find_typed = false;
    return 0;
}

/* Words for the command prompt: Enter runs what this wrote. */
static int
write_ping(struct face *face, struct error *err)
{
    uint32_t focus = console_focus(face->console);
    char line[64] = "ping ";

    if (prompt_kind(face->prompt) != PROMPT_COMMAND || !prompt_is_empty(face->prompt))
        return error_set(err, -EINVAL, "ping is written into an empty command line only");
    if (focus != 0)
        snprintf(line, sizeof(line), "ping #%u", focus);
    prompt_set_line(face->prompt, line);
    return 0;
}

static void
write_filter(struct face *face)
{
    char terms[512], line[520];

    filter_write(terms, sizeof(terms), &face->deck.filter);
    snprintf(line, sizeof(line), "filter %s", terms);
    prompt_keep_line(face->prompt);
    prompt_set_line(face->prompt, line);
}

static int
run_prompt(struct face *face, int argc, char **argv, struct error *err)
{
    const char *word = argc > 0 ? argv[0] : "";
    enum prompt_kind kind = prompt_kind(face->prompt);

    face_set_focus(face, FOCUS_PROMPT);
    if (strcmp(word, "ping") == 0)
        return write_ping(face, err);
    if (strcmp(word, "other") == 0)
        kind = kind == PROMPT_COMMAND ? PROMPT_SEND : PROMPT_COMMAND;
    else if (*word != '\0')
        kind = strcmp(word, "send") == 0 ? PROMPT_SEND : PROMPT_COMMAND;
    if (kind != prompt_kind(face->prompt))
        face_switch_prompt(face, kind);
    if (strcmp(word, "find") == 0) {
        prompt_keep_line(face->prompt);
        prompt_set_line(face->prompt, "find ");
        face->is_find_typed = true;
    }
    if (strcmp(word, "filter") == 0)
        write_filter(face);
    return 0;
}

/* --- moving and opening ----------------------------------------------------------------- */

static int
run_go(struct face *face, int argc, char **argv, struct error *err)
{
    static const char *const names[] = {
        [MOVE_UP] = "up", [MOVE_DOWN] = "down", [MOVE_PAGE_UP] = "page-up",
        [MOVE_PAGE_DOWN] = "page-down", [MOVE_FIRST] = "first", [MOVE_LAST] = "last",
    };
    enum ui_pane pane = face->pane;
    int move = 0;

    (void)argc, (void)err;
    while (move < 6 && strcmp(names[move], argv[0]) != 0)
        move++;
    if (move == 6) {            /* left, right */
        overlay_shift(&face->overlay, argv[0][0] == 'l' ? -8 : 8);
        return 0;
    }
    if (face->overlay.is_open) {
        overlay_move(&face->overlay, (enum move)move);
        return 0;
    }
    if (face->focus == FOCUS_PROMPT && face->wish.zoomed < 0)
        pane = UI_MESSAGES;
    panes[pane].move(&face->deck, (enum move)move, face_pane_body(face, pane).rows);
    return 0;
}

static int
open_item(struct face *face, enum ui_pane pane)
{
    struct opened opened = { .command = "" };

    panes[pane].open(&face->deck, &opened);
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
run_open(struct face *face, int argc, char **argv, struct error *err)
{
    char command[64];

    (void)argc, (void)argv, (void)err;
    if (!face->overlay.is_open)
        return open_item(face, face->pane);
    if (face->overlay.explained != NULL) {
        snprintf(command, sizeof(command), "explain %s", face->overlay.explained);
        console_submit(face->console, command);
    } else {
        face_choose(face);
    }
    return 0;
}

/* explain: what is chosen in Events; not what merely came last. */
static int
run_explained(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv;
    if (face->deck.events.is_following || journal_view_selected(&face->deck.events) == NULL)
        return error_set(err, -ENOENT, "no event is chosen");
    return open_item(face, UI_EVENTS);
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

/* F10, Ctrl-D: from an empty send line back to commands first. */
static int
run_quit(struct face *face, int argc, char **argv, struct error *err)
{
    size_t connections, listeners;
    char text[128], name[16];

    (void)argc, (void)argv;
    if (face->key.code == KEYS_CTRL('D') && prompt_kind(face->prompt) == PROMPT_SEND) {
        face_switch_prompt(face, PROMPT_COMMAND);
        return 0;
    }
    model_lock(face->deck.model);
    connections = model_open_connections(face->deck.model);
    listeners = model_open_listeners(face->deck.model);
    model_unlock(face->deck.model);
    if (connections + listeners == 0) {
        face->is_over = true;
        return 0;
    }
    if (face->key.code == KEYS_NONE)
        return error_set(err, -EINVAL, "open: %zu connection%s, %zu listener%s; quit ends them",
                         connections, connections == 1 ? "" : "s", listeners,
                         listeners == 1 ? "" : "s");
    snprintf(text, sizeof(text), "open: %zu connection%s, %zu listener%s; %s again quits",
             connections, connections == 1 ? "" : "s", listeners, listeners == 1 ? "" : "s",
             keys_name(name, face->key.code));
    ask(face, "quit", CLOCK_NEVER, text);
    return 0;
}

static int
run_stop(struct face *face, int argc, char **argv, struct error *err)
{
    (void)argc, (void)argv, (void)err;
    if (!prompt_is_empty(face->prompt) || prompt_is_searching(face->prompt))
        prompt_interrupt(face->prompt);
    else if (console_is_busy(face->console))
        console_cancel(face->console);
    else
        ask(face, "quit", clock_mono_ns() + NS_PER_S, "again to quit");
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
    { "bind", face_bind },
    { "clear", run_clear },
    { "demo", face_demo },
    { "explained", run_explained },     /* explain */
    { "filter", face_filter },
    { "find", face_find },
    { "fold", run_fold },
    { "follow", run_follow },
    { "form", run_form },
    { "freeze", run_freeze },
    { "go", run_go },
    { "keys", run_keys },       /* help keys */
    { "layout", face_layout },
    { "narrow", face_narrow },  /* focus #3 */
    { "next-pane", run_next_pane },
    { "open", run_open },
    { "prompt", run_prompt },
    { "quit", run_quit },       /* quit ask */
    { "redraw", run_redraw },
    { "screenshot", face_screenshot },
    { "stop", run_stop },
    { "suspend", run_suspend },
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

int
face_run_verb(struct face *face, const char *verb, int argc, char **argv, struct error *err)
{
    const struct verb *found = find_verb(verb);

    if (found == NULL)
        return error_set(err, -EINVAL, "%.60s: not a command of the screen", verb);
    face->is_dirty = true;
    return found->run(face, argc, argv, err);
}
