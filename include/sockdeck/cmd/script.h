/* script.h - a file of commands, read and checked as a whole before its first line
 * runs: a regular file, no NUL, no line beyond LINE_MAX_BYTES, at most 16 MiB.
 * One thread. */
#ifndef SOCKDECK_CMD_SCRIPT_H
#define SOCKDECK_CMD_SCRIPT_H

#include <stddef.h>

struct error;
struct script;

enum { SCRIPT_MAX_BYTES = 16 << 20 };

/* 0, or a negative errno with a sentence that names the place: "FILE:2: ...". */
int script_open(struct script **script, const char *path, struct error *err);
void script_close(struct script *script);       /* NULL is fine */

/* 1 and a line without its end (good until script_close), or 0 at the end. */
int script_next(struct script *script, const char **line, size_t *n);

#endif
