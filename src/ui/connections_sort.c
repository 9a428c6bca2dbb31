/* connections_sort.c - the orders of the pane Connections, and finding a row. */
#include "config.h"

#include "sockdeck/ui/connections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/ui/panes.h"

/* Most first; where that is no number (by peer) all weigh the same. */
static int64_t
weight_of(enum sort_order sort, const struct connection *row)
{
    switch (sort) {
    case SORT_IN: return (int64_t)row->in;
    case SORT_OUT: return (int64_t)row->out;
    case SORT_RTT: return row->rtt_ns;
    case SORT_AGE: return -row->begun_ns;
    case SORT_STATE: return -(int64_t)row->state;
    default: return 0;
    }
}

void
connections_weigh(struct connections_view *view, size_t place, const struct connection *row)
{
    struct sort_entry *entry = &view->weighed[place];

    entry->id = row->id;
    entry->is_closed = row->state == CONN_CLOSED;
    entry->weight = weight_of(view->sort, row);
    entry->peer[0] = '\0';
    if (view->sort == SORT_PEER)
        snprintf(entry->peer, sizeof(entry->peer), "%s", row->peer);
}

static int
by_weight(const void *a, const void *b)
{
    const struct sort_entry *one = a, *two = b;
    int order;

    if (one->is_closed != two->is_closed)
        return one->is_closed ? 1 : -1;
    if (one->weight != two->weight)
        return one->weight < two->weight ? 1 : -1;
    order = strverscmp(one->peer, two->peer);
    if (order != 0)
        return order;
    return one->id < two->id ? -1 : one->id > two->id;
}

/* ids come in order of id, and so do the entries; ids may lack some. */
void
connections_sort(struct connections_view *view)
{
    size_t kept = 0, from = 0;

    for (size_t i = 0; i < view->id_count; i++) {
        while (from < view->count && view->weighed[from].id < view->ids[i])
            from++;
        if (from < view->count && view->weighed[from].id == view->ids[i])
            view->weighed[kept++] = view->weighed[from++];
    }
    qsort(view->weighed, kept, sizeof(*view->weighed), by_weight);
    for (size_t i = 0; i < kept; i++)
        view->ids[i] = view->weighed[i].id;
    view->id_count = kept;
}

/* While the display is frozen, only what is drawn can be chosen. */
static bool
may_choose(const struct deck *deck, size_t at)
{
    const struct connections_view *view = &deck->connections;

    return !deck->is_frozen || move_into_sight(at, view->top, (size_t)view->row_count) == at;
}

enum find_state
connections_seek(struct deck *deck, const struct needle *needle, int step)
{
    struct connections_view *view = &deck->connections;
    size_t count = view->id_count, at = 0, from;
    bool found = false;

    while (at + 1 < count && view->ids[at] != view->selected)
        at++;
    from = at;
    model_lock(deck->model);
    for (size_t n = 0; n < count && !found; n++) {
        const struct connection *row;

        at = (at + (step > 0 ? 1 : count - 1)) % count;
        row = model_connection(deck->model, view->ids[at]);
        found = row != NULL && may_choose(deck, at) && connections_has_text(deck, row, needle);
    }
    model_unlock(deck->model);
    if (!found)
        return FIND_NOTHING;
    view->selected = view->ids[at];
    view->is_following = false;
    return (step > 0 ? at <= from : at >= from) ? FIND_WRAPPED : FIND_FOUND;
}
