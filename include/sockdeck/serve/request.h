/* request.h - what the user says, on its way to the thread or process that owns
 * the connection. A value; sent as one SOCK_SEQPACKET message with data behind
 * it. Each has an id and gets exactly one EVENT_REPLY. */
#ifndef SOCKDECK_SERVE_REQUEST_H
#define SOCKDECK_SERVE_REQUEST_H

#include <stdint.h>

#include "sockdeck/serve/settings.h"

enum request_type {
    /* of the engine itself */
    REQUEST_LISTEN, REQUEST_DIAL,
    REQUEST_HOLE,               /* a black hole; data: struct endpoint, on loopback */
    REQUEST_MODE, REQUEST_CLOSE_LISTENER, REQUEST_KILL,
    REQUEST_DEFAULTS,           /* settings for what is made later */
    REQUEST_CALLS,              /* the syscall lens on or off */
    REQUEST_CATCH_UP,           /* replied when the sink has what was published before */
    REQUEST_CANCEL,             /* ends the request that u.cancel names early */
    REQUEST_QUIT,               /* close everything in order */
    /* of a listener (conn 0) or of one connection */
    REQUEST_SETTINGS,           /* listener: its open and its coming connections */
    REQUEST_INSPECT,            /* replied with a struct inspection */
    /* of one connection */
    REQUEST_SEND,               /* data; replied when the kernel has taken all of it */
    REQUEST_PING,               /* replied when the last reply or loss has been reported */
    REQUEST_PAUSE, REQUEST_RESUME,
    REQUEST_SHUTDOWN, REQUEST_CLOSE, REQUEST_RESET,
    /* of a host, from the engine only */
    REQUEST_RETIRE,             /* accept no more, leave when the last connection has ended */
    REQUEST_LIMIT,              /* another share (to the engine: another limit) */
    REQUEST_TYPES
};

struct request_listen { uint32_t mode, workers, backlog; struct settings settings; };   /* data: struct endpoint */
struct request_dial { uint32_t has_from; uint32_t bits; struct settings settings; };    /* data: struct endpoint to [, from] (on the way to the client loop: struct address [from,] to ...); bits: which of settings override the defaults */
struct request_mode { uint32_t mode, workers; };        /* workers 0: as before */
struct request_kill { uint32_t worker; int32_t signal; };
struct request_settings { uint32_t bits; struct settings values; };
struct request_ping { uint32_t count, size; int64_t interval_ns, wait_ns; int32_t eol; };   /* eol -1: the connection's */
struct request_send { uint32_t continues; };            /* the same send goes on: its timeout too */
struct request_shutdown { uint32_t which; };
struct request_cancel { uint32_t request; };
struct request_limit { uint32_t max_connections; };
struct request_calls { uint32_t is_on; };

struct request {
    uint32_t id;                /* from engine_post; 0: no reply is given */
    uint32_t type;              /* enum request_type */
    uint32_t conn;              /* #N, or 0 */
    uint32_t listener;          /* LN, or 0 */
    union {
        struct request_listen listen;
        struct request_dial dial;
        struct request_mode mode;
        struct request_kill kill;
        struct request_settings settings;
        struct request_ping ping;
        struct request_send send;
        struct request_shutdown shutdown;
        struct request_cancel cancel;
        struct request_limit limit;
        struct request_calls calls;
    } u;
    uint32_t data_size;
    uint32_t reserved;
};

/* The most data one request carries; longer data goes in several, one after the
 * reply to the other, so that memory stays bounded. */
enum { REQUEST_DATA_MAX = 64 * 1024 };

#endif
