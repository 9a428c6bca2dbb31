/* alloc.c - memory that is there or ends the program. */
#include "config.h"

#include "sockdeck/cmd/alloc.h"

#include <stdlib.h>
#include <string.h>

void *
alloc_zero(size_t size)
{
    void *p = calloc(1, size);

    if (p == NULL)
        abort();
    return p;
}

void *
alloc_grow(void *old, size_t count, size_t size)
{
    void *p = reallocarray(old, count, size);

    if (p == NULL)
        abort();
    return p;
}

char *
alloc_text(const char *text, size_t n)
{
    char *copy = alloc_zero(n + 1);

    memcpy(copy, text, n);
    return copy;
}

void
alloc_check(int code)
{
    if (code != 0)
        abort();
}
