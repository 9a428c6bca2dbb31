/* app.c - the program put together: start-up order, one struct app, teardown in
 * reverse.
 *
 * DESIGN. The spawner is forked before anything else exists. What the sockets did comes
 * from the collector thread, what commands did from the face's thread; both go
 * through publish below: first into the model, then, in a batch, out as lines, under one mutex
 * so that both see the same order. Nothing else is locked outside it. */
#include "config.h"

#include "sockdeck/app.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/status.h"
#include "sockdeck/cmd/batch.h"
#include "sockdeck/cmd/console.h"
#include "sockdeck/cmd/options.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/engine/engine.h"
#include "sockdeck/model/model.h"
#include "sockdeck/ui/face.h"

struct app {
    struct options options;
    struct engine *engine;
    struct model *model;
    struct output *output;      /* batch only */
    struct batch *batch;        /* batch only */
    pthread_mutex_t publishing; /* outermost: the model's and the output's are inside */
    int wake;                   /* screen: eventfd, the model has changed */
    atomic_int signal;          /* screen: the first that asks for the end */
    char rc[4096];              /* sockdeckrc, or "" */
};

/* --- what happened, on its way up --------------------------------------------------- */

static void
wake_face(struct app *app)
{
    if (app->batch != NULL)
        batch_wake(app->batch);
    else
        eventfd_write(app->wake, 1);
}

/* The records of a round, or one of a command's. */
static void
publish(void *ctx, const struct event *const *batch, size_t n)
{
    struct app *app = ctx;
    int64_t offset = clock_wall_ns() - clock_mono_ns();

    pthread_mutex_lock(&app->publishing);
    model_apply(app->model, batch, n, offset);
    if (app->output != NULL)
        for (size_t i = 0; i < n; i++)
            output_event(app->output, app->model, batch[i], batch[i]->stamp_ns + offset);
    pthread_mutex_unlock(&app->publishing);
    wake_face(app);
}

static void
publish_own(void *ctx, struct event *event, const void *data, uint32_t n)
{
    struct event *whole = calloc(1, EVENT_SIZE(n));

    if (whole == NULL)
        abort();
    *whole = *event;
    whole->size = EVENT_SIZE(n);
    whole->data_size = n;
    if (n > 0)
        memcpy(whole->data, data, n);
    if (whole->stamp_ns == 0)
        whole->stamp_ns = clock_mono_ns();
    publish(ctx, (const struct event *const []) { whole }, 1);
    free(whole);
}

static bool
has_room(void *ctx)
{
    const struct app *app = ctx;

    return app->output == NULL || output_has_room(app->output);
}

static void
signalled(void *ctx, int number)
{
    struct app *app = ctx;
    int none = 0;

    if (app->batch != NULL) {
        batch_signal(app->batch, number);
        return;
    }
    atomic_compare_exchange_strong(&app->signal, &none, number);
    wake_face(app);
    face_unblock();
}

/* --- start and end --------------------------------------------------------------------- */

static void
say(const struct error *err)
{
    fprintf(stderr, "sockdeck: %s\n", err->text);
}

/* A thread or a poll for each connection wants descriptors; the hard limit is ours to use. */
static void
raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void
find_rc(struct app *app)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int n = 0;

    if (app->options.no_rc)
        return;
    if (config != NULL && config[0] == '/')
        n = snprintf(app->rc, sizeof(app->rc), "%s/sockdeck/sockdeckrc", config);
    else if (home != NULL && home[0] == '/')
        n = snprintf(app->rc, sizeof(app->rc), "%s/.config/sockdeck/sockdeckrc", home);
    if (n < 0 || (size_t)n >= sizeof(app->rc))
        app->rc[0] = '\0';
}

static const char *
rc_of(const struct app *app)
{
    return app->rc[0] != '\0' ? app->rc : NULL;
}

static int
start_engine(struct app *app, struct error *err)
{
    const struct engine_sink sink = {
        .apply = publish,
        .has_room = has_room,
        .signalled = signalled,
        .ctx = app,
    };

    return engine_start(app->engine, &sink, err);
}

static struct console_options
console_options(struct app *app)
{
    return (struct console_options) {
        .engine = app->engine,
        .model = app->model,
        .output = app->output,
        .publish = publish_own,
        .publish_ctx = app,
    };
}

/* --- batch --------------------------------------------------------------------------------- */

static void
output_has_room_again(void *ctx)
{
    struct app *app = ctx;

    engine_kick(app->engine);
    batch_wake(app->batch);
}

static void
output_is_broken(void *ctx)
{
    struct app *app = ctx;

    batch_broken(app->batch);
}

static int
run_batch(struct app *app, struct error *err)
{
    const struct output_options output = {
        .fd = STDOUT_FILENO,
        .json = app->options.json,
        .event_bytes = 4096,
        .start_ns = clock_mono_ns(),
        .room = output_has_room_again,
        .broken = output_is_broken,
        .ctx = app,
    };
    struct console_options console;
    int rc, status = STATUS_INTERNAL;

    engine_set_capture(app->engine, CAPTURE_WHOLE);
    if (batch_open(&app->batch, err) != 0 || output_open(&app->output, &output, err) != 0 ||
        start_engine(app, err) != 0) {
        say(err);
        goto out;
    }
    output_start(app->output);
    console = console_options(app);
    status = batch_run(app->batch, &console, &app->options, rc_of(app));
out:
    engine_stop(app->engine);
    rc = output_close(app->output);
    batch_close(app->batch);
    if (rc == 0 || rc == -EPIPE)
        return status;
    error_set(err, rc, "standard output: %s", error_message(rc));
    say(err);
    return STATUS_INTERNAL;
}

/* --- screen --------------------------------------------------------------------------------- */

static void
begin(void *ctx, struct console *console)
{
    struct app *app = ctx;

    console_start(console, &app->options, rc_of(app), NULL);
}

static bool
must_end(void *ctx)
{
    struct app *app = ctx;

    return atomic_load(&app->signal) != 0;
}

static void
set_screen_up(void *ctx, bool up)
{
    struct app *app = ctx;

    engine_set_screen_up(app->engine, up);
}

static int
screen_status(const struct app *app, int rc)
{
    int number = atomic_load(&app->signal);

    if (number != 0)
        return 128 + number;
    return rc == 0 ? STATUS_OK : rc == -EIO ? 128 + SIGHUP : STATUS_USAGE;
}

static int
run_face(struct app *app, struct error *err)
{
    const struct face_options face = {
        .console = console_options(app),
        .wake_fd = app->wake,
        .ascii = app->options.ascii,
        .start = begin,
        .must_end = must_end,
        .set_screen_up = set_screen_up,
        .ctx = app,
    };
    int rc = start_engine(app, err);

    if (rc != 0) {
        say(err);
        engine_stop(app->engine);
        return STATUS_INTERNAL;
    }
    rc = face_run(&face, err);
    if (rc != 0 && rc != -EIO)
        say(err);
    engine_stop(app->engine);
    return screen_status(app, rc);
}

static int
run_screen(struct app *app, struct error *err)
{
    int status;

    app->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (app->wake == -1) {
        error_set(err, -errno, "eventfd: %s", error_message(errno));
        say(err);
        engine_stop(app->engine);
        return STATUS_INTERNAL;
    }
    status = run_face(app, err);
    close(app->wake);
    return status;
}

static int
run(struct app *app, const struct process_title *title)
{
    struct error err;
    int status = STATUS_INTERNAL;

    if (!app->options.batch && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
        error_set(&err, -ENOTTY, "the screen needs a terminal on standard input and output; "
                  "without one use --batch");
        say(&err);
        return STATUS_USAGE;
    }
    find_rc(app);
    raise_descriptor_limit();
    if (engine_spawn(&app->engine, title, &err) != 0) {
        say(&err);
        return STATUS_INTERNAL;
    }
    app->model = model_new(MODEL_MEMORY_DEFAULT);
    pthread_mutex_init(&app->publishing, NULL);
    status = app->options.batch ? run_batch(app, &err) : run_screen(app, &err);
    engine_free(app->engine);
    pthread_mutex_destroy(&app->publishing);
    model_free(app->model);
    return status;
}

static int
print(void (*write_text)(struct buffer *))
{
    struct buffer text = { 0 };

    write_text(&text);
    fwrite(buffer_data(&text), 1, buffer_size(&text), stdout);
    buffer_fini(&text);
    return fflush(stdout) == 0 ? STATUS_OK : STATUS_INTERNAL;
}

/* A closed standard descriptor stays useless, so that none of ours gets its number:
 * what stands there cannot be read where it is input, nor written where it is output. */
static void
hold_standard_descriptors(void)
{
    int fd;

    do {
        bool has_input = fcntl(STDIN_FILENO, F_GETFD) != -1;

        fd = open("/dev/null", has_input ? O_RDONLY : O_WRONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int
app_main(int argc, char **argv)
{
    struct app app = { .wake = -1 };
    struct process_title title;
    struct error err;
    int status;

    hold_standard_descriptors();
    setlocale(LC_CTYPE, "");
    setlocale(LC_MESSAGES, "");
    process_title_init(&title, argc, argv);
    if (options_parse(&app.options, argc, argv, &err) != 0) {
        fprintf(stderr, "sockdeck: %s; try 'sockdeck --help'\n", err.text);
        status = STATUS_USAGE;
    } else if (app.options.help) {
        status = print(options_write_help);
    } else if (app.options.version) {
        status = print(options_write_version);
    } else {
        status = run(&app, &title);
    }
    options_fini(&app.options);
    return status;
}
