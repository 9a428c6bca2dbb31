/* buffer.c - bytes that grow at the end and are taken at the front. */
#include "config.h"

#include "sockdeck/base/buffer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 64, KEPT_WHEN_EMPTY = 64 * 1024 };

/* Moves the bytes to the front of the memory. */
static void
close_gap(struct buffer *b)
{
    size_t size = buffer_size(b);

    memmove(b->base, b->base + b->start, size);
    b->start = 0;
    b->end = size;
}

/* Doubling keeps the cost of adding constant on average. */
static int
grow(struct buffer *b, size_t wanted)
{
    size_t capacity = b->capacity < SMALLEST ? SMALLEST : b->capacity;
    char *base;

    while (capacity < wanted) {
        if (capacity > SIZE_MAX / 2)
            return -ENOMEM;
        capacity *= 2;
    }
    base = realloc(b->base, capacity);
    if (base == NULL)
        return -ENOMEM;
    b->base = base;
    b->capacity = capacity;
    return 0;
}

/* A move pays off only when it frees at least what it copies. */
static int
make_room(struct buffer *b, size_t n)
{
    size_t size = buffer_size(b);

    if (b->base != NULL && b->start >= size && n <= b->capacity - size) {
        close_gap(b);
        return 0;
    }
    return grow(b, b->end + n);
}

char *
buffer_reserve(struct buffer *b, size_t n)
{
    if (n > SIZE_MAX - b->end)
        return NULL;
    if ((b->base == NULL || n > b->capacity - b->end) && make_room(b, n) != 0)
        return NULL;
    return b->base + b->end;
}

void
buffer_extend(struct buffer *b, size_t n)
{
    b->end += n;
}

int
buffer_add(struct buffer *b, const void *data, size_t n)
{
    char *room;

    if (n == 0)
        return 0;
    room = buffer_reserve(b, n);
    if (room == NULL)
        return -ENOMEM;
    memcpy(room, data, n);
    buffer_extend(b, n);
    return 0;
}

int
buffer_add_text(struct buffer *b, const char *text)
{
    return buffer_add(b, text, strlen(text));
}

int
buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list args;
    char *room;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        return -ENOMEM;

    room = buffer_reserve(b, (size_t)n + 1);
    if (room == NULL)
        return -ENOMEM;
    va_start(args, format);
    vsnprintf(room, (size_t)n + 1, format, args);
    va_end(args);
    buffer_extend(b, (size_t)n);
    return 0;
}

void
buffer_take(struct buffer *b, size_t n)
{
    b->start += n;
    if (b->start < b->end)
        return;
    if (b->capacity > KEPT_WHEN_EMPTY)
        buffer_fini(b);
    else
        buffer_clear(b);
}

void
buffer_clear(struct buffer *b)
{
    b->start = 0;
    b->end = 0;
}

void
buffer_fini(struct buffer *b)
{
    free(b->base);
    *b = (struct buffer){ 0 };
}
