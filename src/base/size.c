/* size.c - the one reader and writer of byte counts. */
#include "config.h"

#include "sockdeck/base/size.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"

/* Decimal digits from p on. Returns where they end, NULL when there are none;
 * *overflows when the number is too large for 64 bits. */
static const char *
read_digits(const char *p, uint64_t *number, bool *overflows)
{
    const char *first = p;
    uint64_t value = 0;

    *overflows = false;
    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
            *overflows = true;
    *number = value;
    return p > first ? p : NULL;
}

/* The power of two that a suffix stands for, or -1. */
static int
suffix_shift(const char *suffix)
{
    static const char letters[] = "kKmMgG";
    const char *at;

    if (suffix[0] == '\0')
        return 0;
    at = strchr(letters, suffix[0]);
    if (at == NULL || suffix[1] != '\0')
        return -1;
    return 10 * (1 + (int)(at - letters) / 2);
}

int
size_parse(const char *word, uint64_t *size, struct error *err)
{
    char shown[TEXT_WORD];
    const char *end;
    uint64_t number;
    bool overflows;
    int shift;

    end = read_digits(word, &number, &overflows);
    shift = end != NULL ? suffix_shift(end) : -1;
    if (shift < 0)
        return error_set(err, -EINVAL, "\"%s\" is not a size: use 64, 4k, 1M or 2G",
                         text_word(shown, word));
    if (overflows || number > UINT64_MAX >> shift)
        return error_set(err, -ERANGE, "\"%s\" is too large for a size",
                         text_word(shown, word));
    *size = number << shift;
    return 0;
}

int
number_parse(const char *what, const char *word, uint64_t min, uint64_t max,
             uint64_t *number, struct error *err)
{
    char shown[TEXT_WORD];
    uint64_t value = 0;
    const char *end;
    bool overflows, is_number;

    end = read_digits(word, &value, &overflows);
    is_number = end != NULL && *end == '\0';
    if (is_number && !overflows && value >= min && value <= max) {
        *number = value;
        return 0;
    }
    text_word(shown, word);
    return error_set(err, is_number ? -ERANGE : -EINVAL,
                     "%s=%s: \"%s\" is not a number from %" PRIu64 " to %" PRIu64,
                     what, shown, shown, min, max);
}

const char *
size_word(char buf[static 32], uint64_t size)
{
    static const char letters[] = "GMk";

    for (int i = 0; letters[i] != '\0'; i++) {
        int shift = 30 - 10 * i;

        if (size != 0 && size % (UINT64_C(1) << shift) == 0) {
            snprintf(buf, 32, "%" PRIu64 "%c", size >> shift, letters[i]);
            return buf;
        }
    }
    snprintf(buf, 32, "%" PRIu64, size);
    return buf;
}

/* Digits that do not fit are cut off: never more than was counted. */
const char *
size_short(char buf[static 32], uint64_t size)
{
    static const char letters[] = "kMGTPE";
    uint64_t whole = size, rest = 0;
    int i = -1;

    for (; whole >= 1024; i++) {
        rest = whole % 1024;
        whole /= 1024;
    }
    if (i < 0)
        snprintf(buf, 32, "%" PRIu64, whole);
    else if (whole < 10)
        snprintf(buf, 32, "%" PRIu64 ".%" PRIu64 "%c", whole, rest * 10 / 1024, letters[i]);
    else
        snprintf(buf, 32, "%" PRIu64 "%c", whole, letters[i]);
    return buf;
}
