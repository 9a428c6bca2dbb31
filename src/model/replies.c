/* replies.c - replies to requests, until whoever asked takes them: all that come are awaited
 * (engine_post), and each command awaits RUN_WINDOW at most. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "model_private.h"

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
