/* test_order.c - order: #1 and #2 are the two ends of one connection, #3's other end is
 * elsewhere. What is shown is written down as one word a record. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/event/order.h"

#define HERE "127.0.0.1:50001"
#define THERE "127.0.0.1:80"

enum { CONNS = 5, SHOWN = 8192 };

static struct order order;
static struct order_end ends[CONNS];
static char shown[SHOWN];

static void
write_down(void *ctx, const struct event *event)
{
    size_t n = strlen(shown);

    (void)ctx;
    assert_true(n < SHOWN - 64);
    n += (size_t)snprintf(shown + n, SHOWN - n, "%s#%u %s", n > 0 ? ", " : "", event->conn,
                          event_infos[event->type].name);
    if (event->type == EVENT_SENT || event->type == EVENT_RECEIVED)
        snprintf(shown + n, SHOWN - n, " %d", (int)event->u.message.bytes);
}

static void
shows(const char *words)
{
    assert_string_equal(shown, words);
    shown[0] = '\0';
}

/* --- records, as the collector passes them --------------------------------------------- */

static void
pass(struct event *event)
{
    struct order_end *end = &ends[event->conn];

    if (event->type == EVENT_CLOSED)
        order_leave(&order, end);
    order_pass(&order, end->twin, event);
    if (event->type == EVENT_CLOSED)
        *end = (struct order_end) { 0 };
    test_free(event);
}

static void
meet(uint32_t conn, const char *peer, const char *local)
{
    struct event *event = record_of_peers(EVENT_ACCEPTED, conn, peer, local);

    order_meet(&order, &ends[conn], event);
    test_free(event);
}

static void
received(uint32_t conn, uint64_t bytes)
{
    struct event *event = record_new(EVENT_RECEIVED, conn, NULL, 0);

    event->u.message.bytes = bytes;
    ends[conn].in += bytes;
    pass(event);
}

static void
sent(uint32_t conn, uint64_t bytes)
{
    struct event *event = record_new(EVENT_SENT, conn, NULL, 0);

    event->u.message.bytes = bytes;
    ends[conn].out += bytes;
    pass(event);
}

static void
called(uint32_t conn, enum call_name name, int64_t result, uint16_t flags)
{
    struct event *event = record_new(EVENT_CALL, conn, NULL, 0);

    event->u.call.call = name;
    event->u.call.result = result;
    event->flags = flags;
    pass(event);
}

static void
failed(uint32_t conn, int code)
{
    struct event *event = record_new(EVENT_ERROR, conn, NULL, 0);

    event->u.error.code = code;
    pass(event);
}

static void
shut_down(uint32_t conn, enum shutdown_which which)
{
    struct event *event = record_new(EVENT_SHUTDOWN, conn, NULL, 0);

    event->u.shutdown.which = which;
    pass(event);
}

static void
happened(uint32_t conn, enum event_type type)
{
    pass(record_new(type, conn, NULL, 0));
}

/* So long after now that nothing may be held any more. */
static void
let_time_pass(void)
{
    order_expire(&order, clock_mono_ns() + ORDER_HOLD_NS);
}

static int
setup(void **state)
{
    (void)state;
    shown[0] = '\0';
    memset(ends, 0, sizeof(ends));
    order_init(&order, write_down, NULL);
    meet(1, THERE, HERE);
    meet(2, HERE, THERE);
    meet(3, "192.0.2.1:50001", THERE);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    order_release(&order);
    for (size_t i = 0; i < CONNS; i++)
        order_forget(&order, &ends[i]);
    order_fini(&order);
    return 0;
}

/* --- bytes ------------------------------------------------------------------------------ */

static void
what_was_sent_before_is_received_at_once(void **state)
{
    (void)state;
    sent(1, 4);
    received(2, 4);
    shows("#1 sent 4, #2 received 4");
    assert_false(order_is_holding(&order));
}

static void
bytes_wait_until_the_other_end_has_sent_them(void **state)
{
    (void)state;
    received(2, 4);
    shows("");
    assert_true(order_is_holding(&order));
    sent(1, 4);
    shows("#1 sent 4, #2 received 4");
    assert_false(order_is_holding(&order));
}

static void
a_part_that_was_sent_lets_a_part_go(void **state)
{
    (void)state;
    received(2, 3);
    received(2, 3);
    sent(1, 5);
    shows("#1 sent 5, #2 received 3");
    sent(1, 1);
    shows("#1 sent 1, #2 received 3");
}

static void
what_comes_behind_waits_in_its_order(void **state)
{
    (void)state;
    received(2, 4);
    sent(2, 4);
    happened(2, EVENT_PING);
    shows("");
    sent(1, 4);
    shows("#1 sent 4, #2 received 4, #2 sent 4, #2 ping");
}

/* Two pings; the first send is published last. */
static void
each_end_lets_the_other_go_on(void **state)
{
    (void)state;
    received(2, 4);
    sent(2, 4);
    received(2, 4);
    sent(2, 4);
    shows("");
    sent(1, 4);
    shows("#1 sent 4, #2 received 4, #2 sent 4");
    received(1, 8);
    sent(1, 4);
    shows("");                  /* received 8 waits for what waits for the sent behind it: */
    let_time_pass();            /* no order of real calls, and not for ever */
    assert_false(order_is_holding(&order));
    shows("#2 received 4, #2 sent 4, #1 received 8, #1 sent 4");
}

static void
other_connections_do_not_wait(void **state)
{
    (void)state;
    received(2, 4);
    received(3, 4);
    happened(3, EVENT_EOF);
    order_pass(&order, NULL, &(struct event) { .size = sizeof(struct event),
                                               .type = EVENT_LISTENING });
    shows("#3 received 4, #3 eof, #0 listening");
    sent(1, 4);
}

/* Connected, and has sent, while it was in the accept queue. */
static void
what_was_reported_before_they_met_counts(void **state)
{
    (void)state;
    ends[3] = (struct order_end) { .out = 6 };
    ends[0] = (struct order_end) { 0 };
    meet(3, THERE, "127.0.0.1:50002");
    meet(0, "127.0.0.1:50002", THERE);
    received(0, 6);
    shows("#0 received 6");
    received(0, 1);
    shows("");
    sent(3, 1);
    shows("#3 sent 1, #0 received 1");
}

/* It had shut its sending side, too. */
static void
an_end_that_was_reported_before_they_met_counts(void **state)
{
    (void)state;
    ends[3] = (struct order_end) { .out = 2, .has_ended = true };
    meet(3, THERE, "127.0.0.1:50002");
    meet(0, "127.0.0.1:50002", THERE);
    received(0, 2);
    happened(0, EVENT_EOF);
    shows("#0 received 2, #0 eof");
}

/* --- one after another -------------------------------------------------------------------- */

/* Of a host that served #2 before, as #4 now; and #4's other end is elsewhere. */
static void
accept_after_2(void)
{
    struct event *event = record_of_peers(EVENT_ACCEPTED, 4, "192.0.2.1:50002", THERE);

    order_meet(&order, &ends[4], event);
    order_follow(&order, &ends[4], 2);
    pass(event);
}

static void
the_next_one_waits_until_the_last_one_has_ended(void **state)
{
    (void)state;
    happened(2, EVENT_EOF);
    happened(2, EVENT_CLOSED);
    accept_after_2();
    received(4, 4);
    shows("");
    happened(1, EVENT_CLOSED);
    shows("#1 closed, #2 eof, #2 closed, #4 accepted, #4 received 4");
    received(4, 1);
    happened(4, EVENT_EOF);
    shows("#4 received 1, #4 eof");
}

static void
a_line_of_short_ones_waits_as_a_whole(void **state)
{
    (void)state;
    received(2, 4);
    happened(2, EVENT_CLOSED);
    accept_after_2();
    happened(4, EVENT_CLOSED);
    meet(0, "192.0.2.1:50003", THERE);
    order_follow(&order, &ends[0], 4);
    happened(0, EVENT_ACCEPTED);
    shows("");
    sent(1, 4);
    shows("#1 sent 4, #2 received 4, #2 closed, #4 accepted, #4 closed, #0 accepted");
    happened(1, EVENT_CLOSED);
    shows("#1 closed");
}

static void
the_next_one_does_not_wait_for_one_of_which_nothing_is_held(void **state)
{
    (void)state;
    happened(1, EVENT_CLOSED);
    happened(2, EVENT_CLOSED);
    accept_after_2();
    shows("#1 closed, #2 closed, #4 accepted");
    assert_null(ends[4].twin);
}

static void
the_next_one_waits_no_longer_than_the_last_one(void **state)
{
    (void)state;
    happened(2, EVENT_EOF);
    happened(2, EVENT_CLOSED);
    accept_after_2();
    let_time_pass();
    shows("#2 eof, #2 closed, #4 accepted");
    assert_false(order_is_holding(&order));
}

/* The one before has made progress, and has its time anew; #4 has not. */
static void
the_next_one_goes_before_the_last_one_when_its_time_is_over(void **state)
{
    int64_t begun;

    (void)state;
    received(2, 1);
    received(2, 1);
    happened(2, EVENT_CLOSED);
    accept_after_2();
    begun = clock_mono_ns();
    while (clock_mono_ns() == begun)
        ;
    sent(1, 1);
    shows("#1 sent 1, #2 received 1");
    order_expire(&order, begun + ORDER_HOLD_NS);
    shows("#4 accepted");
    sent(1, 1);
    shows("#1 sent 1, #2 received 1, #2 closed");
}

/* --- the end ------------------------------------------------------------------------------ */

static void
an_end_of_file_waits_for_the_shutdown(void **state)
{
    (void)state;
    happened(2, EVENT_EOF);
    shut_down(1, SHUTDOWN_READ);
    shows("#1 shutdown");
    shut_down(1, SHUTDOWN_WRITE);
    shows("#1 shutdown, #2 eof");
}

static void
an_end_of_file_waits_for_the_close(void **state)
{
    (void)state;
    happened(2, EVENT_EOF);
    happened(2, EVENT_CLOSED);
    shows("");
    happened(1, EVENT_CLOSED);
    shows("#1 closed, #2 eof, #2 closed");
}

static void
a_reset_waits_for_the_close_and_other_errors_do_not(void **state)
{
    (void)state;
    failed(1, EAGAIN);
    shows("#1 error");
    failed(1, ECONNRESET);
    failed(2, EPIPE);
    shows("");
    let_time_pass();
    shows("#1 error, #2 error");
}

static void
what_is_held_of_one_that_has_closed_is_found(void **state)
{
    struct twin *twin;

    (void)state;
    received(2, 4);
    happened(2, EVENT_CLOSED);
    assert_null(order_find_holding(&order, 1));
    twin = order_find_holding(&order, 2);
    assert_non_null(twin);
    order_pass(&order, twin, &(struct event) { .size = sizeof(struct event),
                                               .type = EVENT_REPLY });
    sent(1, 4);
    shows("#1 sent 4, #2 received 4, #2 closed, #0 reply");
    assert_null(order_find_holding(&order, 2));
}

/* --- calls -------------------------------------------------------------------------------- */

static void
the_call_waits_as_what_it_did(void **state)
{
    (void)state;
    called(2, CALL_RECVFROM, 4, 0);
    received(2, 4);
    called(1, CALL_SENDTO, 4, 0);
    shows("#1 call");
    sent(1, 4);
    shows("#1 sent 4, #2 call, #2 received 4");
    called(2, CALL_RECVFROM, 0, 0);
    happened(2, EVENT_EOF);
    shows("");
    shut_down(1, SHUTDOWN_BOTH);
    shows("#1 shutdown, #2 call, #2 eof");
}

static void
calls_that_brought_nothing_do_not_wait(void **state)
{
    (void)state;
    called(2, CALL_RECVFROM, -EAGAIN, 0);
    called(2, CALL_RECVFROM, 0, EVENT_BEGUN);
    called(2, CALL_SENDTO, 4, 0);
    called(2, CALL_GETSOCKOPT, 0, 0);
    shows("#2 call, #2 call, #2 call, #2 call");
}

/* --- never for ever, never without bound --------------------------------------------------- */

/* A process that was stopped between the call and the report. */
static void
one_that_reports_nothing_is_not_waited_for_twice(void **state)
{
    (void)state;
    received(2, 4);
    order_expire(&order, clock_mono_ns());
    shows("");
    let_time_pass();
    shows("#2 received 4");
    received(2, 4);
    shows("#2 received 4");
    assert_false(order_is_holding(&order));

    sent(1, 8);                 /* it goes on: all is as before */
    received(2, 1);
    shows("#1 sent 8");
    sent(1, 1);
    shows("#1 sent 1, #2 received 1");
}

/* A process that was killed is closed in the books; its last report may be missing. */
static void
one_that_was_killed_lets_all_go(void **state)
{
    (void)state;
    received(2, 4);
    happened(2, EVENT_EOF);
    happened(1, EVENT_CLOSED);
    shows("#1 closed, #2 received 4, #2 eof");
    received(2, 9);
    shows("#2 received 9");
}

/* Each progress gives the rest its time anew. */
static void
the_time_counts_from_the_last_progress(void **state)
{
    int64_t begun;

    (void)state;
    received(2, 1);
    received(2, 1);
    begun = clock_mono_ns();
    while (clock_mono_ns() == begun)
        ;
    sent(1, 1);
    shows("#1 sent 1, #2 received 1");
    order_expire(&order, begun + ORDER_HOLD_NS);
    shows("");
    let_time_pass();
    shows("#2 received 1");
}

static void
more_than_a_bounded_amount_is_not_held(void **state)
{
    enum { BIG = 1 << 20 };
    static char bytes[BIG];
    struct event *event;
    int n = 0;

    (void)state;
    do {
        event = record_of_message(EVENT_RECEIVED, 2, bytes, BIG);
        pass(event);
        n++;
    } while (shown[0] == '\0');
    assert_int_equal(n, ORDER_HELD_MOST / BIG);         /* and a header each */
    assert_int_equal(order.held_bytes, 0);
    assert_false(order_is_holding(&order));
}

/* The first of a connection is its earliest. */
static void
it_is_told_from_when_on_something_is_held(void **state)
{
    struct event *event = record_new(EVENT_RECEIVED, 2, NULL, 0);

    (void)state;
    assert_false(order_is_holding_from(&order, INT64_MAX));
    event->u.message.bytes = 4;
    event->stamp_ns = 1000;
    pass(event);
    assert_false(order_is_holding_from(&order, 999));
    assert_true(order_is_holding_from(&order, 1000));
    sent(1, 4);
    assert_false(order_is_holding_from(&order, 1000));
}

static void
all_can_be_let_go(void **state)
{
    (void)state;
    received(2, 4);
    happened(1, EVENT_EOF);
    order_release(&order);
    shows("#2 received 4, #1 eof");
}

#define ORDER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ORDER_TEST(what_was_sent_before_is_received_at_once),
        ORDER_TEST(bytes_wait_until_the_other_end_has_sent_them),
        ORDER_TEST(a_part_that_was_sent_lets_a_part_go),
        ORDER_TEST(what_comes_behind_waits_in_its_order),
        ORDER_TEST(each_end_lets_the_other_go_on),
        ORDER_TEST(other_connections_do_not_wait),
        ORDER_TEST(what_was_reported_before_they_met_counts),
        ORDER_TEST(an_end_that_was_reported_before_they_met_counts),
        ORDER_TEST(the_next_one_waits_until_the_last_one_has_ended),
        ORDER_TEST(a_line_of_short_ones_waits_as_a_whole),
        ORDER_TEST(the_next_one_does_not_wait_for_one_of_which_nothing_is_held),
        ORDER_TEST(the_next_one_waits_no_longer_than_the_last_one),
        ORDER_TEST(the_next_one_goes_before_the_last_one_when_its_time_is_over),
        ORDER_TEST(an_end_of_file_waits_for_the_shutdown),
        ORDER_TEST(an_end_of_file_waits_for_the_close),
        ORDER_TEST(a_reset_waits_for_the_close_and_other_errors_do_not),
        ORDER_TEST(what_is_held_of_one_that_has_closed_is_found),
        ORDER_TEST(the_call_waits_as_what_it_did),
        ORDER_TEST(calls_that_brought_nothing_do_not_wait),
        ORDER_TEST(one_that_reports_nothing_is_not_waited_for_twice),
        ORDER_TEST(one_that_was_killed_lets_all_go),
        ORDER_TEST(the_time_counts_from_the_last_progress),
        ORDER_TEST(more_than_a_bounded_amount_is_not_held),
        ORDER_TEST(it_is_told_from_when_on_something_is_held),
        ORDER_TEST(all_can_be_let_go),
    };

    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
