/* model_private.h - how the parts of the model hang together. Everything here runs
 * under the model's lock. */
#ifndef SOCKDECK_SRC_MODEL_MODEL_PRIVATE_H
#define SOCKDECK_SRC_MODEL_MODEL_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "sockdeck/base/id_map.h"
#include "sockdeck/base/pair_map.h"
#include "sockdeck/model/journal.h"
#include "sockdeck/model/model.h"

/* --- rows.c; what records do to rows: connections.c ------------------------- */

/* A character that the bytes of one direction have begun and not finished: the bytes so far,
 * n of them, and the record they came in last (the low half of its number). */
struct split {
    uint32_t record;
    uint8_t n;
    char bytes[3];
};

struct row {
    struct connection c;
    struct split received, sent;
    union {
        struct pair_node pair;          /* local and peer; its next while open only */
        struct row *next_closed;        /* closed later than this one */
    };
};

_Static_assert(sizeof(struct row) <= 384, "a connection's row is small");

struct connections {
    struct id_map rows;
    struct row *oldest_closed, *newest_closed;
    size_t closed_count, closed_max;
    struct row *recent;         /* the last one found: records come in runs */
    struct pair_map pairs;      /* the open ones: both ends of one are found */
};

void connections_init(struct connections *list, size_t memory_limit);
void connections_fini(struct connections *list);
void connections_set_memory(struct connections *list, size_t memory_limit);

struct row *connections_find(const struct connections *list, uint32_t id);
/* The row of an id that has none yet; all but the id is zero. */
struct row *connections_add(struct model *model, uint32_t id);
/* It may go once later ones have closed. */
void connections_retire(struct connections *list, struct row *row);
/* The newest open connection of a worker among the last few, 0: none. */
uint32_t connections_newest_of(const struct connections *list, uint16_t worker);

/* split.c: after the record of a message was kept; split is that of its direction. */
void split_note(struct model *model, struct split *split, const struct event *event);

/* --- listeners.c, workers.c: rows by id, ids are small and dense --------------------- */

struct listeners {
    struct listener *rows;      /* rows[id]; id 0 marks one that is not there */
    size_t count;
    size_t open;
};

struct workers {
    struct worker *rows;
    size_t count;
};

/* NULL when there is none, or for id 0. */
struct listener *listeners_find(const struct listeners *list, uint32_t id);
/* One more was started, which took that long; one has ended. */
void starts_add(struct starts *starts, int64_t cost_ns);
void starts_end(struct starts *starts);
struct worker *workers_find(const struct workers *list, uint32_t id);
/* Adds one where it is missing. */
struct worker *workers_need(struct model *model, const struct event *event);

/* --- calls.c: what the syscall lens has seen begin -------------------------------------- */

struct calls {
    bool is_on;
    struct event *in_progress;  /* heads of records, in the order they came */
    size_t count, capacity;
};
void calls_fini(struct calls *calls);
void calls_applied(struct model *model, const struct event *event);
void calls_switched(struct model *model, const struct event *event);
void calls_process_ended(struct model *model, int32_t pid);

/* --- replies.c ------------------------------------------------------------------------- */

struct reply_entry;
struct replies {
    struct reply_entry *by_request;     /* a uthash */
};
void replies_fini(struct replies *replies);

/* --- wall.c: the wall clock may jump; a stamp keeps the time that was shown for it -------- */

enum { WALL_SPANS = 32 };
struct wall {
    struct wall_span { int64_t from_ns, offset_ns; } spans[WALL_SPANS];
    size_t count;
};
void wall_note(struct wall *wall, int64_t stamp_ns, int64_t offset_ns);
int64_t wall_at(const struct wall *wall, int64_t stamp_ns);

/* --- the whole ------------------------------------------------------------------------- */

struct model {
    pthread_mutex_t turn;       /* taken first and given back at once: whoever waits for */
    pthread_mutex_t lock;       /* the lock is next, so that a long batch starves nobody */
    _Atomic uint64_t revision;
    struct connections connections;
    struct listeners listeners;
    struct workers workers;
    struct journal_log journals[JOURNALS];
    struct calls calls;
    struct replies replies;
    struct totals totals;
    struct wall wall;
};

/* Memory, zeroed or grown; when there is none, old records go first, then it aborts. */
void *model_alloc(struct model *model, size_t size);
void *model_grow(struct model *model, void *old, size_t size);
void model_forget(struct model *model);         /* some old records, or it aborts */

/* What each event type does to the rows. */
void connections_dialling(struct model *model, const struct event *event);
void connections_connected(struct model *model, const struct event *event);
void connections_accepted(struct model *model, const struct event *event);
void connections_settings(struct model *model, const struct event *event);
void connections_waits(struct model *model, const struct event *event);
void connections_received(struct model *model, const struct event *event);
void connections_sent(struct model *model, const struct event *event);
void connections_ping(struct model *model, const struct event *event);
void connections_eof(struct model *model, const struct event *event);
void connections_shutdown(struct model *model, const struct event *event);
void connections_closed(struct model *model, const struct event *event);
void listeners_listening(struct model *model, const struct event *event);
void listeners_stopped(struct model *model, const struct event *event);
void listeners_mode(struct model *model, const struct event *event);
void listeners_queue(struct model *model, const struct event *event);
void listeners_settings(struct model *model, const struct event *event);
void listeners_waits(struct model *model, const struct event *event);
void workers_changed(struct model *model, const struct event *event);
void replies_arrived(struct model *model, const struct event *event);

#endif
