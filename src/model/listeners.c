/* listeners.c - the rows of listeners. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/serve/mode.h"

#include "model_private.h"

struct listener *
listeners_find(const struct listeners *list, uint32_t id)
{
    return id < list->count && list->rows[id].id != 0 ? list->rows + id : NULL;
}

static struct listener *
need_listener(struct model *model, uint16_t id)
{
    struct listeners *list = &model->listeners;

    if (id >= list->count) {
        size_t n = ((size_t)id + 8) & ~(size_t)7;

        n = n > id ? n : (size_t)id + 1;
        list->rows = model_grow(model, list->rows, n * sizeof(*list->rows));
        memset(list->rows + list->count, 0, (n - list->count) * sizeof(*list->rows));
        list->count = n;
    }
    return list->rows + id;
}

const char *
model_mode_name(uint32_t mode)
{
    return mode < mode_count ? modes[mode]->name : "hole";
}

static bool
is_wildcard(const char *address)
{
    return strncmp(address, "0.0.0.0:", 8) == 0 || strncmp(address, "[::]:", 5) == 0;
}

void
listeners_listening(struct model *model, const struct event *event)
{
    const struct event_listening *listening = &event->u.listening;
    struct listener *listener;

    if (event->listener == 0)
        return;
    listener = need_listener(model, event->listener);
    if (listener->id == 0) {
        listener->id = event->listener;
        settings_init(&listener->settings);
        model->listeners.open++;
    }
    listener->is_hole = listening->mode >= mode_count;
    listener->mode = listening->mode;
    listener->workers = listening->workers;
    listener->backlog = listening->backlog;
    listener->queue.limit = listening->backlog;
    snprintf(listener->address, sizeof(listener->address), "%.*s",
             (int)strnlen(event->data, event->data_size), event->data);
    listener->wildcard = is_wildcard(listener->address);
}

void
listeners_stopped(struct model *model, const struct event *event)
{
    struct listener *listener = listeners_find(&model->listeners, event->listener);

    if (listener == NULL || listener->stopped)
        return;
    listener->stopped = true;
    listener->queue.waiting = 0;
    model->listeners.open--;
}

void
listeners_mode(struct model *model, const struct event *event)
{
    struct listener *listener = listeners_find(&model->listeners, event->listener);

    if (listener == NULL)
        return;
    listener->mode = event->u.mode.to;
    listener->workers = event->u.mode.workers;
}

void
listeners_queue(struct model *model, const struct event *event)
{
    struct listener *listener = listeners_find(&model->listeners, event->listener);

    if (listener == NULL)
        return;
    listener->queue.waiting = event->u.queue.waiting;
    listener->queue.limit = event->u.queue.limit;
}

void
listeners_settings(struct model *model, const struct event *event)
{
    struct listener *listener = listeners_find(&model->listeners, event->listener);

    if (listener != NULL && event->data_size >= sizeof(listener->settings))
        memcpy(&listener->settings, event->data, sizeof(listener->settings));
}

void
listeners_waits(struct model *model, const struct event *event)
{
    struct listener *listener = listeners_find(&model->listeners, event->listener);
    const struct event_waits *waits = &event->u.waits;

    if (listener != NULL)
        listener->silent_since_ns = waits->running & 1u << TIMEOUT_ACCEPT ? waits->active_ns : 0;
}

void
starts_add(struct starts *starts, int64_t cost_ns)
{
    if (starts->total == 0 || cost_ns < starts->min_ns)
        starts->min_ns = cost_ns;
    if (cost_ns > starts->max_ns)
        starts->max_ns = cost_ns;
    starts->sum_ns += cost_ns;
    starts->total++;
    starts->live++;
}

void
starts_end(struct starts *starts)
{
    if (starts->live > 0)
        starts->live--;
}

const struct listener *
model_listener(const struct model *model, uint32_t id)
{
    return listeners_find(&model->listeners, id);
}

const struct listener *
model_next_listener(const struct model *model, uint32_t from)
{
    for (size_t id = from; id < model->listeners.count; id++)
        if (model->listeners.rows[id].id != 0)
            return model->listeners.rows + id;
    return NULL;
}

size_t
model_open_listeners(const struct model *model)
{
    return model->listeners.open;
}

static bool
same_port(const char *a, const char *b)
{
    const char *port_a = strrchr(a, ':'), *port_b = strrchr(b, ':');

    return port_a != NULL && port_b != NULL && strcmp(port_a, port_b) == 0;
}

/* A wildcard listener is surely ours on the loopback addresses of its family. */
static bool
takes(const struct listener *listener, const char *address)
{
    const char *loopback = listener->address[0] == '[' ? "[::1]:" : "127.";

    if (strcmp(listener->address, address) == 0)
        return true;
    return listener->wildcard && strncmp(address, loopback, strlen(loopback)) == 0 &&
           same_port(listener->address, address);
}

const struct listener *
model_listener_at(const struct model *model, const char *address)
{
    const struct listener *listener = model_next_listener(model, 1);

    while (listener != NULL && (listener->stopped || !takes(listener, address)))
        listener = model_next_listener(model, listener->id + 1u);
    return listener;
}
