/* alloc.h - memory for the command side, which aborts when there is none: a
 * console that cannot take a command any more has nothing better to do. */
#ifndef SOCKDECK_CMD_ALLOC_H
#define SOCKDECK_CMD_ALLOC_H

#include <stddef.h>

void *alloc_zero(size_t size);
void *alloc_grow(void *old, size_t count, size_t size);     /* reallocarray */
char *alloc_text(const char *text, size_t n);               /* n bytes and a NUL */

/* Aborts when a growing function (buffer_add ...) returned a failure. */
void alloc_check(int code);

#endif
