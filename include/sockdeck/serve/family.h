/* family.h - what a process and all below it take together, watched for a while. One
 * thread; of processes of the same user. */
#ifndef SOCKDECK_SERVE_FAMILY_H
#define SOCKDECK_SERVE_FAMILY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct family_member;

struct family {
    pid_t root;
    struct family_member *members;      /* all that were ever seen */
    size_t count;
    /* as of the last look */
    uint32_t processes, threads;
    int64_t cpu_ns;             /* with that of children that have ended and were waited for */
    uint64_t proportional_bytes;
    /* Context switches of all that were ever seen, as they stood when they were seen last:
     * what came and went between two looks is not in it. */
    uint64_t switches;
};

void family_init(struct family *family, pid_t root);
void family_fini(struct family *family);
/* Looks into /proc: about 0.2 ms for each process. 0 or -ENOMEM, or why /proc is not there. */
int family_look(struct family *family);

#endif
