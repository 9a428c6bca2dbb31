/* fuzz_json.c - the JSON of records: each line is an object of ASCII, and the bytes of a
 * message stand in it unchanged. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "sockdeck/base/clock.h"
#include "sockdeck/cmd/output.h"
#include "sockdeck/event/event.h"

/* Records whose data is bytes or a sentence; all but the data is ours. */
static const enum event_type types[] = {
    EVENT_RECEIVED, EVENT_SENT, EVENT_ERROR, EVENT_FAILED, EVENT_MATCHED, EVENT_ACCEPTED,
};

static struct event *
record_of(enum event_type type, const uint8_t *data, size_t size)
{
    struct event *event = calloc(1, EVENT_SIZE(size + 2));

    if (event == NULL)
        abort();
    event->type = (uint16_t)type;
    event->conn = 1;
    event->data_size = (uint32_t)(type == EVENT_ACCEPTED ? size + 2 : size);
    event->size = EVENT_SIZE(event->data_size);
    event->stamp_ns = (int64_t)size * NS_PER_MS;
    memcpy(event->data, data, size);
    if (type == EVENT_RECEIVED || type == EVENT_SENT)
        event->u.message.bytes = size;
    if (type == EVENT_ERROR)
        event->u.error = (struct event_error) { .code = 104, .severity = SEVERITY_ERROR };
    return event;
}

static void
write_records(int fd, const uint8_t *data, size_t size)
{
    struct output_options options = { .fd = fd, .json = true };
    struct output *output;

    fuzz_check(output_open(&output, &options, NULL) == 0, "there is an output");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct event *event = record_of(types[i], data, size);

        output_event(output, NULL, event, event->stamp_ns);
        free(event);
    }
    output_close(output);
}

static int
digit_value(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void
check_bytes(const json_t *object, const uint8_t *data, size_t size)
{
    const json_t *text = json_object_get(object, "data"), *hex = json_object_get(object, "hex");
    const char *digits = json_string_value(hex);

    if (text != NULL)
        fuzz_check(json_string_length(text) == size &&
                   memcmp(json_string_value(text), data, size) == 0, "text is as it came");
    else
        fuzz_check(size == 0 || json_string_length(hex) == 2 * size, "other bytes are hexadecimal");
    for (size_t i = 0; text == NULL && i < size; i++)
        fuzz_check(digit_value(digits[2 * i]) * 16 + digit_value(digits[2 * i + 1]) == data[i],
                   "each byte is as it came");
}

static void
check_line(char *line, size_t n, const uint8_t *data, size_t size)
{
    json_t *object;
    const char *name;

    for (size_t i = 0; i + 1 < n; i++)
        fuzz_check(line[i] >= ' ' && line[i] < 0x7f, "a line is ASCII");
    object = json_loadb(line, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    fuzz_check(json_is_object(object), "a line is an object");
    name = json_string_value(json_object_get(object, "event"));
    if (strcmp(name, "received") == 0 || strcmp(name, "sent") == 0)
        check_bytes(object, data, size);
    json_decref(object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("lines", MFD_CLOEXEC);
    size_t capacity = 0, count = 0;
    char *line = NULL;
    FILE *file;
    ssize_t n;

    write_records(fd, data, size);
    file = fdopen(fd, "r");
    fuzz_check(file != NULL, "there is a file");
    rewind(file);
    while ((n = getline(&line, &capacity, file)) > 0) {
        check_line(line, (size_t)n, data, size);
        count++;
    }
    fuzz_check(count == sizeof(types) / sizeof(types[0]), "each record is a line");
    free(line);
    fclose(file);
    return 0;
}
