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
#include "sockdeck/model/rows.h"

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
