/* burst.h - many connections that come and go, or lose pings, within moments: one line with
 * counts.
 *
 * A burst is an unbroken run of records that tell of ordinary coming and going
 * (connecting, connected, accepted, eof, a clean close or reset), each at most two seconds
 * after the one before, of one listener and of what we dial; or of lost pings alike. All else
 * breaks it. */
#ifndef SOCKDECK_UI_BURST_H
#define SOCKDECK_UI_BURST_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct event;

enum { BURST_KINDS = 9, BURST_MANY = 8 };

/* All zero: nothing yet. */
struct burst {
    uint32_t counts[BURST_KINDS];
    uint32_t low, high;         /* ids of its connections */
    uint32_t listener;          /* 0: only what we dial so far */
    int64_t last_ns;
};

/* Whether the record may be its next. */
bool burst_takes(const struct burst *burst, const struct event *event);
void burst_add(struct burst *burst, const struct event *event);
/* More than BURST_MANY of one kind: single lines are no longer read. */
bool burst_is_many(const struct burst *burst);
/* "1000 accepted, 998 closed by peer (FIN): #1 to #1000" */
void burst_write(struct buffer *out, const struct burst *burst);

#endif
