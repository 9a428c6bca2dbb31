/* model.h - what has happened, as the records tell it: rows of connections,
 * listeners and workers, exact totals, and journals of the newest records.
 *
 * No I/O, no clock, no threads of its own. One lock: model_apply takes it, and a
 * reader takes it with model_lock for at most 1 ms, copies what it needs and gives
 * it back; pointers into the model are good only under the lock. Nothing else is
 * locked inside it. Out of memory: the oldest records go first, then abort. */
#ifndef SOCKDECK_MODEL_MODEL_H
#define SOCKDECK_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"
#include "sockdeck/serve/settings.h"

struct model;

enum { MODEL_MEMORY_DEFAULT = 64 << 20 };

/* What the model expects of records beyond event.h: a LISTENING whose mode is not
 * an index into `modes` is a black hole's; SETTINGS carries a struct settings as its
 * data, of the connection, or with conn 0 of the listener. */
#define MODEL_MODE_HOLE EVENT_MODE_HOLE

/* The name of a mode by its index: "serial", "hole". */
const char *model_mode_name(uint32_t mode);

struct model *model_new(size_t memory_limit);   /* bytes that journals may take */
void model_free(struct model *model);
void model_set_memory(struct model *model, size_t memory_limit);

void model_lock(struct model *model);
void model_unlock(struct model *model);

/* Applies records in order; takes the lock itself. wall_offset_ns is what to add
 * to a stamp to get the wall clock now. Any thread (the collector for what the
 * sockets did, the UI thread for what commands did). */
void model_apply(struct model *model, const struct event *const *batch, size_t n,
                 int64_t wall_offset_ns);

/* --- rows (under the lock) ------------------------------------------------------ */

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

/* --- journals: the newest records of a pane, numbered from 0 for ever ------------- */

enum journal { JOURNAL_EVENTS, JOURNAL_MESSAGES, JOURNAL_CALLS, JOURNALS };

uint64_t model_journal_begin(const struct model *model, enum journal journal);  /* oldest kept */
uint64_t model_journal_end(const struct model *model, enum journal journal);    /* one past the newest */
const struct event *model_journal_at(const struct model *model, enum journal journal, uint64_t number);

/* Which system call a record tells of: the call's own record and those of what it did
 * have the same. */
struct call_key { int64_t stamp_ns; uint32_t conn, host; };
struct call_key call_key_of(const struct event *event);

/* The record of a journal that tells of that call. False: none is kept. */
bool model_find_pair(const struct model *model, enum journal journal, struct call_key key,
                     uint64_t *number);

/* The wall clock that belongs to a stamp. */
int64_t model_wall_ns(const struct model *model, int64_t stamp_ns);

/* --- the syscall lens (under the lock) -------------------------------------------- */

bool model_lens_is_on(const struct model *model);
/* Calls that were entered and have not returned (EVENT_BEGUN), the oldest first; their
 * stamp is when that was. NULL behind the last. */
const struct event *model_call_in_progress(const struct model *model, size_t index);
size_t model_calls_in_progress(const struct model *model);

/* --- replies (under the lock) ------------------------------------------------------ */

/* The reply to a request, once: removed when it is returned. A reply that nobody
 * takes is forgotten after 4,096 newer ones. */
struct reply {
    struct event_reply reply;
    size_t size;                /* of data */
    union {
        char text[256];         /* a sentence, NUL-terminated */
        char data[256];         /* or what was asked for */
    };
};
bool model_take_reply(struct model *model, uint32_t request, struct reply *reply);

/* --- what changed ------------------------------------------------------------------- */

/* Grows with every change of anything shown; cheap, atomic, without the lock. */
uint64_t model_revision(const struct model *model);

#endif
