/* own_file.c - see own_file.h. */
#include "config.h"

#include "own_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
own_file_make(struct own_file *f, const char *name)
{
    strcpy(f->folder, "/tmp/sockdeck-test-XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    snprintf(f->path, sizeof(f->path), "%s/%s", f->folder, name);
    return 0;
}

void
own_file_remove(struct own_file *f)
{
    unlink(f->path);
    rmdir(f->folder);
}
