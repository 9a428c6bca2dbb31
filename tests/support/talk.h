/* talk.h - one conversation under test: a real socket pair over loopback, a real ring,
 * and a time that the test moves.
 *
 * The given time lies far ahead of the clock, so that stamps and waits are exactly
 * what the test says. Readiness is real: talk_settle polls as an owner would.
 * Every function fails the test when something takes longer than TALK_PATIENCE_MS. */
#ifndef SOCKDECK_TESTS_TALK_H
#define SOCKDECK_TESTS_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/event/ring.h"
#include "sockdeck/net/address.h"
#include "sockdeck/serve/context.h"
#include "sockdeck/serve/conversation.h"
#include "sockdeck/serve/request.h"

/* TALK_SMALL: for talk_accept, buffers that a few sends fill. */
enum { TALK_PATIENCE_MS = 10000, TALK_CONN = 7, TALK_SMALL = 4096 };

#define SECONDS(n) (INT64_C(1000000000) * (n))

struct talk {
    struct arena *arena;
    struct ring_writer writer;
    struct context ctx;
    struct conversation c;
    bool has_conversation;
    int listener;               /* plain socket */
    struct address address;     /* of listener */
    int peer;                   /* plain socket, the other end; -1: none */
    int64_t now_ns;
    struct event **records;     /* published; those from next on not yet looked at */
    size_t next, count, capacity;
    struct event_waits waits;   /* the newest: these records are kept apart */
};

/* cmocka setup and teardown: *state is a fresh talk with a listening socket. */
int talk_setup(void **state);
int talk_teardown(void **state);
#define TALK(test) cmocka_unit_test_setup_teardown(test, talk_setup, talk_teardown)

/* The conversation is accepted from peer, or dialled to it; the records of that are
 * consumed. buffers: SO_SNDBUF and SO_RCVBUF of both ends, 0: the system's. */
void talk_accept(struct talk *talk, const struct settings *settings, int buffers);
void talk_dial(struct talk *talk, const struct settings *settings);
struct settings talk_settings(void);    /* the defaults */

/* Turns until nothing is ready and no deadline has passed. Many turns without any
 * record or byte are a busy loop and fail. */
void talk_settle(struct talk *talk);
void talk_pass(struct talk *talk, int64_t ns);          /* moves the time, then settles */
void talk_turn(struct talk *talk, short revents);       /* exactly one advance */
/* Settles, waiting for readiness, until a record of the type is there. */
void talk_wait(struct talk *talk, enum event_type type);
/* Until the descriptor has any of these events. */
void talk_wait_ready(struct talk *talk, short events);

/* The next record, which must be of that type. */
const struct event *talk_expect(struct talk *talk, enum event_type type);
void talk_expect_nothing(struct talk *talk);
/* Skips records of the type; returns the sum of their bytes. */
uint64_t talk_skip_messages(struct talk *talk, enum event_type type);
void talk_expect_message(struct talk *talk, enum event_type type, const char *text);
void talk_expect_reply(struct talk *talk, uint32_t request, int code, uint32_t status);
void talk_expect_closed(struct talk *talk, enum closed_by by, enum closed_how how,
                        uint32_t fate);
void talk_expect_error(struct talk *talk, enum call_name call, int code,
                       enum severity severity);

void talk_ask(struct talk *talk, const struct request *request, const char *data);
void talk_ask_simple(struct talk *talk, enum request_type type, uint32_t id);
void talk_ask_send(struct talk *talk, uint32_t id, const char *data, size_t n);
void talk_ask_shutdown(struct talk *talk, uint32_t id, enum shutdown_which which);
void talk_ask_cancel(struct talk *talk, uint32_t id, uint32_t target);
void talk_change(struct talk *talk, uint32_t bits, const struct settings *values);

/* The defaults but for that handler; but for that limit, and the same as a change. */
struct settings talk_with_handler(enum handler_id handler);
struct settings talk_with_limit(enum timeout_kind kind, int64_t limit_ns);
void talk_change_limit(struct talk *talk, enum timeout_kind kind, int64_t limit_ns);
void talk_expect_timeout(struct talk *talk, enum timeout_kind kind, int64_t limit_ns,
                         int64_t after_ns, bool closes);
/* Waits for the end of file, which is the next record then. */
void talk_expect_eof(struct talk *talk);
/* The peer sends that, and it is received as one message. */
void talk_receive(struct talk *talk, const char *text);

void peer_send(struct talk *talk, const char *text);
void peer_expect(struct talk *talk, const char *text);
size_t peer_read_all(struct talk *talk, size_t n);      /* n bytes, or to the end */
void peer_fin(struct talk *talk);
void peer_close(struct talk *talk);
void peer_reset(struct talk *talk);

#endif
