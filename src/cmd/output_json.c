/* output_json.c - events as JSON, an object a line (contract, section 5). A tree
 * library costs too much here: this is on the path of every event. What an event's
 * object holds is declared in model/fields.c; here is only how it is written. */
#include "config.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/text.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/fields.h"
#include "sockdeck/model/sentence.h"
#include "sockdeck/model/table.h"
#include "sockdeck/net/call.h"

#include "json.h"
#include "output_private.h"

enum { SCHEMA = 1 };

/* --- the fields of an event ------------------------------------------------------------- */

/* The bytes that may be shown, as "data" or "hex", and whether they are a part only. */
static void
put_data(struct json *json, const struct value *value, size_t event_bytes)
{
    size_t shown = event_bytes != 0 && value->size > event_bytes ? event_bytes : value->size;
    bool is_part = shown < (uint64_t)value->number;
    size_t whole = is_part ? text_whole(value->text, shown) : shown;

    if (shown > 0 && text_is_utf8(value->text, whole)) {
        json_add_key(json, "data");
        json_add_string(json, value->text, whole);
    } else if (shown > 0) {
        json_add_key(json, "hex");
        json_add_hex(json, value->text, shown);
    }
    if (is_part)
        JSON_ADD(json, ",\"truncated\":true");
}

static void
put_summary(struct json *json, const struct value *value)
{
    struct ping_summary sum;

    memcpy(&sum, value->text, sizeof(sum));
    const struct { const char *name; int64_t number; bool is_time; } list[] = {
        { "sent", sum.sent, false }, { "replied", sum.replied, false },
        { "lost", sum.lost, false }, { "min", sum.min_ns, true }, { "avg", sum.avg_ns, true },
        { "p50", sum.p50_ns, true }, { "p99", sum.p99_ns, true }, { "max", sum.max_ns, true },
    };

    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        if (list[i].is_time && sum.replied == 0)
            break;
        json_add(json, i == 0 ? "{\"" : ",\"", 2);
        json_add(json, list[i].name, strlen(list[i].name));
        JSON_ADD(json, "\":");
        if (list[i].is_time)
            json_add_seconds(json, list[i].number, 1);
        else
            json_add_number(json, list[i].number);
    }
    JSON_ADD(json, "}");
}

static void
put_arguments(struct json *json, const struct event *event)
{
    struct buffer words = { 0 };

    if (json->rc == 0)
        json->rc = call_write_arguments(&words, event);
    json_add_string(json, buffer_data(&words), buffer_size(&words));
    buffer_fini(&words);
}

static void
put_value(struct json *json, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NUMBER:
        json_add_number(json, value->number);
        break;
    case VALUE_LIMIT:
    case VALUE_MEASURED:
        json_add_seconds(json, value->number, 1);
        break;
    case VALUE_BOOL:
        json_add_bool(json, value->number != 0);
        break;
    case VALUE_WORD:
    case VALUE_TEXT:
        json_add_string(json, value->text, value->size);
        break;
    case VALUE_SUMMARY:
        put_summary(json, value);
        break;
    case VALUE_ARGUMENTS:
        put_arguments(json, value->event);
        break;
    case VALUE_ABSENT:
    case VALUE_DATA:
        break;
    }
}

static void
put_fields(struct json *json, const struct event *event, size_t event_bytes)
{
    const struct field_list *list = &event_fields[event->type];

    for (size_t i = 0; i < list->count; i++) {
        const struct field *field = list->fields + i;
        struct value value;

        if (field->spoken)
            continue;
        value.kind = VALUE_ABSENT;
        field->read(field, event, &value);
        if (value.kind == VALUE_DATA) {
            put_data(json, &value, event_bytes);
        } else if (value.kind != VALUE_ABSENT) {
            json_add_key(json, field->name);
            put_value(json, &value);
        }
    }
}

/* --- what every object has ----------------------------------------------------------------- */

static void
format_time(char *buf, int64_t wall_ns)
{
    clock_format_rfc3339(buf, wall_ns);
}

/* The time and mono members, without a comma before them. */
static void
put_times(struct json *json, struct lines *lines, int64_t wall_ns, int64_t mono_ns)
{
    int64_t ns;
    const char *second = lines_second(lines, wall_ns, format_time, &ns);
    char micros[] = ".000000Z\",\"mono\":";

    for (int64_t i = 6, us = ns / NS_PER_US; i > 0; i--, us /= 10)
        micros[i] = (char)('0' + us % 10);
    JSON_ADD(json, "\"time\":\"");
    json_add(json, second, strlen("2026-11-24T20:14:32"));
    json_add(json, micros, sizeof(micros) - 1);
    json_add_seconds(json, (mono_ns - lines->start_ns) / NS_PER_US * NS_PER_US, 6);
}

static void
begin(struct json *json, struct lines *lines, const char *event, int64_t wall_ns,
      int64_t mono_ns)
{
    JSON_ADD(json, "{");
    put_times(json, lines, wall_ns, mono_ns);
    JSON_ADD(json, ",\"event\":\"");
    json_add(json, event, strlen(event));
    JSON_ADD(json, "\"");
}

static int
end(struct json *json)
{
    JSON_ADD(json, "}\n");
    return json->rc;
}

static void
put_who(struct json *json, const struct event *event)
{
    if (event->conn != 0) {
        JSON_ADD(json, ",\"conn\":");
        json_add_number(json, event->conn);
    }
    if (event->listener != 0) {
        JSON_ADD(json, ",\"listener\":\"L");
        json_add_number(json, event->listener);
        JSON_ADD(json, "\"");
    }
    if (event->pid == 0)
        return;
    JSON_ADD(json, ",\"worker\":{\"pid\":");
    json_add_number(json, event->pid);
    JSON_ADD(json, ",\"tid\":");
    json_add_number(json, event->tid);
    if (event->worker != 0) {
        JSON_ADD(json, ",\"id\":\"W");
        json_add_number(json, event->worker);
        JSON_ADD(json, "\"");
    }
    JSON_ADD(json, "}");
}

/* --- the form --------------------------------------------------------------------------------- */

static int
json_start(struct lines *lines, int64_t wall_ns, int64_t mono_ns)
{
    struct json json = { lines->out, 0 };

    JSON_ADD(&json, "{\"event\":\"start\",\"schema\":");
    json_add_number(&json, SCHEMA);
    json_add_text(&json, "version", PACKAGE_VERSION);
    JSON_ADD(&json, ",\"pid\":");
    json_add_number(&json, getpid());
    JSON_ADD(&json, ",");
    put_times(&json, lines, wall_ns, mono_ns);
    return end(&json);
}

static int
json_event(struct lines *lines, const struct event *event, int64_t wall_ns,
           const struct model *model)
{
    struct json json = { lines->out, 0 };

    buffer_clear(&lines->sentence);
    json.rc = sentence_write(&lines->sentence, event, lines->event_bytes, model);
    begin(&json, lines, event_infos[event->type].name, wall_ns, event->stamp_ns);
    put_who(&json, event);
    put_fields(&json, event, lines->event_bytes);
    if (buffer_size(&lines->sentence) > 0) {
        JSON_ADD(&json, ",\"text\":");
        json_add_string(&json, buffer_data(&lines->sentence), buffer_size(&lines->sentence));
    }
    return end(&json);
}

static void
put_double(struct json *json, double number)
{
    if (!isfinite(number))
        JSON_ADD(json, "null");
    else if (number > -9e15 && number < 9e15 && number == (double)(int64_t)number)
        json_add_number(json, (int64_t)number);
    else if (json->rc == 0)
        json->rc = buffer_printf(json->out, "%.15g", number);
}

static void
put_cell(struct json *json, const struct cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT:
        json_add_string(json, cell->text, strlen(cell->text));
        break;
    case CELL_NUMBER:
    case CELL_SIZE:
        put_double(json, cell->number);
        break;
    case CELL_SECONDS:
        json_add_seconds(json, (int64_t)(cell->number * 1e9 + (cell->number < 0 ? -0.5 : 0.5)), 1);
        break;
    case CELL_BOOL:
        json_add_bool(json, cell->number != 0);
        break;
    case CELL_EMPTY:
    case CELL_NONE:
        break;
    }
}

static void
put_row(struct json *json, const struct table *table, size_t row)
{
    const char *comma = "";

    JSON_ADD(json, "{");
    for (size_t column = 0; column < table->column_count; column++) {
        const struct cell *cell = table_cell(table, row, column);

        if (cell->kind == CELL_EMPTY || cell->kind == CELL_NONE)
            continue;
        json_add(json, comma, strlen(comma));
        json_add_string(json, table->columns[column].key, strlen(table->columns[column].key));
        JSON_ADD(json, ":");
        put_cell(json, cell);
        comma = ",";
    }
    JSON_ADD(json, "}");
}

static int
json_table(struct lines *lines, const struct table *table, int64_t wall_ns, int64_t mono_ns)
{
    const struct event who = {
        .conn = table->subject.conn,
        .listener = table->subject.listener,
        .worker = table->subject.worker,
        .pid = table->subject.pid,
        .tid = table->subject.tid,
    };
    struct json json = { lines->out, 0 };

    begin(&json, lines, "table", wall_ns, mono_ns);
    put_who(&json, &who);
    json_add_text(&json, "name", table->name);
    JSON_ADD(&json, ",\"rows\":[");
    for (size_t row = 0; row < table->row_count; row++) {
        if (row > 0)
            JSON_ADD(&json, ",");
        put_row(&json, table, row);
    }
    JSON_ADD(&json, "]");
    return end(&json);
}

static int
json_done(struct lines *lines, uint32_t n, const char *command, enum status status,
          int64_t wall_ns, int64_t mono_ns)
{
    struct json json = { lines->out, 0 };

    begin(&json, lines, "done", wall_ns, mono_ns);
    JSON_ADD(&json, ",\"n\":");
    json_add_number(&json, n);
    json_add_text(&json, "command", command);
    JSON_ADD(&json, ",\"status\":");
    json_add_number(&json, status);
    return end(&json);
}

const struct form output_json = {
    .start = json_start,
    .event = json_event,
    .table = json_table,
    .done = json_done,
};
