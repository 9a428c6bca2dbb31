/* family.c - see family.h. */
#include "config.h"

#include "family.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct relation { pid_t pid, parent; };

/* --- who belongs to it -------------------------------------------------------------- */

/* The parent is the second field after the name, which may hold anything. */
static pid_t
parent_of(pid_t pid)
{
    char path[64], line[512], *end;
    FILE *f;
    int parent = 0;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    f = fopen(path, "re");
    if (f == NULL)
        return 0;
    end = fgets(line, sizeof(line), f) != NULL ? strrchr(line, ')') : NULL;
    if (end == NULL || sscanf(end + 1, " %*c %d", &parent) != 1)
        parent = 0;
    fclose(f);
    return parent;
}

static int
list_all(struct relation **list)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    size_t n = 0, room = 0;

    *list = NULL;
    if (proc == NULL)
        return -errno;
    while ((entry = readdir(proc)) != NULL) {
        pid_t pid = atoi(entry->d_name);

        if (n == room) {
            room = room * 2 + 256;
            *list = realloc(*list, room * sizeof(**list));
            if (*list == NULL)
                abort();
        }
        if (pid > 0)
            (*list)[n++] = (struct relation){ pid, parent_of(pid) };
    }
    closedir(proc);
    return (int)n;
}

static bool
holds(const struct family *family, pid_t pid)
{
    for (int i = 0; i < family->n; i++)
        if (family->pids[i] == pid)
            return true;
    return false;
}

int
family_find(struct family *family, pid_t root)
{
    struct relation *list;
    int n = list_all(&list), before;

    *family = (struct family){ 0 };
    if (n < 0)
        return n;
    family->pids = calloc((size_t)n + 1, sizeof(pid_t));
    if (family->pids == NULL)
        abort();
    family->pids[family->n++] = root;
    do {
        before = family->n;
        for (int i = 0; i < n; i++)
            if (!holds(family, list[i].pid) && holds(family, list[i].parent))
                family->pids[family->n++] = list[i].pid;
    } while (family->n > before);
    free(list);
    return 0;
}

void
family_free(struct family *family)
{
    free(family->pids);
    *family = (struct family){ 0 };
}

/* --- what it takes ------------------------------------------------------------------ */

/* The sum of the lines "NAME: number" whose name is in the file; 0: no such file. */
static int64_t
read_number(const char *path, const char *name)
{
    FILE *f = fopen(path, "re");
    char line[256];
    int64_t sum = 0;

    if (f == NULL)
        return 0;
    while (fgets(line, sizeof(line), f) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            sum += atoll(line + strlen(name));
    fclose(f);
    return sum;
}

int64_t
family_pss_bytes(const struct family *family)
{
    int64_t kib = 0;

    for (int i = 0; i < family->n; i++) {
        char path[64];

        snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)family->pids[i]);
        kib += read_number(path, "Pss:");
    }
    return kib * 1024;
}

static int64_t
switches_of(const char *task)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/status", task);
    return read_number(path, "voluntary_ctxt_switches:") +
           read_number(path, "nonvoluntary_ctxt_switches:");
}

/* schedstat begins with the time on a CPU, in ns. */
static int64_t
cpu_ns_of(const char *task)
{
    char path[512];

    snprintf(path, sizeof(path), "%s/schedstat", task);
    return read_number(path, "");
}

static int64_t
sum_of_tasks(pid_t pid, int64_t (*read_one)(const char *task))
{
    char path[300];
    struct dirent *entry;
    int64_t sum = 0;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    if (tasks == NULL)
        return 0;
    while ((entry = readdir(tasks)) != NULL) {
        snprintf(path, sizeof(path), "/proc/%d/task/%s", (int)pid, entry->d_name);
        if (entry->d_name[0] != '.')
            sum += read_one(path);
    }
    closedir(tasks);
    return sum;
}

static int64_t
sum_of_all(const struct family *family, int64_t (*read_one)(const char *task))
{
    int64_t sum = 0;

    for (int i = 0; i < family->n; i++)
        sum += sum_of_tasks(family->pids[i], read_one);
    return sum;
}

int64_t
family_switches(const struct family *family)
{
    return sum_of_all(family, switches_of);
}

int64_t
family_cpu_ns(const struct family *family)
{
    return sum_of_all(family, cpu_ns_of);
}
