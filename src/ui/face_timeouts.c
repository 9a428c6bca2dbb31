/* face_timeouts.c - the form of timeouts: a line for each kind with its value, which is
 * typed or stepped through. Enter runs the command that the line shows. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/ui/face_parts.h"

static const char *const presets[] = {
    "none", "0", "200ms", "500ms", "1s", "2s", "5s", "10s", "30s", "1m", "5m",
};

enum { PRESETS = sizeof(presets) / sizeof(presets[0]) };

static const char *const summaries[TIMEOUT_KINDS] = {
    [TIMEOUT_CONNECT] = "from the first SYN until established",
    [TIMEOUT_ACCEPT] = "while no client comes",
    [TIMEOUT_READ] = "from the start of each wait for bytes",
    [TIMEOUT_SEND] = "until the kernel has taken all bytes",
    [TIMEOUT_IDLE] = "nothing in or out: closed",
};

static bool
is_open(const struct face *face)
{
    return face->form.is_open && face->overlay.is_open && face->overlay.chosen >= 0;
}

/* --- what is there now ------------------------------------------------------------------ */

/* The listener of the connection, else the newest; NULL: there is none. */
static const struct listener *
find_listener(const struct model *model, const struct connection *conn)
{
    const struct listener *row, *newest = NULL;

    if (conn != NULL && conn->listener != 0)
        return model_listener(model, conn->listener);
    for (uint32_t id = 1; (row = model_next_listener(model, id)) != NULL; id = row->id + 1u)
        if (!row->stopped && !row->is_hole)
            newest = row;
    return newest;
}

static void
take_values(struct form *form, const struct connection *conn, const struct listener *listener,
            const struct settings *defaults)
{
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++) {
        bool is_listeners = kind == TIMEOUT_ACCEPT && listener != NULL;
        bool is_conns = kind != TIMEOUT_ACCEPT && conn != NULL;
        const struct settings *settings = is_listeners ? &listener->settings
                                          : is_conns ? &conn->settings : defaults;

        form->values_ns[kind] = settings->timeout_ns[kind];
        if (is_listeners)
            snprintf(form->targets[kind], sizeof(form->targets[kind]), "L%u", listener->id);
        else if (is_conns)
            snprintf(form->targets[kind], sizeof(form->targets[kind]), "#%u", conn->id);
        else
            strcpy(form->targets[kind], "default");
    }
}

/* The connection has ended: what was typed for it is not for what is made later. */
static void
leave_connection(struct face *face)
{
    struct form *form = &face->form;
    char title[64];

    snprintf(title, sizeof(title), "Timeouts of what is made later (#%u has closed)", form->conn);
    overlay_set_title(&face->overlay, title);
    form->conn = 0;
    memset(form->edits, 0, sizeof(form->edits));
}

static void
look(struct face *face)
{
    struct form *form = &face->form;
    struct model *model = face->deck.model;
    const struct connection *conn;

    model_lock(model);
    conn = model_connection(model, form->conn);
    if (conn != NULL && conn->state == CONN_CLOSED)
        conn = NULL;
    take_values(form, conn, find_listener(model, conn), console_defaults(face->console));
    model_unlock(model);
    if (conn == NULL && form->conn != 0)
        leave_connection(face);
}

static void
write_command(const struct form *form, int kind, char *buf, size_t size)
{
    snprintf(buf, size, "timeout %s %s %s", form->targets[kind], event_timeout_names[kind],
             form->edits[kind]);
}

static void
write_line(const struct form *form, int kind, struct buffer *out)
{
    char word[32], command[64];

    if (form->edits[kind][0] == '\0') {
        buffer_printf(out, "%-8s %-8s  %-14s %s\n", event_timeout_names[kind], form->targets[kind],
                      duration_word(word, form->values_ns[kind]), summaries[kind]);
        return;
    }
    write_command(form, kind, command, sizeof(command));
    snprintf(word, sizeof(word), "%s_", form->edits[kind]);
    buffer_printf(out, "%-8s %-8s [%-13s] Enter: %s\n", event_timeout_names[kind],
                  form->targets[kind], word, command);
}

void
face_refresh_form(struct face *face)
{
    struct buffer text = { 0 };

    if (!is_open(face))
        return;
    look(face);
    for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
        write_line(&face->form, kind, &text);
    buffer_printf(&text, "Type a value (none, 0, 200ms, 2s), or Left and Right; Enter applies it.\n");
    buffer_add(&text, "", 1);
    overlay_set_text(&face->overlay, buffer_data(&text));
    buffer_fini(&text);
}

void
face_open_timeouts(struct face *face)
{
    struct form *form = &face->form;
    char title[48] = "Timeouts of what is made later";

    *form = (struct form) { .is_open = true, .conn = console_focus(face->console) };
    if (form->conn != 0)
        snprintf(title, sizeof(title), "Timeouts of #%u", form->conn);
    overlay_open_menu(&face->overlay, title, "\n", TIMEOUT_READ);
    face->message[0] = '\0';
    face_set_focus(face, FOCUS_OVERLAY);
    face_refresh_form(face);
}

/* --- editing ------------------------------------------------------------------------------ */

/* The place of the preset that is there, or of the last below it. */
static int
preset_of(const struct form *form, int kind)
{
    int64_t value_ns = form->values_ns[kind], preset_ns;
    int place = 0;

    if (form->edits[kind][0] != '\0' && duration_parse(form->edits[kind], &value_ns, NULL) != 0)
        return 0;
    for (int i = 0; i < PRESETS; i++)
        if (duration_parse(presets[i], &preset_ns, NULL) == 0 && preset_ns <= value_ns)
            place = i;
    return place;
}

static void
step(struct form *form, int kind, int by)
{
    int place = (preset_of(form, kind) + by + PRESETS) % PRESETS;

    snprintf(form->edits[kind], sizeof(form->edits[kind]), "%s", presets[place]);
}

static bool
is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9') || code == '.';
}

static void
add_letter(char edit[static FORM_EDIT], char letter)
{
    size_t n = strlen(edit);

    if (n + 1 < FORM_EDIT) {
        edit[n] = letter;
        edit[n + 1] = '\0';
    }
}

bool
face_take_form(struct face *face, const struct keypress *key)
{
    struct form *form = &face->form;
    int kind = face->overlay.chosen;
    char *edit;

    if (!is_open(face) || face->focus != FOCUS_OVERLAY || kind >= TIMEOUT_KINDS)
        return false;
    edit = form->edits[kind];
    if (key->code == KEYS_LEFT || key->code == KEYS_RIGHT)
        step(form, kind, key->code == KEYS_LEFT ? -1 : 1);
    else if ((key->code == 0x7f || key->code == KEYS_CTRL('H')) && *edit != '\0')
        edit[strlen(edit) - 1] = '\0';
    else if (key->code == KEYS_CTRL('U'))
        *edit = '\0';
    else if (is_letter(key->code))
        add_letter(edit, (char)key->code);
    else
        return false;
    face->is_dirty = true;
    return true;
}

/* true: the form was open, and what was chosen is its. */
bool
face_apply_form(struct face *face)
{
    struct form *form = &face->form;
    int kind = face->overlay.chosen;
    char command[64];

    if (!is_open(face))
        return false;
    face->is_dirty = true;
    if (kind >= TIMEOUT_KINDS || form->edits[kind][0] == '\0') {
        face_set_message(face, false, "type a value first, or step with Left and Right");
        return true;
    }
    write_command(form, kind, command, sizeof(command));
    face_set_message(face, false, command);
    console_submit(face->console, command);
    form->edits[kind][0] = '\0';
    return true;
}
