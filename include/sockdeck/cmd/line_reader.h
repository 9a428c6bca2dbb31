/* line_reader.h - lines from a descriptor as they arrive, without ever blocking: the
 * owner polls it and says when it may be read. One thread. */
#ifndef SOCKDECK_CMD_LINE_READER_H
#define SOCKDECK_CMD_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "sockdeck/base/buffer.h"

struct error;

struct line_reader {
    int fd;
    struct buffer buffer;
    size_t given;               /* bytes of the line that was returned last */
    bool at_end;
    bool skips;                 /* the rest of a line that was too long */
};

void line_reader_init(struct line_reader *reader, int fd);
void line_reader_fini(struct line_reader *reader);      /* the descriptor stays open */

/* After poll has said readable: one read. */
void line_reader_fill(struct line_reader *reader);

/* As struct line_source wants it: 1 and a line without its end, 0 when none is whole
 * yet, -ENODATA at the end of file; -EINVAL with a sentence for one that is too long or holds a
 * NUL, which is left out. */
int line_reader_next(void *reader, const char **line, size_t *n, struct error *err);

#endif
