/* template.c - see template.h. */
#include "config.h"

#include "template.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "sockdeck/base/buffer.h"

/* The language of our own sentences has two forms: one, and any other number. */
static int
write_plural(struct buffer *out, const char *one, const char *end, int64_t number)
{
    const char *bar = memchr(one, '|', (size_t)(end - one));
    const char *word = number == 1 || bar == NULL ? one : bar + 1;
    const char *word_end = word == one && bar != NULL ? bar : end;
    int rc = buffer_add(out, " ", 1);

    return rc != 0 ? rc : buffer_add(out, word, (size_t)(word_end - word));
}

static void
cut_back(struct buffer *out, size_t size)
{
    out->end = out->start + size;
}

/* *at is behind a '{'; leaves it behind the '}'. As template_source.write answers. */
static int
write_place(struct buffer *out, const char **at, const struct template_source *source)
{
    bool only_asks = **at == '?';
    const char *name = *at + only_asks, *end = strchr(name, '}');
    const char *bar = memchr(name, '|', (size_t)(end - name));
    size_t size = buffer_size(out);
    int64_t number = 0;
    int rc;

    *at = end + 1;
    rc = source->write(source->ctx, name, (size_t)((bar != NULL ? bar : end) - name), out, &number);
    if (only_asks)
        cut_back(out, size);
    if (rc != 1 || bar == NULL)
        return rc;
    rc = write_plural(out, bar + 1, end, number);
    return rc != 0 ? rc : 1;
}

/* Writes up to one of the characters in stop, or the end, and leaves *at there. */
static int
write_run(struct buffer *out, const char **at, const char *stop,
          const struct template_source *source)
{
    int rc = 1;

    while (rc == 1 && **at != '\0' && strchr(stop, **at) == NULL) {
        size_t plain = strcspn(*at, "{[]");

        if (plain > 0) {
            rc = buffer_add(out, *at, plain) == 0 ? 1 : -ENOMEM;
            *at += plain;
        } else {
            ++*at;
            rc = write_place(out, at, source);
        }
    }
    return rc;
}

/* *at is behind a '['; leaves it behind the ']'. 1 also when it was left out. */
static int
write_optional(struct buffer *out, const char **at, const struct template_source *source)
{
    size_t size = buffer_size(out);
    int rc = write_run(out, at, "]", source);

    if (rc == 0)
        cut_back(out, size);
    *at = strchr(*at, ']') + 1;
    return rc < 0 ? rc : 1;
}

int
template_write(struct buffer *out, const char *format, const struct template_source *source)
{
    size_t size = buffer_size(out);
    int rc = 1;

    while (rc == 1 && *format != '\0')
        if (*format != '[') {
            rc = write_run(out, &format, "[", source);
        } else {
            format++;
            rc = write_optional(out, &format, source);
        }
    if (rc != 1)
        cut_back(out, size);
    return rc;
}
