/* heap.h - a binary heap of deadlines. Nodes are embedded in what they belong to;
 * the heap holds pointers. One owner; O(log n) for each change. */
#ifndef SOCKDECK_SERVE_HEAP_H
#define SOCKDECK_SERVE_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_node {
    int64_t deadline_ns;
    size_t place;               /* 1-based; 0: not in the heap */
};

struct heap {
    struct heap_node **nodes;
    size_t count, capacity;
};

void heap_fini(struct heap *heap);

/* Puts the node in, moves it, or (CLOCK_NEVER) takes it out. 0 or -ENOMEM. */
int heap_set(struct heap *heap, struct heap_node *node, int64_t deadline_ns);
void heap_remove(struct heap *heap, struct heap_node *node);

/* The earliest node, NULL when there is none. */
struct heap_node *heap_first(const struct heap *heap);

#endif
