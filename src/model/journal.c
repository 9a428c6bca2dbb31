/* journal.c - see journal.h. */
#include "config.h"

#include "sockdeck/model/journal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/event/event.h"

/* A chunk is a slotted page: records grow from the front, their offsets from the
 * back, so that a record is found by its number without a walk. */
struct journal_chunk {
    uint64_t first;             /* number of its first record */
    uint32_t count;
    uint32_t used, size;        /* bytes of records; bytes in all */
    uint32_t reserved;
    char bytes[];
};

enum { CHUNK_MIN = 4096, CHUNK_MAX = 256 * 1024, CHUNKS_WANTED = 8 };

/* Small enough that forgetting one is a small part of what is kept. */
static size_t
chunk_size(const struct journal_log *log)
{
    size_t size = log->limit / CHUNKS_WANTED & ~(size_t)7;

    return size < CHUNK_MIN ? CHUNK_MIN : size > CHUNK_MAX ? CHUNK_MAX : size;
}

static uint32_t *
slot(struct journal_chunk *chunk, uint32_t i)
{
    return (uint32_t *)(void *)(chunk->bytes + chunk->size) - 1 - i;
}

static struct journal_chunk *
newest(const struct journal_log *log)
{
    return log->count == 0 ? NULL : log->chunks[log->start + log->count - 1];
}

static struct journal_chunk *
pop_oldest(struct journal_log *log)
{
    struct journal_chunk *chunk = log->chunks[log->start++];

    log->count--;
    log->memory -= chunk->size;
    return chunk;
}

/* Makes room for one more pointer behind the last. */
static int
reserve_place(struct journal_log *log)
{
    size_t capacity = log->capacity == 0 ? 16 : log->capacity * 2;
    struct journal_chunk **chunks;

    if (log->start + log->count < log->capacity)
        return 0;
    if (log->start > log->count) {
        memmove(log->chunks, log->chunks + log->start, log->count * sizeof(*chunks));
        log->start = 0;
        return 0;
    }
    chunks = realloc(log->chunks, capacity * sizeof(*chunks));
    if (chunks == NULL)
        return -ENOMEM;
    log->chunks = chunks;
    log->capacity = capacity;
    return 0;
}

/* A chunk of the size, within the limit: the oldest make way, and one of them is
 * used again where it fits, which spares the kernel its pages. */
static struct journal_chunk *
take_chunk(struct journal_log *log, size_t size)
{
    struct journal_chunk *chunk = NULL;

    while (log->count > 0 && log->memory + size > log->limit) {
        struct journal_chunk *oldest = pop_oldest(log);

        if (chunk == NULL && oldest->size == size)
            chunk = oldest;
        else
            free(oldest);
    }
    if (chunk == NULL)
        chunk = malloc(sizeof(*chunk) + size);
    return chunk;
}

static struct journal_chunk *
push_chunk(struct journal_log *log, size_t size)
{
    struct journal_chunk *chunk;

    if (reserve_place(log) != 0)
        return NULL;
    chunk = take_chunk(log, size);
    if (chunk == NULL)
        return NULL;
    *chunk = (struct journal_chunk) { .first = log->end, .size = (uint32_t)size };
    log->chunks[log->start + log->count++] = chunk;
    log->memory += size;
    return chunk;
}

static bool
has_room(const struct journal_chunk *chunk, size_t size)
{
    return chunk->used + size + (chunk->count + 1) * sizeof(uint32_t) <= chunk->size;
}

void
journal_init(struct journal_log *log, size_t limit)
{
    *log = (struct journal_log) { .limit = limit };
}

void
journal_fini(struct journal_log *log)
{
    while (journal_forget(log))
        ;
    free(log->chunks);
    *log = (struct journal_log) { 0 };
}

void
journal_set_limit(struct journal_log *log, size_t limit)
{
    log->limit = limit;
    while (log->count > 1 && log->memory > limit)
        journal_forget(log);
}

int
journal_add(struct journal_log *log, const struct event *event)
{
    struct journal_chunk *chunk = newest(log);
    size_t size = EVENT_SIZE(event->data_size);
    struct event *copy;

    if (chunk == NULL || !has_room(chunk, size)) {
        size_t least = size + 2 * sizeof(uint32_t);

        chunk = push_chunk(log, least > chunk_size(log) ? least : chunk_size(log));
        if (chunk == NULL)
            return -ENOMEM;
    }
    copy = (struct event *)(void *)(chunk->bytes + chunk->used);
    memcpy(copy, event, sizeof(*event) + event->data_size);
    copy->size = (uint32_t)size;
    *slot(chunk, chunk->count++) = chunk->used;
    chunk->used += (uint32_t)size;
    log->end++;
    return 0;
}

bool
journal_forget(struct journal_log *log)
{
    if (log->count == 0)
        return false;
    free(pop_oldest(log));
    return true;
}

uint64_t
journal_begin(const struct journal_log *log)
{
    return log->count == 0 ? log->end : log->chunks[log->start]->first;
}

uint64_t
journal_end(const struct journal_log *log)
{
    return log->end;
}

/* The last chunk that begins at or before the number, which is kept. */
static struct journal_chunk *
chunk_of(const struct journal_log *log, uint64_t number)
{
    size_t low = log->start, high = log->start + log->count - 1;

    if (log->chunks[high]->first <= number)
        return log->chunks[high];
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (log->chunks[middle]->first <= number)
            low = middle;
        else
            high = middle;
    }
    return log->chunks[low];
}

struct event *
journal_edit(struct journal_log *log, uint64_t number)
{
    struct journal_chunk *chunk;

    if (number < journal_begin(log) || number >= log->end)
        return NULL;
    chunk = chunk_of(log, number);
    return (struct event *)(void *)
           (chunk->bytes + *slot(chunk, (uint32_t)(number - chunk->first)));
}

const struct event *
journal_at(const struct journal_log *log, uint64_t number)
{
    return journal_edit((struct journal_log *)(uintptr_t)log, number);
}
