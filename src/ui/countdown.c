/* countdown.c - deadlines and ages, as they are shown. */
#include "config.h"

#include "sockdeck/ui/countdown.h"

#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"

#define TENTH_NS (100 * NS_PER_MS)
#define MINUTE_NS (60 * NS_PER_S)
#define HOUR_NS (60 * MINUTE_NS)
#define DAY_NS (24 * HOUR_NS)

/* How fine it is told from here on: in steps of so much. */
struct range { int64_t from_ns, step_ns; };

enum { RANGES = 3 };

static const struct range ranges[][RANGES] = {
    [COUNTDOWN_FINE] = { { 100 * MINUTE_NS, MINUTE_NS }, { 10 * NS_PER_S, NS_PER_S }, { 0, TENTH_NS } },
    [COUNTDOWN_CALM] = { { 100 * MINUTE_NS, MINUTE_NS }, { 0, NS_PER_S } },
    [COUNTDOWN_SHORT] = { { 100 * MINUTE_NS, HOUR_NS }, { 100 * NS_PER_S, MINUTE_NS }, { 0, NS_PER_S } },
};

/* "12m": whole units of one kind. */
static void
write_units(char buf[static 32], int64_t ns, int64_t unit_ns)
{
    char sign = unit_ns == DAY_NS ? 'd' : unit_ns == HOUR_NS ? 'h' : unit_ns == MINUTE_NS ? 'm' : 's';

    snprintf(buf, 32, "%ld%c", (long)(ns / unit_ns), sign);
}

static int64_t
left_of(const struct deadline *deadline, int64_t now_ns)
{
    int64_t left_ns = deadline->since_ns + deadline->limit_ns - now_ns;

    return left_ns > 0 ? left_ns : 0;
}

static const struct range *
range_of(int64_t left_ns, enum countdown_form form)
{
    const struct range *range = ranges[form];

    while (left_ns < range->from_ns)
        range++;
    return range;
}

void
countdown_text(char buf[static 32], const struct deadline *deadline, int64_t now_ns,
               enum countdown_form form)
{
    int64_t left_ns = left_of(deadline, now_ns), step_ns = range_of(left_ns, form)->step_ns;
    long seconds = left_ns / NS_PER_S, minutes = seconds / 60, hours = minutes / 60;

    if (form == COUNTDOWN_SHORT)
        write_units(buf, left_ns, step_ns);
    else if (step_ns == TENTH_NS)
        snprintf(buf, 32, "%ld.%d s", seconds, (int)(left_ns / TENTH_NS % 10));
    else if (seconds < 100)
        snprintf(buf, 32, "%ld s", seconds);
    else if (step_ns == NS_PER_S)
        snprintf(buf, 32, "%ldm%02lds", minutes, seconds % 60);
    else
        snprintf(buf, 32, "%ldh%02ldm", hours, minutes % 60);
}

int64_t
countdown_next_ns(const struct deadline *deadline, int64_t now_ns, enum countdown_form form)
{
    int64_t left_ns = left_of(deadline, now_ns), over_ns;
    const struct range *range = range_of(left_ns, form);

    if (left_ns < range->step_ns)
        return CLOCK_NEVER;
    over_ns = left_ns % range->step_ns;
    if (over_ns > left_ns - range->from_ns)
        over_ns = left_ns - range->from_ns;
    return now_ns + over_ns + 1;
}

/* --- ages ------------------------------------------------------------------------------ */

/* In whole minutes, hours from 100 of those on, days from 100 of those on. */
static int64_t
age_unit(int64_t age_ns)
{
    if (age_ns < 100 * MINUTE_NS)
        return MINUTE_NS;
    return age_ns < 100 * HOUR_NS ? HOUR_NS : DAY_NS;
}

void
countdown_age(char buf[static 32], int64_t age_ns)
{
    if (age_ns < MINUTE_NS)
        snprintf(buf, 32, "<1m");
    else
        write_units(buf, age_ns, age_unit(age_ns));
}

int64_t
countdown_age_next_ns(int64_t begun_ns, int64_t now_ns)
{
    int64_t age_ns = now_ns > begun_ns ? now_ns - begun_ns : 0, unit_ns = age_unit(age_ns);
    int64_t change_ns = begun_ns + (age_ns / unit_ns + 1) * unit_ns;

    return (change_ns + MINUTE_NS - 1) / MINUTE_NS * MINUTE_NS;
}
