/* histogram.c - see histogram.h. */
#include "config.h"

#include "sockdeck/base/histogram.h"

#include <string.h>

static uint32_t
bucket_of(int64_t value)
{
    int e;

    if (value < 2 * HISTOGRAM_HALF)
        return (uint32_t)value;
    e = 63 - __builtin_clzll((unsigned long long)value) - HISTOGRAM_HALF_BITS;
    return (uint32_t)(e * HISTOGRAM_HALF + (value >> e));
}

/* The middle of what lies in the bucket. */
static int64_t
value_of(uint32_t bucket)
{
    int e;

    if (bucket < 2 * HISTOGRAM_HALF)
        return bucket;
    e = (int)bucket / HISTOGRAM_HALF - 1;
    return ((int64_t)(bucket - (uint32_t)e * HISTOGRAM_HALF) << e) + (INT64_C(1) << e) / 2;
}

static int64_t
within(int64_t value, int64_t least, int64_t greatest)
{
    return value < least ? least : value > greatest ? greatest : value;
}

void
histogram_init(struct histogram *histogram)
{
    memset(histogram, 0, sizeof(*histogram));
    histogram->least = INT64_MAX;
}

void
histogram_add(struct histogram *histogram, int64_t value)
{
    if (value < 0)
        value = 0;
    histogram->buckets[bucket_of(value < HISTOGRAM_MOST ? value : HISTOGRAM_MOST)]++;
    histogram->count++;
    if (value < histogram->least)
        histogram->least = value;
    if (value > histogram->greatest)
        histogram->greatest = value;
}

static uint64_t
rank_of(double part, uint64_t count)
{
    double exact = part * (double)count;
    uint64_t rank = (uint64_t)exact;

    if ((double)rank < exact)
        rank++;
    return rank < 1 ? 1 : rank > count ? count : rank;
}

int64_t
histogram_at(const struct histogram *histogram, double part)
{
    uint64_t left;
    uint32_t i = 0;

    if (histogram->count == 0)
        return 0;
    left = rank_of(part, histogram->count);
    while (left > histogram->buckets[i])
        left -= histogram->buckets[i++];
    if (i == HISTOGRAM_BUCKETS - 1)
        return histogram->greatest;
    return within(value_of(i), histogram->least, histogram->greatest);
}
