/* sentence.c - see sentence.h. The one table of words for records. */
#include "config.h"

#include "sockdeck/model/sentence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/model/fields.h"
#include "sockdeck/serve/mode.h"

#include "cause.h"
#include "template.h"

/* Marks what is to be translated. */
#define N_(text) text

/* Cases that records do not name themselves. */
enum { ANY = -1, CLOSES = 0x100, NEVER_OPEN = 0x100 };
enum { LISTENS, LISTENS_EVERYWHERE, IS_HOLE };
enum { MODE_SWITCHED, MODE_RESIZED };
enum { OF_LISTENER, OF_LISTEN, OF_CONNECTION };
enum { NAMES_COMMAND, NAMES_NONE };
enum { RETURNED, IN_PROGRESS };

/* What {names} stand for is declared in fields.c; {cause} is cause.c's. The first
 * sentence of a type whose case fits, and whose names all have something to say, is
 * the one. */
static const struct wording {
    enum event_type type;
    int which;                  /* case_of the record, or ANY */
    const char *format;
} wordings[] = {
    { EVENT_RECEIVED, ANY, N_("received {bytes|byte|bytes} {data}") },
    { EVENT_SENT, ANY, N_("sent {bytes|byte|bytes} {data}") },
    { EVENT_ACCEPTED, ANY, N_("accepted {peer} (worker {worker}, pid {pid}[, tid {tid}])") },
    { EVENT_ACCEPTED, ANY, N_("accepted {peer} (pid {pid}[, tid {tid}])") },
    { EVENT_ACCEPTED, ANY, N_("accepted {peer}") },
    { EVENT_CONNECTING, ANY, N_("connecting to {peer}") },
    { EVENT_CONNECTED, ANY, N_("connected to {peer}[ in {seconds}]") },
    { EVENT_CLOSED, NEVER_OPEN, N_("never opened: {outcome}[ after {seconds}]") },
    { EVENT_CLOSED, HOW_FIN,
      N_("closed by {by} (FIN)[ after {seconds}]: {in|byte|bytes} in, {out|byte|bytes} out"
         "[, {pending|byte|bytes} not acknowledged][, {unread|byte|bytes} unread and lost]"
         "[{?uncertain} (uncertain: a report may be missing)]") },
    { EVENT_CLOSED, HOW_RST,
      N_("reset by {by} (RST)[ after {seconds}]: {in|byte|bytes} in, {out|byte|bytes} out"
         "[, {pending|byte|bytes} not acknowledged][, {unread|byte|bytes} unread and lost]"
         "[{?uncertain} (uncertain: a report may be missing)]") },
    { EVENT_EOF, ANY, N_("recv returned 0 bytes (b\"\" in Python)") },
    { EVENT_SHUTDOWN, SHUTDOWN_READ, N_("shutdown read: what the peer still sends is not read") },
    { EVENT_SHUTDOWN, SHUTDOWN_WRITE, N_("shutdown write: our FIN is sent, receiving goes on") },
    { EVENT_SHUTDOWN, SHUTDOWN_BOTH, N_("shutdown both: our FIN is sent, nothing more is read") },
    { EVENT_PING, ANY, N_("ping {seq}: reply of {bytes|byte|bytes} in {rtt}[; {summary}]") },
    { EVENT_PING, ANY, N_("ping {seq}: no answer[ in {wait}][ ({cause})][; {summary}]") },
    { EVENT_TIMEOUT, TIMEOUT_CONNECT,
      N_("connect timeout after {after} (limit {limit}): the attempt is given up") },
    { EVENT_TIMEOUT, TIMEOUT_CONNECT,
      N_("connect timeout after {after} (limit none): the kernel gave up") },
    { EVENT_TIMEOUT, TIMEOUT_ACCEPT,
      N_("accept timeout after {after} (limit {limit}): no client came, the listener goes on") },
    { EVENT_TIMEOUT, TIMEOUT_SEND | CLOSES,
      N_("send timeout after {after} (limit {limit}): the kernel took {taken|byte|bytes} of it: "
         "close connection by timeout") },
    { EVENT_TIMEOUT, TIMEOUT_SEND,
      N_("send timeout after {after} (limit {limit}): the kernel took {taken|byte|bytes} of it: "
         "connection kept, waiting on") },
    { EVENT_TIMEOUT, TIMEOUT_READ | CLOSES,
      N_("read timeout after {after} (limit {limit}): close connection by timeout") },
    { EVENT_TIMEOUT, TIMEOUT_READ,
      N_("read timeout after {after} (limit {limit}): connection kept, waiting on") },
    { EVENT_TIMEOUT, TIMEOUT_IDLE | CLOSES,
      N_("idle timeout after {after} (limit {limit}): close connection by timeout") },
    { EVENT_TIMEOUT, TIMEOUT_IDLE,
      N_("idle timeout after {after} (limit {limit}): connection kept, waiting on") },
    { EVENT_TIMEOUT, ANY, N_("{kind} timeout[ after {after}][ (limit {limit})]") },
    { EVENT_ERROR, OF_CONNECTION, N_("{call}: {message}[ ({errno})]: {cause}") },
    { EVENT_ERROR, OF_LISTEN, N_("{sentence}") },
    { EVENT_ERROR, ANY, N_("{sentence}[ ({errno})][: {cause}]") },
    { EVENT_ERROR, ANY, N_("[{call}: ]{message}[ ({errno})][: {cause}]") },
    { EVENT_LISTENING, IS_HOLE,
      N_("{listener} is a black hole at {address}: its accept queue is full; "
         "try: connect {port} connect-timeout=2s") },
    { EVENT_LISTENING, LISTENS_EVERYWHERE,
      N_("listening on {address}, every address of this machine "
         "({mode}[, {standing|worker|workers}], backlog {backlog})") },
    { EVENT_LISTENING, LISTENS,
      N_("listening on {address} ({mode}[, {standing|worker|workers}], backlog {backlog})") },
    { EVENT_STOPPED, ANY, N_("stopped listening[ on {address}]") },
    { EVENT_MODE, MODE_SWITCHED,
      N_("mode {from} to {to}[ with {standing|worker|workers}]: "
         "new connections go to {to}, open ones stay with {from}") },
    { EVENT_MODE, MODE_RESIZED, N_("mode {to} with {standing|worker|workers} from now on") },
    { EVENT_MODE, ANY, N_("mode {to}") },
    { EVENT_WORKER, WORKER_STARTED, N_("started[ in {cost}][ (pid {pid})]") },
    { EVENT_WORKER, WORKER_EXITED, N_("exited with status {status}[ (pid {pid})]"
         "[; it died at once, so the next one starts in {restart}]") },
    { EVENT_WORKER, WORKER_KILLED, N_("{?worker}killed[ by {signame}][ (pid {pid})]"
         "[; it died at once, so the next one starts in {restart}]") },
    { EVENT_WORKER, WORKER_KILLED, N_("process[ {pid}] killed[ by {signame}]") },
    { EVENT_WORKER, WORKER_STOPPED, N_("stopped[ by {signame}][ (pid {pid})]") },
    { EVENT_WORKER, WORKER_CONTINUED, N_("continued[ (pid {pid})]") },
    { EVENT_QUEUE, QUEUE_WAITING,
      N_("{listener}: {waiting|client is|clients are} connected but not accepted[ ({cause})]") },
    { EVENT_QUEUE, QUEUE_FULL,
      N_("{listener}: the accept queue is full ({waiting} waiting, limit {limit}[; {cause}]): "
         "the kernel drops further SYNs, their clients try again") },
    { EVENT_QUEUE, QUEUE_EMPTY, N_("{listener}: the accept queue is empty again") },
    { EVENT_CALL, IN_PROGRESS, N_("[{process} ]{call}({args})") },
    { EVENT_CALL, RETURNED, N_("[{process} ]{call}({args}) = {result}[ <{seconds}>]") },
    { EVENT_CALL, RETURNED,
      N_("[{process} ]{call}({args}) = -1 {errno} ({message})[ <{seconds}>]") },
    { EVENT_MATCHED, ANY, N_("matched {data}") },
    { EVENT_FAILED, NAMES_COMMAND, N_("failed: {message}") },
    { EVENT_FAILED, ANY, N_("failed: {command}: {message}") },
    { EVENT_LOST, ANY, N_("{count|record|records} not kept in full; all counts stay exact") },
};

struct sentence {
    const struct event *event;
    const struct model *model;
    size_t max_data;
};

static int
case_of_listening(const struct event *event)
{
    size_t n = event->data_size;

    if (event->u.listening.mode >= mode_count)
        return IS_HOLE;
    return (n > 8 && memcmp(event->data, "0.0.0.0:", 8) == 0) ||
           (n > 5 && memcmp(event->data, "[::]:", 5) == 0) ? LISTENS_EVERYWHERE : LISTENS;
}

/* The sentence of a listen that failed names errno and cause itself. */
static int
case_of_error(const struct event *event)
{
    if (event->conn != 0)
        return OF_CONNECTION;
    return event->u.error.call == CALL_BIND || event->u.error.call == CALL_LISTEN ? OF_LISTEN
                                                                                  : OF_LISTENER;
}

/* Whether the message begins with the command's verb anyway. */
static int
case_of_failed(const struct event *event)
{
    const char *command = event_peer_text(event), *message = event_local_text(event);
    size_t verb = strcspn(command, " ");

    return verb > 0 && strncmp(command, message, verb) == 0 &&
           (message[verb] == ' ' || message[verb] == ':') ? NAMES_COMMAND : NAMES_NONE;
}

static int
case_of(const struct event *event)
{
    switch (event->type) {
    case EVENT_LISTENING:
        return case_of_listening(event);
    case EVENT_MODE:
        return event->u.mode.from == event->u.mode.to ? MODE_RESIZED : MODE_SWITCHED;
    case EVENT_WORKER:
        return (int)event->u.worker.state;
    case EVENT_QUEUE:
        return (int)event->u.queue.state;
    case EVENT_TIMEOUT:
        return (int)event->u.timeout.kind |
               (event->u.timeout.closes && event->u.timeout.kind != TIMEOUT_CONNECT ? CLOSES : 0);
    case EVENT_CLOSED:
        return event->flags & EVENT_NEVER_OPEN ? NEVER_OPEN : event->u.closed.how;
    case EVENT_ERROR:
        return case_of_error(event);
    case EVENT_CALL:
        return event->flags & EVENT_BEGUN ? IN_PROGRESS : RETURNED;
    case EVENT_FAILED:
        return case_of_failed(event);
    case EVENT_SHUTDOWN:
        return (int)event->u.shutdown.which;
    default:
        return ANY;
    }
}

static const struct field *
find_field(const struct field_list *list, const char *name, size_t n)
{
    for (size_t i = 0; i < list->count; i++)
        if (strncmp(list->fields[i].name, name, n) == 0 && list->fields[i].name[n] == '\0')
            return list->fields + i;
    return NULL;
}

static int
write_name(const void *ctx, const char *name, size_t n, struct buffer *out, int64_t *number)
{
    const struct sentence *sentence = ctx;
    const struct field *field = find_field(&event_fields[sentence->event->type], name, n);
    struct value value;

    if (field == NULL)
        field = find_field(&event_common_fields, name, n);
    if (field == NULL)
        return cause_write(out, sentence->event, sentence->model);
    value.kind = VALUE_ABSENT;
    field->read(field, sentence->event, &value);
    if (value.kind == VALUE_ABSENT)
        return 0;
    *number = value.number;
    return value_write(out, &value, sentence->max_data) == 0 ? 1 : -ENOMEM;
}

int
sentence_write(struct buffer *out, const struct event *event, size_t max_data,
               const struct model *model)
{
    const struct sentence sentence = { event, model, max_data };
    const struct template_source source = { write_name, &sentence };
    int which = case_of(event), rc = 0;

    for (size_t i = 0; rc == 0 && i < sizeof(wordings) / sizeof(wordings[0]); i++) {
        const struct wording *wording = wordings + i;

        if (wording->type == event->type && (wording->which == ANY || wording->which == which))
            rc = template_write(out, wording->format, &source);
    }
    /* A record that lacks what its sentence needs has its name at least. */
    if (rc == 0 && event_infos[event->type].pane != PANE_INTERNAL)
        rc = buffer_add_text(out, event_infos[event->type].name);
    return rc < 0 ? rc : 0;
}

bool
sentence_asks_model(const struct event *event)
{
    return event->type == EVENT_QUEUE || event->type == EVENT_PING || event->type == EVENT_ERROR;
}

void
sentence_subject(char buf[static 16], const struct event *event)
{
    buf[0] = '\0';
    if (event->type == EVENT_QUEUE ||
        (event->type == EVENT_LISTENING && case_of_listening(event) == IS_HOLE))
        return;
    if (event->conn != 0)
        snprintf(buf, 16, "#%u", event->conn);
    else if (event->worker != 0 && (event->type == EVENT_WORKER || event->type == EVENT_CALL ||
                                    event->listener == 0))
        snprintf(buf, 16, "W%u", event->worker);
    else if (event->listener != 0)
        snprintf(buf, 16, "L%u", event->listener);
}
