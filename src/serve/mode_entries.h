/* mode_entries.h - the entries that mode.c lists, and the bodies that two modes
 * share (one as a thread of the console, one in processes). Private to src/serve. */
#ifndef SOCKDECK_SERVE_MODE_ENTRIES_H
#define SOCKDECK_SERVE_MODE_ENTRIES_H

#include "sockdeck/serve/mode.h"

extern const struct mode mode_serial;
extern const struct mode mode_threads;
extern const struct mode mode_fork;
extern const struct mode mode_prefork;
extern const struct mode mode_prefork_threads;
extern const struct mode mode_epoll;

void mode_run_one_at_a_time(struct host *host);
void mode_run_connection_threads(struct host *host);

#endif
