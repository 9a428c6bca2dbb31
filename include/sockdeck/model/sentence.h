/* sentence.h - the words for a record: `received 4 bytes "ping"`.
 *
 * One place for all panes, text lines and the `text` of JSON. Whole formats in a
 * table, one or more for each event type. Bytes of peers pass text_render here. */
#ifndef SOCKDECK_MODEL_SENTENCE_H
#define SOCKDECK_MODEL_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct event;
struct model;

/* Adds the sentence of a record, at most max_data of a message's bytes shown (0: all
 * that the record holds). model (locked by the caller) tells what a sentence adds about the
 * other side when it is ours; NULL leaves that out. 0 or -ENOMEM. */
int sentence_write(struct buffer *out, const struct event *event, size_t max_data,
                   const struct model *model);

/* False: the sentence is the same with model NULL, so nobody need lock it. */
bool sentence_asks_model(const struct event *event);

/* The console's own records: FAILED has data "COMMAND\0MESSAGE\0" and its status in
 * u.reply.status; MATCHED has the bytes as data and their number in u.message.bytes. */

/* "#1", "L1", "W2" or "" : what a text line names first. "" also where the sentence
 * itself begins with it (queue, a black hole). */
void sentence_subject(char buf[static 16], const struct event *event);

#endif
