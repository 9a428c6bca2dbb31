/* console_state.h - the console's inside, for the command side only. One thread: the console's. */
#ifndef SOCKDECK_CMD_CONSOLE_STATE_H
#define SOCKDECK_CMD_CONSOLE_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sockdeck/cmd/console.h"
#include "sockdeck/cmd/focus.h"
#include "sockdeck/cmd/matcher.h"
#include "sockdeck/cmd/preferences.h"
#include "sockdeck/net/counters.h"
#include "sockdeck/net/owner.h"
#include "sockdeck/serve/settings.h"

struct job;
TAILQ_HEAD(job_list, job);

struct console {
    struct console_options options;
    struct preferences preferences;
    struct settings defaults;   /* `timeout default`; the engine has a copy for connect */
    struct focus focus;
    struct matcher_list matchers;       /* what `expect` has read so far */
    struct job_list jobs;
    struct job *stepping;       /* the one that runs right now, NULL: none */
    uint32_t last_job, last_command;
    enum status status;
    bool quit;
    bool is_in_rc;              /* a batch passes over what only a screen can do */
    struct kernel_counts counts_at_start;
    struct socket_owner owner;  /* of the foreign socket that was looked at last */
    char **usages;              /* by the place of the command in its table */
    char hint[320];             /* of the key that is being written */
};

/* How a command ended. */
struct ending {
    uint32_t number;            /* n: counted from 1 over all commands */
    const char *text;           /* the command as it was written */
    const char *verb;           /* NULL where the message names what was wrong by itself */
    enum status status;
    const char *message;        /* why it failed; "" where that was said already */
    const char *place;          /* "FILE:12", or NULL */
    bool is_shown_off;          /* by `demo`: no failure of the console's */
};

/* Reports it: `failed`, `done`, the message on screen, the line on standard error; and
 * does what follows from a failure. */
void console_report(struct console *console, const struct ending *ending);

#endif
