/* needle.c - looking for a text in bytes. */
#include "config.h"

#include "sockdeck/base/needle.h"

#include <errno.h>
#include <string.h>

static char
small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

int
needle_set(struct needle *needle, const char *text, size_t n)
{
    if (n == 0 || n > NEEDLE_MAX)
        return -ERANGE;
    memcpy(needle->text, text, n);
    needle->size = (uint8_t)n;
    needle->ignores_case = true;
    for (size_t i = 0; i < n; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            needle->ignores_case = false;
    return 0;
}

bool
needle_is_at(const struct needle *needle, const char *p, size_t n)
{
    if (needle->size == 0 || n < needle->size)
        return false;
    if (!needle->ignores_case)
        return memcmp(p, needle->text, needle->size) == 0;
    for (size_t i = 0; i < needle->size; i++)
        if (small(p[i]) != needle->text[i])
            return false;
    return true;
}

ptrdiff_t
needle_find(const struct needle *needle, const char *p, size_t n)
{
    const char *found;

    if (needle->size == 0 || n < needle->size)
        return -1;
    if (!needle->ignores_case) {
        found = memmem(p, n, needle->text, needle->size);
        return found != NULL ? found - p : -1;
    }
    for (size_t at = 0; at + needle->size <= n; at++)
        if (small(p[at]) == needle->text[0] && needle_is_at(needle, p + at, n - at))
            return (ptrdiff_t)at;
    return -1;
}
