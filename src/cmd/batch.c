/* batch.c - the batch face.
 *
 * One thread; it sleeps in poll on a wake-up (an eventfd, which other threads write)
 * and, while a job waits for a line, on standard input. */
#include "config.h"

#include "sockdeck/cmd/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"
#include "sockdeck/cmd/console.h"
#include "sockdeck/cmd/line_reader.h"
#include "sockdeck/cmd/options.h"
#include "sockdeck/cmd/runner.h"
#include "sockdeck/cmd/target.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/model/model.h"
#include "sockdeck/serve/request.h"

enum { NAMED_MAX = 16 };        /* things named in the line about waiting */

struct batch {
    int wake;                   /* eventfd */
    atomic_int signal;          /* the first that came, 0: none */
    atomic_bool broken;
    struct line_reader input;
    struct console *console;
    struct engine *engine;
    struct model *model;
    struct id_list closing;     /* connections that were asked to close at the end */
    bool said_waiting;
};

int
batch_open(struct batch **out, struct error *err)
{
    struct batch *batch = alloc_zero(sizeof(*batch));

    batch->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (batch->wake == -1) {
        int code = -errno;

        free(batch);
        return error_set(err, code, "eventfd: %s", error_message(code));
    }
    atomic_init(&batch->signal, 0);
    atomic_init(&batch->broken, false);
    line_reader_init(&batch->input, STDIN_FILENO);
    *out = batch;
    return 0;
}

void
batch_close(struct batch *batch)
{
    if (batch == NULL)
        return;
    line_reader_fini(&batch->input);
    id_list_fini(&batch->closing);
    close(batch->wake);
    free(batch);
}

void
batch_wake(struct batch *batch)
{
    const uint64_t one = 1;

    /* Full only when a wake-up is pending already. */
    while (write(batch->wake, &one, sizeof(one)) == -1 && errno == EINTR)
        continue;
}

void
batch_signal(struct batch *batch, int number)
{
    int none = 0;

    atomic_compare_exchange_strong(&batch->signal, &none, number);
    batch_wake(batch);
}

void
batch_broken(struct batch *batch)
{
    atomic_store(&batch->broken, true);
    batch_wake(batch);
}

static void
diagnose(void *ctx, const char *text)
{
    (void)ctx;
    fprintf(stderr, "sockdeck: %s\n", text);
}

static bool
was_asked(const struct batch *batch, uint32_t conn)
{
    for (size_t i = 0; i < batch->closing.count; i++)
        if (batch->closing.ids[i] == conn)
            return true;
    return false;
}

/* No command is left that could use a dialled connection whose peer has sent its end. */
static void
close_ended(struct batch *batch)
{
    size_t known = batch->closing.count;
    const struct connection *conn;

    model_lock(batch->model);
    for (conn = model_next_connection(batch->model, 0); conn != NULL;
         conn = model_next_connection(batch->model, conn->id + 1))
        if (conn->dialled && conn->state == CONN_PEER_CLOSED && !was_asked(batch, conn->id))
            id_list_add(&batch->closing, conn->id);
    model_unlock(batch->model);

    for (size_t i = known; i < batch->closing.count; i++) {
        struct request request = { .type = REQUEST_CLOSE, .conn = batch->closing.ids[i] };

        engine_tell(batch->engine, &request, NULL);
    }
}

static void add_name(struct buffer *line, size_t *count, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
add_name(struct buffer *line, size_t *count, const char *format, ...)
{
    char name[128];
    va_list args;

    if (++*count > NAMED_MAX)
        return;
    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    alloc_check(buffer_printf(line, "%s%s", *count > 1 ? ", " : "", name));
}

/* What is open: "L1, #1 (127.0.0.1:6379)". Returns how many. */
static size_t
name_open(const struct batch *batch, struct buffer *line)
{
    const struct listener *listener;
    const struct connection *conn;
    size_t count = 0;

    model_lock(batch->model);
    for (listener = model_next_listener(batch->model, 0); listener != NULL;
         listener = model_next_listener(batch->model, listener->id + 1U))
        if (!listener->stopped)
            add_name(line, &count, "L%u", (unsigned)listener->id);
    for (conn = model_next_connection(batch->model, 0); conn != NULL;
         conn = model_next_connection(batch->model, conn->id + 1))
        if (conn->state != CONN_CLOSED && !was_asked(batch, conn->id))
            add_name(line, &count, "#%" PRIu32 " (%s)", conn->id, conn->peer);
    model_unlock(batch->model);
    if (count > NAMED_MAX)
        alloc_check(buffer_printf(line, " and %zu more", count - NAMED_MAX));
    return count;
}

static void
say_waiting(struct batch *batch)
{
    struct buffer names = { 0 };

    if (batch->said_waiting)
        return;
    if (name_open(batch, &names) > 0) {
        batch->said_waiting = true;
        fprintf(stderr, "sockdeck: waiting for %.*s; 'close' or 'quit' ends it\n",
                (int)buffer_size(&names), buffer_data(&names));
    }
    buffer_fini(&names);
}

static bool
is_all_closed(struct batch *batch)
{
    bool closed;

    model_lock(batch->model);
    closed = model_open_connections(batch->model) == 0 && model_open_listeners(batch->model) == 0;
    model_unlock(batch->model);
    return closed;
}

/* All commands have ended: true when nothing is left to wait for. */
static bool
is_over(struct batch *batch)
{
    if (console_is_busy(batch->console))
        return false;
    if (is_all_closed(batch))
        return true;
    close_ended(batch);
    say_waiting(batch);
    return false;
}

static void
wait_for_news(struct batch *batch)
{
    int64_t now_ns = clock_mono_ns();
    struct pollfd fds[] = {
        { .fd = batch->wake, .events = POLLIN },
        { .fd = console_wants_line(batch->console) ? STDIN_FILENO : -1, .events = POLLIN },
    };
    uint64_t count;

    if (poll(fds, 2, clock_poll_ms(console_deadline(batch->console), now_ns)) <= 0)
        return;
    if (fds[0].revents != 0 && read(batch->wake, &count, sizeof(count)) == -1 && errno != EAGAIN)
        abort();
    if (fds[1].revents != 0)
        line_reader_fill(&batch->input);
}

static bool
must_end(struct batch *batch)
{
    return console_quit_wanted(batch->console) || atomic_load(&batch->signal) != 0 ||
           atomic_load(&batch->broken);
}

/* A hang-up ends it as a SIGTERM does. */
static enum status
status_of_end(const struct batch *batch)
{
    switch (atomic_load(&batch->signal)) {
    case 0:
        return console_status(batch->console);
    case SIGINT:
        return STATUS_SIGINT;
    default:
        return STATUS_SIGTERM;
    }
}

enum status
batch_run(struct batch *batch, const struct console_options *console,
          const struct options *options, const char *rc)
{
    const struct line_source lines = { .next = line_reader_next, .ctx = &batch->input };
    struct console_options own = *console;
    enum status status;

    own.diagnose = diagnose;
    batch->engine = console->engine;
    batch->model = console->model;
    batch->console = console_new(&own);

    console_start(batch->console, options, rc, &lines);
    while (!must_end(batch) && !is_over(batch)) {
        wait_for_news(batch);
        console_step(batch->console, clock_mono_ns());
    }
    status = status_of_end(batch);
    console_free(batch->console);
    batch->console = NULL;
    return status;
}
