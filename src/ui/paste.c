/* paste.c - what was pasted, as lines. */
#include "config.h"

#include "sockdeck/ui/paste.h"

#include <stdlib.h>

bool
paste_next_line(const char *bytes, size_t size, size_t *at, const char **line, size_t *n)
{
    const char *p = bytes + *at;
    size_t left = size - *at, end = 0;

    if (left == 0)
        return false;
    while (end < left && p[end] != '\n' && p[end] != '\r')
        end++;
    *line = p;
    *n = end;
    if (end + 1 < left && p[end] == '\r' && p[end + 1] == '\n')
        end++;
    *at += end < left ? end + 1 : end;
    return true;
}

size_t
paste_count_lines(const char *bytes, size_t size)
{
    size_t at = 0, n, count = 0;
    const char *line;

    while (paste_next_line(bytes, size, &at, &line, &n))
        for (size_t i = 0; i < n; i++)
            if (line[i] != ' ' && line[i] != '\t') {
                count++;
                break;
            }
    return count;
}

char *
paste_flatten(const char *bytes, size_t size)
{
    char *text = malloc(size + 1);
    size_t length = 0;

    if (text == NULL)
        abort();
    for (size_t i = 0; i < size; i++) {
        bool is_control = (unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f;

        if (is_control && bytes[i] == '\n' && i > 0 && bytes[i - 1] == '\r')
            continue;
        text[length++] = is_control ? ' ' : bytes[i];
    }
    if (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        length--;               /* the end of the last line is no blank */
    text[length] = '\0';
    return text;
}
