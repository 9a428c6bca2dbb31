/* state_file.c - opening what is kept between runs. */
#include "config.h"

#include "sockdeck/ui/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sockdeck/base/error.h"

bool
state_file_path(char *buf, size_t size, const char *name)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = 0;

    if (state != NULL && *state == '/')
        n = snprintf(buf, size, "%s/sockdeck/%s", state, name);
    else if (home != NULL && *home == '/')
        n = snprintf(buf, size, "%s/.local/state/sockdeck/%s", home, name);
    return n > 0 && (size_t)n < size;
}

/* Makes the folders above path, for the user only. */
static void
make_folders(const char *path)
{
    char folder[4096];

    if ((size_t)snprintf(folder, sizeof(folder), "%s", path) >= sizeof(folder))
        return;
    for (char *p = folder + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        mkdir(folder, 0700);
        *p = '/';
    }
}

/* "history", "layout": as a sentence calls it. */
static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

int
state_file_open(const char *path, int flags, struct error *err)
{
    const char *name = name_of(path);
    struct stat st;
    int code, fd;

    make_folders(path);
    flags |= O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    fd = open(path, flags, 0600);
    if (fd == -1)
        return error_set(err, -errno, "%s %s: %s", name, path,
                         errno == ELOOP ? "it is a symbolic link" : error_message(errno));
    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
        code = error_set(err, -EPERM, "%s %s: not a file of yours", name, path);
        close(fd);
        return code;
    }
    fchmod(fd, 0600);
    return fd;
}
