/* history.h - the prompt's history on disk: one line each, kept between runs.
 *
 * $XDG_STATE_HOME/sockdeck/history (or ~/.local/state), mode 0600, never through
 * a link. Several consoles may share it: a line is appended with one write. A
 * line of the send prompt is marked by a tab in front. What is damaged is
 * skipped; what is too long is cut off at the old end. UI thread only. */
#ifndef SOCKDECK_UI_HISTORY_H
#define SOCKDECK_UI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

struct error;

enum { HISTORY_LINES = 1000, HISTORY_LINE_MAX = 4096, HISTORY_FILE_MAX = 1 << 20 };

struct history { int fd; };     /* -1: not kept */

/* Where it is, from the environment; false when there is no home. */
bool history_path(char *buf, size_t size);

/* Opens or creates it and gives each line, the oldest first. -errno with a sentence when it is
 * refused: a link, a device, somebody else's. */
int history_open(struct history *history, const char *path,
                 void (*line)(void *ctx, bool is_send, const char *text), void *ctx,
                 struct error *err);
void history_append(struct history *history, bool is_send, const char *text);
void history_close(struct history *history);

#endif
