/* event.c - see event.h. */
#include "config.h"

#include "sockdeck/event/event.h"

#include <string.h>

const struct event_info event_infos[EVENT_TYPE_COUNT] = {
#define EVENT_INFO(constant, word, level, place, must) \
    [EVENT_##constant] = { .name = word, .severity = level, .pane = place, .must_arrive = must },
    EVENT_TYPES(EVENT_INFO)
#undef EVENT_INFO
};

const char *const event_timeout_names[TIMEOUT_KINDS] = {
    [TIMEOUT_CONNECT] = "connect",
    [TIMEOUT_ACCEPT] = "accept",
    [TIMEOUT_READ] = "read",
    [TIMEOUT_SEND] = "send",
    [TIMEOUT_IDLE] = "idle",
};

const char *const event_worker_names[WORKER_STATES] = {
    [WORKER_STARTED] = "started",
    [WORKER_EXITED] = "exited",
    [WORKER_KILLED] = "killed",
    [WORKER_STOPPED] = "stopped",
    [WORKER_CONTINUED] = "continued",
};

const char *const event_by_names[BY_COUNT] = {
    [BY_PEER] = "peer",
    [BY_US] = "us",
    [BY_TIMEOUT] = "timeout",
    [BY_ERROR] = "error",
};

const char *const event_how_names[HOW_COUNT] = {
    [HOW_FIN] = "fin",
    [HOW_RST] = "rst",
};

const char *
event_attempt_words(const struct event_closed *closed)
{
    switch (closed->by) {
    case BY_TIMEOUT: return "timed out";
    case BY_US: return "given up by us";
    default: return closed->how == HOW_RST ? "refused" : "failed";
    }
}

const char *const event_shutdown_names[SHUTDOWN_COUNT] = {
    [SHUTDOWN_READ] = "read",
    [SHUTDOWN_WRITE] = "write",
    [SHUTDOWN_BOTH] = "both",
};

const char *const event_call_names[CALL_COUNT] = {
    [CALL_NONE] = "",
    [CALL_SOCKET] = "socket",
    [CALL_BIND] = "bind",
    [CALL_LISTEN] = "listen",
    [CALL_ACCEPT] = "accept4",
    [CALL_CONNECT] = "connect",
    [CALL_RECV] = "recv",
    [CALL_SEND] = "send",
    [CALL_SHUTDOWN] = "shutdown",
    [CALL_CLOSE] = "close",
    [CALL_SETSOCKOPT] = "setsockopt",
    [CALL_GETADDRINFO] = "getaddrinfo",
    [CALL_FORK] = "fork",
    [CALL_PTHREAD_CREATE] = "pthread_create",
    [CALL_POLL] = "poll",
    [CALL_RECVFROM] = "recvfrom",
    [CALL_SENDTO] = "sendto",
    [CALL_GETSOCKOPT] = "getsockopt",
    [CALL_GETSOCKNAME] = "getsockname",
};

enum severity
event_severity(const struct event *event)
{
    if (event->type == EVENT_ERROR && event->u.error.severity <= SEVERITY_ERROR)
        return (enum severity)event->u.error.severity;
    if (event->type == EVENT_QUEUE && event->u.queue.state == QUEUE_EMPTY)
        return SEVERITY_INFO;
    return event_infos[event->type].severity;
}

/* The string that starts at offset, when it also ends inside the data. */
static const char *
text_at(const struct event *event, size_t offset)
{
    if (offset >= event->data_size ||
        memchr(event->data + offset, '\0', event->data_size - offset) == NULL)
        return "";
    return event->data + offset;
}

const char *
event_peer_text(const struct event *event)
{
    return text_at(event, 0);
}

const char *
event_local_text(const struct event *event)
{
    return text_at(event, strlen(event_peer_text(event)) + 1);
}
