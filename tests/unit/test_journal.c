/* test_journal.c - journal: the newest records, numbered, within a bound. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdio.h>

#include "sockdeck/model/journal.h"

#include "made_record.h"

static void
add_text(struct journal_log *log, const char *text, size_t n)
{
    struct event *event = record_of_message(EVENT_RECEIVED, 1, text, n);

    assert_int_equal(journal_add(log, event), 0);
    test_free(event);
}

static void
add_number(struct journal_log *log, unsigned number)
{
    char text[64];

    add_text(log, text, (size_t)snprintf(text, sizeof(text), "record %u", number) + 1);
}

static void
assert_number(const struct journal_log *log, uint64_t number)
{
    const struct event *event = journal_at(log, number);
    char text[64];

    snprintf(text, sizeof(text), "record %u", (unsigned)number);
    assert_non_null(event);
    assert_string_equal(event->data, text);
}

static void
an_empty_one_has_no_records_and_no_memory(void **state)
{
    struct journal_log log;

    (void)state;
    journal_init(&log, 1 << 20);
    assert_int_equal(journal_begin(&log), 0);
    assert_int_equal(journal_end(&log), 0);
    assert_null(journal_at(&log, 0));
    assert_int_equal(log.memory, 0);
    assert_false(journal_forget(&log));
    journal_fini(&log);
}

static void
every_record_that_is_kept_is_found_by_its_number(void **state)
{
    struct journal_log log;

    (void)state;
    journal_init(&log, 64 * 1024);
    for (unsigned i = 0; i < 20000; i++) {
        add_number(&log, i);
        assert_true(log.memory <= log.limit);
        if (i % 97 == 0) {
            assert_number(&log, journal_begin(&log));
            assert_number(&log, (journal_begin(&log) + journal_end(&log)) / 2);
        }
    }
    assert_int_equal(journal_end(&log), 20000);
    assert_true(journal_begin(&log) > 0);
    for (uint64_t i = journal_begin(&log); i < journal_end(&log); i++)
        assert_number(&log, i);
    assert_null(journal_at(&log, journal_begin(&log) - 1));
    assert_null(journal_at(&log, journal_end(&log)));
    journal_fini(&log);
}

static void
most_of_the_memory_holds_records(void **state)
{
    struct journal_log log;

    (void)state;
    journal_init(&log, 1 << 20);
    for (unsigned i = 0; i < 50000; i++)
        add_number(&log, i);
    assert_true((journal_end(&log) - journal_begin(&log)) * EVENT_SIZE(10) > (1 << 20) * 7 / 10);
    journal_fini(&log);
}

static void
a_record_larger_than_the_limit_is_kept_alone(void **state)
{
    struct journal_log log;
    char *large = test_calloc(1, 300000);

    (void)state;
    journal_init(&log, 64 * 1024);
    add_number(&log, 0);
    add_text(&log, large, 300000);
    assert_int_equal(journal_begin(&log), 1);
    assert_int_equal(journal_at(&log, 1)->data_size, 300000);
    add_number(&log, 2);
    assert_int_equal(journal_begin(&log), 2);
    assert_number(&log, 2);
    assert_true(log.memory <= log.limit);
    test_free(large);
    journal_fini(&log);
}

static void
a_smaller_limit_takes_the_oldest_at_once(void **state)
{
    struct journal_log log;

    (void)state;
    journal_init(&log, 1 << 20);
    for (unsigned i = 0; i < 5000; i++)
        add_number(&log, i);
    journal_set_limit(&log, 200 * 1024);
    assert_true(log.memory <= 200 * 1024);
    assert_true(journal_begin(&log) > 0);
    assert_number(&log, 4999);
    journal_fini(&log);
}

static void
numbers_go_on_after_everything_was_forgotten(void **state)
{
    struct journal_log log;

    (void)state;
    journal_init(&log, 1 << 20);
    add_number(&log, 0);
    assert_true(journal_forget(&log));
    assert_int_equal(journal_begin(&log), 1);
    add_number(&log, 1);
    assert_number(&log, 1);
    assert_int_equal(journal_end(&log), 2);
    journal_fini(&log);
}

static void
records_stay_aligned_whatever_their_data(void **state)
{
    struct journal_log log;

    (void)state;
    journal_init(&log, 1 << 20);
    for (unsigned n = 0; n < 64; n++)
        add_text(&log, "0123456789012345678901234567890123456789012345678901234567890123", n);
    for (unsigned n = 0; n < 64; n++) {
        const struct event *event = journal_at(&log, n);

        assert_int_equal((uintptr_t)event % 8, 0);
        assert_int_equal(event->data_size, n);
        assert_int_equal(event->size, EVENT_SIZE(n));
    }
    journal_fini(&log);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_has_no_records_and_no_memory),
        cmocka_unit_test(every_record_that_is_kept_is_found_by_its_number),
        cmocka_unit_test(most_of_the_memory_holds_records),
        cmocka_unit_test(a_record_larger_than_the_limit_is_kept_alone),
        cmocka_unit_test(a_smaller_limit_takes_the_oldest_at_once),
        cmocka_unit_test(numbers_go_on_after_everything_was_forgotten),
        cmocka_unit_test(records_stay_aligned_whatever_their_data),
    };

    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
