/* template.h - whole formats with named places, so that a sentence stands in one
 * piece in a table and can be translated.
 *
 * {name}                what the source writes for it
 * {name|byte|bytes}     that, a blank, and the word that fits the number
 * {?name}               nothing, but it must have something to say
 * [ ... {name} ...]     left out when a name in it has nothing to say
 *
 * Brackets do not nest. Values are never read as formats. */
#ifndef SOCKDECK_SRC_MODEL_TEMPLATE_H
#define SOCKDECK_SRC_MODEL_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

struct buffer;

struct template_source {
    /* Adds what name (n bytes) stands for to out and sets *number where it is one.
     * 1 when it was written, 0 when it has nothing to say, or -ENOMEM. */
    int (*write)(const void *ctx, const char *name, size_t n, struct buffer *out,
                 int64_t *number);
    const void *ctx;
};

/* 1; or 0, with nothing written, when a name outside brackets had nothing to say; or
 * -ENOMEM. */
int template_write(struct buffer *out, const char *format, const struct template_source *source);

#endif
