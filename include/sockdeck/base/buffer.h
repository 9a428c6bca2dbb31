/* buffer.h - bytes that grow at the end and are taken at the front.
 *
 * Embedded by value; a zeroed one is empty and owns nothing. Not locked: one
 * owner. Growing functions return 0 or -ENOMEM and leave the buffer as it was. */
#ifndef SOCKDECK_BASE_BUFFER_H
#define SOCKDECK_BASE_BUFFER_H

#include <stddef.h>

struct buffer {
    char *base;         /* NULL while nothing was ever added */
    size_t start;       /* first byte not yet taken */
    size_t end;         /* one past the last byte */
    size_t capacity;
};

static inline size_t
buffer_size(const struct buffer *b)
{
    return b->end - b->start;
}

/* NULL while nothing was ever added. */
static inline const char *
buffer_data(const struct buffer *b)
{
    return b->base != NULL ? b->base + b->start : NULL;
}

int buffer_add(struct buffer *b, const void *data, size_t n);
int buffer_add_text(struct buffer *b, const char *text);
int buffer_printf(struct buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for at least n more bytes at the end; the caller writes there and then
 * calls buffer_extend with what it wrote. NULL when there is no memory. */
char *buffer_reserve(struct buffer *b, size_t n);
void buffer_extend(struct buffer *b, size_t n);

/* Drops n bytes at the front. An empty buffer starts over; one above 64 KiB
 * that became empty gives its memory back. */
void buffer_take(struct buffer *b, size_t n);
void buffer_clear(struct buffer *b);    /* keeps the memory */
void buffer_fini(struct buffer *b);     /* frees it; the buffer is empty again */

#endif
