/* journal.h - the newest records within a bound of memory, numbered for ever.
 *
 * Records lie one behind the other in chunks; the oldest chunk goes when the bound
 * is reached, a whole chunk at a time. Not locked: the model's. A pointer from
 * journal_at is good until the next call that adds or forgets. */
#ifndef SOCKDECK_MODEL_JOURNAL_H
#define SOCKDECK_MODEL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;
struct journal_chunk;

struct journal_log {
    struct journal_chunk **chunks;      /* start .. start + count, oldest first */
    size_t start, count, capacity;
    size_t memory, limit;               /* bytes in chunks; the limit bounds them */
    uint64_t end;                       /* one past the newest record's number */
};

/* Nothing is allocated before the first record. */
void journal_init(struct journal_log *log, size_t limit);
void journal_fini(struct journal_log *log);
void journal_set_limit(struct journal_log *log, size_t limit);

/* Copies the record. One that is larger than the limit is kept alone. -ENOMEM: there
 * is no memory, the journal is as it was but for what the limit had taken. */
int journal_add(struct journal_log *log, const struct event *event);

/* Gives up the oldest chunk; false when there is none. */
bool journal_forget(struct journal_log *log);

uint64_t journal_begin(const struct journal_log *log);
uint64_t journal_end(const struct journal_log *log);
const struct event *journal_at(const struct journal_log *log, uint64_t number);
/* The same, for the model, which may change the details of what it has kept. */
struct event *journal_edit(struct journal_log *log, uint64_t number);

#endif
