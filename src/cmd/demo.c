/* demo.c - the steps of the tour. */
#include "config.h"

#include "sockdeck/cmd/demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/model/model.h"

const struct demo_step demo_steps[] = {
    { 0, "listen 0 handler=pong",
      "A server: socket, bind, listen. Port 0 takes a free one. It waits in accept.", 0 },
    { 8, "connect $P",
      "A client: the kernel shakes hands, and accept gives the server a new socket.", 100 },
    { 20, "ping $C count=5 interval=500ms",
      "Four bytes there, four back: one send and one recv each, and a time for both.", 0 },
    { 40, "calls on",
      "The lens: each system call as it is made, by process, with its result.", 0 },
    { 45, "ping $C", "One ping is send, recv, send, recv. There is nothing else to a network.", 100 },
    { 56, "calls off", "The lens is off again.", 0 },
    { 60, "connect $P",
      "serial serves one at a time: this client is connected, but not accepted.", 400 },
    { 80, "mode $L threads",
      "A thread for each connection: the client that waited is accepted at once.", 300 },
    { 100, "ping $C; timeout $C read 3s",
      "A read timeout: waiting for bytes may take 3 s; Connections counts it down.", 3300 },
    { 120, "hole", "A black hole: its accept queue is full, so that a connect is not answered.", 0 },
    { 126, "connect $B connect-timeout=2s",
      "A connect timeout: no answer to the SYN within 2 s, and the attempt fails.", 0 },
    { 140, "mode $L prefork workers=3",
      "Three processes, forked beforehand, all blocked in accept on the same socket.", 100 },
    { 148, "connect $P count=6",
      "Six clients: three are served, each by a process of its own; three wait.", 400 },
    { 154, "show workers", "Their pids, what each has accepted, and what it costs.", 0 },
    { 165, "", "Everything stays open: your turn. Try explain, or kill W1.", 0 },
};

const size_t demo_step_count = sizeof(demo_steps) / sizeof(demo_steps[0]);

const char *const demo_ending[] = { "close @out", "close $L", "close $H", NULL };

void
demo_init(struct demo *demo, struct model *model)
{
    const struct connection *conn;
    const struct listener *listener;

    *demo = (struct demo) { 0 };
    model_lock(model);
    while ((listener = model_next_listener(model, demo->last_listener + 1)) != NULL)
        demo->last_listener = listener->id;
    while ((conn = model_next_connection(model, demo->last_conn + 1)) != NULL)
        demo->last_conn = conn->id;
    model_unlock(model);
}

/* The tour's first listener that is open: the server, or the black hole. */
static const struct listener *
find_listener(const struct demo *demo, const struct model *model, bool is_hole)
{
    const struct listener *row;

    for (uint32_t id = demo->last_listener + 1; (row = model_next_listener(model, id)) != NULL;
         id = row->id + 1u)
        if (!row->stopped && row->is_hole == is_hole)
            return row;
    return NULL;
}

static const struct connection *
find_client(const struct demo *demo, const struct model *model)
{
    const struct connection *row;

    for (uint32_t id = demo->last_conn + 1; (row = model_next_connection(model, id)) != NULL;
         id = row->id + 1)
        if (row->dialled && row->state != CONN_CLOSED)
            return row;
    return NULL;
}

static const char *
port_of(const struct listener *listener)
{
    const char *colon = strrchr(listener->address, ':');

    return colon != NULL ? colon + 1 : listener->address;
}

/* The word that a name stands for; false: its object is gone. */
static bool
write_name(const struct demo *demo, const struct model *model, char name, char *buf, size_t size)
{
    bool is_hole = name == 'H' || name == 'B';
    const struct listener *listener = find_listener(demo, model, is_hole);
    const struct connection *client = find_client(demo, model);

    if (name == 'C' && client != NULL)
        snprintf(buf, size, "#%u", client->id);
    else if ((name == 'L' || name == 'H') && listener != NULL)
        snprintf(buf, size, "L%u", listener->id);
    else if ((name == 'P' || name == 'B') && listener != NULL)
        snprintf(buf, size, "%.8s", port_of(listener));
    else
        return false;
    return true;
}

static const char *
name_words(char name)
{
    switch (name) {
    case 'C': return "client";
    case 'H':
    case 'B': return "black hole";
    default: return "server";
    }
}

int
demo_expand(const struct demo *demo, struct model *model, const char *command,
            char buf[static DEMO_LINE], struct error *err)
{
    size_t n = 0;
    int code = 0;

    model_lock(model);
    for (const char *p = command; *p != '\0' && n + 32 < DEMO_LINE && code == 0; p++) {
        if (*p != '$') {
            buf[n++] = *p;
            continue;
        }
        if (!write_name(demo, model, *++p, buf + n, 32))
            code = error_set(err, -ENOENT, "the tour's %s is gone", name_words(*p));
        else
            n += strlen(buf + n);
    }
    model_unlock(model);
    buf[n] = '\0';
    return code;
}
