/* test_pair_map.c - things by a pair of names, found by the pair swapped. */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "sockdeck/base/pair_map.h"

enum { MANY = 1000 };

static void
the_mirror_is_found_from_either_side_until_it_goes(void **state)
{
    struct pair_map map = { 0 };
    struct pair_node dialled = { 0 }, accepted = { 0 };

    (void)state;
    pair_map_add(&map, &dialled, "127.0.0.1:50001", "127.0.0.1:80");
    assert_null(pair_map_mirror(&map, &dialled));
    pair_map_add(&map, &accepted, "127.0.0.1:80", "127.0.0.1:50001");
    assert_ptr_equal(pair_map_mirror(&map, &dialled), &accepted);
    assert_ptr_equal(pair_map_mirror(&map, &accepted), &dialled);
    pair_map_remove(&map, &accepted);
    assert_null(pair_map_mirror(&map, &dialled));
    pair_map_fini(&map);
}

static void
one_that_talks_to_itself_is_not_its_own_mirror(void **state)
{
    struct pair_map map = { 0 };
    struct pair_node self = { 0 };

    (void)state;
    pair_map_add(&map, &self, "127.0.0.1:80", "127.0.0.1:80");
    assert_null(pair_map_mirror(&map, &self));
    pair_map_fini(&map);
}

static void
one_that_lacks_a_name_is_left_out(void **state)
{
    struct pair_map map = { 0 };
    struct pair_node node = { 0 };

    (void)state;
    pair_map_remove(&map, &node);
    pair_map_add(&map, &node, "", "127.0.0.1:80");
    pair_map_add(&map, &node, "127.0.0.1:80", "");
    assert_int_equal(map.count, 0);
    pair_map_remove(&map, &node);
    assert_null(pair_map_mirror(&map, &node));
    pair_map_fini(&map);
}

static void
many_find_their_own(void **state)
{
    static struct pair_node near[MANY], far[MANY];
    struct pair_map map = { 0 };
    char name[32];

    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "127.0.0.1:%d", 1024 + i);
        pair_map_add(&map, &near[i], name, "127.0.0.1:80");
        pair_map_add(&map, &far[i], "127.0.0.1:80", name);
    }
    for (int i = 0; i < MANY; i += 2)
        pair_map_remove(&map, &far[i]);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(pair_map_mirror(&map, &near[i]), i % 2 == 0 ? NULL : &far[i]);
    assert_int_equal(map.count, MANY + MANY / 2);
    pair_map_fini(&map);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mirror_is_found_from_either_side_until_it_goes),
        cmocka_unit_test(one_that_talks_to_itself_is_not_its_own_mirror),
        cmocka_unit_test(one_that_lacks_a_name_is_left_out),
        cmocka_unit_test(many_find_their_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
