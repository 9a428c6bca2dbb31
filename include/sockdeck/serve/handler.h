/* handler.h - what a connection does with the bytes that it receives: one const
 * entry each. The list itself is HANDLERS in settings.h. Pure; any thread. */
#ifndef SOCKDECK_SERVE_HANDLER_H
#define SOCKDECK_SERVE_HANDLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/serve/settings.h"

/* Bytes that live as long as what they were made from: the message, or for ever. */
struct answer { const char *data; size_t n; };

struct handler {
    const char *name;
    const char *summary;
    bool reads;             /* false: never receives */
    bool answers;           /* it does not read while an earlier answer is still queued */
    /* What to send back for one message (the bytes of one recv); n 0: nothing. */
    struct answer (*answer)(const char *data, size_t n);
};

extern const struct handler handlers[HANDLER_COUNT];

/* The entry of an enum handler_id; print for a number that is none. */
const struct handler *handler_get(uint8_t id);

#endif
