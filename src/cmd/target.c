/* target.c - targets as words, and what they mean now. */
#include "config.h"

#include "sockdeck/cmd/target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/error.h"
#include "sockdeck/cmd/alloc.h"

static const struct { const char *word; enum target_kind kind; } sets[] = {
    { "@focus", TARGET_FOCUS },
    { "@all", TARGET_ALL },
    { "@in", TARGET_IN },
    { "@out", TARGET_OUT },
};

enum { SETS = sizeof(sets) / sizeof(sets[0]) };

/* Digits from p on: returns where they end, p itself when there are none.
 * Too large a number becomes UINT32_MAX, which is no id. */
static const char *
read_id(const char *p, uint32_t *id)
{
    uint64_t value = 0;

    for (; *p >= '0' && *p <= '9'; p++)
        if (value < UINT32_MAX)
            value = value * 10 + (uint64_t)(*p - '0');
    *id = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    return p;
}

/* "3" or "2-5" as a whole. */
static bool
read_numbers(const char *p, bool may_be_range, struct target *target)
{
    const char *end = read_id(p, &target->first);

    if (end == p)
        return false;
    target->last = target->first;
    if (*end == '-' && may_be_range) {
        const char *second = end + 1;

        end = read_id(second, &target->last);
        if (end == second)
            return false;
    }
    return *end == '\0';
}

/* The kind that the word is written like, TARGET_NONE when like none. */
static enum target_kind
read_kind(const char *word, unsigned takes, struct target *target)
{
    for (size_t i = 0; i < SETS; i++)
        if (strcmp(word, sets[i].word) == 0)
            return sets[i].kind;
    if (word[0] == '#' && read_numbers(word + 1, true, target))
        return TARGET_NUMBERS;
    if ((takes & TAKES_BARE) && read_numbers(word, false, target))
        return TARGET_NUMBERS;
    if (word[0] == 'L' && read_numbers(word + 1, false, target))
        return TARGET_LISTENER;
    if (word[0] == 'W' && read_numbers(word + 1, false, target))
        return TARGET_WORKER;
    if ((takes & TAKES_DEFAULT) && strcmp(word, "default") == 0)
        return TARGET_DEFAULT;
    return TARGET_NONE;
}

static bool
is_taken(enum target_kind kind, unsigned takes)
{
    switch (kind) {
    case TARGET_LISTENER:
        return takes & (TAKES_CONNECTIONS | TAKES_LISTENER);
    case TARGET_WORKER:
        return takes & (TAKES_CONNECTIONS | TAKES_WORKER);
    case TARGET_DEFAULT:
        return true;
    default:
        return takes & TAKES_CONNECTIONS;
    }
}

static const char *
wanted(unsigned takes)
{
    if ((takes & TAKES_CONNECTIONS) && (takes & TAKES_LISTENER))
        return "a connection such as #1 or a listener such as L1";
    if (takes & TAKES_CONNECTIONS)
        return "a connection such as #1";
    return takes & TAKES_LISTENER ? "a listener such as L1" : "a worker such as W1";
}

int
target_parse(const char *word, unsigned takes, struct target *target, struct error *err)
{
    struct target read = { 0 };

    read.kind = read_kind(word, takes, &read);
    if (read.kind == TARGET_NONE)
        return 0;
    if (!is_taken(read.kind, takes))
        return error_set(err, -EINVAL, "%s: this command takes %s", word, wanted(takes));
    if (read.first == UINT32_MAX || read.last == UINT32_MAX)
        return error_set(err, -EINVAL, "%s: there is no such number; ids are counted from 1", word);
    if (read.last < read.first)
        return error_set(err, -EINVAL, "%s: the range runs backwards", word);
    *target = read;
    return 1;
}

const char *
target_text(const struct target *target, char buf[static 32])
{
    const char *sigil = target->kind == TARGET_NUMBERS ? "#"
                      : target->kind == TARGET_LISTENER ? "L" : "W";

    buf[0] = '\0';
    for (size_t i = 0; i < SETS; i++)
        if (sets[i].kind == target->kind)
            snprintf(buf, 32, "%s", sets[i].word);
    if (target->kind == TARGET_DEFAULT)
        snprintf(buf, 32, "default");
    if (target->kind != TARGET_NUMBERS && target->kind != TARGET_LISTENER &&
        target->kind != TARGET_WORKER)
        return buf;

    if (target->first == target->last)
        snprintf(buf, 32, "%s%" PRIu32, sigil, target->first);
    else
        snprintf(buf, 32, "%s%" PRIu32 "-%" PRIu32, sigil, target->first, target->last);
    return buf;
}

void
id_list_add(struct id_list *list, uint32_t id)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity * 2 + 8;
        list->ids = alloc_grow(list->ids, list->capacity, sizeof(*list->ids));
    }
    list->ids[list->count++] = id;
}

void
id_list_fini(struct id_list *list)
{
    free(list->ids);
    *list = (struct id_list){ 0 };
}
