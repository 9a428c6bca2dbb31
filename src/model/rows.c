/* rows.c - the rows of connections in order of their ids, and which of them go when
 * too many have closed. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "model_private.h"

enum { CLOSED_MIN = 100, CLOSED_MAX = 10000, CLOSED_SHARE = 16, NEWEST_SCAN = 256 };

/* Closed rows take at most a sixteenth of the journals' memory. */
static size_t
closed_max(size_t memory_limit)
{
    size_t n = memory_limit / CLOSED_SHARE / sizeof(struct row);

    return n < CLOSED_MIN ? CLOSED_MIN : n > CLOSED_MAX ? CLOSED_MAX : n;
}

/* The first entry with an id >= id, or list->end. */
static size_t
lower_bound(const struct connections *list, uint32_t id)
{
    const struct row_entry *entries = list->entries;
    size_t low = list->start, high = list->end;

    if (low == high || entries[low].id >= id)
        return low;
    /* Without holes the place follows from the id. */
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

/* Moves the entries that have rows together. */
static void
compact(struct connections *list)
{
    size_t to = 0;

    for (size_t i = list->start; i < list->end; i++)
        if (list->entries[i].row != NULL)
            list->entries[to++] = list->entries[i];
    list->start = 0;
    list->end = to;
}

static void
reserve_entry(struct model *model)
{
    struct connections *list = &model->connections;

    if (list->end < list->capacity)
        return;
    if (list->rows < list->capacity / 2) {
        compact(list);
        return;
    }
    list->capacity = list->capacity == 0 ? 64 : list->capacity * 2;
    list->entries = model_grow(model, list->entries, list->capacity * sizeof(*list->entries));
}

static void
evict(struct connections *list, struct row *row)
{
    list->entries[lower_bound(list, row->c.id)].row = NULL;
    while (list->start < list->end && list->entries[list->start].row == NULL)
        list->start++;
    if (list->recent == row)
        list->recent = NULL;
    list->rows--;
    free(row);
}

static void
evict_closed(struct connections *list)
{
    while (list->closed_count > list->closed_max && list->oldest_closed != NULL) {
        struct row *row = list->oldest_closed;

        list->oldest_closed = row->next_closed;
        if (list->oldest_closed == NULL)
            list->newest_closed = NULL;
        list->closed_count--;
        evict(list, row);
    }
}

void
connections_init(struct connections *list, size_t memory_limit)
{
    *list = (struct connections) { .closed_max = closed_max(memory_limit) };
}

void
connections_fini(struct connections *list)
{
    for (size_t i = list->start; i < list->end; i++)
        free(list->entries[i].row);
    free(list->entries);
    pairs_fini(&list->pairs);
}

void
connections_set_memory(struct connections *list, size_t memory_limit)
{
    list->closed_max = closed_max(memory_limit);
    evict_closed(list);
}

struct row *
connections_find(const struct connections *list, uint32_t id)
{
    size_t i = lower_bound(list, id);

    return i < list->end && list->entries[i].id == id ? list->entries[i].row : NULL;
}

struct row *
connections_add(struct model *model, uint32_t id)
{
    struct connections *list = &model->connections;
    struct row *row = model_alloc(model, sizeof(*row));
    struct row_entry *entry;
    size_t i;

    reserve_entry(model);
    i = lower_bound(list, id);
    entry = list->entries + i;
    if (i == list->end || entry->id != id) {
        memmove(entry + 1, entry, (list->end - i) * sizeof(*entry));
        list->end++;
    }
    *entry = (struct row_entry) { id, row };
    list->rows++;
    row->c.id = id;
    return row;
}

void
connections_retire(struct connections *list, struct row *row)
{
    if (list->newest_closed != NULL)
        list->newest_closed->next_closed = row;
    else
        list->oldest_closed = row;
    list->newest_closed = row;
    list->closed_count++;
    evict_closed(list);
}

uint32_t
connections_newest_of(const struct connections *list, uint16_t worker)
{
    size_t least = list->end - list->start > NEWEST_SCAN ? list->end - NEWEST_SCAN : list->start;

    for (size_t i = list->end; i > least; i--) {
        const struct row *row = list->entries[i - 1].row;

        if (row != NULL && row->c.worker == worker && row->c.state != CONN_CLOSED)
            return row->c.id;
    }
    return 0;
}

const struct connection *
model_connection(const struct model *model, uint32_t id)
{
    const struct row *row = connections_find(&model->connections, id);

    return row == NULL ? NULL : &row->c;
}

const struct connection *
model_next_connection(const struct model *model, uint32_t from)
{
    const struct connections *list = &model->connections;

    for (size_t i = lower_bound(list, from); i < list->end; i++)
        if (list->entries[i].row != NULL)
            return &list->entries[i].row->c;
    return NULL;
}
