/* pairs.c - open connections by their two addresses, so that the other end of one
 * is found when this console holds that too. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "model_private.h"

enum { BUCKETS_MIN = 64 };

static uint32_t
hash_text(uint32_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 16777619u;       /* FNV-1a */
    return hash;
}

static struct row **
bucket(const struct pairs *pairs, const char *local, const char *peer)
{
    uint32_t hash = hash_text(hash_text(2166136261u, local), peer);

    return pairs->buckets + ((hash ^ hash >> 16) & (pairs->bucket_count - 1));
}

static void
push(struct pairs *pairs, struct row *row)
{
    struct row **head = bucket(pairs, row->c.local, row->c.peer);

    row->next_pair = *head;
    *head = row;
}

/* Without memory the chains get longer, nothing else. */
static void
grow(struct pairs *pairs)
{
    struct pairs old = *pairs;
    size_t n = old.bucket_count == 0 ? BUCKETS_MIN : old.bucket_count * 2;
    struct row **buckets = calloc(n, sizeof(*buckets));

    if (buckets == NULL)
        return;
    pairs->buckets = buckets;
    pairs->bucket_count = n;
    for (size_t i = 0; i < old.bucket_count; i++)
        for (struct row *row = old.buckets[i], *next; row != NULL; row = next) {
            next = row->next_pair;
            push(pairs, row);
        }
    free(old.buckets);
}

void
pairs_add(struct pairs *pairs, struct row *row)
{
    if (row->c.local[0] == '\0' || row->c.peer[0] == '\0')
        return;
    if (pairs->count >= pairs->bucket_count)
        grow(pairs);
    if (pairs->bucket_count == 0)
        return;
    push(pairs, row);
    pairs->count++;
}

void
pairs_remove(struct pairs *pairs, struct row *row)
{
    struct row **link;

    if (pairs->bucket_count == 0)
        return;
    link = bucket(pairs, row->c.local, row->c.peer);
    while (*link != NULL && *link != row)
        link = &(*link)->next_pair;
    if (*link == NULL)
        return;
    *link = row->next_pair;
    row->next_pair = NULL;
    pairs->count--;
}

static struct row *
other_end(const struct pairs *pairs, const struct connection *end)
{
    struct row *row;

    if (pairs->bucket_count == 0)
        return NULL;
    row = *bucket(pairs, end->peer, end->local);
    while (row != NULL && (&row->c == end || strcmp(row->c.local, end->peer) != 0 ||
                           strcmp(row->c.peer, end->local) != 0))
        row = row->next_pair;
    return row;
}

void
pairs_fini(struct pairs *pairs)
{
    free(pairs->buckets);
    *pairs = (struct pairs) { 0 };
}

const struct connection *
model_other_end(const struct model *model, const struct connection *end)
{
    const struct row *row = other_end(&model->connections.pairs, end);

    return row == NULL ? NULL : &row->c;
}
