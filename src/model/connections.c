/* connections.c - what each record does to the row of its connection, and to the
 * sums of its listener, its worker and all. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "model_private.h"

static struct row *
row_of(struct model *model, const struct event *event)
{
    struct connections *list = &model->connections;

    if (list->recent == NULL || list->recent->c.id != event->conn)
        list->recent = connections_find(list, event->conn);
    return list->recent;
}

static struct row *
begin_row(struct model *model, const struct event *event, bool dialled)
{
    struct row *row = connections_add(model, event->conn);
    struct connection *c = &row->c;

    c->listener = event->listener;
    c->worker = event->worker;
    c->pid = event->pid;
    c->tid = event->tid;
    c->dialled = dialled;
    c->begun_ns = event->stamp_ns;
    c->rtt_ns = -1;
    c->started = STARTED_KINDS;
    settings_init(&c->settings);
    model->totals.open++;
    *(dialled ? &model->totals.dialled : &model->totals.accepted) += 1;
    return row;
}

static void
set_addresses(struct row *row, const struct event *event)
{
    snprintf(row->c.peer, sizeof(row->c.peer), "%s", event_peer_text(event));
    snprintf(row->c.local, sizeof(row->c.local), "%s", event_local_text(event));
}

/* Each address that is tried gives a record: only the first begins the row. */
void
connections_dialling(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    if (row == NULL)
        row = begin_row(model, event, true);
    if (row->c.state == CONN_CONNECTING) {
        set_addresses(row, event);
        row->c.active_ns = event->stamp_ns;
    }
}

static void
open_row(struct model *model, struct row *row, const struct event *event)
{
    if (row->c.state != CONN_CONNECTING)
        return;
    set_addresses(row, event);
    row->c.state = CONN_OPEN;
    pair_map_add(&model->connections.pairs, &row->pair, row->c.local, row->c.peer);
}

void
connections_connected(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    if (row == NULL)
        row = begin_row(model, event, true);
    open_row(model, row, event);
}

static enum started
started_by(const struct event *event)
{
    switch (event->u.peer.start_call) {
    case CALL_PTHREAD_CREATE:
        return STARTED_THREADS;
    case CALL_FORK:
        return STARTED_CHILDREN;
    default:
        return STARTED_KINDS;
    }
}

static void
enter_listener(struct listener *listener, struct connection *c, const struct event *event)
{
    listener->accepted++;
    listener->open++;
    if (listener->silent_since_ns != 0)
        listener->silent_since_ns = event->stamp_ns;
    c->started = started_by(event);
    if (c->started != STARTED_KINDS)
        starts_add(listener->starts + c->started, event->u.peer.took_ns);
}

void
connections_accepted(struct model *model, const struct event *event)
{
    struct listener *listener = listeners_find(&model->listeners, event->listener);
    struct worker *worker = workers_need(model, event);
    struct row *row = row_of(model, event);

    if (row != NULL)
        return;
    row = begin_row(model, event, false);
    open_row(model, row, event);
    if (listener != NULL)
        enter_listener(listener, &row->c, event);
    if (worker != NULL) {
        worker->accepted++;
        worker->open++;
        worker->serving = event->conn;
    }
}

void
connections_settings(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    if (row == NULL || event->data_size < sizeof(row->c.settings))
        return;
    memcpy(&row->c.settings, event->data, sizeof(row->c.settings));
    row->c.paused = row->c.settings.paused != 0;
}

void
connections_waits(struct model *model, const struct event *event)
{
    const struct event_waits *waits = &event->u.waits;
    struct row *row = row_of(model, event);

    if (row == NULL)
        return;
    row->c.waits = (uint8_t)waits->running;
    row->c.read_since_ns = waits->read_since_ns;
    row->c.send_since_ns = waits->send_since_ns;
    row->c.active_ns = waits->active_ns;
}

/* Adds bytes in every place that counts them. */
static void
count_bytes(struct model *model, struct row *row, uint64_t in, uint64_t out)
{
    struct worker *worker = row == NULL ? NULL : workers_find(&model->workers, row->c.worker);

    model->totals.in += in;
    model->totals.out += out;
    if (row != NULL) {
        row->c.in += in;
        row->c.out += out;
    }
    if (worker != NULL) {
        worker->in += in;
        worker->out += out;
    }
}

void
connections_received(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    count_bytes(model, row, event->u.message.bytes, 0);
    model->totals.in_messages++;
    if (row != NULL) {
        row->c.in_messages++;
        row->c.read_since_ns = row->c.active_ns = event->stamp_ns;
    }
}

void
connections_sent(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    count_bytes(model, row, 0, event->u.message.bytes);
    model->totals.out_messages++;
    if (row != NULL) {
        row->c.out_messages++;
        row->c.active_ns = event->stamp_ns;
    }
}

void
connections_ping(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    if (row != NULL && event->u.ping.rtt_ns >= 0)
        row->c.rtt_ns = event->u.ping.rtt_ns;
}

void
connections_eof(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    if (row != NULL && row->c.state != CONN_CLOSED)
        row->c.state = CONN_PEER_CLOSED;
}

void
connections_shutdown(struct model *model, const struct event *event)
{
    struct row *row = row_of(model, event);

    if (row == NULL || event->u.shutdown.which == SHUTDOWN_READ)
        return;
    row->c.write_is_shut = true;
    if (row->c.state == CONN_OPEN)
        row->c.state = CONN_WE_CLOSED;
}

static uint64_t
missing(uint64_t exact, uint64_t counted)
{
    return exact > counted ? exact - counted : 0;
}

static void
leave_owners(struct model *model, const struct connection *c)
{
    struct listener *listener = listeners_find(&model->listeners, c->listener);
    struct worker *worker = workers_find(&model->workers, c->worker);

    if (!c->dialled && listener != NULL && listener->open > 0)
        listener->open--;
    if (listener != NULL && c->started != STARTED_KINDS)
        starts_end(listener->starts + c->started);
    if (worker == NULL || worker->open == 0)
        return;
    worker->open--;
    if (worker->serving == c->id)
        worker->serving = worker->open == 0 ? 0
                          : connections_newest_of(&model->connections, c->worker);
}

/* The verdict carries the exact sums: what single records could not bring is made
 * up for here. */
void
connections_closed(struct model *model, const struct event *event)
{
    const struct event_closed *closed = &event->u.closed;
    struct row *row = row_of(model, event);

    if (row == NULL || row->c.state == CONN_CLOSED)
        return;
    count_bytes(model, row, missing(closed->in, row->c.in), missing(closed->out, row->c.out));
    pair_map_remove(&model->connections.pairs, &row->pair);
    row->c.state = CONN_CLOSED;
    row->c.closed = *closed;
    row->c.never_open = (event->flags & EVENT_NEVER_OPEN) != 0;
    row->c.closed_ns = event->stamp_ns;
    model->totals.open--;
    model->totals.closed++;
    leave_owners(model, &row->c);
    connections_retire(&model->connections, row);
}

size_t
model_open_connections(const struct model *model)
{
    return model->totals.open;
}
