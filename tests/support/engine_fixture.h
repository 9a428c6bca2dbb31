/* engine_fixture.h - a whole engine in a test, with everything it reports kept. */
#ifndef SOCKDECK_TESTS_ENGINE_FIXTURE_H
#define SOCKDECK_TESTS_ENGINE_FIXTURE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "sockdeck/engine/engine.h"
#include "sockdeck/event/event.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/settings.h"

struct fixture {
    struct engine *engine;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct event **events;      /* copies, in order */
    size_t count, capacity;
    bool is_stopped;            /* the test has called engine_stop itself */
    struct settings settings;   /* for listeners of the test: echo, until it changes them */
};

/* Must run before the test has threads. */
void fixture_start(struct fixture *f);
void fixture_stop(struct fixture *f);
/* The same for cmocka: *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
#define ENGINE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

/* Posts and waits for the reply (5 s at most): its code; *object may be NULL. */
int fixture_request(struct fixture *f, struct request *request, const void *data,
                    uint32_t *object);

/* The first event from number `from` on for which matches says yes, waiting at most
 * ms; NULL when none came. *at is its number. */
const struct event *fixture_wait(struct fixture *f, size_t from, int ms,
                                 bool (*matches)(const struct event *, const void *arg),
                                 const void *arg, size_t *at);
/* The same for a type (and conn, 0: any). */
const struct event *fixture_wait_type(struct fixture *f, size_t from, int ms,
                                      enum event_type type, uint32_t conn, size_t *at);
size_t fixture_count_type(struct fixture *f, enum event_type type);
size_t fixture_mark(struct fixture *f);         /* how many events there are now */

/* listen on a free port; returns the listener id and the port. */
uint32_t fixture_listen(struct fixture *f, const struct mode *mode, uint32_t workers,
                        const struct settings *settings, uint16_t *port);
/* A plain blocking client socket with a 5 s receive timeout. */
int fixture_connect(uint16_t port);
/* Reads exactly n bytes; false at the end, an error or after 5 s. */
bool fixture_read(int fd, char *buf, size_t n);

#endif
