/* test_order_histories.c - order, under histories that could have been: one thread dials
 * all clients, some workers serve them one after another. Each thread publishes what it
 * did after it has done it, at any moment before it does the next thing. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_record.h"
#include "sockdeck/event/order.h"

enum { HISTORIES = 300, CLIENTS = 24, WORKERS = 3, THREADS = WORKERS + 1, DIALLER = WORKERS,
       CONNS = 2 * CLIENTS + 1 };

#define SERVER "127.0.0.1:80"

/* One end of a connection; clients are odd, who serves #N is #N+1. */
struct side {
    int thread;
    bool is_open, has_ended, has_eof;
    uint64_t in, out;
    uint32_t before;            /* that its worker served before, 0: none */
};

static struct side happened[CONNS], shown[CONNS];
static struct order order;
static struct order_end ends[CONNS];
static struct event *unpublished[THREADS];
static uint32_t newest[WORKERS];        /* of each worker, as order was told */
static uint32_t served[WORKERS];        /* of each worker, as happened */
static unsigned seed;
static size_t passed, seen, held;

static int
up_to(int n)
{
    return rand_r(&seed) % n;
}

static uint32_t
other(uint32_t conn)
{
    return conn % 2 == 1 ? conn + 1 : conn - 1;
}

/* --- what is shown ------------------------------------------------------------------------ */

static void
check(void *ctx, const struct event *event)
{
    struct side *side = &shown[event->conn];
    const struct side *peer = &shown[other(event->conn)];

    (void)ctx;
    seen++;
    if (event->type == EVENT_ACCEPTED || event->type == EVENT_CONNECTED) {
        assert_false(shown[happened[event->conn].before].is_open);
        side->is_open = true;
    }
    assert_true(side->is_open);
    switch (event->type) {
    case EVENT_SENT:
        side->out += event->u.message.bytes;
        break;
    case EVENT_RECEIVED:
        side->in += event->u.message.bytes;
        assert_true(side->in <= peer->out);
        break;
    case EVENT_EOF:
        assert_true(peer->has_ended);
        break;
    case EVENT_CLOSED:
        side->is_open = false;
        side->has_ended = true;
        break;
    case EVENT_SHUTDOWN:
        side->has_ended = true;
        break;
    default:
        break;
    }
}

/* --- what the collector does --------------------------------------------------------------- */

static void
meet(struct order_end *end, const struct event *event)
{
    const int thread = happened[event->conn].thread;

    order_meet(&order, end, event);
    if (thread == DIALLER)
        return;
    order_follow(&order, end, newest[thread]);
    newest[thread] = event->conn;
}

static void
publish(int thread)
{
    struct event *event = unpublished[thread];
    struct order_end *end;
    struct twin *twin;

    if (event == NULL)
        return;
    end = &ends[event->conn];
    if (event->type == EVENT_ACCEPTED || event->type == EVENT_CONNECTED)
        meet(end, event);
    end->in += event->type == EVENT_RECEIVED ? event->u.message.bytes : 0;
    end->out += event->type == EVENT_SENT ? event->u.message.bytes : 0;
    end->has_ended |= event->type == EVENT_SHUTDOWN;
    twin = end->twin;
    if (event->type == EVENT_CLOSED) {
        order_leave(&order, end);
        *end = (struct order_end) { 0 };
    }
    order_pass(&order, twin, event);
    passed++;
    held += order_is_holding(&order);
    test_free(event);
    unpublished[thread] = NULL;
}

/* --- what happens --------------------------------------------------------------------------- */

static void
did(uint32_t conn, struct event *event)
{
    publish(happened[conn].thread);
    unpublished[happened[conn].thread] = event;
}

static void
begin(enum event_type type, uint32_t conn, int thread)
{
    char client[32];

    snprintf(client, sizeof(client), "127.0.0.1:%u", 50000 + (conn + 1) / 2);
    happened[conn].thread = thread;
    happened[conn].is_open = true;
    did(conn, thread == DIALLER ? record_of_peers(type, conn, SERVER, client)
                                : record_of_peers(type, conn, client, SERVER));
}

static void
accept_client(uint32_t conn)
{
    const int worker = up_to(WORKERS);

    if (happened[served[worker]].is_open)
        return;
    happened[conn].before = served[worker];
    served[worker] = conn;
    begin(EVENT_ACCEPTED, conn, worker);
}

static void
move_bytes(enum event_type type, uint32_t conn, uint64_t bytes)
{
    struct event *event = record_new(type, conn, NULL, 0);

    event->u.message.bytes = bytes;
    *(type == EVENT_SENT ? &happened[conn].out : &happened[conn].in) += bytes;
    did(conn, event);
}

static void
receive(uint32_t conn)
{
    struct side *side = &happened[conn];
    const struct side *peer = &happened[other(conn)];

    if (peer->out > side->in) {
        move_bytes(EVENT_RECEIVED, conn, 1 + (uint64_t)up_to((int)(peer->out - side->in)));
    } else if (peer->has_ended && !side->has_eof) {
        side->has_eof = true;
        did(conn, record_new(EVENT_EOF, conn, NULL, 0));
    }
}

static void
end(enum event_type type, uint32_t conn)
{
    struct event *event = record_new(type, conn, NULL, 0);

    if (type == EVENT_SHUTDOWN)
        event->u.shutdown.which = SHUTDOWN_WRITE;
    happened[conn].has_ended = true;
    happened[conn].is_open = type != EVENT_CLOSED;
    did(conn, event);
}

static void
act(uint32_t conn)
{
    const int what = up_to(24);

    if (what < 10)
        receive(conn);
    else if (what < 20 && !happened[conn].has_ended)
        move_bytes(EVENT_SENT, conn, 1 + (uint64_t)up_to(9));
    else if (what == 20 && !happened[conn].has_ended)
        end(EVENT_SHUTDOWN, conn);
    else if (what >= 21 || happened[conn].has_eof)
        end(EVENT_CLOSED, conn);
}

/* The dialler, or the workers, may do nothing for a while. Clients come one by one; those that
 * wait may have sent, and have ended, before they are accepted. One that closes then is
 * accepted by nobody. */
static void
live(void)
{
    enum { WORKERS_ONLY, DIALLER_ONLY, ANYBODY, STEPS = 2000 * CLIENTS };
    uint32_t clients = 0;
    uint32_t who = ANYBODY;

    for (int step = 0; step < STEPS; step++) {
        uint32_t conn = 1 + (uint32_t)up_to(CONNS - 1);

        if (up_to(256) == 0)
            who = (uint32_t)up_to(ANYBODY + 1);
        if (up_to(128) == 0)
            publish(up_to(THREADS));
        if (who != ANYBODY && conn % 2 != who)
            continue;
        if (happened[conn].is_open)
            act(conn);
        else if (conn % 2 == 0 && happened[conn - 1].is_open && !happened[conn].has_ended)
            accept_client(conn);
        else if (clients < CLIENTS && step % 8 == 0)
            begin(EVENT_CONNECTED, 2 * clients++ + 1, DIALLER);
    }
    for (uint32_t conn = 1; conn < CONNS; conn++)
        if (happened[conn].is_open)
            end(EVENT_CLOSED, conn);
}

static void
what_is_shown_could_have_been_seen(void **state)
{
    (void)state;
    for (unsigned history = 1; history <= HISTORIES; history++) {
        seed = history;
        passed = seen = 0;
        memset(happened, 0, sizeof(happened));
        memset(shown, 0, sizeof(shown));
        memset(newest, 0, sizeof(newest));
        memset(served, 0, sizeof(served));
        order_init(&order, check, NULL);
        live();
        for (int thread = 0; thread < THREADS; thread++)
            publish(thread);
        assert_false(order_is_holding(&order));         /* nobody waits for what is there */
        assert_int_equal(order.held_bytes, 0);
        assert_int_equal(seen, passed);
        assert_true(passed > 4 * CLIENTS);
        order_fini(&order);
    }
    assert_true(held > HISTORIES);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_could_have_been_seen),
    };

    return cmocka_run_group_tests_name("order histories", tests, NULL, NULL);
}
