/* pulse.h - what is measured of each connection in sight, twice a second while something
 * goes on: bytes a second with a short past, and what the kernel holds. What is quiet is not
 * looked at; bytes that lie in the kernel and do not move, less and less often. UI thread
 * only. */
#ifndef SOCKDECK_UI_PULSE_H
#define SOCKDECK_UI_PULSE_H

#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/model/model.h"

enum { PULSE_PAST = 7, PULSES = 512 };

struct pulse {
    uint32_t id;                /* 0: nobody's */
    uint8_t state;              /* of its row, when the kernel was asked */
    bool has_tcp;
    uint8_t tcp_state;
    uint32_t rtt_us;
    uint32_t unsent, unread;    /* bytes in the kernel: of ours not acknowledged, of theirs not read */
    uint32_t sndbuf, rcvbuf;
    uint64_t bytes;             /* in and out, at the last look */
    double past[PULSE_PAST];    /* bytes a second, the newest last */
};

struct pulses {
    struct pulse slots[PULSES]; /* by id */
    int64_t looked_ns;          /* at all rows, 0: never */
    int64_t asked_ns;           /* at any */
    int calm;                   /* looks in a row that saw nothing new */
    int64_t next_ns;            /* when to look again, CLOCK_NEVER: when there is news */
};

void pulses_init(struct pulses *pulses);

/* Looks at the rows when it is time. period_ns: the least between two looks. */
void pulses_update(struct pulses *pulses, const struct connection *rows, int count,
                   int64_t now_ns, int64_t period_ns);

/* What is known of that connection, NULL: nothing. */
const struct pulse *pulses_of(const struct pulses *pulses, uint32_t id);

#endif
