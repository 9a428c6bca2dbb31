/* fields.c - see fields.h. The only list of what each record says. */
#include "config.h"

#include "sockdeck/model/fields.h"

#include "field_readers.h"

#define AT(member) .offset = offsetof(struct event, u.member)
#define NAMES(table, n) .names = (table), .name_count = (n)

static const struct field listening_fields[] = {
    { .name = "address", .read = read_text },
    { .name = "mode", .read = read_mode, AT(listening.mode) },
    { .name = "workers", .read = read_u32, AT(listening.workers) },
    { .name = "backlog", .read = read_u32, AT(listening.backlog), .spoken = true },
    { .name = "standing", .read = read_standing, AT(listening.workers), .spoken = true },
    { .name = "port", .read = read_port, .spoken = true },
};

static const struct field mode_fields[] = {
    { .name = "from", .read = read_mode, AT(mode.from) },
    { .name = "to", .read = read_mode, AT(mode.to) },
    { .name = "standing", .read = read_standing, AT(mode.workers), .spoken = true },
};

static const struct field worker_fields[] = {
    { .name = "state", .read = read_name, AT(worker.state),
      NAMES(event_worker_names, WORKER_STATES) },
    { .name = "status", .read = read_status },
    { .name = "signal", .read = read_signal },
    { .name = "signame", .read = read_signal_name, .spoken = true },
    { .name = "cost", .read = read_cost, AT(worker.cost_ns), .spoken = true },
    { .name = "restart", .read = read_restart, AT(worker.restart_ns) },
};

static const struct field queue_fields[] = {
    { .name = "waiting", .read = read_u32, AT(queue.waiting) },
    { .name = "limit", .read = read_u32, AT(queue.limit) },
    { .name = "full", .read = read_full },
};

static const struct field peer_fields[] = {
    { .name = "peer", .read = read_first },
    { .name = "local", .read = read_second },
};

static const struct field connected_fields[] = {
    { .name = "peer", .read = read_first },
    { .name = "local", .read = read_second },
    { .name = "seconds", .read = read_measured, AT(peer.took_ns) },
};

static const struct field message_fields[] = {
    { .name = "bytes", .read = read_u64, AT(message.bytes) },
    { .name = "data", .read = read_data },
};

static const struct field ping_fields[] = {
    { .name = "seq", .read = read_u32, AT(ping.seq) },
    { .name = "bytes", .read = read_u32, AT(ping.bytes) },
    { .name = "rtt", .read = read_measured, AT(ping.rtt_ns) },
    { .name = "lost", .read = read_lost },
    { .name = "wait", .read = read_wait, .spoken = true },
    { .name = "summary", .read = read_summary },
};

static const struct field timeout_fields[] = {
    { .name = "kind", .read = read_name, AT(timeout.kind),
      NAMES(event_timeout_names, TIMEOUT_KINDS) },
    { .name = "limit", .read = read_limit, AT(timeout.limit_ns) },
    { .name = "after", .read = read_measured, AT(timeout.after_ns) },
    { .name = "closes", .read = read_bool, AT(timeout.closes) },
    { .name = "taken", .read = read_taken, AT(timeout.taken) },
};

static const struct field error_fields[] = {
    { .name = "call", .read = read_call, AT(error.call), NAMES(event_call_names, CALL_COUNT) },
    { .name = "errno", .read = read_errno, AT(error.code) },
    { .name = "message", .read = read_message },
    { .name = "sentence", .read = read_text, .spoken = true },
    { .name = "severity", .read = read_severity },
};

static const struct field closed_fields[] = {
    { .name = "by", .read = read_name8, AT(closed.by), NAMES(event_by_names, BY_COUNT) },
    { .name = "how", .read = read_name8, AT(closed.how), NAMES(event_how_names, HOW_COUNT) },
    { .name = "in", .read = read_u64, AT(closed.in) },
    { .name = "out", .read = read_u64, AT(closed.out) },
    { .name = "unacked", .read = read_u32, AT(closed.unacked) },
    { .name = "pending", .read = read_u32_unless_zero, AT(closed.unacked), .spoken = true },
    { .name = "unread", .read = read_unread },
    { .name = "outcome", .read = read_outcome, .spoken = true },
    { .name = "seconds", .read = read_measured, AT(closed.open_ns) },
    { .name = "uncertain", .read = read_true8, AT(closed.uncertain) },
};

static const struct field shutdown_fields[] = {
    { .name = "which", .read = read_name, AT(shutdown.which),
      NAMES(event_shutdown_names, SHUTDOWN_COUNT) },
};

static const struct field call_fields[] = {
    { .name = "call", .read = read_call, AT(call.call), NAMES(event_call_names, CALL_COUNT) },
    { .name = "args", .read = read_arguments },
    { .name = "result", .read = read_result },
    { .name = "errno", .read = read_call_errno },
    { .name = "message", .read = read_call_message, .spoken = true },
    { .name = "process", .read = read_process, .spoken = true },
    { .name = "seconds", .read = read_measured, AT(call.took_ns) },
};

static const struct field matched_fields[] = {
    { .name = "data", .read = read_data },
};

static const struct field failed_fields[] = {
    { .name = "command", .read = read_first },
    { .name = "message", .read = read_second },
    { .name = "status", .read = read_u32, AT(reply.status) },
};

static const struct field lost_fields[] = {
    { .name = "count", .read = read_u64, AT(lost.count) },
};

static const struct field common_fields[] = {
    { .name = "conn", .read = read_conn, .spoken = true },
    { .name = "listener", .read = read_listener, .spoken = true },
    { .name = "worker", .read = read_worker, .spoken = true },
    { .name = "pid", .read = read_pid, .spoken = true },
    { .name = "tid", .read = read_tid, .spoken = true },
};

#define LIST(fields) { fields, sizeof(fields) / sizeof(fields[0]) }

const struct field_list event_fields[EVENT_TYPE_COUNT] = {
    [EVENT_LISTENING] = LIST(listening_fields),
    [EVENT_STOPPED] = LIST(listening_fields),
    [EVENT_MODE] = LIST(mode_fields),
    [EVENT_WORKER] = LIST(worker_fields),
    [EVENT_QUEUE] = LIST(queue_fields),
    [EVENT_CONNECTING] = LIST(peer_fields),
    [EVENT_CONNECTED] = LIST(connected_fields),
    [EVENT_ACCEPTED] = LIST(peer_fields),
    [EVENT_RECEIVED] = LIST(message_fields),
    [EVENT_SENT] = LIST(message_fields),
    [EVENT_PING] = LIST(ping_fields),
    [EVENT_TIMEOUT] = LIST(timeout_fields),
    [EVENT_ERROR] = LIST(error_fields),
    [EVENT_CLOSED] = LIST(closed_fields),
    [EVENT_SHUTDOWN] = LIST(shutdown_fields),
    [EVENT_CALL] = LIST(call_fields),
    [EVENT_MATCHED] = LIST(matched_fields),
    [EVENT_FAILED] = LIST(failed_fields),
    [EVENT_LOST] = LIST(lost_fields),
};

const struct field_list event_common_fields = LIST(common_fields);
