/* wall.c - which wall clock time belongs to a stamp, also after the clock was set. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"

#include "model_private.h"

/* Less than this is the noise of reading two clocks, or a clock being slewed. */
#define JUMP_NS NS_PER_MS

void
wall_note(struct wall *wall, int64_t stamp_ns, int64_t offset_ns)
{
    if (wall->count > 0 && llabs(offset_ns - wall->spans[wall->count - 1].offset_ns) < JUMP_NS)
        return;
    if (wall->count == WALL_SPANS) {
        memmove(wall->spans, wall->spans + 1, (WALL_SPANS - 1) * sizeof(*wall->spans));
        wall->count--;
    }
    wall->spans[wall->count++] = (struct wall_span) { stamp_ns, offset_ns };
}

int64_t
wall_at(const struct wall *wall, int64_t stamp_ns)
{
    size_t i = wall->count;

    if (i == 0)
        return stamp_ns;
    while (i > 1 && wall->spans[i - 1].from_ns > stamp_ns)
        i--;
    return stamp_ns + wall->spans[i - 1].offset_ns;
}
