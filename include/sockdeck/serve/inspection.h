/* inspection.h - what only the owner of a socket can tell of it: the answer to
 * REQUEST_INSPECT, as the data of its reply. A value. */
#ifndef SOCKDECK_SERVE_INSPECTION_H
#define SOCKDECK_SERVE_INSPECTION_H

#include <stdint.h>

#include "sockdeck/event/event.h"
#include "sockdeck/net/address.h"
#include "sockdeck/net/insight.h"

struct inspection {
    int64_t since_ns[TIMEOUT_KINDS];    /* monotonic: when that wait began; 0: none goes on */
    int32_t options[SOCKET_OPTIONS];    /* OPTION_NOT_TOLD where there is none */
    uint32_t pad;
    uint64_t queued;                    /* bytes that wait here for room in the kernel */
    char local[ADDRESS_TEXT];           /* also while connecting; "" for none */
};

/* What a reply carries. */
_Static_assert(sizeof(struct inspection) < 256, "an inspection fits into a reply");

#endif
