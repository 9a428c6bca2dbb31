/* json_lines.c - see json_lines.h. */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

#include "json_lines.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/output.h"

static FILE *file;
static struct output *output;

int
json_lines_open(void **state)
{
    struct output_options options = {
        .json = true, .event_bytes = 4096, .start_ns = 1000 * NS_PER_S,
    };

    (void)state;
    file = tmpfile();
    options.fd = fileno(file);
    return output_open(&output, &options, NULL);
}

int
json_lines_close(void **state)
{
    (void)state;
    return fclose(file);
}

json_t *
json_lines_next(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n = getline(&line, &size, file);
    json_error_t error;
    json_t *object;

    assert_true(n > 0);
    assert_int_equal(line[n - 1], '\n');
    for (ssize_t i = 0; i < n - 1; i++)
        assert_true(line[i] >= ' ' && line[i] < 0x7f);
    object = json_loads(line, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (object == NULL)
        fail_msg("%s: %s", error.text, line);
    assert_true(json_is_object(object));
    free(line);
    return object;
}

void
json_lines_finish(void)
{
    output_close(output);
    rewind(file);
}

json_t *
json_lines_of(struct event *event)
{
    json_t *object;

    output_event(output, NULL, event, JSON_LINES_WALL_NS);
    test_free(event);
    json_lines_finish();
    object = json_lines_next();
    json_lines_expect_end();
    return object;
}

const char *
json_lines_string(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    if (text == NULL)
        fail_msg("no string %s", name);
    return text;
}

void
assert_json_real(const json_t *object, const char *name, double expected)
{
    assert_true(json_is_real(json_object_get(object, name)));
    assert_true(json_real_value(json_object_get(object, name)) == expected);
}

void
assert_json_whole(const json_t *object, const char *name, long long expected)
{
    assert_true(json_is_integer(json_object_get(object, name)));
    assert_int_equal(json_integer_value(json_object_get(object, name)), expected);
}

struct output *
json_lines_output(void)
{
    return output;
}

void
json_lines_expect_end(void)
{
    assert_int_equal(fgetc(file), EOF);
}
