/* face_demo.c - the tour on screen: types each command before the user's eyes, runs it, and
 * stays with it until the next one's time. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/ui/face_parts.h"

#define LETTER_NS (45 * NS_PER_MS)
#define LOOK_NS   (800 * NS_PER_MS)     /* the whole line stands before it runs */
#define STAY_NS   (3 * NS_PER_S)        /* at least, after a command has ended */

enum { PACE_LETTERS = 20 };     /* with a pace, as long as the look at the whole line */

static const struct demo_step *
step_of(const struct tour *tour)
{
    return &demo_steps[tour->step];
}

static void
end_tour(struct face *face, const char *text)
{
    face->tour.is_on = false;
    prompt_set_line(face->prompt, "");
    face_set_message(face, false, text);
    face->is_dirty = true;
}

/* Begins to type the command of the step; without one it was the last. */
static void
begin_step(struct face *face, int64_t now_ns)
{
    struct tour *tour = &face->tour;
    struct error err = { 0 };

    tour->phase = TOUR_TYPES;
    tour->typed = face->deck.has_motion ? 0 : DEMO_LINE;
    tour->next_ns = now_ns;
    face->is_dirty = true;
    if (*step_of(tour)->command == '\0')
        end_tour(face, step_of(tour)->caption);
    else if (demo_expand(&tour->names, face->deck.model, step_of(tour)->command, tour->line, &err) != 0)
        end_tour(face, err.text);
}

/* At the tour's pace, where it has one of its own. */
static int64_t
at_most(int64_t ns, int64_t most_ns)
{
    return most_ns >= 0 && most_ns < ns ? most_ns : ns;
}

static void
type_letter(struct face *face, int64_t now_ns)
{
    struct tour *tour = &face->tour;
    char line[DEMO_LINE];
    size_t length = strlen(tour->line);

    tour->typed = tour->typed < length ? tour->typed + 1 : length;
    snprintf(line, sizeof(line), "%.*s", (int)tour->typed, tour->line);
    face_front.type(face, line);
    tour->phase = tour->typed == length ? TOUR_LOOKS : TOUR_TYPES;
    tour->next_ns = now_ns + (tour->typed == length ? at_most(LOOK_NS, tour->pace_ns)
                                                    : at_most(LETTER_NS, tour->pace_ns / PACE_LETTERS));
}

static void
run_line(struct face *face)
{
    struct tour *tour = &face->tour;

    prompt_set_line(face->prompt, "");
    if (face->overlay.is_open)
        face_close_overlay(face);
    face->is_dirty = true;
    tour->phase = TOUR_RUNS;
    tour->next_ns = CLOCK_NEVER;
    tour->job = console_submit(face->console, tour->line);
}

/* Its time is that of the next step, as the tour's clock goes. At a pace of one's own it
 * is that long, but what follows from the command is still seen. */
static void
stay(struct face *face, int64_t now_ns)
{
    struct tour *tour = &face->tour;
    int64_t due_ns = tour->begun_ns + demo_steps[tour->step + 1].at_s * NS_PER_S;
    int64_t least_ns = STAY_NS;

    if (tour->pace_ns >= 0) {
        least_ns = step_of(tour)->settle_ms * NS_PER_MS;
        due_ns = now_ns + tour->pace_ns;
    }
    tour->phase = TOUR_STAYS;
    tour->next_ns = due_ns > now_ns + least_ns ? due_ns : now_ns + least_ns;
}

static void
go_on(struct face *face, int64_t now_ns)
{
    face->tour.step++;
    begin_step(face, now_ns);
}

static void
advance(struct face *face, int64_t now_ns)
{
    switch (face->tour.phase) {
    case TOUR_TYPES:
        type_letter(face, now_ns);
        break;
    case TOUR_LOOKS:
        run_line(face);
        break;
    case TOUR_RUNS:
        break;
    case TOUR_STAYS:
        go_on(face, now_ns);
        break;
    }
}

void
face_step_tour(struct face *face, int64_t now_ns)
{
    struct tour *tour = &face->tour;

    if (!tour->is_on)
        return;
    if (tour->phase == TOUR_RUNS && !console_runs(face->console, tour->job))
        stay(face, now_ns);
    if (!tour->is_paused && now_ns >= tour->next_ns)
        advance(face, now_ns);
}

int64_t
face_tour_deadline(const struct face *face)
{
    const struct tour *tour = &face->tour;

    return tour->is_on && !tour->is_paused ? tour->next_ns : CLOCK_NEVER;
}

/* Space pauses; then it goes on with what is next, and the tour's clock with it. */
static void
pause_or_go_on(struct face *face, int64_t now_ns)
{
    struct tour *tour = &face->tour;

    face->is_prompt_dirty = true;
    tour->is_paused = !tour->is_paused;
    if (tour->is_paused)
        return;
    if (tour->phase != TOUR_STAYS) {
        tour->next_ns = tour->phase == TOUR_RUNS ? CLOCK_NEVER : now_ns;
        return;
    }
    tour->begun_ns = now_ns - demo_steps[tour->step + 1].at_s * NS_PER_S;
    go_on(face, now_ns);
}

bool
face_take_tour(struct face *face, const struct keypress *key)
{
    if (!face->tour.is_on)
        return false;
    if (key->code == ' ') {
        pause_or_go_on(face, clock_mono_ns());
        return true;
    }
    if (key->code == KEYS_ESC || key->code == KEYS_CTRL('C')) {
        end_tour(face, "The tour has stopped; what is open stays open.");
        return true;
    }
    /* At the prompt, the tour is the one who types. */
    return face->focus == FOCUS_PROMPT &&
           keymap_find(&face->keymap, face_place(face), key->code) == NULL;
}

/* Bytes of a text of ASCII that fit so many cells, up to a blank where not all of it does. */
static size_t
fit(const char *text, int cells)
{
    size_t n = strlen(text);

    while (n > 0 && (n > (size_t)cells || (text[n] != ' ' && text[n] != '\0')))
        n--;
    return n;
}

/* A caption that is longer than its row goes on in that of the hints. */
void
face_draw_tour(const struct face *face, struct pen *message, struct pen *hints)
{
    const struct tour *tour = &face->tour;

    const char *caption = step_of(tour)->caption;
    size_t n = fit(caption, pen_room(message));

    pen_bytes(message, ROLE_NOTICE, caption, n);
    if (caption[n] != '\0')
        pen_printf(hints, ROLE_NOTICE, "%s ", caption + n);
    pen_printf(hints, ROLE_HINT, " tour %zu/%zu  ", tour->step + 1, demo_step_count);
    if (tour->is_paused)
        pen_text(hints, ROLE_WARNING, "PAUSED ");
    pen_text(hints, ROLE_HINT_KEY, " Space");
    pen_printf(hints, ROLE_HINT, " %s ", tour->is_paused ? "goes on" : "pauses");
    pen_text(hints, ROLE_HINT_KEY, " Esc");
    pen_text(hints, ROLE_HINT, " stops ");
}

int
face_demo(struct face *face, int argc, char **argv, struct error *err)
{
    struct tour *tour = &face->tour;
    int64_t now_ns = clock_mono_ns();

    if (tour->is_on)
        return error_set(err, -EBUSY, "a tour is going on; Esc stops it");
    *tour = (struct tour) {
        .is_on = true, .begun_ns = now_ns, .pace_ns = argc > 0 ? strtoll(argv[0], NULL, 10) : -1,
    };
    demo_init(&tour->names, face->deck.model);
    face_set_focus(face, FOCUS_PROMPT);
    begin_step(face, now_ns);
    return 0;
}
