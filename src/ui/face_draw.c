/* face_draw.c - a frame: header, panes, what lies over them, prompt, hints. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/screen.h"

enum { POPUP_ROWS = 10 };

/* The rows of a pane below its title. */
struct area
face_pane_body(const struct face *face, enum ui_pane pane)
{
    struct area area = face->layout.panes[pane];

    area.row++;
    area.rows = area.rows > 0 ? area.rows - 1 : 0;
    return area;
}

/* "- Connections ---- 2 open -": brackets say which has the focus. */
static void
draw_title(struct face *face, enum ui_pane id, bool has_focus)
{
    const struct pane *pane = &panes[id];
    struct area area = face->layout.panes[id];
    struct pen pen = pen_on(&face->canvas, area);
    enum role border = has_focus ? ROLE_BORDER_FOCUS : ROLE_BORDER;
    char status[96] = "";
    int width;

    pen_repeat(&pen, border, face->canvas.symbols->rule, area.cols);
    pen_move(&pen, 0, 1);
    pen_printf(&pen, has_focus ? ROLE_TITLE_FOCUS : ROLE_TITLE, has_focus ? "[%s]" : " %s ",
               pane->title);
    pane->status(&face->deck, status, sizeof(status));
    width = canvas_cells(&face->canvas, status) + 2;
    if (*status == '\0' || width + pen.col + 2 > area.cols)
        return;
    pen_move(&pen, 0, area.cols - width - 1);
    pen_printf(&pen, ROLE_DIM, " %s ", status);
}

static void
draw_pane(struct face *face, enum ui_pane id)
{
    struct area body = face_pane_body(face, id);
    bool has_focus = face->focus == FOCUS_PANE && face->pane == id;
    struct pen pen = pen_on(&face->canvas, body);

    if (face->layout.panes[id].rows == 0)
        return;
    panes[id].collect(&face->deck, body);
    panes[id].draw(&face->deck, &pen, has_focus);
    draw_title(face, id, has_focus);
}

static void
draw_wall(struct face *face)
{
    const struct area *body = &face->layout.body;
    struct pen pen = pen_on(&face->canvas, *body);

    for (int row = 0; face->layout.wall_col >= 0 && row < body->rows; row++) {
        pen_move(&pen, row, face->layout.wall_col);
        pen_text(&pen, ROLE_BORDER, face->canvas.symbols->wall);
    }
}

static void
draw_too_small(struct face *face)
{
    struct area all = { 0, 0, face->canvas.rows, face->canvas.cols };
    struct pen pen = pen_on(&face->canvas, all);

    pen_printf(&pen, ROLE_TEXT, "sockdeck needs %d columns and", LAYOUT_MIN_COLS);
    pen_move(&pen, 1, 0);
    pen_printf(&pen, ROLE_TEXT, "%d rows; here are %d and %d.", LAYOUT_MIN_ROWS, face->canvas.cols,
               face->canvas.rows);
}

/* --- the prompt and what is about it -------------------------------------------------- */

static int
candidate_width(const struct face *face, const struct candidates *found)
{
    int widest = 0, most = face->layout.prompt.cols - 2;

    for (size_t i = 0; i < found->count; i++) {
        int cells = canvas_cells(&face->canvas, found->list[i].text);

        widest = cells > widest ? cells : widest;
        if (found->list[i].summary != NULL)
            most = 40;
    }
    return widest < most ? widest : most;
}

static void
draw_candidate(struct pen *pen, const struct candidate *candidate, int width, bool is_selected)
{
    enum role role = is_selected ? ROLE_POPUP_SELECTED : ROLE_POPUP;

    pen_rest(pen, role);
    pen_move(pen, pen->row, 0);
    pen_text(pen, role, is_selected ? pen->canvas->symbols->marker : " ");
    pen_field(pen, role, candidate->text, width, false);
    if (candidate->summary != NULL) {
        pen_text(pen, role, "  ");
        pen_cut(pen, is_selected ? role : ROLE_POPUP_DIM, candidate->summary, pen_room(pen) - 1);
    }
}

/* The candidates of completion, above the prompt. */
static void
draw_popup(struct face *face)
{
    const struct candidates *found = prompt_candidates(face->prompt);
    const struct layout *layout = &face->layout;
    int rows = found->count < POPUP_ROWS ? (int)found->count : POPUP_ROWS;
    int first = 0, width = candidate_width(face, found);
    struct pen pen;

    if (found->count < 2)
        return;
    if (rows > layout->body.rows - 1)
        rows = layout->body.rows - 1;
    if (found->selected >= rows)
        first = found->selected - rows + 1;
    pen = pen_on(&face->canvas, (struct area) { layout->prompt.row - rows, 0, rows,
                                                layout->prompt.cols });
    for (int row = 0; row < rows; row++) {
        pen_move(&pen, row, 0);
        draw_candidate(&pen, &found->list[first + row], width, first + row == found->selected);
    }
    if (found->count > (size_t)rows) {
        pen_move(&pen, rows - 1, pen.area.cols - 12);
        pen_printf(&pen, ROLE_POPUP_DIM, " %zu in all", found->count);
    }
}

/* An error or an answer; else the usage of what is being typed. */
static void
draw_message(struct face *face)
{
    struct pen pen = pen_on(&face->canvas, face->layout.message);
    bool is_command = prompt_kind(face->prompt) == PROMPT_COMMAND;
    const char *hint = NULL;

    pen_text(&pen, ROLE_TEXT, " ");
    if (face->message[0] != '\0') {
        pen_cut(&pen, face->message_is_error ? ROLE_ERROR : ROLE_NOTICE, face->message,
                pen_room(&pen));
        return;
    }
    if (face->focus == FOCUS_OVERLAY && face->overlay.chosen >= 0)
        hint = face_chosen(face);
    else if (is_command && !prompt_is_empty(face->prompt))
        hint = console_hint(face->console, prompt_line(face->prompt));
    else if (!is_command && prompt_is_empty(face->prompt))
        hint = "Enter sends the line ending alone; :command runs a command; F2 goes back";
    else if (face->tells_busy && console_is_busy(face->console))
        hint = "a command runs; Ctrl-C cancels it";
    if (hint != NULL)
        pen_cut(&pen, ROLE_USAGE, hint, pen_room(&pen));
}

static void
draw_hint(struct pen *pen, const struct binding *binding)
{
    char name[16];
    int width;

    keys_name(name, binding->key);
    width = (int)strlen(name) + (int)strlen(binding->hint) + 3;
    if (pen_room(pen) < width)
        return;
    pen_printf(pen, ROLE_HINT_KEY, " %s", name);
    pen_printf(pen, ROLE_HINT, " %s ", binding->hint);
}

static void
draw_hints(struct face *face)
{
    struct pen pen = pen_on(&face->canvas, face->layout.hints);
    enum place place = face_place(face);

    if (face->ask.key != KEYS_NONE) {
        pen_printf(&pen, ROLE_WARNING, " %s", face->ask.text);
        return;
    }
    for (;; place = keymap_parent(place)) {
        for (const struct binding *binding = keymap_defaults; binding->key != KEYS_NONE; binding++)
            if (binding->place == place && binding->hint != NULL &&
                keymap_at(&face->keymap, place, binding->key) == binding)
                draw_hint(&pen, binding);
        if (place == PLACE_ANYWHERE)
            break;
    }
}

/* A tour says what it shows, and what stops it. */
static void
draw_foot(struct face *face)
{
    struct pen message = pen_on(&face->canvas, face->layout.message);
    struct pen hints = pen_on(&face->canvas, face->layout.hints);

    if (face->tour.is_on) {
        pen_text(&message, ROLE_TEXT, " ");
        face_draw_tour(face, &message, &hints);
        return;
    }
    draw_message(face);
    draw_hints(face);
}

/* What the prompt says while the keys go elsewhere. */
static void
draw_idle_prompt(struct face *face)
{
    struct pen pen = pen_on(&face->canvas, face->layout.prompt);
    const char *title = panes[face->pane].title;

    if (face->focus == FOCUS_OVERLAY)
        title = face->overlay.title;
    pen_printf(&pen, ROLE_PROMPT_IDLE, "keys go to %s; Esc returns", title);
}

/* Returns the cursor's column, -1 for none. */
static int
draw_bottom(struct face *face)
{
    const struct layout *layout = &face->layout;
    int col = -1;

    canvas_clear(&face->canvas, layout->prompt);
    canvas_clear(&face->canvas, layout->message);
    canvas_clear(&face->canvas, layout->hints);
    face_update_label(face);
    if (face->focus == FOCUS_PROMPT)
        col = prompt_view_draw(&face->prompt_view, face->prompt, &face->canvas, layout->prompt);
    else
        draw_idle_prompt(face);
    draw_foot(face);
    face->is_prompt_dirty = false;
    return col;
}

static void
show(struct face *face, int col)
{
    screen_draw(face->screen, &face->canvas, col >= 0 ? face->layout.prompt.row : -1, col);
}

void
face_draw_prompt(struct face *face)
{
    if (!face->layout.too_small)
        show(face, draw_bottom(face));
}

static void
lay_out(struct face *face)
{
    int rows, cols;

    screen_size(face->screen, &rows, &cols);
    if (rows != face->canvas.rows || cols != face->canvas.cols)
        canvas_resize(&face->canvas, rows, cols);
    else
        canvas_clear(&face->canvas, (struct area) { 0, 0, rows, cols });
    face_arrange(face);
    face->layout = layout_compute(rows, cols, &face->wish);
}

/* Everything but the prompt, unless there is no room for more than a sentence. */
static void
draw_panes(struct face *face)
{
    header_draw(&face->deck, face->layout.header);
    deck_choose_pair(&face->deck, face->focus != FOCUS_PROMPT ? face->pane : UI_PANES);
    for (int i = 0; i < UI_PANES; i++)
        draw_pane(face, (enum ui_pane)i);
    draw_wall(face);
    face_refresh_form(face);
    if (face->overlay.is_open)
        overlay_draw(&face->overlay, &face->canvas, face->layout.body,
                     face->focus == FOCUS_OVERLAY, deck_marks(&face->deck));
    draw_popup(face);
}

/* Returns the cursor's column, -1 for none. */
static int
compose(struct face *face, int64_t now_ns)
{
    deck_collect_header(&face->deck, now_ns);
    lay_out(face);
    if (face->layout.too_small) {
        draw_too_small(face);
        return -1;
    }
    draw_panes(face);
    return draw_bottom(face);
}

void
face_compose(struct face *face)
{
    compose(face, clock_mono_ns());
}

void
face_draw(struct face *face, int64_t now_ns)
{
    face->seen_revision = model_revision(face->deck.model);
    face->is_dirty = face->has_news = false;
    show(face, compose(face, now_ns));
    pace_drawn(&face->pace, now_ns, face->deck.header.totals.events);
}
