/* candidates.h - what the last Tab found, while it is open. Pure. */
#ifndef SOCKDECK_UI_CANDIDATES_H
#define SOCKDECK_UI_CANDIDATES_H

#include <stddef.h>

#include "sockdeck/cmd/console.h"

enum { CANDIDATES_MAX = 256 };

struct candidates {
    struct candidate list[CANDIDATES_MAX];
    size_t count;               /* 0: closed */
    size_t start, end;          /* of the word in the line, in bytes */
    int selected;               /* -1: none yet */
};

/* Bytes that all of them begin with, cut at a whole character. */
size_t candidates_common_prefix(const struct candidates *candidates);

/* Selects the next (step 1) or the one before (-1), round and round. */
const char *candidates_step(struct candidates *candidates, int step);

#endif
