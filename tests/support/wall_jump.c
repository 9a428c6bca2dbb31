/* wall_jump.c - the program itself, but for a wall clock that a test sets: linked with
 * --wrap=clock_gettime, it adds the seconds in the file that SOCKDECK_TEST_WALL names, an
 * int64_t that may change while the program runs. */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const _Atomic int64_t *seconds;

int __real_clock_gettime(clockid_t id, struct timespec *now);
int __wrap_clock_gettime(clockid_t id, struct timespec *now);

/* Before main, so before any thread and any child. */
__attribute__((constructor)) static void
map_seconds(void)
{
    const char *path = getenv("SOCKDECK_TEST_WALL");
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *page;

    if (fd == -1)
        abort();                /* only a test starts it */
    page = mmap(NULL, sizeof(*seconds), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (page == MAP_FAILED)
        abort();
    seconds = page;
}

int
__wrap_clock_gettime(clockid_t id, struct timespec *now)
{
    int rc = __real_clock_gettime(id, now);

    if (id == CLOCK_REALTIME)
        now->tv_sec += *seconds;
    return rc;
}
