/* bench_ring.c - the event path alone: records of several sizes, from one thread and
 * two. Goals: 2 million events/s, 150 ns without payload. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "ring_pace.h"

static const struct ring_run runs[] = {
    { .payload = 0, .threads = 1, .events = 4000000 },
    { .payload = 64, .threads = 1, .events = 2000000 },
    { .payload = 1024, .threads = 1, .events = 1000000 },
    { .payload = 0, .threads = 2, .events = 2000000 },
    { .payload = 64, .threads = 2, .events = 1000000 },
};

int
main(void)
{
    printf("payload threads     events/s  ns/event  left out%%  rounds  sleeps\n");
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        struct ring_pace pace;

        if (ring_pace_measure(&runs[i], &pace) < 0) {
            perror("bench_ring");
            return EXIT_FAILURE;
        }
        printf("%7u %7u %12.0f %9.0f %9.1f %8u %7u\n", runs[i].payload, runs[i].threads,
               pace.events_per_s, pace.event_ns, 100 * pace.left_out, pace.rounds, pace.sleeps);
    }
    return EXIT_SUCCESS;
}
