/* pair_map.h - things by a pair of names (near, far), so that the one with the names
 * swapped is found: of a connection's two ends each is the mirror of the other.
 *
 * Intrusive: each thing embeds a pair_node, and stays where it is while it is in the
 * map. Names are kept as their hashes, 32 bits each, and never compared: two other
 * pairs are taken for mirrors once in 2^64, once in 2^32 where they have a name in
 * common, as all clients of a listener have. A zeroed map is empty. Not locked: one
 * owner. */
#ifndef SOCKDECK_BASE_PAIR_MAP_H
#define SOCKDECK_BASE_PAIR_MAP_H

#include <stddef.h>
#include <stdint.h>

struct pair_node {
    struct pair_node *next;     /* in the same bucket */
    uint32_t near, far;         /* hashes */
};

struct pair_map {
    struct pair_node **buckets; /* bucket_count of them, a power of two, or NULL */
    size_t bucket_count, count;
};

/* Left out when a name is empty, or when there is no memory for the first bucket. */
void pair_map_add(struct pair_map *map, struct pair_node *node, const char *near,
                  const char *far);
/* One that is not in the map (a zeroed one, say) is left alone. */
void pair_map_remove(struct pair_map *map, struct pair_node *node);
/* Of one that is in the map or was, NULL when its mirror is not; never itself. */
struct pair_node *pair_map_mirror(const struct pair_map *map, const struct pair_node *node);
void pair_map_fini(struct pair_map *map);       /* empty again */

#endif
