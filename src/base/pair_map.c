/* pair_map.c - see pair_map.h. */
#include "config.h"

#include "sockdeck/base/pair_map.h"

#include <stdlib.h>

enum { BUCKETS_MIN = 64 };

static uint32_t
hash_text(const char *text)
{
    uint32_t hash = 2166136261u;

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;       /* FNV-1a */
    return hash;
}

static struct pair_node **
bucket(const struct pair_map *map, uint32_t near, uint32_t far)
{
    uint32_t hash = near * 2654435761u + far;

    return map->buckets + ((hash ^ hash >> 16) & (map->bucket_count - 1));
}

static void
push(struct pair_map *map, struct pair_node *node)
{
    struct pair_node **head = bucket(map, node->near, node->far);

    node->next = *head;
    *head = node;
}

/* Without memory the chains get longer, nothing else. */
static void
grow(struct pair_map *map)
{
    struct pair_map old = *map;
    size_t n = old.bucket_count == 0 ? BUCKETS_MIN : old.bucket_count * 2;
    struct pair_node **buckets = calloc(n, sizeof(*buckets));

    if (buckets == NULL)
        return;
    map->buckets = buckets;
    map->bucket_count = n;
    for (size_t i = 0; i < old.bucket_count; i++)
        for (struct pair_node *node = old.buckets[i], *next; node != NULL; node = next) {
            next = node->next;
            push(map, node);
        }
    free(old.buckets);
}

void
pair_map_add(struct pair_map *map, struct pair_node *node, const char *near, const char *far)
{
    if (near[0] == '\0' || far[0] == '\0')
        return;
    if (map->count >= map->bucket_count)
        grow(map);
    if (map->bucket_count == 0)
        return;
    node->near = hash_text(near);
    node->far = hash_text(far);
    push(map, node);
    map->count++;
}

void
pair_map_remove(struct pair_map *map, struct pair_node *node)
{
    struct pair_node **link;

    if (map->bucket_count == 0)
        return;
    link = bucket(map, node->near, node->far);
    while (*link != NULL && *link != node)
        link = &(*link)->next;
    if (*link == NULL)
        return;
    *link = node->next;
    node->next = NULL;
    map->count--;
}

struct pair_node *
pair_map_mirror(const struct pair_map *map, const struct pair_node *node)
{
    struct pair_node *other;

    if (map->bucket_count == 0)
        return NULL;
    other = *bucket(map, node->far, node->near);
    while (other != NULL &&
           (other == node || other->near != node->far || other->far != node->near))
        other = other->next;
    return other;
}

void
pair_map_fini(struct pair_map *map)
{
    free(map->buckets);
    *map = (struct pair_map) { 0 };
}
