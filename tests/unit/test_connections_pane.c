/* test_connections_pane.c - the list of connections: what it shows, and what stays chosen. */
#include "config.h"

#include "test.h"

#include "made_record.h"
#include "panes_fixture.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/serve/settings.h"

static void
connections_show_who_where_and_how(void **state)
{
    struct panes_fixture *f = *state;

    panes_accept(f, 1);
    panes_accept(f, 2);
    panes_close(f, 2, BY_PEER, HOW_RST);
    panes_draw(f, UI_CONNECTIONS);
    assert_true(panes_row_has(f, 0, "PEER"));
    assert_true(panes_row_has(f, 1, "#1 ← 127.0.0.1:5000"));
    assert_true(panes_row_has(f, 1, "open"));
    assert_true(panes_row_has(f, 2, "reset by peer"));
}

static void
closed_connections_make_room_for_open_ones(void **state)
{
    struct panes_fixture *f = *state;

    for (uint32_t id = 1; id <= 10; id++)
        panes_accept(f, id);
    for (uint32_t id = 2; id <= 8; id++)
        panes_close(f, id, BY_US, HOW_FIN);
    panes_draw(f, UI_CONNECTIONS);
    assert_true(panes_row_has(f, 1, "#1 "));
    assert_true(panes_row_has(f, 2, "#7 "));
    assert_true(panes_row_has(f, ROWS - 1, "#10 "));
}

static void
what_is_chosen_keeps_its_row_when_closed_ones_are_listed_again(void **state)
{
    struct panes_fixture *f = *state;

    for (uint32_t id = 1; id <= 10; id++)
        panes_accept(f, id);
    for (uint32_t id = 2; id <= 8; id++)
        panes_close(f, id, BY_US, HOW_FIN);
    panes_draw(f, UI_CONNECTIONS);
    panes[UI_CONNECTIONS].move(&f->deck, MOVE_UP, ROWS);
    panes_draw(f, UI_CONNECTIONS);
    assert_true(panes_row_has(f, ROWS - 1, "#10 "));
    assert_true(panes_row_has(f, ROWS - 2, "#9 "));
    assert_true(panes_is_marked(f, ROWS - 2));
    assert_true(panes_row_has(f, 1, "#6 "));
    panes[UI_CONNECTIONS].move(&f->deck, MOVE_LAST, ROWS);
    panes_draw(f, UI_CONNECTIONS);
    assert_true(panes_row_has(f, 1, "#1 "));          /* they make room again */
    panes[UI_CONNECTIONS].click(&f->deck, 2);
    panes_draw(f, UI_CONNECTIONS);
    assert_true(panes_row_has(f, 2, "#7 "));
    assert_true(panes_is_marked(f, 2));
    assert_true(panes_row_has(f, 1, "#6 "));
}

static void
a_chosen_connection_stays_chosen_when_others_come(void **state)
{
    struct panes_fixture *f = *state;
    struct opened opened = { .command = "" };

    for (uint32_t id = 1; id <= 4; id++)
        panes_accept(f, id);
    panes_draw(f, UI_CONNECTIONS);
    panes[UI_CONNECTIONS].move(&f->deck, MOVE_FIRST, ROWS);
    for (uint32_t id = 5; id <= 60; id++)
        panes_accept(f, id);
    panes_draw(f, UI_CONNECTIONS);
    assert_true(panes_row_has(f, 1, "#1 "));
    assert_true(panes_is_marked(f, 1));
    panes[UI_CONNECTIONS].open(&f->deck, &opened);
    assert_string_equal(opened.command, "info #1");
}

static void
thousands_of_closed_connections_leave_the_list_bounded(void **state)
{
    struct panes_fixture *f = *state;

    for (uint32_t id = 1; id <= 5000; id++) {
        panes_accept(f, id);
        panes_close(f, id, BY_PEER, HOW_FIN);
    }
    panes_draw(f, UI_CONNECTIONS);
    assert_true(f->deck.connections.count <= CONNECTIONS_CLOSED_KEPT);
    assert_true(panes_row_has(f, ROWS - 1, "#5000 "));
}

static void
the_bar_behind_a_deadline_falls_with_what_is_left(void **state)
{
    static const struct { int64_t since_ns; const char *shown; } cases[] = {
        { NS_PER_S, "read     8.0 s █" }, { -NS_PER_S, "read     6.0 s ▇" },
        { -3 * NS_PER_S, "read     4.0 s ▅" }, { -6 * NS_PER_S, "read     1.0 s ▂" },
        { -7 * NS_PER_S + 1, "read     0.0 s ▁" }, { -9 * NS_PER_S, "read     0.0 s ▁" },
    };
    struct panes_fixture *f = *state;
    struct settings settings;

    settings_init(&settings);
    settings.timeout_ns[TIMEOUT_READ] = 8 * NS_PER_S;
    f->deck.has_motion = true;
    panes_accept(f, 1);
    record_apply(f->model, record_new(EVENT_SETTINGS, 1, &settings, sizeof(settings)));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event *event = record_new(EVENT_WAITS, 1, NULL, 0);

        event->u.waits.running = 1u << TIMEOUT_READ;
        event->u.waits.read_since_ns = cases[i].since_ns;
        record_apply(f->model, event);
        panes_draw(f, UI_CONNECTIONS);          /* at one second */
        if (!panes_row_has(f, 1, cases[i].shown))
            fail_msg("'%s' is not in: %s", cases[i].shown, panes_row(f, 1));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PANES_TEST(connections_show_who_where_and_how),
        PANES_TEST(closed_connections_make_room_for_open_ones),
        PANES_TEST(what_is_chosen_keeps_its_row_when_closed_ones_are_listed_again),
        PANES_TEST(a_chosen_connection_stays_chosen_when_others_come),
        PANES_TEST(thousands_of_closed_connections_leave_the_list_bounded),
        PANES_TEST(the_bar_behind_a_deadline_falls_with_what_is_left),
    };

    return cmocka_run_group_tests_name("connections pane", tests, NULL, NULL);
}
