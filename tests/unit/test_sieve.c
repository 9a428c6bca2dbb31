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
    };

    return cmocka_run_group_tests_name("sieve", tests, NULL, NULL);
}
