/* header.c - the bar at the top: totals and rates, then a line for each listener. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/size.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/ui/countdown.h"
#include "sockdeck/ui/deck.h"

enum { GAUGE_CELLS = 8, WIDE_COLS = 100 };

static void
draw_rate(struct pen *pen, const char *label, double rate, const char *unit)
{
    char text[32];
    bool is_plain;

    size_short(text, rate > 0 ? (uint64_t)(rate + 0.5) : 0);
    is_plain = text[strlen(text) - 1] <= '9';
    pen_printf(pen, ROLE_HEADER_DIM, "  %s ", label);
    pen_printf(pen, ROLE_HEADER, "%s%s%s/s", text, *unit != '\0' && is_plain ? " " : "", unit);
}

/* Words at the right edge that must not be missed. */
static void
draw_flags(const struct deck *deck, struct pen *pen)
{
    const struct totals *totals = &deck->header.totals;
    char text[64] = "";

    if (deck->is_frozen)
        snprintf(text, sizeof(text), "FROZEN: p goes on ");
    else if (totals->lost > 0)
        snprintf(text, sizeof(text), "%llu lost ", (unsigned long long)totals->lost);
    else if (pen->area.cols >= WIDE_COLS && deck->time != TIME_CLOCK)
        snprintf(text, sizeof(text), "time since %s ", time_mode_names[deck->time]);
    if (*text == '\0')
        return;
    pen_move(pen, pen->row, pen->area.cols - canvas_cells(deck->canvas, text));
    pen_text(pen, ROLE_HEADER_WARNING, text);
}

static void
draw_totals(const struct deck *deck, struct pen *pen)
{
    const struct header *header = &deck->header;
    int hidden = header->total - header->count;

    pen_text(pen, ROLE_HEADER_STRONG, " sockdeck");
    pen_printf(pen, ROLE_HEADER, "  %llu open", (unsigned long long)header->totals.open);
    draw_rate(pen, "in", header->rates.in, "B");
    draw_rate(pen, "out", header->rates.out, "B");
    draw_rate(pen, "messages", header->rates.messages, "");
    if (header->totals.timeouts > 0)
        pen_printf(pen, ROLE_HEADER_DIM, "  timeouts %llu",
                   (unsigned long long)header->totals.timeouts);
    if (header->totals.errors > 0)
        pen_printf(pen, ROLE_HEADER_DIM, "  errors %llu",
                   (unsigned long long)header->totals.errors);
    if (hidden > 0)
        pen_printf(pen, ROLE_HEADER_DIM, "  %d more listeners", hidden);
}

/* "queue ######.. 4/5": the accept queue, as the kernel tells it. */
static void
draw_gauge(const struct deck *deck, struct pen *pen, const struct listener *listener)
{
    const struct accept_queue *queue = &listener->queue;
    bool is_full = queue->waiting > queue->limit;
    enum role role = queue->waiting > 0 ? ROLE_HEADER_WARNING : ROLE_HEADER_DIM;
    uint64_t most = queue->limit > 0 ? queue->limit : 1;
    int full = (int)((queue->waiting * GAUGE_CELLS + most - 1) / most);

    if (full > GAUGE_CELLS)
        full = GAUGE_CELLS;
    pen_text(pen, ROLE_HEADER_DIM, "  queue ");
    if (pen->area.cols >= 76) {
        pen_repeat(pen, role, deck->canvas->symbols->gauge_full, full);
        pen_repeat(pen, ROLE_HEADER_DIM, deck->canvas->symbols->gauge_empty, GAUGE_CELLS - full);
        pen_text(pen, ROLE_HEADER, " ");
    }
    pen_printf(pen, role, "%u/%u%s", queue->waiting,
               queue->limit > 0 ? queue->limit : listener->backlog, is_full ? " FULL" : "");
}

/* "accept 3.2 s": while its accept limit runs. */
static void
draw_accept_limit(const struct deck *deck, struct pen *pen, const struct listener *listener)
{
    struct deadline deadline;
    char left[32];

    if (!model_accept_deadline(listener, &deadline))
        return;
    countdown_text(left, &deadline, deck->now_ns, countdown_form(deck->has_motion));
    pen_printf(pen, ROLE_HEADER_DIM, "  accept ");
    pen_printf(pen, ROLE_HEADER, "%s", left);
}

static const char *
mode_words(const struct listener *listener, char buf[static 48])
{
    const struct mode *mode;

    if (listener->is_hole)
        return "hole";
    if (listener->mode >= mode_count)
        return "";
    mode = modes[listener->mode];
    if (!mode->has_workers)
        return mode->name;
    snprintf(buf, 48, "%s x%u", mode->name, listener->workers);
    return buf;
}

static void
draw_counts(struct pen *pen, const struct listener *listener)
{
    char text[64];
    int n = snprintf(text, sizeof(text), "  %u open", listener->open);

    if (pen->area.cols >= 76)
        snprintf(text + n, sizeof(text) - (size_t)n, ", %llu accepted",
                 (unsigned long long)listener->accepted);
    pen_cut(pen, ROLE_HEADER_DIM, text, pen_room(pen));
}

static void
draw_listener(const struct deck *deck, struct pen *pen, const struct listener *listener)
{
    char mode[48];

    pen_printf(pen, ROLE_HEADER_STRONG, " L%u", listener->id);
    pen_printf(pen, ROLE_HEADER, " %s", listener->address);
    if (listener->wildcard)
        pen_text(pen, ROLE_HEADER_WARNING, " every address!");
    pen_printf(pen, ROLE_HEADER_STRONG, "  %s", mode_words(listener, mode));
    if (listener->is_hole)
        return;
    if (pen->area.cols >= 76)
        pen_printf(pen, ROLE_HEADER_DIM, "  %s",
                   handler_names[listener->settings.handler % HANDLER_COUNT].name);
    draw_gauge(deck, pen, listener);
    draw_accept_limit(deck, pen, listener);
    draw_counts(pen, listener);
}

void
header_draw(const struct deck *deck, struct area area)
{
    const struct header *header = &deck->header;
    struct pen pen = pen_on(deck->canvas, area);
    int first = area.rows > 1 ? 1 : 0;

    for (int row = 0; row < area.rows; row++) {
        pen_move(&pen, row, 0);
        pen_rest(&pen, ROLE_HEADER);
    }
    pen_move(&pen, 0, 0);
    if (area.rows > 1 || header->count == 0)
        draw_totals(deck, &pen);
    for (int i = 0; i < header->count && first + i < area.rows; i++) {
        pen_move(&pen, first + i, 0);
        draw_listener(deck, &pen, &header->listeners[i]);
    }
    if (header->count == 0 && area.rows > 1) {
        pen_move(&pen, 1, 1);
        pen_text(&pen, ROLE_HEADER_DIM, "no listener");
    }
    pen_move(&pen, 0, 0);
    draw_flags(deck, &pen);
}

int64_t
header_deadline(const struct deck *deck)
{
    int64_t next_ns = rates_deadline(&deck->header.rates);

    for (int i = 0; i < deck->header.count; i++) {
        struct deadline deadline;
        int64_t at_ns;

        if (!model_accept_deadline(&deck->header.listeners[i], &deadline))
            continue;
        at_ns = countdown_next_ns(&deadline, deck->now_ns, countdown_form(deck->has_motion));
        next_ns = at_ns < next_ns ? at_ns : next_ns;
    }
    return next_ns;
}
