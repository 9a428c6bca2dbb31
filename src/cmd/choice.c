/* choice.c - lists of choices, and what a mistyped word may have meant. */
#include "config.h"

#include "sockdeck/cmd/choice.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/base/text.h"
#include "sockdeck/event/event.h"
#include "sockdeck/serve/mode.h"
#include "sockdeck/serve/settings.h"

enum { DISTANCE_MAX_WORD = 32 };        /* longer words resemble nothing */

bool
choice_take(const struct choice *list, size_t n, size_t i, struct choice *choice)
{
    if (i >= n)
        return false;
    *choice = list[i];
    return true;
}

static bool
take_named(const struct named *list, size_t n, size_t i, struct choice *choice)
{
    if (i >= n)
        return false;
    *choice = (struct choice){ list[i].name, list[i].summary };
    return true;
}

bool
choice_modes(size_t i, struct choice *choice)
{
    if (i >= mode_count)
        return false;
    *choice = (struct choice){ modes[i]->name, modes[i]->summary };
    return true;
}

bool
choice_handlers(size_t i, struct choice *choice)
{
    return take_named(handler_names, HANDLER_COUNT, i, choice);
}

bool
choice_eols(size_t i, struct choice *choice)
{
    return take_named(eol_names, EOL_COUNT, i, choice);
}

bool
choice_timeouts(size_t i, struct choice *choice)
{
    static const struct choice list[TIMEOUT_KINDS] = {
        [TIMEOUT_CONNECT] = { "connect", "from the first SYN until established" },
        [TIMEOUT_ACCEPT] = { "accept", "while no client comes" },
        [TIMEOUT_READ] = { "read", "each wait for bytes" },
        [TIMEOUT_SEND] = { "send", "until the kernel has taken all bytes" },
        [TIMEOUT_IDLE] = { "idle", "nothing in or out" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_then(size_t i, struct choice *choice)
{
    return take_named(then_names + THEN_CLOSE, 2, i, choice);
}

bool
choice_shutdown(size_t i, struct choice *choice)
{
    static const struct choice list[SHUTDOWN_COUNT] = {
        [SHUTDOWN_READ] = { "read", "receive no more" },
        [SHUTDOWN_WRITE] = { "write", "send no more: the peer reads end of file" },
        [SHUTDOWN_BOTH] = { "both", "neither" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_signals(size_t i, struct choice *choice)
{
    static const struct choice list[] = {
        { "KILL", "ends it at once" },
        { "STOP", "freezes it" },
        { "CONT", "lets a frozen one go on" },
        { "TERM", "asks it to end" },
    };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_yes_no(size_t i, struct choice *choice)
{
    static const struct choice list[] = { { "no", NULL }, { "yes", NULL } };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_on_off(size_t i, struct choice *choice)
{
    static const struct choice list[] = { { "off", NULL }, { "on", NULL } };

    return CHOICE_TAKE(list, i, choice);
}

bool
choice_wait(size_t i, struct choice *choice)
{
    static const struct choice list[] = { { "closed", "until the connection has ended" } };

    return CHOICE_TAKE(list, i, choice);
}

static size_t
smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* The same one, be it a capital or not. */
static bool
is_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t
choice_distance(const char *a, const char *b)
{
    size_t rows[3][DISTANCE_MAX_WORD + 1];
    size_t *two = rows[0], *one = rows[1], *now = rows[2];
    size_t n = strlen(a), m = strlen(b);

    if (n > DISTANCE_MAX_WORD || m > DISTANCE_MAX_WORD)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        now[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *free_row = two;

        two = one;
        one = now;
        now = free_row;
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = smallest(one[j] + 1, now[j - 1] + 1, one[j - 1] + !is_letter(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && is_letter(a[i - 1], b[j - 2]) && is_letter(a[i - 2], b[j - 1]))
                now[j] = smallest(now[j], two[j - 2] + 1, SIZE_MAX);
        }
    }
    return now[m];
}

void
choice_enumerate(char *buf, size_t size, size_t *count, bool last, const char *name,
                 const char *suffix)
{
    size_t used = *count > 0 ? strlen(buf) : 0;
    const char *between = *count == 0 ? "" : last ? " or " : ", ";

    if (used + strlen(between) + strlen(name) + strlen(suffix) >= size)
        return;
    snprintf(buf + used, size - used, "%s%s%s", between, name, suffix);
    ++*count;
}

/* How far a name is from a word: 0 when it contains it, else the slips. */
static size_t
remoteness(const char *name, const char *word)
{
    if (strlen(word) > 1 && strcasestr(name, word) != NULL)
        return 0;
    return choice_distance(name, word);
}

/* Slips that still look like one: a third of the letters, at least one. */
static size_t
tolerance(const char *word)
{
    return (strlen(word) + 2) / 3;
}

/* Lists made of several may have a word more than once. */
static bool
is_repeated(choice_list *list, size_t place, const char *name)
{
    struct choice earlier;

    for (size_t i = 0; i < place && list(i, &earlier); i++)
        if (strcmp(earlier.name, name) == 0)
            return true;
    return false;
}

bool
choice_nearest(choice_list *list, const char *word, const char *suffix, char *buf, size_t size)
{
    size_t best = tolerance(word) + 1;
    size_t matches = 0, count = 0;
    struct choice choice;

    for (size_t i = 0; list(i, &choice); i++) {
        size_t distance = remoteness(choice.name, word);

        if (distance < best) {
            best = distance;
            matches = 0;
        }
        matches += distance == best && !is_repeated(list, i, choice.name);
    }
    if (best > tolerance(word))
        return false;
    for (size_t i = 0; list(i, &choice); i++)
        if (remoteness(choice.name, word) == best && !is_repeated(list, i, choice.name))
            choice_enumerate(buf, size, &count, --matches == 0, choice.name, suffix);
    return count > 0;
}

void
choice_names(choice_list *list, char *buf, size_t size)
{
    struct choice choice, next;
    size_t count = 0;

    buf[0] = '\0';
    for (size_t i = 0; list(i, &choice); i++)
        choice_enumerate(buf, size, &count, !list(i + 1, &next), choice.name, "");
}

int
choice_find(choice_list *list, const char *what, const char *word, struct error *err)
{
    char shown[TEXT_WORD], names[160];
    struct choice choice;

    for (size_t i = 0; list(i, &choice); i++)
        if (strcmp(choice.name, word) == 0)
            return (int)i;
    choice_names(list, names, sizeof(names));
    return error_set(err, -EINVAL, "%s: unknown %s; it is %s", text_word(shown, word), what, names);
}
