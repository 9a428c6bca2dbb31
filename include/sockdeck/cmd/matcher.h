/* matcher.h - the bytes a connection has received and that no `expect` has matched
 * yet: read from the model's journal, at most the newest 1 MiB of them.
 * One thread; out of memory aborts. */
#ifndef SOCKDECK_CMD_MATCHER_H
#define SOCKDECK_CMD_MATCHER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "sockdeck/base/buffer.h"

struct model;

enum { MATCHER_WINDOW = 1 << 20 };

struct matcher {
    SLIST_ENTRY(matcher) link;
    uint32_t conn;
    uint64_t next;              /* the first journal record that was not read yet */
    struct buffer window;       /* received and not matched */
};

SLIST_HEAD(matcher_list, matcher);

/* The one of a connection, made when it is asked for first; it begins with the oldest
 * record kept. Those of connections that the model has forgotten go. */
struct matcher *matcher_get(struct matcher_list *list, struct model *model, uint32_t conn);
void matcher_list_fini(struct matcher_list *list);

/* Reads new records, a bounded number of them. true when it has caught up; *open (not
 * touched else) then tells whether more bytes can come, as of the same moment. Takes the
 * model's lock. *grew: bytes were added. */
bool matcher_read(struct matcher *matcher, struct model *model, bool *grew, bool *open);

/* Looks for the pattern: true when it is there; *start and *end, in the window. */
bool matcher_find(const struct matcher *matcher, const regex_t *pattern, size_t *start, size_t *end);

#endif
