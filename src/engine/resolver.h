/* resolver.h - getaddrinfo on a thread of its own, since it may hang on a name server
 * and cannot be cancelled. Private to src/engine.
 *
 * The thread and who asked share one channel and nothing else: closing it forgets the
 * answer. The thread is detached, so that the end of the process does not wait. */
#ifndef SOCKDECK_ENGINE_RESOLVER_H
#define SOCKDECK_ENGINE_RESOLVER_H

#include "sockdeck/base/error.h"
#include "sockdeck/net/address.h"

enum { RESOLVER_ADDRESSES = 8 };

struct resolver_answer {
    int count;                  /* how many addresses, or a negative errno */
    struct error error;
    struct address list[RESOLVER_ADDRESSES];
};

/* A descriptor that becomes readable with the answer, or a negative errno. */
int resolver_start(const struct endpoint *endpoint);
/* Reads the answer and closes the descriptor. */
void resolver_finish(int fd, struct resolver_answer *answer);

#endif
