/* engine.h - owns listeners, dialled connections, workers and the collector:
 * requests in, events out. It knows nothing of who looks.
 *
 * engine_spawn is called first of all in main, before any thread, curses or
 * readline. All else by one thread (the UI or batch thread), which never blocks
 * here. Events arrive at the sink on the collector thread. */
#ifndef SOCKDECK_ENGINE_ENGINE_H
#define SOCKDECK_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/serve/process.h"
#include "sockdeck/serve/request.h"

struct engine;
struct error;

/* Where events go, called on the collector thread. apply gets the records of one
 * round, each connection's in its order and causes before effects (event/order.h); they
 * are gone when it returns. It must not block: while has_room (NULL: always) says no,
 * nothing is drained, rings fill, and connections with whole capture wait; engine_kick
 * says that there is room again. signalled gets each SIGINT, SIGTERM and SIGHUP, which the
 * engine's signalfd takes. */
struct engine_sink {
    void (*apply)(void *ctx, const struct event *const *batch, size_t n);
    bool (*has_room)(void *ctx);
    void (*signalled)(void *ctx, int number);
    void *ctx;
};

/* Maps the shared memory and forks the spawner. 0 or a negative errno. title: where
 * its children write theirs (process_title_init). */
int engine_spawn(struct engine **engine, const struct process_title *title, struct error *err);

/* Blocks the asynchronous signals, starts the collector and client-loop threads. */
int engine_start(struct engine *engine, const struct engine_sink *sink, struct error *err);

/* Hands a request over and returns its id (> 0), which EVENT_REPLY will carry: whoever posts
 * takes the reply (model_take_reply). data is copied (data_size of it, at most
 * REQUEST_DATA_MAX). */
uint32_t engine_post(struct engine *engine, struct request *request, const void *data);
/* The same for one to which no reply is wanted, nor given. */
void engine_tell(struct engine *engine, struct request *request, const void *data);

/* The capture level of all connections that begin from now on (a batch: whole). */
void engine_set_capture(struct engine *engine, enum capture capture);

/* The most connections that each listener serves at once, until a REQUEST_LIMIT sets
 * another number; more wait in the accept queue. Shared out among the listener's
 * processes, each of which may serve at least one. It stays well below what a system
 * allows a user in threads, processes and descriptors (a thread takes two of those). */
enum { ENGINE_MAX_CONNECTIONS = 1000 };

/* How long name servers may take, for names that are asked from now on; DURATION_NONE: for ever. */
void engine_set_resolve_timeout(struct engine *engine, int64_t limit_ns);

/* The guardian restores these settings of the terminal if the console dies while
 * screen_up is set. fd must be open in the spawner too: it is standard output. */
void engine_set_screen_up(struct engine *engine, bool up);

/* Makes the collector look again (any thread). */
void engine_kick(struct engine *engine);

/* Stops everything: listeners, connections (FIN), workers (asked, then SIGKILL
 * after 500 ms), threads; drains the last events into the sink. Afterwards only
 * engine_kick, which does nothing, and engine_free. */
void engine_stop(struct engine *engine);
void engine_free(struct engine *engine);        /* NULL is fine */

#endif
