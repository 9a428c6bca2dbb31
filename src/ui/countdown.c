/* countdown.c - deadlines and ages, as they are shown. */
#include "config.h"

#include "sockdeck/ui/countdown.h"

#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"

#define TENTH_NS (100 * NS_PER_MS)
#define MINUTE_NS (60 * NS_PER_S)

/* Below this, tenths of a second are shown. */
#define FINE_NS (10 * NS_PER_S)

/* From here on, no seconds. */
#define COARSE_NS (6000 * NS_PER_S)

static int64_t
left_of(const struct deadline *deadline, int64_t now_ns)
{
    int64_t left_ns = deadline->since_ns + deadline->limit_ns - now_ns;

    return left_ns > 0 ? left_ns : 0;
}

/* How much less must be left for the text to be another one. */
static int64_t
step_of(int64_t left_ns, bool has_motion)
{
    if (left_ns >= COARSE_NS)
        return MINUTE_NS;
    return has_motion && left_ns < FINE_NS ? TENTH_NS : NS_PER_S;
}

void
countdown_text(char buf[static 32], const struct deadline *deadline, int64_t now_ns,
               bool has_motion)
{
    int64_t left_ns = left_of(deadline, now_ns), seconds = left_ns / NS_PER_S;

    if (step_of(left_ns, has_motion) == TENTH_NS)
        snprintf(buf, 32, "%d.%d s", (int)seconds, (int)(left_ns / TENTH_NS % 10));
    else if (seconds < 100)
        snprintf(buf, 32, "%d s", (int)seconds);
    else if (left_ns < COARSE_NS)
        snprintf(buf, 32, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    else
        snprintf(buf, 32, "%dh%02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
}

int64_t
countdown_next_ns(const struct deadline *deadline, int64_t now_ns, bool has_motion)
{
    int64_t left_ns = left_of(deadline, now_ns), step_ns = step_of(left_ns, has_motion);

    if (left_ns < step_ns)
        return CLOCK_NEVER;
    return now_ns + left_ns % step_ns + 1;
}

void
countdown_age(char buf[static 32], int64_t age_ns)
{
    int64_t minutes = age_ns / MINUTE_NS;

    if (minutes < 1)
        snprintf(buf, 32, "<1m");
    else if (minutes < 100)
        snprintf(buf, 32, "%dm", (int)minutes);
    else if (minutes < 60 * 100)
        snprintf(buf, 32, "%dh", (int)(minutes / 60));
    else
        snprintf(buf, 32, "%dd", (int)(minutes / 60 / 24));
}

int64_t
countdown_age_next_ns(int64_t begun_ns, int64_t now_ns)
{
    int64_t age_ns = now_ns > begun_ns ? now_ns - begun_ns : 0;

    return begun_ns + (age_ns / MINUTE_NS + 1) * MINUTE_NS;
}
