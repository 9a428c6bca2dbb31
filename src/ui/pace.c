/* pace.c - see pace.h. */
#include "config.h"

#include "sockdeck/ui/pace.h"

#include "sockdeck/base/clock.h"

#define FRAME_NS (NS_PER_S / 30)
#define CROWDED_NS (NS_PER_S / 5)

enum { READABLE_PER_S = 10000 };        /* events: 300 in a frame, more than a screen has rows */

void
pace_drawn(struct pace *pace, int64_t now_ns, uint64_t events)
{
    const double elapsed_s = (double)(now_ns - pace->drawn_ns) / NS_PER_S;
    const double arrived = (double)(events - pace->events);

    pace->news_period_ns = arrived > READABLE_PER_S * elapsed_s ? CROWDED_NS : FRAME_NS;
    pace->drawn_ns = now_ns;
    pace->events = events;
}

int64_t
pace_for_a_person_ns(const struct pace *pace)
{
    return pace->drawn_ns + FRAME_NS;
}

int64_t
pace_for_news_ns(const struct pace *pace)
{
    return pace->drawn_ns + pace->news_period_ns;
}
