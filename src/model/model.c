/* model.c - the whole: its lock, the dispatch of records, its bounds. */
#include "config.h"

#include "sockdeck/model/model.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/buffer.h"

#include "cause.h"
#include "model_private.h"

/* What is applied in one go under the lock: well below 1 ms. */
enum { GROUP_RECORDS = 256, GROUP_BYTES = 512 * 1024 };

/* How many sixteenths of the memory each journal may take. */
static const size_t journal_shares[JOURNALS] = {
    [JOURNAL_EVENTS] = 4,
    [JOURNAL_MESSAGES] = 10,
    [JOURNAL_CALLS] = 2,
};

static const enum journal pane_journals[] = {
    [PANE_INTERNAL] = JOURNALS,         /* none */
    [PANE_EVENTS] = JOURNAL_EVENTS,
    [PANE_MESSAGES] = JOURNAL_MESSAGES,
    [PANE_CALLS] = JOURNAL_CALLS,
};

static void
count_timeout(struct model *model, const struct event *event)
{
    (void)event;
    model->totals.timeouts++;
}

static void
count_error(struct model *model, const struct event *event)
{
    if (event_severity(event) == SEVERITY_ERROR)
        model->totals.errors++;
}

static void
count_lost(struct model *model, const struct event *event)
{
    model->totals.lost += event->u.lost.count;
}

static void
apply_settings(struct model *model, const struct event *event)
{
    if (event->conn != 0)
        connections_settings(model, event);
    else
        listeners_settings(model, event);
}

static void
apply_waits(struct model *model, const struct event *event)
{
    if (event->conn != 0)
        connections_waits(model, event);
    else
        listeners_waits(model, event);
}

static void (*const appliers[EVENT_TYPE_COUNT])(struct model *, const struct event *) = {
    [EVENT_LISTENING] = listeners_listening,
    [EVENT_STOPPED] = listeners_stopped,
    [EVENT_MODE] = listeners_mode,
    [EVENT_WORKER] = workers_changed,
    [EVENT_QUEUE] = listeners_queue,
    [EVENT_GAUGE] = listeners_queue,
    [EVENT_CONNECTING] = connections_dialling,
    [EVENT_CONNECTED] = connections_connected,
    [EVENT_ACCEPTED] = connections_accepted,
    [EVENT_RECEIVED] = connections_received,
    [EVENT_SENT] = connections_sent,
    [EVENT_PING] = connections_ping,
    [EVENT_TIMEOUT] = count_timeout,
    [EVENT_ERROR] = count_error,
    [EVENT_EOF] = connections_eof,
    [EVENT_CLOSED] = connections_closed,
    [EVENT_SHUTDOWN] = connections_shutdown,
    [EVENT_CALL] = calls_applied,
    [EVENT_WAITS] = apply_waits,
    [EVENT_LENS] = calls_switched,
    [EVENT_LOST] = count_lost,
    [EVENT_SETTINGS] = apply_settings,
    [EVENT_REPLY] = replies_arrived,
};

struct model *
model_new(size_t memory_limit)
{
    struct model *model = calloc(1, sizeof(*model));

    if (model == NULL)
        abort();
    pthread_mutex_init(&model->turn, NULL);
    pthread_mutex_init(&model->lock, NULL);
    connections_init(&model->connections, memory_limit);
    for (int i = 0; i < JOURNALS; i++)
        journal_init(model->journals + i, memory_limit / 16 * journal_shares[i]);
    return model;
}

void
model_free(struct model *model)
{
    if (model == NULL)
        return;
    for (int i = 0; i < JOURNALS; i++)
        journal_fini(model->journals + i);
    connections_fini(&model->connections);
    calls_fini(&model->calls);
    replies_fini(&model->replies);
    free(model->listeners.rows);
    free(model->workers.rows);
    pthread_mutex_destroy(&model->lock);
    pthread_mutex_destroy(&model->turn);
    free(model);
}

void
model_lock(struct model *model)
{
    pthread_mutex_lock(&model->turn);
    pthread_mutex_lock(&model->lock);
    pthread_mutex_unlock(&model->turn);
}

void
model_unlock(struct model *model)
{
    pthread_mutex_unlock(&model->lock);
}

static void
changed(struct model *model)
{
    atomic_fetch_add_explicit(&model->revision, 1, memory_order_release);
}

void
model_set_memory(struct model *model, size_t memory_limit)
{
    model_lock(model);
    connections_set_memory(&model->connections, memory_limit);
    for (int i = 0; i < JOURNALS; i++)
        journal_set_limit(model->journals + i, memory_limit / 16 * journal_shares[i]);
    changed(model);
    model_unlock(model);
}

void
model_forget(struct model *model)
{
    static const enum journal order[] = { JOURNAL_MESSAGES, JOURNAL_CALLS, JOURNAL_EVENTS };

    for (size_t i = 0; i < JOURNALS; i++)
        if (journal_forget(model->journals + order[i]))
            return;
    abort();
}

void *
model_grow(struct model *model, void *old, size_t size)
{
    void *p;

    while ((p = realloc(old, size)) == NULL)
        model_forget(model);
    return p;
}

void *
model_alloc(struct model *model, size_t size)
{
    return memset(model_grow(model, NULL, size), 0, size);
}

static void
keep_record(struct model *model, enum journal journal, const struct event *event)
{
    while (journal_add(model->journals + journal, event) != 0)
        model_forget(model);
    model->totals.events++;
}

/* The record with its cause as it is known now, behind its data. */
static void
keep_explained(struct model *model, enum journal journal, const struct event *event)
{
    struct buffer whole = { 0 };
    struct event *copy;

    if (buffer_add(&whole, event, sizeof(*event) + event->data_size) != 0 ||
        cause_write(&whole, event, model) < 0)
        abort();
    copy = (struct event *)(void *)whole.base;
    copy->data_size = (uint32_t)(buffer_size(&whole) - sizeof(*event));
    copy->flags |= EVENT_EXPLAINED;
    keep_record(model, journal, copy);
    buffer_fini(&whole);
}

static void
note_split(struct model *model, const struct event *event)
{
    struct row *row = connections_find(&model->connections, event->conn);

    if (row != NULL)
        split_note(model, event->type == EVENT_SENT ? &row->sent : &row->received, event);
}

static void
apply_one(struct model *model, const struct event *event)
{
    enum journal journal;

    if (event->type >= EVENT_TYPE_COUNT)
        return;
    if (appliers[event->type] != NULL)
        appliers[event->type](model, event);
    journal = pane_journals[event_infos[event->type].pane];
    if (journal == JOURNALS || (event->flags & EVENT_BEGUN) != 0)
        return;
    if (cause_is_of_its_time(event))
        keep_explained(model, journal, event);
    else
        keep_record(model, journal, event);
    if (event->type == EVENT_RECEIVED || event->type == EVENT_SENT)
        note_split(model, event);
}

/* Applies the records from `from` on that fit in one go; returns where it ended. */
static size_t
apply_group(struct model *model, const struct event *const *batch, size_t from, size_t n)
{
    size_t i = from, bytes = 0;

    while (i < n && i - from < GROUP_RECORDS && bytes < GROUP_BYTES) {
        bytes += batch[i]->data_size;
        apply_one(model, batch[i++]);
    }
    return i;
}

void
model_apply(struct model *model, const struct event *const *batch, size_t n,
            int64_t wall_offset_ns)
{
    for (size_t i = 0; i < n;) {
        model_lock(model);
        if (i == 0)
            wall_note(&model->wall, batch[0]->stamp_ns, wall_offset_ns);
        i = apply_group(model, batch, i, n);
        changed(model);
        model_unlock(model);
    }
}

const struct totals *
model_totals(const struct model *model)
{
    return &model->totals;
}

uint64_t
model_journal_begin(const struct model *model, enum journal journal)
{
    return journal_begin(model->journals + journal);
}

uint64_t
model_journal_end(const struct model *model, enum journal journal)
{
    return journal_end(model->journals + journal);
}

const struct event *
model_journal_at(const struct model *model, enum journal journal, uint64_t number)
{
    return journal_at(model->journals + journal, number);
}

int64_t
model_wall_ns(const struct model *model, int64_t stamp_ns)
{
    return wall_at(&model->wall, stamp_ns);
}

uint64_t
model_revision(const struct model *model)
{
    return atomic_load_explicit(&model->revision, memory_order_acquire);
}
