/* procfs.h - small files of /proc, read whole. Any thread. */
#ifndef SOCKDECK_BASE_PROCFS_H
#define SOCKDECK_BASE_PROCFS_H

struct buffer;

/* Replaces what text holds by the file and a NUL. 0 or a negative errno; then it is "". */
int procfs_read(struct buffer *text, const char *path);

#endif
