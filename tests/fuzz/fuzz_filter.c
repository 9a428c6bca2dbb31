/* fuzz_filter.c - filter terms: read, written and read again they are the same, and any
 * message may be asked. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sockdeck/base/buffer.h"
#include "sockdeck/base/error.h"
#include "sockdeck/cmd/words.h"
#include "sockdeck/event/event.h"
#include "sockdeck/model/filter.h"

static struct event *
message_of(const uint8_t *data, size_t size)
{
    struct event *event = calloc(1, EVENT_SIZE(size));

    if (event == NULL)
        abort();
    event->size = EVENT_SIZE(size);
    event->type = EVENT_RECEIVED;
    event->conn = 1;
    event->u.message.bytes = size;
    event->data_size = (uint32_t)size;
    memcpy(event->data, data, size);
    return event;
}

static void
add_terms(struct filter *filter, const char *line, size_t n)
{
    struct words words = { 0 };

    words_split(&words, line, n, NULL);
    for (size_t i = 0; i < words.count; i++) {
        struct error err = { 0 };
        size_t before = filter->count;

        if (filter_add(filter, words.list[i].text, &err) == 0)
            continue;
        fuzz_check(filter->count == before, "a term that is refused adds nothing");
        fuzz_check_harmless(err.text, strlen(err.text));
    }
    fuzz_check(filter->count <= FILTER_TERMS, "terms have a bound");
    words_fini(&words);
}

static void
check_written(const struct filter *filter)
{
    char text[8192], again[8192];
    struct filter read = { .count = 0 };

    filter_write(text, sizeof(text), filter);
    fuzz_check_harmless(text, strlen(text));
    add_terms(&read, text, strlen(text));
    fuzz_check(read.count == filter->count, "terms that were written are as many");
    filter_write(again, sizeof(again), &read);
    fuzz_check(strcmp(text, again) == 0, "terms are read back as they were written");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct event *event = message_of(data, size);
    struct filter filter = { .count = 0 };
    struct buffer scratch = { 0 };

    add_terms(&filter, (const char *)data, size);
    check_written(&filter);
    for (int pane = 0; pane <= PANE_INTERNAL; pane++)
        filter_concerns(&filter, pane);
    filter_passes(&filter, event, NULL, &scratch);
    buffer_fini(&scratch);
    free(event);
    return 0;
}
