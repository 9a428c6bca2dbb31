/* test_rates.c - rates follow the traffic, fall to zero, and then ask for nothing. */
#include "config.h"

#include "test.h"

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/rates.h"

static void
a_steady_stream_shows_its_rate(void **state)
{
    struct rates rates = { .count = 0 };
    struct totals totals = { 0 };

    (void)state;
    for (int i = 0; i < 20; i++) {
        totals.in += 250;
        totals.in_messages += 25;
        rates_update(&rates, &totals, NS_PER_S + i * 250 * NS_PER_MS);
    }
    assert_int_equal((int)rates.in, 1000);
    assert_int_equal((int)rates.messages, 100);
    assert_int_equal((int)rates.out, 0);
}

static void
rates_fall_to_zero_and_then_nothing_is_due(void **state)
{
    struct rates rates = { .count = 0 };
    struct totals totals = { 0 };
    int looks = 0;

    (void)state;
    rates_update(&rates, &totals, NS_PER_S);
    totals.out = 4;
    totals.out_messages = 1;
    rates_update(&rates, &totals, 2 * NS_PER_S);
    assert_true(rates.out > 0);
    while (rates_deadline(&rates) != CLOCK_NEVER && looks++ < 10)
        rates_update(&rates, &totals, rates_deadline(&rates));
    assert_true(looks <= 5);
    assert_int_equal((int)rates.out, 0);
    assert_int_equal((int)rates.messages, 0);
}

static void
a_long_silence_does_not_thin_out_what_follows(void **state)
{
    struct rates rates = { .count = 0 };
    struct totals totals = { 0 };

    (void)state;
    rates_update(&rates, &totals, NS_PER_S);
    totals.in = 1000;
    totals.in_messages = 1;
    rates_update(&rates, &totals, 3600 * NS_PER_S);
    assert_int_equal((int)rates.in, 4000);
}

static void
many_looks_in_a_row_count_as_one(void **state)
{
    struct rates rates = { .count = 0 };
    struct totals totals = { 0 };

    (void)state;
    for (int i = 0; i < 100; i++)
        rates_update(&rates, &totals, NS_PER_S + i * NS_PER_MS);
    assert_int_equal(rates.count, 1);
    assert_int_equal(rates_deadline(&rates), CLOCK_NEVER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_stream_shows_its_rate),
        cmocka_unit_test(rates_fall_to_zero_and_then_nothing_is_due),
        cmocka_unit_test(a_long_silence_does_not_thin_out_what_follows),
        cmocka_unit_test(many_looks_in_a_row_count_as_one),
    };

    return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
