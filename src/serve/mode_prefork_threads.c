/* mode_prefork_threads.c - N processes forked beforehand; each starts a thread for
 * each connection that the kernel hands to it. */
#include "config.h"

#include "mode_entries.h"

const struct mode mode_prefork_threads = {
    .name = "prefork-threads",
    .summary = "N processes forked beforehand; each starts a thread for each connection",
    .has_processes = true,
    .has_workers = true,
    .each_starts = CALL_PTHREAD_CREATE,
    .default_workers = 3,
    .run = mode_run_connection_threads,
};
