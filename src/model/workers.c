/* workers.c - the rows of standing workers. */
#include "config.h"

#include <string.h>

#include "model_private.h"

struct worker *
workers_find(const struct workers *list, uint32_t id)
{
    return id < list->count && list->rows[id].id != 0 ? list->rows + id : NULL;
}

static struct worker *
make_room(struct model *model, uint16_t id)
{
    struct workers *list = &model->workers;

    if (id >= list->count) {
        size_t n = ((size_t)id + 16) & ~(size_t)15;

        list->rows = model_grow(model, list->rows, n * sizeof(*list->rows));
        memset(list->rows + list->count, 0, (n - list->count) * sizeof(*list->rows));
        list->count = n;
    }
    return list->rows + id;
}

/* A worker's first connection may be told of before its start is: they come on
 * different rings. */
struct worker *
workers_need(struct model *model, const struct event *event)
{
    const struct listener *listener = listeners_find(&model->listeners, event->listener);
    struct worker *worker;

    if (event->worker == 0)
        return NULL;
    worker = make_room(model, event->worker);
    if (worker->id == 0)
        *worker = (struct worker) {
            .id = event->worker,
            .listener = event->listener,
            .mode = listener == NULL ? 0 : listener->mode,
            .pid = event->pid,
            .tid = event->tid,
            .state = WORKER_STARTED,
            .started_ns = event->stamp_ns,
        };
    return worker;
}

static void
count_start(struct starts *starts, const struct event_worker *change)
{
    if (change->state == WORKER_STARTED)
        starts_add(starts, change->cost_ns);
    else if (change->state == WORKER_EXITED || change->state == WORKER_KILLED)
        starts_end(starts);
}

void
workers_changed(struct model *model, const struct event *event)
{
    const struct event_worker *change = &event->u.worker;
    struct worker *worker = workers_need(model, event);
    struct listener *listener = listeners_find(&model->listeners, event->listener);

    if (event->conn == 0 && (change->state == WORKER_EXITED || change->state == WORKER_KILLED))
        calls_process_ended(model, event->pid);
    if (worker == NULL)
        return;
    if (listener != NULL)
        count_start(listener->starts + STARTED_WORKERS, change);
    worker->state = (uint8_t)change->state;
    worker->status = change->status;
    worker->signal = change->signal;
    if (change->state != WORKER_STARTED)
        return;
    worker->pid = event->pid;
    worker->tid = event->tid;
    worker->started_ns = event->stamp_ns;
    worker->cost_ns = change->cost_ns;
}

const struct worker *
model_worker(const struct model *model, uint32_t id)
{
    return workers_find(&model->workers, id);
}

const struct worker *
model_next_worker(const struct model *model, uint32_t from)
{
    for (size_t id = from; id < model->workers.count; id++)
        if (model->workers.rows[id].id != 0)
            return model->workers.rows + id;
    return NULL;
}
