/* test_panes.c - the panes over a model: what is shown, followed, chosen, frozen. */
#include "config.h"

#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/panes.h"

enum { ROWS = 6, COLS = 100 };

struct fixture { struct model *model; struct canvas canvas; struct deck deck; };

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    f->model = model_new(1 << 20);
    canvas_init(&f->canvas, false);
    canvas_resize(&f->canvas, ROWS, COLS);
    deck_init(&f->deck, f->model, &f->canvas, NS_PER_S);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    deck_fini(&f->deck);
    canvas_fini(&f->canvas);
    model_free(f->model);
    free(f);
    return 0;
}

static void
message(struct fixture *f, enum event_type type, uint32_t conn, const char *text)
{
    record_apply(f->model, record_of_message(type, conn, text, strlen(text)));
}

static void
messages(struct fixture *f, int first, int last)
{
    char text[32];

    for (int i = first; i <= last; i++) {
        snprintf(text, sizeof(text), "message %d", i);
        message(f, EVENT_RECEIVED, 1, text);
    }
}

static void
accept_connection(struct fixture *f, uint32_t id)
{
    record_apply(f->model, record_of_peers(EVENT_ACCEPTED, id, "127.0.0.1:5000", "127.0.0.1:80"));
}

static void
close_connection(struct fixture *f, uint32_t id, enum closed_by by, enum closed_how how)
{
    struct event *event = record_new(EVENT_CLOSED, id, NULL, 0);

    event->u.closed.by = (uint8_t)by;
    event->u.closed.how = (uint8_t)how;
    record_apply(f->model, event);
}

static void
draw(struct fixture *f, enum ui_pane pane)
{
    struct area all = { 0, 0, ROWS, COLS };
    struct pen pen = pen_on(&f->canvas, all);

    deck_collect_header(&f->deck, NS_PER_S);
    canvas_clear(&f->canvas, all);
    panes[pane].collect(&f->deck, all);
    panes[pane].draw(&f->deck, &pen, true);
}

static const char *
row_text(const struct fixture *f, int row)
{
    static char text[4 * COLS + 1];
    size_t at = 0;

    for (int col = 0; col < COLS; col++) {
        const struct canvas_cell *cell = &f->canvas.cells[row * COLS + col];

        if (cell->width > 0)
            at += (size_t)text_encode(text + at, cell->code[0]);
    }
    while (at > 0 && text[at - 1] == ' ')
        at--;
    text[at] = '\0';
    return text;
}

static bool
row_has(const struct fixture *f, int row, const char *text)
{
    return strstr(row_text(f, row), text) != NULL;
}

static bool
is_marked(const struct fixture *f, int row)
{
    return f->canvas.cells[row * COLS].code[0] == 0x25b8;
}

static void
the_first_screen_goes_with_the_first_record(void **state)
{
    struct fixture *f = *state;

    draw(f, UI_MESSAGES);
    assert_string_equal(row_text(f, 0), "  Nothing is open yet. Try, one at a time:");
    assert_string_equal(row_text(f, 4), "  Tab completes · help · demo: a tour · quit");
    messages(f, 1, 1);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "message 1"));
    assert_string_equal(row_text(f, 4), "");
}

static void
messages_follow_the_newest(void **state)
{
    struct fixture *f = *state;

    messages(f, 1, 20);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "message 15"));
    assert_true(row_has(f, ROWS - 1, "message 20"));
    messages(f, 21, 22);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, ROWS - 1, "message 22"));
    assert_true(is_marked(f, ROWS - 1));
}

static void
what_was_scrolled_to_stays_where_it_is(void **state)
{
    struct fixture *f = *state;
    char status[64];

    messages(f, 1, 20);
    draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].move(&f->deck, MOVE_UP, ROWS);
    draw(f, UI_MESSAGES);
    messages(f, 21, 90);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "message 15"));
    assert_true(is_marked(f, 4));
    panes[UI_MESSAGES].status(&f->deck, status, sizeof(status));
    assert_string_equal(status, "text, 71 newer, F follows");
    panes[UI_MESSAGES].move(&f->deck, MOVE_FIRST, ROWS);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "message 1"));
    panes[UI_MESSAGES].move(&f->deck, MOVE_LAST, ROWS);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, ROWS - 1, "message 90"));
}

static void
a_page_down_at_the_end_follows_again(void **state)
{
    struct fixture *f = *state;

    messages(f, 1, 20);
    draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].move(&f->deck, MOVE_PAGE_UP, ROWS);
    draw(f, UI_MESSAGES);
    assert_false(f->deck.messages.is_following);
    panes[UI_MESSAGES].move(&f->deck, MOVE_PAGE_DOWN, ROWS);
    assert_true(f->deck.messages.is_following);
}

static void
a_message_is_shown_with_its_direction_and_its_bytes(void **state)
{
    struct fixture *f = *state;

    message(f, EVENT_SENT, 1, "ping\n");
    message(f, EVENT_RECEIVED, 2, "\033[31mмир");
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "#1 →      5  ping\\n"));
    assert_true(row_has(f, 1, "#2  ←    11  \\x1b[31mмир"));
    f->deck.look = LOOK_BOTH;
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "0000  70 69 6e 67 0a"));
    assert_true(row_has(f, 0, "|ping.|"));
}

static void
a_long_message_is_folded_until_it_is_opened(void **state)
{
    struct fixture *f = *state;
    char text[200];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    message(f, EVENT_RECEIVED, 1, text);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "xx…"));
    assert_string_equal(row_text(f, 1), "");
    panes[UI_MESSAGES].fold(&f->deck);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 1, "┊ xx"));
    assert_true(row_has(f, 2, "┊ xx"));
    panes[UI_MESSAGES].fold(&f->deck);
    draw(f, UI_MESSAGES);
    assert_string_equal(row_text(f, 1), "");
}

static void
a_frozen_display_stands_still(void **state)
{
    struct fixture *f = *state;

    messages(f, 1, 20);
    draw(f, UI_MESSAGES);
    f->deck.is_frozen = true;
    messages(f, 21, 40);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, ROWS - 1, "message 20"));
    f->deck.is_frozen = false;
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, ROWS - 1, "message 40"));
}

static void
clear_shows_only_what_comes_from_now_on(void **state)
{
    struct fixture *f = *state;

    messages(f, 1, 20);
    draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].clear(&f->deck);
    draw(f, UI_MESSAGES);
    assert_string_equal(row_text(f, 0), "");
    messages(f, 21, 21);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, 0, "message 21"));
    assert_string_equal(row_text(f, 1), "");
}

static void
opening_a_message_shows_all_of_it(void **state)
{
    struct fixture *f = *state;
    struct opened opened = { .command = "" };

    accept_connection(f, 7);
    message(f, EVENT_RECEIVED, 7, "ping");
    draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].open(&f->deck, &opened);
    buffer_add(&opened.text, "", 1);
    assert_non_null(strstr(buffer_data(&opened.text), "\n  time "));
    assert_non_null(strstr(buffer_data(&opened.text),
                           "\n  from      127.0.0.1:5000\n  to        127.0.0.1:80\n"));
    assert_string_equal(opened.title, "#7 received 4 bytes");
    assert_memory_equal(buffer_data(&opened.text), "0000  70 69 6e 67", 17);
    assert_int_equal(panes[UI_MESSAGES].selected(&f->deck), 7);
    buffer_fini(&opened.text);
}

static void
connections_show_who_where_and_how(void **state)
{
    struct fixture *f = *state;

    accept_connection(f, 1);
    accept_connection(f, 2);
    close_connection(f, 2, BY_PEER, HOW_RST);
    draw(f, UI_CONNECTIONS);
    assert_true(row_has(f, 0, "PEER"));
    assert_true(row_has(f, 1, "#1 ← 127.0.0.1:5000"));
    assert_true(row_has(f, 1, "open"));
    assert_true(row_has(f, 2, "reset by peer"));
}

static void
closed_connections_make_room_for_open_ones(void **state)
{
    struct fixture *f = *state;

    for (uint32_t id = 1; id <= 10; id++)
        accept_connection(f, id);
    for (uint32_t id = 2; id <= 8; id++)
        close_connection(f, id, BY_US, HOW_FIN);
    draw(f, UI_CONNECTIONS);
    assert_true(row_has(f, 1, "#1 "));
    assert_true(row_has(f, 2, "#7 "));
    assert_true(row_has(f, ROWS - 1, "#10 "));
}

static void
what_is_chosen_keeps_its_row_when_closed_ones_are_listed_again(void **state)
{
    struct fixture *f = *state;

    for (uint32_t id = 1; id <= 10; id++)
        accept_connection(f, id);
    for (uint32_t id = 2; id <= 8; id++)
        close_connection(f, id, BY_US, HOW_FIN);
    draw(f, UI_CONNECTIONS);
    panes[UI_CONNECTIONS].move(&f->deck, MOVE_UP, ROWS);
    draw(f, UI_CONNECTIONS);
    assert_true(row_has(f, ROWS - 1, "#10 "));
    assert_true(row_has(f, ROWS - 2, "#9 "));
    assert_true(is_marked(f, ROWS - 2));
    assert_true(row_has(f, 1, "#6 "));
    panes[UI_CONNECTIONS].move(&f->deck, MOVE_LAST, ROWS);
    draw(f, UI_CONNECTIONS);
    assert_true(row_has(f, 1, "#1 "));          /* they make room again */
    panes[UI_CONNECTIONS].click(&f->deck, 2);
    draw(f, UI_CONNECTIONS);
    assert_true(row_has(f, 2, "#7 "));
    assert_true(is_marked(f, 2));
    assert_true(row_has(f, 1, "#6 "));
}

static void
a_chosen_connection_stays_chosen_when_others_come(void **state)
{
    struct fixture *f = *state;
    struct opened opened = { .command = "" };

    for (uint32_t id = 1; id <= 4; id++)
        accept_connection(f, id);
    draw(f, UI_CONNECTIONS);
    panes[UI_CONNECTIONS].move(&f->deck, MOVE_FIRST, ROWS);
    for (uint32_t id = 5; id <= 60; id++)
        accept_connection(f, id);
    draw(f, UI_CONNECTIONS);
    assert_true(row_has(f, 1, "#1 "));
    assert_true(is_marked(f, 1));
    panes[UI_CONNECTIONS].open(&f->deck, &opened);
    assert_string_equal(opened.command, "info #1");
}

static void
thousands_of_closed_connections_leave_the_list_bounded(void **state)
{
    struct fixture *f = *state;

    for (uint32_t id = 1; id <= 5000; id++) {
        accept_connection(f, id);
        close_connection(f, id, BY_PEER, HOW_FIN);
    }
    draw(f, UI_CONNECTIONS);
    assert_true(f->deck.connections.count <= CONNECTIONS_CLOSED_KEPT);
    assert_true(row_has(f, ROWS - 1, "#5000 "));
}

static void
ids_of_any_length_are_shown_whole_everywhere(void **state)
{
    static const enum ui_pane shown[] = { UI_CONNECTIONS, UI_MESSAGES, UI_EVENTS };
    struct fixture *f = *state;

    accept_connection(f, 1234567);
    message(f, EVENT_RECEIVED, 1234567, "ping");
    draw(f, UI_CONNECTIONS);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        draw(f, shown[i]);
        assert_true(row_has(f, shown[i] == UI_CONNECTIONS, "#1234567 "));
    }
}

static void
events_are_sentences_with_a_sign_of_their_weight(void **state)
{
    struct fixture *f = *state;
    struct event *event = record_new(EVENT_ERROR, 3, NULL, 0);

    event->u.error = (struct event_error) {
        .code = 111, .call = CALL_CONNECT, .severity = SEVERITY_ERROR,
    };
    record_apply(f->model, event);
    draw(f, UI_EVENTS);
    assert_true(row_has(f, 0, " !! #3 "));
    assert_true(row_has(f, 0, "ECONNREFUSED"));
}

static void
switch_lens(struct fixture *f, bool is_on)
{
    struct event *event = record_new(EVENT_LENS, 0, NULL, 0);

    event->u.lens.is_on = is_on;
    record_apply(f->model, event);
}

static void
call(struct fixture *f, enum call_name name, uint32_t conn, int64_t stamp_ns, uint16_t flags)
{
    struct event *event = record_new(EVENT_CALL, conn, NULL, 0);

    event->u.call = (struct event_call) { .call = name, .fd = 7, .result = 4, .took_ns = 1000 };
    event->stamp_ns = stamp_ns;
    event->flags = flags;
    event->pid = event->tid = 4711;
    record_apply(f->model, event);
}

static void
calls_in_progress_are_below_those_that_returned(void **state)
{
    struct fixture *f = *state;

    switch_lens(f, true);
    call(f, CALL_RECVFROM, 3, NS_PER_S, 0);
    call(f, CALL_ACCEPT, 0, NS_PER_S - 4200 * NS_PER_MS, EVENT_BEGUN);
    draw(f, UI_CALLS);
    assert_true(f->deck.lens_is_on);
    assert_true(row_has(f, 0, "#3    4711 recvfrom(7, ..., 0, 0, NULL, NULL) = 4"));
    assert_true(row_has(f, ROWS - 1, "4711 accept4(7, ...) <blocked 4.2 s>"));
    call(f, CALL_ACCEPT, 0, NS_PER_S, 0);
    draw(f, UI_CALLS);
    assert_true(row_has(f, 1, "4711 accept4(7, ..."));
    assert_false(row_has(f, ROWS - 1, "blocked"));
    switch_lens(f, false);
    draw(f, UI_CALLS);
    assert_false(f->deck.lens_is_on);
}

/* Of many messages the one that the selected call received is marked and in sight. */
static void
a_chosen_call_marks_the_message_that_it_received(void **state)
{
    struct fixture *f = *state;

    for (int i = 1; i <= 50; i++) {
        char text[16];
        struct event *event;

        snprintf(text, sizeof(text), "message %d", i);
        event = record_of_message(EVENT_RECEIVED, 1, text, strlen(text));
        event->stamp_ns = i * NS_PER_S;
        record_apply(f->model, event);
        call(f, CALL_RECVFROM, 1, i * NS_PER_S, 0);
    }
    draw(f, UI_CALLS);
    for (int i = 0; i < 20; i++)
        panes[UI_CALLS].move(&f->deck, MOVE_UP, ROWS);
    deck_choose_pair(&f->deck, UI_CALLS);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, ROWS / 2, "message 30"));
    assert_true(is_marked(f, ROWS / 2));
    deck_choose_pair(&f->deck, UI_PANES);
    draw(f, UI_MESSAGES);
    assert_true(row_has(f, ROWS - 1, "message 50"));
    for (int i = 0; i < 3; i++)
        panes[UI_MESSAGES].move(&f->deck, MOVE_UP, ROWS);
    deck_choose_pair(&f->deck, UI_MESSAGES);
    draw(f, UI_CALLS);
    assert_int_equal(f->deck.calls.journal.paired, 46 + 1);
}

static void
times_are_shown_as_clock_since_start_or_since_before(void **state)
{
    struct fixture *f = *state;
    char time[32];

    f->deck.time = TIME_START;
    deck_format_time(&f->deck, time, 3 * NS_PER_S + 250 * NS_PER_MS, 0, 0, false);
    assert_string_equal(time, "+2.250000");
    f->deck.time = TIME_PREVIOUS;
    deck_format_time(&f->deck, time, 3 * NS_PER_S, 0, 3 * NS_PER_S - 15 * NS_PER_US, false);
    assert_string_equal(time, "+0.000015");
    deck_format_time(&f->deck, time, 3 * NS_PER_S, 0, NS_PER_S, true);
    assert_string_equal(time, "+2.00");
}

/* More than a frame has time to look at: whoever draws goes on, without any news. */
static void
what_a_frame_had_no_time_for_is_work(void **state)
{
    struct fixture *f = *state;
    struct model *small = f->model;

    f->deck.model = f->model = model_new(64 << 20);
    model_free(small);
    accept_connection(f, 1);
    for (int i = 0; i < 100000; i++)
        record_apply(f->model, record_new(EVENT_EOF, 1, NULL, 0));
    close_connection(f, 1, BY_PEER, HOW_FIN);
    assert_false(deck_has_work(&f->deck));
    draw(f, UI_EVENTS);
    assert_false(row_has(f, 0, "1 closed by peer"));
    assert_true(deck_has_work(&f->deck));
    while (deck_has_work(&f->deck))
        deck_work(&f->deck);
    draw(f, UI_EVENTS);
    assert_true(row_has(f, 0, "1 accepted, 100000 end of file, 1 closed by peer"));
    assert_false(deck_has_work(&f->deck));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_first_screen_goes_with_the_first_record),
        TEST(messages_follow_the_newest),
        TEST(what_was_scrolled_to_stays_where_it_is),
        TEST(a_page_down_at_the_end_follows_again),
        TEST(a_message_is_shown_with_its_direction_and_its_bytes),
        TEST(a_long_message_is_folded_until_it_is_opened),
        TEST(a_frozen_display_stands_still),
        TEST(clear_shows_only_what_comes_from_now_on),
        TEST(opening_a_message_shows_all_of_it),
        TEST(connections_show_who_where_and_how),
        TEST(closed_connections_make_room_for_open_ones),
        TEST(what_is_chosen_keeps_its_row_when_closed_ones_are_listed_again),
        TEST(a_chosen_connection_stays_chosen_when_others_come),
        TEST(thousands_of_closed_connections_leave_the_list_bounded),
        TEST(ids_of_any_length_are_shown_whole_everywhere),
        TEST(events_are_sentences_with_a_sign_of_their_weight),
        TEST(calls_in_progress_are_below_those_that_returned),
        TEST(a_chosen_call_marks_the_message_that_it_received),
        TEST(times_are_shown_as_clock_since_start_or_since_before),
        TEST(what_a_frame_had_no_time_for_is_work),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("panes", tests, NULL, NULL);
}
