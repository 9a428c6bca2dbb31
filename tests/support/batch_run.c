/* batch_run.c - the real program: ./sockdeck --batch --json, its events as JSON. */
#include "config.h"

#include "batch_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define RETURNED " returned"    /* a key of ours: this event has been handed out */

void
batch_start(struct batch *b, ...)
{
    const char *argv[64] = { "./sockdeck", "--no-rc", "--batch", "--json" };
    int argc = 4;
    va_list ap;

    va_start(ap, b);
    while (argc < 63 && (argv[argc] = va_arg(ap, const char *)) != NULL)
        argc++;
    va_end(ap);
    argv[argc] = NULL;
    batch_start_as(b, argv);
}

void
batch_start_as(struct batch *b, const char *const argv[])
{
    b->events = json_array();
    process_start(&b->process, argv);
}

/* --- lines ------------------------------------------------------------------------ */

static json_t *
parse_line(const char *line)
{
    json_error_t error;
    json_t *event;

    for (const char *p = line; *p != '\0'; p++)
        if (*p < 0x20 || *p > 0x7e)
            fail_msg("not printable ASCII: %s", line);
    event = json_loads(line, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (event == NULL)
        fail_msg("not JSON: %s\n%s", line, error.text);
    if (!json_is_object(event) || !json_is_string(json_object_get(event, "time")) ||
        !json_is_number(json_object_get(event, "mono")) ||
        !json_is_string(json_object_get(event, "event")))
        fail_msg("no time, mono or event: %s", line);
    return event;
}

static void
keep(struct batch *b, json_t *event)
{
    bool is_first = json_array_size(b->events) == 0;

    if (is_first) {
        assert_event_string(event, "event", "start");
        assert_event_number(event, "schema", 1);
    }
    if (b->drop_received && strcmp(event_string(event, "event"), "received") == 0) {
        b->received_bytes += (uint64_t)event_number(event, "bytes");
        json_decref(event);
    } else {
        assert_int_equal(json_array_append_new(b->events, event), 0);
    }
}

/* Reads the next line; false at the end. */
static bool
read_event(struct batch *b)
{
    char *line = process_line(&b->process);

    if (line == NULL)
        return false;
    keep(b, parse_line(line));
    free(line);
    return true;
}

static bool
is_wanted(const json_t *event, const char *name, int conn)
{
    const json_t *number = json_object_get(event, "conn");

    return strcmp(event_string(event, "event"), name) == 0 &&
           (conn == 0 || (number != NULL && json_integer_value(number) == conn));
}

static void
fail_without(struct batch *b, const char *name, int conn)
{
    char *all = json_dumps(b->events, JSON_INDENT(1) | JSON_COMPACT);

    fail_msg("no event \"%s\" of #%d came; those that came: %s\nstandard error: %s", name, conn,
             all, process_error_text(&b->process));
}

json_t *
batch_event(struct batch *b, const char *name, int conn)
{
    size_t i = 0;

    for (;;) {
        json_t *event = json_array_get(b->events, i);

        if (event == NULL) {
            if (!read_event(b))
                break;
        } else if (is_wanted(event, name, conn) && !event_has(event, RETURNED)) {
            json_object_set_new(event, RETURNED, json_true());
            return event;
        } else {
            i++;
        }
    }
    fail_without(b, name, conn);
    return NULL;
}

json_t *
batch_only_row(struct batch *b, const char *name)
{
    json_t *table = batch_event(b, "table", 0);
    json_t *rows = json_object_get(table, "rows");

    assert_event_string(table, "name", name);
    assert_int_equal(json_array_size(rows), 1);
    return json_array_get(rows, 0);
}

int
batch_done(struct batch *b)
{
    return (int)event_number(batch_event(b, "done", 0), "status");
}

int
batch_wait(struct batch *b)
{
    process_close_input(&b->process);
    while (read_event(b))
        ;
    return process_wait(&b->process);
}

void
batch_stop(struct batch *b)
{
    process_stop(&b->process);
    json_decref(b->events);
    *b = (struct batch){ 0 };
}

int
batch_count(const struct batch *b, const char *name, int conn)
{
    size_t i;
    json_t *event;
    int n = 0;

    json_array_foreach(b->events, i, event)
        n += is_wanted(event, name, conn);
    return n;
}

size_t
batch_place(const struct batch *b, const json_t *event)
{
    size_t i;
    json_t *other;

    json_array_foreach(b->events, i, other)
        if (other == event)
            return i;
    fail_msg("an event of another run");
    return 0;
}

int
batch_port(struct batch *b)
{
    const char *address = event_string(batch_event(b, "listening", 0), "address");
    const char *colon = strrchr(address, ':');

    assert_non_null(colon);
    return atoi(colon + 1);
}

/* --- fields ----------------------------------------------------------------------- */

static void
fail_field(const json_t *event, const char *key, const char *type)
{
    fail_msg("\"%s\" is not %s in %s", key, type, json_dumps(event, JSON_COMPACT));
}

const char *
event_string(const json_t *event, const char *key)
{
    const json_t *field = json_object_get(event, key);

    if (!json_is_string(field))
        fail_field(event, key, "a string");
    return json_string_value(field);
}

double
event_number(const json_t *event, const char *key)
{
    const json_t *field = json_object_get(event, key);

    if (!json_is_number(field))
        fail_field(event, key, "a number");
    return json_number_value(field);
}

bool
event_has(const json_t *event, const char *key)
{
    return json_object_get(event, key) != NULL;
}

int
event_conn(const json_t *event)
{
    return (int)event_number(event, "conn");
}

int
event_pid(const json_t *event)
{
    const json_t *worker = json_object_get(event, "worker");

    if (!json_is_object(worker))
        fail_field(event, "worker", "an object");
    return (int)event_number(worker, "pid");
}

void
assert_between(double value, double least, double most)
{
    if (value < least || value > most)
        fail_msg("%g is not from %g to %g", value, least, most);
}
