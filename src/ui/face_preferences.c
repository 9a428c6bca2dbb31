/* face_preferences.c - preferences of the screen, as they take effect. */
#include "config.h"

#include <stdio.h>

#include "sockdeck/cmd/preferences.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/screen.h"

static void
apply_ascii(struct face *face, int64_t value)
{
    canvas_set_ascii(&face->canvas, value != 0 || face->options->ascii);
    screen_redraw(face->screen);
}

static void
apply_ladder(struct face *face, int64_t value)
{
    face->deck.is_ladder = value != 0;
}

static void
apply_motion(struct face *face, int64_t value)
{
    face->deck.has_motion = value != 0;
}

static void
apply_mouse(struct face *face, int64_t value)
{
    screen_set_mouse(face->screen, value != 0);
}

static void
apply_sort(struct face *face, int64_t value)
{
    face->deck.connections.sort = (enum sort_order)value;
    face->deck.connections.is_following = true;
}

static void
apply_theme(struct face *face, int64_t value)
{
    struct choice choice;

    if (value == THEME_AUTO)
        screen_set_theme(face->screen, theme_from_environment());
    else if (choice_themes((size_t)value, &choice))
        screen_set_theme(face->screen, theme_find(choice.name));
}

static void
apply_time(struct face *face, int64_t value)
{
    static const char *const words[TIME_MODES] = {
        "time as clock", "time since start", "time since the line before",
    };

    face->deck.time = (enum time_mode)value;
    face_set_message(face, false, words[value]);
}

static void
apply_view(struct face *face, int64_t value)
{
    face->deck.look = (enum look)value;
}

static void (*const applies[PREFERENCES])(struct face *face, int64_t value) = {
    [PREFERENCE_ASCII] = apply_ascii,
    [PREFERENCE_LADDER] = apply_ladder,
    [PREFERENCE_MOTION] = apply_motion,
    [PREFERENCE_MOUSE] = apply_mouse,
    [PREFERENCE_SORT] = apply_sort,
    [PREFERENCE_THEME] = apply_theme,
    [PREFERENCE_TIME] = apply_time,
    [PREFERENCE_VIEW] = apply_view,
};

void
face_apply_preference(void *ctx, int id)
{
    struct face *face = ctx;

    if (applies[id] == NULL)
        return;
    applies[id](face, console_preference(face->console, id));
    face->is_dirty = true;
}

void
face_apply_preferences(struct face *face)
{
    for (int id = 0; id < PREFERENCES; id++)
        face_apply_preference(face, id);
    face->message[0] = '\0';
}
