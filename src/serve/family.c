/* family.c - see family.h. */
#include "config.h"

#include "sockdeck/serve/family.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/serve/usage.h"

struct family_member {
    pid_t pid;
    uint64_t switches;          /* when it was seen last */
};

/* What /proc/PID/stat tells of a process. */
struct relation {
    pid_t pid, parent;
    int64_t waited_ns;          /* CPU of its children that have ended */
    bool belongs;
};

/* --- who is there ---------------------------------------------------------------------- */

/* The name, in parentheses, may hold anything; fields are counted behind it. */
static bool
read_relation(pid_t pid, struct relation *relation)
{
    char path[64], line[1024], *fields;
    unsigned long user = 0, system = 0;
    bool is_read = false;
    int parent = 0;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return false;
    fields = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
    if (fields != NULL)
        is_read = sscanf(fields + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lu %lu",
                         &parent, &user, &system) == 3;
    fclose(file);
    *relation = (struct relation) {
        .pid = pid,
        .parent = parent,
        .waited_ns = (int64_t)(user + system) * NS_PER_S / sysconf(_SC_CLK_TCK),
    };
    return is_read;
}

static int
list_processes(struct relation **list, int *count)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    size_t n = 0, room = 0;

    *list = NULL;
    *count = 0;
    if (proc == NULL)
        return -errno;
    while ((entry = readdir(proc)) != NULL) {
        pid_t pid = atoi(entry->d_name);

        if (n == room) {
            struct relation *more = realloc(*list, (room += 256) * sizeof(**list));

            if (more == NULL)
                break;
            *list = more;
        }
        n += pid > 0 && read_relation(pid, &(*list)[n]);
    }
    closedir(proc);
    *count = (int)n;
    return entry == NULL ? 0 : -ENOMEM;
}

static bool
belongs(const struct relation *list, int n, pid_t pid)
{
    for (int i = 0; i < n; i++)
        if (list[i].pid == pid)
            return list[i].belongs;
    return false;
}

static void
mark_family(struct relation *list, int n, pid_t root)
{
    bool has_grown = true;

    for (int i = 0; i < n; i++)
        list[i].belongs = list[i].pid == root;
    while (has_grown) {
        has_grown = false;
        for (int i = 0; i < n; i++)
            if (!list[i].belongs && belongs(list, n, list[i].parent))
                list[i].belongs = has_grown = true;
    }
}

/* --- what it takes ------------------------------------------------------------------------ */

static struct family_member *
member_of(struct family *family, pid_t pid)
{
    struct family_member *members;

    for (size_t i = 0; i < family->count; i++)
        if (family->members[i].pid == pid)
            return &family->members[i];
    members = realloc(family->members, (family->count + 1) * sizeof(*members));
    if (members == NULL)
        return NULL;
    family->members = members;
    members[family->count] = (struct family_member) { .pid = pid };
    return &members[family->count++];
}

/* Our own threads that have ended are known to the kernel only. */
static uint64_t
switches_of(pid_t pid, const struct usage *usage)
{
    struct rusage own;

    if (pid != getpid() || getrusage(RUSAGE_SELF, &own) != 0)
        return usage->voluntary + usage->involuntary;
    return (uint64_t)own.ru_nvcsw + (uint64_t)own.ru_nivcsw;
}

static int
add_process(struct family *family, const struct relation *relation)
{
    struct family_member *member;
    struct usage usage;

    if (usage_read(relation->pid, &usage) != 0)
        return 0;               /* it has just ended */
    member = member_of(family, relation->pid);
    if (member == NULL)
        return -ENOMEM;
    member->switches = switches_of(relation->pid, &usage);
    family->processes++;
    family->threads += usage.threads;
    family->cpu_ns += usage.cpu_ns + relation->waited_ns;
    family->proportional_bytes += usage.proportional_bytes;
    return 0;
}

int
family_look(struct family *family)
{
    struct relation *list;
    int n, rc = list_processes(&list, &n);

    family->processes = family->threads = 0;
    family->cpu_ns = 0;
    family->proportional_bytes = family->switches = 0;
    if (n > 0)
        mark_family(list, n, family->root);
    for (int i = 0; i < n && rc == 0; i++)
        if (list[i].belongs)
            rc = add_process(family, &list[i]);
    for (size_t i = 0; i < family->count; i++)
        family->switches += family->members[i].switches;
    free(list);
    return rc;
}

void
family_init(struct family *family, pid_t root)
{
    *family = (struct family) { .root = root };
}

void
family_fini(struct family *family)
{
    free(family->members);
    family->members = NULL;
    family->count = 0;
}
