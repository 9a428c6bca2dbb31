/* test_panes.c - the panes over a model: what is shown, followed, chosen, frozen. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "made_record.h"
#include "panes_fixture.h"
#include "sockdeck/base/clock.h"

static void
messages(struct panes_fixture *f, int first, int last)
{
    char text[32];

    for (int i = first; i <= last; i++) {
        snprintf(text, sizeof(text), "message %d", i);
        panes_message(f, EVENT_RECEIVED, 1, text);
    }
}

static void
the_first_screen_goes_with_the_first_record(void **state)
{
    struct panes_fixture *f = *state;

    panes_draw(f, UI_MESSAGES);
    assert_string_equal(panes_row(f, 0), "  Nothing is open yet. Try, one at a time:");
    assert_string_equal(panes_row(f, 4), "  Tab completes · help · demo: a tour · quit");
    messages(f, 1, 1);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "message 1"));
    assert_string_equal(panes_row(f, 4), "");
}

static void
messages_follow_the_newest(void **state)
{
    struct panes_fixture *f = *state;

    messages(f, 1, 20);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "message 15"));
    assert_true(panes_row_has(f, ROWS - 1, "message 20"));
    messages(f, 21, 22);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, ROWS - 1, "message 22"));
    assert_true(panes_is_marked(f, ROWS - 1));
}

static void
what_was_scrolled_to_stays_where_it_is(void **state)
{
    struct panes_fixture *f = *state;
    char status[64];

    messages(f, 1, 20);
    panes_draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].move(&f->deck, MOVE_UP, ROWS);
    panes_draw(f, UI_MESSAGES);
    messages(f, 21, 90);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "message 15"));
    assert_true(panes_is_marked(f, 4));
    panes[UI_MESSAGES].status(&f->deck, status, sizeof(status));
    assert_string_equal(status, "text, 71 newer, F follows");
    panes[UI_MESSAGES].move(&f->deck, MOVE_FIRST, ROWS);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "message 1"));
    panes[UI_MESSAGES].move(&f->deck, MOVE_LAST, ROWS);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, ROWS - 1, "message 90"));
}

static void
a_page_down_at_the_end_follows_again(void **state)
{
    struct panes_fixture *f = *state;

    messages(f, 1, 20);
    panes_draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].move(&f->deck, MOVE_PAGE_UP, ROWS);
    panes_draw(f, UI_MESSAGES);
    assert_false(f->deck.messages.is_following);
    panes[UI_MESSAGES].move(&f->deck, MOVE_PAGE_DOWN, ROWS);
    assert_true(f->deck.messages.is_following);
}

static void
a_message_is_shown_with_its_direction_and_its_bytes(void **state)
{
    struct panes_fixture *f = *state;

    panes_message(f, EVENT_SENT, 1, "ping\n");
    panes_message(f, EVENT_RECEIVED, 2, "\033[31mмир");
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "#1 →      5  ping\\n"));
    assert_true(panes_row_has(f, 1, "#2  ←    11  \\x1b[31mмир"));
    f->deck.look = LOOK_BOTH;
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "0000  70 69 6e 67 0a"));
    assert_true(panes_row_has(f, 0, "|ping.|"));
}

static void
a_long_message_is_folded_until_it_is_opened(void **state)
{
    struct panes_fixture *f = *state;
    char text[200];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    panes_message(f, EVENT_RECEIVED, 1, text);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "xx…"));
    assert_string_equal(panes_row(f, 1), "");
    panes[UI_MESSAGES].fold(&f->deck);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 1, "┊ xx"));
    assert_true(panes_row_has(f, 2, "┊ xx"));
    panes[UI_MESSAGES].fold(&f->deck);
    panes_draw(f, UI_MESSAGES);
    assert_string_equal(panes_row(f, 1), "");
}

static void
a_frozen_display_stands_still(void **state)
{
    struct panes_fixture *f = *state;

    messages(f, 1, 20);
    panes_draw(f, UI_MESSAGES);
    f->deck.is_frozen = true;
    messages(f, 21, 40);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, ROWS - 1, "message 20"));
    f->deck.is_frozen = false;
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, ROWS - 1, "message 40"));
}

static void
clear_shows_only_what_comes_from_now_on(void **state)
{
    struct panes_fixture *f = *state;

    messages(f, 1, 20);
    panes_draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].clear(&f->deck);
    panes_draw(f, UI_MESSAGES);
    assert_string_equal(panes_row(f, 0), "");
    messages(f, 21, 21);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, 0, "message 21"));
    assert_string_equal(panes_row(f, 1), "");
}

static void
opening_a_message_shows_all_of_it(void **state)
{
    struct panes_fixture *f = *state;
    struct opened opened = { .command = "" };

    panes_accept(f, 7);
    panes_message(f, EVENT_RECEIVED, 7, "ping");
    panes_draw(f, UI_MESSAGES);
    panes[UI_MESSAGES].open(&f->deck, &opened);
    buffer_add(&opened.text, "", 1);
    assert_non_null(strstr(buffer_data(&opened.text), "\n┊ ping\n"));
    assert_non_null(strstr(buffer_data(&opened.text), "\n  time "));
    assert_non_null(strstr(buffer_data(&opened.text),
                           "\n  from      127.0.0.1:5000\n  to        127.0.0.1:80\n"));
    assert_string_equal(opened.title, "#7 received 4 bytes");
    assert_memory_equal(buffer_data(&opened.text), "0000  70 69 6e 67", 17);
    assert_int_equal(panes[UI_MESSAGES].selected(&f->deck), 7);
    buffer_fini(&opened.text);
}

static void
ids_of_any_length_are_shown_whole_everywhere(void **state)
{
    static const enum ui_pane shown[] = { UI_CONNECTIONS, UI_MESSAGES, UI_EVENTS };
    struct panes_fixture *f = *state;

    panes_accept(f, 1234567);
    panes_message(f, EVENT_RECEIVED, 1234567, "ping");
    panes_draw(f, UI_CONNECTIONS);
    for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
        panes_draw(f, shown[i]);
        assert_true(panes_row_has(f, shown[i] == UI_CONNECTIONS, "#1234567 "));
    }
}

static void
events_are_sentences_with_a_sign_of_their_weight(void **state)
{
    struct panes_fixture *f = *state;
    struct event *event = record_new(EVENT_ERROR, 3, NULL, 0);

    event->u.error = (struct event_error) {
        .code = 111, .call = CALL_CONNECT, .severity = SEVERITY_ERROR,
    };
    record_apply(f->model, event);
    panes_draw(f, UI_EVENTS);
    assert_true(panes_row_has(f, 0, " !! #3 "));
    assert_true(panes_row_has(f, 0, "ECONNREFUSED"));
}

static void
switch_lens(struct panes_fixture *f, bool is_on)
{
    struct event *event = record_new(EVENT_LENS, 0, NULL, 0);

    event->u.lens.is_on = is_on;
    record_apply(f->model, event);
}

static void
call(struct panes_fixture *f, enum call_name name, uint32_t conn, int64_t stamp_ns, uint16_t flags)
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
    struct panes_fixture *f = *state;

    switch_lens(f, true);
    call(f, CALL_RECVFROM, 3, NS_PER_S, 0);
    call(f, CALL_ACCEPT, 0, NS_PER_S - 4200 * NS_PER_MS, EVENT_BEGUN);
    panes_draw(f, UI_CALLS);
    assert_true(f->deck.lens_is_on);
    assert_true(panes_row_has(f, 0, "#3    4711 recvfrom(7, ..., 0, 0, NULL, NULL) = 4"));
    assert_true(panes_row_has(f, ROWS - 1, "4711 accept4(7, ...) <blocked 4.2 s>"));
    call(f, CALL_ACCEPT, 0, NS_PER_S, 0);
    panes_draw(f, UI_CALLS);
    assert_true(panes_row_has(f, 1, "4711 accept4(7, ..."));
    assert_false(panes_row_has(f, ROWS - 1, "blocked"));
    switch_lens(f, false);
    panes_draw(f, UI_CALLS);
    assert_false(f->deck.lens_is_on);
}

/* Of many messages the one that the selected call received is marked and in sight. */
static void
a_chosen_call_marks_the_message_that_it_received(void **state)
{
    struct panes_fixture *f = *state;

    for (int i = 1; i <= 50; i++) {
        char text[16];
        struct event *event;

        snprintf(text, sizeof(text), "message %d", i);
        event = record_of_message(EVENT_RECEIVED, 1, text, strlen(text));
        event->stamp_ns = i * NS_PER_S;
        record_apply(f->model, event);
        call(f, CALL_RECVFROM, 1, i * NS_PER_S, 0);
    }
    panes_draw(f, UI_CALLS);
    for (int i = 0; i < 20; i++)
        panes[UI_CALLS].move(&f->deck, MOVE_UP, ROWS);
    deck_choose_pair(&f->deck, UI_CALLS);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, ROWS / 2, "message 30"));
    assert_true(panes_is_marked(f, ROWS / 2));
    deck_choose_pair(&f->deck, UI_PANES);
    panes_draw(f, UI_MESSAGES);
    assert_true(panes_row_has(f, ROWS - 1, "message 50"));
    for (int i = 0; i < 3; i++)
        panes[UI_MESSAGES].move(&f->deck, MOVE_UP, ROWS);
    deck_choose_pair(&f->deck, UI_MESSAGES);
    panes_draw(f, UI_CALLS);
    assert_int_equal(f->deck.calls.journal.paired, 46 + 1);
}

static void
times_are_shown_as_clock_since_start_or_since_before(void **state)
{
    struct panes_fixture *f = *state;
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
    struct panes_fixture *f = *state;
    struct model *small = f->model;

    f->deck.model = f->model = model_new(64 << 20);
    model_free(small);
    panes_accept(f, 1);
    for (int i = 0; i < 100000; i++)
        record_apply(f->model, record_new(EVENT_EOF, 1, NULL, 0));
    panes_close(f, 1, BY_PEER, HOW_FIN);
    assert_false(deck_has_work(&f->deck));
    panes_draw(f, UI_EVENTS);
    assert_false(panes_row_has(f, 0, "1 closed by peer"));
    assert_true(deck_has_work(&f->deck));
    while (deck_has_work(&f->deck))
        deck_work(&f->deck);
    panes_draw(f, UI_EVENTS);
    assert_true(panes_row_has(f, 0, "1 accepted, 100000 end of file, 1 closed by peer"));
    assert_false(deck_has_work(&f->deck));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PANES_TEST(the_first_screen_goes_with_the_first_record),
        PANES_TEST(messages_follow_the_newest),
        PANES_TEST(what_was_scrolled_to_stays_where_it_is),
        PANES_TEST(a_page_down_at_the_end_follows_again),
        PANES_TEST(a_message_is_shown_with_its_direction_and_its_bytes),
        PANES_TEST(a_long_message_is_folded_until_it_is_opened),
        PANES_TEST(a_frozen_display_stands_still),
        PANES_TEST(clear_shows_only_what_comes_from_now_on),
        PANES_TEST(opening_a_message_shows_all_of_it),
        PANES_TEST(ids_of_any_length_are_shown_whole_everywhere),
        PANES_TEST(events_are_sentences_with_a_sign_of_their_weight),
        PANES_TEST(calls_in_progress_are_below_those_that_returned),
        PANES_TEST(a_chosen_call_marks_the_message_that_it_received),
        PANES_TEST(times_are_shown_as_clock_since_start_or_since_before),
        PANES_TEST(what_a_frame_had_no_time_for_is_work),
    };

    return cmocka_run_group_tests_name("panes", tests, NULL, NULL);
}
