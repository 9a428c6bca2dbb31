/* ring.h - records from one process to the console, through shared memory.
 *
 * DESIGN. One arena (a sealed, sparse memfd) is mapped before the spawner is
 * forked, so every process has it at the same address. It holds two classes of
 * rings and a few words that all share (the counter of connection ids, the
 * collector's sleeping flag, screen_up). Each process publishes on one ring;
 * its threads share it under a mutex of that process (struct ring_writer). One
 * store of head publishes a record, whole: a writer killed before it leaves nothing
 * behind, one stopped anywhere holds up nobody but itself. Only the collector reads
 * and moves tail. A record takes at most a quarter of its ring and lies in one
 * piece. Memory given back by a released ring is returned with MADV_REMOVE, and a
 * round looks only at rings that are taken, so thousands of unused ones cost nothing.
 *
 * WAKING. Producers write the eventfd when they see sleeping set, when the record
 * is EVENT_URGENT, when their ring passes half, and before they wait for room; so a
 * collector that polls it while it drains at a fixed rate is told to hurry. Only the
 * collector clears sleeping: were a producer to, and then be killed or stopped
 * before its write, the wake-up would be lost.
 *
 * WAITING. A producer waits for room outside the mutex, on a futex that the
 * collector wakes after a round. Nobody waits for a collector that is gone: workers
 * die with the console (PR_SET_PDEATHSIG), the spawner sees within a second that its
 * parent has gone (getppid), and the console's own threads are let go by
 * arena_abandon. Such a record is dropped. The collector thread itself must publish
 * nothing: it would wait for itself. */
#ifndef SOCKDECK_EVENT_RING_H
#define SOCKDECK_EVENT_RING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sockdeck/event/event.h"

struct error;
struct arena;
struct ring;

enum ring_class { RING_LARGE, RING_SMALL };     /* 4 MiB and 32 KiB */

enum ring_state {
    RING_FREE,
    RING_LIVE,          /* its process may publish */
    RING_DEAD,          /* its process has ended; to be drained, then released */
};

enum {
    RING_LARGE_COUNT = 80,
    RING_SMALL_COUNT = 4096,
    RING_COUNT = RING_LARGE_COUNT + RING_SMALL_COUNT,
};

/* Maps the arena and makes the eventfd, which forked processes must keep open.
 * Called by the process that will drain. 0 or a negative errno. The large rings
 * hold large_size bytes each (a power of two, at least 4096; 0 for 4 MiB; tests
 * take less). */
int arena_open(struct arena **arena, uint32_t large_size, struct error *err);
void arena_close(struct arena *arena);  /* unmaps, in this process; NULL is fine */

int arena_eventfd(const struct arena *arena);   /* what the collector polls */

/* Ids that are never used twice, counted across all processes; from 1. */
uint32_t arena_next_conn(struct arena *arena);

/* Shared words. screen_up: the terminal is in curses' hands (the guardian restores it).
 * lens_on: socket calls are reported (net/lens.h). */
_Atomic uint32_t *arena_screen_up(struct arena *arena);
_Atomic uint32_t *arena_lens_on(struct arena *arena);
/* What a host sees of the engine without a system call; each large ring has one, which
 * ring_release clears. */
struct host_flags {
    _Atomic uint32_t retired;   /* it must not accept again, also when it cannot be told (SIGSTOP) */
    _Atomic uint32_t posted;    /* requests to it so far, counted before they are sent */
};

struct host_flags *arena_host_flags(struct arena *arena, uint32_t ring_index);

/* Takes a free ring of the class (any process), or returns NULL: none is free. Take
 * it before the fork: then somebody who lives knows which one to set dead. */
struct ring *arena_take_ring(struct arena *arena, enum ring_class class);
struct ring *arena_ring(struct arena *arena, uint32_t index);
uint32_t ring_index(const struct arena *arena, const struct ring *ring);

/* --- the producer's side ------------------------------------------------------ */

/* One in each process. Set up after the fork; not itself in shared memory. */
struct ring_writer {
    struct arena *arena;
    struct ring *ring;
    pid_t parent;               /* whose end means that nobody drains; 0 in the console */
    pthread_mutex_t mutex;      /* innermost lock; nothing is taken under it */
};

void ring_writer_init(struct ring_writer *w, struct arena *arena, struct ring *ring);

/* Publishes head (its size and data_size are set here) with n bytes of data.
 * Types that must arrive, and RING_WAIT, wait for room; otherwise, when the ring
 * is more than three quarters full (an eighth for more than RING_LONG_DATA bytes), the data
 * is left out (EVENT_LEFT_OUT) and only the header waits. Longer data than fits a
 * record is continued (EVENT_MORE) and always waits for room, since the first part
 * promises the rest. The details (u) stand in the first part; in the others u is zero,
 * so sums stay exact. Any thread of the process; never a signal handler. */
enum ring_policy { RING_MAY_LEAVE_OUT, RING_WAIT };
enum { RING_LONG_DATA = 1024 };         /* bytes: what recv=1024, the default, still brings */
void ring_publish(struct ring_writer *w, struct event *head, const void *data,
                  uint32_t n, enum ring_policy policy);

/* --- the collector's side (one thread) ---------------------------------------- */

enum ring_state ring_state(const struct ring *ring);
/* By whoever learns of the death (any process), who then calls arena_kick or
 * arena_kick_if_asleep. A ring that is not live is left alone. */
void ring_set_dead(struct ring *ring);

/* A round: the records published when it begins, by stamp across all rings (those of
 * one ring in its own order). A record stamped after another was published comes behind
 * it, whatever their rings: since the heads are read one after another, what is stamped
 * after now_ns, the time of the call, waits for the next round. What was published only
 * after its effect may come behind that; order.h mends it. visit is given each once, and
 * may keep the pointer until the call returns; then the rings have their room back.
 * Returns the number of records. Read ring_state before: a ring that was dead then has
 * been drained to its end. */
size_t arena_drain(struct arena *arena, int64_t now_ns,
                   void (*visit)(void *ctx, struct ring *ring, const struct event *event),
                   void *ctx);

bool ring_is_drained(const struct ring *ring);
/* Calls visit for each ring that is dead and drained; visit may release it. So the
 * collector finds those whose owner it does not know (the children of fork). */
void arena_each_dead(struct arena *arena, void (*visit)(void *ctx, struct ring *ring),
                     void *ctx);
/* Sets dead the ring that the (reaped) process published on, if it had one. */
void arena_set_dead_by_pid(struct arena *arena, pid_t pid);
void ring_release(struct arena *arena, struct ring *ring);      /* dead and drained */

/* Sets sleeping, then looks once more: true when nothing is there, no dead ring
 * either, and the collector may block on the eventfd; false when it should drain again. */
bool arena_prepare_sleep(struct arena *arena);
/* Clears sleeping and empties the eventfd. */
void arena_wake_up(struct arena *arena);
/* Makes the collector look, from any process (a death, a request). */
void arena_kick(struct arena *arena);
/* The same for what its next round will see anyway, unless it sleeps. */
void arena_kick_if_asleep(struct arena *arena);
/* The collector has drained for the last time: who waits for room, or would, goes
 * on without having published. Any thread. */
void arena_abandon(struct arena *arena);

#endif
