/* countdown.h - the nearest deadline of a connection, as far as its row and its owner tell:
 * which kind it is, and how long is left. Pure. */
#ifndef SOCKDECK_UI_COUNTDOWN_H
#define SOCKDECK_UI_COUNTDOWN_H

#include <stdbool.h>
#include <stdint.h>

struct connection;

struct countdown {
    int kind;                   /* enum timeout_kind, -1: nothing counts */
    int64_t ends_ns, limit_ns;
};

/* send_since_ns: when the send that waits began, 0: none, or not known. A deadline that has
 * passed and ended nothing was reported: it counts no more. */
struct countdown countdown_nearest(const struct connection *c, int64_t send_since_ns,
                                   int64_t now_ns);

/* "3.2 s", "29 s", "12m05s": tenths only where they are fine enough to run. */
void countdown_text(char buf[static 32], const struct countdown *countdown, int64_t now_ns,
                    bool has_motion);
/* When that text changes, CLOCK_NEVER when nothing counts. */
int64_t countdown_next_ns(const struct countdown *countdown, int64_t now_ns, bool has_motion);

/* How long an open one has been there: "<1m", "5m", "3h", "12d". */
void countdown_age(char buf[static 32], int64_t age_ns);
int64_t countdown_age_next_ns(int64_t begun_ns, int64_t now_ns);

#endif
