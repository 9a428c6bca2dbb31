/* entries.h - the entries of the table behind `explain`, kind by kind. */
#ifndef SOCKDECK_TESTS_ENTRIES_H
#define SOCKDECK_TESTS_ENTRIES_H

#include "sockdeck/cmd/explain.h"

/* The i-th of that kind, NULL behind the last. */
const struct explanation *entry_of(enum explanation_kind kind, size_t i);
size_t entries_count(enum explanation_kind kind);

#endif
