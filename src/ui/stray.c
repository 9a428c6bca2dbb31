/* stray.c - standard error in a memory file. */
#include "config.h"

#include "sockdeck/ui/stray.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SHOWN_AT_MOST = 64 * 1024 };     /* the newest of it */

void
stray_capture(struct stray *stray)
{
    *stray = (struct stray) { -1, -1 };
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    stray->file = memfd_create("sockdeck-stderr", MFD_CLOEXEC);
    stray->standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (stray->file >= 0 && stray->standard_error >= 0 &&
        dup2(stray->file, STDERR_FILENO) == STDERR_FILENO)
        return;
    stray_release(stray);
#endif
}

static void
copy_newest(const struct stray *stray)
{
    off_t at = lseek(stray->file, 0, SEEK_END) - SHOWN_AT_MOST;
    char buf[4096];
    ssize_t n;

    for (at = at > 0 ? at : 0; (n = pread(stray->file, buf, sizeof(buf), at)) > 0; at += n)
        if (write(stray->standard_error, buf, (size_t)n) != n)
            return;
}

void
stray_release(struct stray *stray)
{
    if (stray->file >= 0 && stray->standard_error >= 0) {
        dup2(stray->standard_error, STDERR_FILENO);
        copy_newest(stray);
    }
    if (stray->file >= 0)
        close(stray->file);
    if (stray->standard_error >= 0)
        close(stray->standard_error);
    *stray = (struct stray) { -1, -1 };
}
