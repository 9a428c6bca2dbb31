/* ring_pace.h - what reporting an event costs the process that reports it.
 *
 * One process publishes as fast as it can while the collector drains as the engine
 * does: asleep when there is nothing, otherwise a round every 16 ms, or sooner when a
 * ring passes half. */
#ifndef SOCKDECK_TESTS_BENCH_RING_PACE_H
#define SOCKDECK_TESTS_BENCH_RING_PACE_H

#include <stdint.h>

struct ring_run {
    uint32_t payload;
    uint32_t threads;           /* 4 at most */
    uint32_t events;            /* of each thread */
};

struct ring_pace {
    double events_per_s;        /* wall time until the last record has been read */
    double event_ns;            /* the producer's CPU time for one */
    double left_out;            /* part of the events whose payload had no room */
    uint32_t rounds, sleeps;    /* of the collector */
};

/* 0 or -1 with errno. */
int ring_pace_measure(const struct ring_run *run, struct ring_pace *pace);

#endif
