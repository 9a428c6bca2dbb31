/* calls.c - the syscall lens: whether it is on, which calls are in progress, and which
 * records belong together. */
#include "config.h"

#include "model_private.h"

#include <stdlib.h>
#include <string.h>

/* Records of a journal are in the order of their stamps but for what came from
 * different processes in one round; this many on either side are looked at. */
enum { NEIGHBOURS = 256 };

/* --- in progress ------------------------------------------------------------------------ */

void
calls_fini(struct calls *calls)
{
    free(calls->in_progress);
}

static void
add(struct model *model, const struct event *event)
{
    struct calls *calls = &model->calls;

    if (calls->count == calls->capacity) {
        calls->capacity = calls->capacity == 0 ? 16 : calls->capacity * 2;
        calls->in_progress = model_grow(model, calls->in_progress,
                                        calls->capacity * sizeof(*calls->in_progress));
    }
    memcpy(&calls->in_progress[calls->count++], event, sizeof(*event));
}

static void
drop(struct calls *calls, size_t index)
{
    calls->count--;
    memmove(calls->in_progress + index, calls->in_progress + index + 1,
            (calls->count - index) * sizeof(*calls->in_progress));
}

/* A thread is in one call at a time. */
static void
drop_thread(struct calls *calls, int32_t tid)
{
    for (size_t i = calls->count; i-- > 0;)
        if (calls->in_progress[i].tid == tid)
            drop(calls, i);
}

void
calls_applied(struct model *model, const struct event *event)
{
    drop_thread(&model->calls, event->tid);
    if (event->flags & EVENT_BEGUN)
        add(model, event);
}

void
calls_process_ended(struct model *model, int32_t pid)
{
    struct calls *calls = &model->calls;

    for (size_t i = calls->count; i-- > 0;)
        if (calls->in_progress[i].pid == pid)
            drop(calls, i);
}

void
calls_switched(struct model *model, const struct event *event)
{
    model->calls.is_on = event->u.lens.is_on != 0;
    model->calls.count = 0;
}

bool
model_lens_is_on(const struct model *model)
{
    return model->calls.is_on;
}

const struct event *
model_call_in_progress(const struct model *model, size_t index)
{
    return index < model->calls.count ? model->calls.in_progress + index : NULL;
}

size_t
model_calls_in_progress(const struct model *model)
{
    return model->calls.count;
}

/* --- pairs ------------------------------------------------------------------------------ */

/* An accept, and what the engine calls for a listener, has no connection yet: its host
 * makes one call at a time, so the stamp is enough. */
static bool
is_same_call(const struct call_key *a, const struct call_key *b)
{
    if (a->stamp_ns != b->stamp_ns)
        return false;
    return a->conn == b->conn || ((a->conn == 0 || b->conn == 0) && a->host == b->host);
}

struct call_key
call_key_of(const struct event *event)
{
    return (struct call_key) { event->stamp_ns, event->conn, event->host };
}

/* The first record whose stamp is not before stamp_ns, as far as they are in order. */
static uint64_t
lower_bound(const struct journal_log *log, int64_t stamp_ns)
{
    uint64_t low = journal_begin(log), high = journal_end(log);

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;

        if (journal_at(log, middle)->stamp_ns < stamp_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
model_find_pair(const struct model *model, enum journal journal, struct call_key key,
                uint64_t *number)
{
    const struct journal_log *log = model->journals + journal;
    uint64_t at = lower_bound(log, key.stamp_ns);
    uint64_t first = at > journal_begin(log) + NEIGHBOURS ? at - NEIGHBOURS : journal_begin(log);
    uint64_t last = at + NEIGHBOURS < journal_end(log) ? at + NEIGHBOURS : journal_end(log);

    for (uint64_t i = first; i < last; i++) {
        const struct call_key other = call_key_of(journal_at(log, i));

        if (is_same_call(&key, &other)) {
            *number = i;
            return true;
        }
    }
    return false;
}
