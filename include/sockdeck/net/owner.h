/* owner.h - which process holds a socket, by the inode that the kernel tells of it.
 *
 * The kernel has no such table: the descriptors of all processes are looked through,
 * those of other users cannot be. So it is bounded, and what was found is kept.
 * Any thread, one at a time for each owner. */
#ifndef SOCKDECK_NET_OWNER_H
#define SOCKDECK_NET_OWNER_H

#include <stdint.h>

/* A zeroed one knows nothing. */
struct socket_owner {
    uint32_t inode;
    int32_t code;               /* 0: known; -ENOENT: nobody we may look into; -E2BIG: too many
                                 * descriptors to look through */
    int32_t pid, fd;
    char name[16];              /* comm: anything but a NUL, to be rendered */
};

/* Fills in who holds it, the same as last time where that is still so. Returns code. */
int socket_owner_find(struct socket_owner *owner, uint32_t inode);

#endif
