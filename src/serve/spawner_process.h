/* spawner_process.h - the spawner's own side, and the orders it gets. Private to src/serve. */
#ifndef SOCKDECK_SERVE_SPAWNER_PROCESS_H
#define SOCKDECK_SERVE_SPAWNER_PROCESS_H

#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/types.h>
#include <termios.h>

#include "sockdeck/serve/spawner.h"

enum spawner_message_type { SPAWNER_HOST, SPAWNER_SIGNAL };

struct spawner_message {
    uint32_t type;
    int32_t pid, number;        /* SPAWNER_SIGNAL */
    struct host_order order;    /* SPAWNER_HOST; descriptors: channel, listening socket */
};

/* The process: never returns. terminal: standard output's settings from before the fork,
 * so that the console cannot have changed them yet; NULL: it is no terminal. */
noreturn void spawner_process_run(int channel, pid_t console, struct arena *arena,
                                  const struct process_title *title,
                                  const struct termios *terminal);

#endif
