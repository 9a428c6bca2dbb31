/* heap.c - see heap.h. */
#include "config.h"

#include "sockdeck/serve/heap.h"

#include <errno.h>
#include <stdlib.h>

#include "sockdeck/base/clock.h"

void
heap_fini(struct heap *heap)
{
    free(heap->nodes);
    *heap = (struct heap) { 0 };
}

static void
put(struct heap *heap, size_t place, struct heap_node *node)
{
    heap->nodes[place - 1] = node;
    node->place = place;
}

static void
sift_up(struct heap *heap, struct heap_node *node)
{
    size_t place = node->place;

    while (place > 1 && heap->nodes[place / 2 - 1]->deadline_ns > node->deadline_ns) {
        put(heap, place, heap->nodes[place / 2 - 1]);
        place /= 2;
    }
    put(heap, place, node);
}

static void
sift_down(struct heap *heap, struct heap_node *node)
{
    size_t place = node->place;

    for (;;) {
        size_t child = 2 * place;

        if (child > heap->count)
            break;
        if (child < heap->count &&
            heap->nodes[child]->deadline_ns < heap->nodes[child - 1]->deadline_ns)
            child++;
        if (heap->nodes[child - 1]->deadline_ns >= node->deadline_ns)
            break;
        put(heap, place, heap->nodes[child - 1]);
        place = child;
    }
    put(heap, place, node);
}

static int
append(struct heap *heap, struct heap_node *node)
{
    if (heap->count == heap->capacity) {
        size_t capacity = heap->capacity > 0 ? 2 * heap->capacity : 16;
        struct heap_node **nodes = realloc(heap->nodes, capacity * sizeof(struct heap_node *));

        if (nodes == NULL)
            return -ENOMEM;
        heap->nodes = nodes;
        heap->capacity = capacity;
    }
    put(heap, ++heap->count, node);
    return 0;
}

int
heap_set(struct heap *heap, struct heap_node *node, int64_t deadline_ns)
{
    if (deadline_ns == CLOCK_NEVER) {
        heap_remove(heap, node);
        return 0;
    }
    if (node->place != 0 && node->deadline_ns == deadline_ns)
        return 0;
    if (node->place == 0 && append(heap, node) != 0)
        return -ENOMEM;
    node->deadline_ns = deadline_ns;
    sift_up(heap, node);
    sift_down(heap, node);
    return 0;
}

void
heap_remove(struct heap *heap, struct heap_node *node)
{
    struct heap_node *last;

    if (node->place == 0)
        return;
    last = heap->nodes[heap->count-- - 1];
    if (last != node) {
        put(heap, node->place, last);
        sift_up(heap, last);
        sift_down(heap, last);
    }
    node->place = 0;
}

struct heap_node *
heap_first(const struct heap *heap)
{
    return heap->count > 0 ? heap->nodes[0] : NULL;
}
