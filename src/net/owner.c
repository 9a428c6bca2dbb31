/* owner.c - which process holds a socket. */
#include "config.h"

#include "sockdeck/net/owner.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/procfs.h"

/* About 10 ms. */
enum { LOOKS_MAX = 8192 };

static bool
is_at(const struct socket_owner *owner)
{
    char path[64], wanted[32], link[32];
    ssize_t n;

    snprintf(path, sizeof(path), "/proc/%d/fd/%d", owner->pid, owner->fd);
    snprintf(wanted, sizeof(wanted), "socket:[%u]", owner->inode);
    n = readlink(path, link, sizeof(link));
    return n == (ssize_t)strlen(wanted) && memcmp(link, wanted, (size_t)n) == 0;
}

/* The number that the next entry is, 0 for another name; -1 behind the last. */
static int
next_number(DIR *directory)
{
    const struct dirent *entry = readdir(directory);
    char *end;
    long number;

    if (entry == NULL)
        return -1;
    number = strtol(entry->d_name, &end, 10);
    return *end == '\0' && number >= 0 ? (int)number : 0;
}

static bool
look_into(struct socket_owner *owner, int pid, int *looks)
{
    char path[64];
    DIR *directory;
    bool found = false;
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/fd", pid);
    directory = opendir(path);
    if (directory == NULL)
        return false;
    owner->pid = pid;
    while (!found && *looks < LOOKS_MAX && (fd = next_number(directory)) >= 0) {
        owner->fd = fd;
        found = is_at(owner);
        ++*looks;
    }
    closedir(directory);
    return found;
}

static void
read_name(struct socket_owner *owner)
{
    struct buffer text = { 0 };
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/comm", owner->pid);
    owner->name[0] = '\0';
    if (procfs_read(&text, path) == 0)
        snprintf(owner->name, sizeof(owner->name), "%.*s",
                 (int)strcspn(buffer_data(&text), "\n"), buffer_data(&text));
    buffer_fini(&text);
}

static int
search(struct socket_owner *owner)
{
    DIR *directory = opendir("/proc");
    bool found = false;
    int looks = 0, pid;

    if (directory == NULL)
        return -ENOENT;
    while (!found && looks < LOOKS_MAX && (pid = next_number(directory)) >= 0)
        if (pid > 0)
            found = look_into(owner, pid, &looks);
    closedir(directory);
    if (found)
        read_name(owner);
    return found ? 0 : looks >= LOOKS_MAX ? -E2BIG : -ENOENT;
}

int
socket_owner_find(struct socket_owner *owner, uint32_t inode)
{
    if (inode == 0) {
        *owner = (struct socket_owner) { .code = -ENOENT };
    } else if (owner->inode != inode || (owner->code == 0 && !is_at(owner))) {
        *owner = (struct socket_owner) { .inode = inode };
        owner->code = search(owner);
    }
    return owner->code;
}
