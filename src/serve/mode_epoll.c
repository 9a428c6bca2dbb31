/* mode_epoll.c - one thread, non-blocking sockets, an epoll loop. */
#include "config.h"

#include "mode_entries.h"

#include "sockdeck/serve/loop.h"

const struct mode mode_epoll = {
    .name = "epoll",
    .summary = "one thread, non-blocking sockets, an epoll loop",
    .nonblocking_accept = true,
    .default_workers = 1,
    .run = loop_run,
};
