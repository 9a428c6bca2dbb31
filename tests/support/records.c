/* records.c - see records.h. */
#include "config.h"

#include "records.h"

#include <poll.h>

#include "sockdeck/base/clock.h"

enum { DEADLINE_S = 10 };

static uint32_t
data_size_of(uint32_t producer, uint64_t number)
{
    return (uint32_t)((number * 2654435761U + producer * 97) % (RECORD_DATA_MAX + 1));
}

static char
byte_of(uint32_t producer, uint64_t number, uint32_t i)
{
    return (char)(number * 31 + producer * 7 + i);
}

void
records_publish(struct ring_writer *w, enum event_type type, uint32_t producer,
                uint64_t number, enum ring_policy policy)
{
    struct event event = { .type = (uint16_t)type, .conn = producer };
    const uint32_t n = data_size_of(producer, number);
    char data[RECORD_DATA_MAX];

    for (uint32_t i = 0; i < n; i++)
        data[i] = byte_of(producer, number, i);
    event.stamp_ns = clock_mono_ns();
    event.u.message.bytes = number;
    ring_publish(w, &event, data, n, policy);
}

static bool
has_its_data(const struct event *event)
{
    const uint64_t number = event->u.message.bytes;

    if (event->data_size != data_size_of(event->conn, number) ||
        event->size != EVENT_SIZE(event->data_size))
        return false;
    for (uint32_t i = 0; i < event->data_size; i++)
        if (event->data[i] != byte_of(event->conn, number, i))
            return false;
    return true;
}

void
records_check(void *ctx, struct ring *ring, const struct event *event)
{
    struct records *records = ctx;
    const bool is_left_out = (event->flags & EVENT_LEFT_OUT) != 0;

    (void)ring;
    if (event->conn >= RECORD_PRODUCERS) {
        records->is_damaged = true;
        return;
    }
    if (event->u.message.bytes != records->next[event->conn] ||
        (uintptr_t)event % 8 != 0 ||
        !(is_left_out ? event->data_size == 0 : has_its_data(event)))
        records->is_damaged = true;
    records->next[event->conn]++;
    records->left_out += is_left_out;
}

bool
records_collect(struct arena *arena, struct records *records, uint32_t producer,
                uint64_t number)
{
    const int64_t deadline_ns = clock_mono_ns() + DEADLINE_S * NS_PER_S;
    struct pollfd pfd = { .fd = arena_eventfd(arena), .events = POLLIN };

    while (records->next[producer] < number) {
        if (arena_drain(arena, clock_mono_ns(), records_check, records) > 0 ||
            !arena_prepare_sleep(arena))
            continue;
        if (poll(&pfd, 1, clock_poll_ms(deadline_ns, clock_mono_ns())) == 0)
            return false;
        arena_wake_up(arena);
    }
    return true;
}
