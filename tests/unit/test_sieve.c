/* test_sieve.c - the records that pass, in order, while others come and go. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/base/error.h"
#include "sockdeck/ui/sieve.h"

struct fixture { struct model *model; struct sieve sieve; };

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    f->model = model_new(1 << 20);
    sieve_init(&f->sieve, JOURNAL_MESSAGES, PANE_MESSAGES);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    sieve_fini(&f->sieve);
    model_free(f->model);
    free(f);
    return 0;
}

static void
messages(struct fixture *f, int first, int last)
{
    for (int i = first; i <= last; i++) {
        char text[64];

        snprintf(text, sizeof(text), "%s %d", i % 10 == 0 ? "tenth" : "other", i);
        record_apply(f->model, record_of_message(EVENT_RECEIVED, 1, text, strlen(text)));
    }
}

static void
scan(struct fixture *f, uint64_t floor)
{
    while (sieve_scan(&f->sieve, f->model, floor, UINT64_MAX))
        ;
}

static void
filter(struct fixture *f, const char *term)
{
    struct filter terms = { .count = 0 };

    if (term != NULL)
        assert_int_equal(filter_add(&terms, term, NULL), 0);
    sieve_set_filter(&f->sieve, &terms);
}

static void
without_a_filter_it_is_the_journal(void **state)
{
    struct fixture *f = *state;

    messages(f, 0, 99);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 100);
    assert_int_equal(sieve_entry(&f->sieve, 7).first, 7);
    assert_int_equal(sieve_place(&f->sieve, 42), 42);
    assert_int_equal(sieve_place(&f->sieve, 1000), 99);
    assert_int_equal(f->sieve.hidden, 0);
}

static void
what_does_not_pass_is_counted(void **state)
{
    struct fixture *f = *state;

    messages(f, 0, 99);
    filter(f, "text~tenth");
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 10);
    assert_int_equal(sieve_entry(&f->sieve, 3).first, 30);
    assert_int_equal(f->sieve.hidden, 90);
    messages(f, 100, 109);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 11);
    assert_int_equal(f->sieve.hidden, 99);
    filter(f, NULL);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 110);
    assert_int_equal(f->sieve.hidden, 0);
}

static void
a_place_is_found_by_a_record_that_did_not_pass(void **state)
{
    struct fixture *f = *state;

    messages(f, 0, 99);
    filter(f, "text~tenth");
    scan(f, 0);
    assert_int_equal(sieve_place(&f->sieve, 30), 3);
    assert_int_equal(sieve_place(&f->sieve, 39), 3);
    assert_int_equal(sieve_place(&f->sieve, 0), 0);
    assert_int_equal(sieve_place(&f->sieve, 5000), 9);
}

static void
what_leaves_the_journal_leaves_the_list(void **state)
{
    struct fixture *f = *state;
    uint64_t begin;

    filter(f, "text~tenth");
    messages(f, 0, 9999);
    scan(f, 0);
    model_set_memory(f->model, 1 << 16);
    messages(f, 10000, 10009);
    scan(f, 0);
    model_lock(f->model);
    begin = model_journal_begin(f->model, JOURNAL_MESSAGES);
    model_unlock(f->model);
    assert_true(begin > 0);
    assert_true(sieve_entry(&f->sieve, 0).first >= begin);
    assert_int_equal(sieve_count(&f->sieve) + f->sieve.hidden, 10010 - begin);
}

static void
a_floor_hides_what_was_before(void **state)
{
    struct fixture *f = *state;

    messages(f, 0, 99);
    scan(f, 0);
    scan(f, 100);
    assert_int_equal(sieve_count(&f->sieve), 0);
    messages(f, 100, 101);
    scan(f, 100);
    assert_int_equal(sieve_count(&f->sieve), 2);
    assert_int_equal(sieve_entry(&f->sieve, 0).first, 100);
}

static bool
has_same_size(const struct event *event, const struct event *before)
{
    return event->data_size == before->data_size;
}

static void
repeats_are_one_entry_with_a_count(void **state)
{
    struct fixture *f = *state;

    f->sieve.repeats = has_same_size;
    messages(f, 1, 9);          /* "other 1": one size */
    messages(f, 10, 12);        /* "tenth 10", "other 11": another */
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 2);
    assert_int_equal(sieve_entry(&f->sieve, 0).count, 9);
    assert_int_equal(sieve_entry(&f->sieve, 0).last, 8);
    assert_int_equal(sieve_entry(&f->sieve, 1).first, 9);
    messages(f, 13, 13);
    scan(f, 0);
    assert_int_equal(sieve_entry(&f->sieve, 1).count, 4);
    assert_int_equal(sieve_place(&f->sieve, 5), 0);
}

/* A connection that comes and goes at once, as the server sees it. */
static void
visit(struct fixture *f, uint32_t conn, uint16_t listener, int64_t stamp_ns)
{
    static const enum event_type types[] = { EVENT_ACCEPTED, EVENT_EOF, EVENT_CLOSED };

    for (int i = 0; i < 3; i++) {
        struct event *event = types[i] == EVENT_ACCEPTED
            ? record_of_peers(EVENT_ACCEPTED, conn, "127.0.0.1:9", "127.0.0.1:10")
            : record_new(types[i], conn, NULL, 0);

        event->listener = listener;
        event->stamp_ns = stamp_ns + i;
        record_apply(f->model, event);
    }
}

static void
use_events(struct fixture *f)
{
    sieve_init(&f->sieve, JOURNAL_EVENTS, PANE_EVENTS);
    f->sieve.folds_bursts = true;
}

static void
a_burst_is_one_entry_that_counts_each_kind(void **state)
{
    struct fixture *f = *state;
    struct sieve_entry entry;
    struct buffer text = { 0 };

    use_events(f);
    for (uint32_t i = 1; i <= 1000; i++)
        visit(f, i, 1, i);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 1);
    entry = sieve_entry(&f->sieve, 0);
    assert_int_equal(entry.count, 3000);
    assert_int_equal(entry.last, 2999);
    burst_write(&text, entry.burst);
    buffer_add(&text, "", 1);
    assert_string_equal(buffer_data(&text), "1000 accepted, 1000 end of file, "
                        "1000 closed by peer (FIN): #1 to #1000");
    buffer_fini(&text);
}

static void
few_of_a_kind_are_no_burst(void **state)
{
    struct fixture *f = *state;

    use_events(f);
    for (uint32_t i = 1; i <= BURST_MANY; i++)
        visit(f, i, 1, i);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 3 * BURST_MANY);
    visit(f, 9, 1, 9);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 1);
    assert_int_equal(sieve_entry(&f->sieve, 0).count, 27);
}

static void
two_seconds_of_silence_another_listener_or_an_error_end_a_burst(void **state)
{
    struct fixture *f = *state;
    struct event *error;

    use_events(f);
    for (uint32_t i = 1; i <= 20; i++)
        visit(f, i, 1, i);
    for (uint32_t i = 21; i <= 40; i++)
        visit(f, i, 1, 3000000000 + i);
    for (uint32_t i = 41; i <= 60; i++)
        visit(f, i, 2, 3000000000 + i);
    error = record_new(EVENT_ERROR, 60, NULL, 0);
    error->listener = 2;
    error->stamp_ns = 3000000070;
    record_apply(f->model, error);
    for (uint32_t i = 61; i <= 80; i++)
        visit(f, i, 2, 3000000000 + i);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 5);
    assert_int_equal(sieve_entry(&f->sieve, 1).first, 60);
    assert_int_equal(sieve_entry(&f->sieve, 2).burst->low, 41);
    assert_null(sieve_entry(&f->sieve, 3).burst);
    assert_int_equal(sieve_entry(&f->sieve, 4).count, 60);
}

static void
a_burst_opens_to_single_ones_and_folds_again(void **state)
{
    struct fixture *f = *state;

    use_events(f);
    for (uint32_t i = 1; i <= 100; i++)
        visit(f, i, 1, i);
    scan(f, 0);
    assert_true(sieve_toggle(&f->sieve, 0));
    for (uint32_t i = 101; i <= 200; i++)
        visit(f, i, 1, i);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 301);
    assert_int_equal(sieve_entry(&f->sieve, 150).first, 150);
    assert_int_equal(sieve_entry(&f->sieve, 300).burst->counts[2], 100);
    assert_true(sieve_toggle(&f->sieve, 150));
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 1);
    assert_int_equal(sieve_entry(&f->sieve, 0).count, 600);
}

static void
a_burst_tells_all_that_came_when_part_of_it_has_gone(void **state)
{
    struct fixture *f = *state;
    struct sieve_entry entry;

    use_events(f);
    for (uint32_t i = 1; i <= 20000; i++) {
        visit(f, i, 1, i);
        scan(f, 0);
    }
    model_set_memory(f->model, 1 << 16);
    visit(f, 20001, 1, 20001);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 1);
    entry = sieve_entry(&f->sieve, 0);
    assert_true(entry.first > 0);
    assert_int_equal(entry.count, entry.last - entry.first + 1);
    assert_int_equal(entry.burst->counts[2], 20001);
    assert_int_equal(f->sieve.hidden, 0);
}

static bool
is_ping_of_the_same(const struct event *event, const struct event *before)
{
    return event->type == EVENT_PING && before->type == EVENT_PING && event->conn == before->conn;
}

static void
lose_ping(struct fixture *f, uint32_t conn, int64_t stamp_ns)
{
    struct event *event = record_new(EVENT_PING, conn, NULL, 0);

    event->u.ping.rtt_ns = -1;
    event->stamp_ns = stamp_ns;
    record_apply(f->model, event);
}

static void
lost_pings_of_one_are_repeats_and_of_many_a_burst(void **state)
{
    struct fixture *f = *state;
    struct sieve_entry entry;

    use_events(f);
    f->sieve.repeats = is_ping_of_the_same;
    for (int i = 0; i < 20; i++)
        lose_ping(f, 1, i);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 1);
    assert_null(sieve_entry(&f->sieve, 0).burst);
    assert_int_equal(sieve_entry(&f->sieve, 0).count, 20);

    visit(f, 2, 1, 20);         /* ends it */
    for (uint32_t i = 0; i < 40; i++)
        lose_ping(f, 3 + i / 2, 30 + i);
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 5);
    entry = sieve_entry(&f->sieve, 4);
    assert_int_equal(entry.count, 40);
    assert_int_equal(entry.last - entry.first, 39);
    assert_int_equal(entry.burst->counts[BURST_KINDS - 1], 40);
    assert_int_equal(entry.burst->high, 22);
}

static void
a_filter_reaches_into_a_burst(void **state)
{
    struct fixture *f = *state;

    use_events(f);
    for (uint32_t i = 1; i <= 100; i++)
        visit(f, i, 1, i);
    filter(f, "conn=50");
    scan(f, 0);
    assert_int_equal(sieve_count(&f->sieve), 3);
    assert_int_equal(f->sieve.hidden, 297);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_filter_it_is_the_journal, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_pass_is_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_place_is_found_by_a_record_that_did_not_pass, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_leaves_the_journal_leaves_the_list, setup, teardown),
        cmocka_unit_test_setup_teardown(a_floor_hides_what_was_before, setup, teardown),
        cmocka_unit_test_setup_teardown(repeats_are_one_entry_with_a_count, setup, teardown),
        cmocka_unit_test_setup_teardown(a_burst_is_one_entry_that_counts_each_kind,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(few_of_a_kind_are_no_burst, setup, teardown),
        cmocka_unit_test_setup_teardown(two_seconds_of_silence_another_listener_or_an_error_end_a_burst,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_burst_opens_to_single_ones_and_folds_again,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_burst_tells_all_that_came_when_part_of_it_has_gone,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(lost_pings_of_one_are_repeats_and_of_many_a_burst, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_filter_reaches_into_a_burst, setup, teardown),
    };

    return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
