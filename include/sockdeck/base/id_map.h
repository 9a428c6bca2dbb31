/* id_map.h - things by their ids, where ids are given out in ascending order: found,
 * added at the end and taken out without a hash, 16 bytes each.
 *
 * One that is taken out leaves a hole until entries are moved together, so the order
 * holds without a move each time, and mostly the place of an id follows from the
 * first one's. An id that comes late is put where it belongs. The map does not own
 * the things. Embedded by value; a zeroed one is empty. Not locked: one owner. */
#ifndef SOCKDECK_BASE_ID_MAP_H
#define SOCKDECK_BASE_ID_MAP_H

#include <stddef.h>
#include <stdint.h>

struct id_entry {
    uint32_t id;
    void *thing;                /* NULL: a hole */
};

struct id_map {
    struct id_entry *entries;   /* start .. end, ids ascending */
    size_t start, end, capacity;
    size_t count;               /* of things */
};

/* An id that is not in the map. 0 or -ENOMEM: the map is as it was. */
int id_map_add(struct id_map *map, uint32_t id, void *thing);
/* NULL when there is none. */
void *id_map_find(const struct id_map *map, uint32_t id);
void *id_map_remove(struct id_map *map, uint32_t id);
/* The first with an id >= from, NULL after the last: also while things are taken out. */
void *id_map_next(const struct id_map *map, uint32_t from);
void id_map_fini(struct id_map *map);   /* empty again */

#endif
