/* memory_file.h - a file in memory, where the limit on file sizes allows it: that
 * (ulimit -f) holds for memory too. Any thread. */
#ifndef SOCKDECK_BASE_MEMORY_FILE_H
#define SOCKDECK_BASE_MEMORY_FILE_H

#include <stddef.h>

/* For at most so many bytes; it can be sealed. The descriptor, which is closed by exec, or
 * a negative errno: -EFBIG where so many may not be written. */
int memory_file_open(const char *name, size_t bytes);

#endif
