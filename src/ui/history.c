/* history.c - the prompt's history on disk. */
#include "config.h"

#include "sockdeck/ui/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"

bool
history_path(char *buf, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = 0;

    if (state != NULL && *state == '/')
        n = snprintf(buf, size, "%s/sockdeck/history", state);
    else if (home != NULL && *home == '/')
        n = snprintf(buf, size, "%s/.local/state/sockdeck/history", home);
    return n > 0 && (size_t)n < size;
}

/* Makes the folders above path, for the user only. */
static void
make_folders(const char *path)
{
    char folder[4096];

    if ((size_t)snprintf(folder, sizeof(folder), "%s", path) >= sizeof(folder))
        return;
    for (char *p = folder + 1; (p = strchr(p, '/')) != NULL; p++) {
        *p = '\0';
        mkdir(folder, 0700);
        *p = '/';
    }
}

static int
open_file(const char *path, struct error *err)
{
    struct stat st;
    int code;
    int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    int fd = open(path, flags, 0600);

    if (fd == -1)
        return error_set(err, -errno, "history %s: %s", path,
                         errno == ELOOP ? "it is a symbolic link" : error_message(errno));
    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) || st.st_uid != geteuid()) {
        code = error_set(err, -EPERM, "history %s: not a file of yours", path);
        close(fd);
        return code;
    }
    return fd;
}

/* A line that can be shown and typed: UTF-8 without controls. */
static bool
is_good(const char *text, size_t n)
{
    if (n == 0 || n > HISTORY_LINE_MAX || !text_is_utf8(text, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

static void
give_line(char *text, size_t n, void (*line)(void *, bool, const char *), void *ctx)
{
    bool is_send = n > 0 && *text == '\t';

    text += is_send;
    n -= is_send;
    if (!is_good(text, n))
        return;
    text[n] = '\0';
    line(ctx, is_send, text);
}

/* Where to start so that at most HISTORY_LINES lines remain. */
static char *
newest_lines(char *text, size_t n)
{
    size_t lines = 0;

    for (char *p = text + n; p > text; p--)
        if (p[-1] == '\n' && lines++ == HISTORY_LINES)
            return p;
    return text;
}

/* Puts the newest lines in place of a file that has grown too long. */
static void
shorten(int fd, const char *text, size_t n)
{
    if (ftruncate(fd, 0) == 0 && write(fd, text, n) != (ssize_t)n)
        (void)!ftruncate(fd, 0);
}

static void
read_lines(int fd, void (*line)(void *, bool, const char *), void *ctx)
{
    off_t size = lseek(fd, 0, SEEK_END);
    off_t start = size > HISTORY_FILE_MAX ? size - HISTORY_FILE_MAX : 0;
    char *text = malloc(HISTORY_FILE_MAX + 1), *first, *newline;
    ssize_t n = text != NULL ? pread(fd, text, HISTORY_FILE_MAX, start) : -1;

    if (n > 0) {
        text[n] = '\0';
        first = newest_lines(text, (size_t)n);
        if (start > 0 || first - text > HISTORY_FILE_MAX / 4)
            shorten(fd, first, (size_t)(text + n - first));
        while ((newline = memchr(first, '\n', (size_t)(text + n - first))) != NULL) {
            give_line(first, (size_t)(newline - first), line, ctx);
            first = newline + 1;
        }
    }
    free(text);
}

int
history_open(struct history *history, const char *path,
             void (*line)(void *ctx, bool is_send, const char *text), void *ctx,
             struct error *err)
{
    make_folders(path);
    history->fd = open_file(path, err);
    if (history->fd < 0) {
        int code = history->fd;

        history->fd = -1;
        return code;
    }
    fchmod(history->fd, 0600);
    read_lines(history->fd, line, ctx);
    return 0;
}

void
history_append(struct history *history, bool is_send, const char *text)
{
    char line[HISTORY_LINE_MAX + 3];
    size_t n = strlen(text);

    if (history->fd < 0 || !is_good(text, n))
        return;
    n = (size_t)snprintf(line, sizeof(line), "%s%s\n", is_send ? "\t" : "", text);
    if (n < sizeof(line) && write(history->fd, line, n) != (ssize_t)n)
        history_close(history);         /* a full disk: the session's own history goes on */
}

void
history_close(struct history *history)
{
    if (history->fd >= 0)
        close(history->fd);
    history->fd = -1;
}
