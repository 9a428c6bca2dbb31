/* connections.h - the view of Connections: which rows there are, and copies of
 * those that are shown. All open ones are in the list, and the newest of the
 * closed; while the newest are followed, closed ones make room for open ones. */
#ifndef SOCKDECK_UI_CONNECTIONS_H
#define SOCKDECK_UI_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/cmd/preferences.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/grid.h"
#include "sockdeck/ui/pulse.h"

struct deck;

struct needle;

enum { CONNECTIONS_CLOSED_KEPT = 200, CONNECTIONS_ROWS = 256 };

struct connection_entry { uint32_t id; bool is_closed; };

/* What an entry is sorted by, unless by id: open ones first, then the most weight, then
 * the address. */
struct sort_entry { uint32_t id; bool is_closed; int64_t weight; char peer[ADDRESS_TEXT]; };

struct connections_view {
    enum sort_order sort, sorted;       /* as it is wanted; as it was collected last */
    bool is_following;          /* the newest (the first, where sorted) stay in sight */
    struct connection_entry *entries;   /* in order of id */
    size_t count, capacity;
    uint32_t last_id;           /* all up to it have been looked at */
    size_t closed;              /* of the entries */
    size_t closed_kept;         /* the most of them that stay */
    struct sort_entry *weighed; /* unless by id: the entries with what they are sorted by */
    uint32_t *ids;              /* the entries that may be scrolled through now */
    size_t id_count;
    size_t top;                 /* index in ids of the first row */
    uint32_t selected;          /* id, 0: none */
    int headings;               /* rows of column headings: 1, or 0 where there is no room */
    struct connection rows[CONNECTIONS_ROWS];   /* what is shown, copied */
    int row_count;
    int widths[GRID_COLUMNS];   /* of the columns, 0 for one that is not there */
    struct pulses pulses;       /* of what is shown */
    int64_t next_ns;            /* when a countdown or an age reads differently */
};

void connections_view_init(struct connections_view *view);
void connections_view_fini(struct connections_view *view);

/* connections_draw.c: which columns there are on so many cells; when one of them reads
 * differently for that row, though nothing happens. */
void connections_fit(struct deck *deck, int cols);
int64_t connections_next_change(const struct deck *deck, const struct connection *c);

/* connections_sort.c: puts what may be scrolled through in its order. */
void connections_weigh(struct connections_view *view, size_t place, const struct connection *row);
void connections_sort(struct connections_view *view);
/* connections_draw.c: whether a row has the text in what is said of it in words. */
bool connections_has_text(const struct deck *deck, const struct connection *row,
                          const struct needle *needle);

#endif
