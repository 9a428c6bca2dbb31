/* procfs.c - small files of /proc, read whole. */
#include "config.h"

#include "sockdeck/base/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"

enum { BLOCK = 4096 };

/* Such a file has no size that stat tells: it is read to its end. */
static int
read_all(struct buffer *text, int fd)
{
    for (;;) {
        char *at = buffer_reserve(text, BLOCK);
        ssize_t n;

        if (at == NULL)
            return -ENOMEM;
        n = read(fd, at, BLOCK);
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0)
            return 0;
        if (n > 0)
            buffer_extend(text, (size_t)n);
    }
}

int
procfs_read(struct buffer *text, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int code = fd < 0 ? -errno : 0;

    buffer_clear(text);
    if (code == 0)
        code = read_all(text, fd);
    if (fd >= 0)
        close(fd);
    if (code != 0)
        buffer_clear(text);
    return buffer_add(text, "", 1) != 0 ? -ENOMEM : code;
}
