/* inputrc.h - whether the user's inputrc may be left to readline, which reads whatever
 * it is: a device or a FIFO would hold it up, a file that includes itself would end it.
 * Pure but for the files it looks at. */
#ifndef SOCKDECK_UI_INPUTRC_H
#define SOCKDECK_UI_INPUTRC_H

#include <stdbool.h>
#include <stddef.h>

enum { INPUTRC_BYTES = 256 * 1024, INPUTRC_DEPTH = 8 };

/* The file that readline would read, from the environment; false when there is none. */
bool inputrc_path(char *buf, size_t size);

/* Regular files of a bounded size, as deep as INPUTRC_DEPTH includes, 64 files in all. */
bool inputrc_is_fit(const char *path);

#endif
