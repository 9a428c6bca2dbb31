/* memory_file.c - see memory_file.h. */
#include "config.h"

#include "sockdeck/base/memory_file.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/resource.h>

int
memory_file_open(const char *name, size_t bytes)
{
    struct rlimit limit;
    int fd;

    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < bytes)
        return -EFBIG;
    fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return fd == -1 ? -errno : fd;
}
