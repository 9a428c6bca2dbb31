/* mode_prefork.c - N processes, forked beforehand, all blocked in accept(2) on the one
 * listening socket, so that the hand-out is the kernel's; each serves one at a time. */
#include "config.h"

#include "mode_entries.h"

const struct mode mode_prefork = {
    .name = "prefork",
    .summary = "N processes forked beforehand, all blocked in accept; each serves one at a time",
    .has_processes = true,
    .has_workers = true,
    .one_at_a_time = true,
    .default_workers = 3,
    .run = mode_run_one_at_a_time,
};
