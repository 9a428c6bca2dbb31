/* ping_probe.h - a run of pings by hand: what goes out, what comes in, what becomes of them. */
#ifndef SOCKDECK_TESTS_PING_PROBE_H
#define SOCKDECK_TESTS_PING_PROBE_H

#include <stdlib.h>
#include <string.h>

#include "sockdeck/serve/ping.h"

enum { PROBE_MAX = 64 };

struct probe {
    struct ping_run *run;
    struct ping_outcome list[PROBE_MAX];
    size_t found;
};

static inline struct probe
probe_begin(uint32_t count, uint32_t size, int64_t interval_ns, int64_t wait_ns)
{
    const struct request_ping order = {
        .count = count, .size = size, .interval_ns = interval_ns, .wait_ns = wait_ns,
    };
    struct probe probe = { .run = ping_run_new(5, &order, 1000) };

    assert_true(ping_order_is_valid(&order));
    assert_non_null(probe.run);
    return probe;
}

static inline void
probe_send(struct probe *probe, int64_t now_ns)
{
    char *out = malloc(PING_SIZE_MAX);
    uint32_t size;

    assert_true(ping_run_next(probe->run, now_ns, out, &size));
    free(out);
}

/* Gives text to the run, all outcomes go into list. */
static inline void
probe_receive_bytes(struct probe *probe, const char *data, size_t n, int64_t now_ns)
{
    probe->found = 0;
    while (n > 0) {
        size_t used;

        probe->found += ping_run_receive(probe->run, data, n, now_ns,
                                         probe->list + probe->found, PROBE_MAX - probe->found,
                                         &used);
        assert_true(used > 0 && used <= n);
        data += used;
        n -= used;
    }
}

static inline void
probe_receive(struct probe *probe, const char *text, int64_t now_ns)
{
    probe_receive_bytes(probe, text, strlen(text), now_ns);
}

static inline void
probe_expire(struct probe *probe, int64_t now_ns)
{
    probe->found = ping_run_expire(probe->run, now_ns, probe->list, PROBE_MAX);
}

static inline void
probe_expect(const struct probe *probe, uint32_t seq, int64_t rtt_ns)
{
    assert_int_equal(probe->found, 1);
    assert_int_equal(probe->list[0].seq, seq);
    assert_int_equal(probe->list[0].rtt_ns, rtt_ns);
}

#endif
