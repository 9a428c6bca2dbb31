/* ping.c - see ping.h.
 *
 * DESIGN. Each ping of the run has a time and a state in two arrays indexed by
 * seq - 1. Four marks only ever move forward: sent (how many), oldest (the first that
 * no reply has paid), expiring (the first that may still be lost), and replied.
 * No ping or reply contains a 'p' but as its first byte, so after a byte that does
 * not fit the matcher starts over at that byte and needs no memory of earlier ones. */
#include "config.h"

#include "sockdeck/serve/ping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sockdeck/base/clock.h"

enum { HEAD_MAX = 16, PREFIX = 5 };     /* PREFIX: "ping " */

enum ping_state { PING_WAITS, PING_LOST, PING_PAID };

/* How far into a reply the received stream is. */
struct matcher {
    uint32_t at;                /* bytes that fitted so far */
    uint32_t digits_end;        /* where SEQ ended, 0: not yet */
    char head[HEAD_MAX];        /* the first of them */
};

struct ping_run {
    uint32_t request;
    struct request_ping order;
    int64_t next_due_ns;
    uint32_t sent, oldest, expiring, replied, lost;
    bool is_stopped;            /* no more are sent */
    bool is_cancelled;          /* nor waited for */
    struct matcher matcher;
    int64_t *sent_ns;           /* count of them */
    int64_t *rtt_ns;            /* of the replied ones, in order of arrival */
    uint8_t *state;             /* enum ping_state */
};

uint32_t
ping_numbered_size(uint32_t count)
{
    return (uint32_t)snprintf(NULL, 0, "ping %u ", count);
}

bool
ping_order_is_valid(const struct request_ping *order)
{
    return order->count >= 1 && order->count <= PING_COUNT_MAX &&
           (order->size == PING_SIZE_MIN || order->size >= ping_numbered_size(order->count)) &&
           order->size <= PING_SIZE_MAX &&
           order->interval_ns >= 0;
}

struct ping_run *
ping_run_new(uint32_t request, const struct request_ping *order, int64_t now_ns)
{
    struct ping_run *run = calloc(1, sizeof(*run));

    if (run == NULL)
        return NULL;
    run->request = request;
    run->order = *order;
    run->next_due_ns = now_ns;
    run->sent_ns = calloc(order->count, sizeof(*run->sent_ns));
    run->rtt_ns = calloc(order->count, sizeof(*run->rtt_ns));
    run->state = calloc(order->count, sizeof(*run->state));
    if (run->sent_ns == NULL || run->rtt_ns == NULL || run->state == NULL) {
        ping_run_free(run);
        return NULL;
    }
    return run;
}

void
ping_run_free(struct ping_run *run)
{
    if (run == NULL)
        return;
    free(run->sent_ns);
    free(run->rtt_ns);
    free(run->state);
    free(run);
}

/* --- sending ------------------------------------------------------------------ */

static bool
has_more_to_send(const struct ping_run *run)
{
    return !run->is_stopped && run->sent < run->order.count;
}

/* The first bytes of the ping with that seq: at most size of them, no terminator. */
static uint32_t
write_head(char head[static HEAD_MAX], uint32_t seq, uint32_t size)
{
    int n;

    if (size == PING_SIZE_MIN) {
        memcpy(head, "ping", 4);
        return 4;
    }
    n = snprintf(head, HEAD_MAX, "ping %u ", seq);
    return (uint32_t)n < size ? (uint32_t)n : size;
}

bool
ping_run_next(struct ping_run *run, int64_t now_ns, char *out, uint32_t *size)
{
    char head[HEAD_MAX];
    uint32_t n;

    if (!has_more_to_send(run) || now_ns < run->next_due_ns)
        return false;
    run->sent_ns[run->sent] = now_ns;
    run->state[run->sent++] = PING_WAITS;

    /* One that is late by more than an interval does not make the next ones hurry. */
    run->next_due_ns += run->order.interval_ns;
    if (run->next_due_ns < now_ns)
        run->next_due_ns = now_ns + run->order.interval_ns;

    n = write_head(head, run->sent, run->order.size);
    memset(out, '.', run->order.size);
    memcpy(out, head, n);
    *size = run->order.size;
    return true;
}

int64_t
ping_run_deadline(const struct ping_run *run, bool can_send)
{
    int64_t deadline = CLOCK_NEVER;

    if (run->expiring < run->sent && run->is_cancelled)
        return 0;
    if (run->expiring < run->sent && run->order.wait_ns >= 0)
        deadline = run->sent_ns[run->expiring] + run->order.wait_ns;
    if (can_send && has_more_to_send(run) && run->next_due_ns < deadline)
        deadline = run->next_due_ns;
    return deadline;
}

/* --- replies ------------------------------------------------------------------ */

static bool
fits_short(const struct matcher *m, char c)
{
    switch (m->at) {
    case 0: return c == 'p';
    case 1: return c == 'i' || c == 'o';
    case 2: return c == 'n';
    default: return c == 'g';
    }
}

/* "ping SEQ " and then the padding. */
static bool
fits_long(struct matcher *m, char c)
{
    if (m->at < PREFIX)
        return c == "ping "[m->at];
    if (m->digits_end != 0)
        return c == '.';
    if (c == ' ' && m->at > PREFIX) {
        m->digits_end = m->at;
        return true;
    }
    return c >= '0' && c <= '9' && m->at < HEAD_MAX - 1;
}

/* Takes one byte; true when it completes a reply of size bytes. */
static bool
match_byte(struct matcher *m, char c, uint32_t size)
{
    bool fits = size == PING_SIZE_MIN ? fits_short(m, c) : fits_long(m, c);

    if (!fits) {
        *m = (struct matcher) { 0 };
        if (c != 'p')
            return false;
    }
    if (m->at < HEAD_MAX)
        m->head[m->at] = c;
    return ++m->at == size;
}

/* Which ping the reply just matched names, counted from 0; sent: none of them.
 * One of size 4 names none: it is for the oldest. */
static uint32_t
ping_of_reply(const struct ping_run *run)
{
    const struct matcher *m = &run->matcher;
    char head[HEAD_MAX];
    uint64_t seq = 0;
    uint32_t n;

    if (run->order.size == PING_SIZE_MIN)
        return run->oldest;
    for (uint32_t i = PREFIX; i < m->digits_end; i++)
        seq = seq * 10 + (uint64_t)(m->head[i] - '0');
    if (seq < 1 || seq > run->sent)
        return run->sent;
    n = write_head(head, (uint32_t)seq, run->order.size);
    return memcmp(head, m->head, n) == 0 ? (uint32_t)seq - 1 : run->sent;
}

/* True when there is an outcome to report: a ping that is lost already was. */
static bool
pay(struct ping_run *run, uint32_t index, int64_t now_ns, struct ping_outcome *outcome)
{
    bool was_waiting;

    if (index >= run->sent || run->state[index] == PING_PAID)
        return false;
    was_waiting = run->state[index] == PING_WAITS;
    run->state[index] = PING_PAID;
    while (run->oldest < run->sent && run->state[run->oldest] == PING_PAID)
        run->oldest++;
    while (run->expiring < run->sent && run->state[run->expiring] != PING_WAITS)
        run->expiring++;
    if (!was_waiting)
        return false;
    outcome->seq = index + 1;
    outcome->rtt_ns = now_ns - run->sent_ns[index];
    run->rtt_ns[run->replied++] = outcome->rtt_ns;
    return true;
}

size_t
ping_run_receive(struct ping_run *run, const char *data, size_t n, int64_t now_ns,
                 struct ping_outcome *list, size_t max, size_t *used)
{
    size_t found = 0, i;

    for (i = 0; i < n && found < max; i++) {
        if (run->oldest == run->sent) {     /* nothing is unanswered: these are no reply */
            run->matcher = (struct matcher) { 0 };
            i = n;
            break;
        }
        if (!match_byte(&run->matcher, data[i], run->order.size))
            continue;
        found += pay(run, ping_of_reply(run), now_ns, &list[found]);
        run->matcher = (struct matcher) { 0 };
    }
    *used = i;
    return found;
}

size_t
ping_run_expire(struct ping_run *run, int64_t now_ns, struct ping_outcome *list, size_t max)
{
    size_t found = 0;

    while (found < max && run->expiring < run->sent) {
        uint32_t index = run->expiring;

        if (run->state[index] == PING_WAITS) {
            if (!run->is_cancelled && (run->order.wait_ns < 0 ||
                                       now_ns < run->sent_ns[index] + run->order.wait_ns))
                break;
            run->state[index] = PING_LOST;
            run->lost++;
            list[found++] = (struct ping_outcome) { .seq = index + 1, .rtt_ns = -1 };
        }
        run->expiring++;
    }
    return found;
}

/* --- the end ------------------------------------------------------------------ */

bool
ping_run_is_over(const struct ping_run *run)
{
    return !has_more_to_send(run) && run->replied + run->lost == run->sent;
}

void
ping_run_stop(struct ping_run *run)
{
    run->is_stopped = true;
}

void
ping_run_cancel(struct ping_run *run)
{
    run->is_stopped = true;
    run->is_cancelled = true;
}

static int
compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The nearest rank: the smallest value that percent of all do not exceed. */
static int64_t
percentile(const int64_t *sorted, uint32_t n, uint32_t percent)
{
    return sorted[((uint64_t)n * percent + 99) / 100 - 1];
}

void
ping_run_summary(const struct ping_run *run, struct ping_summary *summary)
{
    uint32_t n = run->replied;
    int64_t sum = 0;

    *summary = (struct ping_summary) {
        .sent = run->sent, .replied = n, .lost = run->lost, .request = run->request,
        .min_ns = -1, .avg_ns = -1, .p50_ns = -1, .p99_ns = -1, .max_ns = -1,
    };
    if (n == 0)
        return;
    qsort(run->rtt_ns, n, sizeof(*run->rtt_ns), compare_times);
    for (uint32_t i = 0; i < n; i++)
        sum += run->rtt_ns[i];
    summary->min_ns = run->rtt_ns[0];
    summary->avg_ns = sum / n;
    summary->p50_ns = percentile(run->rtt_ns, n, 50);
    summary->p99_ns = percentile(run->rtt_ns, n, 99);
    summary->max_ns = run->rtt_ns[n - 1];
}

uint32_t
ping_run_request(const struct ping_run *run)
{
    return run->request;
}

const struct request_ping *
ping_run_order(const struct ping_run *run)
{
    return &run->order;
}
