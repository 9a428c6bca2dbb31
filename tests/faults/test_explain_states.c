/* test_explain_states.c - every TCP state in the table behind `explain` is shown by the real
 * program when a connection is in it.
 *
 * In a box, where packets can be dropped: a state that waits for a segment is held by
 * dropping it. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "walk.h"
#include "sockdeck/base/clock.h"

static bool is_in_box;

static void
need_box(void)
{
    if (!is_in_box)
        skip();
}

/* --- holding and looking --------------------------------------------------------------------- */

/* The state of that end in `info`: "value" is its own, "peer" the other one; "" for none. */
static const char *
state_of(struct stage *s, const char *object, const char *end)
{
    json_t *rows, *row;
    size_t i;

    assert_int_equal(stage_run(s, "info %s", object), 0);
    rows = json_object_get(batch_event(&s->batch, "table", 0), "rows");
    json_array_foreach(rows, i, row)
        if (strcmp(event_string(row, "field"), "TCP state") == 0)
            return event_has(row, end) ? event_string(row, end) : "";
    return "";
}

static void
expect_state(struct stage *s, const char *object, const char *end, const char *word)
{
    int64_t deadline = clock_mono_ns() + PROCESS_DEADLINE_MS * NS_PER_MS;

    while (strcmp(state_of(s, object, end), word) != 0)
        if (clock_mono_ns() > deadline)
            fail_msg("%s is in %s, not in %s", object, state_of(s, object, end), word);
    expect_explained(s, word);
}

/* #1 dialled, #2 accepted; the peer's end of file closes neither. */
static void
open_pair(struct stage *s)
{
    stage_listen(s, "listen 0");
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    batch_event(&s->batch, "accepted", 2);
    assert_int_equal(stage_run(s, "on-eof @all keep"), 0);
}

/* From now on nothing gets through to the listening side, but SYNs. */
static void
drop_what_goes_to_the_server(struct stage *s)
{
    box_need("iptables -A INPUT -p tcp --dport %s ! --syn -j DROP", s->port);
}

/* The rules of one state are gone with it. */
static void
let_all_through(void)
{
    box_run("iptables -F");
}

/* --- the states ----------------------------------------------------------------------------- */

static void
listen_for_clients(struct stage *s)
{
    stage_listen(s, "listen 0");
    expect_state(s, "L1", "value", "LISTEN");
}

static void
connect_to_a_hole(struct screen_stage *s)
{
    const char *place;

    screen_stage_run(s, "hole");
    assert_shown(s, "try: connect ");
    place = strstr(pty_screen_text(s->pty), "black hole at 127.0.0.1:");
    assert_non_null(place);
    screen_stage_run(s, "connect %d", atoi(place + strlen("black hole at 127.0.0.1:")));
    assert_shown(s, "connecting to 127.0.0.1:");
    screen_stage_run(s, "info #1");
    assert_shown(s, "SYN_SENT");
}

static void
drop_the_last_ack_of_the_handshake(struct stage *s)
{
    stage_listen(s, "listen 0");
    drop_what_goes_to_the_server(s);
    assert_int_equal(stage_run(s, "connect %s", s->port), 0);
    expect_state(s, "#1", "peer", "SYN_RECV");
    let_all_through();
}

static void
connect_and_accept(struct stage *s)
{
    open_pair(s);
    expect_state(s, "#1", "value", "ESTABLISHED");
}

static void
drop_the_fin(struct stage *s)
{
    open_pair(s);
    drop_what_goes_to_the_server(s);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    expect_state(s, "#1", "value", "FIN_WAIT1");
    let_all_through();
}

static void
close_half_of_it(struct stage *s)
{
    open_pair(s);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    expect_state(s, "#1", "value", "FIN_WAIT2");
}

static void
forget_to_close(struct stage *s)
{
    open_pair(s);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    expect_state(s, "#2", "value", "CLOSE_WAIT");
}

static void
drop_the_ack_of_the_second_fin(struct stage *s)
{
    open_pair(s);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    batch_event(&s->batch, "eof", 2);
    drop_what_goes_to_the_server(s);
    assert_int_equal(stage_run(s, "shutdown #2 write"), 0);
    expect_state(s, "#2", "value", "LAST_ACK");
    let_all_through();
}

/* The client's FIN is lost; the server's own one arrives and does not acknowledge it. */
static void
let_the_fins_cross(struct stage *s)
{
    open_pair(s);
    drop_what_goes_to_the_server(s);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    expect_state(s, "#1", "value", "FIN_WAIT1");
    assert_int_equal(stage_run(s, "shutdown #2 write"), 0);
    expect_state(s, "#1", "value", "CLOSING");
    let_all_through();
}

static void
close_first(struct stage *s)
{
    open_pair(s);
    assert_int_equal(stage_run(s, "shutdown #1 write"), 0);
    batch_event(&s->batch, "eof", 2);
    assert_int_equal(stage_run(s, "close #2"), 0);
    expect_state(s, "#1", "value", "TIME_WAIT");
}

static const struct provocation provocations[] = {
    { "LISTEN", .in_batch = listen_for_clients },
    { "SYN_SENT", .on_screen = connect_to_a_hole },
    { "SYN_RECV", .in_batch = drop_the_last_ack_of_the_handshake },
    { "ESTABLISHED", .in_batch = connect_and_accept },
    { "FIN_WAIT1", .in_batch = drop_the_fin },
    { "FIN_WAIT2", .in_batch = close_half_of_it },
    { "CLOSE_WAIT", .in_batch = forget_to_close },
    { "LAST_ACK", .in_batch = drop_the_ack_of_the_second_fin },
    { "CLOSING", .in_batch = let_the_fins_cross },
    { "TIME_WAIT", .in_batch = close_first },
};

static const struct walk states = { EXPLAINS_STATE, WALK(provocations) };

static void
each_state_is_provoked_or_excused(void **state)
{
    (void)state;
    walk_check(&states);
}

static void
each_state_is_shown_of_a_connection_that_is_held_in_it(void **state)
{
    need_box();
    walk_in_batch(&states, state);
}

static void
a_connect_that_goes_on_is_shown_in_its_state(void **state)
{
    walk_on_screen(&states, state);
}

/* A test that fails leaves its rules to nobody. */
static int
teardown(void **state)
{
    if (is_in_box && system("iptables -F 2>/dev/null") < 0)
        return -1;
    return stage_teardown(state);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_is_provoked_or_excused),
        cmocka_unit_test_setup_teardown(each_state_is_shown_of_a_connection_that_is_held_in_it,
                                        stage_setup, teardown),
        screen_stage_test(a_connect_that_goes_on_is_shown_in_its_state),
    };

    (void)argc;
    is_in_box = box_enter(argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
