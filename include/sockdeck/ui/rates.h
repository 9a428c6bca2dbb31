/* rates.h - bytes and messages a second, from totals looked at now and then. Pure. */
#ifndef SOCKDECK_UI_RATES_H
#define SOCKDECK_UI_RATES_H

#include <stdbool.h>
#include <stdint.h>

struct totals;

enum { RATES_SAMPLES = 5 };

struct rate_sample { int64_t at_ns; uint64_t in, out, messages; };

struct rates {
    struct rate_sample samples[RATES_SAMPLES];  /* the oldest first, 250 ms apart */
    int count;
    double in, out, messages;   /* a second, over the last second */
};

/* Takes the totals as they are at now_ns. */
void rates_update(struct rates *rates, const struct totals *totals, int64_t now_ns);

/* When to look again so that the rates fall to zero; CLOCK_NEVER when they are. */
int64_t rates_deadline(const struct rates *rates);

#endif
