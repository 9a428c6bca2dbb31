/* writer.h - a bounded queue of bytes and the thread that writes it to a descriptor.
 * Private to the output.
 *
 * DESIGN. Producers add to the queue under the mutex (writer_lock), so that what they
 * make keeps its order. The thread swaps the queue for its own empty buffer and writes
 * without the mutex. The descriptor may be shared, so it is left blocking: the thread
 * asks poll(2) first and then writes no more than PIPE_BUF bytes, which a pipe that
 * has room takes at once. A write that blocks all the same (a terminal stopped with
 * Ctrl-S) is left by cancelling the thread, which can happen there and nowhere else. */
#ifndef SOCKDECK_SRC_CMD_WRITER_H
#define SOCKDECK_SRC_CMD_WRITER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct writer;

struct writer_options {
    int fd;
    void (*room)(void *ctx);    /* the queue fell to half after writer_has_room said no */
    void (*broken)(void *ctx);  /* once: writing has failed, what follows is dropped */
    void *ctx;                  /* both are called on the thread, with nothing locked */
};

/* 0 or a negative errno. */
int writer_open(struct writer **writer, const struct writer_options *options);
/* Writes what is queued; gives up when nothing moves for 500 ms. Returns 0, or
 * the negative errno of the write that failed. */
int writer_close(struct writer *writer);

/* The queue, to add to; NULL, and nothing locked, when writing has failed. */
struct buffer *writer_lock(struct writer *writer);
void writer_unlock(struct writer *writer);

bool writer_has_room(struct writer *writer);

#endif
