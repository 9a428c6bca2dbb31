/* test_buffer.c - buffer: grows at the end, is taken at the front. */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"

static void
assert_holds(const struct buffer *b, const char *text)
{
    assert_int_equal(buffer_size(b), strlen(text));
    if (text[0] != '\0')
        assert_memory_equal(buffer_data(b), text, strlen(text));
}

static void
a_zeroed_one_is_empty_and_owns_nothing(void **state)
{
    struct buffer b = { 0 };

    (void)state;
    assert_int_equal(buffer_size(&b), 0);
    buffer_take(&b, 0);
    buffer_clear(&b);
    assert_int_equal(buffer_add(&b, NULL, 0), 0);
    assert_null(b.base);
    buffer_fini(&b);
}

static void
keeps_bytes_in_their_order(void **state)
{
    struct buffer b = { 0 };

    (void)state;
    assert_int_equal(buffer_add(&b, "ab\0", 3), 0);
    assert_int_equal(buffer_add_text(&b, "cd"), 0);
    assert_int_equal(buffer_size(&b), 5);
    assert_memory_equal(buffer_data(&b), "ab\0cd", 5);
    buffer_take(&b, 3);
    assert_holds(&b, "cd");
    assert_int_equal(buffer_printf(&b, "-%d-%s", 42, "x"), 0);
    assert_holds(&b, "cd-42-x");
    buffer_fini(&b);
    assert_null(b.base);
    assert_int_equal(buffer_size(&b), 0);
}

static void
reserved_room_counts_only_when_it_was_used(void **state)
{
    struct buffer b = { 0 };
    char *room = buffer_reserve(&b, 1000);

    (void)state;
    assert_non_null(room);
    memset(room, 'x', 1000);
    assert_int_equal(buffer_size(&b), 0);
    buffer_extend(&b, 3);
    assert_holds(&b, "xxx");
    buffer_fini(&b);
}

static void
reserves_even_nothing_in_memory_of_its_own(void **state)
{
    struct buffer b = { 0 };

    (void)state;
    assert_non_null(buffer_reserve(&b, 0));
    buffer_fini(&b);
}

static void
a_stream_through_it_needs_no_more_memory_than_it_holds(void **state)
{
    struct buffer b = { 0 };
    unsigned char next_in = 0, next_out = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t adding = (size_t)(round * 7 % 61), taking;

        for (size_t i = 0; i < adding; i++, next_in++)
            assert_int_equal(buffer_add(&b, &next_in, 1), 0);
        taking = buffer_size(&b) > 100 ? buffer_size(&b) - 50 : buffer_size(&b) / 2;
        for (size_t i = 0; i < taking; i++, next_out++)
            assert_int_equal((unsigned char)buffer_data(&b)[i], next_out);
        buffer_take(&b, taking);
    }
    assert_true(b.capacity <= 1024);
    buffer_fini(&b);
}

static void
a_small_one_that_became_empty_starts_over(void **state)
{
    struct buffer b = { 0 };

    (void)state;
    buffer_add_text(&b, "hello");
    buffer_take(&b, 5);
    assert_int_equal(b.start, 0);
    assert_int_equal(b.end, 0);
    assert_non_null(b.base);
    buffer_fini(&b);
}

static void
a_large_one_that_became_empty_gives_its_memory_back(void **state)
{
    struct buffer b = { 0 };
    char *room = buffer_reserve(&b, 100000);

    (void)state;
    assert_non_null(room);
    memset(room, 0, 100000);
    buffer_extend(&b, 100000);
    buffer_take(&b, 99999);
    assert_non_null(b.base);
    buffer_take(&b, 1);
    assert_null(b.base);
    assert_int_equal(b.capacity, 0);
}

static void
clear_keeps_the_memory(void **state)
{
    struct buffer b = { 0 };

    (void)state;
    assert_non_null(buffer_reserve(&b, 100000));
    buffer_extend(&b, 0);
    buffer_clear(&b);
    assert_true(b.capacity >= 100000);
    buffer_fini(&b);
}

static void
stays_as_it_was_when_there_is_no_memory(void **state)
{
    struct buffer b = { 0 };

    (void)state;
    buffer_add_text(&b, "kept");
    assert_null(buffer_reserve(&b, SIZE_MAX));
    assert_null(buffer_reserve(&b, SIZE_MAX - 4));
    assert_null(buffer_reserve(&b, SIZE_MAX / 2 + 2));
    assert_holds(&b, "kept");
    buffer_take(&b, 1);
    assert_null(buffer_reserve(&b, SIZE_MAX - 3));
    assert_holds(&b, "ept");
    buffer_fini(&b);
}

static void
prints_more_than_it_has_room_for(void **state)
{
    struct buffer b = { 0 };
    char *wide = malloc(5001);

    (void)state;
    assert_non_null(wide);
    memset(wide, 'w', 5000);
    wide[5000] = '\0';
    assert_int_equal(buffer_printf(&b, "<%s>", wide), 0);
    assert_int_equal(buffer_size(&b), 5002);
    assert_memory_equal(buffer_data(&b) + 4999, "ww>", 3);
    free(wide);
    buffer_fini(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zeroed_one_is_empty_and_owns_nothing),
        cmocka_unit_test(keeps_bytes_in_their_order),
        cmocka_unit_test(reserved_room_counts_only_when_it_was_used),
        cmocka_unit_test(reserves_even_nothing_in_memory_of_its_own),
        cmocka_unit_test(a_stream_through_it_needs_no_more_memory_than_it_holds),
        cmocka_unit_test(a_small_one_that_became_empty_starts_over),
        cmocka_unit_test(a_large_one_that_became_empty_gives_its_memory_back),
        cmocka_unit_test(clear_keeps_the_memory),
        cmocka_unit_test(stays_as_it_was_when_there_is_no_memory),
        cmocka_unit_test(prints_more_than_it_has_room_for),
    };

    return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
