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

void
lens_report(struct lens *lens, int64_t begun_ns, const struct event_call *call,
            const void *data, size_t n)
{
    struct event event = {
        .type = EVENT_CALL,
        .conn = lens->conn,
    };

    lens->returned_ns = event.stamp_ns = clock_mono_ns();
    event.u.call = *call;
    event.u.call.took_ns = event.stamp_ns - begun_ns;
    lens->publish(lens, &event, data, (uint32_t)n);
}
