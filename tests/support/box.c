/* box.c - a private user, mount, network and pid namespace for a whole test program. */
#include "config.h"

#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#define INSIDE "SOCKDECK_TEST_BOX"

bool
box_enter(char **argv)
{
    const char *boxed[32] = { "unshare", "-Urmnpf", "--mount-proc", "--kill-child" };
    size_t n = 4;

    if (getenv(INSIDE) != NULL)
        return system("ip link set lo up") == 0;
    if (system("unshare -Urmnpf --mount-proc ip link set lo up 2>/dev/null") != 0) {
        print_message("SKIP: this system refuses unshare(1) its namespaces\n");
        return false;
    }
    for (size_t i = 0; argv[i] != NULL && n < sizeof(boxed) / sizeof(boxed[0]) - 1; i++)
        boxed[n++] = argv[i];
    boxed[n] = NULL;
    setenv(INSIDE, "1", 1);
    execvp(boxed[0], (char *const *)boxed);
    return false;
}

static int
run(const char *format, va_list ap)
{
    char command[512];

    vsnprintf(command, sizeof(command), format, ap);
    return system(command);
}

void
box_run(const char *format, ...)
{
    va_list ap;
    int status;

    va_start(ap, format);
    status = run(format, ap);
    va_end(ap);
    if (status != 0)
        fail_msg("status %d of: %s", status, format);
}

void
box_need(const char *format, ...)
{
    va_list ap;
    int status;

    va_start(ap, format);
    status = run(format, ap);
    va_end(ap);
    if (status == 0)
        return;
    print_message("SKIP: this system cannot do: %s\n", format);
    skip();
}
