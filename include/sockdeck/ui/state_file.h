/* state_file.h - the files that are kept between runs, in $XDG_STATE_HOME/sockdeck (or
 * ~/.local/state/sockdeck): mode 0600, never through a link. UI thread only. */
#ifndef SOCKDECK_UI_STATE_FILE_H
#define SOCKDECK_UI_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct error;

/* Where the file of that name is, from the environment; false when there is no home. */
bool state_file_path(char *buf, size_t size, const char *name);

/* Opens it for reading and writing and creates it, with the folders above; flags: O_APPEND
 * or 0. A descriptor, or -errno with a sentence when it is refused: a link, a device,
 * somebody else's. */
int state_file_open(const char *path, int flags, struct error *err);

#endif
