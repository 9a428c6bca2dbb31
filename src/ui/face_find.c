/* face_find.c - filter, find, and Messages narrowed to one conversation. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/face_state.h"

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

static struct journal_view *
searched_view(struct face *face)
{
    const struct pane *pane = &panes[face->pane];

    return pane->journal != NULL ? pane->journal(&face->deck) : NULL;
}

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

/* The way comes first, then the words; none: the same text once more. */
int
face_find(struct face *face, int argc, char **argv, struct error *err)
{
    struct journal_view *view = searched_view(face);
    int step = strcmp(argv[0], "newer") == 0 ? 1 : -1, code;

    if (argc > 1) {
        code = set_needle(face, argc - 1, argv + 1, err);
        if (code != 0)
            return code;
    } else if (face->deck.found.size == 0) {
        return error_set(err, -EINVAL, "find: a text is missing");
    }
    if (view == NULL) {
        connections_seek(&face->deck, &face->deck.found, step);
        face->find_pane = -1;
    } else {
        journal_view_find(view, &face->deck.found, step);
        face->find_pane = (int)face->pane;
    }
    if (face->focus == FOCUS_PROMPT && face->is_find_typed)
        face_set_focus(face, FOCUS_PANE);
    face->is_find_typed = false;
    return 0;
}

void
face_tell_find(struct face *face)
{
    struct journal_view *view;
    char text[TEXT_WORD], word[NEEDLE_MAX + 1], line[TEXT_WORD + 64];

    if (face->find_pane < 0)
        return;
    view = panes[face->find_pane].journal(&face->deck);
    if (view->find.state == FIND_RUNS || view->find.state == FIND_IDLE)
        return;
    snprintf(word, sizeof(word), "%.*s", view->find.needle.size, view->find.needle.text);
    if (view->find.state == FIND_NOTHING) {
        snprintf(line, sizeof(line), "not in %s: %s", panes[face->find_pane].title,
                 text_word(text, word));
        face_set_message(face, true, line);
    } else if (view->find.state == FIND_WRAPPED) {
        face_set_message(face, false, "the search went round the end");
    }
    view->find.state = FIND_IDLE;
    face->find_pane = -1;
    face->is_dirty = true;
}
