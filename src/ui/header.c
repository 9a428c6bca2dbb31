/* header.c - the bar at the top: totals and rates, then a line for each listener. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/size.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/ui/countdown.h"
#include "sockdeck/ui/deck.h"

enum { GAUGE_CELLS = 8, ROOMY_COLS = 76, WIDE_COLS = 100 };

/* Words that are left out where there is no room for all of them. */
__attribute__((format(printf, 3, 4))) static void
draw_whole(struct pen *pen, enum role role, const char *format, ...)
{
    char text[64];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (canvas_cells(pen->canvas, text) <= pen_room(pen))
        pen_text(pen, role, text);
}

static void
draw_rate(struct pen *pen, const char *label, const char *rate)
{
    if ((int)(strlen(label) + 3 + strlen(rate)) > pen_room(pen))
        return;
    pen_printf(pen, ROLE_HEADER_DIM, "  %s ", label);
    pen_text(pen, ROLE_HEADER, rate);
}

/* "37 B/s", "1.1MB/s" */
static void
draw_byte_rate(struct pen *pen, const char *label, double rate)
{
    char size[32], text[48];
    bool is_plain;

    size_short(size, rate > 0 ? (uint64_t)(rate + 0.5) : 0);
    is_plain = size[strlen(size) - 1] <= '9';
    snprintf(text, sizeof(text), "%s%sB/s", size, is_plain ? " " : "");
    draw_rate(pen, label, text);
}

/* "18/s", "2.1k/s", "38k/s": in thousands, unlike bytes. */
static void
draw_message_rate(struct pen *pen, double rate)
{
    char text[48];

    if (rate < 999.5)
        snprintf(text, sizeof(text), "%.0f/s", rate > 0 ? rate : 0);
    else if (rate < 999500)
        snprintf(text, sizeof(text), rate < 9950 ? "%.1fk/s" : "%.0fk/s", rate / 1e3);
    else
        snprintf(text, sizeof(text), "%.1fM/s", rate / 1e6);
    draw_rate(pen, "messages", text);
}

/* Words at the right edge that must not be missed, "" for none. */
static void
write_flags(const struct deck *deck, int cols, char buf[static 64])
{
    const struct totals *totals = &deck->header.totals;

    *buf = '\0';
    if (deck->is_frozen)
        snprintf(buf, 64, "FROZEN: p goes on ");
    else if (totals->lost > 0)
        snprintf(buf, 64, "%llu lost ", (unsigned long long)totals->lost);
    else if (cols >= WIDE_COLS && deck->time != TIME_CLOCK)
        snprintf(buf, 64, "time since %s ", time_mode_names[deck->time]);
}

/* Draws them, and takes their room from the row's pen. */
static void
draw_flags(const struct deck *deck, struct pen *pen)
{
    struct pen edge = *pen;
    char text[64];

    write_flags(deck, pen->area.cols, text);
    if (*text == '\0')
        return;
    pen->area.cols -= canvas_cells(deck->canvas, text);
    pen_move(&edge, 0, pen->area.cols);
    pen_text(&edge, ROLE_HEADER_WARNING, text);
    pen->area.cols -= 2;
}

static void
draw_totals(const struct deck *deck, struct pen *pen)
{
    const struct header *header = &deck->header;
    int hidden = header->total - header->count;

    pen_text(pen, ROLE_HEADER_STRONG, " sockdeck");
    pen_printf(pen, ROLE_HEADER, "  %llu open", (unsigned long long)header->totals.open);
    draw_byte_rate(pen, "in", header->rates.in);
    draw_byte_rate(pen, "out", header->rates.out);
    draw_message_rate(pen, header->rates.messages);
    if (header->totals.timeouts > 0)
        draw_whole(pen, ROLE_HEADER_DIM, "  timeouts %llu",
                   (unsigned long long)header->totals.timeouts);
    if (header->totals.errors > 0)
        draw_whole(pen, ROLE_HEADER_DIM, "  errors %llu",
                   (unsigned long long)header->totals.errors);
    if (hidden > 0)
        draw_whole(pen, ROLE_HEADER_DIM, "  %d more listeners", hidden);
}

static void
draw_bar(const struct deck *deck, struct pen *pen, const struct accept_queue *queue,
         enum role role)
{
    uint64_t most = queue->limit > 0 ? queue->limit : 1;
    int full = (int)((queue->waiting * GAUGE_CELLS + most - 1) / most);

    if (full > GAUGE_CELLS)
        full = GAUGE_CELLS;
    pen_repeat(pen, role, deck->canvas->symbols->gauge_full, full);
    pen_repeat(pen, ROLE_HEADER_DIM, deck->canvas->symbols->gauge_empty, GAUGE_CELLS - full);
    pen_text(pen, ROLE_HEADER, " ");
}

/* "queue ######.. 4/5": the accept queue, as the kernel tells it. */
static void
draw_gauge(const struct deck *deck, struct pen *pen, const struct listener *listener)
{
    const struct accept_queue *queue = &listener->queue;
    enum role role = queue->waiting > 0 ? ROLE_HEADER_WARNING : ROLE_HEADER_DIM;
    const char *label = "  queue ";
    char numbers[48];
    int cells;

    snprintf(numbers, sizeof(numbers), "%u/%u%s", queue->waiting,
             queue->limit > 0 ? queue->limit : listener->backlog,
             queue->waiting > queue->limit ? " FULL" : "");
    cells = (int)(strlen(label) + strlen(numbers));
    if (cells > pen_room(pen))
        return;
    pen_text(pen, ROLE_HEADER_DIM, label);
    if (pen->area.cols >= ROOMY_COLS && cells + GAUGE_CELLS + 1 <= pen_room(pen))
        draw_bar(deck, pen, queue, role);
    pen_text(pen, role, numbers);
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
    if ((int)(strlen("  accept ") + strlen(left)) > pen_room(pen))
        return;
    pen_text(pen, ROLE_HEADER_DIM, "  accept ");
    pen_text(pen, ROLE_HEADER, left);
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
    int n = snprintf(text, sizeof(text), "  %u open, %llu accepted", listener->open,
                     (unsigned long long)listener->accepted);

    if (pen->area.cols < ROOMY_COLS || n > pen_room(pen))
        *strchr(text, ',') = '\0';
    draw_whole(pen, ROLE_HEADER_DIM, "%s", text);
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
    if (pen->area.cols >= ROOMY_COLS)
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
    struct pen pen = pen_on(deck->canvas, area), top = pen;
    int first = area.rows > 1 ? 1 : 0;

    for (int row = 0; row < area.rows; row++) {
        pen_move(&pen, row, 0);
        pen_rest(&pen, ROLE_HEADER);
    }
    draw_flags(deck, &top);
    if (area.rows > 1 || header->count == 0)
        draw_totals(deck, &top);
    for (int i = 0; i < header->count && first + i < area.rows; i++) {
        struct pen *row = first + i == 0 ? &top : &pen;

        pen_move(row, first + i, 0);
        draw_listener(deck, row, &header->listeners[i]);
    }
    if (header->count == 0 && area.rows > 1) {
        pen_move(&pen, 1, 1);
        pen_text(&pen, ROLE_HEADER_DIM, "no listener");
    }
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
