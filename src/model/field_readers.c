/* field_readers.c - see field_readers.h. */
#include "config.h"

#include "field_readers.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/mode.h"

/* --- readers: one for each way a field lies in a record -------------------------- */

static void
set_number(struct value *value, enum value_kind kind, int64_t number)
{
    value->kind = kind;
    value->number = number;
}

static void
set_text(struct value *value, enum value_kind kind, const char *text, size_t size)
{
    value->kind = size == 0 ? VALUE_ABSENT : kind;
    value->text = text;
    value->size = size;
}

static void
set_word(struct value *value, const char *word)
{
    if (word != NULL)
        set_text(value, VALUE_WORD, word, strlen(word));
}

static const void *
place(const struct field *field, const struct event *event)
{
    return (const char *)event + field->offset;
}

static uint32_t
u32_at(const struct field *field, const struct event *event)
{
    return *(const uint32_t *)place(field, event);
}

static int64_t
i64_at(const struct field *field, const struct event *event)
{
    return *(const int64_t *)place(field, event);
}

void
read_u32(const struct field *field, const struct event *event, struct value *value)
{
    set_number(value, VALUE_NUMBER, u32_at(field, event));
}

void
read_u32_unless_zero(const struct field *field, const struct event *event, struct value *value)
{
    if (u32_at(field, event) != 0)
        read_u32(field, event, value);
}

/* What a connection that ended left unread. */
void
read_unread(const struct field *field, const struct event *event, struct value *value)
{
    uint32_t number;

    (void)field;
    if (event->data_size < sizeof(number))
        return;
    memcpy(&number, event->data, sizeof(number));
    set_number(value, VALUE_NUMBER, number);
}

void
read_outcome(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    set_word(value, event_attempt_words(&event->u.closed));
}

void
read_u64(const struct field *field, const struct event *event, struct value *value)
{
    uint64_t number = *(const uint64_t *)place(field, event);

    set_number(value, VALUE_NUMBER, number > INT64_MAX ? INT64_MAX : (int64_t)number);
}

/* A duration that is not there is negative. */
void
read_limit(const struct field *field, const struct event *event, struct value *value)
{
    if (i64_at(field, event) >= 0)
        set_number(value, VALUE_LIMIT, i64_at(field, event));
}

void
read_measured(const struct field *field, const struct event *event, struct value *value)
{
    if (i64_at(field, event) >= 0)
        set_number(value, VALUE_MEASURED, i64_at(field, event));
}

void
read_cost(const struct field *field, const struct event *event, struct value *value)
{
    if (event->u.worker.state == WORKER_STARTED && i64_at(field, event) > 0)
        read_measured(field, event, value);
}

void
read_restart(const struct field *field, const struct event *event, struct value *value)
{
    if (i64_at(field, event) > 0)
        read_limit(field, event, value);
}

void
read_name(const struct field *field, const struct event *event, struct value *value)
{
    uint32_t i = u32_at(field, event);

    set_word(value, i < field->name_count ? field->names[i] : NULL);
}

void
read_name8(const struct field *field, const struct event *event, struct value *value)
{
    uint8_t i = *(const uint8_t *)place(field, event);

    set_word(value, i < field->name_count ? field->names[i] : NULL);
}

void
read_call(const struct field *field, const struct event *event, struct value *value)
{
    if (u32_at(field, event) != CALL_NONE)
        read_name(field, event, value);
}

void
read_mode(const struct field *field, const struct event *event, struct value *value)
{
    set_word(value, model_mode_name(u32_at(field, event)));
}

void
read_bool(const struct field *field, const struct event *event, struct value *value)
{
    set_number(value, VALUE_BOOL, u32_at(field, event) != 0);
}

void
read_true8(const struct field *field, const struct event *event, struct value *value)
{
    if (*(const uint8_t *)place(field, event) != 0)
        set_number(value, VALUE_BOOL, 1);
}

void
read_errno(const struct field *field, const struct event *event, struct value *value)
{
    if (u32_at(field, event) != 0)
        set_word(value, error_name((int)u32_at(field, event), value->buf));
}

/* --- readers of what only one type has --------------------------------------------- */

void
read_standing(const struct field *field, const struct event *event, struct value *value)
{
    uint32_t mode = event->type == EVENT_MODE ? event->u.mode.to : event->u.listening.mode;

    if (mode < mode_count && modes[mode]->has_workers)
        read_u32(field, event, value);
}

void
read_status(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->u.worker.state == WORKER_EXITED)
        set_number(value, VALUE_NUMBER, event->u.worker.status);
}

static bool
has_signal(const struct event *event)
{
    return (event->u.worker.state == WORKER_KILLED || event->u.worker.state == WORKER_STOPPED) &&
           event->u.worker.signal != 0;
}

void
read_signal(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (has_signal(event))
        set_number(value, VALUE_NUMBER, event->u.worker.signal);
}

void
read_signal_name(const struct field *field, const struct event *event, struct value *value)
{
    const char *name = sigabbrev_np(event->u.worker.signal);

    (void)field;
    if (!has_signal(event))
        return;
    if (name == NULL)
        snprintf(value->buf, sizeof(value->buf), "signal %d", event->u.worker.signal);
    else
        snprintf(value->buf, sizeof(value->buf), "SIG%s", name);
    set_word(value, value->buf);
}

void
read_full(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    set_number(value, VALUE_BOOL, event->u.queue.state == QUEUE_FULL);
}

void
read_lost(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->u.ping.rtt_ns < 0)
        set_number(value, VALUE_BOOL, 1);
}

/* "1.0 s": how long a ping was waited for; nothing where it was lost for another reason. */
void
read_wait(const struct field *field, const struct event *event, struct value *value)
{
    uint32_t ms = event->u.ping.limit_ms;
    int precision = ms % 100 == 0 ? 1 : ms % 10 == 0 ? 2 : 3;

    (void)field;
    if (ms == 0)
        return;
    snprintf(value->buf, sizeof(value->buf), "%.*f s", precision, ms / 1000.0);
    set_word(value, value->buf);
}

void
read_summary(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if ((event->flags & EVENT_LAST) && event->data_size >= sizeof(struct ping_summary))
        set_text(value, VALUE_SUMMARY, event->data, sizeof(struct ping_summary));
}

void
read_taken(const struct field *field, const struct event *event, struct value *value)
{
    if (event->u.timeout.kind == TIMEOUT_SEND)
        read_u64(field, event, value);
}

/* The system's words; the resolver has its own, which came as the sentence. */
void
read_message(const struct field *field, const struct event *event, struct value *value)
{
    if (event->u.error.call == CALL_GETADDRINFO)
        read_text(field, event, value);
    if (value->kind == VALUE_ABSENT)
        set_word(value, error_message(event->u.error.code));
}

void
read_severity(const struct field *field, const struct event *event, struct value *value)
{
    static const char *const names[] = {
        [SEVERITY_DEBUG] = "debug",
        [SEVERITY_INFO] = "info",
        [SEVERITY_NOTICE] = "notice",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
    };

    (void)field;
    set_word(value, names[event_severity(event)]);
}

void
read_arguments(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    value->kind = VALUE_ARGUMENTS;
    value->event = event;
}

/* "4711", or "4711/4713" in a thread that is not the process's first. */
void
read_process(const struct field *field, const struct event *event, struct value *value)
{
    int n = snprintf(value->buf, sizeof(value->buf), "%d", event->pid);

    (void)field;
    if (event->pid == 0)
        return;
    if (event->tid != event->pid)
        snprintf(value->buf + n, sizeof(value->buf) - (size_t)n, "/%d", event->tid);
    set_word(value, value->buf);
}

void
read_result(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->u.call.result >= 0)
        set_number(value, VALUE_NUMBER, event->u.call.result);
}

void
read_call_errno(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->u.call.result < 0)
        set_word(value, error_name((int)event->u.call.result, value->buf));
}

void
read_call_message(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->u.call.result < 0)
        set_word(value, error_message((int)event->u.call.result));
}

/* --- readers of the data behind a record --------------------------------------------- */

void
read_text(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    set_text(value, VALUE_TEXT, event->data, strnlen(event->data, event->data_size));
}

void
read_port(const struct field *field, const struct event *event, struct value *value)
{
    const char *colon;

    read_text(field, event, value);
    colon = value->kind == VALUE_ABSENT ? NULL : memrchr(value->text, ':', value->size);
    if (colon != NULL)
        set_text(value, VALUE_TEXT, colon + 1, value->size - (size_t)(colon + 1 - value->text));
}

void
read_first(const struct field *field, const struct event *event, struct value *value)
{
    const char *text = event_peer_text(event);

    (void)field;
    set_text(value, VALUE_TEXT, text, strlen(text));
}

void
read_second(const struct field *field, const struct event *event, struct value *value)
{
    const char *text = event_local_text(event);

    (void)field;
    set_text(value, VALUE_TEXT, text, strlen(text));
}

void
read_data(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    value->kind = VALUE_DATA;
    value->number = (int64_t)event->u.message.bytes;
    value->text = event->data;
    value->size = event->flags & EVENT_LEFT_OUT ? 0 : event->data_size;
}

/* --- readers of the header ------------------------------------------------------------ */

static void
set_id(struct value *value, char kind, uint32_t id)
{
    if (id == 0)
        return;
    snprintf(value->buf, sizeof(value->buf), "%c%u", kind, id);
    set_word(value, value->buf);
}

void
read_conn(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    set_id(value, '#', event->conn);
}

void
read_listener(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    set_id(value, 'L', event->listener);
}

void
read_worker(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    set_id(value, 'W', event->worker);
}

void
read_pid(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->pid != 0)
        set_number(value, VALUE_NUMBER, event->pid);
}

/* Said only where it is not the process's first thread. */
void
read_tid(const struct field *field, const struct event *event, struct value *value)
{
    (void)field;
    if (event->tid != 0 && event->tid != event->pid)
        set_number(value, VALUE_NUMBER, event->tid);
}
