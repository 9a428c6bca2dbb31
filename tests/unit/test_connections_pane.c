/* test_connections_pane.c - the list of connections: what it shows, and what stays chosen. */
#include "config.h"

#include "test.h"

#include "panes_fixture.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PANES_TEST(connections_show_who_where_and_how),
        PANES_TEST(closed_connections_make_room_for_open_ones),
        PANES_TEST(what_is_chosen_keeps_its_row_when_closed_ones_are_listed_again),
        PANES_TEST(a_chosen_connection_stays_chosen_when_others_come),
        PANES_TEST(thousands_of_closed_connections_leave_the_list_bounded),
    };

    return cmocka_run_group_tests_name("connections pane", tests, NULL, NULL);
}
