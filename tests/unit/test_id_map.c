/* test_id_map.c - things by ascending ids. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

#include "sockdeck/base/id_map.h"

enum { MANY = 5000 };

static uint32_t things[MANY + 1];       /* each is its own id */

static int
number(void **state)
{
    (void)state;
    for (uint32_t i = 0; i <= MANY; i++)
        things[i] = i;
    return 0;
}

static void
add(struct id_map *list, uint32_t id)
{
    assert_int_equal(id_map_add(list, id, &things[id]), 0);
}

static void
expect_order(const struct id_map *list, const uint32_t *ids, size_t n)
{
    const uint32_t *thing = id_map_next(list, 0);

    assert_int_equal(list->count, n);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(thing);
        assert_int_equal(*thing, ids[i]);
        thing = id_map_next(list, *thing + 1);
    }
    assert_null(thing);
}

static void
finds_what_was_added_and_nothing_else(void **state)
{
    struct id_map list = { 0 };

    (void)state;
    assert_null(id_map_find(&list, 1));
    assert_null(id_map_remove(&list, 1));
    assert_null(id_map_next(&list, 0));
    add(&list, 3);
    add(&list, 7);
    assert_ptr_equal(id_map_find(&list, 3), &things[3]);
    assert_ptr_equal(id_map_find(&list, 7), &things[7]);
    assert_null(id_map_find(&list, 5));
    assert_null(id_map_find(&list, 2));
    assert_null(id_map_find(&list, 8));
    id_map_fini(&list);
    assert_null(id_map_find(&list, 3));
}

static void
an_id_that_comes_late_stands_where_it_belongs(void **state)
{
    struct id_map list = { 0 };

    (void)state;
    add(&list, 5);
    add(&list, 9);
    add(&list, 7);
    add(&list, 1);
    expect_order(&list, (uint32_t []) { 1, 5, 7, 9 }, 4);
    id_map_fini(&list);
}

static void
what_is_taken_out_is_gone_and_may_come_again(void **state)
{
    struct id_map list = { 0 };

    (void)state;
    for (uint32_t id = 1; id <= 5; id++)
        add(&list, id);
    assert_ptr_equal(id_map_remove(&list, 3), &things[3]);
    assert_null(id_map_remove(&list, 3));
    assert_null(id_map_find(&list, 3));
    expect_order(&list, (uint32_t []) { 1, 2, 4, 5 }, 4);
    assert_ptr_equal(id_map_remove(&list, 1), &things[1]);
    assert_ptr_equal(id_map_remove(&list, 2), &things[2]);
    add(&list, 3);
    expect_order(&list, (uint32_t []) { 3, 4, 5 }, 3);
    id_map_fini(&list);
}

/* All go in and come out while it is walked. */
static void
may_be_emptied_while_it_is_walked(void **state)
{
    struct id_map list = { 0 };
    uint32_t *thing;
    size_t n = 0;

    (void)state;
    for (uint32_t id = 1; id <= MANY; id++)
        add(&list, id);
    for (uint32_t from = 0; (thing = id_map_next(&list, from)) != NULL; from = *thing + 1) {
        assert_ptr_equal(id_map_remove(&list, *thing), thing);
        n++;
    }
    assert_int_equal(n, MANY);
    assert_int_equal(list.count, 0);
    id_map_fini(&list);
}

/* One that stays while thousands come and go does not make it grow. */
static void
holes_are_used_again(void **state)
{
    struct id_map list = { 0 };

    (void)state;
    add(&list, 1);
    for (uint32_t id = 2; id <= MANY; id++) {
        add(&list, id);
        if (id > 10)
            assert_ptr_equal(id_map_remove(&list, id - 8), &things[id - 8]);
        assert_ptr_equal(id_map_find(&list, 1), &things[1]);
        assert_ptr_equal(id_map_find(&list, id), &things[id]);
    }
    assert_in_range(list.capacity, 1, 128);
    id_map_fini(&list);
}

/* Against a plain array of what is in it. */
static void
agrees_with_a_plain_array(void **state)
{
    static bool is_in[MANY + 1];
    struct id_map list = { 0 };
    size_t count = 0;
    unsigned seed = 1;

    (void)state;
    for (int i = 0; i < 40000; i++) {
        uint32_t id = 1 + (uint32_t)rand_r(&seed) % MANY;

        assert_ptr_equal(id_map_find(&list, id), is_in[id] ? &things[id] : NULL);
        if (is_in[id])
            assert_ptr_equal(id_map_remove(&list, id), &things[id]);
        else
            add(&list, id);
        is_in[id] = !is_in[id];
        count = is_in[id] ? count + 1 : count - 1;
        assert_int_equal(list.count, count);
    }
    for (uint32_t id = 1; id <= MANY; id++)
        assert_ptr_equal(id_map_find(&list, id), is_in[id] ? &things[id] : NULL);
    id_map_fini(&list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_added_and_nothing_else),
        cmocka_unit_test(an_id_that_comes_late_stands_where_it_belongs),
        cmocka_unit_test(what_is_taken_out_is_gone_and_may_come_again),
        cmocka_unit_test(may_be_emptied_while_it_is_walked),
        cmocka_unit_test(holes_are_used_again),
        cmocka_unit_test(agrees_with_a_plain_array),
    };

    return cmocka_run_group_tests_name("id_map", tests, number, NULL);
}
