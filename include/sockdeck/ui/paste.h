/* paste.h - what was pasted, as lines; \r\n, \r and \n end one alike. Pure. */
#ifndef SOCKDECK_UI_PASTE_H
#define SOCKDECK_UI_PASTE_H

#include <stdbool.h>
#include <stddef.h>

/* The next line of the size bytes, from *at; false: no more. */
bool paste_next_line(const char *bytes, size_t size, size_t *at, const char **line, size_t *n);

/* Lines that are not blank. */
size_t paste_count_lines(const char *bytes, size_t size);

/* All of it on one line, controls as blanks; the caller frees it. */
char *paste_flatten(const char *bytes, size_t size);

#endif
