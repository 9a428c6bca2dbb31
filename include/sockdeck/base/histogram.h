/* histogram.h - a log-linear histogram of non-negative values, as HdrHistogram keeps
 * one: exact counts in a fixed number of buckets, percentiles within a known error.
 *
 * FORMULA. With H = HISTOGRAM_HALF (128): a value below 2H has a bucket of its own. A
 * larger one has e = floor(log2(value)) - log2(H), and lies in bucket
 *     e * H + (value >> e)
 * which holds the 2^e values from (value >> e) << e on. So each power of two is divided
 * into H buckets of one width.
 * ERROR. A percentile is the middle of the bucket that holds it, kept within the least
 * and the greatest value: at most 1/(2H) = 0.4 % from the true one. Count, least
 * and greatest are exact. Values above HISTOGRAM_MOST (2^42 - 1: 73 minutes in
 * nanoseconds) share the last bucket; of these only the greatest is known.
 *
 * A value type of 35 KiB; one thread at a time. */
#ifndef SOCKDECK_BASE_HISTOGRAM_H
#define SOCKDECK_BASE_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_HALF_BITS = 7,
    HISTOGRAM_HALF = 1 << HISTOGRAM_HALF_BITS,
    HISTOGRAM_MOST_BITS = 42,
    HISTOGRAM_BUCKETS = (HISTOGRAM_MOST_BITS - HISTOGRAM_HALF_BITS + 1) * HISTOGRAM_HALF,
};
#define HISTOGRAM_MOST ((INT64_C(1) << HISTOGRAM_MOST_BITS) - 1)

struct histogram {
    uint64_t count;
    int64_t least, greatest;    /* of nothing when count is 0 */
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_init(struct histogram *histogram);
/* A negative value counts as 0. */
void histogram_add(struct histogram *histogram, int64_t value);

/* The value that the part of all values (0.99: 99 %) does not exceed: that of rank
 * ceil(part * count), at least 1. 0 of an empty one. */
int64_t histogram_at(const struct histogram *histogram, double part);

#endif
