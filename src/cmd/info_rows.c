/* info_rows.c - what `info` tells of a connection, row by row. */
#include "config.h"

#include "info_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/tables.h"
#include "sockdeck/model/table.h"

/* Every reader has the same arguments. */
#define READER(name) \
    static void name(const struct info_row *row __attribute__((unused)), \
                     const struct info_side *side, struct table *table, size_t column)

/* --- readers by offset --------------------------------------------------------------- */

static uint64_t
unsigned_at(const struct info_side *side, size_t at, size_t size)
{
    const char *place = (const char *)side + at;
    uint64_t wide;
    uint32_t word;

    switch (size) {
    case sizeof(wide):
        memcpy(&wide, place, sizeof(wide));
        return wide;
    case sizeof(word):
        memcpy(&word, place, sizeof(word));
        return word;
    default:
        return (uint8_t)*place;
    }
}

READER(put_u8)
{
    table_number(table, column, (double)unsigned_at(side, row->at, sizeof(uint8_t)));
}

READER(put_u32)
{
    table_number(table, column, (double)unsigned_at(side, row->at, sizeof(uint32_t)));
}

READER(put_u64)
{
    table_number(table, column, (double)unsigned_at(side, row->at, sizeof(uint64_t)));
}

READER(put_us)
{
    table_seconds(table, column, (int64_t)unsigned_at(side, row->at, sizeof(uint32_t)) * NS_PER_US);
}

READER(put_us_long)
{
    table_seconds(table, column, (int64_t)unsigned_at(side, row->at, sizeof(uint64_t)) * NS_PER_US);
}

/* A duration that somebody set, none included. */
READER(put_duration)
{
    table_seconds(table, column, (int64_t)unsigned_at(side, row->at, sizeof(uint64_t)));
}

READER(put_string)
{
    const char *text = (const char *)side + row->at;

    if (*text != '\0')
        table_text(table, column, "%s", text);
}

/* --- of the console's own end ---------------------------------------------------------- */

READER(put_id)
{
    table_text(table, column, "#%" PRIu32, side->row.id);
}

READER(put_direction)
{
    table_text(table, column, "%s", side->row.dialled ? "out" : "in");
}

READER(put_state)
{
    table_text(table, column, "%s%s", tables_state_name(side->row.state),
               side->row.paused ? ", paused" : "");
}

/* While connecting only the kernel knows it. */
READER(put_local)
{
    const char *local = side->row.local[0] != '\0' ? side->row.local : side->inspection.local;

    if (local[0] != '\0')
        table_text(table, column, "%s", local);
}

READER(put_listener)
{
    if (side->row.listener != 0)
        table_text(table, column, "L%u", (unsigned)side->row.listener);
}

READER(put_worker)
{
    if (side->row.worker != 0)
        table_text(table, column, "W%u", (unsigned)side->row.worker);
}

READER(put_age)
{
    const struct connection *conn = &side->row;

    table_seconds(table, column, (conn->state == CONN_CLOSED ? conn->closed_ns : side->now_ns) -
                  conn->begun_ns);
}

READER(put_rtt)
{
    if (side->row.rtt_ns >= 0)
        table_seconds(table, column, side->row.rtt_ns);
}

READER(put_recv)
{
    table_number(table, column, side->row.settings.recv_size);
}

READER(put_then)
{
    table_text(table, column, "%s", then_names[side->row.settings.read_then].name);
}

READER(put_on_eof)
{
    table_text(table, column, "%s", then_names[side->row.settings.on_eof].name);
}

READER(put_handler)
{
    if (!side->row.dialled)
        table_text(table, column, "%s", handler_names[side->row.settings.handler].name);
}

READER(put_eol)
{
    table_text(table, column, "%s", eol_names[side->row.settings.eol].name);
}

READER(put_closed_by)
{
    if (side->row.state == CONN_CLOSED && side->row.never_open)
        table_text(table, column, "never opened: %s", event_attempt_words(&side->row.closed));
    else if (side->row.state == CONN_CLOSED)
        table_text(table, column, "%s, %s", event_by_names[side->row.closed.by],
                   event_how_names[side->row.closed.how]);
}

READER(put_closed_unacked)
{
    if (side->row.state == CONN_CLOSED)
        table_number(table, column, side->row.closed.unacked);
}

READER(put_uncertain)
{
    if (side->row.state == CONN_CLOSED && side->row.closed.uncertain)
        table_bool(table, column, true);
}

/* --- who holds the socket ------------------------------------------------------------------ */

static bool
is_known_owner(const struct info_side *side)
{
    return !side->has_row && side->tcp.inode != 0 && side->owner.code == 0;
}

READER(put_pid)
{
    if (side->has_row)
        table_number(table, column, side->row.pid);
    else if (is_known_owner(side))
        table_number(table, column, side->owner.pid);
}

READER(put_process)
{
    char name[64];

    if (side->has_row) {
        table_text(table, column, "%s", "sockdeck");
    } else if (!side->has_tcp || !side->tcp.has_info) {
        return;
    } else if (side->tcp.inode == 0) {
        table_text(table, column, "%s", "none");
    } else if (is_known_owner(side)) {
        text_render_cells(name, sizeof(name), side->owner.name, strlen(side->owner.name), 32, 0);
        table_text(table, column, "%s", name);
    } else {
        table_text(table, column, "%s", "not told");
    }
}

/* --- deadlines -------------------------------------------------------------------------------- */

static int64_t
time_left(const struct info_side *side, size_t kind)
{
    int64_t limit = side->row.settings.timeout_ns[kind];

    if (!side->has_inspection || side->inspection.since_ns[kind] == 0 || limit <= 0)
        return CLOCK_NEVER;
    return side->inspection.since_ns[kind] + limit - side->now_ns;
}

READER(put_waiting)
{
    int64_t since_ns = side->inspection.since_ns[row->at];

    if (since_ns != 0)
        table_seconds(table, column, side->now_ns > since_ns ? side->now_ns - since_ns : 0);
}

READER(put_time_left)
{
    int64_t left_ns = time_left(side, row->at);

    if (left_ns != CLOCK_NEVER)
        table_seconds(table, column, left_ns > 0 ? left_ns : 0);
}

READER(put_nearest)
{
    int64_t nearest_ns = CLOCK_NEVER;
    const char *name = NULL;

    for (size_t kind = 0; kind < TIMEOUT_KINDS; kind++) {
        int64_t left_ns = time_left(side, kind);

        if (left_ns < nearest_ns) {
            nearest_ns = left_ns;
            name = event_timeout_names[kind];
        }
    }
    if (name != NULL)
        table_text(table, column, "%s", name);
}

/* --- the kernel's --------------------------------------------------------------------------- */

READER(put_tcp_state)
{
    if (side->has_tcp)
        table_text(table, column, "%s", insight_state_name(side->tcp.state));
    else if (side->is_gone)
        table_text(table, column, "%s", "gone");
}

static void
put_timer_left(const struct info_side *side, struct table *table, size_t column, bool wanted)
{
    if (side->tcp.timer != TCP_TIMER_NONE && wanted)
        table_seconds(table, column, side->tcp.timer_left_ms * NS_PER_MS);
}

/* Nobody has it any more: the kernel keeps it, in TIME_WAIT or in FIN_WAIT2, by this timer. */
static bool
is_kept_by_kernel(const struct info_side *side)
{
    return side->tcp.timer == TCP_TIMER_TIME_WAIT;
}

READER(put_time_wait)
{
    put_timer_left(side, table, column,
                   is_kept_by_kernel(side) && side->tcp.state != TCP_STATE_FIN_WAIT2);
}

READER(put_fin_wait2)
{
    put_timer_left(side, table, column,
                   is_kept_by_kernel(side) && side->tcp.state == TCP_STATE_FIN_WAIT2);
}

READER(put_timer)
{
    if (!is_kept_by_kernel(side))
        table_text(table, column, "%s", insight_timer_names[side->tcp.timer]);
}

READER(put_timer_ends)
{
    put_timer_left(side, table, column, !is_kept_by_kernel(side));
}

READER(put_timer_tries)
{
    if (side->tcp.timer != TCP_TIMER_NONE && !is_kept_by_kernel(side))
        table_number(table, column, side->tcp.timer_tries);
}

READER(put_rtt_us)
{
    if (unsigned_at(side, row->at, sizeof(uint32_t)) != 0)
        put_us(row, side, table, column);
}

READER(put_ssthresh)
{
    if (side->tcp.ssthresh >= TCP_SSTHRESH_NONE)
        table_text(table, column, "%s", "none yet");
    else
        table_number(table, column, side->tcp.ssthresh);
}

READER(put_sent_ago)
{
    if (side->tcp.bytes_sent > 0)
        table_seconds(table, column, side->tcp.sent_ago_ms * NS_PER_MS);
}

READER(put_received_ago)
{
    if (side->tcp.bytes_received > 0)
        table_seconds(table, column, side->tcp.received_ago_ms * NS_PER_MS);
}

/* --- the rows ---------------------------------------------------------------------------- */

#define ROW(field) offsetof(struct info_side, row.field)
#define TCP(field) offsetof(struct info_side, tcp.field)
#define INSPECTED(field) offsetof(struct info_side, inspection.field)

#define DEADLINE(name, kind, text) \
    { name " timeout", "limit: " text, NEEDS_ROW, put_duration, ROW(settings.timeout_ns[kind]) }, \
    { name " waiting", "that wait has lasted", NEEDS_ROW | NEEDS_INSPECTION, put_waiting, kind }, \
    { name " time left", "of that wait", NEEDS_ROW | NEEDS_INSPECTION, put_time_left, kind }

const struct info_row info_rows[] = {
    { "connection", "its id here", NEEDS_ROW, put_id, 0 },
    { "direction", "out: we connected; in: a listener accepted it", NEEDS_ROW, put_direction, 0 },
    { "state", "as the console sees it", NEEDS_ROW, put_state, 0 },
    { "closed by", "whose FIN or RST came first, and which", NEEDS_ROW, put_closed_by, 0 },
    { "unacked at close", "bytes sent that nobody had acknowledged", NEEDS_ROW,
      put_closed_unacked, 0 },
    { "uncertain", "its process was killed: the last report may be missing", NEEDS_ROW,
      put_uncertain, 0 },
    { "peer", "address of the other end", NEEDS_ROW, put_string, ROW(peer) },
    { "local", "address of this end", NEEDS_ROW, put_local, 0 },

    { "TCP state", NULL, 0, put_tcp_state, 0 },
    { "TIME_WAIT left", "until the kernel forgets the connection", NEEDS_TCP, put_time_wait, 0 },
    { "FIN_WAIT2 left", "until the kernel waits no longer for the peer's end", NEEDS_TCP,
      put_fin_wait2, 0 },
    { "SIOCOUTQ", "send queue: bytes sent and not acknowledged, or not yet sent", NEEDS_TCP,
      put_u32, TCP(send_queue) },
    { "notsent", "bytes of it that were never sent: no window, or no room on the way",
      NEEDS_TCP | NEEDS_INFO, put_u32, TCP(notsent) },
    { "SIOCINQ", "receive queue: bytes that came and that nobody has read", NEEDS_TCP, put_u32,
      TCP(receive_queue) },
    { "queued here", "bytes that wait in the console for room in the send queue",
      NEEDS_INSPECTION, put_u64, INSPECTED(queued) },

    { "nearest deadline", "the timeout that would end it next", NEEDS_ROW | NEEDS_INSPECTION,
      put_nearest, 0 },
    DEADLINE("connect", TIMEOUT_CONNECT, "from the SYN until established"),
    DEADLINE("read", TIMEOUT_READ, "of a wait for bytes"),
    DEADLINE("send", TIMEOUT_SEND, "until the kernel has taken all of a send"),
    DEADLINE("idle", TIMEOUT_IDLE, "nothing in or out"),
    { "after a read timeout", "close or keep; default: accepted ones close", NEEDS_ROW, put_then,
      0 },
    { "on end of file", "close or keep; default: accepted ones close", NEEDS_ROW, put_on_eof, 0 },

    { "listener", "that accepted it", NEEDS_ROW, put_listener, 0 },
    { "worker", "the standing worker that serves it", NEEDS_ROW, put_worker, 0 },
    { "process", "who holds the socket; none: not accepted yet, or closed", 0, put_process, 0 },
    { "pid", "its process", 0, put_pid, 0 },
    { "tid", "its thread", NEEDS_ROW, put_u32, ROW(tid) },
    { "uid", "the user who made the socket", NEEDS_TCP | NEEDS_INFO, put_u32, TCP(uid) },
    { "in", "bytes from the kernel", NEEDS_ROW, put_u64, ROW(in) },
    { "out", "bytes that the kernel took", NEEDS_ROW, put_u64, ROW(out) },
    { "messages in", "calls of recv that returned bytes", NEEDS_ROW, put_u64, ROW(in_messages) },
    { "messages out", "sends", NEEDS_ROW, put_u64, ROW(out_messages) },
    { "ping rtt", "of the last ping", NEEDS_ROW, put_rtt, 0 },
    { "open for", "since accept returned or connect began", NEEDS_ROW, put_age, 0 },
    { "handler", "what happens with what comes", NEEDS_ROW, put_handler, 0 },
    { "work", "passes before an answer", NEEDS_ROW, put_duration, ROW(settings.work_ns) },
    { "recv", "the size that recv is called with", NEEDS_ROW, put_recv, 0 },
    { "eol", "what send appends", NEEDS_ROW, put_eol, 0 },

    { "RTT", "smoothed round trip, as measured from ACKs", NEEDS_INFO, put_rtt_us, TCP(rtt_us) },
    { "RTT variance", "how much it varies", NEEDS_INFO, put_rtt_us, TCP(rttvar_us) },
    { "minimum RTT", "the shortest of late", NEEDS_INFO, put_rtt_us, TCP(min_rtt_us) },
    { "RTO", "unacknowledged for that long: sent again", NEEDS_INFO, put_us, TCP(rto_us) },
    { "cwnd", "congestion window: segments that may be under way", NEEDS_INFO, put_u32,
      TCP(snd_cwnd) },
    { "ssthresh", "above it cwnd grows slowly", NEEDS_INFO, put_ssthresh, 0 },
    { "MSS", "the most bytes in a segment that is sent", NEEDS_INFO, put_u32, TCP(mss) },
    { "receive MSS", "and in one that came", NEEDS_INFO, put_u32, TCP(rcv_mss) },
    { "path MTU", "the largest packet on the way", NEEDS_INFO, put_u32, TCP(pmtu) },
    { "send window", "bytes that the peer has room for", NEEDS_INFO, put_u32, TCP(snd_wnd) },
    { "receive window", "bytes that it is told there is room for here", NEEDS_INFO, put_u32,
      TCP(rcv_wnd) },
    { "send wscale", "the peer's window counts in units of 2 to the power of that", NEEDS_INFO,
      put_u8, TCP(snd_wscale) },
    { "receive wscale", "and ours", NEEDS_INFO, put_u8, TCP(rcv_wscale) },
    { "unacked", "segments sent and not acknowledged", NEEDS_INFO, put_u32, TCP(unacked) },
    { "lost", "segments that are taken for lost", NEEDS_INFO, put_u32, TCP(lost) },
    { "retransmits now", "how often the oldest of them was sent again", NEEDS_INFO, put_u32,
      TCP(retransmits_now) },
    { "retransmits", "segments sent again since the connection began", NEEDS_INFO, put_u32,
      TCP(retransmits) },
    { "timer", "what the kernel waits for", NEEDS_TCP, put_timer, 0 },
    { "timer left", "until it runs out", NEEDS_TCP, put_timer_ends, 0 },
    { "timer tries", "how often it has run out in a row", NEEDS_TCP, put_timer_tries, 0 },
    { "bytes sent", "payload sent, that sent again included", NEEDS_INFO, put_u64,
      TCP(bytes_sent) },
    { "bytes acked", "acknowledged by the peer; its SYN may count as one", NEEDS_INFO, put_u64,
      TCP(bytes_acked) },
    { "bytes retransmitted", "payload sent again", NEEDS_INFO, put_u64,
      TCP(bytes_retransmitted) },
    { "bytes received", "payload that came, in order", NEEDS_INFO, put_u64,
      TCP(bytes_received) },
    { "segments out", "sent", NEEDS_INFO, put_u32, TCP(segs_out) },
    { "segments in", "received, bare ACKs included", NEEDS_INFO, put_u32, TCP(segs_in) },
    { "data sent ago", "since payload was last sent", NEEDS_INFO, put_sent_ago, 0 },
    { "data received ago", "since payload last came", NEEDS_INFO, put_received_ago, 0 },
    { "pacing rate", "bytes/s at most, so that no burst fills a queue on the way", NEEDS_INFO,
      put_u64, TCP(pacing_rate) },
    { "delivery rate", "bytes/s that arrived of late", NEEDS_INFO, put_u64, TCP(delivery_rate) },
    { "busy time", "there was something to send", NEEDS_INFO, put_us_long, TCP(busy_us) },
    { "rwnd-limited time", "of it: the peer's window was full", NEEDS_INFO, put_us_long,
      TCP(rwnd_limited_us) },
    { "sndbuf-limited time", "of it: our send buffer was too small", NEEDS_INFO, put_us_long,
      TCP(sndbuf_limited_us) },
    { "congestion control", "the algorithm that sets cwnd", NEEDS_INFO, put_string,
      TCP(congestion) },
    { NULL, NULL, 0, NULL, 0 },
};

static bool
is_kernels(const struct info_row *row)
{
    return (row->needs & (NEEDS_TCP | NEEDS_INFO)) != 0 || row->meaning == NULL;
}

/* Of all rows or of the kernel's alone, and of the socket options. */
static bool
take_field(size_t i, bool of_kernel, struct choice *choice)
{
    for (const struct info_row *row = info_rows; row->name != NULL; row++)
        if ((!of_kernel || is_kernels(row)) && i-- == 0) {
            *choice = (struct choice) {
                row->name, row->meaning != NULL ? row->meaning : "where the connection stands",
            };
            return true;
        }
    if (i >= SOCKET_OPTIONS)
        return false;
    *choice = (struct choice) { insight_option_infos[i].name, insight_option_infos[i].meaning };
    return true;
}

bool
choice_kernel_fields(size_t i, struct choice *choice)
{
    return take_field(i, true, choice);
}

bool
choice_info_fields(size_t i, struct choice *choice)
{
    return take_field(i, false, choice);
}
