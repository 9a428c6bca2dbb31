/* mode.c - the table of modes. */
#include "config.h"

#include "sockdeck/serve/mode.h"

#include <stddef.h>
#include <string.h>

#include "mode_entries.h"

const struct mode *const modes[] = {
    &mode_serial,
    &mode_threads,
    &mode_fork,
    &mode_prefork,
    &mode_prefork_threads,
    &mode_epoll,
    NULL,
};

const uint32_t mode_count = sizeof(modes) / sizeof(modes[0]) - 1;

const struct mode *
mode_find(const char *name)
{
    for (uint32_t i = 0; i < mode_count; i++)
        if (strcmp(modes[i]->name, name) == 0)
            return modes[i];
    return NULL;
}

uint32_t
mode_index(const struct mode *mode)
{
    uint32_t i = 0;

    while (modes[i] != mode)
        i++;
    return i;
}
