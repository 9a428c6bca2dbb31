/* face.c - the UI thread: waits for keys, signals, the model and deadlines, and
 * draws what has changed, at the pace of pace.h; typed letters at once. */
#include "config.h"

#include "sockdeck/ui/face.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/face_parts.h"
#include "sockdeck/ui/screen.h"
#include "sockdeck/ui/terminal.h"

enum { POLL_TTY, POLL_SIGNALS, POLL_WAKE, POLL_COUNT };

/* A command that has run so long is told of. */
#define BUSY_TOLD_NS (250 * NS_PER_MS)

static int
open_signals(struct face *face, struct error *err)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGWINCH);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    face->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (face->signals == -1)
        return error_set(err, -errno, "signalfd: %s", error_message(errno));
    return 0;
}

static int
open_screen(struct face *face, struct error *err)
{
    struct screen_options options = {
        .theme = theme_from_environment(), .mouse = true,
        .set_up = face->options->set_screen_up, .ctx = face->options->ctx,
    };

    return screen_open(&face->screen, &options, err);
}

static int
open_prompt(struct face *face, struct error *err)
{
    const struct prompt_options options = {
        .keeps_history = true, .submit = face_submit, .ctx = face,
        .completion = { .complete = face_complete, .ctx = face },
    };

    face->prompt = prompt_open(&options, err);
    return face->prompt != NULL ? 0 : err->code;
}

static void
open_parts(struct face *face)
{
    struct console_options console = face->options->console;

    canvas_init(&face->canvas, face->options->ascii);
    deck_init(&face->deck, console.model, &face->canvas, clock_mono_ns());
    face->keys = (struct keys) {
        .get = screen_get_key, .ctx = face->screen,
        .is_bound = prompt_is_bound, .is_utf8 = text_locale_is_utf8(),
    };
    console.front = &face_front;
    console.front_ctx = face;
    face->console = console_new(&console);
    face_apply_preferences(face);
    face->wish.zoomed = -1;
    face_load_layout(face);
    face->find_pane = -1;
    face->pane = UI_MESSAGES;
    face->is_dirty = true;
}

static void
close_parts(struct face *face)
{
    console_free(face->console);
    prompt_close(face->prompt);
    screen_close(face->screen);
    keys_fini(&face->keys);
    keymap_fini(&face->keymap);
    buffer_fini(&face->pasted);
    overlay_fini(&face->overlay);
    deck_fini(&face->deck);
    canvas_fini(&face->canvas);
}

/* --- what wakes us ------------------------------------------------------------------- */

static void
take_signals(struct face *face)
{
    struct signalfd_siginfo info;

    while (read(face->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGTSTP)
            screen_suspend(face->screen);
        else if (info.ssi_signo == SIGCONT)
            screen_resume(face->screen);
        else
            screen_resize(face->screen);
        face->is_dirty = true;
    }
}

/* Keys; or the terminal has gone away. */
static void
take_terminal(struct face *face, short revents)
{
    if (revents & POLLIN)
        face_read_keys(face);
    if (revents & (POLLHUP | POLLERR | POLLNVAL)) {
        face->is_over = true;
        face->code = -EIO;
    }
}

static void
earlier(int64_t *deadline_ns, int64_t other_ns)
{
    if (other_ns < *deadline_ns)
        *deadline_ns = other_ns;
}

/* While calls are seen to be in progress, their times go on. */
static int64_t
progress_deadline(const struct face *face)
{
    bool is_seen = face->layout.panes[UI_CALLS].rows > 0 && face->deck.calls.shown > 0;

    return is_seen ? face->pace.drawn_ns + NS_PER_S : CLOCK_NEVER;
}

/* What is in sight and changes by itself: rates, countdowns, what the kernel holds. */
static int64_t
sight_deadline(const struct face *face)
{
    int64_t deadline_ns = CLOCK_NEVER;

    if (face->layout.too_small)
        return CLOCK_NEVER;
    earlier(&deadline_ns, header_deadline(&face->deck));
    if (face->deck.is_frozen)
        return deadline_ns;
    earlier(&deadline_ns, progress_deadline(face));
    for (int i = 0; i < UI_PANES; i++)
        if (face->layout.panes[i].rows > 0 && panes[i].deadline != NULL)
            earlier(&deadline_ns, panes[i].deadline(&face->deck));
    return deadline_ns;
}

/* When the next frame is due; none is while the terminal takes no bytes. */
static int64_t
frame_deadline(const struct face *face)
{
    if (face->is_blocked)
        return CLOCK_NEVER;
    if (face->is_dirty)         /* the rest is seen to in that frame */
        return pace_for_a_person_ns(&face->pace);
    return face->has_news ? pace_for_news_ns(&face->pace) : sight_deadline(face);
}

static int64_t
next_deadline(struct face *face)
{
    int64_t deadline_ns = console_deadline(face->console);

    if (deck_has_work(&face->deck))
        return 0;
    earlier(&deadline_ns, frame_deadline(face));
    earlier(&deadline_ns, face_refresh_deadline(face));
    earlier(&deadline_ns, face_tour_deadline(face));
    if (face->ask.key != KEYS_NONE)
        earlier(&deadline_ns, face->ask.until_ns);
    if (face->busy_ns != 0 && !face->tells_busy)
        earlier(&deadline_ns, face->busy_ns + BUSY_TOLD_NS);
    return deadline_ns;
}

/* What else the model has to tell is seen in the frame that is due, or that comes once
 * the terminal takes bytes again (who asks for the end sees to that, face_unblock):
 * under load it would wake us hundreds of times a second for nothing. */
static bool
waits_only_for_the_frame(const struct face *face)
{
    return (face->is_dirty || face->has_news) && !console_is_busy(face->console);
}

static void
wait_for_something(struct face *face)
{
    struct pollfd fds[POLL_COUNT] = {
        [POLL_TTY] = { .fd = screen_fd(face->screen), .events = POLLIN },
        [POLL_SIGNALS] = { .fd = face->signals, .events = POLLIN },
        [POLL_WAKE] = { .fd = face->options->wake_fd, .events = POLLIN },
    };
    eventfd_t ignored;

    if (face->is_blocked)
        fds[POLL_TTY].events |= POLLOUT;
    if (waits_only_for_the_frame(face))
        fds[POLL_WAKE].fd = -1;
    if (poll(fds, POLL_COUNT, clock_poll_ms(next_deadline(face), clock_mono_ns())) <= 0)
        return;
    if (fds[POLL_WAKE].revents & POLLIN)
        (void)!eventfd_read(face->options->wake_fd, &ignored);
    if (fds[POLL_SIGNALS].revents & POLLIN)
        take_signals(face);
    if (fds[POLL_TTY].revents != 0)
        take_terminal(face, fds[POLL_TTY].revents);
}

/* --- what follows -------------------------------------------------------------------- */

static void
drop_late_question(struct face *face, int64_t now_ns)
{
    if (face->ask.key == KEYS_NONE || now_ns <= face->ask.until_ns)
        return;
    face->ask.key = KEYS_NONE;
    face->is_prompt_dirty = true;
}

/* One that is over at once is not worth a word, which would only flicker. */
static void
note_busy(struct face *face, int64_t now_ns)
{
    bool told = face->tells_busy;

    if (!console_is_busy(face->console))
        face->busy_ns = 0;
    else if (face->busy_ns == 0)
        face->busy_ns = now_ns;
    face->tells_busy = face->busy_ns != 0 && now_ns - face->busy_ns >= BUSY_TOLD_NS;
    if (told != face->tells_busy)
        face->is_prompt_dirty = true;
}

/* Sifting and finding go on in small steps, between keys and frames. */
static void
work(struct face *face)
{
    bool had_work = deck_has_work(&face->deck);

    deck_work(&face->deck);
    if (had_work && !deck_has_work(&face->deck))
        face->is_dirty = true;
    face_tell_find(face);
}

static void
look_for_changes(struct face *face, int64_t now_ns)
{
    bool was_busy = console_is_busy(face->console);

    face_refresh_overlay(face, now_ns);
    console_step(face->console, now_ns);
    face_step_tour(face, now_ns);
    drop_late_question(face, now_ns);
    work(face);
    if (was_busy != console_is_busy(face->console))
        face->is_prompt_dirty = true;
    note_busy(face, now_ns);
    if (model_revision(face->deck.model) != face->seen_revision || now_ns >= sight_deadline(face))
        face->has_news = true;
    if (console_quit_wanted(face->console) ||
        (face->options->must_end != NULL && face->options->must_end(face->options->ctx)))
        face->is_over = true;
}

static bool
is_frame_due(const struct face *face, int64_t now_ns)
{
    return (face->is_dirty && now_ns >= pace_for_a_person_ns(&face->pace)) ||
           (face->has_news && now_ns >= pace_for_news_ns(&face->pace));
}

static void
draw_what_is_due(struct face *face, int64_t now_ns)
{
    if (!face->is_dirty && !face->has_news && !face->is_prompt_dirty)
        return;
    face->is_blocked = !terminal_is_writable();
    if (face->is_blocked)
        return;
    if (is_frame_due(face, now_ns))
        face_draw(face, now_ns);
    else if (face->is_prompt_dirty)
        face_draw_prompt(face);
}

static void
run(struct face *face)
{
    int64_t now_ns = clock_mono_ns();

    face_draw(face, now_ns);
    if (face->options->start != NULL)
        face->options->start(face->options->ctx, face->console);
    look_for_changes(face, now_ns);
    while (!face->is_over) {
        draw_what_is_due(face, clock_mono_ns());
        wait_for_something(face);
        look_for_changes(face, clock_mono_ns());
    }
}

void
face_unblock(void)
{
    terminal_unblock();
}

int
face_run(const struct face_options *options, struct error *err)
{
    struct face *face = calloc(1, sizeof(*face));
    int code;

    if (face == NULL)
        abort();
    face->options = options;
    face->signals = -1;
    code = open_screen(face, err);
    if (code == 0)
        code = open_signals(face, err);
    if (code == 0)
        code = open_prompt(face, err);
    if (code != 0) {
        screen_close(face->screen);
        goto out;
    }
    open_parts(face);
    run(face);
    code = face->code;
    close_parts(face);
out:
    if (face->signals >= 0)
        close(face->signals);
    free(face);
    return code;
}
