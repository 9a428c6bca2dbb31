/* face_screenshot.c - the screen as text in a new file. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/ui/face_parts.h"

/* A row without the blanks at its end. */
static void
add_row(struct buffer *out, const struct canvas *canvas, int row)
{
    const struct canvas_cell *cells = &canvas->cells[(size_t)row * (size_t)canvas->cols];
    int end = canvas->cols;

    while (end > 0 && cells[end - 1].code[0] == ' ' && cells[end - 1].code[1] == 0)
        end--;
    for (int col = 0; col < end; col++)
        for (int i = 0; i < CANVAS_CODES && cells[col].code[i] != 0; i++) {
            char character[4];

            if (buffer_add(out, character,
                           (size_t)text_encode(character, cells[col].code[i])) != 0)
                abort();
        }
    buffer_add(out, "\n", 1);
}

/* Never through a link, never over what is there. */
static int
open_new(const char *path, struct error *err)
{
    char shown[TEXT_WORD];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);

    if (fd == -1 && errno == EEXIST)
        return error_set(err, -EEXIST, "%s: is there already; a screenshot replaces nothing",
                         text_word(shown, path));
    if (fd == -1)
        return error_set(err, -errno, "%s: %s", text_word(shown, path), error_message(errno));
    return fd;
}

static int
write_all(int fd, const struct buffer *text)
{
    const char *p = buffer_data(text);
    size_t left = buffer_size(text);

    while (left > 0) {
        ssize_t n = write(fd, p, left);

        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        p += n;
        left -= (size_t)n;
    }
    return 0;
}

int
face_screenshot(struct face *face, int argc, char **argv, struct error *err)
{
    char shown[TEXT_WORD], message[TEXT_WORD + 48];
    struct buffer text = { 0 };
    int fd = open_new(argv[0], err), code;

    (void)argc;
    if (fd < 0)
        return fd;
    face_compose(face);
    for (int row = 0; row < face->canvas.rows; row++)
        add_row(&text, &face->canvas, row);
    code = write_all(fd, &text);
    if (close(fd) != 0 && code == 0)
        code = -errno;
    buffer_fini(&text);
    if (code != 0) {
        unlink(argv[0]);
        return error_set(err, code, "%s: %s", text_word(shown, argv[0]), error_message(-code));
    }
    snprintf(message, sizeof(message), "%s: %d rows, %d columns", text_word(shown, argv[0]),
             face->canvas.rows, face->canvas.cols);
    face_set_message(face, false, message);
    return 0;
}
