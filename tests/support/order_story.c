/* order_story.c - see order_story.h. */
#include "config.h"

#include "order_story.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "made_record.h"

enum { CONNS = 5, SHOWN = 8192 };

static struct order order;
static struct order_end ends[CONNS];
static char shown[SHOWN];

struct order *
story_order(void)
{
    return &order;
}

struct order_end *
story_end(uint32_t conn)
{
    return &ends[conn];
}

bool
story_shows_nothing(void)
{
    return shown[0] == '\0';
}

static void
write_down(void *ctx, const struct event *event)
{
    size_t n = strlen(shown);

    (void)ctx;
    assert_true(n < SHOWN - 64);
    n += (size_t)snprintf(shown + n, SHOWN - n, "%s#%u %s", n > 0 ? ", " : "", event->conn,
                          event_infos[event->type].name);
    if (event->type == EVENT_SENT || event->type == EVENT_RECEIVED)
        snprintf(shown + n, SHOWN - n, " %d", (int)event->u.message.bytes);
}

void
story_shows(const char *words)
{
    assert_string_equal(shown, words);
    shown[0] = '\0';
}

void
story_pass(struct event *event)
{
    struct order_end *end = &ends[event->conn];

    if (event->type == EVENT_CLOSED)
        order_leave(&order, end);
    order_pass(&order, end->twin, event);
    if (event->type == EVENT_CLOSED)
        *end = (struct order_end) { 0 };
    test_free(event);
}

void
story_meet(uint32_t conn, const char *peer, const char *local)
{
    struct event *event = record_of_peers(EVENT_ACCEPTED, conn, peer, local);

    order_meet(&order, &ends[conn], event);
    test_free(event);
}

void
story_received(uint32_t conn, uint64_t bytes)
{
    struct event *event = record_new(EVENT_RECEIVED, conn, NULL, 0);

    event->u.message.bytes = bytes;
    ends[conn].in += bytes;
    story_pass(event);
}

void
story_sent(uint32_t conn, uint64_t bytes)
{
    struct event *event = record_new(EVENT_SENT, conn, NULL, 0);

    event->u.message.bytes = bytes;
    ends[conn].out += bytes;
    story_pass(event);
}

void
story_called(uint32_t conn, enum call_name name, int64_t result, uint16_t flags)
{
    struct event *event = record_new(EVENT_CALL, conn, NULL, 0);

    event->u.call.call = name;
    event->u.call.result = result;
    event->flags = flags;
    story_pass(event);
}

void
story_failed(uint32_t conn, int code)
{
    struct event *event = record_new(EVENT_ERROR, conn, NULL, 0);

    event->u.error.code = code;
    story_pass(event);
}

void
story_shut_down(uint32_t conn, enum shutdown_which which)
{
    struct event *event = record_new(EVENT_SHUTDOWN, conn, NULL, 0);

    event->u.shutdown.which = which;
    story_pass(event);
}

void
story_happened(uint32_t conn, enum event_type type)
{
    story_pass(record_new(type, conn, NULL, 0));
}

void
story_let_time_pass(void)
{
    order_expire(&order, clock_mono_ns() + ORDER_HOLD_NS);
}

int
story_setup(void **state)
{
    (void)state;
    shown[0] = '\0';
    memset(ends, 0, sizeof(ends));
    order_init(&order, write_down, NULL);
    story_meet(1, THERE, HERE);
    story_meet(2, HERE, THERE);
    story_meet(3, "192.0.2.1:50001", THERE);
    return 0;
}

int
story_teardown(void **state)
{
    (void)state;
    order_release(&order);
    for (size_t i = 0; i < CONNS; i++)
        order_forget(&order, &ends[i]);
    order_fini(&order);
    return 0;
}
