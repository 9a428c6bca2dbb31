/* usage.c - see usage.h. */
#include "config.h"

#include "sockdeck/serve/usage.h"

#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sockdeck/base/clock.h"

/* A line "KEY: NUMBER [kB]" of a file of /proc, and where its number is added. */
struct line {
    const char *key;
    size_t offset;              /* in struct usage, a uint64_t */
    uint64_t unit;
};

#define KIB UINT64_C(1024)

static const struct line memory_lines[] = {
    { "Pss:", offsetof(struct usage, proportional_bytes), KIB },
    { "Shared_Clean:", offsetof(struct usage, shared_bytes), KIB },
    { "Shared_Dirty:", offsetof(struct usage, shared_bytes), KIB },
    { "Private_Clean:", offsetof(struct usage, private_bytes), KIB },
    { "Private_Dirty:", offsetof(struct usage, private_bytes), KIB },
};

static const struct line switch_lines[] = {
    { "voluntary_ctxt_switches:", offsetof(struct usage, voluntary), 1 },
    { "nonvoluntary_ctxt_switches:", offsetof(struct usage, involuntary), 1 },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void
add_line(struct usage *usage, const struct line *lines, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(lines[i].key);

        if (strncmp(text, lines[i].key, length) != 0)
            continue;
        *(uint64_t *)(void *)((char *)usage + lines[i].offset) +=
            strtoull(text + length, NULL, 10) * lines[i].unit;
        return;
    }
}

static int
add_file(struct usage *usage, const struct line *lines, size_t n, const char *path)
{
    FILE *file = fopen(path, "re");
    char text[256];

    if (file == NULL)
        return errno == ENOENT ? -ESRCH : -errno;
    while (fgets(text, sizeof(text), file) != NULL)
        add_line(usage, lines, n, text);
    fclose(file);
    return 0;
}

/* A thread that ends meanwhile is left out. */
static int
add_threads(struct usage *usage, pid_t pid)
{
    char path[64], status[384];
    struct dirent *entry;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    if (tasks == NULL)
        return errno == ENOENT ? -ESRCH : -errno;
    while ((entry = readdir(tasks)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(status, sizeof(status), "%s/%s/status", path, entry->d_name);
        usage->threads += add_file(usage, switch_lines, COUNT(switch_lines), status) == 0;
    }
    closedir(tasks);
    return usage->threads > 0 ? 0 : -ESRCH;
}

static int
read_cpu(struct usage *usage, pid_t pid)
{
    struct timespec spent;
    clockid_t clock;
    int rc = clock_getcpuclockid(pid, &clock);

    if (rc != 0)
        return -rc;
    if (clock_gettime(clock, &spent) != 0)
        return -errno;
    usage->cpu_ns = spent.tv_sec * NS_PER_S + spent.tv_nsec;
    return 0;
}

int
usage_read(pid_t pid, struct usage *usage)
{
    char path[64];
    int rc;

    *usage = (struct usage) { 0 };
    rc = read_cpu(usage, pid);
    if (rc == 0)
        rc = add_threads(usage, pid);
    if (rc != 0)
        return rc;
    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
    return add_file(usage, memory_lines, COUNT(memory_lines), path);
}
