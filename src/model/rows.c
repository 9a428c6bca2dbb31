/* rows.c - the rows of connections, and which of them go when too many have closed. */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>

#include "model_private.h"

enum { CLOSED_MIN = 100, CLOSED_MAX = 10000, CLOSED_SHARE = 16, NEWEST_SCAN = 256 };

/* Closed rows take at most a sixteenth of the journals' memory. */
static size_t
closed_max(size_t memory_limit)
{
    size_t n = memory_limit / CLOSED_SHARE / sizeof(struct row);

    return n < CLOSED_MIN ? CLOSED_MIN : n > CLOSED_MAX ? CLOSED_MAX : n;
}

static void
evict(struct connections *list, struct row *row)
{
    id_map_remove(&list->rows, row->c.id);
    if (list->recent == row)
        list->recent = NULL;
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
    struct row *row, *next;

    for (row = id_map_next(&list->rows, 0); row != NULL; row = next) {
        next = id_map_next(&list->rows, row->c.id + 1);
        free(row);
    }
    id_map_fini(&list->rows);
    pair_map_fini(&list->pairs);
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
    return id_map_find(&list->rows, id);
}

struct row *
connections_add(struct model *model, uint32_t id)
{
    struct row *row = model_alloc(model, sizeof(*row));

    while (id_map_add(&model->connections.rows, id, row) != 0)
        model_forget(model);
    row->c.id = id;
    return row;
}

void
connections_retire(struct connections *list, struct row *row)
{
    row->next_closed = NULL;
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
    const struct id_map *rows = &list->rows;
    size_t least = rows->end - rows->start > NEWEST_SCAN ? rows->end - NEWEST_SCAN : rows->start;

    for (size_t i = rows->end; i > least; i--) {
        const struct row *row = rows->entries[i - 1].thing;

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
    const struct row *row = id_map_next(&model->connections.rows, from);

    return row == NULL ? NULL : &row->c;
}

/* A connection that has closed keeps its addresses: its other end may still be open. */
const struct connection *
model_other_end(const struct model *model, const struct connection *end)
{
    const struct row *row = (const struct row *)(const void *)end;
    const struct pair_node *other = pair_map_mirror(&model->connections.pairs, &row->pair);

    return other == NULL ? NULL
           : &((const struct row *)(const void *)((const char *)other -
                                                  offsetof(struct row, pair)))->c;
}
