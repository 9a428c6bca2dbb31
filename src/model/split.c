/* split.c - characters that came, or went, in two messages or more (TCP knows no boundaries
 * of characters): the record that finishes one carries the bytes it began with, and the
 * records before it hide them, so that text shows whole characters. The data itself
 * stays as it was. */
#include "config.h"

#include <string.h>

#include "sockdeck/base/text.h"

#include "model_private.h"

/* The row keeps the low half of a record's number; all that are kept lie close. */
static struct event *
record_before(struct model *model, uint32_t low)
{
    struct journal_log *log = &model->journals[JOURNAL_MESSAGES];
    uint64_t end = journal_end(log);
    uint64_t number = (end & ~(uint64_t)UINT32_MAX) | low;

    return journal_edit(log, number < end ? number : number - UINT32_MAX - 1);
}

/* What of data finishes, or goes on with, the character that is open: 0 when it
 * cannot, else the bytes of both, in whole. */
static size_t
join(const struct split *split, const struct event *event, char whole[4], int *length)
{
    size_t take = 4 - (size_t)split->n;
    uint32_t code;

    if (take > event->data_size)
        take = event->data_size;
    memcpy(whole, split->bytes, split->n);
    memcpy(whole + split->n, event->data, take);
    *length = text_decode(whole, split->n + take, &code);
    return *length < 0 ? 0 : split->n + take;
}

static void
carry_on(struct model *model, const struct split *split, struct event_message *message)
{
    struct event *before = record_before(model, split->record);

    message->carried = split->n;
    memcpy(message->carry, split->bytes, split->n);
    if (before != NULL)
        before->u.message.hides_end = 1;
}

void
split_note(struct model *model, struct split *split, const struct event *event)
{
    struct journal_log *log = &model->journals[JOURNAL_MESSAGES];
    struct event *kept = journal_edit(log, journal_end(log) - 1);
    char whole[4];
    size_t joined = 0, tail;
    int length = 0;

    if ((event->flags & (EVENT_CUT | EVENT_LEFT_OUT)) != 0 || event->data_size == 0) {
        split->n = 0;
        return;
    }
    if (split->n > 0)
        joined = join(split, event, whole, &length);
    if (joined > 0)
        carry_on(model, split, &kept->u.message);
    tail = event->data_size - text_whole(event->data, event->data_size);
    if (joined > 0 && length == 0) {    /* all of it is still one beginning */
        tail = joined;
        memcpy(split->bytes, whole, joined < 3 ? joined : 3);
    } else {
        memcpy(split->bytes, event->data + event->data_size - tail, tail);
    }
    split->n = (uint8_t)tail;
    split->record = (uint32_t)(journal_end(log) - 1);
    kept->u.message.held = (uint8_t)tail;
}
