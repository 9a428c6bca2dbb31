/* load_client.c - one connection of a load: connect, send a message, take the reply. */
#include "config.h"

#include <errno.h>
#include <sys/epoll.h>

#include "load_private.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/net/socket.h"

/* A connection that failed is tried again after this. */
#define BACK_OFF_NS (100 * NS_PER_MS)

void
client_close(struct client *client)
{
    if (client->fd >= 0)
        socket_close(NULL, client->fd);
    client->fd = -1;
    client->watched = 0;
}

static void
count_error(struct load_report *report, enum call_name call, int code)
{
    struct load_error *error = report->errors;

    while (error < report->errors + LOAD_ERRORS - 1 && error->count > 0 &&
           (error->call != call || error->code != code))
        error++;
    if (error->count++ == 0) {
        error->call = call;
        error->code = code;
    }
    report->failures++;
}

/* code: errno > 0, or 0 for the peer's end. */
static void
fail(struct load *load, struct client *client, enum call_name call, int code)
{
    count_error(&load->report, call, code);
    client_close(client);
    load->under_way--;
    client->state = CLIENT_RESTING;
    if (heap_set(&load->resting, &client->node, clock_mono_ns() + BACK_OFF_NS) != 0)
        client->state = CLIENT_DONE;
}

/* Watches for what the client waits for now. False: it has failed. */
static bool
watch(struct load *load, struct client *client, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = client };
    int operation = client->watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

    if (events == client->watched)
        return true;
    if (epoll_ctl(load->epoll_fd, operation, client->fd, &event) != 0) {
        fail(load, client, CALL_POLL, errno);
        return false;
    }
    client->watched = events;
    return true;
}

static void
take_reply(struct load *load, struct client *client, int64_t now_ns)
{
    struct load_report *report = &load->report;

    report->replies++;
    report->took_ns = now_ns - load->begun_ns;
    histogram_add(&report->times, now_ns - client->since_ns);
    if (!client->was_served) {
        client->was_served = true;
        report->served++;
        report->served_ns = report->took_ns;
    }
    load->under_way--;
    if (load->plan.reconnects)
        client_close(client);
    load_continue(load, client, now_ns);
}

static void
pull(struct load *load, struct client *client)
{
    while (client->state == CLIENT_TALKING) {
        ssize_t n = socket_recv(NULL, client->fd, load->scratch, LOAD_SCRATCH);

        if (n == -EAGAIN || n == -EINTR)
            return;
        if (n <= 0) {
            fail(load, client, CALL_RECV, (int)-n);
            return;
        }
        load->report.bytes_in += (uint64_t)n;
        client->got += (size_t)n;
        if (client->got >= load->plan.size) {
            take_reply(load, client, clock_mono_ns());
            return;             /* the others first */
        }
    }
}

static void
push(struct load *load, struct client *client)
{
    size_t size = load->plan.size;

    while (client->sent < size) {
        ssize_t n = socket_send(NULL, client->fd, load->message + client->sent,
                                size - client->sent);

        if (n == -EAGAIN || n == -EINTR)
            break;
        if (n < 0) {
            fail(load, client, CALL_SEND, (int)-n);
            return;
        }
        load->report.bytes_out += (uint64_t)n;
        client->sent += (size_t)n;
    }
    watch(load, client, client->sent < size ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void
talk(struct load *load, struct client *client)
{
    client->state = CLIENT_TALKING;
    push(load, client);
}

static void
dial(struct load *load, struct client *client)
{
    enum call_name failed = CALL_NONE;
    int rc;

    client->state = CLIENT_CONNECTING;
    client->fd = socket_dial(NULL, &load->plan.to, NULL, &failed);
    if (client->fd < 0) {
        fail(load, client, failed, -client->fd);
        return;
    }
    rc = socket_connect(NULL, client->fd, &load->plan.to);
    if (rc != 0 && rc != -EINPROGRESS)
        fail(load, client, CALL_CONNECT, -rc);
    else
        watch(load, client, EPOLLIN | EPOLLOUT);
}

/* In a closed loop with lasting connections, the time to connect is no part of a reply's. */
static void
take_connection(struct load *load, struct client *client)
{
    int rc = socket_connect_result(NULL, client->fd);

    if (rc != 0) {
        fail(load, client, CALL_CONNECT, -rc);
        return;
    }
    load->report.connects++;
    if (load->plan.size == 0) {
        if (watch(load, client, EPOLLRDHUP)) {
            load->under_way--;
            client->state = CLIENT_DONE;
        }
        return;
    }
    if (load->plan.rate <= 0 && !load->plan.reconnects)
        client->since_ns = clock_mono_ns();
    talk(load, client);
}

void
client_begin(struct load *load, struct client *client, int64_t since_ns)
{
    client->since_ns = since_ns;
    client->sent = client->got = 0;
    load->under_way++;
    load->report.sent++;
    if (client->fd < 0)
        dial(load, client);
    else
        talk(load, client);
}

void
client_ready(struct load *load, struct client *client)
{
    if (client->state == CLIENT_CONNECTING) {
        take_connection(load, client);
    } else if (client->state == CLIENT_TALKING) {
        if (client->sent < load->plan.size)
            push(load, client);
        pull(load, client);
    } else if (client->fd >= 0) {
        client_close(client);   /* the server ended it between two messages */
    }
}
