/* settings.h - what a connection is told when it begins and may be told anew at
 * any time. A value: it crosses threads and processes. */
#ifndef SOCKDECK_SERVE_SETTINGS_H
#define SOCKDECK_SERVE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/base/duration.h"
#include "sockdeck/event/event.h"

/* The handlers, what an accepted connection does with what it receives. One more is
 * an entry here and its function in handler.c.
 *    constant  name     reads   answers  function        summary */
#define HANDLERS(X) \
    X(PRINT,  "print",  true,   false,   answer_nothing, "show what comes, answer nothing") \
    X(ECHO,   "echo",   true,   true,    answer_same,    "send back what comes") \
    X(PONG,   "pong",   true,   true,    answer_pong,    "answer each message with pong") \
    X(STALL,  "stall",  false,  false,   answer_nothing, "accept and never read")

enum handler_id {
#define HANDLER_ENUM(constant, name, reads, answers, function, summary) HANDLER_##constant,
    HANDLERS(HANDLER_ENUM)
#undef HANDLER_ENUM
    HANDLER_COUNT
};
enum eol_id { EOL_NONE, EOL_LF, EOL_CR, EOL_CRLF, EOL_COUNT };
/* Default: accepted connections close, dialled ones are kept. */
enum then_id { THEN_DEFAULT, THEN_CLOSE, THEN_KEEP };
/* Part: the first 4 KiB of a message, may be left out. Whole: all of it, waits for room. */
enum capture { CAPTURE_PART, CAPTURE_WHOLE };

struct settings {
    int64_t timeout_ns[TIMEOUT_KINDS];  /* DURATION_NONE, 0, or the limit; idle has no
                                           call to return at once, so its 0 is as none */
    int64_t work_ns;                    /* passes before an answer */
    int64_t accept_delay_ns;            /* listener: passes before each accept */
    uint32_t recv_size;                 /* the n of recv(n): 1 to RECV_MAX */
    uint8_t handler;                    /* enum handler_id */
    uint8_t work_blocks;                /* work really blocks the thread */
    uint8_t read_then, on_eof;          /* enum then_id */
    uint8_t eol;                        /* enum eol_id, what send appends */
    uint8_t capture;                    /* enum capture */
    uint8_t paused;             /* reading is held: by pause and resume, not by SETTINGS */
    uint8_t pad;
};

enum { RECV_DEFAULT = 1024, RECV_MAX = 1 << 20, CAPTURE_PART_BYTES = 4096 };

void settings_init(struct settings *settings);  /* the contract's defaults */

/* What a request may change in settings, so that a change of one says nothing
 * of the others. Bit i < TIMEOUT_KINDS is that timeout. */
enum settings_bits {
    SET_WORK = 1 << 8, SET_HANDLER = 1 << 9, SET_READ_THEN = 1 << 10, SET_ON_EOF = 1 << 11,
    SET_EOL = 1 << 12, SET_CAPTURE = 1 << 13, SET_RECV = 1 << 14, SET_ACCEPT_DELAY = 1 << 15,
};
void settings_change(struct settings *settings, const struct settings *values, uint32_t bits);

/* Tables: names, and one line of help each. */
struct named { const char *name; const char *summary; };
extern const struct named handler_names[HANDLER_COUNT];
extern const struct named eol_names[EOL_COUNT];
extern const char *const eol_bytes[EOL_COUNT];  /* "", "\n", "\r", "\r\n" */
extern const struct named then_names[3];        /* "default" "close" "keep" */

#endif
