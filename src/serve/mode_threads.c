/* mode_threads.c - one accepting thread; a thread for each connection. */
#include "config.h"

#include "mode_entries.h"

const struct mode mode_threads = {
    .name = "threads",
    .summary = "one accepting thread; a thread for each connection",
    .each_starts = CALL_PTHREAD_CREATE,
    .default_workers = 1,
    .run = mode_run_connection_threads,
};
