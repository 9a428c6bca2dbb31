/* face_layout.c - `layout`: which panes there are and how much room each has. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/layout_file.h"
#include "sockdeck/ui/screen.h"
#include "sockdeck/ui/state_file.h"

/* Workers come by themselves where they take nothing from the rest. */
enum { WORKERS_ROWS = 36, WALL_STEP = 4 };

static bool
is_wanted(const struct face *face, enum ui_pane pane)
{
    const struct layout_choice *choice = &face->choice;

    if (pane == UI_CALLS && !face->deck.lens_is_on)
        return false;
    if (choice->panes[pane] != PANE_AUTO)
        return choice->panes[pane] == PANE_SHOWN;
    return pane != UI_WORKERS ||
           (face->deck.header.total > 0 && face->canvas.cols >= LAYOUT_WIDE_COLS &&
            face->canvas.rows >= WORKERS_ROWS);
}

/* A pane that goes gives its keys back. */
static void
leave_hidden(struct face *face)
{
    if (!face->wish.hidden[face->pane])
        return;
    if (face->wish.zoomed == (int)face->pane)
        face->wish.zoomed = -1;
    for (int i = 0; i < UI_PANES; i++)
        if (!face->wish.hidden[i])
            face->pane = (enum ui_pane)i;
    if (!face->wish.hidden[UI_MESSAGES])
        face->pane = UI_MESSAGES;
    if (face->focus == FOCUS_PANE)
        face->focus = FOCUS_PROMPT;
}

void
face_arrange(struct face *face)
{
    for (int i = 0; i < UI_PANES; i++) {
        face->wish.hidden[i] = !is_wanted(face, (enum ui_pane)i);
        face->wish.grow[i] = face->choice.grow[i];
    }
    face->wish.shift = face->choice.shift;
    face->wish.listeners = face->deck.header.total;
    leave_hidden(face);
}

void
face_load_layout(struct face *face)
{
    char path[4096];

    if (state_file_path(path, sizeof(path), "layout"))
        layout_file_load(path, &face->choice);
}

static int
keep(const struct face *face, struct error *err)
{
    char path[4096];

    if (!state_file_path(path, sizeof(path), "layout"))
        return 0;
    return layout_file_save(path, &face->choice, err);
}

/* --- room ------------------------------------------------------------------------------ */

/* The pane below in the same column, else the one above: -1: there is none. */
static int
neighbour(const struct face *face, enum ui_pane pane)
{
    const struct area *panes_at = face->layout.panes, *area = &panes_at[pane];
    int above = -1;

    for (int i = 0; i < UI_PANES; i++) {
        if (panes_at[i].rows == 0 || panes_at[i].col != area->col || i == (int)pane)
            continue;
        if (panes_at[i].row == area->row + area->rows)
            return i;
        if (panes_at[i].row + panes_at[i].rows == area->row)
            above = i;
    }
    return above;
}

static struct layout
lay_out(struct face *face)
{
    face_arrange(face);
    return layout_compute(face->canvas.rows, face->canvas.cols, &face->wish);
}

/* Moves a row between a pane and its neighbour; nothing is kept of what has no effect. */
static int
resize(struct face *face, enum ui_pane pane, int rows, struct error *err)
{
    const struct layout_choice before = face->choice;
    int other = face->layout.panes[pane].rows > 0 ? neighbour(face, pane) : -1;
    struct layout layout;

    if (face->wish.zoomed >= 0 || other < 0)
        return error_set(err, -EINVAL, "%s: no other pane shares its column with it",
                         panes[pane].title);
    face->choice.grow[pane] += rows;
    face->choice.grow[other] -= rows;
    layout = lay_out(face);
    if (layout.panes[pane].rows == face->layout.panes[pane].rows + rows)
        return 0;
    face->choice = before;
    return error_set(err, -EINVAL, "%s: there is no more room", panes[rows > 0 ? other : (int)pane].title);
}

static int
shift(struct face *face, int cols, struct error *err)
{
    const struct layout_choice before = face->choice;
    int wall = face->layout.wall_col;

    if (wall < 0)
        return error_set(err, -EINVAL, "panes stand side by side from %d columns on",
                         LAYOUT_WIDE_COLS);
    face->choice.shift += cols;
    if (lay_out(face).wall_col != wall)
        return 0;
    face->choice = before;
    return error_set(err, -EINVAL, "there is no more room");
}

/* --- the verb -------------------------------------------------------------------------- */

static int
choose(struct face *face, enum ui_pane pane, enum pane_choice choice, struct error *err)
{
    int left = 0;

    for (int i = 0; i < UI_PANES; i++)
        left += i != (int)pane && !face->wish.hidden[i];
    if (choice == PANE_HIDDEN && left == 0)
        return error_set(err, -EINVAL, "%s: the last pane stays", panes[pane].title);
    if (choice == PANE_SHOWN && pane == UI_CALLS && !face->deck.lens_is_on)
        return error_set(err, -EINVAL, "Calls are there while the lens is on: calls on");
    if (choice != PANE_HIDDEN && face->wish.zoomed >= 0)
        face->wish.zoomed = -1;
    face->choice.panes[pane] = choice;
    return 0;
}

/* Adds "Events 5": those with rows, or those without. */
static int
list_panes(const struct face *face, bool has_rows, char *buf, size_t size)
{
    int n = 0;

    for (int i = 0; i < UI_PANES; i++) {
        int rows = face->layout.panes[i].rows;

        if ((rows > 0) == has_rows)
            n += snprintf(buf + n, size - (size_t)n, "%s %s", n > 0 ? "," : "", panes[i].title);
        if (rows > 0 && has_rows)
            n += snprintf(buf + n, size - (size_t)n, " %d", rows);
    }
    return n;
}

static void
tell(struct face *face)
{
    char shown[128], hidden[128], text[280];
    int n = list_panes(face, false, hidden, sizeof(hidden));

    list_panes(face, true, shown, sizeof(shown));
    snprintf(text, sizeof(text), "rows:%s%s%s", shown, n > 0 ? "; hidden:" : "", n > 0 ? hidden : "");
    face_set_message(face, false, text);
}

static int
pane_of(const struct face *face, const char *word, struct error *err)
{
    if (word == NULL)
        return face->pane;
    for (int i = 0; i < UI_PANES; i++)
        if (strcmp(layout_pane_words[i], word) == 0)
            return i;
    return error_set(err, -EINVAL, "%.40s: no such pane; it is connections, workers, messages, "
                     "events or calls", word);
}

static int
change(struct face *face, const char *action, int pane, struct error *err)
{
    if (strcmp(action, "grow") == 0)
        return resize(face, (enum ui_pane)pane, 1, err);
    if (strcmp(action, "shrink") == 0)
        return resize(face, (enum ui_pane)pane, -1, err);
    if (strcmp(action, "show") == 0)
        return choose(face, (enum ui_pane)pane, PANE_SHOWN, err);
    if (strcmp(action, "hide") == 0)
        return choose(face, (enum ui_pane)pane, PANE_HIDDEN, err);
    if (strcmp(action, "auto") == 0)
        return choose(face, (enum ui_pane)pane, PANE_AUTO, err);
    if (strcmp(action, "wider") == 0)
        return shift(face, pane == UI_MESSAGES || pane == UI_CALLS ? -WALL_STEP : WALL_STEP, err);
    if (strcmp(action, "narrower") == 0)
        return shift(face, pane == UI_MESSAGES || pane == UI_CALLS ? WALL_STEP : -WALL_STEP, err);
    face->choice = (struct layout_choice) { .shift = 0 };      /* reset */
    face->wish.zoomed = -1;
    return 0;
}

int
face_layout(struct face *face, int argc, char **argv, struct error *err)
{
    int pane = pane_of(face, argc > 1 ? argv[1] : NULL, err), code;

    if (pane < 0)
        return pane;
    if (argc == 0) {
        tell(face);
        return 0;
    }
    code = change(face, argv[0], pane, err);
    face->layout = lay_out(face);
    return code == 0 ? keep(face, err) : code;
}
