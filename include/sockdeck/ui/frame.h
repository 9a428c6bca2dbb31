/* frame.h - what curses writes of one frame, held together and written at once.
 *
 * Curses writes each time it moves the cursor: some dozens of small writes for a
 * frame, each of which wakes the terminal's reader, who may show half of it. So
 * curses gets a descriptor of its own, which is the terminal's except between
 * frame_begin and frame_end: then it is a memory file's, and its content goes
 * out with one write. UI thread only. */
#ifndef SOCKDECK_UI_FRAME_H
#define SOCKDECK_UI_FRAME_H

#include <stdio.h>

#include "sockdeck/base/buffer.h"

struct frame {
    FILE *curses;               /* what curses is opened with */
    int memory;                 /* the memory file, < 0: frames go out as curses writes them */
    struct buffer bytes;        /* of a frame on its way */
};

int frame_open(struct frame *frame);    /* 0 or a negative errno */
void frame_close(struct frame *frame);  /* after curses; one never opened (zeroed) is fine */

void frame_begin(struct frame *frame);
/* Waits while the terminal takes no bytes; what it refuses (it is gone) is dropped. */
void frame_end(struct frame *frame);

#endif
