/* rounds.c - a change that is told to several hosts, until all of them have it: only then is
 * the request replied to, so that what follows finds it done.
 *
 * It goes to the hosts under a number of its own. A host replies with EVENT_LAST and, as
 * object, how many further replies follow for it (of settings: one from each connection, or
 * from the process of one); all together are counted. A host blocked in accept is
 * interrupted until it has replied; one that cannot (it died) is not waited for longer than
 * GIVE_UP_NS. */
#include "config.h"

#include "engine_private.h"

#include <stdlib.h>

#include "sockdeck/base/clock.h"
#include "sockdeck/base/status.h"

#define GIVE_UP_NS (500 * NS_PER_MS)

struct round {
    struct timer give_up;       /* first: the timer casts back */
    uint32_t number;            /* the request id that hosts see */
    uint32_t request;           /* the one that is replied to at the end */
    uint32_t object;            /* what the reply names */
    uint32_t hosts;             /* that have not replied yet */
    int64_t left;               /* replies that are still to come, as far as known */
    UT_hash_handle hh;
};

static void
finish(struct engine *engine, struct round *round)
{
    requests_reply(engine, round->request, 0, round->object, STATUS_OK, "%s", "");
    reactor_set_timer(engine, &round->give_up, CLOCK_NEVER);
    HASH_DEL(engine->rounds, round);
    free(round);
}

static void
give_up(struct engine *engine, struct timer *timer, int64_t now_ns)
{
    (void)now_ns;
    finish(engine, (struct round *)(void *)timer);
}

struct round *
round_open(struct engine *engine, uint32_t request, uint32_t object)
{
    struct round *round = calloc(1, sizeof(*round));

    if (round == NULL)
        abort();
    round->give_up.fire = give_up;
    round->number = 1 + atomic_fetch_add(&engine->next_request, 1);
    round->request = request;
    round->object = object;
    HASH_ADD(hh, engine->rounds, number, sizeof(round->number), round);
    return round;
}

void
round_tell(struct engine *engine, struct round *round, struct host_control *h,
           const struct request *request)
{
    struct request copy = *request;

    /* A stopped one finds it when it goes on; nobody waits for that. */
    copy.id = h->is_stopped ? 0 : round->number;
    copy.conn = 0;
    host_control_send(engine, h, &copy, NULL);
    if (h->is_stopped)
        return;
    h->round = round->number;
    round->hosts++;
    round->left++;
    host_control_interrupt(engine, h);
    host_control_await(engine, h);
}

bool
round_is_open(struct engine *engine, uint32_t number)
{
    struct round *round;

    HASH_FIND(hh, engine->rounds, &number, sizeof(number), round);
    return round != NULL;
}

void
round_close(struct engine *engine, struct round *round)
{
    if (round->hosts == 0)
        finish(engine, round);
    else
        reactor_set_timer(engine, &round->give_up, clock_mono_ns() + GIVE_UP_NS);
}

/* The children of a forking host carry its number too: the pid tells them apart. */
static bool
is_of_host(const struct host_control *h, const struct event *event)
{
    return (event->flags & EVENT_LAST) != 0 && (h->pid <= 0 || h->pid == event->pid);
}

bool
rounds_apply(struct engine *engine, const struct event *event)
{
    struct host_control *h = host_control_find(engine, event->host);
    struct round *round;

    HASH_FIND(hh, engine->rounds, &event->u.reply.request, sizeof(round->number), round);
    if (round == NULL)
        return false;
    round->left += (int64_t)event->u.reply.object - 1;
    if (h != NULL && is_of_host(h, event)) {
        h->round = h->round == round->number ? 0 : h->round;
        round->hosts--;
    }
    if (round->hosts == 0 && round->left <= 0)
        finish(engine, round);
    return true;
}

void
rounds_free_all(struct engine *engine)
{
    struct round *round, *next;

    HASH_ITER(hh, engine->rounds, round, next) {
        HASH_DEL(engine->rounds, round);
        free(round);
    }
}
