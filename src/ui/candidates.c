/* candidates.c - what the last Tab found, and what it does to the line. */
#include "config.h"

#include "sockdeck/ui/candidates.h"

#include <stdio.h>
#include <string.h>

#include "sockdeck/base/text.h"

/* Bytes that all of them begin with, cut at a whole character. */
static size_t
common_prefix(const struct candidates *candidates)
{
    const char *first = candidates->list[0].text;
    size_t n = strlen(first);

    for (size_t i = 1; i < candidates->count; i++) {
        size_t same = 0;

        while (same < n && first[same] == candidates->list[i].text[same])
            same++;
        n = same;
    }
    return text_whole(first, n);
}

/* Puts the first n bytes of text in place of the word that is completed. */
static void
replace_word(struct candidates *candidates, const char *text, size_t n,
             struct replacement *replacement)
{
    replacement->start = candidates->start;
    replacement->end = candidates->end;
    snprintf(replacement->text, sizeof(replacement->text), "%.*s", (int)n, text);
    candidates->end = candidates->start + n;
}

static void
finish_word(struct candidates *candidates, const char *line, struct replacement *replacement)
{
    const char *text = candidates->list[0].text;
    size_t n = strlen(text);
    bool goes_on = n > 0 && strchr("=/:<>~", text[n - 1]) != NULL;
    bool ends = line[candidates->end] == ' ';

    replace_word(candidates, text, n, replacement);
    if (!goes_on && !ends)
        strcpy(replacement->text + n, " ");
    candidates->count = 0;
}

static bool
take_found(struct candidates *candidates, const char *line, struct replacement *replacement)
{
    size_t n;

    candidates->selected = -1;
    if (candidates->count == 1) {
        finish_word(candidates, line, replacement);
        return true;
    }
    n = candidates->count > 1 ? common_prefix(candidates) : 0;
    if (n <= candidates->end - candidates->start)
        return false;
    replace_word(candidates, candidates->list[0].text, n, replacement);
    return true;
}

bool
candidates_apply(bool is_send, const char *line)
{
    return !is_send || (line[0] == ':' && line[1] != ':');
}

bool
candidates_find(struct candidates *candidates, const struct completion *completion,
                bool is_send, const char *line, size_t point, struct replacement *replacement)
{
    size_t skip = is_send ? 1 : 0, start = 0;   /* the colon */

    candidates->count = completion->complete(completion->ctx, line + skip, point - skip, &start,
                                             candidates->list, CANDIDATES_MAX);
    candidates->start = start + skip;
    candidates->end = point;
    return take_found(candidates, line, replacement);
}

void
candidates_step(struct candidates *candidates, int step, struct replacement *replacement)
{
    int count = (int)candidates->count, at = candidates->selected;
    const char *text;

    if (at < 0)
        at = step > 0 ? 0 : count - 1;
    else
        at = (at + step + count) % count;
    candidates->selected = at;
    text = candidates->list[at].text;
    replace_word(candidates, text, strlen(text), replacement);
}

bool
candidates_take(const char *bytes, size_t n)
{
    return (n == 1 && bytes[0] == '\t') || (n == 3 && memcmp(bytes, "\033[Z", 3) == 0);
}
