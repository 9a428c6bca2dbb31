/* candidates.h - what the last Tab found, while it is open, and what it does to the
 * line. Pure. */
#ifndef SOCKDECK_UI_CANDIDATES_H
#define SOCKDECK_UI_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/cmd/console.h"

enum { CANDIDATES_MAX = 512 };

struct candidates {
    struct candidate list[CANDIDATES_MAX];
    size_t count;               /* 0: closed */
    size_t start, end;          /* of the word in the line, in bytes */
    int selected;               /* -1: none yet */
};

/* What stands in the line instead of its bytes from start to end. */
struct replacement {
    size_t start, end;
    char text[sizeof(((struct candidate *)NULL)->text) + 1];
};

/* Who knows what may stand there: fills list with at most max candidates for the word at
 * point and says where it starts. */
struct completion {
    size_t (*complete)(void *ctx, const char *line, size_t point, size_t *start,
                       struct candidate *list, size_t max);
    void *ctx;
};

/* Whether Tab completes in the line: in a send line, where ':' begins a command. */
bool candidates_apply(bool is_send, const char *line);

/* Those of the word at point: an only one is taken, with a blank where the word ends; of
 * several, what they all begin with. False when the line stays as it is. */
bool candidates_find(struct candidates *candidates, const struct completion *completion,
                     bool is_send, const char *line, size_t point,
                     struct replacement *replacement);

/* Takes the next (step 1) or the one before (-1), round and round. */
void candidates_step(struct candidates *candidates, int step, struct replacement *replacement);

/* Whether a key's bytes are for them, Tab or Shift-Tab; any other key closes them. */
bool candidates_take(const char *bytes, size_t n);

#endif
