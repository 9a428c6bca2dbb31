/* candidates.c - what the last Tab found. */
#include "config.h"

#include "sockdeck/ui/candidates.h"

#include <string.h>

#include "sockdeck/base/text.h"

size_t
candidates_common_prefix(const struct candidates *candidates)
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

const char *
candidates_step(struct candidates *candidates, int step)
{
    int count = (int)candidates->count, at = candidates->selected;

    if (at < 0)
        at = step > 0 ? 0 : count - 1;
    else
        at = (at + step + count) % count;
    candidates->selected = at;
    return candidates->list[at].text;
}
