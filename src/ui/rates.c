/* rates.c - bytes and messages a second. */
#include "config.h"

#include "sockdeck/ui/rates.h"

#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"

enum { SAMPLE_MS = 250 };

static struct rate_sample *
newest(struct rates *rates)
{
    return &rates->samples[rates->count - 1];
}

static void
add_sample(struct rates *rates, const struct rate_sample *sample)
{
    if (rates->count == RATES_SAMPLES) {
        memmove(&rates->samples[0], &rates->samples[1],
                (RATES_SAMPLES - 1) * sizeof(rates->samples[0]));
        rates->count--;
    }
    rates->samples[rates->count++] = *sample;
}

/* A long silence is no part of the next rate: it starts a sample ago. */
static void
drop_silence(struct rates *rates, int64_t now_ns)
{
    if (rates->count == 0 || rates_deadline(rates) != CLOCK_NEVER)
        return;
    rates->samples[0] = *newest(rates);
    rates->count = 1;
    if (now_ns - rates->samples[0].at_ns > NS_PER_S)
        rates->samples[0].at_ns = now_ns - SAMPLE_MS * NS_PER_MS;
}

void
rates_update(struct rates *rates, const struct totals *totals, int64_t now_ns)
{
    struct rate_sample now = { now_ns, totals->in, totals->out,
                               totals->in_messages + totals->out_messages };
    const struct rate_sample *first;
    double seconds;

    if (rates->count > 0 && now_ns - newest(rates)->at_ns < SAMPLE_MS * NS_PER_MS)
        return;
    drop_silence(rates, now_ns);
    add_sample(rates, &now);
    first = &rates->samples[0];
    seconds = (double)(now_ns - first->at_ns) / (double)NS_PER_S;
    if (rates->count < 2 || seconds <= 0.0)
        return;
    rates->in = (double)(now.in - first->in) / seconds;
    rates->out = (double)(now.out - first->out) / seconds;
    rates->messages = (double)(now.messages - first->messages) / seconds;
}

int64_t
rates_deadline(const struct rates *rates)
{
    const struct rate_sample *first = &rates->samples[0], *last;

    if (rates->count == 0)
        return CLOCK_NEVER;
    last = &rates->samples[rates->count - 1];
    if (first->in == last->in && first->out == last->out && first->messages == last->messages)
        return CLOCK_NEVER;
    return last->at_ns + SAMPLE_MS * NS_PER_MS;
}
