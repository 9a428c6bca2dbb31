/* duration.c - the one reader and writer of durations. */
#include "config.h"

#include "sockdeck/base/duration.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"

#define NS_PER_MIN  (60 * NS_PER_S)
#define NS_PER_HOUR (60 * NS_PER_MIN)

struct unit {
    const char *name;
    int64_t ns;
};

/* Longest first; a bare number is seconds. */
static const struct unit units[] = {
    { "h",  NS_PER_HOUR },
    { "m",  NS_PER_MIN },
    { "s",  NS_PER_S },
    { "ms", NS_PER_MS },
    { "us", NS_PER_US },
    { "",   NS_PER_S },
};

static const struct unit *
find_unit(const char *name)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(units[i].name, name) == 0)
            return &units[i];
    return NULL;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads `digits [. digits]` in units of unit_ns. Returns where it ended, NULL when
 * there is no number, and -1 in *ns when it exceeds DURATION_MAX. What is above
 * zero stays above zero: 0 means something else than very little. */
static const char *
read_number(const char *p, int64_t unit_ns, int64_t *ns)
{
    int64_t whole = 0, part = 0, scale = unit_ns;
    bool is_zero = true;

    if (!is_digit(*p) && !(p[0] == '.' && is_digit(p[1])))
        return NULL;
    for (; is_digit(*p); p++) {
        is_zero = is_zero && *p == '0';
        if (whole <= DURATION_MAX)
            whole = whole * 10 + (*p - '0');
    }
    if (p[0] == '.' && is_digit(p[1]))
        for (p++; is_digit(*p); p++) {
            is_zero = is_zero && *p == '0';
            scale /= 10;
            part += (*p - '0') * scale;
        }

    if (whole > (DURATION_MAX - part) / unit_ns)
        *ns = -1;
    else if (whole * unit_ns + part == 0 && !is_zero)
        *ns = 1;
    else
        *ns = whole * unit_ns + part;
    return p;
}

int
duration_parse(const char *word, int64_t *ns, struct error *err)
{
    const struct unit *unit = find_unit(word + strspn(word, "0123456789."));
    char shown[TEXT_WORD];
    const char *end;
    int64_t value;

    if (strcmp(word, "none") == 0) {
        *ns = DURATION_NONE;
        return 0;
    }
    end = unit != NULL ? read_number(word, unit->ns, &value) : NULL;
    if (end == NULL || strcmp(end, unit->name) != 0)
        return error_set(err, -EINVAL,
                         "\"%s\" is not a duration: use 200ms, 2s, 1.5, 2m, none or 0 "
                         "(a bare number is seconds)", text_word(shown, word));
    if (value < 0)
        return error_set(err, -ERANGE,
                         "\"%s\" is too long for a duration: the longest is 8784h (366 days), "
                         "or none", text_word(shown, word));
    *ns = value;
    return 0;
}

/* "1.5 s": exact, without zeros at its end; at most 20 digits, as ns has 19. */
static const char *
write_exact(char buf[static 32], int64_t ns, const char *blank, const struct unit *unit)
{
    int64_t rest = ns % unit->ns;
    char *p = buf + snprintf(buf, 32, "%" PRId64, ns / unit->ns);

    if (rest != 0)
        *p++ = '.';
    for (int64_t scale = unit->ns / 10; scale > 0 && rest > 0; scale /= 10) {
        *p++ = (char)('0' + rest / scale);
        rest %= scale;
    }
    stpcpy(stpcpy(p, blank), unit->name);
    return buf;
}

/* The unit in which people say it: never minutes with a fraction. */
static const struct unit *
natural_unit(int64_t ns, const struct unit *longest)
{
    const struct unit *unit = longest;

    while (unit->ns > NS_PER_S && ns % unit->ns != 0)
        unit++;
    while (unit->ns > NS_PER_US && ns < unit->ns)
        unit++;
    return unit;
}

const char *
duration_word(char buf[static 32], int64_t ns)
{
    if (ns == DURATION_NONE)
        return strcpy(buf, "none");
    if (ns <= 0)
        return strcpy(buf, "0");
    return write_exact(buf, ns, "", natural_unit(ns, find_unit("h")));
}

const char *
duration_text(char buf[static 32], int64_t ns)
{
    if (ns == DURATION_NONE)
        return strcpy(buf, "none");
    if (ns <= 0)
        return strcpy(buf, "0 s");
    return write_exact(buf, ns, " ", natural_unit(ns, find_unit("s")));
}

/* Digits beyond the third are cut off, so that no measure looks longer than it was. */
const char *
duration_measured(char buf[static 32], int64_t ns)
{
    const struct unit *unit;
    unsigned thousandths;

    if (ns < 0)
        ns = 0;
    unit = find_unit(ns >= NS_PER_S ? "s" : ns >= NS_PER_MS ? "ms" : "us");
    thousandths = (unsigned)(ns % unit->ns / (unit->ns / 1000)) % 1000;
    snprintf(buf, 32, "%" PRId64 ".%03u %s", ns / unit->ns, thousandths, unit->name);
    return buf;
}
