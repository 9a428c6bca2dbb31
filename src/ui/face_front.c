/* face_front.c - what the console and the prompt ask of the screen. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/explain.h"
#include "sockdeck/model/table.h"
#include "sockdeck/ui/face_parts.h"

/* Twice a second is as fast as numbers can be read. */
#define REFRESH_NS (500 * NS_PER_MS)

void
face_set_message(struct face *face, bool is_error, const char *text)
{
    snprintf(face->message, sizeof(face->message), "%s", text);
    face->message_is_error = is_error;
    face->is_prompt_dirty = true;
}

void
face_set_focus(struct face *face, enum focus focus)
{
    if (focus == FOCUS_OVERLAY && face->focus != FOCUS_OVERLAY)
        face->before_overlay = face->focus;
    face->focus = focus;
    prompt_close_candidates(face->prompt);
    face->is_dirty = true;
}

/* An overlay asked for from a pane takes the keys; the prompt keeps them. */
static void
focus_overlay(struct face *face)
{
    face_set_focus(face, face->focus == FOCUS_PROMPT ? FOCUS_PROMPT : FOCUS_OVERLAY);
}

void
face_close_overlay(struct face *face)
{
    overlay_close(&face->overlay);
    if (face->focus == FOCUS_OVERLAY)
        face->focus = face->before_overlay;
    face->is_dirty = true;
}

static void
show_table(void *ctx, const struct table *table)
{
    const struct explanation *explanation = explain_find(EXPLAINS_RESULT, table->name);
    struct face *face = ctx;

    overlay_open_table(&face->overlay, table);
    face->overlay.explained = explanation != NULL ? explanation->word : NULL;
    face->refresh_ns = clock_mono_ns() + REFRESH_NS;
    focus_overlay(face);
}

/* It may have been closed, or another one opened, while the answer was on its way. */
static void
refresh_table(void *ctx, const struct table *table)
{
    struct face *face = ctx;
    struct overlay *overlay = &face->overlay;

    face->is_refreshing = false;
    if (!overlay_is_live(overlay))
        return;
    if (table == NULL)
        overlay->live = (struct table_subject) { 0 };
    else if (memcmp(&table->subject, &overlay->live, sizeof(overlay->live)) == 0)
        face->is_dirty |= overlay_update_table(overlay, table);
}

int64_t
face_refresh_deadline(const struct face *face)
{
    bool stands_still = face->is_refreshing || face->deck.is_frozen;

    return overlay_is_live(&face->overlay) && !stands_still ? face->refresh_ns : CLOCK_NEVER;
}

void
face_refresh_overlay(struct face *face, int64_t now_ns)
{
    if (now_ns < face_refresh_deadline(face))
        return;
    face->refresh_ns = now_ns + REFRESH_NS;
    face->is_refreshing = true;
    console_refresh(face->console, &face->overlay.live);
}

static void
show_text(void *ctx, const char *title, const char *text)
{
    struct face *face = ctx;

    overlay_open_text(&face->overlay, title, text);
    focus_overlay(face);
}

static void
show_message(void *ctx, bool is_error, const char *text)
{
    face_set_message(ctx, is_error, text);
}

static int
display(void *ctx, const char *verb, int argc, char **argv, struct error *err)
{
    return face_run_verb(ctx, verb, argc, argv, err);
}

static void
type_text(void *ctx, const char *text)
{
    struct face *face = ctx;

    face_switch_prompt(face, PROMPT_COMMAND);
    prompt_set_line(face->prompt, text);
    face->is_prompt_dirty = true;
}

const struct front face_front = {
    .show_table = show_table,
    .refresh_table = refresh_table,
    .show_text = show_text,
    .message = show_message,
    .display = display,
    .type = type_text,
    .preference = face_apply_preference,
};

/* --- the two prompts ---------------------------------------------------------------- */

/* How the target of the send prompt stands: false when it has ended. */
static bool
look_at_target(struct face *face, uint8_t *eol)
{
    const struct connection *row;
    bool is_open;

    model_lock(face->deck.model);
    row = model_connection(face->deck.model, face->send_conn);
    is_open = row != NULL && row->state != CONN_CLOSED;
    *eol = row != NULL && row->settings.eol != EOL_NONE ? row->settings.eol : EOL_LF;
    model_unlock(face->deck.model);
    return is_open;
}

void
face_update_label(struct face *face)
{
    uint32_t focus = console_focus(face->console);
    uint8_t eol = EOL_LF;
    char label[64];

    if (prompt_kind(face->prompt) == PROMPT_COMMAND) {
        if (focus != 0)
            snprintf(label, sizeof(label), "sockdeck #%u> ", focus);
        else
            snprintf(label, sizeof(label), "sockdeck> ");
    } else {
        face->send_is_open = look_at_target(face, &eol);
        snprintf(label, sizeof(label), "send #%u %s%s> ", face->send_conn, eol_names[eol].name,
                 face->send_is_open ? "" : " (closed)");
    }
    prompt_set_label(face->prompt, label);
}

void
face_switch_prompt(struct face *face, enum prompt_kind kind)
{
    uint32_t focus = console_focus(face->console);

    if (kind == PROMPT_SEND && focus == 0) {
        face_set_message(face, true, "no connection has the focus; connect or focus one first");
        return;
    }
    if (prompt_is_searching(face->prompt))
        prompt_interrupt(face->prompt);
    if (kind == PROMPT_SEND)
        face->send_conn = focus;
    prompt_switch(face->prompt, kind);
    face_update_label(face);
    face->is_dirty = true;
}

/* Adds text as a double-quoted word that stands for exactly these bytes. */
static void
add_quoted(struct buffer *out, const char *text)
{
    buffer_add(out, "\"", 1);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buffer_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            buffer_printf(out, "\\x%02x", (unsigned char)*text);
        else
            buffer_add(out, text, 1);
    }
    if (buffer_add(out, "\"", 2) != 0)
        abort();
}

/* What a line of the send prompt stands for; NULL when its target has closed. */
static char *
send_command(struct face *face, const char *data)
{
    struct buffer line = { 0 };
    uint8_t eol;
    char *copy;

    face->send_is_open = look_at_target(face, &eol);
    if (!face->send_is_open)
        return NULL;
    buffer_printf(&line, "send #%u eol=%s -- ", face->send_conn, eol_names[eol].name);
    add_quoted(&line, data);
    copy = strdup(buffer_data(&line));
    buffer_fini(&line);
    if (copy == NULL)
        abort();
    return copy;
}

static void
refuse_to_send(struct face *face)
{
    char text[128];

    snprintf(text, sizeof(text), "#%u has closed: the line is kept, and sent nowhere else; "
             "F2 leaves", face->send_conn);
    face_set_message(face, true, text);
}

char *
face_line(struct face *face, const char *text)
{
    char *copy;

    if (prompt_kind(face->prompt) == PROMPT_SEND) {
        if (text[0] != ':' || text[1] == ':')
            return send_command(face, text + (text[0] == ':'));
        text++;
    }
    if (text[strspn(text, " \t")] == '\0')
        return NULL;
    copy = strdup(text);
    if (copy == NULL)
        abort();
    return copy;
}

bool
face_submit(void *ctx, enum prompt_kind kind, const char *line)
{
    struct face *face = ctx;
    bool is_data = kind == PROMPT_SEND && (line[0] != ':' || line[1] == ':');
    char *command = face_line(face, line);

    face->message[0] = '\0';
    face->is_dirty = true;
    if (is_data && command == NULL) {
        refuse_to_send(face);
        return false;
    }
    if (!is_data && face->overlay.is_open && !face->is_find_typed)
        face_close_overlay(face);
    if (command != NULL)
        console_submit(face->console, command);
    face->is_find_typed = false;
    free(command);
    return true;
}

size_t
face_complete(void *ctx, const char *line, size_t point, size_t *start, struct candidate *list,
              size_t max)
{
    struct face *face = ctx;
    size_t count = console_complete(face->console, line, point, start, list, max);

    face->is_dirty = true;
    return count;
}
