/* replies.c - replies to requests, until whoever asked takes them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "model_private.h"

enum { REPLIES_MAX = 4096 };

struct reply_entry {
    uint32_t request;
    struct reply reply;
    UT_hash_handle hh;
};

static void
drop(struct replies *replies, struct reply_entry *entry)
{
    HASH_DEL(replies->by_request, entry);
    free(entry);
}

void
replies_fini(struct replies *replies)
{
    struct reply_entry *entry, *next;

    HASH_ITER(hh, replies->by_request, entry, next)
        drop(replies, entry);
}

void
replies_arrived(struct model *model, const struct event *event)
{
    struct replies *replies = &model->replies;
    uint32_t request = event->u.reply.request;
    struct reply_entry *entry;

    if (request == 0)
        return;
    HASH_FIND(hh, replies->by_request, &request, sizeof(request), entry);
    if (entry != NULL)
        return;
    entry = model_alloc(model, sizeof(*entry));
    entry->request = request;
    entry->reply.reply = event->u.reply;
    entry->reply.size = event->data_size < sizeof(entry->reply.data) ?
                        event->data_size : sizeof(entry->reply.data) - 1;
    memcpy(entry->reply.data, event->data, entry->reply.size);
    HASH_ADD(hh, replies->by_request, request, sizeof(entry->request), entry);
    if (HASH_COUNT(replies->by_request) > REPLIES_MAX)
        drop(replies, replies->by_request);     /* the head is the oldest */
}

bool
model_take_reply(struct model *model, uint32_t request, struct reply *reply)
{
    struct reply_entry *entry;

    HASH_FIND(hh, model->replies.by_request, &request, sizeof(request), entry);
    if (entry == NULL)
        return false;
    *reply = entry->reply;
    drop(&model->replies, entry);
    return true;
}
