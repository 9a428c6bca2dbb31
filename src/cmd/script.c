/* script.c - files of commands. */
#include "config.h"

#include "sockdeck/cmd/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/words.h"

struct script {
    struct buffer text;
    size_t at;                  /* where the next line begins */
};

/* Not blocking: a FIFO without a writer is refused, not waited for. */
static int
open_regular(const char *path, const char *shown, struct error *err)
{
    struct stat st;
    int code, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd == -1) {
        code = -errno;
        return error_set(err, code, "%s: %s", shown, error_message(code));
    }
    code = fstat(fd, &st) == -1 ? -errno : 0;
    if (code != 0)
        error_set(err, code, "%s: %s", shown, error_message(code));
    else if (!S_ISREG(st.st_mode))
        code = error_set(err, -EINVAL, "%s: not a regular file (for a pipe: -f -)", shown);
    else if (st.st_size > SCRIPT_MAX_BYTES)
        code = error_set(err, -EFBIG, "%s: larger than 16 MiB", shown);
    if (code != 0) {
        close(fd);
        return code;
    }
    return fd;
}

static int
read_all(struct buffer *text, int fd, const char *shown, struct error *err)
{
    for (;;) {
        char *room = buffer_reserve(text, 64 * 1024);
        ssize_t n;

        if (room == NULL)
            return error_set(err, -ENOMEM, "%s: no memory", shown);
        n = read(fd, room, 64 * 1024);
        if (n == -1 && errno != EINTR) {
            int code = -errno;

            return error_set(err, code, "%s: %s", shown, error_message(code));
        }
        if (n == 0)
            return 0;
        if (n > 0)
            buffer_extend(text, (size_t)n);
        if (buffer_size(text) > SCRIPT_MAX_BYTES)
            return error_set(err, -EFBIG, "%s: larger than 16 MiB", shown);
    }
}

static int
check(const struct buffer *text, const char *shown, struct error *err)
{
    const char *p = buffer_data(text);
    size_t left = buffer_size(text);

    if (left == 0)
        return 0;
    if (memchr(p, '\0', left) != NULL)
        return error_set(err, -EINVAL, "%s: binary (it holds a NUL)", shown);
    for (size_t number = 1; left > 0; number++) {
        const char *end = memchr(p, '\n', left);
        size_t n = end != NULL ? (size_t)(end - p) + 1 : left;

        if (n > LINE_MAX_BYTES)
            return error_set(err, -EINVAL, "%s:%zu: the line is longer than 64 KiB", shown, number);
        p += n;
        left -= n;
    }
    return 0;
}

int
script_open(struct script **script, const char *path, struct error *err)
{
    struct script *s = alloc_zero(sizeof(*s));
    char shown[TEXT_WORD];
    int code, fd;

    text_word(shown, path);
    code = fd = open_regular(path, shown, err);
    if (fd < 0)
        goto out;
    code = read_all(&s->text, fd, shown, err);
    close(fd);
    if (code == 0)
        code = check(&s->text, shown, err);

out:
    if (code < 0) {
        script_close(s);
        return code;
    }
    *script = s;
    return 0;
}

void
script_close(struct script *script)
{
    if (script == NULL)
        return;
    buffer_fini(&script->text);
    free(script);
}

int
script_next(struct script *script, const char **line, size_t *n)
{
    size_t size = buffer_size(&script->text);
    const char *p, *end;

    if (script->at >= size)
        return 0;
    p = buffer_data(&script->text) + script->at;
    end = memchr(p, '\n', size - script->at);
    *line = p;
    *n = end != NULL ? (size_t)(end - p) : size - script->at;
    script->at += *n + 1;
    return 1;
}
