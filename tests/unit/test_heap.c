/* test_heap.c - the earliest deadline is always first, whatever is set, moved and removed. */
#include "config.h"

#include "test.h"

#include <stdbool.h>
#include <stdlib.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/heap.h"

enum { NODES = 200, STEPS = 20000 };

static int64_t
earliest(const struct heap_node *nodes)
{
    int64_t first = CLOCK_NEVER;

    for (int i = 0; i < NODES; i++)
        if (nodes[i].place != 0 && nodes[i].deadline_ns < first)
            first = nodes[i].deadline_ns;
    return first;
}

static void
keeps_the_earliest_first_through_random_changes(void **state)
{
    struct heap_node nodes[NODES] = { { 0 } };
    struct heap heap = { 0 };

    (void)state;
    srandom(7);
    for (int i = 0; i < STEPS; i++) {
        struct heap_node *node = &nodes[random() % NODES];
        int64_t deadline = random() % 5 == 0 ? CLOCK_NEVER : random() % 1000;

        if (random() % 7 == 0)
            heap_remove(&heap, node);
        else
            assert_int_equal(heap_set(&heap, node, deadline), 0);
        if (heap_first(&heap) == NULL)
            assert_int_equal(earliest(nodes), CLOCK_NEVER);
        else
            assert_int_equal(heap_first(&heap)->deadline_ns, earliest(nodes));
    }
    heap_fini(&heap);
}

static void
gives_the_nodes_out_in_order(void **state)
{
    struct heap_node nodes[NODES] = { { 0 } };
    struct heap heap = { 0 };
    int64_t last = -1;

    (void)state;
    for (int i = 0; i < NODES; i++)
        assert_int_equal(heap_set(&heap, &nodes[i], (i * 37) % NODES), 0);
    for (int i = 0; i < NODES; i++) {
        struct heap_node *first = heap_first(&heap);

        assert_true(first->deadline_ns > last);
        last = first->deadline_ns;
        heap_remove(&heap, first);
    }
    assert_null(heap_first(&heap));
    heap_fini(&heap);
}

static void
a_node_that_never_comes_is_not_in_it(void **state)
{
    struct heap_node node = { 0 };
    struct heap heap = { 0 };

    (void)state;
    assert_int_equal(heap_set(&heap, &node, CLOCK_NEVER), 0);
    assert_null(heap_first(&heap));
    assert_int_equal(heap_set(&heap, &node, 5), 0);
    assert_ptr_equal(heap_first(&heap), &node);
    assert_int_equal(heap_set(&heap, &node, CLOCK_NEVER), 0);
    assert_null(heap_first(&heap));
    heap_remove(&heap, &node);          /* once more is no harm */
    heap_fini(&heap);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_earliest_first_through_random_changes),
        cmocka_unit_test(gives_the_nodes_out_in_order),
        cmocka_unit_test(a_node_that_never_comes_is_not_in_it),
    };

    return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
