/* face_paste.c - what is pasted: one line goes into the prompt; several are shown, and
 * run only when the next key is Enter. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/paste.h"

enum { SHOWN_LINES = 200, SHOWN_CELLS = 200 };

static bool
next_line(const struct buffer *pasted, size_t *at, const char **line, size_t *n)
{
    return paste_next_line(buffer_data(pasted), buffer_size(pasted), at, line, n);
}

static void
show_lines(struct face *face, size_t count)
{
    struct buffer text = { 0 };
    size_t at = 0, n, shown = 0;
    char title[64], row[4 * SHOWN_CELLS];
    const char *line;

    while (shown++ < SHOWN_LINES && next_line(&face->pasted, &at, &line, &n)) {
        text_render_cells(row, sizeof(row), line, n, SHOWN_CELLS, 0);
        buffer_printf(&text, "%s\n", row);
    }
    buffer_add(&text, "", 1);
    snprintf(title, sizeof(title), "%zu pasted lines", count);
    overlay_open_text(&face->overlay, title, buffer_data(&text));
    buffer_fini(&text);
}

static void
ask_about_lines(struct face *face, size_t count)
{
    struct ask *ask = &face->ask;

    ask->key = KEYS_ENTER;
    ask->until_ns = CLOCK_NEVER;
    ask->command[0] = '\0';
    snprintf(ask->text, sizeof(ask->text), "%s %zu pasted lines? Enter does it, any other key drops "
             "them", prompt_kind(face->prompt) == PROMPT_SEND ? "send" : "run", count);
    face->is_dirty = face->is_prompt_dirty = true;
}

void
face_paste(struct face *face)
{
    const struct buffer *paste = &face->keys.paste;
    size_t count;

    buffer_clear(&face->pasted);
    if (buffer_add(&face->pasted, buffer_data(paste), buffer_size(paste)) != 0)
        return;
    count = paste_count_lines(buffer_data(paste), buffer_size(paste));
    if (count < 2) {
        prompt_paste(face->prompt, buffer_data(paste), buffer_size(paste));
        return;
    }
    show_lines(face, count);
    ask_about_lines(face, count);
}

/* One after another, as the lines of a file. */
void
face_run_paste(struct face *face)
{
    size_t at = 0, n, count = 0;
    const char *line;
    char **lines = calloc(buffer_size(&face->pasted) + 1, sizeof(*lines));

    if (lines == NULL)
        abort();
    face_close_overlay(face);
    while (next_line(&face->pasted, &at, &line, &n)) {
        char *text = strndup(line, n);

        if (text == NULL)
            abort();
        lines[count] = face_line(face, text);
        count += lines[count] != NULL;
        free(text);
    }
    console_submit_lines(face->console, (const char *const *)lines, count);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
    free(lines);
}
