/* test_order.c - order: bytes and calls wait for what caused them, and for how long. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "made_record.h"
#include "order_story.h"

/* --- bytes ------------------------------------------------------------------------------ */

static void
what_was_sent_before_is_received_at_once(void **state)
{
    (void)state;
    story_sent(1, 4);
    story_received(2, 4);
    story_shows("#1 sent 4, #2 received 4");
    assert_false(order_is_holding(story_order()));
}

static void
bytes_wait_until_the_other_end_has_sent_them(void **state)
{
    (void)state;
    story_received(2, 4);
    story_shows("");
    assert_true(order_is_holding(story_order()));
    story_sent(1, 4);
    story_shows("#1 sent 4, #2 received 4");
    assert_false(order_is_holding(story_order()));
}

static void
a_part_that_was_sent_lets_a_part_go(void **state)
{
    (void)state;
    story_received(2, 3);
    story_received(2, 3);
    story_sent(1, 5);
    story_shows("#1 sent 5, #2 received 3");
    story_sent(1, 1);
    story_shows("#1 sent 1, #2 received 3");
}

static void
what_comes_behind_waits_in_its_order(void **state)
{
    (void)state;
    story_received(2, 4);
    story_sent(2, 4);
    story_happened(2, EVENT_PING);
    story_shows("");
    story_sent(1, 4);
    story_shows("#1 sent 4, #2 received 4, #2 sent 4, #2 ping");
}

/* Two pings; the first send is published last. */
static void
each_end_lets_the_other_go_on(void **state)
{
    (void)state;
    story_received(2, 4);
    story_sent(2, 4);
    story_received(2, 4);
    story_sent(2, 4);
    story_shows("");
    story_sent(1, 4);
    story_shows("#1 sent 4, #2 received 4, #2 sent 4");
    story_received(1, 8);
    story_sent(1, 4);
    story_shows("");                  /* received 8 waits for what waits for the sent behind it: */
    story_let_time_pass();            /* no order of real calls, and not for ever */
    assert_false(order_is_holding(story_order()));
    story_shows("#2 received 4, #2 sent 4, #1 received 8, #1 sent 4");
}

static void
other_connections_do_not_wait(void **state)
{
    (void)state;
    story_received(2, 4);
    story_received(3, 4);
    story_happened(3, EVENT_EOF);
    order_pass(story_order(), NULL, &(struct event) { .size = sizeof(struct event),
                                               .type = EVENT_LISTENING });
    story_shows("#3 received 4, #3 eof, #0 listening");
    story_sent(1, 4);
}

/* Connected, and has sent, while it was in the accept queue. */
static void
what_was_reported_before_they_met_counts(void **state)
{
    (void)state;
    *story_end(3) = (struct order_end) { .out = 6 };
    *story_end(0) = (struct order_end) { 0 };
    story_meet(3, THERE, "127.0.0.1:50002");
    story_meet(0, "127.0.0.1:50002", THERE);
    story_received(0, 6);
    story_shows("#0 received 6");
    story_received(0, 1);
    story_shows("");
    story_sent(3, 1);
    story_shows("#3 sent 1, #0 received 1");
}

/* It had shut its sending side, too. */
static void
an_end_that_was_reported_before_they_met_counts(void **state)
{
    (void)state;
    *story_end(3) = (struct order_end) { .out = 2, .has_ended = true };
    story_meet(3, THERE, "127.0.0.1:50002");
    story_meet(0, "127.0.0.1:50002", THERE);
    story_received(0, 2);
    story_happened(0, EVENT_EOF);
    story_shows("#0 received 2, #0 eof");
}

/* --- calls -------------------------------------------------------------------------------- */

static void
the_call_waits_as_what_it_did(void **state)
{
    (void)state;
    story_called(2, CALL_RECVFROM, 4, 0);
    story_received(2, 4);
    story_called(1, CALL_SENDTO, 4, 0);
    story_shows("#1 call");
    story_sent(1, 4);
    story_shows("#1 sent 4, #2 call, #2 received 4");
    story_called(2, CALL_RECVFROM, 0, 0);
    story_happened(2, EVENT_EOF);
    story_shows("");
    story_shut_down(1, SHUTDOWN_BOTH);
    story_shows("#1 shutdown, #2 call, #2 eof");
}

static void
calls_that_brought_nothing_do_not_wait(void **state)
{
    (void)state;
    story_called(2, CALL_RECVFROM, -EAGAIN, 0);
    story_called(2, CALL_RECVFROM, 0, EVENT_BEGUN);
    story_called(2, CALL_SENDTO, 4, 0);
    story_called(2, CALL_GETSOCKOPT, 0, 0);
    story_shows("#2 call, #2 call, #2 call, #2 call");
}

/* --- never for ever, never without bound --------------------------------------------------- */

/* A process that was stopped between the call and the report. */
static void
one_that_reports_nothing_is_not_waited_for_twice(void **state)
{
    (void)state;
    story_received(2, 4);
    order_expire(story_order(), clock_mono_ns());
    story_shows("");
    story_let_time_pass();
    story_shows("#2 received 4");
    story_received(2, 4);
    story_shows("#2 received 4");
    assert_false(order_is_holding(story_order()));

    story_sent(1, 8);                 /* it goes on: all is as before */
    story_received(2, 1);
    story_shows("#1 sent 8");
    story_sent(1, 1);
    story_shows("#1 sent 1, #2 received 1");
}

/* A process that was killed is closed in the books; its last report may be missing. */
static void
one_that_was_killed_lets_all_go(void **state)
{
    (void)state;
    story_received(2, 4);
    story_happened(2, EVENT_EOF);
    story_happened(1, EVENT_CLOSED);
    story_shows("#1 closed, #2 received 4, #2 eof");
    story_received(2, 9);
    story_shows("#2 received 9");
}

/* Each progress gives the rest its time anew. */
static void
the_time_counts_from_the_last_progress(void **state)
{
    int64_t begun;

    (void)state;
    story_received(2, 1);
    story_received(2, 1);
    begun = clock_mono_ns();
    while (clock_mono_ns() == begun)
        ;
    story_sent(1, 1);
    story_shows("#1 sent 1, #2 received 1");
    order_expire(story_order(), begun + ORDER_HOLD_NS);
    story_shows("");
    story_let_time_pass();
    story_shows("#2 received 1");
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
        story_pass(event);
        n++;
    } while (story_shows_nothing());
    assert_int_equal(n, ORDER_HELD_MOST / BIG);         /* and a header each */
    assert_int_equal(story_order()->held_bytes, 0);
    assert_false(order_is_holding(story_order()));
}

/* The first of a connection is its earliest. */
static void
it_is_told_from_when_on_something_is_held(void **state)
{
    struct event *event = record_new(EVENT_RECEIVED, 2, NULL, 0);

    (void)state;
    assert_false(order_is_holding_from(story_order(), INT64_MAX));
    event->u.message.bytes = 4;
    event->stamp_ns = 1000;
    story_pass(event);
    assert_false(order_is_holding_from(story_order(), 999));
    assert_true(order_is_holding_from(story_order(), 1000));
    story_sent(1, 4);
    assert_false(order_is_holding_from(story_order(), 1000));
}

static void
all_can_be_let_go(void **state)
{
    (void)state;
    story_received(2, 4);
    story_happened(1, EVENT_EOF);
    order_release(story_order());
    story_shows("#2 received 4, #1 eof");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY_TEST(what_was_sent_before_is_received_at_once),
        STORY_TEST(bytes_wait_until_the_other_end_has_sent_them),
        STORY_TEST(a_part_that_was_sent_lets_a_part_go),
        STORY_TEST(what_comes_behind_waits_in_its_order),
        STORY_TEST(each_end_lets_the_other_go_on),
        STORY_TEST(other_connections_do_not_wait),
        STORY_TEST(what_was_reported_before_they_met_counts),
        STORY_TEST(an_end_that_was_reported_before_they_met_counts),
        STORY_TEST(the_call_waits_as_what_it_did),
        STORY_TEST(calls_that_brought_nothing_do_not_wait),
        STORY_TEST(one_that_reports_nothing_is_not_waited_for_twice),
        STORY_TEST(one_that_was_killed_lets_all_go),
        STORY_TEST(the_time_counts_from_the_last_progress),
        STORY_TEST(more_than_a_bounded_amount_is_not_held),
        STORY_TEST(it_is_told_from_when_on_something_is_held),
        STORY_TEST(all_can_be_let_go),
    };

    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
