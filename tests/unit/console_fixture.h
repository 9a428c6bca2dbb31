/* console_fixture.h - a console over an engine that only collects requests; its model is
 * the real one. Linked instead of the engine. */
#ifndef SOCKDECK_TESTS_CONSOLE_FIXTURE_H
#define SOCKDECK_TESTS_CONSOLE_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/status.h"
#include "sockdeck/cmd/console.h"
#include "sockdeck/engine/engine.h"

struct option_input;

enum { POSTED_MAX = 2048, FAILED_MAX = 16 };

struct engine {
    struct request posted[POSTED_MAX];
    char *data[POSTED_MAX];
    size_t count;
};

struct fixture {
    struct engine engine;
    struct model *model;
    struct console *console;
    char failed[FAILED_MAX][512];       /* messages */
    uint32_t status[FAILED_MAX];
    size_t failed_count;
    char matched[256];
    char told[256];
};

/* For cmocka: *state is a struct fixture. */
int fixture_set_up(void **state);
int fixture_tear_down(void **state);

#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

void fixture_run(struct fixture *f, const char *line);
/* What the command line asks for; the commands of a file. */
void fixture_start(struct fixture *f, struct option_input *input);
void fixture_source(struct fixture *f, const char *path);
void fixture_step(struct fixture *f);
/* Steps until a deadline of the console's own has passed and the job ended. */
void fixture_run_out_of_time(struct fixture *f);

/* The i-th request, which is of that type. */
const struct request *fixture_posted(struct fixture *f, size_t i, enum request_type type);
/* Answers it, and lets the console see that. */
void fixture_reply(struct fixture *f, size_t i, int code, uint32_t object, uint32_t status,
                   const char *text);
void fixture_agree(struct fixture *f, size_t i);

/* What happens, as the model hears of it. */
void fixture_open(struct fixture *f, uint32_t id);
void fixture_open_listener(struct fixture *f, uint16_t id);
void fixture_close(struct fixture *f, uint32_t id, enum status fate);
void fixture_receive(struct fixture *f, uint32_t id, const char *data, size_t n);

void fixture_assert_failed(struct fixture *f, size_t i, enum status status, const char *message);
/* No job runs, and that is the status so far. */
void fixture_assert_idle(struct fixture *f, enum status status);

#endif
