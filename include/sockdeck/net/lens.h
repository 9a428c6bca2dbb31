/* lens.h - the syscall lens: a record of each socket call, made where the call is made.
 *
 * Each thread that makes socket calls has one and lends it to socket.h, which asks it
 * before a call and tells it the outcome. Off, that is one relaxed load of a word that
 * all processes share. Records carry raw arguments; call.h writes them as words when
 * somebody looks. One thread at a time. */
#ifndef SOCKDECK_NET_LENS_H
#define SOCKDECK_NET_LENS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/event/event.h"

struct lens {
    const _Atomic uint32_t *on;         /* 0: off */
    /* Fills in who calls (pid, tid, listener ...) and passes the record on. */
    void (*publish)(struct lens *lens, struct event *event, const void *data, uint32_t n);
    uint32_t conn;              /* whose calls come next, 0: none */
    int64_t stamp_ns;           /* of the last call's record, 0: it was not watched */
};

/* When the call that follows begins; 0: it is not watched. NULL: never watched. */
static inline int64_t
lens_begin(struct lens *lens)
{
    if (lens == NULL)
        return 0;
    lens->stamp_ns = 0;
    if (__builtin_expect(atomic_load_explicit(lens->on, memory_order_relaxed) == 0, 1))
        return 0;
    return clock_mono_ns();
}

/* When the last call returned, or the present where it was not watched: a report of
 * what a call did carries the very stamp of the call's record, which makes them a pair. */
static inline int64_t
lens_returned_ns(const struct lens *lens)
{
    return lens->stamp_ns != 0 ? lens->stamp_ns : clock_mono_ns();
}

/* The same for one that is stamped when it is entered (lens_report); begun_ns: the
 * clock before it. */
static inline int64_t
lens_entered_ns(const struct lens *lens, int64_t begun_ns)
{
    return lens->stamp_ns != 0 ? lens->stamp_ns : begun_ns;
}

/* The call may block from now on. */
void lens_report_entry(struct lens *lens, int64_t begun_ns, const struct event_call *call);
/* The call has returned call->result; n bytes of data are kept, as call.h wants them.
 * Stamped now; but one that the peer may see the effect of before it returns (sendto,
 * shutdown, close) as it was entered: what it causes is then never stamped before it. */
void lens_report(struct lens *lens, int64_t begun_ns, const struct event_call *call,
                 const void *data, size_t n);

#endif
