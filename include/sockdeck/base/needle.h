/* needle.h - a text that is looked for in bytes. The case of ASCII letters is
 * ignored unless the text has a capital. Pure functions, any thread. */
#ifndef SOCKDECK_BASE_NEEDLE_H
#define SOCKDECK_BASE_NEEDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NEEDLE_MAX = 128 };

struct needle {
    char text[NEEDLE_MAX];      /* in small letters when the case is ignored */
    uint8_t size;
    bool ignores_case;
};

/* 0, or -ERANGE when it is empty or longer than NEEDLE_MAX. */
int needle_set(struct needle *needle, const char *text, size_t n);

/* Where it begins in the n bytes at p, -1 when it is not there. */
ptrdiff_t needle_find(const struct needle *needle, const char *p, size_t n);

/* Whether the bytes at p begin with it. */
bool needle_is_at(const struct needle *needle, const char *p, size_t n);

#endif
