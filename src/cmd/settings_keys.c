/* settings_keys.c - from keys to settings. */
#include "config.h"

#include "settings_keys.h"

#include <stdbool.h>

/* A time that passes: none is no time. */
static int64_t
span(const struct value *value)
{
    return value->number > 0 ? value->number : 0;
}

static void
take_value(struct settings *settings, uint32_t bit, const struct value *value)
{
    switch (bit) {
    case SET_HANDLER:
        settings->handler = (uint8_t)value->number;
        return;
    case SET_WORK:
        settings->work_ns = span(value);
        return;
    case SET_RECV:
        settings->recv_size = (uint32_t)value->number;
        return;
    case SET_ACCEPT_DELAY:
        settings->accept_delay_ns = span(value);
        return;
    default:
        for (int kind = 0; kind < TIMEOUT_KINDS; kind++)
            if (bit == 1U << kind)
                settings->timeout_ns[kind] = value->number;
    }
}

uint32_t
settings_take_keys(struct settings *settings, const struct value *values,
                   const struct settings_key *list)
{
    uint32_t bits = 0;

    for (; list->bit != 0; list++) {
        if (!values[list->place].given)
            continue;
        take_value(settings, list->bit, &values[list->place]);
        bits |= list->bit;
    }
    return bits;
}
