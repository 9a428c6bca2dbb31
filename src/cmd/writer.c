/* writer.c - see writer.h. */
#include "config.h"

#include "writer.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"

enum { QUEUE_MAX = 1 << 20, GIVE_UP_MS = 500 };

struct writer {
    struct writer_options options;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t filled;      /* the thread has something to do */
    pthread_cond_t moved;       /* the thread has written, or has ended */

    /* Under the mutex. */
    struct buffer queue;
    size_t being_written;       /* bytes that the thread has taken and not yet written */
    uint64_t written;
    int failure;
    bool is_closing, has_ended;
    bool wants_room;            /* writer_has_room has said no */

    struct buffer taken;        /* the thread's own */
};

static size_t
pending(const struct writer *writer)
{
    return buffer_size(&writer->queue) + writer->being_written;
}

/* Waits for lines and takes them all; false when there are none and none will come. */
static bool
take_lines(struct writer *writer)
{
    struct buffer empty = writer->taken;

    pthread_mutex_lock(&writer->mutex);
    while (buffer_size(&writer->queue) == 0 && !writer->is_closing)
        pthread_cond_wait(&writer->filled, &writer->mutex);
    writer->taken = writer->queue;
    writer->queue = empty;
    writer->being_written = buffer_size(&writer->taken);
    pthread_mutex_unlock(&writer->mutex);
    return buffer_size(&writer->taken) > 0;
}

/* The one place where the thread may be cancelled. */
static ssize_t
write_some(int fd, const char *data, size_t n)
{
    struct pollfd pfd = { .fd = fd, .events = POLLOUT };
    ssize_t written = -1;
    int code;

    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    if (poll(&pfd, 1, -1) == 1)
        written = write(fd, data, n < PIPE_BUF ? n : PIPE_BUF);
    code = errno;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    return written >= 0 ? written : -code;
}

static void
account(struct writer *writer, size_t n)
{
    bool has_come_free;

    pthread_mutex_lock(&writer->mutex);
    writer->being_written -= n;
    writer->written += n;
    has_come_free = writer->wants_room && pending(writer) <= QUEUE_MAX / 2;
    if (has_come_free)
        writer->wants_room = false;
    pthread_cond_signal(&writer->moved);
    pthread_mutex_unlock(&writer->mutex);
    if (has_come_free && writer->options.room != NULL)
        writer->options.room(writer->options.ctx);
}

/* From now on lines are dropped: nobody is to be held up by a reader that has gone. */
static void
fail(struct writer *writer, int code)
{
    pthread_mutex_lock(&writer->mutex);
    writer->failure = code;
    writer->being_written = 0;
    writer->wants_room = false;
    buffer_fini(&writer->queue);
    pthread_mutex_unlock(&writer->mutex);
    buffer_clear(&writer->taken);
    if (writer->options.broken != NULL)
        writer->options.broken(writer->options.ctx);
    if (writer->options.room != NULL)
        writer->options.room(writer->options.ctx);
}

static void
write_taken(struct writer *writer)
{
    while (buffer_size(&writer->taken) > 0) {
        ssize_t n = write_some(writer->options.fd, buffer_data(&writer->taken),
                               buffer_size(&writer->taken));

        if (n >= 0) {
            buffer_take(&writer->taken, (size_t)n);
            account(writer, (size_t)n);
        } else if (n != -EINTR && n != -EAGAIN) {
            fail(writer, (int)n);
        }
    }
}

static void *
run(void *arg)
{
    struct writer *writer = arg;

    while (take_lines(writer))
        write_taken(writer);

    pthread_mutex_lock(&writer->mutex);
    writer->has_ended = true;
    pthread_cond_signal(&writer->moved);
    pthread_mutex_unlock(&writer->mutex);
    return NULL;
}

/* The thread begins uncancellable and with every signal blocked; SIGPIPE, which a
 * write would raise in it, then stays pending there and the write gives EPIPE. */
static int
start_thread(struct writer *writer)
{
    sigset_t all, before;
    int cancel, rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    rc = pthread_create(&writer->thread, NULL, run, writer);
    pthread_setcancelstate(cancel, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -rc;
}

static void
free_writer(struct writer *writer)
{
    pthread_mutex_destroy(&writer->mutex);
    pthread_cond_destroy(&writer->filled);
    pthread_cond_destroy(&writer->moved);
    buffer_fini(&writer->queue);
    buffer_fini(&writer->taken);
    free(writer);
}

int
writer_open(struct writer **result, const struct writer_options *options)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    pthread_condattr_t attr;
    int rc;

    if (writer == NULL)
        return -ENOMEM;
    writer->options = *options;
    pthread_mutex_init(&writer->mutex, NULL);
    pthread_cond_init(&writer->filled, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&writer->moved, &attr);
    pthread_condattr_destroy(&attr);
    rc = start_thread(writer);
    if (rc != 0) {
        free_writer(writer);
        return rc;
    }
    *result = writer;
    return 0;
}

/* True when the thread has ended, false when it has written nothing for a while. */
static bool
wait_for_end(struct writer *writer)
{
    uint64_t seen = writer->written;
    int64_t deadline = clock_mono_ns() + GIVE_UP_MS * NS_PER_MS;
    int rc = 0;

    while (!writer->has_ended && rc != ETIMEDOUT) {
        struct timespec until = { deadline / NS_PER_S, deadline % NS_PER_S };

        rc = pthread_cond_timedwait(&writer->moved, &writer->mutex, &until);
        if (writer->written != seen) {
            seen = writer->written;
            deadline = clock_mono_ns() + GIVE_UP_MS * NS_PER_MS;
            rc = 0;
        }
    }
    return writer->has_ended;
}

int
writer_close(struct writer *writer)
{
    bool has_ended;
    int code;

    pthread_mutex_lock(&writer->mutex);
    writer->is_closing = true;
    pthread_cond_signal(&writer->filled);
    has_ended = wait_for_end(writer);
    pthread_mutex_unlock(&writer->mutex);
    if (!has_ended)
        pthread_cancel(writer->thread);
    pthread_join(writer->thread, NULL);
    code = writer->failure;
    free_writer(writer);
    return code;
}

struct buffer *
writer_lock(struct writer *writer)
{
    pthread_mutex_lock(&writer->mutex);
    if (writer->failure == 0)
        return &writer->queue;
    pthread_mutex_unlock(&writer->mutex);
    return NULL;
}

void
writer_unlock(struct writer *writer)
{
    if (buffer_size(&writer->queue) > 0)
        pthread_cond_signal(&writer->filled);
    pthread_mutex_unlock(&writer->mutex);
}

bool
writer_has_room(struct writer *writer)
{
    bool has_room;

    pthread_mutex_lock(&writer->mutex);
    has_room = pending(writer) <= QUEUE_MAX;
    writer->wants_room = !has_room;
    pthread_mutex_unlock(&writer->mutex);
    return has_room;
}
