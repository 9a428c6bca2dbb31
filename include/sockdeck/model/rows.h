/* rows.h - the rows of the model: connections, listeners and workers, and totals of all.
 *
 * Values that a reader copies; pointers to them are good only under the model's lock, which
 * every function here but the two of deadlines wants held. */
#ifndef SOCKDECK_MODEL_ROWS_H
#define SOCKDECK_MODEL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/serve/settings.h"

struct model;

enum connection_state { CONN_CONNECTING, CONN_OPEN, CONN_PEER_CLOSED /* eof came */,
                        CONN_WE_CLOSED /* shutdown write done */, CONN_CLOSED };

/* What a listener starts: standing workers, and threads or processes for single
 * connections. */
enum started { STARTED_WORKERS, STARTED_THREADS, STARTED_CHILDREN, STARTED_KINDS };

struct starts {
    uint32_t live;
    uint64_t total;
    int64_t min_ns, max_ns, sum_ns;     /* what starting one took; 0 when total is 0 */
};

struct connection {
    uint32_t id;
    uint16_t listener, worker;
    int32_t pid, tid;
    uint8_t state;              /* enum connection_state */
    bool dialled, paused;
    bool write_is_shut;         /* by us, also after the peer's end */
    uint8_t started;            /* enum started; STARTED_KINDS: nothing of its own */
    bool never_open;            /* closed: an attempt to connect that failed */
    uint8_t waits;              /* limits that run, a bit for each timeout kind */
    struct event_closed closed; /* the verdict, when state is CONN_CLOSED; its fate
                                 * is what commands that wait on it fail with */
    int64_t begun_ns, closed_ns;        /* stamps */
    uint64_t in, out;           /* bytes, exact */
    uint64_t in_messages, out_messages;
    int64_t rtt_ns;             /* of the last ping, -1: none */
    int64_t read_since_ns, send_since_ns, active_ns;    /* see model_nearest_deadline */
    struct settings settings;   /* as the conversation last reported them */
    char peer[ADDRESS_TEXT];
    char local[ADDRESS_TEXT];
};

struct listener {
    uint16_t id;
    bool stopped, is_hole;
    uint32_t mode, workers, backlog;
    struct settings settings;
    struct accept_queue queue;  /* as last reported; the engine reports changes */
    int64_t silent_since_ns;    /* since when its accept limit runs, 0: it does not */
    uint64_t accepted;          /* connections, ever */
    uint32_t open;              /* connections of it open now */
    struct starts starts[STARTED_KINDS];        /* in all its modes so far */
    char address[ADDRESS_TEXT];
    bool wildcard;
};

struct worker {
    uint16_t id, listener;
    uint32_t mode;
    int32_t pid, tid;
    uint8_t state;              /* enum worker_state */
    int32_t status, signal;
    uint32_t serving;           /* #N it serves (the newest), 0 for none */
    uint32_t open;
    uint64_t accepted, in, out;
    int64_t started_ns, cost_ns;
};

struct totals {
    uint64_t accepted, dialled, open, closed;
    uint64_t in, out, in_messages, out_messages;        /* of all connections ever */
    uint64_t timeouts, errors, lost, events;
};

const struct totals *model_totals(const struct model *model);

/* By id, NULL when there is none. */
const struct connection *model_connection(const struct model *model, uint32_t id);
const struct listener *model_listener(const struct model *model, uint32_t id);
const struct worker *model_worker(const struct model *model, uint32_t id);

/* In order of id: the first with an id >= from, NULL after the last. Closed
 * connections stay until memory asks for their room. */
const struct connection *model_next_connection(const struct model *model, uint32_t from);
const struct listener *model_next_listener(const struct model *model, uint32_t from);
const struct worker *model_next_worker(const struct model *model, uint32_t from);

size_t model_open_connections(const struct model *model);       /* connecting included */
size_t model_open_listeners(const struct model *model);         /* holes included */

/* The limit of an open or connecting connection that ends first: what counts down. */
struct deadline { enum timeout_kind kind; int64_t since_ns, limit_ns; };
bool model_nearest_deadline(const struct connection *c, struct deadline *nearest);
/* The accept limit of a listener, while it runs. */
bool model_accept_deadline(const struct listener *listener, struct deadline *deadline);

/* The other end of a connection when we hold that too, else NULL. */
const struct connection *model_other_end(const struct model *model, const struct connection *end);

/* Our own listener at this address, NULL when it is somebody else's. */
const struct listener *model_listener_at(const struct model *model, const char *address);

#endif
