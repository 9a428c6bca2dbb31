/* line_reader.c - lines from a descriptor as they arrive. */
#include "config.h"

#include "sockdeck/cmd/line_reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/words.h"

enum { READ_SIZE = 16 * 1024 };

void
line_reader_init(struct line_reader *reader, int fd)
{
    *reader = (struct line_reader){ .fd = fd };
}

void
line_reader_fini(struct line_reader *reader)
{
    buffer_fini(&reader->buffer);
}

void
line_reader_fill(struct line_reader *reader)
{
    char *room = buffer_reserve(&reader->buffer, READ_SIZE);
    ssize_t n;

    alloc_check(room == NULL ? -ENOMEM : 0);
    n = read(reader->fd, room, READ_SIZE);
    if (n > 0)
        buffer_extend(&reader->buffer, (size_t)n);
    else if (n == 0 || (errno != EINTR && errno != EAGAIN))
        reader->at_end = true;
}

/* The bytes up to and with the end of the first line; 0 when it is not whole. The
 * last line may lack its end. */
static size_t
whole_line(const struct line_reader *reader)
{
    size_t size = buffer_size(&reader->buffer);
    const char *end = size > 0 ? memchr(buffer_data(&reader->buffer), '\n', size) : NULL;

    if (end != NULL)
        return (size_t)(end - buffer_data(&reader->buffer)) + 1;
    return reader->at_end ? size : 0;
}

/* Drops what belongs to a line that was refused; true when its end was met. */
static bool
skip(struct line_reader *reader, size_t whole)
{
    buffer_take(&reader->buffer, whole > 0 ? whole : buffer_size(&reader->buffer));
    if (whole > 0)
        reader->skips = false;
    return whole > 0;
}

int
line_reader_next(void *ctx, const char **line, size_t *n, struct error *err)
{
    struct line_reader *reader = ctx;
    size_t whole;

    buffer_take(&reader->buffer, reader->given);
    reader->given = 0;
    whole = whole_line(reader);
    if (reader->skips && skip(reader, whole))
        whole = whole_line(reader);

    if (whole > LINE_MAX_BYTES || (whole == 0 && buffer_size(&reader->buffer) > LINE_MAX_BYTES)) {
        reader->skips = true;
        skip(reader, whole);
        return error_set(err, -EINVAL, "a line is longer than 64 KiB");
    }
    if (whole == 0)
        return reader->at_end ? -ENODATA : 0;

    *line = buffer_data(&reader->buffer);
    *n = whole - ((*line)[whole - 1] == '\n');
    reader->given = whole;
    if (memchr(*line, '\0', *n) != NULL)
        return error_set(err, -EINVAL, "a line holds a NUL byte; write it as \\0");
    return 1;
}
