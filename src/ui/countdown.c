/* countdown.c - deadlines of connections, as they are shown. */
#include "config.h"

#include "sockdeck/ui/countdown.h"

#include <stdio.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/model/model.h"

#define TENTH_NS (100 * NS_PER_MS)
#define MINUTE_NS (60 * NS_PER_S)

/* Below this, tenths of a second are shown. */
#define FINE_NS (10 * NS_PER_S)

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool
answers(const struct connection *c)
{
    return !c->dialled && (c->settings.handler == HANDLER_ECHO ||
                           c->settings.handler == HANDLER_PONG);
}

static bool
is_reading(const struct connection *c)
{
    bool may_come = c->state == CONN_OPEN || c->state == CONN_WE_CLOSED;

    return may_come && !c->paused && (c->dialled || c->settings.handler != HANDLER_STALL);
}

/* Since when it waits for bytes, 0: it does not. With work to do, that is after the answer. */
static int64_t
read_since(const struct connection *c)
{
    int64_t since_ns = later(c->begun_ns, c->last_in_ns);

    if (!is_reading(c))
        return 0;
    if (!answers(c) || c->settings.work_ns == 0 || c->last_in_ns == 0)
        return since_ns;
    return c->last_out_ns > c->last_in_ns ? c->last_out_ns : 0;
}

static int64_t
wait_began(const struct connection *c, int kind, int64_t send_since_ns)
{
    switch (kind) {
    case TIMEOUT_CONNECT:
        return c->state == CONN_CONNECTING ? c->begun_ns : 0;
    case TIMEOUT_READ:
        return read_since(c);
    case TIMEOUT_SEND:
        return send_since_ns;
    case TIMEOUT_IDLE:
        return c->state != CONN_CONNECTING ? later(c->begun_ns, later(c->last_in_ns, c->last_out_ns))
                                           : 0;
    default:
        return 0;
    }
}

struct countdown
countdown_nearest(const struct connection *c, int64_t send_since_ns, int64_t now_ns)
{
    struct countdown nearest = { .kind = -1, .ends_ns = CLOCK_NEVER };

    for (int kind = 0; kind < TIMEOUT_KINDS && c->state != CONN_CLOSED; kind++) {
        int64_t began_ns = wait_began(c, kind, send_since_ns);
        int64_t limit_ns = c->settings.timeout_ns[kind];

        if (began_ns == 0 || limit_ns <= 0 || began_ns + limit_ns < now_ns ||
            began_ns + limit_ns >= nearest.ends_ns)
            continue;
        nearest = (struct countdown) { kind, began_ns + limit_ns, limit_ns };
    }
    return nearest;
}

static int64_t
left_of(const struct countdown *countdown, int64_t now_ns)
{
    return countdown->ends_ns > now_ns ? countdown->ends_ns - now_ns : 0;
}

static int64_t
step_of(int64_t left_ns, bool has_motion)
{
    return has_motion && left_ns < FINE_NS ? TENTH_NS : NS_PER_S;
}

void
countdown_text(char buf[static 32], const struct countdown *countdown, int64_t now_ns,
               bool has_motion)
{
    int64_t left_ns = left_of(countdown, now_ns), seconds = left_ns / NS_PER_S;

    if (step_of(left_ns, has_motion) == TENTH_NS)
        snprintf(buf, 32, "%d.%d s", (int)seconds, (int)(left_ns / TENTH_NS % 10));
    else if (seconds < 100)
        snprintf(buf, 32, "%d s", (int)seconds);
    else if (seconds < 6000)
        snprintf(buf, 32, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    else
        snprintf(buf, 32, "%dh%02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
}

int64_t
countdown_next_ns(const struct countdown *countdown, int64_t now_ns, bool has_motion)
{
    int64_t left_ns = left_of(countdown, now_ns), step_ns = step_of(left_ns, has_motion);

    if (countdown->kind < 0)
        return CLOCK_NEVER;
    if (left_ns < step_ns)
        return countdown->ends_ns + 1;
    return countdown->ends_ns - left_ns / step_ns * step_ns + 1;
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
