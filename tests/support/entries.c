/* entries.c - see entries.h. */
#include "config.h"

#include "test.h"

#include "entries.h"

const struct explanation *
entry_of(enum explanation_kind kind, size_t i)
{
    struct choice choice;

    for (size_t at = 0; choice_explained(at, &choice); at++)
        if (choice.summary == explanation_kind_names[kind] && i-- == 0)
            return explain_find(kind, choice.name);
    return NULL;
}

size_t
entries_count(enum explanation_kind kind)
{
    size_t n = 0;

    while (entry_of(kind, n) != NULL)
        n++;
    return n;
}
