/* frame.c - a frame composed in a memory file. */
#include "config.h"

#include "sockdeck/ui/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "sockdeck/base/memory_file.h"
#include "sockdeck/ui/terminal.h"

/* More than the largest terminal takes. */
enum { FRAME_MOST = 16 * 1024 * 1024 };

int
frame_open(struct frame *frame)
{
    int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

    *frame = (struct frame) { .memory = -1 };
    if (fd == -1)
        return -errno;
    frame->curses = fdopen(fd, "w");
    if (frame->curses == NULL)
        abort();
    frame->memory = memory_file_open("sockdeck-frame", FRAME_MOST);
    return 0;
}

void
frame_close(struct frame *frame)
{
    if (frame->curses == NULL)
        return;
    fclose(frame->curses);
    if (frame->memory >= 0)
        close(frame->memory);
    buffer_fini(&frame->bytes);
    frame->curses = NULL;
}

void
frame_begin(struct frame *frame)
{
    if (frame->memory >= 0)
        dup3(frame->memory, fileno(frame->curses), O_CLOEXEC);
}

/* The offset is shared with the descriptor that curses wrote through: it stands
 * behind what is new; bytes of older frames may lie beyond. */
static void
take_composed(struct frame *frame)
{
    const off_t size = lseek(frame->memory, 0, SEEK_CUR);
    char *room = buffer_reserve(&frame->bytes, (size_t)size);
    ssize_t n;

    if (room == NULL)
        abort();
    n = pread(frame->memory, room, (size_t)size, 0);
    if (n > 0)
        buffer_extend(&frame->bytes, (size_t)n);
    lseek(frame->memory, 0, SEEK_SET);
}

void
frame_end(struct frame *frame)
{
    if (frame->memory < 0)
        return;
    dup3(STDOUT_FILENO, fileno(frame->curses), O_CLOEXEC);
    take_composed(frame);
    terminal_write(buffer_data(&frame->bytes), buffer_size(&frame->bytes));
    buffer_clear(&frame->bytes);
}
