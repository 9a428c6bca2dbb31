/* engine_fixture.c - see engine_fixture.h. */
#include "config.h"

#include "test.h"

#include "engine_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "sockdeck/net/address.h"

static void
keep(void *ctx, const struct event *const *batch, size_t n)
{
    struct fixture *f = ctx;

    pthread_mutex_lock(&f->mutex);
    for (size_t i = 0; i < n; i++) {
        if (f->count == f->capacity) {
            f->capacity = f->capacity > 0 ? 2 * f->capacity : 256;
            f->events = realloc(f->events, f->capacity * sizeof(*f->events));
        }
        f->events[f->count] = malloc(batch[i]->size);
        memcpy(f->events[f->count++], batch[i], batch[i]->size);
    }
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->mutex);
}

void
fixture_start(struct fixture *f)
{
    const struct process_title no_title = { 0 };
    const struct engine_sink sink = { .apply = keep, .ctx = f };
    struct error *none = NULL;

    memset(f, 0, sizeof(*f));
    settings_init(&f->settings);
    f->settings.handler = HANDLER_ECHO;
    pthread_mutex_init(&f->mutex, NULL);
    pthread_cond_init(&f->changed, NULL);
    assert_int_equal(engine_spawn(&f->engine, &no_title, none), 0);
    assert_int_equal(engine_start(f->engine, &sink, none), 0);
}

void
fixture_stop(struct fixture *f)
{
    if (!f->is_stopped)
        engine_stop(f->engine);
    engine_free(f->engine);
    for (size_t i = 0; i < f->count; i++)
        free(f->events[i]);
    free(f->events);
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->mutex);
}

int
fixture_setup(void **state)
{
    static struct fixture f;

    fixture_start(&f);
    *state = &f;
    return 0;
}

int
fixture_teardown(void **state)
{
    fixture_stop(*state);
    return 0;
}

static struct timespec
deadline_in(int ms)
{
    struct timespec end;

    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += ms / 1000;
    end.tv_nsec += (long)(ms % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    return end;
}

const struct event *
fixture_wait(struct fixture *f, size_t from, int ms,
             bool (*matches)(const struct event *, const void *arg), const void *arg, size_t *at)
{
    struct timespec end = deadline_in(ms);
    const struct event *found = NULL;
    int rc = 0;

    pthread_mutex_lock(&f->mutex);
    while (found == NULL && rc == 0) {
        for (; from < f->count && found == NULL; from++)
            if (matches(f->events[from], arg))
                found = f->events[from];
        if (found == NULL)
            rc = pthread_cond_timedwait(&f->changed, &f->mutex, &end);
    }
    pthread_mutex_unlock(&f->mutex);
    if (at != NULL)
        *at = from - (found != NULL);
    return found;
}

struct wanted {
    enum event_type type;
    uint32_t conn;
};

static bool
is_wanted(const struct event *event, const void *arg)
{
    const struct wanted *wanted = arg;

    return event->type == wanted->type && (wanted->conn == 0 || event->conn == wanted->conn);
}

const struct event *
fixture_wait_type(struct fixture *f, size_t from, int ms, enum event_type type, uint32_t conn,
                  size_t *at)
{
    struct wanted wanted = { .type = type, .conn = conn };

    return fixture_wait(f, from, ms, is_wanted, &wanted, at);
}

size_t
fixture_count_type(struct fixture *f, enum event_type type)
{
    size_t n = 0;

    pthread_mutex_lock(&f->mutex);
    for (size_t i = 0; i < f->count; i++)
        n += f->events[i]->type == type;
    pthread_mutex_unlock(&f->mutex);
    return n;
}

size_t
fixture_mark(struct fixture *f)
{
    size_t n;

    pthread_mutex_lock(&f->mutex);
    n = f->count;
    pthread_mutex_unlock(&f->mutex);
    return n;
}

static bool
is_reply(const struct event *event, const void *arg)
{
    return event->type == EVENT_REPLY && event->u.reply.request == *(const uint32_t *)arg;
}

int
fixture_request(struct fixture *f, struct request *request, const void *data, uint32_t *object)
{
    size_t from = fixture_mark(f);
    uint32_t id = engine_post(f->engine, request, data);
    const struct event *reply = fixture_wait(f, from, 5000, is_reply, &id, NULL);

    assert_non_null(reply);
    if (object != NULL)
        *object = reply->u.reply.object;
    return reply->u.reply.code;
}

uint32_t
fixture_listen(struct fixture *f, const struct mode *mode, uint32_t workers,
               const struct settings *settings, uint16_t *port)
{
    struct endpoint endpoint = { .host = "127.0.0.1" };
    struct request request = {
        .type = REQUEST_LISTEN,
        .u.listen = {
            .mode = mode_index(mode),
            .workers = workers,
            .backlog = 128,
            .settings = *settings,
        },
        .data_size = sizeof(endpoint),
    };
    size_t from = fixture_mark(f);
    const struct event *listening;
    uint32_t id;

    assert_int_equal(fixture_request(f, &request, &endpoint, &id), 0);
    listening = fixture_wait_type(f, from, 5000, EVENT_LISTENING, 0, NULL);
    assert_non_null(listening);
    *port = (uint16_t)atoi(strrchr(listening->data, ':') + 1);
    return id;
}

int
fixture_connect(uint16_t port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval limit = { .tv_sec = 5 };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

bool
fixture_read(int fd, char *buf, size_t n)
{
    while (n > 0) {
        ssize_t got = recv(fd, buf, n, 0);

        if (got <= 0)
            return false;
        buf += got;
        n -= (size_t)got;
    }
    return true;
}
