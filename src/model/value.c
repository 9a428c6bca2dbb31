/* value.c - values as a person reads them. */
#include "config.h"

#include <string.h>

#include "sockdeck/base/buffer.h"
#include "sockdeck/base/duration.h"
#include "sockdeck/base/text.h"
#include "sockdeck/model/fields.h"
#include "sockdeck/net/call.h"

int
value_write_number(struct buffer *out, int64_t number)
{
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char digits[24];
    char *p = digits + sizeof(digits);

    do
        *--p = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (number < 0)
        *--p = '-';
    return buffer_add(out, p, (size_t)(digits + sizeof(digits) - p));
}

/* "ping"; of a part: "pin"... (3 shown); of nothing: (contents left out). */
static int
write_data(struct buffer *out, const struct value *value, size_t max_data)
{
    size_t shown = max_data == 0 || value->size < max_data ? value->size : max_data;
    bool is_part = shown < (uint64_t)value->number;
    int rc;

    if (shown == 0 && is_part)
        return buffer_add_text(out, "(contents left out)");
    if (is_part)
        shown = text_whole(value->text, shown);
    rc = buffer_add(out, "\"", 1);
    if (rc == 0 && shown > 0)
        rc = text_render(out, value->text, shown, TEXT_QUOTED);
    if (rc == 0)
        rc = buffer_add(out, "\"", 1);
    if (rc == 0 && is_part)
        rc = buffer_printf(out, "... (%zu shown)", shown);
    return rc;
}

static int
write_summary(struct buffer *out, const struct value *value)
{
    struct ping_summary sum;
    int rc;

    memcpy(&sum, value->text, sizeof(sum));
    rc = buffer_printf(out, "%u sent, %u replied, %u lost", sum.sent, sum.replied, sum.lost);
    if (rc != 0 || sum.replied == 0)
        return rc;
    return buffer_printf(out, "; min/avg/p50/p99/max %.3f/%.3f/%.3f/%.3f/%.3f ms",
                         (double)sum.min_ns / 1e6, (double)sum.avg_ns / 1e6,
                         (double)sum.p50_ns / 1e6, (double)sum.p99_ns / 1e6,
                         (double)sum.max_ns / 1e6);
}

int
value_write(struct buffer *out, const struct value *value, size_t max_data)
{
    char buf[32];

    switch (value->kind) {
    case VALUE_ABSENT:
        return 0;
    case VALUE_NUMBER:
        return value_write_number(out, value->number);
    case VALUE_LIMIT:
        return buffer_add_text(out, duration_text(buf, value->number));
    case VALUE_MEASURED:
        return buffer_add_text(out, duration_measured(buf, value->number));
    case VALUE_BOOL:
        return buffer_add_text(out, value->number ? "yes" : "no");
    case VALUE_WORD:
        return buffer_add(out, value->text, value->size);
    case VALUE_TEXT:
        return text_render(out, value->text, value->size, 0);
    case VALUE_DATA:
        return write_data(out, value, max_data);
    case VALUE_SUMMARY:
        return write_summary(out, value);
    case VALUE_ARGUMENTS:
        return call_write_arguments(out, value->event);
    }
    return 0;
}
