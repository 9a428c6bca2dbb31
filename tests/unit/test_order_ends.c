/* test_order_ends.c - order: what ends a connection, and what is served after it. */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "made_record.h"
#include "order_story.h"

/* --- one after another -------------------------------------------------------------------- */

/* Of a host that served #2 before, as #4 now; and #4's other end is elsewhere. */
static void
accept_after_2(void)
{
    struct event *event = record_of_peers(EVENT_ACCEPTED, 4, "192.0.2.1:50002", THERE);

    order_meet(story_order(), story_end(4), event);
    order_follow(story_order(), story_end(4), 2);
    story_pass(event);
}

static void
the_next_one_waits_until_the_last_one_has_ended(void **state)
{
    (void)state;
    story_happened(2, EVENT_EOF);
    story_happened(2, EVENT_CLOSED);
    accept_after_2();
    story_received(4, 4);
    story_shows("");
    story_happened(1, EVENT_CLOSED);
    story_shows("#1 closed, #2 eof, #2 closed, #4 accepted, #4 received 4");
    story_received(4, 1);
    story_happened(4, EVENT_EOF);
    story_shows("#4 received 1, #4 eof");
}

static void
a_line_of_short_ones_waits_as_a_whole(void **state)
{
    (void)state;
    story_received(2, 4);
    story_happened(2, EVENT_CLOSED);
    accept_after_2();
    story_happened(4, EVENT_CLOSED);
    story_meet(0, "192.0.2.1:50003", THERE);
    order_follow(story_order(), story_end(0), 4);
    story_happened(0, EVENT_ACCEPTED);
    story_shows("");
    story_sent(1, 4);
    story_shows("#1 sent 4, #2 received 4, #2 closed, #4 accepted, #4 closed, #0 accepted");
    story_happened(1, EVENT_CLOSED);
    story_shows("#1 closed");
}

static void
the_next_one_does_not_wait_for_one_of_which_nothing_is_held(void **state)
{
    (void)state;
    story_happened(1, EVENT_CLOSED);
    story_happened(2, EVENT_CLOSED);
    accept_after_2();
    story_shows("#1 closed, #2 closed, #4 accepted");
    assert_null(story_end(4)->twin);
}

static void
the_next_one_waits_no_longer_than_the_last_one(void **state)
{
    (void)state;
    story_happened(2, EVENT_EOF);
    story_happened(2, EVENT_CLOSED);
    accept_after_2();
    story_let_time_pass();
    story_shows("#2 eof, #2 closed, #4 accepted");
    assert_false(order_is_holding(story_order()));
}

/* The one before has made progress, and has its time anew; #4 has not. */
static void
the_next_one_goes_before_the_last_one_when_its_time_is_over(void **state)
{
    int64_t begun;

    (void)state;
    story_received(2, 1);
    story_received(2, 1);
    story_happened(2, EVENT_CLOSED);
    accept_after_2();
    begun = clock_mono_ns();
    while (clock_mono_ns() == begun)
        ;
    story_sent(1, 1);
    story_shows("#1 sent 1, #2 received 1");
    order_expire(story_order(), begun + ORDER_HOLD_NS);
    story_shows("#4 accepted");
    story_sent(1, 1);
    story_shows("#1 sent 1, #2 received 1, #2 closed");
}

/* --- the end ------------------------------------------------------------------------------ */

static void
an_end_of_file_waits_for_the_shutdown(void **state)
{
    (void)state;
    story_happened(2, EVENT_EOF);
    story_shut_down(1, SHUTDOWN_READ);
    story_shows("#1 shutdown");
    story_shut_down(1, SHUTDOWN_WRITE);
    story_shows("#1 shutdown, #2 eof");
}

static void
an_end_of_file_waits_for_the_close(void **state)
{
    (void)state;
    story_happened(2, EVENT_EOF);
    story_happened(2, EVENT_CLOSED);
    story_shows("");
    story_happened(1, EVENT_CLOSED);
    story_shows("#1 closed, #2 eof, #2 closed");
}

static void
a_reset_waits_for_the_close_and_other_errors_do_not(void **state)
{
    (void)state;
    story_failed(1, EAGAIN);
    story_shows("#1 error");
    story_failed(1, ECONNRESET);
    story_failed(2, EPIPE);
    story_shows("");
    story_let_time_pass();
    story_shows("#1 error, #2 error");
}

static void
what_is_held_of_one_that_has_closed_is_found(void **state)
{
    struct twin *twin;

    (void)state;
    story_received(2, 4);
    story_happened(2, EVENT_CLOSED);
    assert_null(order_find_holding(story_order(), 1));
    twin = order_find_holding(story_order(), 2);
    assert_non_null(twin);
    order_pass(story_order(), twin, &(struct event) { .size = sizeof(struct event),
                                               .type = EVENT_REPLY });
    story_sent(1, 4);
    story_shows("#1 sent 4, #2 received 4, #2 closed, #0 reply");
    assert_null(order_find_holding(story_order(), 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        STORY_TEST(the_next_one_waits_until_the_last_one_has_ended),
        STORY_TEST(a_line_of_short_ones_waits_as_a_whole),
        STORY_TEST(the_next_one_does_not_wait_for_one_of_which_nothing_is_held),
        STORY_TEST(the_next_one_waits_no_longer_than_the_last_one),
        STORY_TEST(the_next_one_goes_before_the_last_one_when_its_time_is_over),
        STORY_TEST(an_end_of_file_waits_for_the_shutdown),
        STORY_TEST(an_end_of_file_waits_for_the_close),
        STORY_TEST(a_reset_waits_for_the_close_and_other_errors_do_not),
        STORY_TEST(what_is_held_of_one_that_has_closed_is_found),
    };

    return cmocka_run_group_tests_name("order, ends", tests, NULL, NULL);
}
