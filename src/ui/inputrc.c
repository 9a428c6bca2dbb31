/* inputrc.c - looking at the user's inputrc before readline does. */
#include "config.h"

#include "sockdeck/ui/inputrc.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 64 };

static bool
expand(char *buf, size_t size, const char *path)
{
    const char *home = getenv("HOME");
    int n;

    if (path[0] == '~' && path[1] == '/' && home != NULL)
        n = snprintf(buf, size, "%s%s", home, path + 1);
    else
        n = snprintf(buf, size, "%s", path);
    return n > 0 && (size_t)n < size;
}

/* The file that readline would read; false when there is none. */
static bool
find_path(char *buf, size_t size)
{
    const char *path = getenv("INPUTRC");

    if (path != NULL && *path != '\0')
        return expand(buf, size, path);
    if (expand(buf, size, "~/.inputrc") && access(buf, R_OK) == 0)
        return true;
    return expand(buf, size, "/etc/inputrc") && access(buf, R_OK) == 0;
}

/* The text of a regular file that is not too large; NULL for any other. */
static char *
read_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    char *text = NULL;
    struct stat st;
    ssize_t n;

    if (fd == -1)
        return NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= INPUTRC_BYTES)
        text = malloc(INPUTRC_BYTES + 1);
    if (text != NULL) {
        n = read(fd, text, INPUTRC_BYTES);
        text[n > 0 ? n : 0] = '\0';
    }
    close(fd);
    return text;
}

/* The path of an include, in place; NULL when the line is another. */
static char *
included(char *line)
{
    char *end;

    line += strspn(line, " \t");
    if (strncasecmp(line, "$include", 8) != 0 || (line[8] != ' ' && line[8] != '\t'))
        return NULL;
    line += 8 + strspn(line + 8, " \t");
    end = line + strlen(line);
    while (end > line && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        *--end = '\0';
    return *line != '\0' ? line : NULL;
}

static bool
is_fit(const char *path, int depth, int *files)
{
    char *text, *rest, *line, whole[PATH_MAX];
    bool fit = true;

    if (depth > INPUTRC_DEPTH || ++*files > FILES || !expand(whole, sizeof(whole), path))
        return false;
    if (access(whole, F_OK) != 0 || strcmp(whole, "/dev/null") == 0)
        return true;            /* nothing to read */
    text = rest = read_file(whole);
    if (text == NULL)
        return false;
    while (fit && (line = strsep(&rest, "\n")) != NULL) {
        char *next = included(line);

        if (next != NULL)
            fit = is_fit(next, depth + 1, files);
    }
    free(text);
    return fit;
}

bool
inputrc_is_fit(void)
{
    char path[PATH_MAX];
    int files = 0;

    return !find_path(path, sizeof(path)) || is_fit(path, 0, &files);
}
