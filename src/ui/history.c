/* history.c - the prompt's history on disk. */
#include "config.h"

#include "sockdeck/ui/history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/text.h"
#include "sockdeck/ui/state_file.h"

bool
history_path(char *buf, size_t size)
{
    return state_file_path(buf, size, "history");
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
    int fd = state_file_open(path, O_APPEND, err);

    history->fd = fd >= 0 ? fd : -1;
    if (fd < 0)
        return fd;
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
