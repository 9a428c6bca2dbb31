/* event.h - what can happen: one list of event types, one record layout.
 *
 * A record is written at the system call, by the thread that made it, and read
 * by everything above. It crosses processes, so it holds values only: a fixed
 * header, a detail by type, and data_size bytes behind it (a message's bytes, an
 * address pair, a sentence). Records are 8-byte aligned. */
#ifndef SOCKDECK_EVENT_EVENT_H
#define SOCKDECK_EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_DEBUG, SEVERITY_INFO, SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_ERROR };

/* Where the screen shows a record. INTERNAL ones steer the console itself and
 * are in no pane and no output. */
enum event_pane { PANE_INTERNAL, PANE_EVENTS, PANE_MESSAGES, PANE_CALLS };

/*    constant    JSON name      severity          pane             must arrive */
#define EVENT_TYPES(X) \
    X(START,      "start",       SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(LISTENING,  "listening",   SEVERITY_NOTICE,  PANE_EVENTS,     true)  \
    X(STOPPED,    "stopped",     SEVERITY_NOTICE,  PANE_EVENTS,     true)  \
    X(MODE,       "mode",        SEVERITY_NOTICE,  PANE_EVENTS,     true)  \
    X(WORKER,     "worker",      SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(QUEUE,      "queue",       SEVERITY_WARNING, PANE_EVENTS,     true)  \
    X(CONNECTING, "connecting",  SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(CONNECTED,  "connected",   SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(ACCEPTED,   "accepted",    SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(RECEIVED,   "received",    SEVERITY_INFO,    PANE_MESSAGES,   false) \
    X(SENT,       "sent",        SEVERITY_INFO,    PANE_MESSAGES,   false) \
    X(PING,       "ping",        SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(TIMEOUT,    "timeout",     SEVERITY_WARNING, PANE_EVENTS,     true)  \
    X(ERROR,      "error",       SEVERITY_ERROR,   PANE_EVENTS,     true)  \
    X(EOF,        "eof",         SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(CLOSED,     "closed",      SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(SHUTDOWN,   "shutdown",    SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(CALL,       "call",        SEVERITY_DEBUG,   PANE_CALLS,      false) \
    X(MATCHED,    "matched",     SEVERITY_INFO,    PANE_EVENTS,     true)  \
    X(TABLE,      "table",       SEVERITY_INFO,    PANE_INTERNAL,   true)  \
    X(DONE,       "done",        SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(FAILED,     "failed",      SEVERITY_ERROR,   PANE_EVENTS,     true)  \
    X(LOST,       "lost",        SEVERITY_WARNING, PANE_EVENTS,     true)  \
    X(GAUGE,      "gauge",       SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(SETTINGS,   "settings",    SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(REPLY,      "reply",       SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(RETIRED,    "retired",     SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(LENS,       "lens",        SEVERITY_DEBUG,   PANE_INTERNAL,   true)  \
    X(WAITS,      "waits",       SEVERITY_DEBUG,   PANE_INTERNAL,   true)

enum event_type {
#define EVENT_ENUM(constant, name, severity, pane, must) EVENT_##constant,
    EVENT_TYPES(EVENT_ENUM)
#undef EVENT_ENUM
    EVENT_TYPE_COUNT
};

struct event_info {
    const char *name;           /* as JSON writes it */
    enum severity severity;     /* unless the record says otherwise */
    enum event_pane pane;
    bool must_arrive;           /* waits for room in the ring, never left out */
};

extern const struct event_info event_infos[EVENT_TYPE_COUNT];

/* --- words that details use; each has a table of names (event_*_names) ------- */

enum timeout_kind { TIMEOUT_CONNECT, TIMEOUT_ACCEPT, TIMEOUT_READ, TIMEOUT_SEND, TIMEOUT_IDLE,
                    TIMEOUT_KINDS };
enum worker_state { WORKER_STARTED, WORKER_EXITED, WORKER_KILLED, WORKER_STOPPED,
                    WORKER_CONTINUED, WORKER_STATES };
enum queue_state { QUEUE_WAITING, QUEUE_FULL, QUEUE_EMPTY, QUEUE_STATES };
enum closed_by { BY_PEER, BY_US, BY_TIMEOUT, BY_ERROR, BY_COUNT };
enum closed_how { HOW_FIN, HOW_RST, HOW_COUNT };
enum shutdown_which { SHUTDOWN_READ, SHUTDOWN_WRITE, SHUTDOWN_BOTH, SHUTDOWN_COUNT };
enum call_name { CALL_NONE, CALL_SOCKET, CALL_BIND, CALL_LISTEN, CALL_ACCEPT, CALL_CONNECT,
                 CALL_RECV, CALL_SEND, CALL_SHUTDOWN, CALL_CLOSE, CALL_SETSOCKOPT,
                 CALL_GETADDRINFO, CALL_FORK, CALL_PTHREAD_CREATE, CALL_POLL,
                 /* as the kernel knows recv and send, and what only the lens shows */
                 CALL_RECVFROM, CALL_SENDTO, CALL_GETSOCKOPT, CALL_GETSOCKNAME,
                 CALL_COUNT };

extern const char *const event_timeout_names[TIMEOUT_KINDS];    /* "connect" ... */
extern const char *const event_worker_names[WORKER_STATES];     /* "started" ... */
extern const char *const event_by_names[BY_COUNT];              /* "peer" "us" ... */
extern const char *const event_how_names[HOW_COUNT];            /* "fin" "rst" */
extern const char *const event_shutdown_names[SHUTDOWN_COUNT];
extern const char *const event_call_names[CALL_COUNT];          /* "accept4" ... */

/* --- details ------------------------------------------------------------------ */

struct event_listening { uint32_t mode; uint32_t workers; uint32_t backlog; };  /* + stopped; data: "ADDR" */
#define EVENT_MODE_HOLE UINT32_MAX      /* listening and stopped: of a black hole, which serves nobody */
struct event_mode { uint32_t from, to; uint32_t workers; };
struct event_worker { uint32_t state; int32_t signal; int32_t status; uint32_t ring;
                      int64_t cost_ns;                  /* started: what that took */
                      int64_t restart_ns; };            /* exited, killed: it died at once, so another
                                                           one starts only then; 0: it did not */
struct event_queue { uint32_t state; uint32_t waiting; uint32_t limit; };     /* + gauge: state means nothing */
/* connecting, connected, accepted; data: "PEER\0LOCAL\0" (numeric, "[v6]:port") */
/* accepted: what starting its own thread or process took, from before the call to its
 * first instruction; start_call: that call, CALL_NONE when it has none of its own. */
struct event_peer { int64_t took_ns; uint32_t start_call; };
/* received, sent. bytes: all of it; data: what was kept. The rest is the model's own, 0 before
 * it: bytes of a character that earlier messages began (carry, carried of them); how
 * many bytes at the end begin one (held); a later message has finished it (hides_end). */
struct event_message { uint64_t bytes; uint8_t carried, held, hides_end; char carry[3]; };
struct event_ping { uint32_t seq; uint32_t bytes; int64_t rtt_ns; uint32_t limit_ms; };
                                                        /* rtt -1: lost; data when EVENT_LAST: struct ping_summary */
struct event_timeout { uint32_t kind; uint32_t closes; int64_t limit_ns, after_ns; uint64_t taken; };
                                                        /* taken: bytes the kernel took of a cut send */
struct event_error { int32_t code; uint32_t call; uint32_t severity; uint32_t would_block; };
                                                        /* code: errno > 0; data: the sentence, or none */
struct event_closed { uint64_t in, out; int64_t open_ns; uint32_t unacked;
                      uint8_t by, how, uncertain, fate; };
                                                        /* fate: an enum status, what a waiting command fails with;
                                                           data: how many received bytes nobody read, a uint32_t;
                                                           none when 0 */
struct event_shutdown { uint32_t which; };
/* result: a negative errno where it failed; plain: the call's plain numbers, and data its
 * bytes or its address (net/call.h says which). Its stamp is when it returned, a send's,
 * a shutdown's and a close's when it was entered (net/lens.h); with EVENT_BEGUN it has only
 * been entered. */
struct event_call { uint32_t call; int32_t fd; int64_t result; int64_t took_ns; uint32_t plain[2]; };
/* WAITS: which limits of a connection, or with conn 0 of a listener, run from now on (bit i:
 * timeout kind i), and since when (accept: active_ns). Read and idle begin anew with each
 * byte, accept with each client, without a record. */
struct event_waits { uint32_t running; uint32_t pad; int64_t read_since_ns, send_since_ns, active_ns; };
/* LENS: the syscall lens was switched; what was in progress is no longer watched. */
struct event_lens { uint32_t is_on; };
struct event_lost { uint64_t count; };
/* RETIRED (no detail): a host accepts no more; with EVENT_LAST: it has left. */
/* REPLY: a request has ended. data: a sentence when it failed (may be empty), or what it
 * asked for. */
struct event_reply { uint32_t request; int32_t code; uint32_t object; uint32_t status; };

struct ping_summary {
    uint32_t sent, replied, lost;
    uint32_t request;           /* the request that asked for the run */
    int64_t min_ns, avg_ns, p50_ns, p99_ns, max_ns;     /* -1 when none replied */
};

enum event_flags {
    EVENT_MORE = 1 << 0,        /* the message goes on in the next record of this conn */
    EVENT_CUT = 1 << 1,         /* data holds only the first part of the message */
    EVENT_LEFT_OUT = 1 << 2,    /* the ring was nearly full: the bytes were left out */
    EVENT_LAST = 1 << 3,        /* ping: the last of a run */
    EVENT_DIALLED = 1 << 4,     /* of a connection that we dialled */
    EVENT_URGENT = 1 << 5,      /* wakes the collector even while it is draining */
    EVENT_BEGUN = 1 << 6,       /* call: in progress; its end is a record of its own */
    EVENT_EXPLAINED = 1 << 7,   /* the model's own: the cause, as it was known then, ends the data */
    EVENT_NEVER_OPEN = 1 << 8,  /* closed: of an attempt to connect that failed */
};

struct event {
    uint32_t size;              /* of the whole record, a multiple of 8 */
    uint16_t type;              /* enum event_type */
    uint16_t flags;             /* enum event_flags */
    int64_t stamp_ns;           /* monotonic, taken at the system call: before one that the
                                   peer sees the effect of, after any other */
    uint32_t conn;              /* #N, 0 for none */
    uint16_t listener;          /* LN, 0 for none */
    uint16_t worker;            /* WN, 0 for none */
    int32_t pid, tid;           /* who did it; 0 for none */
    union {
        struct event_listening listening;
        struct event_mode mode;
        struct event_worker worker;
        struct event_queue queue;
        struct event_peer peer;
        struct event_message message;
        struct event_ping ping;
        struct event_timeout timeout;
        struct event_error error;
        struct event_closed closed;
        struct event_shutdown shutdown;
        struct event_call call;
        struct event_waits waits;
        struct event_lens lens;
        struct event_lost lost;
        struct event_reply reply;
    } u;
    uint32_t data_size;         /* bytes in data */
    uint32_t host;              /* the engine's number of the host that published it, 0: none */
    char data[];
};

#define EVENT_SIZE(data_size) \
    ((uint32_t)((sizeof(struct event) + (size_t)(data_size) + 7) & ~(size_t)7))

/* The severity of this record (an error record carries its own; a queue that is empty
 * again is no warning). */
enum severity event_severity(const struct event *event);

/* "timed out", "refused": how an attempt to connect ended, that no FIN and no peer ended. */
const char *event_attempt_words(const struct event_closed *closed);

/* The first and second string of a "PEER\0LOCAL\0" data; "" when missing. */
const char *event_peer_text(const struct event *event);
const char *event_local_text(const struct event *event);

#endif
