/* call.h - the arguments of a recorded socket call, as strace(1) prints them. Pure.
 *
 * What a record's plain numbers and data hold:
 *     call                      plain               data
 *     socket                    family, type        -
 *     bind, connect             -                   the address
 *     listen                    backlog             -
 *     accept4                   room, flags         the peer's address
 *     getsockname               room                the address
 *     recvfrom, sendto          size, flags         the first bytes
 *     setsockopt, getsockopt    level, option       the value
 *     shutdown                  how                 -
 * A failed call that would have filled a buffer has the buffer's address as its data. */
#ifndef SOCKDECK_NET_CALL_H
#define SOCKDECK_NET_CALL_H

struct buffer;
struct event;

/* As many bytes of a message as strace shows. */
enum { CALL_SHOWN_BYTES = 32 };

/* Adds what stands between the parentheses. Bytes of peers pass text_render. Arguments
 * that are not known (in progress, or the ring had no room for them) are "...".
 * 0 or -ENOMEM. */
int call_write_arguments(struct buffer *out, const struct event *event);

#endif
