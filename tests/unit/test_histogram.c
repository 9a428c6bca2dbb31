/* test_histogram.c - counts are exact, percentiles within the error that is promised. */
#include "config.h"

#include "test.h"

#include <stdlib.h>

#include "sockdeck/base/histogram.h"

static int
make(void **state)
{
    struct histogram *h = malloc(sizeof(*h));

    assert_non_null(h);
    histogram_init(h);
    *state = h;
    return 0;
}

static int
drop(void **state)
{
    free(*state);
    return 0;
}

static void
nothing_added_gives_zeros(void **state)
{
    struct histogram *h = *state;

    assert_int_equal(h->count, 0);
    assert_int_equal(histogram_at(h, 0.99), 0);
}

static void
small_values_are_exact(void **state)
{
    struct histogram *h = *state;

    for (int i = 1; i <= 200; i++)
        histogram_add(h, i);
    assert_int_equal(histogram_at(h, 0), 1);
    assert_int_equal(histogram_at(h, 0.5), 100);
    assert_int_equal(histogram_at(h, 0.9), 180);
    assert_int_equal(histogram_at(h, 0.99), 198);
    assert_int_equal(histogram_at(h, 1), 200);
}

/* Around each power of two and three quarters through it, where a wrong shift shows. */
static void
every_value_comes_back_within_the_error(void **state)
{
    struct histogram *h = *state;

    for (int64_t power = 1; power < HISTOGRAM_MOST / 2; power *= 2) {
        const int64_t values[] = { power - 1, power, power + 1, power + power / 4 * 3 };

        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
            histogram_init(h);
            histogram_add(h, 0);
            histogram_add(h, values[i]);
            histogram_add(h, HISTOGRAM_MOST);
            assert_true(llabs(histogram_at(h, 0.5) - values[i]) <=
                        values[i] / (2 * HISTOGRAM_HALF));
        }
    }
}

static int
ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void
percentiles_of_many_agree_with_the_sorted_list(void **state)
{
    enum { N = 20000 };
    static const int permille[] = { 10, 500, 900, 990, 999 };
    struct histogram *h = *state;
    int64_t *list = calloc(N, sizeof(*list));
    uint64_t seed = 12345;

    assert_non_null(list);
    for (int i = 0; i < N; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        list[i] = (int64_t)(seed >> 34) >> (seed >> 28 & 15);
        histogram_add(h, list[i]);
    }
    qsort(list, N, sizeof(*list), ascending);
    for (size_t i = 0; i < sizeof(permille) / sizeof(permille[0]); i++) {
        int64_t exact = list[permille[i] * N / 1000 - 1];

        assert_true(llabs(histogram_at(h, permille[i] / 1000.0) - exact) <=
                    exact / (2 * HISTOGRAM_HALF) + 1);
    }
    assert_int_equal(h->least, list[0]);
    assert_int_equal(h->greatest, list[N - 1]);
    free(list);
}

static void
values_out_of_range_are_counted_and_never_stray(void **state)
{
    struct histogram *h = *state;

    histogram_add(h, -5);
    histogram_add(h, INT64_MAX);
    assert_int_equal(h->count, 2);
    assert_int_equal(histogram_at(h, 0.5), 0);
    assert_true(histogram_at(h, 1) == INT64_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_added_gives_zeros, make, drop),
        cmocka_unit_test_setup_teardown(small_values_are_exact, make, drop),
        cmocka_unit_test_setup_teardown(every_value_comes_back_within_the_error, make, drop),
        cmocka_unit_test_setup_teardown(percentiles_of_many_agree_with_the_sorted_list, make,
                                        drop),
        cmocka_unit_test_setup_teardown(values_out_of_range_are_counted_and_never_stray, make,
                                        drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
