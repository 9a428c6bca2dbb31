/* face_find.c - filter, find, and Messages narrowed to one conversation. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/face_parts.h"

int
face_filter(struct face *face, int argc, char **argv, struct error *err)
{
    struct filter filter = { .count = 0 };

    if (argc == 1 && strcmp(argv[0], "off") == 0)
        argc = 0;
    for (int i = 0; i < argc; i++) {
        int code = filter_add(&filter, argv[i], err);

        if (code != 0)
            return code;
    }
    deck_filter(&face->deck, &filter);
    return 0;
}

/* The filter stays, and Messages shows the one connection only, as it goes on. */
int
face_narrow(struct face *face, int argc, char **argv, struct error *err)
{
    struct filter filter = face->deck.filter;

    (void)argc, (void)err;
    filter_add_connection(&filter, (uint32_t)strtoul(argv[0], NULL, 10));
    journal_view_filter(&face->deck.messages, &filter);
    journal_view_follow(&face->deck.messages);
    return 0;
}

/* --- find -------------------------------------------------------------------------- */

static int
set_needle(struct face *face, int argc, char **argv, struct error *err)
{
    char text[NEEDLE_MAX + 1] = "";
    size_t n = 0;

    for (int i = 0; i < argc; i++)
        n += (size_t)snprintf(text + (n < sizeof(text) ? n : sizeof(text) - 1),
                              n < sizeof(text) ? sizeof(text) - n : 1, "%s%s", i > 0 ? " " : "",
                              argv[i]);
    if (n > NEEDLE_MAX || needle_set(&face->deck.found, text, n) != 0)
        return error_set(err, -EINVAL, "find: a text of 1 to %d bytes", NEEDLE_MAX);
    return 0;
}

/* How a search has ended, on the line under the prompt. */
static void
tell(struct face *face, enum find_state state, const char *where)
{
    char text[TEXT_WORD], word[NEEDLE_MAX + 1], line[2 * TEXT_WORD + 16];

    if (state == FIND_NOTHING) {
        snprintf(word, sizeof(word), "%.*s", face->deck.found.size, face->deck.found.text);
        snprintf(line, sizeof(line), "not in %s: %s", where, text_word(text, word));
        face_set_message(face, true, line);
    } else if (state == FIND_WRAPPED) {
        face_set_message(face, false, "the search went round the end");
    }
    face->is_dirty = true;
}

/* What is open is read from its top on: there older is further down. */
static void
find_in_overlay(struct face *face, int step)
{
    int code = overlay_find(&face->overlay, &face->deck.found, -step);
    enum focus before = face->before_overlay;

    face_set_focus(face, FOCUS_OVERLAY);
    if (face->is_find_typed)    /* `/` came from there */
        face->before_overlay = before;
    tell(face, code == 0 ? FIND_FOUND : code == 1 ? FIND_WRAPPED : FIND_NOTHING,
         face->overlay.title);
}

static void
find_in_pane(struct face *face, int step)
{
    const struct pane *pane = &panes[face->pane];

    face->find_pane = -1;
    if (pane->seek != NULL) {
        tell(face, pane->seek(&face->deck, &face->deck.found, step), pane->title);
    } else {
        journal_view_find(pane->journal(&face->deck), &face->deck.found, step);
        face->find_pane = (int)face->pane;
    }
    if (face->focus == FOCUS_PROMPT && face->is_find_typed)
        face_set_focus(face, FOCUS_PANE);
}

/* The way comes first, then the words; none: the same text once more. */
int
face_find(struct face *face, int argc, char **argv, struct error *err)
{
    int step = strcmp(argv[0], "newer") == 0 ? 1 : -1, code;

    if (argc > 1) {
        code = set_needle(face, argc - 1, argv + 1, err);
        if (code != 0)
            return code;
    } else if (face->deck.found.size == 0) {
        return error_set(err, -EINVAL, "find: a text is missing");
    }
    face->deck.marks_found = true;
    if (face->overlay.is_open)
        find_in_overlay(face, step);
    else
        find_in_pane(face, step);
    face->is_find_typed = false;
    return 0;
}

void
face_tell_find(struct face *face)
{
    struct journal_view *view;

    if (face->find_pane < 0)
        return;
    view = panes[face->find_pane].journal(&face->deck);
    if (view->find.state == FIND_RUNS || view->find.state == FIND_IDLE)
        return;
    tell(face, view->find.state, panes[face->find_pane].title);
    view->find.state = FIND_IDLE;
    face->find_pane = -1;
}
