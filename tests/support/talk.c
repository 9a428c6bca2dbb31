/* talk.c - one conversation under test. */
#include "config.h"

#include "test.h"

#include "talk.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/net/socket.h"

enum { TURNS_WITHOUT_EFFECT = 20 };

int
talk_setup(void **state)
{
    const struct endpoint endpoint = { .host = "127.0.0.1" };
    struct talk *talk = calloc(1, sizeof(*talk));

    assert_non_null(talk);
    assert_int_equal(arena_open(&talk->arena, 0, NULL), 0);
    ring_writer_init(&talk->writer, talk->arena, arena_take_ring(talk->arena, RING_LARGE));
    context_init(&talk->ctx, &talk->writer, 1, 2, 3);
    assert_int_equal(endpoint_address(&endpoint, &talk->address), 0);
    talk->listener = socket_listen(NULL, &talk->address, 8, &(enum call_name) { CALL_NONE }, NULL);
    assert_true(talk->listener >= 0);
    talk->peer = -1;
    talk->now_ns = clock_mono_ns() + SECONDS(100000);
    *state = talk;
    return 0;
}

int
talk_teardown(void **state)
{
    struct talk *talk = *state;

    if (talk->has_conversation)
        conversation_fini(&talk->c, &talk->ctx);
    if (talk->peer != -1)
        close(talk->peer);
    if (talk->listener != -1)
        close(talk->listener);
    context_fini(&talk->ctx);
    arena_close(talk->arena);
    for (size_t i = 0; i < talk->count; i++)
        free(talk->records[i]);
    free(talk->records);
    free(talk);
    return 0;
}

struct settings
talk_settings(void)
{
    struct settings settings;

    settings_init(&settings);
    return settings;
}

/* --- beginning -------------------------------------------------------------------- */

static void
set_buffers(int fd, int bytes)
{
    if (bytes == 0)
        return;
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)), 0);
}

void
talk_accept(struct talk *talk, const struct settings *settings, int buffers)
{
    const int on = 1;
    struct accepted client = { .id = TALK_CONN, .stamp_ns = talk->now_ns };

    talk->peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(talk->peer >= 0);
    set_buffers(talk->peer, buffers);
    assert_int_equal(setsockopt(talk->peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), 0);
    assert_int_equal(connect(talk->peer, &talk->address.u.any, talk->address.length), 0);
    client.fd = socket_accept(NULL, talk->listener, &client.peer);
    assert_true(client.fd >= 0);
    set_buffers(client.fd, buffers);
    conversation_accept(&talk->c, &talk->ctx, &client, settings);
    talk->has_conversation = true;
    talk_expect(talk, EVENT_ACCEPTED);
    talk_expect(talk, EVENT_SETTINGS);
}

void
talk_dial(struct talk *talk, const struct settings *settings)
{
    conversation_dial(&talk->c, &talk->ctx, TALK_CONN, &talk->address, 1, NULL, settings, 0,
                      talk->now_ns);
    talk->has_conversation = true;
    talk->peer = accept4(talk->listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(talk->peer >= 0);
    talk_wait(talk, EVENT_CONNECTED);
    talk_expect(talk, EVENT_CONNECTING);
    talk_expect(talk, EVENT_SETTINGS);
    talk_expect(talk, EVENT_CONNECTED);
}

/* --- turns ------------------------------------------------------------------------- */

static void
keep_record(void *ctx, struct ring *ring, const struct event *event)
{
    struct talk *talk = ctx;
    struct event *copy;

    (void)ring;
    if (event->type == EVENT_WAITS) {
        talk->waits = event->u.waits;
        return;
    }
    copy = malloc(event->size);
    assert_non_null(copy);
    memcpy(copy, event, event->size);
    if (talk->count == talk->capacity) {
        talk->capacity = talk->capacity * 2 + 64;
        talk->records = realloc(talk->records, talk->capacity * sizeof(struct event *));
        assert_non_null(talk->records);
    }
    talk->records[talk->count++] = copy;
}

static void
drain(struct talk *talk)
{
    while (arena_drain(talk->arena, talk->now_ns, keep_record, talk) > 0)
        ;
}

static short
readiness(const struct talk *talk, short events, int timeout_ms)
{
    struct pollfd pollfd = { .fd = talk->c.fd, .events = events };

    return poll(&pollfd, 1, timeout_ms) == 1 ? pollfd.revents : 0;
}

void
talk_wait_ready(struct talk *talk, short events)
{
    assert_true(readiness(talk, events, TALK_PATIENCE_MS) & events);
}

void
talk_turn(struct talk *talk, short revents)
{
    conversation_advance(&talk->c, &talk->ctx, revents, talk->now_ns);
    drain(talk);
}

static uint64_t
effects(const struct talk *talk)
{
    return talk->count + talk->c.in + talk->c.out;
}

void
talk_settle(struct talk *talk)
{
    int useless = 0;

    while (useless < TURNS_WITHOUT_EFFECT) {
        struct wants wants = conversation_wants(&talk->c);
        uint64_t before = effects(talk);
        short revents;

        if (wants.ended)
            return;
        revents = readiness(talk, wants.events, 0);
        if (revents == 0 && wants.deadline_ns > talk->now_ns)
            return;
        talk_turn(talk, revents);
        useless = effects(talk) == before ? useless + 1 : 0;
    }
    fail_msg("a busy loop: %d turns did nothing", TURNS_WITHOUT_EFFECT);
}

void
talk_pass(struct talk *talk, int64_t ns)
{
    talk->now_ns += ns;
    talk_settle(talk);
}

static bool
has_record(const struct talk *talk, enum event_type type)
{
    for (size_t i = talk->next; i < talk->count; i++)
        if (talk->records[i]->type == type)
            return true;
    return false;
}

void
talk_wait(struct talk *talk, enum event_type type)
{
    int64_t end = clock_mono_ns() + TALK_PATIENCE_MS * NS_PER_MS;

    drain(talk);
    talk_settle(talk);
    while (!has_record(talk, type)) {
        struct wants wants = conversation_wants(&talk->c);

        if (wants.ended || clock_mono_ns() > end)
            fail_msg("no record of %s", event_infos[type].name);
        readiness(talk, wants.events, 10);
        talk_settle(talk);
    }
}

/* --- records ----------------------------------------------------------------------- */

const struct event *
talk_expect(struct talk *talk, enum event_type type)
{
    const struct event *event;

    drain(talk);
    if (talk->next == talk->count)
        fail_msg("nothing, where %s is expected", event_infos[type].name);
    event = talk->records[talk->next++];
    if (event->type != type)
        fail_msg("%s, where %s is expected", event_infos[event->type].name,
                 event_infos[type].name);
    if (type != EVENT_REPLY) {
        assert_int_equal(event->conn, TALK_CONN);
        assert_int_equal((event->flags & EVENT_DIALLED) != 0, talk->c.is_dialled);
    }
    return event;
}

void
talk_expect_nothing(struct talk *talk)
{
    drain(talk);
    if (talk->next < talk->count)
        fail_msg("%s, where nothing is expected",
                 event_infos[talk->records[talk->next]->type].name);
}

uint64_t
talk_skip_messages(struct talk *talk, enum event_type type)
{
    uint64_t sum = 0;

    drain(talk);
    while (talk->next < talk->count && talk->records[talk->next]->type == type)
        sum += talk->records[talk->next++]->u.message.bytes;
    return sum;
}

void
talk_expect_message(struct talk *talk, enum event_type type, const char *text)
{
    const struct event *event = talk_expect(talk, type);

    assert_int_equal(event->u.message.bytes, strlen(text));
    assert_int_equal(event->data_size, strlen(text));
    assert_memory_equal(event->data, text, strlen(text));
}

void
talk_expect_reply(struct talk *talk, uint32_t request, int code, uint32_t status)
{
    const struct event_reply *reply = &talk_expect(talk, EVENT_REPLY)->u.reply;

    assert_int_equal(reply->request, request);
    assert_int_equal(reply->code, code);
    assert_int_equal(reply->status, status);
}

void
talk_expect_closed(struct talk *talk, enum closed_by by, enum closed_how how, uint32_t fate)
{
    const struct event_closed *closed = &talk_expect(talk, EVENT_CLOSED)->u.closed;

    assert_string_equal(event_by_names[closed->by], event_by_names[by]);
    assert_string_equal(event_how_names[closed->how], event_how_names[how]);
    assert_int_equal(closed->fate, fate);
    assert_int_equal(closed->in, talk->c.in);
    assert_int_equal(closed->out, talk->c.out);
    assert_true(conversation_wants(&talk->c).ended);
    assert_int_equal(talk->c.fd, -1);
}

void
talk_expect_error(struct talk *talk, enum call_name call, int code, enum severity severity)
{
    const struct event_error *error = &talk_expect(talk, EVENT_ERROR)->u.error;

    assert_string_equal(event_call_names[error->call], event_call_names[call]);
    assert_int_equal(error->code, code);
    assert_int_equal(error->severity, severity);
    assert_int_equal(error->would_block, code == EAGAIN || code == EINPROGRESS);
}

/* --- requests ---------------------------------------------------------------------- */

void
talk_ask(struct talk *talk, const struct request *request, const char *data)
{
    conversation_request(&talk->c, &talk->ctx, request, data, talk->now_ns);
    drain(talk);
}

void
talk_ask_simple(struct talk *talk, enum request_type type, uint32_t id)
{
    const struct request request = { .type = type, .id = id, .conn = TALK_CONN };

    talk_ask(talk, &request, NULL);
}

void
talk_ask_send(struct talk *talk, uint32_t id, const char *data, size_t n)
{
    const struct request request = {
        .type = REQUEST_SEND, .id = id, .conn = TALK_CONN, .data_size = (uint32_t)n,
    };

    talk_ask(talk, &request, data);
}

void
talk_ask_shutdown(struct talk *talk, uint32_t id, enum shutdown_which which)
{
    const struct request request = {
        .type = REQUEST_SHUTDOWN, .id = id, .conn = TALK_CONN, .u.shutdown.which = which,
    };

    talk_ask(talk, &request, NULL);
}

void
talk_ask_cancel(struct talk *talk, uint32_t id, uint32_t target)
{
    const struct request request = {
        .type = REQUEST_CANCEL, .id = id, .conn = TALK_CONN, .u.cancel.request = target,
    };

    talk_ask(talk, &request, NULL);
}

void
talk_change(struct talk *talk, uint32_t bits, const struct settings *values)
{
    const struct request request = {
        .type = REQUEST_SETTINGS, .id = 99, .conn = TALK_CONN,
        .u.settings = { .bits = bits, .values = *values },
    };
    struct settings now;

    talk_ask(talk, &request, NULL);
    memcpy(&now, talk_expect(talk, EVENT_SETTINGS)->data, sizeof(now));
    assert_memory_equal(&now, &talk->c.settings, sizeof(now));
    talk_expect_reply(talk, 99, 0, 0);
}

/* --- the peer ---------------------------------------------------------------------- */

void
peer_send(struct talk *talk, const char *text)
{
    assert_int_equal(send(talk->peer, text, strlen(text), 0), strlen(text));
}

void
peer_expect(struct talk *talk, const char *text)
{
    char buf[4096];
    size_t n = strlen(text);

    assert_int_equal(recv(talk->peer, buf, n, MSG_WAITALL), n);
    assert_memory_equal(buf, text, n);
}

size_t
peer_read_all(struct talk *talk, size_t n)
{
    int64_t end = clock_mono_ns() + TALK_PATIENCE_MS * NS_PER_MS;
    char buf[65536];
    size_t sum = 0;

    while (sum < n) {
        size_t size = n - sum < sizeof(buf) ? n - sum : sizeof(buf);
        ssize_t got = recv(talk->peer, buf, size, MSG_DONTWAIT);

        if (got == 0)
            break;
        if (got < 0)
            assert_int_equal(errno, EAGAIN);
        sum += got > 0 ? (size_t)got : 0;
        assert_true(clock_mono_ns() < end);
        talk_settle(talk);
    }
    return sum;
}

void
peer_fin(struct talk *talk)
{
    assert_int_equal(shutdown(talk->peer, SHUT_WR), 0);
}

void
peer_close(struct talk *talk)
{
    close(talk->peer);
    talk->peer = -1;
}

void
peer_reset(struct talk *talk)
{
    const struct linger linger = { .l_onoff = 1, .l_linger = 0 };

    assert_int_equal(setsockopt(talk->peer, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
    peer_close(talk);
}

/* --- settings ----------------------------------------------------------------------- */

struct settings
talk_with_limit(enum timeout_kind kind, int64_t limit_ns)
{
    struct settings settings = talk_settings();

    settings.timeout_ns[kind] = limit_ns;
    return settings;
}

struct settings
talk_with_handler(enum handler_id handler)
{
    struct settings settings = talk_settings();

    settings.handler = (uint8_t)handler;
    return settings;
}

void
talk_expect_eof(struct talk *talk)
{
    talk_wait(talk, EVENT_EOF);
    talk_expect(talk, EVENT_EOF);
}

void
talk_expect_timeout(struct talk *talk, enum timeout_kind kind, int64_t limit_ns, int64_t after_ns,
               bool closes)
{
    const struct event_timeout *timeout = &talk_expect(talk, EVENT_TIMEOUT)->u.timeout;

    assert_int_equal(timeout->kind, kind);
    assert_int_equal(timeout->limit_ns, limit_ns);
    assert_int_equal(timeout->after_ns, after_ns);
    assert_int_equal(timeout->closes, closes);
}

void
talk_change_limit(struct talk *talk, enum timeout_kind kind, int64_t limit_ns)
{
    const struct settings values = talk_with_limit(kind, limit_ns);

    talk_change(talk, 1u << kind, &values);
}

void
talk_receive(struct talk *talk, const char *text)
{
    peer_send(talk, text);
    talk_wait(talk, EVENT_RECEIVED);
    talk_expect_message(talk, EVENT_RECEIVED, text);
}
