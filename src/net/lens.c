/* lens.c - see lens.h. */
#include "config.h"

#include "sockdeck/net/lens.h"

void
lens_report_entry(struct lens *lens, int64_t begun_ns, const struct event_call *call)
{
    struct event event = {
        .type = EVENT_CALL,
        .flags = EVENT_BEGUN,
        .stamp_ns = begun_ns,
        .conn = lens->conn,
    };

    event.u.call = *call;
    lens->publish(lens, &event, NULL, 0);
}

static bool
is_stamped_at_entry(uint32_t call)
{
    return call == CALL_SENDTO || call == CALL_SHUTDOWN || call == CALL_CLOSE;
}

void
lens_report(struct lens *lens, int64_t begun_ns, const struct event_call *call,
            const void *data, size_t n)
{
    struct event event = {
        .type = EVENT_CALL,
        .conn = lens->conn,
    };

    int64_t returned_ns = clock_mono_ns();

    event.u.call = *call;
    event.u.call.took_ns = returned_ns - begun_ns;
    event.stamp_ns = is_stamped_at_entry(call->call) ? begun_ns : returned_ns;
    lens->stamp_ns = event.stamp_ns;
    lens->publish(lens, &event, data, (uint32_t)n);
}
