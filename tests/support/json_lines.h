/* json_lines.h - an output in the JSON form, and the objects that it has written. One at a
 * time. */
#ifndef SOCKDECK_TESTS_JSON_LINES_H
#define SOCKDECK_TESTS_JSON_LINES_H

#include <jansson.h>
#include <stdint.h>

struct event;
struct output;

/* 2026-11-24T20:14:32.123456Z */
#define JSON_LINES_WALL_NS INT64_C(1795551272123456789)

/* For cmocka. The program's start was at 1000 s of the monotonic clock. */
int json_lines_open(void **state);
int json_lines_close(void **state);

#define JSON_LINES_TEST(name) \
    cmocka_unit_test_setup_teardown(name, json_lines_open, json_lines_close)

struct output *json_lines_output(void);
/* Closes the output; what it has written is read then. */
void json_lines_finish(void);
/* The next line, which must be ASCII and an object; json_decref it. */
json_t *json_lines_next(void);
void json_lines_expect_end(void);
/* All at once: the object of a record, which is freed. */
json_t *json_lines_of(struct event *event);

const char *json_lines_string(const json_t *object, const char *name);  /* which is there */
void assert_json_real(const json_t *object, const char *name, double expected);
void assert_json_whole(const json_t *object, const char *name, long long expected);

#endif
