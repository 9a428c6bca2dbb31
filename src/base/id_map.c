/* id_map.c - things by ascending ids. */
#include "config.h"

#include "sockdeck/base/id_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CAPACITY_MIN = 64 };

/* The first entry with an id >= id, or map->end. */
static size_t
lower_bound(const struct id_map *map, uint32_t id)
{
    const struct id_entry *entries = map->entries;
    size_t low = map->start, high = map->end;

    if (low == high || entries[low].id >= id)
        return low;
    /* Without a gap between them the place follows from the id. */
    if (id - entries[low].id < high - low && entries[low + (id - entries[low].id)].id == id)
        return low + (id - entries[low].id);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entries[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Moves the entries that are no holes together. */
static void
compact(struct id_map *map)
{
    size_t to = 0;

    for (size_t i = map->start; i < map->end; i++)
        if (map->entries[i].thing != NULL)
            map->entries[to++] = map->entries[i];
    map->start = 0;
    map->end = to;
}

/* Room for one entry more. */
static int
reserve(struct id_map *map)
{
    size_t capacity = map->capacity == 0 ? CAPACITY_MIN : map->capacity * 2;
    struct id_entry *entries;

    if (map->end < map->capacity)
        return 0;
    if (map->count < map->capacity / 2) {
        compact(map);
        return 0;
    }
    entries = reallocarray(map->entries, capacity, sizeof(*entries));
    if (entries == NULL)
        return -ENOMEM;
    map->entries = entries;
    map->capacity = capacity;
    return 0;
}

int
id_map_add(struct id_map *map, uint32_t id, void *thing)
{
    struct id_entry *entry;
    size_t i;

    if (reserve(map) != 0)
        return -ENOMEM;
    i = lower_bound(map, id);
    entry = map->entries + i;
    if (i == map->end || entry->id != id) {
        memmove(entry + 1, entry, (map->end - i) * sizeof(*entry));
        map->end++;
    }
    *entry = (struct id_entry) { id, thing };
    map->count++;
    return 0;
}

void *
id_map_find(const struct id_map *map, uint32_t id)
{
    const size_t i = lower_bound(map, id);

    return i < map->end && map->entries[i].id == id ? map->entries[i].thing : NULL;
}

void *
id_map_remove(struct id_map *map, uint32_t id)
{
    const size_t i = lower_bound(map, id);
    void *thing;

    if (i == map->end || map->entries[i].id != id || map->entries[i].thing == NULL)
        return NULL;
    thing = map->entries[i].thing;
    map->entries[i].thing = NULL;
    map->count--;
    while (map->start < map->end && map->entries[map->start].thing == NULL)
        map->start++;
    return thing;
}

void *
id_map_next(const struct id_map *map, uint32_t from)
{
    for (size_t i = lower_bound(map, from); i < map->end; i++)
        if (map->entries[i].thing != NULL)
            return map->entries[i].thing;
    return NULL;
}

void
id_map_fini(struct id_map *map)
{
    free(map->entries);
    *map = (struct id_map) { 0 };
}
